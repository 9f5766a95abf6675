"""Address books as tables, as Google, Outlook, Dex and others write them, in several languages."""

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amity.model import Card, Handle, Known, Mark, Position, Since, Trouble
from amity.sources import columns, contacts_csv, tables
from tests.sources.data_contacts import GOOGLE, an_address_book, an_outlook_table


@pytest.fixture
def write(tmp_path):
    def written(text: str | bytes) -> Path:
        path = tmp_path / "book.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written


def recognised(path: Path) -> bool:
    return contacts_csv.recognise(path, path.read_bytes()[:4096])


def read(path: Path) -> list[Card | Trouble]:
    return [item for item in contacts_csv.read(path, Since()) if isinstance(item, Card | Trouble)]


def only(path: Path) -> Card:
    (card,) = read(path)
    assert isinstance(card, Card)
    assert recognised(path)
    return card


def values(card: Card, kind: str) -> list[str]:
    return [handle.value for handle in card.handles if handle.kind == kind]


def test_google_since_2023(write):
    card = only(
        write(
            GOOGLE
            + 'Ana,Maria,Berg,,Dr.,,Anni,,"Berg, Söhne",Leiterin,,--05-15,"one\ntwo",https://x.org/a.jpg,'
            + "* myContacts ::: Chess,* Work,Ana@Berg.example ::: ana@x.org,Mobile,+43 664 1234567 ::: (01) 588 01\n"
        )
    )
    assert (card.name, card.given, card.family) == ("Dr. Ana Maria Berg", "Ana", "Berg")
    assert card.nicknames == ("Anni",)
    assert values(card, "email") == ["ana@berg.example", "ana@x.org"]
    assert values(card, "phone") == ["+436641234567", "0158801"]
    assert card.position == Position("Berg, Söhne", "Leiterin")
    assert (card.birthday, card.notes, card.categories, card.photos) == ("--05-15", ("one\ntwo",), ("Chess",), 1)
    assert "E-mail 1 - Label" in card.raw


def test_google_before_2023(write):
    card = only(
        write(
            "Name,Given Name,Additional Name,Family Name,Yomi Name,Nickname,Birthday,Notes,Group Membership,"
            "E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,"
            "Address 1 - Street,Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,"
            "Organization 1 - Title,Website 1 - Value,Relation 1 - Type,Relation 1 - Value\n"
            "Ana Berg,Ana,,Berg,,,1985-04-12,,* My Contacts,* Work,a@x.org,Mobile,+43 1 58801,Home,"
            + '"Gasse 1\n1010 Wien",Gasse 1,,ACME,,CTO,https://x.org,Spouse,Bo\n'
        )
    )
    assert card.name == "Ana Berg"
    assert card.addresses == ("Gasse 1 1010 Wien",)
    assert card.position == Position("ACME", "CTO")
    assert values(card, "url") == ["https://x.org"]
    assert '"Relation 1 - Value":"Bo"' in card.raw


OUTLOOK = {
    "en": (
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,"
        "Business Postal Code,Business Country/Region,Home Street,Home City,Assistant's Phone,Business Fax,"
        "Business Phone,Company Main Phone,Mobile Phone,Birthday,E-mail Address,E-mail Type,E-mail Display Name,"
        "E-mail 2 Address,Categories,Notes,Web Page,Anniversary",
        ",",
        "5/15/1985",
    ),
    "de": (
        "Anrede;Vorname;Weitere Vornamen;Nachname;Suffix;Firma;Abteilung;Position;Straße geschäftlich;"
        "Ort geschäftlich;Postleitzahl geschäftlich;Land/Region geschäftlich;Straße privat;Ort privat;"
        "Telefon Assistent;Fax geschäftlich;"
        "Telefon geschäftlich;Telefon Firma;Mobiltelefon;Geburtstag;E-Mail-Adresse;E-Mail-Typ;E-Mail: Angezeigter Name;"
        "E-Mail 2: Adresse;Kategorien;Notizen;Webseite;Jahrestag",
        ";",
        "15.5.1985",
    ),
    "fr": (
        "Titre;Prénom;Deuxième prénom;Nom;Suffixe;Société;Service;Titre;Rue (bureau);Ville (bureau);"
        "Code postal (bureau);Pays/Région (bureau);Rue (domicile);Ville (domicile);Téléphone de l'assistant(e);"
        "Télécopie (bureau);Téléphone (bureau);Téléphone société;Tél. mobile;Anniversaire;Adresse de messagerie;"
        "Type de messagerie;Nom complet de l'adresse de messagerie;Adresse de messagerie 2;Catégories;Notes;Page Web;"
        "Anniversaire de mariage ou fête",
        ";",
        "15/05/1985",
    ),
}


