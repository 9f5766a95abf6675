"""Calls as tables, as the logs of phones and of programs around them come."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Channel, Depth, Handle, Mark, Moment, Role, Since, Trouble
from amity.sources import call_log


@pytest.fixture
def write(tmp_path):
    def written(text: str) -> Path:
        path = tmp_path / "calls.csv"
        path.write_text(text)
        return path

    return written


def read(path: Path) -> list[Moment | Trouble]:
    return [item for item in call_log.read(path, Since()) if not isinstance(item, Mark)]


def test_calls_in_both_directions(write):
    path = write(
        "Name,Phone Number,Call Type,Date,Time,Duration\n"
        "Ana,+43 1 58801,Outgoing,2024-03-05,14:05:06,125\n,(01) 588 02,incoming,2024-03-05,15:00,0:01:30\n"
        "Bo,+4366412345,Missed,2024-03-06,9:00 PM,0\n"
    )
    assert call_log.recognise(path, path.read_bytes())
    out, into, missed = read(path)
    assert isinstance(out, Moment)
    assert isinstance(into, Moment)
    assert isinstance(missed, Moment)
    assert (out.channel, out.at, out.minutes, out.depth) == (Channel.CALL, 1709647506, 2, Depth.ORDINARY)
    assert [(p.role, p.handle) for p in out.parties] == [
        (Role.FROM, Handle("me", "me")),
        (Role.TO, Handle("phone", "+43158801")),
    ]
    assert [p.role for p in into.parties if p.handle.kind == "phone"] == [Role.FROM]
    assert into.minutes == 2
    assert (missed.depth, missed.minutes) == (Depth.PASSING, 0)


def test_german_columns_and_days_with_points(write):
    path = write("Anrufart;Datum;Name;Rufnummer;Dauer\nausgehend;05.03.24 14:05;Ana;0158801;00:02:00\n")
    assert call_log.recognise(path, path.read_bytes())
    (moment,) = read(path)
    assert isinstance(moment, Moment)
    assert (moment.at, moment.minutes, moment.parties[1].role) == (1709647500, 2, Role.TO)


def test_milliseconds_since_1970_and_kinds_as_numbers(write):
    (moment,) = read(write("number,date,duration,type\n+43158801,1709647506000,60,2\n"))
    assert isinstance(moment, Moment)
    assert (moment.at, moment.parties[0].handle.kind) == (1709647506, "me")


def test_equal_rows_are_calls_of_their_own(write):
    row = "+43158801,2024-03-05 14:05,60,in\n"
    keys = [item.key for item in read(write("number,date,duration,type\n" + row + row)) if isinstance(item, Moment)]
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    ("text", "found"), [("75", 75), ("1:15", 75), ("0:01:15", 75), ("1 min 15 s", 75), ("1h 2m", 3720), ("soon", 0)]
)
def test_durations(text, found):
    assert call_log.seconds(text, False) == found
    assert call_log.seconds("2", True) == 120


@pytest.mark.parametrize(
    "header",
    ["when,channel,from,to,duration", "Name,Phone,Date", "number,date,amount,duration", "Name,Email", "date,duration"],
)
def test_what_is_not_clearly_a_log_of_calls_is_left_alone(write, header):
    path = write(header + "\n1,2,3\n")
    assert not call_log.recognise(path, path.read_bytes())


@given(st.lists(st.text(max_size=20), min_size=4, max_size=4), st.booleans())
def test_no_row_ever_raises(tmp_path_factory, cells, day_first):
    path = tmp_path_factory.mktemp("calls") / "calls.csv"
    path.write_bytes(("number,date,duration,type\n" + ",".join(cells)).encode("utf-8", "surrogatepass"))
    for item in read(path):
        repr(item)
    call_log.when(cells[0], day_first)
    call_log.seconds(cells[1], day_first)
