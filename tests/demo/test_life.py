"""The demo is a real life in ordinary files: complete, attributed, and silent about the future."""

from __future__ import annotations

import csv
import email
import lzma
import re
import subprocess
import sys
from datetime import date, timedelta
from email.utils import getaddresses, parsedate_to_datetime
from importlib import resources
from pathlib import Path

import pytest

from amity.demo import life

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT.parent / "shared" / "data" / "letters"
PARTY = re.compile(r"[^;<>]+ <[a-z0-9.-]+@(?:letters|diary)\.example>")
WHEN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("life")
    life.unpack(place)
    return place


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def mails(path: Path) -> list[str]:
    return re.split(r"^From .*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def cards(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8").replace("\r\n ", "")
    return [
        dict(line.split(":", 1) for line in card.split("\r\n") if ":" in line)
        for card in text.split("BEGIN:VCARD\r\n")[1:]
    ]


def first_cards(path: Path) -> list[dict[str, str]]:
    return [card for card in cards(path) if "DEATHDATE" not in card]


def second_cards(path: Path) -> list[dict[str, str]]:
    return [card for card in cards(path) if "DEATHDATE" in card]


def test_unpacking_twice_changes_nothing(tmp_path: Path) -> None:
    paths = life.unpack(tmp_path / "new" / "folder")
    before = [(path.name, path.stat().st_mtime_ns, path.read_bytes()) for path in paths]
    assert life.unpack(tmp_path / "new" / "folder") == paths
    assert [(path.name, path.stat().st_mtime_ns, path.read_bytes()) for path in paths] == before
    assert [path.name for path in paths] == [file.name for file in life.FILES]


def test_a_damaged_file_is_made_whole_again(tmp_path: Path) -> None:
    first, *_ = life.unpack(tmp_path)
    whole = first.read_bytes()
    first.write_bytes(whole[:100])
    life.unpack(tmp_path)
    assert first.read_bytes() == whole


def test_the_whole_life_is_there_and_small(folder: Path) -> None:
    assert len(mails(folder / "letters.mbox")) == 4420
    assert len(first_cards(folder / "contacts.vcf")) == 999
    assert len(rows(folder / "diary.csv")) == 14990
    assert len(rows(folder / "editions.csv")) == 5212
    packed = resources.files("amity.demo")
    assert sum(len((packed / f"{file.name}.xz").read_bytes()) for file in life.FILES) < 1_500_000


def test_every_letter_is_a_mail_with_its_own_day(folder: Path) -> None:
    seen = set()
    days = []
    for text in mails(folder / "letters.mbox"):
        mail = email.message_from_string(text)
        assert not str(mail.get_payload()).strip()
        seen.add(mail["Message-ID"])
        when = parsedate_to_datetime(mail["Date"])
        assert (when.hour, when.utcoffset()) == (12, timedelta(0))
        days.append(when.date())
        assert len(getaddresses(mail.get_all("From", []))) == 1 or mail["Sender"]
        for _, address in getaddresses([*mail.get_all("From", []), *mail.get_all("To", [])]):
            assert re.fullmatch(r"[a-z0-9.-]+@letters\.example", address)
    assert len(seen) == 4420
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(1885, 5, 29), date(1931, 9, 14))


@pytest.mark.parametrize(("name", "channel"), [("diary.csv", "meeting"), ("editions.csv", "letter")])
def test_every_row_says_when_and_who(folder: Path, name: str, channel: str) -> None:
    table = rows(folder / name)
    for row in table:
        assert list(row) == ["when", "channel", "from", "to", "cc", "subject", "depth", "minutes", "id"]
        assert WHEN.fullmatch(row["when"])
        assert row["channel"] == channel
        for party in (*row["from"].split("; "), *row["to"].split("; ")):
            assert PARTY.fullmatch(party), row
    assert len({row["id"] for row in table}) == len(table)
    assert table == sorted(table, key=lambda row: (row["when"], row["id"]))


def test_a_mention_weighs_less_than_a_letter(folder: Path) -> None:
    assert {row["depth"] for row in rows(folder / "diary.csv")} == {"passing"}
    assert {row["depth"] for row in rows(folder / "editions.csv")} == {""}


def test_nobody_has_two_addresses_and_no_address_two_people(folder: Path) -> None:
    names: dict[str, set[str]] = {}
    for name in ("diary.csv", "editions.csv"):
        for row in rows(folder / name):
            for party in (*row["from"].split("; "), *row["to"].split("; ")):
                said, address = party.removesuffix(">").split(" <")
                names.setdefault(address, set()).add(said)
    assert all(len(said) == 1 for said in names.values())
    book = first_cards(folder / "contacts.vcf")
    assert len({card["EMAIL"] for card in book}) == len({card["UID"] for card in book}) == len(book)
    assert all(
        names.get(card["EMAIL"], {card["FN"].replace("\\", "")}) == {card["FN"].replace("\\", "")} for card in book
    )
    assert life.OWNER_ADDRESS not in {card["EMAIL"] for card in book}
    assert names[life.OWNER_ADDRESS] == {life.OWNER_NAME}


