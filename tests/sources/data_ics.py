"""What the calendars bring to the contract that all sources keep."""

from pathlib import Path

EVENT = (
    "BEGIN:VEVENT\r\nUID:{0}@x.org\r\nDTSTART;TZID=Europe/Vienna:202001{1:02d}T140000\r\nDURATION:PT1H\r\nSUMMARY:s{0}\r\n"
    "ORGANIZER:mailto:me@y.org\r\nATTENDEE;CN=P{0}:mailto:p{0}@x.org\r\n{2}END:VEVENT\r\n"
)
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3\r\n"


def a_calendar(root: Path) -> Path:
    path = root / "calendar.txt"
    events = [EVENT.format(i, i + 1, WEEKLY if i % 10 == 4 else "") for i in range(30)]
    events.insert(9, "BEGIN:VEVENT\r\nUID:bad\r\nDTSTART:soon\r\nEND:VEVENT\r\n")
    path.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n", newline="")
    return path


def a_folder_of_events(root: Path) -> Path:
    path = root / "work"
    path.mkdir()
    for i in range(30):
        event = EVENT.format(i, i + 1, "")
        (path / f"{i:02d}.ics").write_text(f"BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n", newline="")
    (path / "99.ics").write_text("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:soon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    (path / "displayname").write_text("Work")
    return path


SAMPLES = {"icalendar": a_calendar}
N = 300_000
HOSTILE = {
    "edges": b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * (N // 13),
    "no line break": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:" + b"2" * N,
    "quotes": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE;CN=" + b'";"' * (N // 3) + b":x\nEND:VEVENT\n",
    "open quote": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\n" + b'ATTENDEE;CN="x:a@x.org\n' * (N // 23),
    "backslashes": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\nORGANIZER;CN=" + b"\\" * N + b"\nEND:VEVENT\n",
    "folds": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"\n " * (N // 2) + b"\nEND:VEVENT\n",
    "empty lines": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"\n" * N + b" x\nEND:VEVENT\n",
    "alarms": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"BEGIN:VALARM\n" * (N // 13) + b"END:VEVENT\n",
    "mailto": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\nATTENDEE:" + b"mailto:" * (N // 7) + b"\nEND:VEVENT\n",
    "dates": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\nRDATE:" + b"20200101," * (N // 9) + b"\nEND:VEVENT\n",
    "colons": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=" + b":" * N + b"\nEND:VEVENT\n",
    "soft breaks": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;QUOTED-PRINTABLE:" + b"=\n" * (N // 2) + b"\nEND:VEVENT\n",
    "never": b"BEGIN:VCALENDAR\n"
    + b"BEGIN:VEVENT\nDTSTART:00010101\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n" * 2000,
    "always": b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nDTSTART:00010101T000000\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n" * 2000,
    "changes": b"BEGIN:VCALENDAR\n"
    + b"".join(
        b"BEGIN:VEVENT\nUID:1\nDTSTART:20200101T000000Z\nRDATE:20200102T000000Z\nEND:VEVENT\n"
        b"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20200101T00%02d%02dZ\nDTSTART:2020\nEND:VEVENT\n"
        b"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20200101T00%02d%02dZ\nDTSTART:20200101\nEND:VEVENT\n"
        % (i // 60 % 60, i % 60, i // 60 % 60, i % 60)
        for i in range(5000)
    ),
    "zones": b"BEGIN:VCALENDAR\n"
    + b"".join(
        b"BEGIN:VTIMEZONE\nTZID:z%d\nBEGIN:STANDARD\nDTSTART:00010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\n"
        b"RRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=z%d:20200101T000000\nEND:VEVENT\n"
        % (i, i)
        for i in range(1000)
    ),
}
