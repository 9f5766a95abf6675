"""The parts that pages are made of: a golden, so that a change to one is seen."""

from __future__ import annotations

import re
from importlib import resources

from syrupy.assertion import SnapshotAssertion

from amity.faces.web.pages import gallery


def test_the_parts_are_as_they_were(a_house, snapshot: SnapshotAssertion) -> None:
    page = a_house.guest().get("/gallery").text
    main = page[page.index("<main") : page.index("</main>")]
    assert main == snapshot


def test_every_token_is_shown_and_each_colour_has_both_themes():
    css = (resources.files("amity.faces.web") / "static" / "amity.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"^  --([\w-]+): (.+);$", css, flags=re.M))
    shown = {name for name, _ in gallery.COLOURS}
    assert shown == {name for name, value in tokens.items() if value.startswith("light-dark(")} - {"on-accent"}
    assert set(gallery.SPACES) == {name for name in tokens if re.fullmatch(r"s\d", name)}
    for name in shown:
        assert f".swatch-{name} {{ background: var(--{name}); }}" in css
