"""Forgetting a person is complete: no row, no page of the file, no second reading holds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import World

from amity.app import entries, erasure, facts, intake, people, plan, upkeep
from amity.errors import AmityError, Code

HISTORY = """
2024-11-05 mail Ana Miller <ana@x.example> > me: The exhibition
2024-11-06 mail me > Ana Miller <ana@x.example>, Bo Stone <bo@x.example>: For Ana Miller and you
2024-11-07 mail[list] Ana M <ana@x.example> > me: A list
2025-01-05 mail Bo Stone <bo@x.example> > me: Greetings from ana@x.example
2025-01-12 meeting me + Ana Miller <ana@x.example>: Lunch
2025-01-13 meeting me + Bo Stone <bo@x.example> + Ana Miller <ana@x.example>: Walk with Ana
card Ana Miller <ana@x.example> born 1990-04-12 tel +49301234567 org Orchard uid ana-miller-uid
card Bo Stone <bo@x.example> tel +49309999999
today 2025-02-01
"""
NEEDLES = (b"ana@x.example", b"Ana Miller", b"ana miller", b"+49301234567", b"ana-miller-uid", b"1990-04-12", b"a flat")


def _told(world: World) -> None:
    world.tell(HISTORY)
    world.log("coffee with Ana Miller yesterday")
    facts.tell(world.desk, "Ana Miller", "need", "a flat")
    facts.tell(world.desk, "Bo Stone", "through", "Ana Miller")
    facts.tell(world.desk, "Bo Stone", "taste", "walks")
    entries.note(world.desk, "promise", ["Ana Miller"], "the list")
    plan.today(world.desk)


def _bytes(world: World) -> bytes:
    folder = world.database.folder
    return b"".join(file.read_bytes() for file in sorted(folder.glob("amity.db*")))


def test_nothing_is_left_and_what_is_left_is_sound(world: World) -> None:
    """today 2025-02-01"""
    _told(world)
    assert any(needle in _bytes(world) for needle in NEEDLES)
    done = erasure.forget(world.desk, "Ana Miller", sure=True)
    assert (done.name, done.contacts, done.changed, done.cards) == ("Ana Miller", 4, 3, 1)
    left = _bytes(world)
    assert [needle for needle in NEEDLES if needle in left] == []
    health = upkeep.verify(world.desk)
    assert health.places == ()
    assert world.people() == {"Bo Stone"}
    assert [(one.on.isoformat(), one.subject) for one in world.show("Bo Stone").timeline] == [
        ("2025-01-13", "Walk with [forgotten]"),
        ("2025-01-05", "Greetings from [forgotten]"),
        ("2024-11-06", "For [forgotten] and you"),
    ]
    assert [(one.field, one.value) for one in world.show("Bo Stone").facts] == [("taste", "walks")]
    assert entries.balance(world.desk).entries == ()
    assert "Ana" not in str(upkeep.history(world.desk))


def test_what_is_read_again_does_not_bring_them_back(world: World) -> None:
    """today 2025-02-01"""
    _told(world)
    erasure.forget(world.desk, "Ana Miller", sure=True)
    before = world.picture()
    files = sorted(world.folder.glob("told-*"))
    report = intake.import_(world.desk, [str(file) for file in files], me=world.me, anew=True)
    assert [one.new for one in report.sources] == [0] * len(files)
    assert all(one.read == one.new + one.known + len(one.troubles) for one in report.sources)
    assert world.people() == {"Bo Stone"}
    assert world.picture() == before
    assert [needle for needle in NEEDLES if needle in _bytes(world)] == []


def test_who_writes_again_later_is_a_new_acquaintance(world: World) -> None:
    """today 2025-02-01"""
    _told(world)
    old = world.show("Ana Miller").id
    erasure.forget(world.desk, "Ana Miller", sure=True)
    world.on("2026-03-01").tell("2026-02-03 mail Ana Miller <ana@x.example> > me: Hello again")
    page = world.show("Ana Miller")
    assert page.contacts == 1
    assert page.id != old


def test_it_cannot_be_undone_and_earlier_changes_can(world: World) -> None:
    """today 2025-02-01"""
    _told(world)
    erasure.forget(world.desk, "Ana Miller", sure=True)
    (change,) = world.undo()
    assert "walks" in change.summary
    assert world.show("Bo Stone").facts == ()
    world.redo()
    assert world.people() == {"Bo Stone"}
    assert upkeep.verify(world.desk).sound


def test_it_asks_and_never_forgets_the_owner(world: World) -> None:
    """today 2025-02-01"""
    _told(world)
    for person, sure in (("Ana Miller", False), ("me@home.example", True)):
        with pytest.raises(AmityError) as caught:
            erasure.forget(world.desk, person, sure=sure)
        assert caught.value.code is Code.REFUSED
    assert "Ana Miller" in world.people()


def test_kept_words_findings_and_files_go_too(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    mail = tmp_path / "words.mbox"
    mail.write_text(
        "From x@y Thu Jan  1 00:00:00 1970\nFrom: Ana Miller <ana@x.example>\nTo: me@home.example\n"
        "Date: Mon, 6 Jan 2025 12:00:00 +0000\nSubject: The boat\nMessage-ID: <boat@x.example>\n\n"
        "I will send you the zephyrine plan next week.\n\n"
        "From x@y Thu Jan  1 00:00:00 1970\nFrom: Bo Stone <bo@x.example>\nTo: me@home.example\n"
        "Date: Tue, 7 Jan 2025 12:00:00 +0000\nSubject: Tea\nMessage-ID: <tea@x.example>\n\n"
        "Ana Miller told me about it. Thank you for the tea.\n\n",
        encoding="utf-8",
    )
    intake.import_(world.desk, [str(mail)], me=world.me, read_bodies=True, keep_text=True)
    letter = tmp_path / "letter.txt"
    letter.write_text("zephyrine", encoding="utf-8")
    kept = facts.attach(world.desk, "Ana Miller", letter)
    face = tmp_path / "face.gif"
    face.write_bytes(b"GIF89a\x02\x00\x02\x00;")
    photo = facts.attach(world.desk, "Ana Miller", face, photo=True)
    assert b"zephyrine" in _bytes(world)
    done = erasure.forget(world.desk, "Ana Miller", sure=True)
    assert done.files == 2
    assert not [one for one in (kept, photo) if (world.database.folder / facts.FILES / one.label).exists()]
    left = _bytes(world)
    assert b"zephyrine" not in left
    assert b"Ana Miller" not in left
    assert upkeep.verify(world.desk).sound
    from amity.app import ledger

    assert [one.excerpt for one in ledger.search_text(world.desk, "tea")] == [
        "[forgotten] told me about it. Thank you for the tea."
    ]
    again = intake.import_(world.desk, [str(mail)], me=world.me, read_bodies=True, keep_text=True, anew=True)
    assert [one.new for one in again.sources] == [0]
    assert b"zephyrine" not in _bytes(world)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["mail", "meeting", "letter"]),
        st.lists(st.sampled_from(["me", "Ana", "Bo", "Chris"]), min_size=2, max_size=4, unique=True),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.explicit, Phase.generate))
@given(LINES, st.integers(1, 5))
def test_whatever_is_forgotten_the_rest_is_sound(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, list[str]]], cut: int
) -> None:
    world = World(tmp_path_factory.mktemp("world"))
    told = []
    for number, (channel, names) in enumerate(lines):
        parties = " + ".join(names) if channel == "meeting" else f"{names[0]} > {', '.join(names[1:])}"
        told.append(f"2025-01-{number + 1:02} {channel} {parties}: No. {number}")
    world.tell("\n".join([*told[:cut], "today 2025-02-01"]))
    if told[cut:]:
        world.tell("\n".join(told[cut:]))
    if "Ana" in {one.name for one in people.find(world.desk, limit=9).people}:
        erasure.forget(world.desk, "Ana", sure=True)
        assert "Ana" not in world.people()
        assert upkeep.verify(world.desk).places == ()
        expected = {n for c, names in lines for n in names if {"Bo", "Chris"} & set(names)} - {"me", "Ana"}
        assert world.people() == expected
        world.tell("2025-01-30 mail Zoe > me")
        assert upkeep.verify(world.desk).places == ()
    world.close()


def test_the_file_can_be_swept_later(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    erasure.forget(world.desk, "Ana", sure=True)
    assert erasure.sweep(world.desk)
    assert upkeep.verify(world.desk).sound
