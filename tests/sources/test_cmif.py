"""Letters between people in CMIF, made up and real."""

import tarfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Channel, Handle, Mark, Moment, Party, Role, Since, Trouble
from amity.sources import cmif
from tests.sources.data_contacts import a_cmif_file

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "letters" / "young_vienna_cmif.tar.xz"


@pytest.fixture
def write(tmp_path):
    def written(text: str | bytes) -> Path:
        path = tmp_path / "letters.xml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written


def tei(*letters: str) -> str:
    body = "".join(f"<correspDesc>{letter}</correspDesc>\n" for letter in letters)
    return f'<?xml version="1.0"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>\n{body}</teiHeader></TEI>'


def letter(date: str = '<date when="1912-11-18"/>', sender: str = "<persName>Berg, Ana</persName>") -> str:
    return (
        f'<correspAction type="sent">{sender}{date}<placeName>Wien</placeName></correspAction>'
        '<correspAction type="received"><persName ref="https://viaf.org/viaf/1/">Bo,\n  Cy, Freiherr von</persName>'
        "</correspAction>"
    )


def read(path: Path) -> list[Moment | Trouble]:
    return [item for item in cmif.read(path, Since()) if not isinstance(item, Mark)]


def test_a_letter(write):
    path = write(tei(letter()))
    assert cmif.recognise(path, path.read_bytes())
    (moment,) = read(path)
    assert isinstance(moment, Moment)
    assert (moment.channel, moment.at, moment.imprecise) == (Channel.LETTER, -1802563200, False)
    assert moment.subject == "Letter from Wien"
    assert moment.parties == (
        Party(Role.FROM, "Ana Berg", Handle("name", "ana berg")),
        Party(Role.TO, "Cy Freiherr von Bo", Handle("url", "https://viaf.org/viaf/1")),
    )


@pytest.mark.parametrize(
    ("date", "year_and_day", "imprecise"),
    [
        ('<date when="1912-11-18"/>', (1912, 323), False),
        ('<date from="1912-11-18" to="1912-11-18"/>', (1912, 323), False),
        ('<date when="1912-11"/>', (1912, 321), True),
        ('<date when="1912"/>', (1912, 184), True),
        ('<date notBefore="1912-11-01" notAfter="1912-11-11"/>', (1912, 311), True),
        ('<date from="1912-11-11" to="1912-11-01"/>', (1912, 311), True),
        ('<date notBefore="1912-11-18"/>', (1912, 323), True),
        ('<date notAfter="1912-11-18"/>', (1912, 323), True),
        ('<date when="1912-11-31"/>', (1912, 321), True),
        ('<date cert="low"/><date when="1912-11-18"/>', (1912, 323), False),
    ],
)
def test_dates_as_precise_as_they_are_known(write, date, year_and_day, imprecise):
    (moment,) = read(write(tei(letter(date))))
    assert isinstance(moment, Moment)
    day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment.at)).timetuple()
    assert ((day.tm_year, day.tm_yday), moment.imprecise) == (year_and_day, imprecise)


def test_what_cannot_be_placed_is_a_trouble(write):
    nobody = '<correspAction type="sent"><persName ref="https://x.org/unknown">?</persName><date when="1912"/>'
    found = read(write(tei(letter("<date>undated</date>"), nobody + "</correspAction>", letter())))
    assert [item.reason if isinstance(item, Trouble) else item.place for item in found] == [
        "line 3: the letter is not dated",
        "line 5: neither sender nor receiver is known",
        3,
    ]


def test_the_same_letter_in_two_editions_has_one_key(write):
    first = [item.key for item in read(write(tei(letter(), letter(), letter('<date when="1913"/>'))))]
    second = [item.key for item in read(write(tei(letter(), letter()) + "<!-- another -->"))]
    assert len(set(first)) == 3
    assert first[:2] == second


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE TEI [<!ENTITY a "b">]>' + tei(letter()).partition("\n")[2], "it has a DOCTYPE, which is not read"),
        (tei(letter()).replace("</TEI>", "<p>"), "line 5: no well-formed XML: no element found"),
        ("<a>" * 200, "its elements are nested more than 100 deep"),
        ("", "line 1: no well-formed XML: no element found"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "the charset cannot be read: unknown encoding: nonsense"),
    ],
)
def test_a_file_that_is_not_read_further_says_why(write, text, reason):
    *_, trouble = read(write(text))
    assert isinstance(trouble, Trouble)
    assert trouble.reason == reason


def test_what_was_read_before_a_fault_is_kept(write):
    found = read(write(tei(letter(), letter('<date when="1913-01-01"/>')).replace("</teiHeader>", "<&>")))
    assert [type(item) for item in found] == [Moment, Moment, Trouble]


def test_other_xml_is_left_alone(tmp_path):
    path = a_cmif_file(tmp_path)
    assert cmif.recognise(path, path.read_bytes()[:4096])
    for text in ("<smses><sms/></smses>", "<TEI><text/></TEI>", "<html>", "correspDesc", ""):
        path.write_text(text)
        assert not cmif.recognise(path, path.read_bytes())


PIECES = st.sampled_from(
    ["<correspDesc>", "</correspDesc>", '<correspAction type="sent">', "</correspAction>", "<persName>", "</persName>",
     '<date when="1912-02-30"/>', "<date when='-0044'/>", "A, B", "&amp;", "&x;", "<", "]]>", "<placeName/>"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=20).map("".join))
def test_no_file_ever_raises(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("letters") / "letters.xml"
    path.write_bytes(b"<TEI>" + text.encode("utf-8", "surrogatepass") + b"</TEI>")
    for item in read(path):
        repr(item)


@pytest.mark.skipif(not REAL.exists(), reason="the editions around Arthur Schnitzler are not at hand")
def test_the_editions_around_schnitzler_are_read_whole(tmp_path):
    counts: Counter[str] = Counter()
    keys = set()
    with tarfile.open(REAL) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".xml") else None
            if file is None:
                continue
            path = tmp_path / Path(member.name).name
            path.write_bytes(file.read())
            assert cmif.recognise(path, path.read_bytes()[:4096])
            described = path.read_bytes().count(b"</correspDesc>")
            found = read(path)
            assert len(found) == described
            for item in found:
                counts[type(item).__name__] += 1
                if isinstance(item, Moment):
                    counts["to the day"] += not item.imprecise
                    keys.add(item.key)
    assert counts == {"Moment": 6446, "Trouble": 4, "to the day": 6193}
    assert len(keys) == 6207  # 239 are printed in a second edition