@pytest.mark.parametrize("language", OUTLOOK)
@pytest.mark.parametrize("charset", ["utf-8-sig", "cp1252", "utf-16"])
def test_outlook_in_three_languages(write, language, charset):
    header, sign, born = OUTLOOK[language]
    row = [
        "Dr.", "Ana", "Maria", "Berg", "", "ACME", "R&D", "Chief", "Ring 1", "Wien", "1010", "AT", "Gasse 2", "Graz",
        "01 111", "01 222", "01 333", "01 444", "+43 664 1234567", born, "Ana@X.org", "SMTP", "Ana (ana@x.org)",
        "b@x.org", "Friends;Chess", "a note", "www.x.org", "0/0/00",
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([header.split(sign), row])
    card = only(write(out.getvalue().encode(charset)))
    assert card.name == "Dr. Ana Maria Berg"
    assert card.position == Position("ACME", "Chief")
    assert values(card, "email") == ["ana@x.org", "b@x.org"]
    assert values(card, "phone") == ["01222", "01333", "+436641234567"]  # neither the assistant's nor the switchboard's
    assert values(card, "url") == ["https://x.org"]
    assert card.addresses == ("Ring 1, 1010, Wien, AT", "Gasse 2, Graz")
    assert card.birthday == "1985-05-15"
    assert card.categories == ("Friends", "Chess")
    assert card.notes == ("a note",)


def test_dex_with_lists_in_its_cells(write):
    card = only(
        write(
            "id,first_name,last_name,job_title,description,emails,phones,birthday,image_url,linkedin,twitter,website\n"
            '1,Ana,Berg,CTO,hi,"[""a@x.org"",""b@x.org""]","+43 1 5880100, +43 664 1234567",1985-05-15,https://i.org/a,'
            "ana-berg,@ana,https://x.org\n"
        )
    )
    assert values(card, "email") == ["a@x.org", "b@x.org"]
    assert values(card, "phone") == ["+4315880100", "+436641234567"]
    assert values(card, "url") == ["https://linkedin.com/in/ana-berg", "https://twitter.com/ana", "https://x.org"]


def test_columns_of_unknown_names_are_guessed_by_their_values_and_said(write):
    path = write("Who\tReach\tRing\tSince\nAna Berg\ta@x.org\t0664 123 456\t1\nBo\tb@x.org\t+43 1 58801\t2\n")
    assert recognised(path)
    assert contacts_csv.mapping_of(path) == [
        ("Who", "name", "2 of 2 values look like names"),
        ("Reach", "email", "2 of 2 values look like mail addresses"),
        ("Ring", "phone", "2 of 2 values look like phone numbers"),
        ("Since", "", "no field of a card"),
    ]
    assert [item.name for item in read(path) if isinstance(item, Card)] == ["Ana Berg", "Bo"]


def test_a_name_that_its_values_belie_is_not_believed():
    mapping = columns.guess(["Name", "E-mail"], [["Ana", "SMTP"], ["Bo", "SMTP"]])
    assert [(column.field, column.why) for column in mapping.columns] == [
        ("name", "its name"),
        ("", "named like mail addresses, but none of 2 values is one"),
    ]


def test_the_mapping_is_remembered(write):
    path = write("Name,Email,Memo\nAna,a@x.org,Anni\n")
    *_, mark = contacts_csv.read(path, Since())
    assert isinstance(mark, Mark)
    state = dict(mark.state)
    state["mapping"] = [
        [name, {"note": "nickname"}.get(field, field), *rest] for name, field, *rest in state["mapping"]
    ]
    assert contacts_csv.mapping_of(path, state)[2][1] == "nickname"
    path.write_text("Name,Email,Memo\nAna,a@x.org,Anni\nBo,b@x.org,Bobby\n")
    cards = [item for item in contacts_csv.read(path, Since(state)) if isinstance(item, Card)]
    assert [card.nicknames for card in cards] == [("Anni",), ("Bobby",)]


@pytest.mark.parametrize(
    "text",
    [
        "when,channel,from,to,cc,subject,depth,minutes,id\n2020-01-01,mail,a@x.org,b@x.org,,,,,\n",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAna,Berg,,,,,05 Mar 2024\n",
        "Name,Number,Date,Duration\nAna,+43158801,2024-01-01,5\n",
        "Date,From,Subject\n2024-01-01,a@x.org,Hello there\n2024-01-02,b@x.org,Once more\n",
        "city,country,population\nWien,Austria,2000000\nGraz,Austria,300000\n",
        "no table at all",
        "Tables have a header:\nName,Email,Phone\nand then come rows, mostly.\nThat is all.\n",
        "",
        "{}",
    ],
)
def test_other_tables_are_left_to_others(write, text):
    assert not recognised(write(text))


def test_dates_in_the_order_that_the_file_shows(write):
    path = write("Name,Email,Birthday\nAna,a@x.org,03/04/1990\nBo,b@x.org,25/12/1980\n")
    assert [card.birthday for card in read(path) if isinstance(card, Card)] == ["1990-04-03", "1980-12-25"]
    path = write("Name,Email,Birthday\nAna,a@x.org,03/04/1990\n")
    assert [card.birthday for card in read(path) if isinstance(card, Card)] == ["1990-03-04"]


@pytest.mark.parametrize(
    ("text", "day_first", "meant"),
    [
        ("1985-05-15", True, "1985-05-15"),
        ("--05-15", True, "--05-15"),
        ("1604-05-15", True, "--05-15"),
        ("15.05.1985", False, "1985-05-15"),
        ("5/15/85", False, "1985-05-15"),
        ("5/15", False, "--05-15"),
        ("May 15, 1985", False, "May 15, 1985"),
        ("15 May 1985", False, "1985-05-15"),
        ("1985", False, "1985"),
        ("1985-05", False, "1985-05"),
        ("0/0/00", False, ""),
        ("00.00.0000", True, ""),
        ("  ", True, ""),
        ("in spring", True, "in spring"),
        ("31/31/1985", True, "31/31/1985"),
    ],
)
def test_days_of_birth(text, day_first, meant):
    assert columns.day(text, day_first) == meant


def test_a_quote_that_is_never_closed_takes_no_other_row_with_it(write):
    path = write(
        'Name,Email,Note\nAna,a@x.org,"never closed\nBo,b@x.org,hi\nCy,c@x.org,"two\nlines"\nDee,d@x.org,a,b\n,,\n'
        'Eve,e@x.org\n,,just text\nFay,f@x.org,"open at the end\nGus,g@x.org,last\n'
    )
    assert [(i.place, i.name if isinstance(i, Card) else i.reason) for i in read(path)] == [
        (2, "a quote in this line is never closed"),
        (3, "Bo"),
        (4, "Cy"),
        (6, "4 cells where the header names 3; a cell with the delimiter in it needs quotes"),
        (8, "Eve"),
        (9, "the row names nobody"),
        (10, "a quote in this line is never closed"),
        (11, "Gus"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_any_end(write, end):
    path = write(end.join(["Name,Email", "Ana,a@x.org", "Bö,b@x.org", ""]))
    assert [(i.place, i.name) for i in read(path) if isinstance(i, Card)] == [(2, "Ana"), (3, "Bö")]


def test_a_preamble_and_a_line_for_spreadsheets(write):
    path = write("sep=;\nName;E-Mail\nAna;a@x.org\n")
    assert [(i.place, i.name) for i in read(path) if isinstance(i, Card)] == [(3, "Ana")]


def test_what_has_not_changed_is_not_read_again(tmp_path):
    path = an_address_book(tmp_path)
    *_, mark = contacts_csv.read(path, Since())
    again = list(contacts_csv.read(path, Since(mark.state)))
    assert again == [Known(30), Mark(mark.state, 1.0)]
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)  # as when it was copied: another date, the same bytes
    assert next(iter(contacts_csv.read(path, Since(mark.state)))) == Known(30)
    path.write_bytes(data + b"New,,Berg" + b"," * 16 + b"\n")
    fresh = [item for item in contacts_csv.read(path, Since(mark.state)) if isinstance(item, Card)]
    assert len(fresh) == 31


def test_an_address_in_angles(write):
    assert only(write("Name,Email\nAna,Ana Berg <Ana@X.org>\n")).handles == (Handle("email", "ana@x.org"),)


CELLS = st.sampled_from(
    ["Ana", "a@x.org", '"', '""', "\n", "\r", "\0", "[", "]", " ::: ", "+43 1", "1/2/3", "'", "=1", "https://x"]
)


@given(st.lists(st.lists(st.one_of(CELLS, st.text(max_size=5)), max_size=6).map("".join), max_size=12))
def test_no_row_ever_raises_or_hides_another(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("book") / "book.csv"
    rows = [",".join(cells[i : i + 4]) for i in range(0, len(cells), 4)]
    text = "Name,Email,Phone,Birthday,Notes\n" + "\n".join(rows) + "\n"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for item in contacts_csv.read(path, Since()):
        repr(item).encode("utf-8", "surrogatepass")
        if isinstance(item, Card):
            item.raw.encode()


@given(st.lists(st.tuples(st.text("abc,;\"' \nö", max_size=12), st.text('ab"\n,', max_size=12)), max_size=20))
def test_what_a_writer_of_tables_writes_is_read_as_it_was(tmp_path_factory, pairs):
    # A line inside of a cell that looks like a whole row is taken for one: a quote may have been left open before it.
    assume(all(line.count(",") != 5 for pair in pairs for cell in pair for line in cell.split("\n")[1:-1]))
    path = tmp_path_factory.mktemp("book") / "book.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Email", "One", "Two", "Three", "Four"])
        for one, two in pairs:
            writer.writerow(["Ana", "a@x.org", one, two, "", "."])
    found = [row.cells for row in tables.rows(path, 1, ",", 6) if not row.broken]
    assert found == [["Ana", "a@x.org", one, two, "", "."] for one, two in pairs]


def test_a_byte_lost_from_a_table_of_two_bytes_a_letter_is_told(tmp_path):
    path = an_outlook_table(tmp_path)
    data = path.read_bytes()
    assert len(read(path)) == 30
    at = len(data) // 2
    for damaged in (data[:at] + data[at + 3 :], data[:at] + b"\0" + data[at:], data[:-1]):
        path.write_bytes(damaged)
        assert [item.reason[:33] for item in read(path) if isinstance(item, Trouble)][-1:] == [
            "the file ends in half a letter: a"
        ]


@pytest.mark.parametrize(
    "cell", ["a" * 300_000, " " * 300_000 + "x", "a@" * 150_000, "1.1.2020 " + " " * 300_000 + "\n\nx"]
)
@pytest.mark.parametrize("column", [0, 3, 5, 6, 8])
def test_a_cell_made_to_hang(write, column, cell):
    cells = ["Ana", "Berg", "Anni", "1.5.1985", "Firma", "ana@x.org", "+43 1 58801", "x.org", "a note"]
    rows = [cells.copy() for _ in range(5)]
    rows[2][column] = cell
    out = io.StringIO()
    csv.writer(out).writerows(
        [["First Name", "Last Name", "Nickname", "Birthday", "Company", "E-mail", "Phone", "Website", "Notes"], *rows]
    )
    path = write(out.getvalue())
    begun = time.process_time()
    assert len(read(path)) >= 5
    assert time.process_time() - begun < 2
