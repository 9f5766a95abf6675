"""LinkedIn's list of connections, with its notes in front and its dates in the owner's language."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Card, Channel, Depth, Handle, Mark, Moment, Position, Role, Since, Trouble
from amity.sources import linkedin
from tests.sources.data_contacts import connections

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"


@pytest.fixture
def write(tmp_path):
    def written(text: str) -> Path:
        path = tmp_path / "Connections.csv"
        path.write_text(text)
        return path

    return written


def read(path: Path) -> list[Card | Moment | Trouble]:
    return [item for item in linkedin.read(path, Since()) if not isinstance(item, Mark)]


def test_a_connection_is_a_card_and_a_passing_contact(write):
    path = write(
        'Notes:\n"When exporting, addresses are missing, since ""members"" may hide them.\nSee the help."\n\n'
        + HEADER
        + '"Ana, PhD",Berg,https://www.linkedin.com/in/ana-berg,,"Berg, Söhne","Chief ""of"" all",05 Mar 2024\n'
    )
    assert linkedin.recognise(path, path.read_bytes())
    card, moment = read(path)
    assert isinstance(card, Card)
    assert isinstance(moment, Moment)
    assert (card.name, card.given, card.family) == ("Ana, PhD Berg", "Ana, PhD", "Berg")
    assert card.handles == (Handle("url", "https://linkedin.com/in/ana-berg"),)
    assert card.position == Position("Berg, Söhne", 'Chief "of" all')
    assert card.revised is None
    assert (card.place, moment.place) == (6, "6:connected")
    assert (moment.channel, moment.depth, moment.at) == (Channel.SOCIAL, Depth.PASSING, 1709596800)
    assert [(party.role, party.handle) for party in moment.parties] == [
        (Role.FROM, Handle("me", "me")),
        (Role.TO, card.handles[0]),
    ]


def test_the_same_connection_in_a_later_export_has_the_same_key(write):
    row = "Ana,Berg,https://www.linkedin.com/in/ana,{},ACME,{},{}\n"
    first = read(write(HEADER + row.format("", "Clerk", "05 Mar 2024")))
    later = read(
        write("Notes:\n\n" + HEADER + "Bo,Bo,,,,,06 Mar 2024\n" + row.format("a@x.org", "Chief", "2024-03-05"))
    )
    assert first[1].key == later[-1].key
    assert first[0].key != later[-2].key


def test_members_who_restrict_what_is_told(write):
    found = read(write(HEADER + ",,,,,,30 Apr 2024\n,,https://www.linkedin.com/in/x,,,,30 Apr 2024\nCy,,,,,,soon\n"))
    assert [type(item).__name__ for item in found] == ["Trouble", "Card", "Moment", "Card", "Trouble"]
    assert found[-1].reason == '"soon" is no day'


@pytest.mark.parametrize(
    "written",
    [
        "05 Mar 2024",
        "5 March 2024",
        "Mar 5, 2024",
        "2024-03-05",
        "05.03.2024",
        "3/5/2024",
        "5 mars 2024",
        "05 März 2024",
        "05 mrt. 2024",
        "5 de mar. de 2024",
        "05 mar 2024",
        "5 мар. 2024",
        "05 bře 2024",
        "2024年3月5日",
        "2024. 3. 5.",
    ],
)
def test_days_in_several_languages(written):
    at = linkedin.connected(written, False)
    assert at is not None
    assert at // 86400 == date(2024, 3, 5).toordinal() - date(1970, 1, 1).toordinal()


def test_days_of_numbers_alone_are_read_as_the_file_shows(write):
    rows = "Ana,A,,,,,03/04/2024\nBo,B,,,,,25/12/2023\n"
    moments = [item for item in read(write(HEADER + rows)) if isinstance(item, Moment)]
    assert [moment.at for moment in moments] == [1712102400, 1703462400]


def test_no_other_table_is_taken_for_it(tmp_path):
    path = connections(tmp_path)
    assert linkedin.recognise(path, path.read_bytes())
    for text in ("when,from,to\n", "First Name,Last Name,E-mail 1 - Value\n", "", "CONVERSATION ID,FROM,TO\n"):
        path.write_text(text)
        assert not linkedin.recognise(path, path.read_bytes())
        assert [item.reason for item in read(path)] == [
            "no line names the columns first name, last name and connected on"
        ]


@given(st.text(max_size=30))
def test_no_day_ever_raises(text):
    linkedin.connected(text, True)


@given(st.lists(st.text(max_size=12), max_size=14))
def test_no_row_ever_raises(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("linkedin") / "Connections.csv"
    path.write_bytes((HEADER + ",".join(cells)).encode("utf-8", "surrogatepass"))
    for item in read(path):
        repr(item)