def test_the_address_book_does_not_tell_the_future(folder: Path) -> None:
    first: dict[str, str] = {}
    for row in rows(folder / "diary.csv"):
        for address in re.findall(r"<(.*?)>", row["to"]):
            first.setdefault(address, row["when"])
    for text in mails(folder / "letters.mbox"):
        mail = email.message_from_string(text)
        day = parsedate_to_datetime(mail["Date"]).date().isoformat()
        for _, address in getaddresses([*mail.get_all("From", []), *mail.get_all("To", [])]):
            first[address] = min(day, first.get(address, day))
    for card in first_cards(folder / "contacts.vcf"):
        assert not re.search(r"death|died|gestorben|†", str(card), re.IGNORECASE)
        assert card["REV"] == f"{first[card['EMAIL']].replace('-', '')}T120000Z"
        if "BDAY" in card:
            assert re.fullmatch(r"\d{4}(\d{4}|-\d\d)?", card["BDAY"])
            assert card["BDAY"][:4] <= card["REV"][:4]


def test_a_death_is_told_on_its_day_and_not_before(folder: Path) -> None:
    book = cards(folder / "contacts.vcf")
    first = {card["UID"]: card for card in first_cards(folder / "contacts.vcf")}
    dead = second_cards(folder / "contacts.vcf")
    assert book == [*first.values(), *dead], "a later card of a UID is in force, so deaths come last"
    assert len({card["UID"] for card in dead}) == len(dead) > 700
    assert [card["REV"] for card in dead] == sorted(card["REV"] for card in dead)
    for card in dead:
        told = card["DEATHDATE"] if len(card["DEATHDATE"]) == 8 else f"{card['DEATHDATE']}1231"
        assert card["REV"] == f"{told}T120000Z" >= first[card["UID"]]["REV"]
        said = {key: value for key, value in card.items() if key not in ("REV", "DEATHDATE")}
        assert said == {key: value for key, value in first[card["UID"]].items() if key != "REV"}


def test_who_was_dead_in_the_autumn_of_1895(folder: Path) -> None:
    last = {card["EMAIL"]: card for card in cards(folder / "contacts.vcf") if card["REV"][:8] <= "18951001"}
    assert last["johann.schnitzler@letters.example"]["DEATHDATE"] == "18930502"
    assert "DEATHDATE" not in last["richard.beer-hofmann@letters.example"]


def test_no_card_line_is_longer_than_the_standard_allows(folder: Path) -> None:
    assert max(map(len, (folder / "contacts.vcf").read_bytes().split(b"\r\n"))) <= 75


def test_friends_of_1895_are_who_they_were(folder: Path) -> None:
    book = {card["EMAIL"]: card for card in first_cards(folder / "contacts.vcf")}
    assert book["felix.salten@letters.example"]["FN"] == "Felix Salten"
    assert book["hermann.bahr@letters.example"]["BDAY"] == "18630719"
    assert book["hugo.von.hofmannsthal@letters.example"]["N"] == "Hofmannsthal;Hugo von;;;"


def test_every_file_names_its_source_and_licence() -> None:
    page = resources.files("amity.demo").joinpath("LICENSES.md").read_text(encoding="utf-8")
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    shown = "\n".join(life.ATTRIBUTION)
    for file in life.FILES:
        assert f"`{file.name}.xz`" in page
        assert f"{file.name}.xz" in notice
        for licence in file.licence.split(" / "):
            assert licence in page
            assert licence in notice
            assert licence in shown


@pytest.mark.skipif(
    not SOURCES.is_dir(), reason="needs the data sets that the demo is made from, in ../shared/data/letters"
)
def test_packing_again_gives_what_is_shipped(tmp_path: Path) -> None:
    script = ROOT / "tools" / "pack_demo.py"
    subprocess.run([sys.executable, script, SOURCES, "--to", tmp_path], check=True, capture_output=True)
    shipped = resources.files("amity.demo")
    # Compared unpacked: another release of liblzma may compress the same text differently.
    for file in life.FILES:
        again, before = (place.joinpath(f"{file.name}.xz").read_bytes() for place in (tmp_path, shipped))
        assert lzma.decompress(again) == lzma.decompress(before)
    page = "LICENSES.md"
    assert tmp_path.joinpath(page).read_bytes() == shipped.joinpath(page).read_bytes()
