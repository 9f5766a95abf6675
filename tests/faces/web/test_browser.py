"""The pages in a real browser: what an owner does, in both themes, on a telephone and on a wide screen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from amity.faces.web.pages import find
from tests.faces.web.chromium import Visit

PAGES = (
    *("/", "/people", "/machines", "/sources", "/sources/troubles", "/history", "/find?q=ho", "/keys", "/log", "/more"),
    *(
        "/welcome/you",
        "/welcome/few",
        "/welcome/closer",
        "/settings",
        "/gallery",
        "/offline",
        "/people?segment=critical",
    ),
)
SHEETS = {"Control+k": "palette", "?": "keys", "l": "quick"}
SCREENSHOTS = os.environ.get("AMITY_SCREENSHOTS")
AXE = os.environ.get("AMITY_AXE")


def test_the_link_lets_in_and_leaves_no_trace_in_the_address(visit):
    assert visit.page.url == visit.address + "/"
    assert visit.page.locator("h1").inner_text() == "Tuesday, 1 October 1895"
    assert visit.page.evaluate("document.cookie") == "", "no script can read the cookie"
    assert visit.page.locator(".card").count() >= 3


def test_a_suggestion_is_done_and_brought_back(visit):
    page = visit.page
    card = page.locator(".card").first
    name = card.locator("h2").inner_text()
    card.get_by_text("Why this?").click()
    assert card.locator("dl").is_visible()
    card.get_by_role("button", name="Copy").click()
    card.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == card.locator(".opener p").inner_text()
    card.get_by_role("button", name="Done").click()
    page.get_by_role("status").get_by_text(f"Done: {name}").wait_for()
    assert name not in page.locator(".card h2").all_inner_texts()
    assert "change=" not in page.url, "a reload says nothing twice"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("status").get_by_text("Took back").wait_for()
    assert name in page.locator(".card h2").all_inner_texts()


def test_what_is_logged_stands_on_the_timeline(visit):
    page = visit.page
    page.keyboard.press("l")
    page.keyboard.type("coffee with Hermann Bahr yesterday")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("30 September 1895").wait_for()
    page.get_by_role("link", name="Open their page").click()
    page.wait_for_url("**/people/p*")
    assert page.locator("h1").inner_text() == "Hermann Bahr"
    line = page.locator(".timeline li", has_text="coffee")
    assert "30 September" in line.inner_text()
    assert "You met" in line.inner_text()
    visit.go("/history")
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("status").get_by_text("Took back").wait_for()
    visit.go(visit.person("Hermann Bahr"))
    assert page.locator(".timeline li", has_text="coffee").count() == 0


def test_people_are_found_while_typing(visit):
    page = visit.page
    visit.go("/people")
    page.keyboard.press("/")
    page.keyboard.type("hofmannst")
    page.get_by_text("for “hofmannst”").wait_for()
    assert "Hugo von Hofmannsthal" in page.locator(".who a").all_inner_texts()
    assert page.url.endswith("/people?q=hofmannst")
    assert page.locator("#q").input_value() == "hofmannst", "the field is left alone"
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.get_by_text("the strongest ties first").wait_for()


def test_the_pages_work_by_keyboard_alone(visit):
    page = visit.page
    visit.go("/people")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/p*")


def test_everything_is_a_few_keys_away(visit):
    page = visit.page
    visit.go("/history")
    page.keyboard.press("Control+k")
    page.keyboard.type("hofmannst")
    page.get_by_role("option", name="Hugo von Hofmannsthal").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/p*")
    assert page.locator("h1").inner_text() == "Hugo von Hofmannsthal"
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/sources")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.get_by_role("option", name="Today Whom to think of today.").wait_for()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    visit.go("/people")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first
    page.keyboard.press("Enter")
    page.wait_for_url(first)


def test_a_line_is_logged_from_a_page_and_undone_by_a_key(visit):
    page = visit.page
    visit.go("/review")
    page.keyboard.press("l")
    page.keyboard.type("coffee with Hermann Bahr yesterday")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("30 September 1895").wait_for()
    assert urlsplit(page.url).path == "/review"
    page.keyboard.press("u")
    page.get_by_role("status").get_by_text("Took back").wait_for()


def test_what_the_keys_do_is_done_without_a_script_too(browser, served):
    address, house = served
    first = Visit(browser, address, house)
    state = first.context.storage_state()
    first.context.close()
    context = browser.new_context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Find people, pages and actions").click()
    page.get_by_role("searchbox").fill("bahr")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Hermann Bahr").click()
    assert page.locator("h1").inner_text() == "Hermann Bahr"
    page.goto(address + "/find?q=log")
    page.get_by_role("link", name="Log whom you saw").click()
    page.get_by_role("textbox").fill("coffee with Hermann Bahr")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Undo").click()
    assert "Took back" in page.get_by_role("status").inner_text()
    context.close()


def test_pages_are_read_and_lines_wait_while_amity_does_not_run(browser, a_house, serve):
    with serve(a_house) as address:
        visit = Visit(browser, address, a_house)
        page = visit.page
        visit.go("/settings")
        page.get_by_role("button", name="Open without Amity running").click()
        page.get_by_text("It does, in this browser.").wait_for()
        for path in ("/", "/people", "/history"):
            visit.go(path)
        kept = "caches.open('amity-copies').then((kept) => kept.keys()).then((all) => all.map((one) => one.url))"
        assert sorted(urlsplit(url).path for url in page.evaluate(kept)) == ["/", "/people"]
        visit.go("/")
        card = page.locator(".card h2").first.inner_text()
    visit.said.clear()
    visit.go("/")
    page.get_by_text("Amity is not running. This is how the page stood on").wait_for()
    assert page.locator(".card h2").first.inner_text() == card
    assert page.locator("input[name=csrf]").first.input_value() == ""
    assert not page.get_by_role("button", name="Done").first.is_visible()
    page.keyboard.press("l")
    page.keyboard.type("coffee with Hermann Bahr")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("It waits here until Amity runs: 1 in all.").wait_for()
    visit.go("/history")
    page.get_by_role("heading", name="Amity is not running").wait_for()
    page.get_by_text("coffee with Hermann Bahr").wait_for()
    page.locator("#copies").get_by_role("link", name="Tuesday, 1 October 1895").or_(
        page.locator("#copies").get_by_role("link", name="Today")
    ).wait_for()
    with serve(a_house, int(urlsplit(address).port)):
        visit.said.clear()
        visit.go("/history")
        page.get_by_role("status").get_by_text("The line that waited is kept.").wait_for()
        visit.go("/history")
        page.locator(".history").get_by_text("Meeting with Hermann Bahr (coffee)").wait_for()
        assert page.evaluate("localStorage.length") == 0
        visit.go("/settings")
        page.get_by_role("button", name="No longer, and take the copies away").click()
        page.get_by_text("It does not, in this browser.").wait_for()
        assert page.evaluate("caches.keys()") == []
        visit.context.close()
    assert not visit.said


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_is_wider_than_a_telephone(visit, theme):
    page = visit.page
    who = visit.person("Hofmannsthal")
    page.emulate_media(color_scheme=theme)
    grounds = set()
    for path in (*PAGES, who):
        for width in (360, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            visit.go(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 1
    assert (grounds == {"rgb(27, 25, 23)"}) == (theme == "dark")


def test_german_fits_a_telephone_and_scripts_speak_it(visit):
    page = visit.page
    who = visit.person("Hofmannsthal")
    page.set_extra_http_headers({"accept-language": "de"})
    page.set_viewport_size({"width": 360, "height": 800})
    for path in {*PAGES, *(address for address, _, _ in find.pages()), who}:
        visit.go(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("document.documentElement.lang") == "de"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    visit.go("/")
    page.get_by_role("button", name="Kopieren").first.click()
    page.get_by_text("Kopiert", exact=True).wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("qqqq")
    page.get_by_text("Hier heißt nichts so.").wait_for()


def violations(page) -> list[object]:
    """Return what axe finds on the page as it stands."""
    page.evaluate(Path(AXE or "").read_text(encoding="utf-8"))
    return page.evaluate("axe.run().then(result => result.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")


HOSTILE = "<img src=x onerror=window.hurt=1>.csv"
HOSTILE_ROWS = (
    "Date,Time,Number,Name,Type,Duration\n"
    "1895-02-03,18:30,+4722123456,Kim Lund,Outgoing,125\n"
    "<script>window.hurt=1</script>,18:30,+4722123456,Kim Lund,Incoming,60\n"
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_files_are_chosen_read_and_told_of(visit, theme):
    page = visit.page
    page.emulate_media(color_scheme=theme)
    visit.go("/")
    page.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Sources").click()
    page.get_by_text("contacts.vcf").wait_for()
    page.set_input_files("#files", {"name": HOSTILE, "mimeType": "text/csv", "buffer": HOSTILE_ROWS.encode()})
    assert page.locator("#chosen").inner_text() == f"{HOSTILE}, 0.2 kB"
    page.get_by_role("button", name="Read them").click()
    page.get_by_role("heading", name="What came of it").wait_for()
    assert page.url.endswith("/sources/import")
    assert page.locator("h1").inner_text() == "1 new"
    assert "2 read: 1 new, 1 set aside" in page.locator(".report").inner_text()
    assert "arthur.schnitzler@letters.example" in page.locator(".mine").inner_text()
    page.get_by_role("link", name="See what and why").click()
    assert page.locator("h2").inner_text().startswith("_img src=x onerror=window.hurt=1_.csv")
    page.get_by_text("The raw record").click()
    assert page.locator("pre").inner_text().startswith("<script>window.hurt=1</script>,18:30")
    assert page.get_by_role("button", name="Retry").count() == 0, "what was uploaded is not kept"
    if AXE:
        for path in ("/sources", "/sources/import", "/sources/troubles"):
            visit.go(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            assert not violations(page), path
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/sources", "/sources/import", "/sources/troubles"):
            visit.go(path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            assert page.evaluate("window.hurt === undefined")


def test_what_is_put_right_is_read_on_a_retry(browser, tmp_path, build_house, serve):
    house = build_house(calls_csv=HOSTILE_ROWS)
    with serve(house) as address:
        visit = Visit(browser, address, house)
        visit.go("/sources/troubles")
        assert visit.page.locator(".aside li").count() == 1
        fixed = HOSTILE_ROWS.replace("<script>window.hurt=1</script>", "1895-03-04")
        (tmp_path / "calls.csv").write_text(fixed, encoding="utf-8")
        visit.page.get_by_role("button", name="Retry calls.csv").click()
        visit.page.get_by_role("heading", name="1 new").wait_for()
        visit.go("/sources/troubles")
        visit.page.get_by_text("Nothing was set aside").wait_for()
        visit.context.close()
    assert not visit.said


def test_files_are_dropped_anywhere_and_a_fault_is_told_on_the_page(visit):
    page = visit.page
    visit.go("/sources")
    drop = """(name) => {
        const carried = new DataTransfer();
        carried.items.add(new File(["nothing that anybody can read"], name));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(drop, "what.bin")
    assert page.locator("#chosen").inner_text().startswith("what.bin")
    assert page.evaluate("document.activeElement.textContent") == "Read them"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="That could not be read").wait_for()
    assert "say so under “More”" in page.locator(".notice").inner_text()


