"""Mail in one file, as programs have really written it."""

from pathlib import Path

import pytest

from amity.model import Known, Mark, Moment, Since, Trouble
from amity.sources import catalog, mbox

FIRST = "From ana@x.org Thu Jan  2 14:04:05 2020\nFrom: Ana <ana@x.org>\nTo: me@y.org\n"
FIRST += "Date: Thu, 2 Jan 2020 14:04:05 +0000\nSubject: one\nMessage-ID: <1@x.org>\n\nHello.\n\n"
SECOND = (
    "From bo@x.org Fri Jan  3 14:04:05 2020\nFrom: Bo <bo@x.org>\nTo: me@y.org\nDate: Fri, 3 Jan 2020 14:04:05 +0000\n"
)
SECOND += "Subject: two\nMessage-ID: <2@x.org>\n\nHello again.\n\n"
PROSE = FIRST.replace(
    "Hello.", "Hello.\n\nFrom now on I write at 10:30 each day.\nFrom there to here, he said:\n>From me, Ana"
)


@pytest.fixture
def write(tmp_path):
    def write(data: str | bytes) -> Path:
        path = tmp_path / "a.mbox"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write


def subjects(path: Path, since: Since | None = None) -> list[str]:
    return [i.subject for i in mbox.read(path, since or Since()) if isinstance(i, Moment)]


def troubles(path: Path) -> list[str]:
    return [i.reason for i in mbox.read(path, Since()) if isinstance(i, Trouble)]


@pytest.mark.parametrize(
    "data",
    [
        FIRST + SECOND,
        (FIRST + SECOND).replace("\n", "\r\n"),
        "\ufeff" + FIRST + SECOND,
        "\n\n" + FIRST + SECOND,
        PROSE + SECOND,
        FIRST.rstrip() + "\n" + SECOND,  # no empty line between the mails
        FIRST + SECOND.replace("\n", "\r\n"),
        FIRST.replace("\n", "\r\n") + SECOND,
        (FIRST + SECOND).rstrip(),
        FIRST + SECOND.split("\n\n", maxsplit=1)[0],  # cut short behind the headers
        FIRST.replace(" Thu Jan  2 14:04:05 2020", "") + SECOND.replace(" Fri Jan  3 14:04:05 2020", ""),
    ],
)
def test_two_mails_are_two_mails(write, data):
    path = write(data)
    assert subjects(path) == ["one", "two"]
    assert troubles(path) == []
    source = catalog.recognise(path)
    assert source is not None
    assert source.name == "mbox"


def test_a_place_is_where_the_mail_begins(write):
    path = write(FIRST + SECOND)
    data = path.read_bytes()
    for item in mbox.read(path, Since()):
        if isinstance(item, Moment):
            assert isinstance(item.place, int)
            assert data[item.place :].startswith(b"From ")


def test_a_file_without_from_line_is_set_aside_up_to_the_first_mail(write):
    path = write("Dear diary,\n\n" + FIRST)
    assert subjects(path) == ["one"]
    assert troubles(path) == ['not an mbox: the first line does not begin with "From "']
    assert troubles(write("no mail at all")) == ['not an mbox: the first line does not begin with "From "']


def test_an_empty_file_holds_nothing(write):
    path = write("")
    items = list(mbox.read(path, Since()))
    assert [type(item) for item in items] == [Mark]
    source = catalog.recognise(path)
    assert source is not None
    assert source.name == "mbox"


def test_a_mail_without_usable_date_takes_that_of_its_from_line(write):
    path = write(FIRST.replace("Date: Thu, 2 Jan 2020 14:04:05 +0000", "Date: soon"))
    (moment,) = [i for i in mbox.read(path, Since()) if isinstance(i, Moment)]
    assert moment.at == 1577973845


def test_a_mail_cut_inside_its_headers_is_not_lost(write):
    path = write(FIRST + SECOND[:60])
    items = [i for i in mbox.read(path, Since()) if not isinstance(i, Mark)]
    assert len(items) == 2


def test_what_was_read_is_not_read_again(write):
    path = write(FIRST + SECOND)
    *_, mark = mbox.read(path, Since())
    assert isinstance(mark, Mark)
    again = list(mbox.read(path, Since(mark.state)))
    assert again[0] == Known(2)
    assert subjects(path, Since(mark.state)) == []


def test_a_file_that_has_grown_is_read_on(write):
    path = write(FIRST)
    *_, mark = mbox.read(path, Since())
    path = write(FIRST + SECOND)
    items = list(mbox.read(path, Since(mark.state)))
    assert items[0] == Known(1)
    assert [i.subject for i in items if isinstance(i, Moment)] == ["two"]


def test_a_last_mail_that_was_still_being_written_is_read_again(write):
    path = write(FIRST + SECOND[:-30])
    *_, mark = mbox.read(path, Since())
    path = write(FIRST + SECOND)
    items = list(mbox.read(path, Since(mark.state)))
    assert items[0] == Known(1)
    assert [i.subject for i in items if isinstance(i, Moment)] == ["two"]


def test_a_file_that_was_packed_is_read_anew(write):
    path = write(FIRST + SECOND)
    *_, mark = mbox.read(path, Since())
    path = write(SECOND + FIRST + SECOND.replace("two", "three"))
    assert subjects(path, Since(mark.state)) == ["two", "one", "three"]


def test_an_endless_header_is_cut_and_the_next_mail_is_read(write):
    long = FIRST.replace("Subject: one\n", "Subject: one\n" + "X-Long: " + "a" * 3_000_000 + "\n")
    assert subjects(write(long + SECOND)) == ["one", "two"]


def test_where_headers_are_cut_it_is_told_and_a_higher_limit_reads_on(write):
    path = write(FIRST.replace("Subject: one\n", "X-Long: " + "a" * 3000 + "\nSubject: one\n") + SECOND)
    low = list(mbox.read(path, Since(limits={"header_bytes": 2000})))
    assert [item.subject if isinstance(item, Moment) else item.reason for item in low[:-1]] == [
        "",
        "its headers are longer than 2,000 bytes, and are read so far",
        "two",
    ]
    assert [type(item) for item in mbox.read(path, Since())] == [Moment, Moment, Mark]
