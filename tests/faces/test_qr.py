"""A code in half blocks is the code."""

from __future__ import annotations

import segno
from hypothesis import given
from hypothesis import strategies as st

from amity.faces import qr

ROWS = {" ": (True, True), "▄": (True, False), "▀": (False, True), "█": (False, False)}


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_the_lines_hold_every_module_and_light_around_them(text: str) -> None:
    drawn = qr.lines(text)
    whole = [[ROWS[sign][half] for sign in line] for line in drawn for half in (0, 1)]
    code = [[module > 0 for module in row] for row in segno.make_qr(text, error="m").matrix]
    size = len(code)
    assert [row[4 : 4 + size] for row in whole[4 : 4 + size]] == code
    around = [*whole[:4], *whole[4 + size :], *(row[:4] + row[4 + size :] for row in whole)]
    assert not any(any(row) for row in around)


def test_on_a_page_it_is_dark_on_light_whatever_the_page_is() -> None:
    drawn = qr.svg("</svg><script>window.hurt=1</script>")
    assert drawn.startswith("<svg ")
    assert 'fill="#fff"' in drawn
    assert 'stroke="#000"' in drawn
    assert "script" not in drawn
