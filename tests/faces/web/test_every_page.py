"""Every page there is, in a life in which everything was said once: seen, fitting the screen, found fair by axe.

The pictures of all pages are made here, a sheet for each theme and width; AMITY_SCREENSHOTS names the folder in which
they are kept, as docs/images keeps them.
"""

from __future__ import annotations

import base64
import os
from contextlib import closing
from pathlib import Path

import pytest

from amity.app import encounters, entries, errands, facts, goals, introductions, people, tokens
from amity.faces.web.pages import find
from tests.faces.web.chromium import Visit
from tests.faces.web.conftest import HEADER, House, make_vault

AXE = os.environ.get("AMITY_AXE")
SCREENSHOTS = os.environ.get("AMITY_SCREENSHOTS")
BESIDES = (
    *("/more", "/keys", "/log", "/find?q=ho", "/asks/new", "/welcome/you", "/welcome/few", "/welcome/closer"),
    *("/people?q=Bahr", "/people?segment=critical", "/mirror/critical_time", "/letter/1894", "/gallery", "/offline"),
    "/nowhere",
)
SCREENS = [(theme, width) for theme in ("light", "dark") for width in (1280, 360)]
TALL = {1280: 1000, 360: 800}  # of what is shown of each page
THUMBNAIL, ACROSS = {1280: 320, 360: 180}, {1280: 5, 360: 9}
# What the page says beside its words: a table or picture that is cut off and cannot be reached by keyboard.
CUT = """() => [...document.querySelectorAll("main *")].filter((one) => one.scrollWidth > one.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)
    && one.tabIndex < 0 && !one.matches("input, textarea, select, pre")).map((one) => one.outerHTML.slice(0, 120))"""
COMMANDS = "() => document.querySelector('main').innerText.split('\\n').filter((line) => line.includes('`'))"


@pytest.fixture
def lived_in(a_house):
    """Say everything once that an owner or a program can say; return the house, and the pages that came of it."""
    with closing((desk := a_house.open_desk()).database):
        bahr, brandes, salten = (people.find(desk, name).people[0].id for name in ("Bahr", "Brandes", "Salten"))
        goal = goals.add(desk, "The new play on the stage", "1896-05-01", "It is time", ["readers", "introductions"])
        goals.aim(desk, goal.id, [bahr, brandes, "Max Reinhardt"], ["readers"])
        event = encounters.open_(desk, "Congress of writers", "1895-09-28", "Vienna")
        encounters.add(desk, event.id, ["Zoe Neu <zoe@fair.example>, maps of the moon", "Kim Lund, the strike"])
        gift = entries.note(desk, "gift", [bahr], "the book on tea", sort="idea")
        entries.note(desk, "ask", [brandes], "a word in Copenhagen", parent=gift.id, status="sent")
        entries.note(desk, "promise", [salten], "the second act")
        introductions.propose(desk, bahr, brandes, "you both write on northern theatre")
        facts.tell(desk, bahr, "need", "a reader for the Berlin letters")
        facts.tell(desk, brandes, "offer", "a reader for letters")
        errands.ask(desk, "ledger.log", {"sentence": "coffee with Hermann Bahr"})
        tokens.mint(desk, "a script", ("write",))
    return a_house, (f"/people/{bahr}", f"/people/{bahr}/brief", f"/goals/{goal.id}", f"/encounters/{event.id}")


@pytest.mark.parametrize(("theme", "width"), SCREENS)
def test_every_page_is_seen_and_fits(browser, lived_in, serve, tmp_path, theme, width):
    house, made = lived_in
    pages = [address for address, _, _ in find.pages()] + [*made, *BESIDES]
    shown: list[tuple[str, bytes]] = []
    nothing = tmp_path / "nothing.csv"
    nothing.write_text(HEADER, encoding="utf-8")
    empty = House(make_vault(tmp_path / "empty", [nothing]))
    with serve(empty) as address:
        visit = Visit(browser, address, empty, width, theme)
        assert visit.page.locator("h1").inner_text() == "What do you have?"
        look(visit, "Welcome", width, shown)
        visit.leave()
    with serve(house) as address:
        visit = Visit(browser, address, house, width, theme)
        for path in pages:
            visit.go(path)
            look(visit, path, width, shown)
        visit.said = [line for line in visit.said if "404" not in line]
        visit.leave()
    folder = Path(SCREENSHOTS or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / f"pages-{theme}-{width}.jpg"
    assemble(browser, shown, sheet, width)
    assert 20_000 < sheet.stat().st_size < 700_000
    assert len(shown) == len(pages) + 1


def look(visit: Visit, name: str, width: int, shown: list[tuple[str, bytes]]) -> None:
    """Look at a page as it opens, and at all its folds opened."""
    page = visit.page
    if name == "/map":
        page.wait_for_selector("#map[data-drawn]")
    # The folder of a test is nobody's home.
    page.evaluate("document.querySelectorAll('.sources .who .faint').forEach((one) => (one.textContent = '~/papers'))")
    page.set_viewport_size({"width": width, "height": TALL[width]})
    shown.append((name, page.screenshot(type="jpeg", quality=80)))
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate(CUT) == [], name
    assert page.evaluate(COMMANDS) == [], name
    if AXE:
        page.evaluate(Path(AXE).read_text(encoding="utf-8"))
        found = (
            "axe.run().then((result) => result.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]))"
        )
        assert page.evaluate(found) == [], name


def assemble(browser, shown: list[tuple[str, bytes]], sheet: Path, width: int) -> None:
    """Lay the pictures of all pages on one sheet."""
    size = THUMBNAIL[width]
    figures = "".join(
        f"<figure><img src='data:image/jpeg;base64,{base64.b64encode(picture).decode()}'>"
        f"<figcaption>{name}</figcaption></figure>"
        for name, picture in shown
    )
    style = (
        f"body {{ margin: 16px; display: grid; grid-template-columns: repeat({ACROSS[width]}, {size}px); gap: 16px; "
        f"background: #e9e4da }} figure {{ margin: 0 }} img {{ width: {size}px; display: block; border-radius: 6px }} "
        "figcaption { font: 12px sans-serif; padding: 4px 0 }"
    )
    context = browser.new_context(viewport={"width": ACROSS[width] * (size + 16) + 16, "height": 600})
    page = context.new_page()
    page.set_content(f"<style>{style}</style>{figures}")
    page.screenshot(path=sheet, type="jpeg", quality=60, full_page=True)
    context.close()
