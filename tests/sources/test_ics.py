"""Calendars: what is read of an event, when it takes place, and who took part."""

import itertools
import tarfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.model import Channel, Event, Handle, Item, Known, Mark, Moment, Party, Role, Since, Trouble
from amity.sources import ics, recurrence
from amity.sources.lines import describe
from tests.sources.data_ics import HOSTILE, a_calendar, a_folder_of_events

FUZZ = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fuzz" / "fuzz.tar.xz"
NOON_2026 = int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp())


def epoch(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())


def items(text: str | bytes, until: int | None = None) -> list[Moment | Trouble]:
    data = text.encode() if isinstance(text, str) else text
    return list(ics.Calendar(data, until).items())


def event(*lines: str, around: str = "") -> str:
    return "\n".join(
        ("BEGIN:VCALENDAR", *filter(None, [around]), "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")
    )


def only(text: str | bytes, until: int | None = None) -> Moment:
    (moment,) = items(text, until)
    assert isinstance(moment, Moment)
    return moment


def days(text: str, until: int = NOON_2026) -> list[str]:
    found = [item for item in items(text, until) if isinstance(item, Moment)]
    return [datetime.fromtimestamp(item.at, UTC).strftime("%Y-%m-%d %H:%M") for item in found]


DINNER = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:dinner@river.example
DTSTART;TZID=Europe/Vienna:20260102T190000
DTEND;TZID=Europe/Vienna:20260102T213000
SUMMARY:Dinner\\, by the
  river\\; bring wine
STATUS:CONFIRMED
ORGANIZER;CN="Lund: Kim; Boats":MAILTO:Kim@River.example
ATTENDEE;PARTSTAT=ACCEPTED;CN=Ana Sá:mailto:ana@x.org
ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:bo@x.org
ATTENDEE;PARTSTAT=TENTATIVE:mailto:cy@x.org
ATTENDEE;CUTYPE=ROOM;CN=Cellar:mailto:cellar@x.org
ATTENDEE;CN=kim@river.example:mailto:kim@river.example
LOCATION:Quay 5\\nVienna
X-THING;X="a:b":c
BEGIN:VALARM
SUMMARY:Reminder
DTSTART:19990101T000000Z
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def test_a_dinner_with_everything():
    moment = only(DINNER)
    assert moment.told == Event(
        uid="dinner@river.example",
        start="2026-01-02T19:00:00",
        end="2026-01-02T21:30:00",
        status="CONFIRMED",
        organizer="kim@river.example",
        attendees=("ana@x.org", "bo@x.org", "cy@x.org", "cellar@x.org", "kim@river.example"),
        location="Quay 5 Vienna",
    )
    assert moment.subject == "Dinner, by the river; bring wine"
    assert moment.channel is Channel.MEETING
    assert moment.at == epoch(2026, 1, 2, 18)
    assert moment.minutes == 150
    assert moment.place == 3
    assert moment.parties == (
        Party(Role.FROM, "Lund: Kim; Boats", Handle("email", "kim@river.example")),
        Party(Role.TO, "Ana Sá", Handle("email", "ana@x.org")),
        Party(Role.TO, "", Handle("email", "cy@x.org")),
    )


