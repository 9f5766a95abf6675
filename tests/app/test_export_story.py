"""Leaving is easy: what an export writes, and that it reads back as what it was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from world import World, write_table

from amity.app import export, facts, intake, people
from amity.app.fields import FIELDS
from amity.errors import AmityError, Code
from amity.model import Handle
from amity.sources import exact

HISTORY = """
2024-11-05 mail Ana Miller <ana@x.example> > me: The exhibition
2024-11-06 mail me > Ana Miller <ana@x.example>, Bo: Re: The exhibition
2025-01-05 mail[list] Ana Miller <ana@x.example> > talk@lists.example: A list
2025-01-12 meeting me + Ana M <ana@x.example> + Chris: Lunch, and more; "quoted"
2025-01-13 mail[auto] robot@shop.example > me: Your order
today 2025-02-01
"""
CARD = """BEGIN:VCARD
VERSION:3.0
UID:ana-in-the-address-book
N:Miller;Ana;;;
FN:Ana Miller
EMAIL;TYPE=work:ana@x.example
TEL;TYPE=cell:+49 30 1234567
BDAY:1990-04-12
ORG:Orchard;Press
TITLE:editor
item1.ADR;TYPE=home:;;Berggasse 19;Wien;;1090;Österreich
item1.X-ABADR:at
item2.URL:https://ana.example
item2.X-ABLabel:blog
NOTE:Likes\\, among others: "old" maps\\; and\\nnew ones
X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/ana
X-SHOE-SIZE:39
END:VCARD
"""


def _import(world: World, *paths: Path) -> intake.ImportReport:
    return intake.import_(world.desk, [str(path) for path in paths], me=world.me)


def _again(world: World, folder: Path) -> World:
    """Import an export into a fresh vault."""
    other = World(folder / "again")
    other.day = world.day
    _import(other, folder / "out")
    return other


def _picture(world: World) -> dict[str, Any]:
    """Tell people, contacts and facts without what names a vault: numbers, sources, days of import."""
    told = {}
    for line in people.find(world.desk, limit=1000).people:
        page = world.show(line.id)
        told[line.name] = {
            "identities": {(one.kind, one.value) for one in page.identities},
            "aliases": set(page.aliases),
            "positions": [(one.organisation, one.title) for one in page.positions],
            "birthday": page.birthday,
            "died": page.died,
            "facts": sorted((one.field, one.label.casefold(), one.value, one.time_there) for one in page.facts),
            "contacts": [
                (one.on, one.channel, one.way, one.subject, sorted(one.others), one.imprecise)
                for one in people.contacts(world.desk, line.id, limit=1000).contacts
            ],
            "counts": line.counts,
        }
    return told


def test_an_export_reads_back_as_the_same_people_contacts_and_facts(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    (world.folder / "ana.vcf").write_text(CARD, encoding="utf-8")
    _import(world, world.folder / "ana.vcf")
    world.log("coffee with Zoe in May")
    world.log("called Ana Miller yesterday for 20 minutes")
    facts.define(world.desk, "Shoe size")
    for field, value, label in (
        ("need", "a flat in Vienna", ""),
        ("offer", "knows printers; and binders", ""),
        ("family", "Mia", "daughter"),
        ("family", "Tom", "spouse"),
        ("date", "12 Nisan 5750", "birthday, by her calendar"),
        ("date", "2015-06-01", "anniversary"),
        ("note", "# Heading\n\n- one\n- two", ""),
        ("place", "Lisboa", "work"),
        ("language", "pt", ""),
        ("language", "Old Norse", ""),
        ("taste", "maps", ""),
        ("gift", "a globe", ""),
        ("met", "at the lake", ""),
        ("group", "Choir", ""),
        ("shoe size", "39", ""),
        ("birthday", "--04-12", ""),
    ):
        facts.tell(world.desk, "Ana Miller", field, value, label=label)
    facts.tell(world.desk, "Zoe", "name", "Zoé Ángel")
    before = _picture(world)
    done = export.write(world.desk, tmp_path / "out")
    assert [one.name for one in done.files] == ["contacts.vcf", "calendar.ics", "interactions.csv", "everything.json"]
    again = _again(world, tmp_path)
    after = _picture(again)
    for name in before:
        # What the owner said is a card's word in the new vault; the rest is the same.
        assert after[name] == before[name] | {"facts": after[name]["facts"]}, name
        mine = [one for one in before[name]["facts"] if one[0] not in ("name", "birthday")]
        assert [one for one in after[name]["facts"] if one[0] not in ("name", "birthday")] == mine, name
    assert set(after) == set(before)
    again.close()


def test_contacts_that_come_back_into_the_same_vault_are_known(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    world.log("coffee with Zoe yesterday")
    before = _picture(world)
    export.write(world.desk, tmp_path / "out")
    for name in ("interactions.csv", "calendar.ics"):
        (report,) = _import(world, tmp_path / "out" / name).sources
        assert (report.new, report.troubles) == (0, ()), name
    assert _picture(world) == before
    _import(world, tmp_path / "out" / "contacts.vcf")
    assert set(_picture(world)) == set(before)


def test_what_an_imported_card_says_beyond_is_kept(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    (world.folder / "ana.vcf").write_text(CARD, encoding="utf-8")
    _import(world, world.folder / "ana.vcf")
    export.write(world.desk, tmp_path / "out")
    written = (tmp_path / "out" / "contacts.vcf").read_bytes().decode()
    unfolded = written.replace("\r\n ", "").split("\r\n")
    for line in (
        "UID:ana-in-the-address-book",
        "N:Miller;Ana;;;",
        "EMAIL;TYPE=work:ana@x.example",
        "TEL;TYPE=cell:+49301234567",
        "BDAY:19900412",
        "ORG:Orchard",
        "X-SHOE-SIZE:39",
        "X-SOCIALPROFILE;TYPE=twitter:https://twitter.com/ana",
        "c1item1.X-ABADR:at",
    ):
        assert line in unfolded
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))


def test_private_facts_stay_behind_unless_they_are_asked_for(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    facts.tell(world.desk, "Ana Miller", "worry", "her mother", private=True)
    note = facts.tell(world.desk, "Ana Miller", "note", "her secret")
    facts.amend(world.desk, "Ana Miller", note.id, private=True)
    facts.tell(world.desk, "Ana Miller", "birthday", "1990-04-12", private=True)
    export.write(world.desk, tmp_path / "out")
    written = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert not any(word in written for word in ("mother", "secret", "1990-04-12", "19900412"))
    export.write(world.desk, tmp_path / "all" / "out", private=True)
    again = _again(world, tmp_path / "all")
    kept = {(one.field, one.value, one.private) for one in again.show("Ana Miller").facts}
    assert kept >= {("worry", "her mother", True), ("note", "her secret", True), ("birthday", "1990-04-12", True)}
    assert people.show(again.desk, "Ana Miller", private=False).facts == ()
    again.close()


def test_everything_is_one_json_document(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    facts.tell(world.desk, "Ana Miller", "need", "a flat")
    export.write(world.desk, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "everything.json").read_text(encoding="utf-8"))
    (ana,) = [one for one in told["people"] if one["name"] == "Ana Miller"]
    assert [(one["field"], one["value"], one["source"]) for one in ana["facts"]] == [("need", "a flat", "you")]
    assert {one["kind"] for one in told["decisions"]} == {"import", "fact"}
    assert told["amity"]["handles"] == ["me@home.example"]


def test_nothing_of_a_later_day_leaves(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    export.write(world.on("2024-12-01").desk, tmp_path / "out")
    written = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert "exhibition" in written
    assert "Lunch" not in written


def test_files_that_are_there_are_not_touched(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    (tmp_path / "contacts.vcf").write_text("mine", encoding="utf-8")
    with pytest.raises(AmityError) as caught:
        export.write(world.desk, tmp_path)
    assert caught.value.code is Code.REFUSED
    assert (tmp_path / "contacts.vcf").read_text(encoding="utf-8") == "mine"
    export.write(world.desk, tmp_path, replace=True)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn")), max_size=25)
NAMES = st.text(st.sampled_from("abzÄöß東ñ '\".,;:<>()-_@\\%"), min_size=1, max_size=12)
SAID = [name for name in FIELDS if name not in ("name", "birthday", "died", "zone", "custom", "file", "date")]


@settings(max_examples=30, phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.dates(max_value=date(2025, 1, 31), min_value=date(1890, 1, 1)),
            st.sampled_from(["mail", "meeting", "letter", "call", "chat"]),
            st.integers(0, 3),
            WORDS,
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.tuples(NAMES, st.sampled_from(["email", "handle", "name", "phone"])), min_size=4, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(SAID), WORDS, WORDS), max_size=5),
)
@example([(date(1896, 12, 4), "meeting", 2, "")], [("a", "name"), ("a", "name"), ("b\\", "name"), ("a", "name")], [])
def test_whatever_a_vault_holds_comes_back(contacts: Any, somebody: Any, said: Any) -> None:
    with TemporaryDirectory() as room:
        world = World(Path(room) / "world")
        world.day = date(2025, 2, 1)
        rows = []
        for on, channel, number, subject in contacts:
            name, kind = somebody[number]
            value = {
                "email": f"a{number}@x.example",
                "phone": f"+4930123456{number}",
                "handle": f"Slack:T{number}/U{name}".strip(),
                "name": " ".join(f"{number} {name}".casefold().split()),
            }[kind]
            other = f"<{exact.write_party(' '.join(name.split()), Handle(kind, value))}>"
            rows.append((on.isoformat(), channel, "me@home.example", other, "", subject, "", "", ""))
        _import(world, write_table(world.folder / "told.csv", rows))
        listed = people.find(world.desk, limit=50).people
        for number, field, value, label in said:
            if value.strip():
                facts.tell(world.desk, listed[number % len(listed)].id, field, value, label=label)
        before = _by_handles(world)
        export.write(world.desk, Path(room) / "out")
        again = _again(world, Path(room))
        assert _by_handles(again) == before
        again.close()
        world.close()


def _by_handles(world: World) -> dict[Any, Any]:
    """Tell people by their addresses, for names may be equal."""
    told = {}
    for line in people.find(world.desk, limit=1000).people:
        page = world.show(line.id)
        told[tuple(sorted((one.kind, one.value) for one in page.identities))] = (
            page.name.casefold(),  # how a name is cased is told by all its spellings, of which the export writes one
            sorted((one.field, one.label.casefold(), " ".join(one.value.split()).casefold()) for one in page.facts),
            sorted((one.on, one.channel, one.way, one.subject) for one in page.timeline),
            line.counts,
        )
    return told