def test_hostile_texts_lie_still(browser, poisoned, serve):
    house, paths, _ = poisoned
    with serve(house) as address:
        visit = Visit(browser, address, house)
        for path in paths:
            visit.go(path)
            assert visit.page.evaluate("window.hurt === undefined"), path
        visit.go("/people")
        visit.page.fill("#q", "window.hurt")
        visit.page.get_by_text("for “window.hurt”").wait_for()
        assert visit.page.evaluate("window.hurt === undefined")
        visit.context.close()
    assert not visit.said
    assert {urlsplit(url).hostname for url in visit.requests} == {"127.0.0.1"}


@pytest.mark.skipif(not AXE, reason="AMITY_AXE names no axe.min.js (npm pack axe-core)")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_sheets(visit, theme, width):
    page = visit.page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    for pressed, sheet in SHEETS.items():
        visit.go("/review")
        page.keyboard.press(pressed)
        page.locator(f"#{sheet}").wait_for()
        assert not violations(page), sheet


PICTURES = {"today": "/", "sources": "/sources", "gallery": "/gallery"}


@pytest.mark.skipif(not SCREENSHOTS, reason="AMITY_SCREENSHOTS names no folder to write pictures to")
def test_pictures_for_the_docs(visit):
    folder = Path(SCREENSHOTS or "")
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in PICTURES.items():
        visit.page.set_viewport_size({"width": 1200, "height": 1250})
        visit.go(path)
        # The folder of a test is nobody's home.
        visit.page.evaluate(
            "document.querySelectorAll('.sources .who .faint').forEach((one) => (one.textContent = '~/papers'))"
        )
        visit.page.screenshot(path=folder / f"{name}-light.png")


