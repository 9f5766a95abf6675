"""Pictures are told by their first bytes, whatever they are called."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.sources.pictures import LARGEST, Picture, picture

SIDES = st.integers(1, 5_000)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + pack(">I4sII", 13, b"IHDR", width, height) + bytes(9)


def jpeg(width: int, height: int) -> bytes:
    """A comment and a fill byte stand before the frame, as cameras leave them."""
    comment = b"\xff\xfe" + pack(">H", 5) + b"hi!"
    return b"\xff\xd8" + comment + b"\xff\xff\xc2" + pack(">HBHH", 11, 8, height, width) + bytes(4)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + pack("<HH", width, height) + bytes(3)


def webp(width: int, height: int) -> bytes:
    sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
    return b"RIFF" + bytes(4) + b"WEBPVP8X" + pack("<I", 10) + bytes(4) + sides


def webp_lossy(width: int, height: int) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBPVP8 " + bytes(7) + b"\x9d\x01\x2a" + pack("<HH", width, height)


def webp_lossless(width: int, height: int) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBPVP8L" + bytes(4) + b"\x2f" + pack("<I", width - 1 | (height - 1) << 14)


MADE = {
    png: "image/png",
    jpeg: "image/jpeg",
    gif: "image/gif",
    webp: "image/webp",
    webp_lossy: "image/webp",
    webp_lossless: "image/webp",
}


@pytest.mark.parametrize("made", MADE)
@given(SIDES, SIDES)
def test_kind_and_size_are_told(made, width: int, height: int) -> None:
    assert picture(made(width, height)) == Picture(MADE[made], width, height)


@pytest.mark.parametrize("made", MADE)
def test_one_cut_short_is_none(made) -> None:
    whole = made(300, 200).rstrip(b"\0")
    for end in range(10):
        assert picture(whole[:end]) is None


@pytest.mark.parametrize("content", [b"", b"<svg onload='x()'/>", b"<html>", b"\xff\xd8\xff\xd9", b"BM" + bytes(60)])
def test_what_could_be_run_or_is_unknown_is_no_picture(content: bytes) -> None:
    assert picture(content) is None


def test_one_that_would_fill_the_memory_is_not_shown() -> None:
    assert picture(png(8_001, 10)) is None
    assert picture(png(8_000, 8_000)) is None
    assert picture(png(0, 10)) is None
    assert picture(png(10, 10) + bytes(LARGEST)) is None


@given(st.binary(max_size=200).map(lambda tail: b"\xff\xd8\xff" + tail))
def test_no_bytes_bring_it_down(content: bytes) -> None:
    found = picture(content)
    assert found is None or found.type == "image/jpeg"
