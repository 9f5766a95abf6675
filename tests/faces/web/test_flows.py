"""What an owner does on every page, in a real browser: in a life of ordinary size and in one of ten thousand people.

Each flow runs in both themes, on a telephone and on a wide screen, and ends where its trace is seen on a page.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from amity.app import plan, settings
from amity.app.desk import Desk
from amity.demo import life
from amity.store.db import open_vault
from tests.faces.web.chromium import Visit
from tests.faces.web.conftest import HEADER, NOW, OWNER, House, make_vault, serving

SCREENS = (("demo", 1280, "light"), ("demo", 360, "dark"), ("town", 1280, "dark"), ("town", 360, "light"))
KNOWN = {"demo": ("Hermann Bahr", "Georg Brandes"), "town": ("Babba Bagu", "Babba Bako")}
PEOPLE, NEIGHBOURS = 10_000, 40
SYLLABLES = ("ba", "do", "fi", "gu", "ko", "le", "mi", "nu", "pa", "ro")
Flow = Callable[[Visit, str, str], None]
FLOWS: list[Flow] = []


def called(number: int) -> str:
    """Return the name of one of the town's people, which nobody else there bears."""
    first, last = ("".join(SYLLABLES[int(digit)] for digit in f"{part:02}") for part in divmod(number, 100))
    return f"{first[:3]}{first[2:]} {last}".title()