def test_the_house_prints_its_link_and_leaves_when_told(demo, browser):
    program = (
        "import sys; from pathlib import Path; from amity.app.desk import Desk; from amity.demo import life\n"
        "from amity.faces import house; from amity.store.db import open_vault\n"
        "house.serve(lambda: Desk(open_vault(Path(sys.argv[1])), life.TODAY, 0), port=0, open_browser=False)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(demo)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            link = running.stderr.readline().split()[-1]
            page = browser.new_context().new_page()
            page.goto(link)
            page.wait_for_selector("nav[aria-label=Main]")
            page.close()
        finally:
            running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=10)
    assert link.startswith("http://127.0.0.1:")
    assert not out
    assert "For another one: http://127.0.0.1:" in err
    assert "Traceback" not in err


def test_somebody_is_dragged_among_the_few_and_a_face_into_a_ring(visit):
    visit.page.set_viewport_size({"width": 1280, "height": 1600})
    visit.go("/circles")
    card = visit.page.locator("section[aria-labelledby=edge] .held").first
    name = card.locator(".who a").inner_text()
    card.drag_to(visit.page.locator("#few"))
    visit.page.wait_for_selector(".toast")
    assert f"{name}: pin critical" in visit.page.locator(".toast").inner_text()
    assert name in visit.page.locator("section[aria-labelledby=few]").inner_text()
    face = visit.page.locator(".faces .face").first
    name = face.locator("a").inner_text()
    face.drag_to(visit.page.locator("[data-ring=middle]"))
    visit.page.locator("[data-ring=middle]").get_by_text(name).wait_for()
