"""Meetings that are moved, called off and moved back, rows and cards that are corrected, in one source and in two."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import ME, World

from amity.app import intake, ledger, people, reading, upkeep
from amity.app.intake import ImportReport
from amity.errors import AmityError
from amity.store import decisions, derived

Tell = Callable[..., ImportReport]

EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTART:{day}T{hour:02}0000Z
DTEND:{day}T{hour:02}3000Z
SUMMARY:{subject}
ORGANIZER:mailto:me@home.example
ATTENDEE;CN=Ana:mailto:ana@x.example
{more}END:VEVENT
"""


def event(day: int = 10, *, uid: str = "lunch-with-ana", hour: int = 12, more: str = "", subject: str = "Lunch") -> str:
    """Write a meeting with Ana in January 2025."""
    lines = "".join(f"{line}\n" for line in more.split())
    return EVENT.format(uid=uid, day=f"202501{day:02}", hour=hour, more=lines, subject=subject)


def card(email: str, uid: str = "the-card-of-ana") -> str:
    """Write a card of Ana."""
    return f"BEGIN:VCARD\nVERSION:4.0\nUID:{uid}\nFN:Ana\nEMAIL:{email}@x.example\nEND:VCARD\n"


def row(day: int, who: str = "Ana", identity: str = "walk-in-the-park") -> str:
    """Write a row of a table of interactions in January 2025."""
    return f"2025-01-{day:02},meeting,me@home.example,{who} <{who.lower()}@x.example>,{identity}\n"


def letter(day: int, name: str = "Ana") -> str:
    """Write a letter from Ana in January 2025, who may sign by another name."""
    return (
        f"From x@y Thu Jan  1 00:00:00 1970\nFrom: {name} <ana@x.example>\nTo: {ME}\nSubject: no {day}\n"
        f"Date: {day} Jan 2025 09:00:00 +0000\nMessage-ID: <{day}@x.example>\n\nI'll send you the map on Friday.\n\n"
    )


def calendar(*events: str) -> str:
    """Write a calendar."""
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{''.join(events)}END:VCALENDAR\n"


def table(*rows: str) -> str:
    """Write a table of interactions."""
    return f"when,channel,from,to,id\n{''.join(rows)}"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    """Make a world whose owner has said who they are, apart from any import."""
    world = World(tmp_path / "world", me=())
    people.set_me(world.desk, add=[ME])
    yield world
    assert upkeep.verify(world.desk).places == ()
    world.close()


@pytest.fixture
def tell(home: World) -> Tell:
    """Return a function that writes a file and imports it."""

    def write_and_import(name: str, text: str, key: str = "") -> ImportReport:
        file = home.folder / name
        file.write_text(text, encoding="utf-8")
        report = intake.import_(home.desk, [str(file)], key=key)
        for source in report.sources:
            assert source.read == source.new + source.known + len(source.troubles)
        return report

    return write_and_import


def met(world: World, who: str = "ana@x.example") -> list[int]:
    """Return the days of January on which the owner met somebody, and see that working all out anew says the same."""
    if who.partition("@")[0].capitalize() not in world.people():
        return []
    page = world.show(who)
    days = sorted(line.on.day for line in page.timeline if line.way == "met")
    assert page.contacts == len(page.timeline)
    before = world.picture()
    with world.database.transaction():
        derived.drop(world.database)
    assert world.picture() == before
    return days


def test_a_meeting_that_was_moved_counts_where_it_is_now_and_moved_back_where_it_was(home: World, tell: Tell) -> None:
    tell("cal.ics", calendar(event(10)))
    assert met(home) == [10]
    tell("cal.ics", calendar(event(12)))
    assert met(home) == [12]
    report = tell("cal.ics", calendar(event(10)))
    assert [source.new for source in report.sources] == [0]
    assert met(home) == [10]
    assert upkeep.history(home.desk)[0].summary == "Imported cal.ics: 1 changed"
    for day in (12, 10):
        home.undo()
        assert met(home) == [day]
    home.undo()
    assert met(home) == []
    for day in (10, 12, 10):
        home.redo()
        assert met(home) == [day]


