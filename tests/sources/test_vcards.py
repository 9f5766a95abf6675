"""Contacts in vCard 2.1, 3.0 and 4.0, as phones and programs write them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Card, Handle, Known, Mark, Position, Since, Trouble
from amity.sources import catalog, lines, vcard


def cards(text: str | bytes) -> list[Card | Trouble]:
    return list(vcard.cards(vcard.decode(text.encode() if isinstance(text, str) else text)))


def only(body: str | bytes, version: str = "3.0") -> Card:
    head = f"BEGIN:VCARD\r\nVERSION:{version}\r\n".encode()
    data = body.encode() if isinstance(body, str) else body
    (card,) = cards(head + data.strip(b"\r\n").replace(b"\n", b"\r\n") + b"\r\nEND:VCARD\r\n")
    assert isinstance(card, Card)
    return card


def test_a_card_of_version_3():
    card = only(
        "N:Berg;Ana;Maria,Luise;Dr.;\nFN:Dr. Ana Berg\nNICKNAME:Anni,An\\,na\n"
        "ORG:Berg\\, Söhne;Einkauf\nTITLE:Leiterin\n"
        "item1.EMAIL;type=INTERNET;type=pref:Ana@Berg.example\nitem1.X-ABLabel:_$!<Work>!$_\n"
        "TEL;TYPE=CELL:+43 1 58801 0\n"
        "ADR;TYPE=HOME:;;Gasse 1;Wien;;1010;Austria\nADR:;;;;;;\nURL:https://berg.example/Ana\nBDAY:19850412\n"
        "CATEGORIES:Friends,Chess\nNOTE:one\\ntwo\nUID:u-1\nREV:2020-01-02T14:04:05Z\nX-UNKNOWN;X=1:kept"
    )
    assert card.name == "Dr. Ana Berg"
    assert (card.given, card.family) == ("Ana", "Berg")
    assert card.nicknames == ("Anni", "An,na")
    assert card.position == Position("Berg, Söhne", "Leiterin")
    assert card.handles == (
        Handle("email", "ana@berg.example"),
        Handle("phone", "+431588010"),
        Handle("url", "https://berg.example/Ana"),
    )
    assert card.addresses == ("Gasse 1, Wien, 1010, Austria",)
    assert card.birthday == "1985-04-12"
    assert card.categories == ("Friends", "Chess")
    assert card.notes == ("one\ntwo",)
    assert (card.uid, card.version, card.revised) == ("u-1", "3.0", 1577973845)
    assert "X-UNKNOWN;X=1:kept" in card.raw


def test_a_card_of_version_2_with_quoted_printable_over_several_lines():
    card = only(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCl=\nler;J=C3=B6rg\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo\n"
        "TEL;CELL;PREF:+43158801\nADR;HOME;QUOTED-PRINTABLE:;;Stra=DFe 1",
        "2.1",
    )
    assert card.name == "Jörg Müller"
    assert card.notes == ("one\ntwo",)
    assert card.handles == (Handle("phone", "+43158801"),)
    assert card.addresses == ("Straße 1",)


def test_a_card_of_version_4():
    card = only(
        'FN:Ana\nTEL;VALUE=uri;TYPE="voice,home":tel:+43-1-58801\nEMAIL;PID=1.1:ana@x.org\nBDAY:--0412\nDEATHDATE:1996\n'
        "PHOTO:data:image/jpeg;base64,AAAA\nN:Berg;Ana;;;\nIMPP:xmpp:ana@x.org",
        "4.0",
    )
    assert card.birthday == "--04-12"
    assert card.died == "1996"
    assert card.photos == 1
    assert Handle("phone", "+43158801") in card.handles
    assert Handle("handle", "xmpp:ana@x.org") in card.handles


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("BDAY:1985-04-12", "1985-04-12"),
        ("BDAY:1985-04-12T00:00:00Z", "1985-04-12"),
        ("BDAY;VALUE=date:19850412", "1985-04-12"),
        ("BDAY:--04-12", "--04-12"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "--04-12"),
        ("BDAY:1985", "1985"),
        ("BDAY:1985-04", "1985-04"),
        ("BDAY;VALUE=text:circa 1800", "circa 1800"),
        ("BDAY:1985-13-45", "1985-13-45"),
        ("BDAY:", ""),
        ("BDAY:1985/4/2", "1985-04-02"),
        ("BDAY:198504", "1985-04"),
        ("BDAY:0000-04-12", "--04-12"),
        ("BDAY:---12", "---12"),
    ],
)
def test_birthdays_as_precise_as_they_are_known(written, kept):
    assert only(f"FN:Ana\n{written}").birthday == kept


def test_folded_lines():
    assert only("FN:Ana Ber\n g\nNOTE:a\n\tb").name == "Ana Berg"
    old = only("NOTE:This is a long note that\n folds at blanks", "2.1")
    assert old.notes == ("This is a long note that folds at blanks",)
    cut = only("NOTE:" + "a" * 70 + "\n bc", "2.1")
    assert cut.notes == ("a" * 70 + "bc",)


@pytest.mark.parametrize("charset", ["", ";CHARSET=ISO-8859-1", ";CHARSET=windows-1252"])
def test_bytes_that_are_no_utf8(charset):
    card = only(f"FN{charset}:J".encode() + "örg".encode("latin-1"))
    assert card.name == "Jörg"
    card.raw.encode()


def test_utf16_and_a_byte_order_mark():
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Jörg\nEND:VCARD\n"
    for data in (text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode()):
        (card,) = cards(data)
        assert isinstance(card, Card)
        assert card.name == "Jörg"


def test_photos_are_counted_and_left_out():
    photo = "/9j/" + "A" * 70
    folded = "PHOTO;ENCODING=b;TYPE=JPEG:" + photo + ("\n " + "B" * 74) * 20 + "\nNOTE:kept"
    card = only("FN:Ana\n" + folded)
    assert card.photos == 1
    assert card.notes == ("kept",)
    assert "BBBB" not in card.raw
    assert "PHOTO" in card.raw
    bare = "PHOTO;JPEG;BASE64:\n" + ("C" * 76 + "\n") * 20 + "\nTEL:+43158801"
    old = only("N:Berg;Ana\n" + bare, "2.1")
    assert old.photos == 1
    assert old.handles == (Handle("phone", "+43158801"),)
    assert only("FN:Ana\nPHOTO;VALUE=uri:https://x.org/a.jpg").photos == 1


def test_photos_of_macos_whose_parameters_run_over_the_fold():
    head = "PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&-9&0&144&144&9R2Q8jkbr7o+1cMFXkWVcA==;"
    embedded = only("FN:Ana\n" + head + "EN\n CODING=b;TYPE=JPEG:/9j/" + ("A" * 70 + "\n ") * 20 + "\nNOTE:kept")
    assert (embedded.photos, embedded.notes) == (1, ("kept",))
    assert "AAAA" not in embedded.raw
    assert only("FN:Ana\n" + head + "V\n ALUE=uri:https://x.org/a.jpg").photos == 1
    assert only("FN:Ana\nPHOTO;ENCODING=b:\nLOGO:https://x.org/logo.png").photos == 0


def test_text_in_base64_and_in_letters_of_seven_bits():
    assert only("FN;ENCODING=BASE64;CHARSET=UTF-8:SsO2cmc=\n\nTEL:1234567", "2.1").name == "Jörg"
    assert only("FN;ENCODING=B:no base64!").name == "no base64!"
    name = "山田;太郎"
    card = only(b"N;CHARSET=ISO-2022-JP:" + name.encode("iso2022_jp"), "2.1")
    assert (card.family, card.given) == ("山田", "太郎")
    card = only(b"N;CHARSET=SHIFT_JIS:" + name.encode("shift_jis"), "2.1")
    assert (card.family, card.given) == ("山田", "太郎")


def test_a_comma_in_a_name_of_version_2_is_a_letter_like_any_other():
    card = only("N:Doe, Jr.;John\\; Jack;;;", "2.1")
    assert (card.family, card.given) == ("Doe, Jr.", "John; Jack")
    assert only("N:Doe;John,Jack;;;").given == "John Jack"


def test_an_address_between_angles():
    card = only("FN:Ana\nEMAIL:Ana Berg <Ana@X.org>")
    assert card.handles == (Handle("email", "ana@x.org"),)
    assert lines.describe(card)["card"]["emails"] == ["ana@x.org"]


def test_two_bytes_a_letter_without_a_mark():
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Ана\nEND:VCARD\n"
    for charset in ("utf-16-le", "utf-16-be"):
        (card,) = cards(text.encode(charset))
        assert isinstance(card, Card)
        assert card.name == "Ана"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_file_is_read_in_pieces_and_cut_between_cards(tmp_path, monkeypatch, charset):
    text = "".join(
        f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Bö{i}\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\nEND:VCARD\r\n"
        for i in range(40)
    )
    path = tmp_path / "all.vcf"
    path.write_bytes(text.encode(charset))
    whole = [i for i in vcard.read(path, Since()) if not isinstance(i, Mark)]
    assert [i.place for i in whole] == list(range(1, 321, 8))
    for block in (1, 7, 100):
        monkeypatch.setattr(vcard, "_BLOCK", block)
        assert [i for i in vcard.read(path, Since()) if not isinstance(i, Mark)] == whole


def test_a_card_without_bounds_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(vcard, "_BLOCK", 100)
    monkeypatch.setattr(vcard, "CARD_LIMIT", 1000)
    path = tmp_path / "all.vcf"
    path.write_text("BEGIN:VCARD\nFN:Ana\n" + "NOTE:abcdefghij\n" * 200 + "END:VCARD\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n")
    items = list(vcard.read(path, Since()))
    assert [i.name for i in items if isinstance(i, Card)] == ["Ana", "Bo"]
    assert {i.reason for i in items if isinstance(i, Trouble)} == {"text outside any card"}


def test_the_agent_inside_a_card_is_somebody_else():
    card = only("FN:Ana\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:Bo\nEMAIL:bo@x.org\nEND:VCARD\nEMAIL:ana@x.org", "2.1")
    assert card.name == "Ana"
    assert card.handles == (Handle("email", "ana@x.org"),)


def test_several_cards_with_rubbish_between_them():
    found = cards(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\nrubbish\nbegin:vcard\nversion:3.0\nfn:Bo\nend:vcard\n"
        "BEGIN:VCARD\nFN:Cy\nBEGIN:VCARD\nFN:Dee\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:Eve\n"
    )
    assert [(type(i).__name__, i.name if isinstance(i, Card) else i.reason, i.place) for i in found] == [
        ("Card", "Ana", 1),
        ("Trouble", "text outside any card", 5),
        ("Card", "Bo", 6),
        ("Card", "Cy", 10),
        ("Card", "Dee", 12),
        ("Trouble", "the card is empty", 15),
        ("Card", "Eve", 17),
    ]


def test_a_name_is_made_of_its_parts_where_there_is_no_other():
    assert only("N:Berg;Ana;Maria;Dr.;MA").name == "Dr. Ana Maria Berg MA"
    assert only("N:;;;;\nORG:Berg & Co").name == ""


def test_all_properties_are_kept_in_order():
    chunk = 'BEGIN:VCARD\nVERSION:4.0\nFN:Ana\na.X-ONE;P=1,2;Q="a:b":v;w\nX-TWO:\nEND:VCARD'
    assert vcard.properties(chunk) == [
        ("", "VERSION", {}, "4.0"),
        ("", "FN", {}, "Ana"),
        ("a", "X-ONE", {"P": ("1", "2"), "Q": ("a:b",)}, "v;w"),
        ("", "X-TWO", {}, ""),
    ]


def test_a_folder_of_cards(tmp_path):
    for name in ("ana", "bo"):
        (tmp_path / f"{name}.vcf").write_text(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n")
    (tmp_path / "cy.vcf").write_text("no card")
    source = catalog.recognise(tmp_path)
    assert source is not None
    assert source.name == "vcard"
    items = list(vcard.read(tmp_path, Since()))
    assert [(i.name, i.place) for i in items if isinstance(i, Card)] == [("ana", "ana.vcf:1"), ("bo", "bo.vcf:1")]
    assert [i.place for i in items if isinstance(i, Trouble)] == ["cy.vcf"]
    mark = items[-1]
    assert isinstance(mark, Mark)
    (tmp_path / "bo.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Bo Berg\nEND:VCARD\n")
    again = list(vcard.read(tmp_path, Since(mark.state)))
    assert again[0] == Known(1)
    assert [i.name for i in again if isinstance(i, Card)] == ["Bo Berg"]


def test_what_amity_read_prints_of_a_card():
    card = only("FN:Ana\nEMAIL:mailto:Ana@X.org\nTEL:(01) 588 01\nURL:http://www.x.org/\nORG:Berg")
    assert lines.describe(card) == {
        "card": {
            "name": "Ana", "given": None, "family": None, "nicknames": [], "emails": ["ana@x.org"],
            "phones": ["(01) 588 01"], "org": "Berg", "title": None, "addresses": 0, "birthday": None, "uid": None,
            "notes": 0, "photos": 0, "version": "3.0", "urls": ["http://www.x.org/"], "categories": [],
        }
    }  # fmt: skip


PIECES = st.sampled_from(
    [
        "BEGIN:VCARD\n", "END:VCARD\n", "VERSION:2.1\n", "FN", "N", "PHOTO", "ENCODING=QUOTED-PRINTABLE", "BASE64", ";",
        ":",
        "=", "=\n", "\n ", "\n", "\r", ",", "\\", "\\n", '"', "AGENT:\n", "BDAY:", "REV:", "2020-01-02", "TEL:", "+43",
        "^n",
        "CHARSET=utf-7:", "=C3",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map("".join))
def test_no_card_ever_raises(text):
    for data in (text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass")):
        for item in cards(b"BEGIN:VCARD\n" + data):
            repr(item).encode()
            lines.describe(item)


@given(st.binary(max_size=200))
def test_no_bytes_between_begin_and_end_ever_raise(data):
    for item in cards(b"BEGIN:VCARD\nVERSION:2.1\nFN:" + data + b"\nEND:VCARD\n"):
        if isinstance(item, Card):
            item.raw.encode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1))
def test_any_escaped_text_comes_back(text):
    escaped = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    assert vcard.plain(escaped) == text
    assert vcard.several(escaped) == [vcard.line(escaped)]
    assert vcard.parts(f"{escaped};{escaped}") == [vcard.line(escaped)] * 2


def test_reading_does_not_need_the_whole_path(tmp_path: Path):
    (tmp_path / "a.vcf").write_bytes(b"")
    assert [type(i) for i in vcard.read(tmp_path / "a.vcf", Since())] == [Mark]


@pytest.mark.parametrize("ahead", ["\n", "\r\n\r\n", "exported by hand\n", "\ufeff\n"])
def test_a_lone_card_is_not_lost_behind_what_stands_ahead_of_it(tmp_path: Path, ahead: str) -> None:
    file = tmp_path / "ana.vcf"
    file.write_text(f"{ahead}BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEMAIL:ana@x.org\nEND:VCARD\n", encoding="utf-8")
    items = list(vcard.read(file, Since()))
    assert [item.name for item in items if isinstance(item, Card)] == ["Ana"]
    assert len([item for item in items if isinstance(item, Trouble)]) == ("exported" in ahead)


def test_a_byte_lost_from_cards_of_two_bytes_a_letter_is_told(tmp_path):
    path = tmp_path / "contacts.vcf"
    data = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:P{i}\nEND:VCARD\n" for i in range(10)).encode("utf-16")
    path.write_bytes(data)
    assert len([item for item in vcard.read(path, Since()) if isinstance(item, Card)]) == 10
    path.write_bytes(data[:200] + data[201:])
    troubles = [item for item in vcard.read(path, Since()) if isinstance(item, Trouble)]
    assert troubles[-1].reason.startswith("the file ends in half a letter")


def test_quoted_printable_that_a_phone_broke_without_saying_so(tmp_path):
    path = tmp_path / "contacts.vcf"
    lines = "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=AE=89=E8\r\n=97=A4;=E5\r\n=8B=87\r\nTEL;HOME:+4930123"
    path.write_text(f"BEGIN:VCARD\r\nVERSION:2.1\r\n{lines}\r\nEND:VCARD\r\n", newline="")
    (card,) = [item for item in vcard.read(path, Since()) if isinstance(item, Card)]
    assert (card.family, card.given, card.handles) == ("安藤", "勇", (Handle("phone", "+4930123"),))


def test_what_needs_no_escape_and_has_one_is_told_without():
    card = only('FN:Ana \\"Annie\\" Berg\nURL:http\\://ana.example\nNOTE:C:\\temp')
    assert (card.name, card.notes) == ('Ana "Annie" Berg', ("C:\\temp",))
    assert vcard.written(card.raw)["URL"] == ["http://ana.example"]
