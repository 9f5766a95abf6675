"""Nothing that came from outside runs, and nothing goes out: a real browser, every page, behind a proxy that counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.routing import Route

from amity.app import (
    aliases,
    discretion,
    encounters,
    entries,
    errands,
    facts,
    goals,
    introductions,
    ledger,
    people,
    tokens,
)
from amity.errors import AmityError

playwright = pytest.importorskip("playwright.sync_api")

# What has run in pages before: tags, attributes, addresses, templates, broken nesting, styles, Markdown, other scripts.
# Sources: OWASP's XSS filter evasion cheat sheet, PortSwigger's cheat sheet, html5sec.org.
CORPUS = (
    "<script>window.hurt=1</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    '"><img src=x onerror="window.hurt=1">',
    "'><svg/onload=window.hurt=1>",
    "</title></textarea></style></script><svg onload=window.hurt=1>",
    "javascript:window.hurt=1",
    "JaVa\tScRiPt:window.hurt=1//",
    "data:text/html,<script>window.hurt=1</script>",
    "[click](javascript:window.hurt=1) ![x](https://evil.example/x.png)",
    "<https://evil.example/> <javascript:window.hurt=1>",
    '<a href="https://evil.example/" autofocus onfocus=window.hurt=1 tabindex=1>x</a>',
    "<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.hurt=1>",
    "<style>@import '//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css><base href=//evil.example/>",
    '<meta http-equiv=refresh content="0;url=//evil.example/">',
    "<form action=//evil.example/><button autofocus>x</button></form>",
    "{{ 7 * '7' }}{% include '/etc/passwd' %}${7*7}",
    "'-window.hurt=1-'\";window.hurt=1;//",
    "<div hx-get='//evil.example/' hx-trigger=load hx-on:load='window.hurt=1'>x</div>",
    "&lt;script&gt;window.hurt=1&lt;/script&gt;&#x3c;img src=x onerror=window.hurt=1&#x3e;",
    "\u202e<img src=x onerror=window.hurt=1>\u2066\ufeff",
    "＜script＞window.hurt=1＜/script＞ \ufe64img src=x onerror=window.hurt=1\ufe65",
    "<noscript><p title='</noscript><img src=x onerror=window.hurt=1>'>",
)
FILES = ("<img src=x onerror=window.hurt=1>.html", "'><svg onload=window.hurt=1>.svg", "<script>window.hurt=1.png")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (40).to_bytes(4) * 2 + bytes(9)
HEADER = "when,channel,from,to,cc,subject,depth,minutes,id\n"
FIELDS = ("note", "organisation", "title", "place", "offer", "need", "spouse", "url", "worry", "like")


def bare(text: str) -> str:
    """Return what an address line can carry of a text."""
    return re.sub(r'[<>";,:\\@()\r\n\t]', " ", text)


@pytest.fixture
def hostile(build_house):
    """Build a house in which every text is hostile: those of sources, those the owner says, those programs send."""
    rows, cards = [], []
    for place, text in enumerate(CORPUS):
        cell = text.replace('"', '""')
        named = bare(text).replace('"', "")
        for day in range(1, 7):
            rows.append(f'1895-0{day}-0{place % 9 + 1},mail,"{named} <x{place}@y.example>",me@z.example,,"{cell}",,,\n')
            rows.append(f'1895-0{day}-1{place % 9 + 1},letter,me@z.example,"x{place}@y.example",,"{cell}",,,{place}\n')
        both = f"x{place}@y.example; x{(place + 1) % len(CORPUS)}@y.example"
        rows.append(f'1895-09-20,meeting,"{both}",me@z.example,,"{cell}",,,\n')
        raw = text.replace("\\", r"\\").replace(",", r"\,").replace(";", r"\;").replace("\t", " ")
        cards.append(
            f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{raw}\r\nNICKNAME:{raw}\r\nORG:{raw};{raw}\r\nTITLE:{raw}\r\n"
            f"NOTE:{raw}\r\nCATEGORIES:{raw}\r\nADR:;;{raw};{raw};;;{raw}\r\nBDAY;VALUE=text:{raw}\r\nURL:{raw}\r\n"
            f"RELATED;VALUE=text:{raw}\r\nEMAIL:x{place}@y.example\r\nTEL:+4315550{place:03}\r\nEND:VCARD\r\n"
        )
    broken = "Date,Time,Number,Name,Type,Duration\n" + "".join(
        f'"{text.replace(chr(34), chr(34) * 2)}",18:30,+47221234{place:02},x,Outgoing,1\n'
        for place, text in enumerate(CORPUS)
    )
    house = build_house(hostile_vcf="".join(cards), hostile_csv=HEADER + "".join(rows), broken_csv=broken)
    with closing((desk := house.open_desk()).database):
        people.set_me(desk, add=["me@z.example"])
        who = [one.id for one in people.find(desk, "y.example", limit=100).people]
        assert len(who) >= len(CORPUS) - 2
        say(desk, who)
        room = house.folder / "hostile"
        room.mkdir()
        kept = [attached_to(desk, person, room / name) for person, name in zip(who, FILES, strict=False)]
        aims = [line.id for line in goals.list_(desk)]
        events = [line.id for line in encounters.list_(desk).events]
    assert min(len(aims), len(events)) > 9
    return house, {"{person}": who, "{goal}": aims[:9], "{event}": events[:9], "{person}/{fact}": kept}


def attached_to(desk, person: str, file: Path) -> str:
    """Attach a file, an image as a photo; return where it is told from, as its route is written."""
    photo = file.suffix == ".png"
    file.write_bytes(PNG if photo else b"<script>window.hurt=1</script>")
    fact = facts.attach(desk, person, file, photo=photo)
    return f"{person}/{'photos' if photo else 'files'}/{fact.id}"


def say(desk, who: list[str]) -> None:
    """Say all that an owner or a program can say in hostile words; what is refused cannot hurt."""
    for place, (text, person, beside) in enumerate(zip(CORPUS, who, who[1:] + who[:1], strict=False)):
        for attempt in sayings(desk, place, text, person, beside):
            with suppress(AmityError):
                attempt()


def sayings(desk, place: int, text: str, person: str, beside: str) -> list[Callable[[], object]]:
    day = f"1895-09-{place % 28 + 1:02}"
    return [
        *(partial(facts.tell, desk, person, field, text, source=text) for field in FIELDS),
        lambda: facts.define(desk, text[:100], text),
        lambda: facts.tell(desk, person, text[:100].casefold(), text, label=text),
        lambda: facts.tell(desk, person, "group", text),
        lambda: aliases.call(desk, person, text),
        lambda: entries.note(desk, "gift", [person], text, sort="idea", on=day),
        lambda: entries.note(desk, "ask", [person], text, by="them"),
        lambda: entries.note(desk, "promise", [person], text, status="open"),
        lambda: ledger.log(desk, f"coffee with {person} about {text}"),
        lambda: goals.aim(desk, goals.add(desk, text, "1896-03-01", text, [text]).id, [person], [text]),
        lambda: encounters.open_(desk, text, day, text),
        lambda: introductions.propose(desk, person, beside, text, for_one=text, for_other=text),
        lambda: tokens.mint(desk, text.replace("\t", " "), ()),
        lambda: errands.ask(desk, "ledger.log", {"sentence": text, text: text}),
        lambda: discretion.hide(desk, person, hidden=place % 5 == 0),
    ]


def pages_of(house, held: dict[str, list[str]]) -> list[str]:
    """Return every address that the pages have, people, goals and events filled in, hostile questions as well."""
    app = house.client().app
    found = set()
    for route in app.routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            path = re.sub(r":\w+}", "}", route.path)
            names = re.findall(r"{\w+}", path)
            if names == ["{person}", "{fact}"]:
                found |= {f"/people/{one}" for one in held["{person}/{fact}"]}
                continue
            for one in held.get(names[0], []) if names else [""]:
                found.add(path.replace(names[0], one) if names else path)
    asked = ("/people?q=", "/paths?to=", "/paths?field=", "/asks?to=", "/ledger?person=", "/mirror?figure=", "/?who=")
    found |= {address + quote(text) for address in asked for text in CORPUS[:6]}
    return sorted(found)


def test_nothing_runs_and_nothing_goes_out_on_any_page(browser, hostile, serve):
    """Names, notes, subjects, organisations, own fields, gifts, goals, events, tokens, errands: text on every page."""
    house, held = hostile
    pages = pages_of(house, held)
    assert len(pages) > 100
    with serve(house) as address:
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        said, asked = [], []
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        # The style of the page that the browser itself makes for an image is refused too, and it says so.
        page.on(
            "console",
            lambda message: (
                said.append((page.url, message.text)) if harmful(message.text) and "/photos/" not in page.url else None
            ),
        )
        page.on("pageerror", lambda error: said.append((page.url, str(error))))
        context.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/#token={house.keys.link}")
        page.wait_for_selector("nav[aria-label=Main]")
        downloads, whole = [], 0
        for path in pages:
            try:
                answer = page.goto(address + path, wait_until="load")
            except playwright.Error as error:
                if "Download is starting" not in str(error):
                    raise
                downloads.append(path)
                continue
            assert answer.status in (200, 404, 422), path
            whole += answer.status == 200
            page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            assert page.url.startswith(address), path
            assert page.evaluate("window.hurt === undefined"), path
            if not answer.headers["content-type"].startswith("image/"):  # which the browser puts on a page of its own
                assert page.evaluate(STRAYS) == [], path
        assert whole + len(downloads) > len(pages) - 3
        assert all(".csv" in path or ".svg" in path or "/files/" in path for path in downloads), downloads
        assert sum("/files/" in path for path in downloads) == 2
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def harmful(message: str) -> bool:
    """Tell whether the console speaks of more than an address that answered with an error."""
    return "Failed to load resource: the server responded" not in message


# Elements and attributes that no template of ours writes: where one stands, a text became markup.
STRAYS = """() => [...document.querySelectorAll(
    "iframe, object, embed, base, math, noscript p, form[action^='//'], [srcdoc], [onerror], [onload], [onfocus],"
    + " link[href*='evil'], script:not([src^='/static/']), meta[http-equiv], img[src^='http'],"
    + " a[href^='javascript' i], a[href^='data:' i], [hx-get^='//']"
)].map((one) => one.outerHTML.slice(0, 200))"""


def test_file_names_are_text_wherever_they_stand(browser, a_house, serve):
    with serve(a_house) as address:
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(f"{address}/#token={a_house.keys.link}")
        page.wait_for_selector("nav[aria-label=Main]")
        for text in CORPUS[:4]:
            page.goto(f"{address}/sources")
            page.set_input_files("#files", {"name": f"{text}.csv", "mimeType": "text/html", "buffer": text.encode()})
            page.get_by_role("button", name="Read them").click()
            page.wait_for_url("**/sources/import")
            page.wait_for_selector("h1")
            for path in ("/sources/import", "/sources", "/sources/troubles", "/history"):
                page.goto(address + path)
                assert page.evaluate("window.hurt === undefined"), (text, path)
                assert page.evaluate(STRAYS) == [], (text, path)
        page.context.close()


def test_the_proxy_would_have_seen_it(browser):
    """A request to anywhere else does arrive at the proxy, so that a count of zero means something."""
    before = len(browser.proxy.asked)
    context = browser.new_context(reduced_motion="reduce")
    with pytest.raises(playwright.Error):
        context.new_page().goto("https://evil.example/x.js")
    context.close()
    assert set(browser.proxy.asked[before:]) == {b"CONNECT evil.example:443 HTTP/1.1"}
    del browser.proxy.asked[before:]