def test_a_meeting_that_was_called_off_is_no_contact(home: World, tell: Tell) -> None:
    tell("cal.ics", calendar(event(10), event(15, uid="walk-with-ana")))
    tell("cal.ics", calendar(event(10, more="STATUS:CANCELLED"), event(15, uid="walk-with-ana")))
    assert met(home) == [15]
    home.undo()
    assert met(home) == [10, 15]


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=DAILY;COUNT=3"])
def test_what_an_invitation_calls_off_counts_no_more_wherever_it_was_told(home: World, tell: Tell, rule: str) -> None:
    """A calendar holds a meeting or a series; that it is called off comes as a file of its own, and names no rule."""
    home.day = home.day.replace(month=6)
    days = [6, 7, 8] if rule else [6]
    tell("cal.ics", calendar(event(6, more=rule), event(15, uid="walk-with-ana")))
    assert met(home) == [*days, 15]
    cancel = calendar("METHOD:CANCEL\n", event(6, more="SEQUENCE:1 STATUS:CANCELLED"))
    tell("cancel.ics", cancel)
    assert met(home) == [15]
    assert [source.new for source in tell("cancel.ics", cancel).sources] == [0]
    tell("old copy.ics", calendar(event(6, more=rule)))
    assert met(home) == [15]
    home.undo()
    home.undo()
    assert met(home) == [*days, 15]


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=DAILY;COUNT=3"])
@pytest.mark.parametrize("folder", ["", "calendars/"])
def test_what_is_called_off_before_it_is_told_counts_no_more(home: World, tell: Tell, rule: str, folder: str) -> None:
    """The mail that calls a meeting off may be read ahead of the calendar in which it stands, or lie beside it."""
    home.day = home.day.replace(month=6)
    (home.folder / "calendars").mkdir()
    cancel = calendar("METHOD:CANCEL\n", event(6, more="SEQUENCE:1 STATUS:CANCELLED"))
    tell(f"{folder}a.ics", cancel)
    tell(f"{folder}b.ics", calendar(event(6, more=rule), event(15, uid="walk-with-ana")))
    assert met(home) == [15]
    if folder:
        (home.folder / "calendars/a.ics").unlink()
        (home.folder / "calendars/c.ics").write_text(cancel)
        other = World(home.folder / "other", me=())
        people.set_me(other.desk, add=[ME])
        other.day = home.day
        intake.import_(other.desk, [str(home.folder / "calendars")])
        assert met(other) == [15]
        other.close()
    home.undo()
    assert met(home) == []
    home.redo()
    assert met(home) == [15]
    tell(f"{folder}b.ics", calendar(event(9, more=rule), event(15, uid="walk-with-ana")))
    assert met(home) == ([9, 10, 11, 15] if rule else [9, 15]), "there it was planned anew"


def test_one_day_of_a_series_that_is_called_off_before_it_is_told_counts_no_more(home: World, tell: Tell) -> None:
    home.day = home.day.replace(month=6)
    off = event(7, more="RECURRENCE-ID:20250107T120000Z SEQUENCE:1 STATUS:CANCELLED")
    tell("cancel.ics", calendar("METHOD:CANCEL\n", off))
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=3")))
    assert met(home) == [6, 8]
    home.undo(2)
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=3")))
    assert met(home) == [6, 7, 8]
    home.redo()
    assert met(home) == [6, 8]


def test_a_series_that_was_called_off_does_not_go_on(home: World, tell: Tell) -> None:
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=WEEKLY")))
    assert met(home) == [6, 13, 20, 27]
    tell("cancel.ics", calendar("METHOD:CANCEL\n", event(6, more="SEQUENCE:1 STATUS:CANCELLED")))
    home.day = home.day.replace(year=2027)
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=WEEKLY"), event(15, uid="walk-with-ana")))
    assert met(home) == [15]


def test_an_old_copy_of_a_calendar_brings_no_old_version_back(home: World, tell: Tell) -> None:
    tell("cal.ics", calendar(event(10)))
    tell("cal.ics", calendar(event(12)))
    tell("old copy.ics", calendar(event(10)))
    assert met(home) == [12]
    tell("old copy.ics", calendar(event(10), event(20, uid="walk-with-ana")))
    assert met(home) == [12, 20]
    tell("old copy.ics", calendar(event(14), event(20, uid="walk-with-ana")))
    assert met(home) == [14, 20], "there it was moved now"