def flow(does: Flow) -> Flow:
    FLOWS.append(does)
    return does


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a vault of ten thousand people, most of them met once in a mail, forty of them again and again."""
    place = tmp_path_factory.mktemp("town")
    rows = []
    for number in range(PEOPLE):
        who = f"{called(number)} <i{number}@town.example>"
        for turn in range(12 if number < NEIGHBOURS else 1):
            day = f"1895-{turn % 9 + 1:02}-{number % 28 + 1:02}"
            ends = f"{who},{OWNER}" if turn % 2 else f"{OWNER},{who}"
            rows.append(f"{day},{'meeting' if turn % 3 == 2 else 'letter'},{ends},,About {number},,,\n")
    file = place / "town.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    vault = make_vault(place / "vault", [file])
    desk = settings.applied(Desk(open_vault(vault), life.TODAY, NOW))
    plan.today(desk)
    desk.database.close()
    return vault


@pytest.fixture(scope="module", params=SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def stay(request: pytest.FixtureRequest, opened, tmp_path_factory) -> Iterator[tuple[Visit, str, str]]:
    """Yield a visit of a vault on one screen, and two people there."""
    name, width, theme = request.param
    vault = request.getfixturevalue(name)
    house = House(Path(shutil.copytree(vault, tmp_path_factory.mktemp("stay") / "vault")))
    with serving(house) as address:
        visit = Visit(opened, address, house, width, theme)
        yield visit, *KNOWN[name]
        visit.context.close()


def told(visit: Visit, words: str) -> None:
    """Wait for the word on what was done."""
    visit.page.locator(".toast[role=status], [role=status]").get_by_text(words).first.wait_for()


def undone(visit: Visit) -> None:
    """Take back what was just done, by its key."""
    visit.page.keyboard.press("u")
    told(visit, "Took back")


@flow
def today(visit: Visit, one: str, other: str) -> None:
    visit.go("/")
    card = visit.page.locator(".card").first
    name = card.locator("h2").inner_text()
    card.get_by_role("button", name="Not now").click()
    told(visit, name)
    undone(visit)
    assert name in visit.page.locator(".card h2").all_inner_texts()


@flow
def a_quick_log(visit: Visit, one: str, other: str) -> None:
    visit.go("/mirror")
    visit.page.keyboard.press("l")
    visit.page.keyboard.type(f"coffee with {one} yesterday")
    visit.page.keyboard.press("Enter")
    told(visit, "30 September 1895")
    assert visit.page.url.partition("?")[0].endswith("/mirror")
    undone(visit)


@flow
def the_palette(visit: Visit, one: str, other: str) -> None:
    visit.go("/portfolio")
    visit.page.keyboard.press("Control+k")
    visit.page.keyboard.type(one)
    visit.page.get_by_role("option", name=one).first.wait_for()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/people/p*")
    assert visit.page.locator("h1").inner_text() == one


@flow
def people(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/people")
    page.locator("#q").press_sequentially(one)
    page.get_by_text(f"for “{one}”").wait_for()
    page.get_by_role("checkbox", name=f"Select {one}").check()
    page.get_by_label("Say of all who are selected").select_option("role friend")
    page.get_by_role("button", name="Say it").click()
    told(visit, one)
    undone(visit)
    visit.go(f"/people?q={quote(one)}")
    page.get_by_label("Keep this filter as").fill("A neighbour")
    page.get_by_role("button", name="Keep it", exact=True).first.click()
    told(visit, "A neighbour")
    visit.go("/people")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.get_by_role("link", name="A neighbour").click()
    assert page.locator(".who a").first.inner_text() == one
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.get_by_role("button", name="Let go of A neighbour").click()
    told(visit, "Let go of the filter A neighbour")


@flow
def a_person(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go(visit.person(one))
    page.get_by_text("Note something").click()
    page.get_by_label("What", exact=True).select_option("note")
    page.get_by_label("In words").fill("Plays the cello")
    page.get_by_role("button", name="Note it").click()
    told(visit, "note")
    page.locator("main").get_by_text("Plays the cello").first.wait_for()
    undone(visit)
    assert page.locator("main").get_by_text("Plays the cello").count() == 0
    page.get_by_role("link", name="Brief, before you meet").click()
    page.get_by_role("heading", name="How it stands").wait_for()


@flow
def circles(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/circles")
    board = page.locator("section[aria-labelledby=few] .held").first
    name = board.locator(".who a").inner_text()
    board.get_by_role("button", name="Not here").click()
    told(visit, name)
    undone(visit)
    assert name in page.locator("section[aria-labelledby=few]").inner_text()


@flow
def the_map(visit: Visit, one: str, other: str) -> None:
    visit.go("/map")
    visit.page.wait_for_selector("#map[data-drawn]")
    assert visit.page.locator("h1").inner_text() == "Map"


@flow
def warm_paths(visit: Visit, one: str, other: str) -> None:
    visit.go("/paths")
    visit.page.get_by_label("To a person or an organisation").fill(one)
    visit.page.get_by_role("button", name="Find the way").click()
    visit.page.locator("main").get_by_text(one).first.wait_for()


@flow
def the_ledger(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/ledger")
    page.get_by_label("What was given, asked or promised?").fill(f"sent {one} the book on tea")
    page.get_by_role("button", name="Note it").click()
    told(visit, "the book on tea")
    visit.go("/ledger")
    page.locator("main").get_by_text("the book on tea").first.wait_for()


@flow
def asks(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/asks")
    page.get_by_label("To whom, if they are in your vault").fill(one)
    page.get_by_label("Your message").press_sequentially("Sorry to bother you, any chance you could look at it ASAP?")
    page.locator("#coach, main").get_by_text("sorry", exact=False).nth(0).wait_for()
    visit.go("/asks/new")
    page.get_by_label("To whom").fill(one)
    page.get_by_label("What do you want of them?").fill("read the third act of my play")
    page.get_by_role("button", name="Put it together").click()
    page.get_by_role("button", name="Keep it as a draft in the ledger").first.click()
    told(visit, "third act")


@flow
def introductions(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/introductions")
    page.get_by_label("Somebody", exact=True).fill(one)
    page.get_by_label("and somebody else").fill(other)
    page.get_by_label("Why: both will hear it").fill("you both write on northern theatre")
    page.get_by_role("button", name="Begin").click()
    told(visit, "northern theatre")
    page.locator("article.process").get_by_text("northern theatre").first.wait_for()


@flow
def matches(visit: Visit, one: str, other: str) -> None:
    visit.go("/matches")
    visit.page.get_by_label("Of one person alone").fill(one)
    visit.page.get_by_role("button", name="Look").click()
    visit.page.get_by_role("heading", name=re.compile("Who could help whom")).wait_for()


@flow
def goals(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/goals")
    page.get_by_label("What do you want to reach?").fill("Open the reading room")
    page.get_by_label("By which day?").fill("1896-05-01")
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("heading", name="Open the reading room").first.wait_for()
    if not page.get_by_label(re.compile("A name or an address a line")).count():
        page.get_by_role("link", name="Open the reading room").first.click()
    page.get_by_label(re.compile("A name or an address a line")).fill(f"{one}\n{other}")
    page.get_by_role("button", name="Add them").click()
    page.locator("main").get_by_role("link", name=other).first.wait_for()


@flow
def encounters(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/encounters")
    page.get_by_label("Where are you meeting people?").fill("Book fair")
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("heading", name="Book fair").wait_for()
    page.get_by_label(re.compile("A line each")).fill("Zoe Neu <zoe@fair.example>, maps of the moon")
    page.get_by_role("button", name="Add them").click()
    page.locator("main").get_by_text("maps of the moon").first.wait_for()


@flow
def the_week(visit: Visit, one: str, other: str) -> None:
    visit.go("/more")
    visit.page.get_by_role("link", name="Week", exact=True).click()
    visit.page.get_by_role("heading", name="The week ahead").wait_for()
    assert visit.page.locator(".days time").count() == 7


@flow
def the_mirror(visit: Visit, one: str, other: str) -> None:
    visit.go("/mirror")
    visit.page.get_by_text("How it is counted").first.click()
    visit.page.locator("main a[href^='/mirror/']").first.click()
    visit.page.get_by_role("heading", name="Through the years").wait_for()


@flow
def the_portfolio_and_the_letter(visit: Visit, one: str, other: str) -> None:
    visit.go("/portfolio")
    visit.page.get_by_text("The same as a table").first.click()
    assert visit.page.locator("table").first.is_visible()
    visit.go("/letter")
    visit.page.get_by_role("heading", name="1895, a year in people, so far").wait_for()


@flow
def review(visit: Visit, one: str, other: str) -> None:
    visit.go("/review")
    pairs = visit.page.get_by_role("button", name="Two people")
    before = pairs.count()
    if before:
        pairs.first.click()
        told(visit, "two people")
        undone(visit)
        visit.go("/review")
    assert visit.page.get_by_role("button", name="Two people").count() == before


@flow
def machines_and_troubles(visit: Visit, one: str, other: str) -> None:
    for path, words in (("/machines", "Machines"), ("/sources/troubles", "Troubles")):
        visit.go(path)
        assert visit.page.locator("h1").inner_text() == words


@flow
def programs(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/programs")
    page.get_by_label("A token for which program?").fill("a script")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_text("amity_").first.wait_for()
    visit.go("/programs")
    page.get_by_role("button", name="Revoke the token of a script").click()
    page.get_by_text("No program has a token.").wait_for()


@flow
def the_settings(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/settings")
    page.get_by_label(re.compile("Minutes a day that you want to give")).fill("45")
    page.locator("form", has=page.get_by_label(re.compile("Minutes a day that you want"))).get_by_role("button").click()
    told(visit, "45")
    undone(visit)


@flow
def history(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/log")
    page.get_by_role("textbox").fill(f"coffee with {other} yesterday")
    page.get_by_role("button", name="Keep it").click()
    visit.go("/history")
    page.get_by_role("button", name="Undo").first.click()
    told(visit, "Took back")
    page.get_by_role("button", name="Bring back").or_(page.get_by_role("button", name="Redo")).first.click()
    told(visit, "Brought back")


@flow
def leaving(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/leave")
    with page.expect_download() as down:
        page.get_by_role("button", name="Download it all").click()
    assert down.value.suggested_filename.endswith(".zip")
    page.get_by_label("A name, an address or an id").fill(one)
    page.get_by_role("button", name="Who would that be?").click()
    page.get_by_role("button", name=f"Forget {one}").wait_for()


@flow
def more_files(visit: Visit, one: str, other: str) -> None:
    page = visit.page
    visit.go("/sources")
    rows = f"{HEADER}1895-09-29,letter,Zoe Neu <zoe@x.example>,{OWNER},,From {page.viewport_size['width']},,,\n"
    page.set_input_files("#files", {"name": "new.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Read them").click()
    page.get_by_role("heading", name="1 new").wait_for()
    visit.go("/people?q=Zoe+Neu")
    assert page.locator(".who a").first.inner_text() == "Zoe Neu"


@pytest.mark.parametrize("does", FLOWS, ids=lambda one: one.__name__)
def test_a_flow(stay, browser, does: Flow) -> None:
    visit, one, other = stay
    visit.said.clear()
    visit.requests.clear()
    does(visit, one, other)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not visit.said
    assert all(url.startswith((visit.address, "data:", "blob:")) for url in visit.requests)


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (360, "light")])
@pytest.mark.parametrize("size", ["demo", "town"])
def test_the_first_five_minutes(browser, build_house, demo, town, size, width, theme) -> None:
    """From an empty vault over the papers, live progress, who you are, the few and ten taps, to today."""
    house = build_house(none_csv=HEADER)
    files = sorted((demo.parent / "files").iterdir()) if size == "demo" else [town.parent / "town.csv"]
    with serving(house) as address:
        visit = Visit(browser, address, house, width, theme)
        page = visit.page
        page.get_by_role("heading", name="What do you have?").wait_for()
        page.set_input_files("#files", [str(file) for file in files])
        page.get_by_role("button", name="Read them").click()
        page.wait_for_url("**/sources/import")
        page.get_by_role("heading", name="What came of it").wait_for(timeout=120_000)
        visit.go("/welcome/you")
        page.get_by_text("arthur.schnitzler@letters.example").wait_for()
        page.get_by_role("link", name="That is me").click()
        page.get_by_role("button", name=re.compile("^Right: ")).first.click()
        told(visit, "critical")
        page.get_by_role("link", name="Ten quick questions").click()
        for _ in range(3):
            if page.locator(".taps button").count():
                with page.expect_navigation():
                    page.keyboard.press("3")
        visit.go("/")
        assert page.locator(".card").count() >= 1
        visit.leave()
