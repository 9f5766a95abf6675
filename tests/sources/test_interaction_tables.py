"""Contacts in a table: the generic source."""

import csv
import gzip
import io
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Channel, Depth, Handle, Known, Mark, Moment, Role, Since, Trouble
from amity.sources import catalog, interactions, quarantine

HEADER = "when,channel,from,to,cc,subject,depth,minutes,id\n"


@pytest.fixture
def read(tmp_path):
    def read(text, name="a.csv", since=None):
        data = text if isinstance(text, bytes) else text.encode()
        pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(name[-3:], bytes)
        (tmp_path / name).write_bytes(pack(data))
        return list(interactions.read(tmp_path / name, since or Since()))

    return read


def moments(items) -> list[Moment]:
    return [i for i in items if isinstance(i, Moment)]


def test_a_row_in_full(read):
    (moment,) = moments(
        read(HEADER + '2020-01-02T15:04:05+01:00,call,Ana <Ana@x.org>,"me@y.org; Bo Berg",17,On chess,deep,30,c1\n')
    )
    assert moment.at == 1577973845
    assert moment.channel is Channel.CALL
    assert [(p.role, p.name, p.handle) for p in moment.parties] == [
        (Role.FROM, "Ana", Handle("email", "ana@x.org")),
        (Role.TO, "", Handle("email", "me@y.org")),
        (Role.TO, "Bo Berg", Handle("name", "bo berg")),
        (Role.CC, "17", Handle("name", "17")),
    ]
    assert (moment.subject, moment.depth, moment.minutes, moment.place) == ("On chess", Depth.DEEP, 30, 2)


@pytest.mark.parametrize(
    ("text", "at", "imprecise"),
    [
        ("2020-01-02", 1577923200, False),
        ("2020-01-02 10:00", 1577959200, False),
        ("2020-01-02T10:00:00Z", 1577959200, False),
        ("2020-01-02T12:00:00.5+02", 1577959200, False),
        ("2020-02", 1580515200 + 29 * 43200, True),
        ("2020", 1577836800 + 366 * 43200, True),
        ("2020-12", 1606780800 + 31 * 43200, True),
        ("1885-05-15", -2670710400, False),
    ],
)
def test_when(text, at, imprecise):
    assert interactions.when(text) == (at, imprecise)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2020-13-02,mail,a,b", "no day of the calendar"),
        ("soon,mail,a,b", "no ISO date"),
        ("2020-01-02T99:00,mail,a,b", "no time of the day"),
        ("2020-01-02,pigeon,a,b", "no channel"),
        ("2020-01-02,mail,,", "nobody is named"),
        ("2020-01-02,mail,a,b,,,vast", "no depth"),
        ("2020-01-02,mail,a,b,,,,long", "no number of minutes"),
        ("2020-01-02,mail,a,b,,,,-5", "minutes cannot be"),
        ("2020-01-02,mail,a,b,,one, two,,x,y", "a field with a comma needs quotes"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_and_the_rest_is_taken(read, row, reason):
    items = read(HEADER + row + "\n2020-01-02,mail,a,b,,,,,\n")
    (trouble,) = [i for i in items if isinstance(i, Trouble)]
    assert reason in trouble.reason
    assert trouble.place == 2
    assert len(moments(items)) == 1


def test_columns_in_any_order_and_number(read):
    (moment,) = moments(read("\ufeffTo,When,colour,From\r\nBo,2020-01-02,red,Ana\r\n"))
    assert [p.name for p in moment.parties] == ["Ana", "Bo"]
    assert moment.channel is Channel.OTHER


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "when,from\n2020-01-02,a\n"])
def test_a_table_without_the_needed_columns_says_so(read, text):
    (trouble,) = [i for i in read(text) if isinstance(i, Trouble)]
    assert "the header lacks" in trouble.reason
    assert "when,channel,from,to" in trouble.reason


def test_equal_rows_are_two_contacts_and_the_same_two_when_read_again(read):
    text = HEADER + "2020-01-02,call,a,b,,,,,\n" * 2 + "2020-01-02,call,a,b,,,,,x\n"
    first, second = moments(read(text)), moments(read(text))
    assert len({moment.key for moment in first}) == 3
    assert [moment.key for moment in first] == [moment.key for moment in second]


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.xz"])
def test_packed_files_are_read_as_they_are(read, tmp_path, name):
    assert len(moments(read(HEADER + "2020-01-02,mail,a,b,,,,,\n", name))) == 1
    source = catalog.recognise(tmp_path / name)
    assert source is not None
    assert source.name == "interactions"