@pytest.mark.parametrize(
    ("lines", "start", "end", "all_day", "at"),
    [
        (("DTSTART:20260102T090000Z", "DTEND:20260102T100000Z"), "2026-01-02T09:00:00Z", "2026-01-02T10:00:00Z", False,
         epoch(2026, 1, 2, 9)),
        (("DTSTART:20260102T090000",), "2026-01-02T09:00:00", "", False, epoch(2026, 1, 2, 9)),
        (("DTSTART;VALUE=DATE:20260102", "DURATION:P2D"), "2026-01-02", "2026-01-04", True, epoch(2026, 1, 2)),
        (("DTSTART:20260102", "DTEND:20260103"), "2026-01-02", "2026-01-03", True, epoch(2026, 1, 2)),
        (("DTSTART:20260102T0900",), "2026-01-02T09:00:00", "", False, epoch(2026, 1, 2, 9)),
        (("DTSTART:2026-01-02T09:00:00+02:00",), "2026-01-02T09:00:00", "", False, epoch(2026, 1, 2, 7)),
        (("DTSTART:18620515T090000Z",), "1862-05-15T09:00:00Z", "", False, epoch(1862, 5, 15, 9)),
        (("DTSTART:20260102T240000Z",), "2026-01-03T00:00:00Z", "", False, epoch(2026, 1, 3)),
        (("DTSTART;TZID=Europe/Vienna:20260328T190000", "DURATION:P1DT1H"), "2026-03-28T19:00:00",
         "2026-03-29T20:00:00", False, epoch(2026, 3, 28, 18)),
        (("DTSTART;TZID=Europe/Vienna:20260328T230000", "DURATION:PT8H"), "2026-03-28T23:00:00",
         "2026-03-29T08:00:00", False, epoch(2026, 3, 28, 22)),
        (("DTSTART;TZID=W. Europe Standard Time:20260702T090000",), "2026-07-02T09:00:00", "", False,
         epoch(2026, 7, 2, 7)),
        (("DTSTART;TZID=/mozilla.org/20050126_1/America/New_York:20260702T090000",), "2026-07-02T09:00:00", "", False,
         epoch(2026, 7, 2, 13)),
        (("DTSTART;TZID=(UTC-03:00) Brasília:20260702T090000",), "2026-07-02T09:00:00", "", False,
         epoch(2026, 7, 2, 12)),
        (("DTSTART;TZID=Nowhere/At_All:20260702T090000",), "2026-07-02T09:00:00", "", False, epoch(2026, 7, 2, 9)),
        (("DTSTART:20260102T090000Z", "DTEND:tomorrow"), "2026-01-02T09:00:00Z", "", False, epoch(2026, 1, 2, 9)),
    ],
)  # fmt: skip
def test_times_as_they_are_written(lines, start, end, all_day, at):
    moment = only(event(*lines))
    assert isinstance(moment.told, Event)
    assert (moment.told.start, moment.told.end, moment.told.all_day, moment.at) == (start, end, all_day, at)