def test_an_old_copy_keeps_what_it_told_when_the_first_is_taken_back(home: World, tell: Tell) -> None:
    people.set_me(home.desk, add=["me@work.example"])
    tell("old copy.ics", calendar(event(10)))
    tell("cal.ics", calendar(event(10)))
    tell("cal.ics", calendar(event(12)))
    home.undo()
    assert met(home) == [10]
    home.undo()
    assert met(home) == [10]


def test_a_series_that_was_shortened_or_skips_a_day_counts_as_it_is_now(home: World, tell: Tell) -> None:
    home.day = home.day.replace(month=6)
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=5")))
    assert met(home) == [6, 7, 8, 9, 10]
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=5 EXDATE:20250108T120000Z")))
    assert met(home) == [6, 7, 9, 10]
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=3")))
    assert met(home) == [6, 7, 8]
    tell("cal.ics", calendar(event(6)))
    assert met(home) == [6]
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=5")))
    assert met(home) == [6, 7, 8, 9, 10]
    for days in ([6], [6, 7, 8], [6, 7, 9, 10], [6, 7, 8, 9, 10], []):
        home.undo()
        assert met(home) == days


def test_one_time_of_a_series_that_was_moved_counts_once(home: World, tell: Tell) -> None:
    series = event(6, more="RRULE:FREQ=DAILY;COUNT=3")
    tell("cal.ics", calendar(series))
    tell("cal.ics", calendar(series, event(20, more="RECURRENCE-ID:20250107T120000Z")))
    assert met(home) == [6, 8, 20]
    tell("cal.ics", calendar(series))
    assert met(home) == [6, 7, 8]