def test_a_packed_file_that_is_cut_short_keeps_what_could_be_read(tmp_path):
    data = gzip.compress(
        (HEADER + "".join(f"2020-01-02,mail,a,b{i * i * 7919},,,,,\n" for i in range(20_000))).encode()
    )
    (tmp_path / "a.csv.gz").write_bytes(data[: len(data) // 2])
    items = list(interactions.read(tmp_path / "a.csv.gz", Since()))
    assert moments(items)
    assert [i.reason.split(":")[0] for i in items if isinstance(i, Trouble)] == [
        "the compressed file is damaged or cut short"
    ]


def test_a_file_that_has_grown_is_read_on_with_the_same_keys(read):
    row = "2020-01-02,call,a,b,,,,,\n"
    whole = moments(read(HEADER + row * 3))
    items = read(HEADER + row * 2)
    assert isinstance(items[-1], Mark)
    again = read(HEADER + row * 3, since=Since(items[-1].state))
    assert again[0] == Known(2)
    assert moments(again) == whole[2:]


def test_a_file_that_was_edited_is_read_anew(read):
    items = read(HEADER + "2020-01-02,call,a,b,,,,,\n")
    assert isinstance(items[-1], Mark)
    assert len(moments(read(HEADER + "2020-01-03,call,a,b,,,,,\n" * 2, since=Since(items[-1].state)))) == 2


def test_an_endless_field_is_set_aside(read):
    items = read(HEADER + '2020-01-02,mail,a,b,,"' + "a" * 500_000 + '"\n2020-01-02,mail,a,b,,,,,\n')
    assert [i.reason for i in items if isinstance(i, Trouble)] == ["no CSV: field larger than field limit (131072)"]
    assert len(moments(items)) == 1


FIELD = st.text(alphabet=st.sampled_from("ab;,<>@\"' \n+17x.é"), max_size=12)


@given(st.lists(st.lists(FIELD, max_size=11), max_size=6))
def test_no_table_ever_raises(rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEADER.strip().split(","), *([["2020-01-02", "mail", *row] for row in rows])])
    names = iter([io.BytesIO(out.getvalue().encode())])
    items = list(interactions._rows(next(names), "t.csv", {"size": 1, "mtime_ns": 1}, 0))
    kept = sum(1 for i in items if isinstance(i, Moment | Trouble))
    assert kept == len(rows)


ROW = "2025-03-01,meeting,mia@x.org,Kim <kim@x.org>,,Lunch,,,{}\n"


def table(path, *rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + "".join(rows))
    return [item for item in interactions.read(path, Since()) if isinstance(item, Moment)]


@pytest.mark.parametrize("change", [("2025-03-01", "2025-03-08"), ("Lunch", "Dinner"), ("kim@x.org", "bo@x.org")])
@pytest.mark.parametrize("name", ["a1", "0f6b2c9d-77"])
def test_a_row_with_an_id_that_was_corrected_is_another_version_of_the_same(tmp_path, change, name):
    (first,) = table(tmp_path / "t.csv", ROW.format(name))
    (then,) = table(tmp_path / "later" / "t.csv", ROW.format(name).replace(*change))
    assert then.key != first.key
    assert then.same == first.same != b""
    assert first.same[8:] == bytes(8)


def test_short_ids_hold_in_tables_of_one_name_and_none_in_none(tmp_path):
    (one,), (other,) = (table(tmp_path / f"{name}.csv", ROW.format("7")) for name in ("calls", "letters"))
    assert one.same != other.same
    (one,), (other,) = (table(tmp_path / f"{name}.csv", ROW.format("0f6b2c9d-77")) for name in ("calls", "letters"))
    assert one.same == other.same
    assert [item.same for item in table(tmp_path / "t.csv", ROW.format(""))] == [b""]


def test_an_id_that_many_rows_share_makes_them_no_versions_of_one(tmp_path):
    rows = [ROW.format("thread-77").replace("03-01", f"03-{day:02d}") for day in range(1, 9)]
    found = table(tmp_path / "t.csv", *rows)
    assert len({item.same for item in found}) == len({item.key for item in found}) == 8


@given(st.binary(max_size=300))
def test_no_bytes_ever_raise(data):
    list(interactions._rows(io.BytesIO(HEADER.encode() + data), "t.csv", {"size": 1, "mtime_ns": 1}, 0))


def test_rows_that_are_known_are_a_sign_of_life_when_they_are_gone_through(read, monkeypatch):
    rows = "".join(f"2020-01-{day:02},mail,Ana,Bo,,,,,\n" for day in range(1, 10))
    mark = read(HEADER + rows)[-1]
    reached = []
    monkeypatch.setattr(quarantine, "at", reached.append)
    found = read(HEADER + rows + "2020-02-01,mail,Ana,Bo,,,,,\n", since=Since(mark.state))
    assert reached == [f"after {line}" for line in range(2, 11)]
    assert [moment.place for moment in moments(found)] == [11]
