"""What a person sees: lines that fit, nothing that steers the terminal, and the pages drawn from given figures."""

from __future__ import annotations

import io
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from amity.app.intake import ImportReport, OwnerReport
from amity.app.plan import Advised, SuggestionLine, Today
from amity.app.reading import SetAside, SourceReport
from amity.faces.cli import paper as sheet
from amity.faces.cli.commands import intake, today
from amity.faces.cli.ink import Ink
from amity.faces.cli.paper import Column, Paper, Span, cells, clean, cut
from amity.faces.cli.words import ago, bar, birthday, strength
from amity.model import Reason

DAY = Today(
    date=date(2025, 6, 30),
    minutes=30,
    suggestions=(
        SuggestionLine(
            id="p3.reply",
            person=Advised("p3", "Cy Wood"),
            act="Answer Cy Wood",
            kind="reply",
            trigger="reply",
            why_now=("They wrote to you four days ago: “A question about the orchard”", "Nothing has gone back since"),
            minutes=8,
            channel="mail",
            opener="Dear Cy, thank you for your question about the orchard; I was glad to have it, and have an answer.",
            because=(Reason("days since they wrote", "4", 0.9), Reason("minutes", "8")),
        ),
        SuggestionLine(
            id="p1.keep",
            person=Advised("p1", "王\x1b[31m芳"),
            act="Meet 王\x1b[31m芳 for a walk",
            kind="meet",
            trigger="keep",
            why_now=("It has been a while",),
            minutes=5,
            channel="meeting",
            opener="",
            because=(Reason("days since the last contact", "21"),),
        ),
    ),
    waiting=2,
    enough=False,
)
REPORT = ImportReport(
    sources=(
        SourceReport(
            path="/archives/mail.mbox",
            source="mbox",
            read=1203,
            new=1200,
            known=1,
            moments=1201,
            cards=0,
            found=0,
            troubles=(
                SetAside(place=2048, reason="no date that can be read", kept_as="trouble 1"),
                SetAside(place=9120, reason="no sender", kept_as="trouble 2"),
            ),
        ),
    ),
    unread=(),
    people=87,
    me=OwnerReport(("mia@home.example",), ("mia@home.example takes part in 1,150 of 1,201 contacts",), True),
)


def plain(width: int) -> Paper:
    page = Paper()
    page.width = width
    return page


def inked(width: int, **more: object) -> tuple[Ink, io.StringIO]:
    stream = io.StringIO()
    page = Ink()
    page.console = Console(file=stream, width=width, highlight=False, soft_wrap=True, **more)  # type: ignore[arg-type]
    page.width = width
    return page, stream


@pytest.mark.parametrize("width", [60, 80, 120])
def test_today_in_a_pipe(width: int, capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion) -> None:
    today.tell(plain(width), DAY)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert all(cells(line) <= width for line in out.splitlines())
    assert out == snapshot


def test_today_on_a_terminal(snapshot: SnapshotAssertion) -> None:
    page, stream = inked(80, force_terminal=True, color_system="standard")
    today.tell(page, DAY)
    assert "\x1b[31m芳" not in stream.getvalue()
    assert stream.getvalue() == snapshot


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    page, stream = inked(80, force_terminal=True)
    today.tell(page, DAY)
    assert "\x1b[36m" not in stream.getvalue()


def test_a_quiet_day(capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion) -> None:
    today.tell(plain(80), Today(date(2025, 6, 30), 30, (), 0, enough=True))
    today.tell(plain(80), Today(date(2025, 6, 30), 2, (), 3, enough=True))
    assert capsys.readouterr().out == snapshot


def test_import_summary(capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion) -> None:
    intake.tell(plain(80), REPORT, 1.234)
    assert capsys.readouterr().out == snapshot


def test_a_table_fits_a_narrow_terminal() -> None:
    page, stream = inked(40)
    columns = [Column("name", gives=True), Column("n", right=True), Column("because", gives=True)]
    page.table(columns, [(Span("Maximiliana of the long name", "name"), "1,234", "you met " * 12)], indent=2)
    lines = stream.getvalue().splitlines()
    assert all(cells(line) <= 40 for line in lines)
    assert "…" in lines[1]


def test_where_columns_do_not_fit_the_rows_are_piled() -> None:
    page, stream = inked(30)
    columns = [Column("id"), Column("name", gives=True), Column("last contact", right=True), Column("met", right=True)]
    rows = [("p1", Span("Maximiliana of the long name", "name"), "12 Sep 2025", "1,234"), ("p2", "Bo", "", "7")]
    page.table(columns, rows, ["you met often"])
    lines = stream.getvalue().splitlines()
    assert lines[:2] == ["Maximiliana of the long name", "  id p1 · last contact 12 Sep"]
    assert lines[-2:] == ["Bo", "  id p2 · met 7"]
    assert all(cells(line) <= 30 for line in lines)


def test_the_parts_of_one_sign_take_no_room_of_their_own() -> None:
    assert (cells("a\u0301"), cells("王"), cells("🦊\ufe0f"), cells("م\u200d")) == (1, 2, 2, 1)


def test_a_piped_table_is_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    plain(40).table([Column("why", gives=True), Column("n")], [("word " * 20 + "end", "7")])
    assert "word end  7" in capsys.readouterr().out


@given(st.text())
def test_what_others_wrote_cannot_steer_the_terminal(text: str) -> None:
    shown = clean(text)
    assert not any(unicodedata.category(sign) == "Cc" for sign in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


@given(st.text(), st.integers(1, 30))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cells(cut(clean(text), width)) <= max(width, 1)


@given(st.lists(st.text(alphabet="ab ü王"), max_size=5), st.integers(8, 40))
def test_wrapping_keeps_every_word_in_order(texts: list[str], width: int) -> None:
    lines = sheet._wrap([Span(text) for text in texts], width)
    words = ["".join(span.text for span in line) for line in lines]
    assert " ".join(words).split() == "".join(texts).split()
    assert all(cells(line) <= width or " " not in line for line in words)


def test_figures_in_words() -> None:
    assert (bar(0, 5), bar(100, 5), bar(50, 4)) == ("░░░░░", "█████", "██░░")
    assert [strength(figure) for figure in (0, 14.9, 15, 60, 100)] == [
        "faint",
        "faint",
        "light",
        "strong",
        "very strong",
    ]
    assert [birthday(text) for text in ("1980-07-03", "--02-29", "1862", "")] == [
        "3 July 1980",
        "29 February",
        "1862",
        "",
    ]
    assert ago(date(2025, 6, 29), date(2025, 6, 30)) == "yesterday"
    assert ago(date(2025, 3, 1), date(2025, 6, 30)) == "4 months ago"
    assert ago(date(2020, 6, 30), date(2025, 6, 30)) == "5 years ago"