def test_a_calendar_that_cannot_be_read_whole_takes_nothing_away(home: World, tell: Tell) -> None:
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=4")))
    broken = event(20, uid="walk-with-ana").replace("DTSTART:20250120T120000Z", "DTSTART:soon")
    tell("cal.ics", calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=2"), broken))
    assert met(home) == [6, 7, 8, 9]


def test_in_a_folder_each_calendar_speaks_for_itself(home: World, tell: Tell) -> None:
    folder = home.folder / "calendars"
    folder.mkdir()
    (folder / "mine.ics").write_text(calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=3")))
    (folder / "ours.ics").write_text(calendar(event(20, more="RECURRENCE-ID:20250120T120000Z")))
    intake.import_(home.desk, [str(folder)])
    assert met(home) == [6, 7, 8, 20]
    (folder / "mine.ics").write_text(calendar(event(6, more="RRULE:FREQ=DAILY;COUNT=2")))
    intake.import_(home.desk, [str(folder)])
    assert met(home) == [6, 7, 20]


def test_a_chat_that_two_phones_exported_counts_once(home: World, tell: Tell) -> None:
    """An iPhone tells seconds and Android does not; "ok" was said twice within one minute."""
    people.set_me(home.desk, add=["Mia"])
    said = [("Ana", "12", "Tea?"), ("Mia", "40", "ok"), ("Ana", "55", "ok"), ("Ana", "58", "ok")]
    tell("WhatsApp Chat - Ana.txt", "".join(f"[10.01.25, 12:00:{at}] {who}: {text}\n" for who, at, text in said))
    assert home.show("Ana").contacts == 4
    tell("WhatsApp Chat with Ana.txt", "".join(f"10.01.25, 12:00 - {who}: {text}\n" for who, _, text in said))
    assert home.show("Ana").contacts == 4
    home.undo()
    assert home.show("Ana").contacts == 4


def test_a_file_that_was_sent_counts_once_however_an_export_shows_it(home: World, tell: Tell) -> None:
    """Exported with its media and without, from an iPhone and from Android in German; a caption is told with it."""
    people.set_me(home.desk, add=["Mia"])
    said = [
        ("Ana", "\u200eimage omitted", "IMG-20250110-WA0001.jpg (Datei angehängt)", "<Medien ausgeschlossen>"),
        ("Ana", "\u200eaudio omitted", "PTT-20250110-WA0002.opus (Datei angehängt)", "<Medien ausgeschlossen>"),
        (
            "Mia",
            "Our house \u200e<attached: 7-PHOTO.jpg>",
            "a.jpg (Datei angehängt)\nOur house",
            "<Medien…>\nOur house",
        ),
        (
            "Ana",
            "plan.pdf • \u200e3 pages \u200edocument omitted",
            "plan.pdf (Datei angehängt)",
            "<Medien ausgeschlossen>",
        ),
        ("Ana", "Nice", "Nice", "Nice"),
    ]
    tell(
        "WhatsApp Chat - Ana.txt",
        "".join(f"[10.01.25, 12:00:0{n}] {who}: {one}\n" for n, (who, one, *_) in enumerate(said)),
    )
    assert home.show("Ana").contacts == 5
    for number in (2, 3):
        tell("WhatsApp Chat mit Ana.txt", "".join(f"10.01.25, 12:00 - {row[0]}: {row[number]}\n" for row in said))
        assert home.show("Ana").contacts == 5


def test_a_message_of_signal_counts_once_with_reactions_and_without(home: World, tell: Tell) -> None:
    (home.folder / "Ana").mkdir()
    head = "[2025-01-10 12:00:00] "
    tell("Ana/chat.md", f"{head}Ana: ![tree](./media/tree.jpg)\n{head}Me: Nice  \n{head}Ana: Is it?  \n")
    assert home.show("Ana").contacts == 3
    tell("Ana/chat.md", f"{head}Ana: ![tree](./media/tree.jpg) (- Me: 👍 -)\n{head}Me: Nice  \n{head}Ana: Is it?  \n")
    rows = [("Ana", ""), ("Me", "Nice"), ("Ana", "Is it?")]
    lines = (f'{{"date": "2025-01-10 12:00:00", "sender": "{who}", "body": "{text}"}}\n' for who, text in rows)
    tell("Ana/data.json", "".join(lines))
    assert home.show("Ana").contacts == 3


def test_a_row_whose_date_was_corrected_is_one_contact(home: World, tell: Tell) -> None:
    tell("table.csv", table(row(10), row(11, identity="another-walk")))
    tell("table.csv", table(row(9), row(11, identity="another-walk")))
    assert met(home) == [9, 11]
    tell("table.csv", table(row(9, "Bo"), row(11, identity="another-walk")))
    assert (met(home), met(home, "bo@x.example")) == ([11], [9])


def test_a_row_is_read_again_in_small_batches_without_a_change(
    home: World, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ENOUGH", 1)
    monkeypatch.setattr("amity.sources.vcard._BATCH", 1, raising=False)
    text = card("ana.early") + card("ana.late")
    tell("book.vcf", text)
    done = upkeep.history(home.desk)[0]
    tell("book.vcf", text + card("bo", uid="the-card-of-bo"))
    home.undo()
    tell("book.vcf", text)
    assert handles(home) == ["ana.late@x.example"]
    assert home.undo()[0].id == done.id, "what says the same again is nothing to take back"


def handles(world: World) -> list[str]:
    """Return the addresses of everybody."""
    world.today()
    listed = people.find(world.desk, limit=100).people
    return sorted(one.value for person in listed for one in world.show(person.id).identities if one.kind == "email")


def test_a_card_that_was_changed_and_changed_back_is_as_it_was(home: World, tell: Tell) -> None:
    for email in ("ana", "ana.new", "ana"):
        tell("book.vcf", card(email))
        assert handles(home) == [f"{email}@x.example"]
    tell("copy.vcf", card("ana.new"))
    assert handles(home) == ["ana.new@x.example", "ana@x.example"], "an address book of its own"
    home.undo()
    for email in ("ana.new", "ana"):
        home.undo()
        assert handles(home) == [f"{email}@x.example"]
    home.redo()
    assert handles(home) == ["ana.new@x.example"]


def test_a_card_of_two_books_stays_with_the_one_that_still_has_it(home: World, tell: Tell) -> None:
    tell("book.vcf", card("ana"))
    tell("copy.vcf", card("ana"))
    tell("copy.vcf", card("ana.new"))
    assert handles(home) == ["ana.new@x.example", "ana@x.example"]
    tell("copy.vcf", card("ana"))
    assert handles(home) == ["ana@x.example"]
    tell("book.vcf", card("ana.new"))
    assert handles(home) == ["ana.new@x.example", "ana@x.example"]


def test_a_meeting_that_was_moved_is_not_found_where_it_was(home: World, tell: Tell) -> None:
    tell("cal.ics", calendar(event(10)))
    tell("cal.ics", calendar(event(12)))
    assert ledger.found(home.desk) == ()
    assert home.tie("Ana").met == 1


def test_what_a_letter_says_stands_while_either_archive_does(home: World) -> None:
    files = [home.folder / "one.mbox", home.folder / "two.mbox"]
    for file in files:
        file.write_text(letter(7))
        intake.import_(home.desk, [str(file)], read_bodies=True, keep_text=True)

    def told() -> tuple[int, int]:
        return len(ledger.found(home.desk)), len(ledger.search_text(home.desk, "map"))

    both = told()
    assert min(both) == 1
    home.undo()
    assert told() == both
    home.undo()
    assert told() == (0, 0)
    intake.import_(home.desk, [str(files[1])], read_bodies=True, keep_text=True)
    assert told() == both
    home.redo()
    home.undo()
    assert told() == both


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(("one.ics", "two.ics")),
            st.sampled_from(
                (
                    calendar(event(10), event(20, uid="walk-with-ana")),
                    calendar(event(12), event(20, uid="walk-with-ana")),
                    calendar(event(10, more="RRULE:FREQ=DAILY;COUNT=3")),
                    calendar(event(10, more="RRULE:FREQ=DAILY;COUNT=2"), event(21, uid="walk-with-ana")),
                    calendar(event(10, more="STATUS:CANCELLED")),
                    calendar("METHOD:CANCEL\n", event(10)),
                )
            ),
        ),
        st.tuples(
            st.sampled_from(("one.vcf", "two.vcf")),
            st.sampled_from((card("ana"), card("ana.new"), card("ana") + card("bo", uid="the-card-of-bo"))),
        ),
        st.tuples(
            st.sampled_from(("one.csv", "two.csv")),
            st.sampled_from((table(row(3)), table(row(4), row(5, "Bo", "another-walk")), table(row(4, "Bo")))),
        ),
        st.tuples(
            st.sampled_from(("one.mbox", "two.mbox")),
            st.sampled_from((letter(7), letter(7) + letter(8, "Anna"), letter(8, "Anna") + letter(7, "Bo"))),
        ),
        st.sampled_from((("undo", ""), ("redo", ""))),
    ),
    min_size=2,
    max_size=7,
)