RIVER_TIME = """BEGIN:VTIMEZONE
TZID:River Time
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@given(st.datetimes(datetime(1997, 1, 1), datetime(2090, 1, 1)))
def test_a_zones_own_rules_say_what_the_database_says(local):
    written = local.strftime("%Y%m%dT%H%M%S")
    own = only(event(f"DTSTART;TZID=River Time:{written}", around=RIVER_TIME))
    assert own.at == only(event(f"DTSTART;TZID=Europe/Vienna:{written}")).at


def test_a_recurring_event_is_one_until_it_is_spread_out():
    weekly = event("UID:w", "DTSTART;TZID=Europe/Vienna:20260318T100000", "RRULE:FREQ=WEEKLY;COUNT=3")
    moment = only(weekly)
    assert isinstance(moment.told, Event)
    assert moment.told.recurring
    # Ten o'clock on the wall, summer time or not.
    assert days(weekly) == ["2026-03-18 09:00", "2026-03-25 09:00", "2026-04-01 08:00"]
    assert days(weekly, epoch(2026, 3, 25, 9)) == ["2026-03-18 09:00", "2026-03-25 09:00"]
    keys = [item.key for item in items(weekly, NOON_2026)]
    assert moment.key == keys[0]
    assert len(set(keys)) == 3


def test_days_left_out_added_and_moved():
    calendar = "\n".join((
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:w", "SUMMARY:Choir", "DTSTART;TZID=Europe/Vienna:20260106T190000",
        "RRULE:FREQ=WEEKLY;UNTIL=20260203T180000Z", "EXDATE;TZID=Europe/Vienna:20260113T190000",
        "EXDATE;VALUE=DATE:20260203", "RDATE;VALUE=PERIOD:20260214T180000Z/PT1H", "END:VEVENT",
        "BEGIN:VEVENT", "UID:w", "SUMMARY:Choir\\, later", "RECURRENCE-ID:20260120T180000Z",
        "DTSTART:20260121T193000Z", "END:VEVENT",
        "BEGIN:VEVENT", "UID:w", "RECURRENCE-ID;TZID=Europe/Vienna:20260127T190000", "STATUS:CANCELLED",
        "DTSTART;TZID=Europe/Vienna:20260127T190000", "ATTENDEE:mailto:ana@x.org", "END:VEVENT", "END:VCALENDAR",
    ))  # fmt: skip
    found = items(calendar, NOON_2026)
    assert days(calendar) == ["2026-01-06 18:00", "2026-02-14 18:00", "2026-01-21 19:30", "2026-01-27 18:00"]
    assert [item.subject for item in found if isinstance(item, Moment)][2] == "Choir, later"
    assert found[-1].parties == ()  # cancelled: told, and no contact
    assert len(items(calendar)) == 3


def test_of_two_versions_of_an_event_the_later_counts():
    both = (
        event("UID:a", "SEQUENCE:1", "DTSTART:20260102T090000Z", "SUMMARY:old")
        + "\n"
        + event("UID:a", "SEQUENCE:2", "DTSTART:20260103T090000Z", "SUMMARY:new")
    )
    assert days(both) == ["2026-01-03 09:00"]
    assert len(items(both)) == 2


CHOIR = ("UID:w", "SUMMARY:Choir", "DTSTART;TZID=Europe/Vienna:20260310T190000", "RRULE:FREQ=WEEKLY;COUNT=6")


def series(*changes: tuple[str, ...]) -> str:
    events = ("\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT")) for lines in (CHOIR, *(("UID:w", *c) for c in changes)))
    return "\n".join(("BEGIN:VCALENDAR", *events, "END:VCALENDAR"))


def told(text: str) -> list[tuple[str, str, int]]:
    moments = sorted((item for item in items(text, NOON_2026) if isinstance(item, Moment)), key=lambda item: item.at)
    return [
        (datetime.fromtimestamp(item.at, UTC).strftime("%m-%d %H:%M"), item.subject, item.minutes) for item in moments
    ]


def test_from_one_evening_on_the_choir_meets_an_hour_later():
    later = ("SUMMARY:Choir, late", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Vienna:20260324T190000",
             "DTSTART;TZID=Europe/Vienna:20260325T200000", "DURATION:PT2H")  # fmt: skip
    once = ("SUMMARY:Concert", "RECURRENCE-ID:20260407T170000Z", "DTSTART:20260411T180000Z")
    expected = [
        ("03-10 18:00", "Choir", 0),
        ("03-17 18:00", "Choir", 0),
        ("03-25 19:00", "Choir, late", 120),
        ("04-01 18:00", "Choir, late", 120),  # eight on the wall, summer time or not
        ("04-11 18:00", "Concert", 0),
        ("04-15 18:00", "Choir, late", 120),
    ]
    assert told(series(later, once)) == expected
    assert told(series(once, later)) == expected
    in_utc = (*later[:2], "DTSTART:20260325T190000Z", "DURATION:PT2H")
    assert told(series(in_utc, once)) == expected
    assert len(items(series(later, once))) == 3  # told once, as written, where nothing is spread out


def test_the_later_of_two_changes_holds_and_one_that_cancels_ends_it():
    wine = ("SUMMARY:Wine", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260317T180000Z", "DTSTART:20260317T180000Z")
    tea = ("SUMMARY:Tea", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260331T170000Z", "DTSTART:20260331T170000Z")
    assert [subject for _, subject, _ in told(series(tea, wine))] == ["Choir", "Wine", "Wine", "Tea", "Tea", "Tea"]
    end = (*tea, "STATUS:CANCELLED", "ATTENDEE:mailto:ana@x.org")
    moments = items(series((*wine, "ATTENDEE:mailto:ana@x.org"), end), NOON_2026)
    assert sum(bool(item.parties) for item in moments if isinstance(item, Moment)) == 2


def test_a_change_that_brings_days_of_its_own_ends_what_was():
    own = ("SUMMARY:Trio", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260324T180000Z", "DTSTART:20260326T180000Z",
           "RDATE:20260326T180000Z,20260402T180000Z")  # fmt: skip
    assert [(day[:5], subject) for day, subject, _ in told(series(own))] == [
        ("03-10", "Choir"), ("03-17", "Choir"), ("03-26", "Trio"), ("04-02", "Trio"),
    ]  # fmt: skip


@given(st.integers(0, 5), st.booleans())
def test_a_change_that_moves_nothing_changes_no_day(which, whole_days):
    plain = series()
    if whole_days:
        plain = plain.replace("DTSTART;TZID=Europe/Vienna:20260310T190000", "DTSTART;VALUE=DATE:20260310")
    day = (datetime(2026, 3, 10) + timedelta(weeks=which)).strftime("%Y%m%d")
    value = f";VALUE=DATE:{day}" if whole_days else f";TZID=Europe/Vienna:{day}T190000"
    change = ("BEGIN:VEVENT", "UID:w", f"RECURRENCE-ID;RANGE=THISANDFUTURE{value}", f"DTSTART{value}", "END:VEVENT")
    changed = plain.replace("END:VCALENDAR", "\n".join((*change, "END:VCALENDAR")))
    assert sorted(days(changed)) == days(plain)
    assert {item.key for item in items(changed, NOON_2026)} == {item.key for item in items(plain, NOON_2026)}


def test_a_change_beyond_the_calendar_is_told():
    far = ("RECURRENCE-ID;RANGE=THISANDFUTURE:20260317T180000Z", "DTSTART:99991231T235959Z")
    *found, trouble, _ = items(series(far), NOON_2026)
    assert len(found) == 5
    assert isinstance(trouble, Trouble)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("DTSTART:20260702T090000", epoch(2026, 7, 2, 13)),
        ("DTSTART:20260702T090000Z", epoch(2026, 7, 2, 9)),
        ("DTSTART;TZID=Europe/Vienna:20260702T090000", epoch(2026, 7, 2, 7)),
        ("DTSTART;VALUE=DATE:20260702", epoch(2026, 7, 2)),
    ],
)
def test_a_time_without_a_zone_is_in_that_of_its_calendar(line, at):
    assert only(event(line, around="X-WR-CALNAME:Home\nX-WR-TIMEZONE:America/New_York")).at == at
    both = event("DTSTART:20260702T090000", around="X-WR-TIMEZONE:Europe/Vienna") + "\n" + event(line)
    assert next(iter(items(both, NOON_2026 * 2))).at == epoch(2026, 7, 2, 7)  # each calendar has its own


def test_of_a_series_in_the_zone_of_its_calendar_days_are_left_out_by_its_clock():
    lines = ("UID:w", "DTSTART:20260702T090000", "RRULE:FREQ=DAILY;UNTIL=20260704T090000", "EXDATE:20260703T130000Z")
    assert days(event(*lines, around="X-WR-TIMEZONE:America/New_York"), NOON_2026 * 2) == [
        "2026-07-02 13:00", "2026-07-04 13:00",
    ]  # fmt: skip


def test_a_cancellation_beside_the_invitation_calls_it_off():
    lines = ("UID:a", "SEQUENCE:1", "DTSTART:20260302T090000Z", "ORGANIZER:mailto:kim@x.org", "ATTENDEE:mailto:a@x.org")
    asked = event(*lines, around="METHOD:REQUEST")
    moved = event(*lines, "RECURRENCE-ID:20260309T090000Z", around="METHOD:REQUEST")
    off = event("UID:a", "SEQUENCE:1", "DTSTART:20260302T090000Z", around="METHOD:CANCEL")
    for order in ((asked, moved, off), (off, moved, asked)):
        found = items("\n".join(order), NOON_2026)
        assert len(found) == 2
        assert not any(item.parties for item in found if isinstance(item, Moment))
    again = event(*lines, around="METHOD:REQUEST").replace("SEQUENCE:1", "SEQUENCE:2")
    assert [len(item.parties) for item in items(f"{asked}\n{off}\n{again}", NOON_2026)] == [2]
    one = event("UID:a", "SEQUENCE:1", "RECURRENCE-ID:20260309T090000Z", around="METHOD:CANCEL")
    found = items(f"{asked}\n{one}", NOON_2026)  # a day called off need not say again when it would have begun
    assert [(item.at, len(item.parties)) for item in found if isinstance(item, Moment)] == [
        (epoch(2026, 3, 2, 9), 2), (epoch(2026, 3, 9, 9), 0),
    ]  # fmt: skip


def test_what_was_cancelled_is_no_contact():
    lines = ("DTSTART:20260102T090000Z", "ORGANIZER:mailto:kim@x.org", "ATTENDEE:mailto:ana@x.org")
    assert len(only(event(*lines)).parties) == 2
    assert only(event(*lines, "STATUS:CANCELLED")).parties == ()
    assert only(event(*lines, around="METHOD:CANCEL")).parties == ()


def test_ones_own_time_is_no_meeting():
    assert only(event("DTSTART:20260102T090000Z")).parties == ()
    block = event("DTSTART:20260102T090000Z", "ORGANIZER:mailto:me@x.org", "ATTENDEE:mailto:me@x.org")
    assert only(block).parties == (Party(Role.FROM, "", Handle("email", "me@x.org")),)


def test_participants_without_a_mail_address():
    parties = only(
        event(
            "DTSTART:20260102T090000Z",
            "ORGANIZER;CN=Team:mailto:abc@group.calendar.google.com",
            "ATTENDEE;CN=Ana Sá;EMAIL=ana@x.org:/aMTQ/principal/",
            "ATTENDEE;CN=Bo Berg:invalid:nomail",
            "ATTENDEE:tel:+43 1 234 5678",
            "ATTENDEE:urn:uuid:5",
            "ATTENDEE;CN=Cy\\: Ltd: MAILTO:cy@x.org",
        )
    ).parties
    assert [(party.name, party.handle.value) for party in parties] == [
        ("Ana Sá", "ana@x.org"),
        ("Bo Berg", "bo berg"),
        ("", "+4312345678"),
        ("Cy: Ltd", "cy@x.org"),
    ]


def test_a_broken_event_never_takes_its_neighbours_along():
    text = "\n".join((
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "DTSTART:20260102", "BEGIN:VALARM", "TRIGGER:x",
        "BEGIN:VEVENT", "UID:2", "DTSTART:20269902", "END:VEVENT",
        "BEGIN:VTODO", "DTSTART:20260103", "END:VTODO",
        "BEGIN:VEVENT", "UID:3", 'ATTENDEE;CN="never closed:mailto:ana@x.org', "DTSTART:20260104", "END:VCALENDAR",
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:4", "DTSTART:20260105",
    ))  # fmt: skip
    found = items(text)
    assert [item.told.uid if isinstance(item, Moment) else item.place for item in found] == ["1", 7, "3", "4"]
    assert isinstance(found[1], Trouble)
    assert found[1].reason == 'DTSTART "20269902" is no date'
    assert found[1].kept.startswith(b"BEGIN:VEVENT")
    assert found[2].parties[0].handle.value == "ana@x.org"


def test_an_answer_without_a_day_is_read_and_set_aside_on_import():
    answer = event("UID:a", "SUMMARY:Re", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@x.org", around="METHOD:REPLY")
    moment = only(answer)
    assert moment.imprecise
    assert moment.parties == ()
    assert isinstance(moment.told, Event)
    assert (moment.told.start, moment.told.attendees) == ("", ("ana@x.org",))
    assert [type(item) for item in items(answer, NOON_2026)] == [Trouble]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_every_encoding_and_line_break(tmp_path, encoding, newline):
    path = tmp_path / "a"
    path.write_bytes(event("DTSTART:20260102", "SUMMARY:Café Sá").replace("\n", newline).encode(encoding))
    assert ics.recognise(path, path.read_bytes()[:4096])
    assert next(ics.read(path, Since())).subject == "Café Sá"


def test_a_fold_inside_a_character_and_behind_an_empty_line():
    data = event("DTSTART:20260102", "SUMMARY:Sá", "UID\n\n :5").encode().replace("á".encode(), b"\xc3\r\n \xa1")
    moment = only(data)
    assert moment.subject == "Sá"
    assert moment.told.uid == "5"


def test_an_old_vcalendar_in_quoted_printable():
    moment = only(event("DTSTART:19980403T190000", "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:S=C3=\n=A1"))
    assert moment.subject == "Sá"


FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]


@st.composite
def rules(draw) -> str:
    frequency = draw(st.sampled_from(FREQUENCIES))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]

    def some(name: str, values: st.SearchStrategy, chance: int = 4) -> None:
        if draw(st.integers(1, chance)) == 1:
            chosen = draw(st.lists(values, min_size=1, max_size=3, unique=True))
            parts.append(f"{name}={','.join(map(str, chosen))}")

    some("BYMONTH", st.integers(1, 12))
    some("BYMONTHDAY", st.integers(-31, 31).filter(bool))
    weekday = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
    if frequency in ("YEARLY", "MONTHLY") and draw(st.booleans()):
        some("BYDAY", st.builds("{}{}".format, st.sampled_from([-5, -1, 1, 2, 5]), weekday), 2)
    else:
        some("BYDAY", weekday, 2)
    if frequency == "YEARLY":
        some("BYYEARDAY", st.integers(-366, 366).filter(bool), 6)
        some("BYWEEKNO", st.integers(-53, 53).filter(bool), 6)
    if frequency != "HOURLY":  # of hours that the interval never meets dateutil says that they are wrong
        some("BYHOUR", st.integers(0, 23), 6)
    some("BYMINUTE", st.integers(0, 59), 6)
    if frequency in ("YEARLY", "MONTHLY"):
        some("BYSETPOS", st.integers(-3, 3).filter(bool))
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(weekday)}")
    return ";".join(parts)


# dateutil looks for what never comes until the year 9999, so this begins shortly before.
@settings(max_examples=150, deadline=None)
@given(rules(), st.datetimes(datetime(9990, 1, 1), datetime(9996, 1, 1)))
def test_rules_come_true_when_dateutil_says(text, start):
    start = start.replace(microsecond=0)
    last = start + timedelta(days=900)
    theirs = list(itertools.takewhile(lambda at: at <= last, rrule.rrulestr(text, dtstart=start)))
    ours = recurrence.spread(recurrence.parse(text), start, last, recurrence.Purse(10**7))
    assert list(ours) == theirs


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=3", ["2026-01-05", "2026-01-12", "2026-01-13"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["2026-01-30", "2026-02-27"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=1", ["2026-11-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["2026-01-31", "2026-03-31"]),
        ("freq=weekly; byday=mo, we;count=2;", ["2026-01-05", "2026-01-07"]),
        ("FREQ=WEEKLY;COUNT=-1;UNTIL=20260108", ["2026-01-01", "2026-01-08"]),
    ],
)
def test_rules_as_programs_write_them(rule, expected):
    found = days(event("DTSTART:20260101T100000Z", f"RRULE:{rule}"), epoch(2027, 1, 1))
    assert [day[:10] for day in found if day[:10] in expected] == expected
    assert len(set(found) - {"2026-01-01 10:00"} - {f"{day} 10:00" for day in expected}) == 0


@pytest.mark.parametrize("rule", ["", "FREQ=SOMETIMES", "FREQ=DAILY;BYHOUR=99", "FREQ=DAILY;UNTIL=never", "W1 MO #0"])
def test_a_rule_that_says_nothing_leaves_the_first_day_and_a_trouble(rule):
    found = items(event("DTSTART:20260101T100000Z", f"RRULE:{rule or ';'}"), NOON_2026)
    assert [type(item) for item in found] == [Moment, Trouble]


def test_of_too_many_times_the_latest_are_told():
    found = items(event("UID:d", "DTSTART:19900101T100000Z", "RRULE:FREQ=DAILY"), NOON_2026)
    assert len(found) == ics.OCCURRENCES + 1
    assert found[-2].at == epoch(2026, 6, 1, 10)
    assert isinstance(found[-1], Trouble)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_calendar_made_to_hang(name):
    begun = time.process_time()
    for until in (None, NOON_2026):
        for item in ics.Calendar(HOSTILE[name], until).items():
            repr(item).encode()
    assert time.process_time() - begun < 8


ODD_LINES = st.lists(
    st.sampled_from([
        b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VALARM", b"BEGIN:VTIMEZONE",
        b"TZID:x", b"BEGIN:STANDARD", b"TZOFFSETTO:+0100", b"TZOFFSETFROM:-2500", b"END:STANDARD", b"END:VTIMEZONE",
        b"DTSTART:20200101", b"DTSTART;TZID=x:20200101T000000", b"DTSTART:99991231T235959", b"DTSTART:00010101T000000Z",
        b"DURATION:P999999D", b"DURATION:-PT5H", b"RRULE:FREQ=DAILY;INTERVAL=999999999", b"RRULE:FREQ=YEARLY;COUNT=4",
        b"RRULE:FREQ=MONTHLY;BYSETPOS=5;BYDAY=5MO", b"EXDATE:20200102", b"RDATE:x,20200105", b"UID:1", b"SEQUENCE:3",
        b"RECURRENCE-ID;VALUE=DATE:20200101", b"RECURRENCE-ID;RANGE=THISANDFUTURE:20200102T000000",
        b"METHOD:CANCEL", b"X-WR-TIMEZONE:x", b"STATUS:CANCELLED",
        b"ATTENDEE;CN=x:mailto:a@x", b"ATTENDEE;", b" ", b"\xff", b"",
    ])
    | st.binary(max_size=40)
)  # fmt: skip


@settings(deadline=None)
@given(ODD_LINES, st.sampled_from([None, NOON_2026, 10**12, -(10**12)]))
def test_nothing_raises_and_everything_ends(lines, until):
    for item in items(b"BEGIN:VCALENDAR\n" + b"\n".join(lines), until):
        assert isinstance(item, Moment | Trouble)
        repr(item).encode()


# --- files and folders


def test_a_file_that_has_not_changed_is_known(tmp_path):
    path = a_calendar(tmp_path)
    first = list(ics.read(path, Since(until=NOON_2026)))
    assert sum(isinstance(item, Moment) for item in first) == 36
    mark = first[-1]
    assert isinstance(mark, Mark)
    again = list(ics.read(path, Since(mark.state, until=NOON_2026 + 999_999)))
    assert again == [Known(36), Mark(mark.state, 1.0)]
    path.touch()
    assert next(ics.read(path, Since(mark.state, until=NOON_2026))) == Known(36)
    path.write_text(path.read_text().replace("s3", "changed"))
    assert not [item for item in ics.read(path, Since(mark.state, until=NOON_2026)) if isinstance(item, Known)]


def test_a_weekly_meeting_goes_on_though_its_file_does_not_change(tmp_path):
    path = tmp_path / "a.ics"
    path.write_text(event("UID:w", "DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY"))
    monday, next_monday = epoch(2026, 1, 12, 10), epoch(2026, 1, 19, 10)
    *first, mark = ics.read(path, Since(until=monday))
    assert len(first) == 2
    assert isinstance(mark, Mark)
    assert next(ics.read(path, Since(mark.state, until=next_monday - 1))) == Known(2)
    assert len(list(ics.read(path, Since(mark.state, until=next_monday)))) == 4


def test_a_folder_with_a_file_an_event(tmp_path, monkeypatch):
    monkeypatch.setattr(ics, "_BATCH", 4)
    path = a_folder_of_events(tmp_path)
    assert ics.recognise(path, b"")
    found: list[Item] = list(ics.read(path, Since()))
    assert sum(isinstance(item, Moment) for item in found) == 30
    (trouble,) = [item for item in found if isinstance(item, Trouble)]
    assert trouble.place == "99.ics:2"
    mark = found[-1]
    assert isinstance(mark, Mark)
    (path / "05.ics").unlink()
    (path / "06.ics").write_text(event("UID:new", "DTSTART:20260102"))
    again = list(ics.read(path, Since(mark.state)))
    assert sum(item.items for item in again if isinstance(item, Known)) == 28
    assert [item.told.uid for item in again if isinstance(item, Moment) and isinstance(item.told, Event)] == ["new"]


def test_a_large_file_is_mapped_and_read_the_same(tmp_path, monkeypatch):
    path = a_calendar(tmp_path)
    whole = list(ics.read(path, Since()))
    monkeypatch.setattr(ics, "_MAPPED", 10)
    assert list(ics.read(path, Since())) == whole


def test_what_is_no_calendar(tmp_path):
    path = tmp_path / "a.ics"
    path.write_text("nothing")
    assert not ics.recognise(tmp_path / "b.txt", b"nothing\nBEGIN:VCALENDAR")
    assert [type(item) for item in ics.read(path, Since())] == [Trouble, Mark]
    path.write_bytes(b"")
    assert [type(item) for item in ics.read(path, Since())] == [Mark]


@pytest.mark.skipif(not FUZZ.exists(), reason="the odd files of other projects are not at hand")
def test_odd_calendars_of_other_projects_neither_raise_nor_vanish():
    seen: Counter[str] = Counter()
    with tarfile.open(FUZZ) as tar:
        for member in tar:
            if not member.isfile() or "/ics/" not in member.name or (file := tar.extractfile(member)) is None:
                continue
            data = file.read()
            lines = [line.strip().upper() for line in data.replace(b"\r", b"\n").split(b"\n")]
            begun = lines.count(b"BEGIN:VEVENT")
            found = items(data)
            seen["files"] += 1
            seen["events"] += sum(isinstance(item, Moment) for item in found)
            if begun:  # of some, only the end is there to be read
                assert begun <= len(found) <= begun + (member.name.endswith("malloc.ics")), member.name
            if len(data) < 100_000:
                items(data, NOON_2026)
    assert seen["files"] > 350
    assert seen["events"] > 3000


def test_five_thousand_events_in_a_second_and_a_half():
    text = DINNER.partition("BEGIN:VEVENT")[2].partition("END:VCALENDAR")[0]
    data = (
        "BEGIN:VCALENDAR\n" + "".join("BEGIN:VEVENT" + text.replace("dinner@", f"{i}@") for i in range(5000))
    ).encode()
    begun = time.process_time()
    assert len(items(data)) == 5000
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("begin", ["", "BEGXN:VEVENT\n", "BEGIN:VEVXNT\n", "BEGIN:VEVENT hello\n"])
def test_an_event_whose_begin_is_damaged_is_read_all_the_same(begin):
    text = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\n{begin}UID:1@x.org\nDTSTART:20260105T100000Z\nSUMMARY:Walk\nEND:VEVENT\n"
        f"{begin}DTSTART:20260106T100000Z\nSUMMARY:Talk\nEND:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert [item.subject for item in items(text, NOON_2026) if isinstance(item, Moment)] == ["Walk", "Talk"]
    (trouble,) = items("BEGIN:VCALENDAR\nSUMMARY:Walk\nEND:VEVENT\nEND:VCALENDAR\n", NOON_2026)
    assert isinstance(trouble, Trouble)


def test_a_change_of_a_day_that_cannot_be_read_is_told_by_itself():
    odd = ("SUMMARY:Trio", "RECURRENCE-ID;RANGE=THISANDFUTURE:soon", "DTSTART:20260326T180000Z", "RRULE:FREQ=DAILY")
    assert len(told(series(odd))) == 7
    assert len(told(series(odd).replace("UID:w\nSUMMARY:Trio", "SUMMARY:Trio"))) == 7


WALK = ("UID:walk@home.example", "ORGANIZER:mailto:mia@x.org", "ATTENDEE:mailto:ana@x.org", "DTSTART:20260102T090000Z")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("20260102", "20260103"),
        ("ATTENDEE:", "ATTENDEE;PARTSTAT=DECLINED:"),
        ("ATTENDEE:mailto:ana", "ATTENDEE:mailto:bo"),
        ("DTSTART", "STATUS:CANCELLED\nDTSTART"),
    ],
)
def test_a_changed_event_is_another_version_of_the_same(before, after):
    first, then = only(event(*WALK), NOON_2026), only(event(*WALK).replace(before, after), NOON_2026)
    assert then.key != first.key
    assert then.same == first.same != b""


@pytest.mark.parametrize(
    ("before", "after"), [("DTSTART", "SUMMARY:Walk\nDTSTART"), ("ATTENDEE:", "ATTENDEE;CN=Ana:"), ("ana@", "Ana@")]
)
def test_what_another_calendar_may_write_otherwise_makes_no_version(before, after):
    first, then = only(event(*WALK), NOON_2026), only(event(*WALK).replace(before, after), NOON_2026)
    assert (then.key, then.same) == (first.key, first.same)


def test_a_copy_that_hides_its_guests_and_an_answer_stand_in_for_nothing():
    assert only(event(WALK[0], WALK[3]), NOON_2026).same == b""
    answer = only(event(*WALK, around="METHOD:REPLY"), NOON_2026)
    assert (answer.same, answer.parties) == (b"", ())
    for uid in ((), ("UID:7",)):  # without an id nobody can tell, and many calendars have an event number 7
        first, then = (only(event(*uid, *lines), NOON_2026) for lines in (WALK[1:], WALK[2:]))
        assert first.same == then.same == b""
        assert uid == () or first.key == then.key


def test_each_time_of_a_series_is_a_thing_of_its_own_wherever_it_is_moved():
    moved = ("RECURRENCE-ID:20260317T180000Z", "DTSTART:20260318T180000Z", "ATTENDEE:mailto:ana@x.org")
    later = (
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260324T180000Z",
        "DTSTART:20260326T180000Z",
        "ATTENDEE:mailto:b@x.org",
    )
    guest, changed = (
        text.replace("SUMMARY:Choir", "ATTENDEE:mailto:ana@x.org").replace("UID:w", "UID:choir@x.org")
        for text in (series(), series(moved, later))
    )
    as_planned = {item.same for item in items(guest, NOON_2026) if isinstance(item, Moment)}
    assert len(as_planned) == 6
    assert {item.same for item in items(changed, NOON_2026) if isinstance(item, Moment)} == as_planned
    assert len({same[:8] for same in as_planned}) == 1
    assert bytes(8) not in {same[8:] for same in as_planned}  # that stands for what takes place once


def test_a_byte_lost_from_a_calendar_of_two_bytes_a_letter_is_told(tmp_path):
    path = tmp_path / "a.ics"
    for charset in ("utf-16", "utf-16-le", "utf-16-be"):
        data = "".join(event(f"UID:{i}", "DTSTART:20260102") for i in range(5)).encode(charset)
        path.write_bytes(data)
        assert ics.recognise(path, data[:4096])
        assert [type(item) for item in ics.read(path, Since())] == [Moment] * 5 + [Mark]
        path.write_bytes(data[:300] + data[301:])
        troubles = [item for item in ics.read(path, Since()) if isinstance(item, Trouble)]
        assert troubles[-1].reason.startswith("the file ends in half a letter")


def test_an_event_whose_day_cannot_be_read_is_shown_with_what_else_it_says():
    lines = ("UID:visit-1", "DTSTART:2026-\n 99", "DTEND:20260102T120000Z", "SUMMARY:Visit", "LOCATION:Graz")
    (trouble,) = items(event(*lines))
    assert isinstance(trouble, Trouble)
    told = describe(trouble)["moment"]
    assert told["trouble"] == 'DTSTART "2026-99" is no date'
    assert told["when"] is told["start"] is None
    assert (told["uid"], told["subject"], told["end"]) == ("visit-1", "Visit", "2026-01-02T12:00:00Z")