@contextmanager
def _home() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), me=())
        people.set_me(world.desk, add=[ME])
        yield world
        world.close()


def _picture(world: World) -> dict[str, Any]:
    """Leave out the owner, whose addresses are kept once they were seen."""
    picture = world.roster_and_ties()
    return picture | {"people": {who: row for who, row in picture["people"].items() if row[0] != "me"}}


@settings(
    max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(STEPS)
def test_taking_back_is_exact_whatever_two_sources_told_in_turn(steps: list[tuple[str, str]]) -> None:
    with _home() as world:
        start = _picture(world)
        seen: dict[tuple[int, ...], Any] = {}

        def look() -> None:
            """See that the same changes in force always make the same picture, worked out step by step or anew."""
            gone = evidence_in_force(world)
            picture = _picture(world)
            assert seen.setdefault(gone, picture) == picture
            with world.database.transaction():
                derived.drop(world.database)
            assert _picture(world) == picture

        for name, text in steps:
            if text:
                (world.folder / name).write_text(text, encoding="utf-8")
                intake.import_(world.desk, [str(world.folder / name)])
            elif name == "undo" and evidence_in_force(world)[1:]:
                world.undo()
            elif name == "redo" and any(change.undone for change in upkeep.history(world.desk)):
                with suppress(AmityError):  # what was undone may be an undo
                    world.redo()
            look()
        end = _picture(world)
        taken = len(world.undo(len(evidence_in_force(world)) - 1)) if evidence_in_force(world)[1:] else 0
        assert _picture(world)["ties"] == start["ties"]
        look()
        for _ in range(taken):
            world.redo()
        assert _picture(world) == end
        assert upkeep.verify(world.desk).places == ()


def evidence_in_force(world: World) -> tuple[int, ...]:
    """Return the changes that undo would take back, in order."""
    return tuple(one.id for one in decisions.standing(world.database) if upkeep._matters(one))
