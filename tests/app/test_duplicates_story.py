"""Duplicates: who is joined unasked, who is offered, and what the owner's word does to both."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World

from amity.app import duplicates, intake, people, who
from amity.app.desk import Desk

TWICE = """
card Anastasia Millerova <ana@x.example> born 1971-03-04 org Orchard
card Anastasia Millerova <a.millerova@orchard.example> born 1971-03-04 org Orchard
"""


def _pairs(world: World) -> set[frozenset[str]]:
    return {frozenset(one.names) for one in duplicates.review(world.desk).pairs}


def test_who_surely_is_one_is_joined_by_an_import_and_parted_by_undo(world: World) -> None:
    """
    2025-01-05 mail Bo > me
    today 2025-02-01
    """
    report = world.tell(TWICE)
    assert report is not None
    assert report.joined == 1
    (merged,) = duplicates.review(world.desk).merged
    assert (merged.by, len(merged.because) > 1) == ("amity", True)
    assert len(world.show("ana@x.example").identities) == 2
    world.undo()
    assert world.show("ana@x.example").id != world.show("a.millerova@orchard.example").id
    world.tell("2025-01-09 mail Cy > me")
    assert world.show("ana@x.example").id != world.show("a.millerova@orchard.example").id, "taken back is taken back"


def test_a_batch_of_pairs_is_gone_through_without_working_out_all_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    2025-01-05 mail Anastasia Millerova <millerova@a.example> > me
    2025-01-06 mail Anastasia Millerova <millerova@b.example> > me
    2025-01-07 mail Anastasia Millerova <millerova@c.example> > me
    2025-01-08 mail Bartholomew Orchard <orchardb@a.example> > me
    2025-01-09 mail Bartholomew Orchard <orchardb@b.example> > me
    today 2025-02-01
    """
    offered = duplicates.review(world.desk)
    assert offered.total == 4
    times: list[duplicates.Said] = []
    whole = duplicates._work_out

    def work_out(desk: Desk, word: duplicates.Said) -> list[duplicates.Alike]:
        times.append(word)
        return whole(desk, word)

    monkeypatch.setattr(duplicates, "_work_out", work_out)
    first = next(one for one in offered.pairs if "Millerova" in one.names[0])
    who.merge(world.desk, [first.left, first.right])
    left = duplicates.review(world.desk)
    assert [sorted({one.left, one.right} & {first.right}) for one in left.pairs] == [[], []]
    assert left.total == 2, "what was offered of either is offered of both, once"
    assert left.merged[-1].name == "Anastasia Millerova"
    for one in left.pairs:
        who.keep_apart(world.desk, one.left, one.right)
    assert duplicates.review(world.desk).pairs == ()
    assert not times
    world.undo(3)
    assert duplicates.review(world.desk).pairs == offered.pairs
    assert times


def test_a_name_alone_joins_nobody_but_may_be_offered(world: World) -> None:
    """
    2025-01-05 mail Anastasia Millerova <ana@x.example> > me
    2025-01-06 mail Anastasia Millerova <ana@y.example> > me
    today 2025-02-01
    """
    assert len(people.find(world.desk).people) == 2
    assert duplicates.review(world.desk).merged == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith <j@a.example> born 1950-01-02", "John Smith <j@b.example> born 1980-05-06"),
        ("Ana Stone <ana@home.example> tel +49301234567", "Bo Stone <bo@home.example> tel +49301234567"),
        ("John Smith <j@a.example> born 1950-01-02 tel +49301", "John Smith <j@b.example> born 1980-05-06 tel +49301"),
        ("Karl Gruber sen <k@a.example> tel +49301", "Karl Gruber jun <k@b.example> tel +49301"),
        ("Karl Gruber sen <k@a.example> born 1940-01-02", "Karl Gruber jun <k@b.example> born 1970-01-02"),
    ],
)
def test_namesakes_and_families_stay_two(world: World, one: str, other: str) -> None:
    """
    2025-01-05 mail Bo > me
    today 2025-02-01
    """
    report = world.tell(f"card {one}\ncard {other}")
    assert report is not None
    assert report.joined == 0


def test_who_was_kept_apart_is_offered_no_more_also_after_a_reimport(world: World) -> None:
    """
    2025-01-05 mail Bo > me
    today 2025-02-01
    """
    world.tell(TWICE)
    world.undo()
    assert _pairs(world)
    who.keep_apart(world.desk, "ana@x.example", "a.millerova@orchard.example")
    assert not _pairs(world)
    world.tell(TWICE.replace("org Orchard", "org Orchard-Ltd"))
    assert not _pairs(world)
    assert world.show("ana@x.example").id != world.show("a.millerova@orchard.example").id


def test_a_pair_that_is_accepted_is_merged_and_listed(world: World) -> None:
    """
    2025-01-05 mail Bo > me
    today 2025-02-01
    """
    world.tell(TWICE)
    world.undo()
    pair = duplicates.review(world.desk).pairs[0]
    assert pair.because[0].weight > 0
    who.merge(world.desk, [pair.left, pair.right])
    review = duplicates.review(world.desk)
    assert not review.pairs
    (merged,) = review.merged
    assert (merged.into, merged.joined, merged.by) == (
        min(pair.left, pair.right),
        (max(pair.left, pair.right),),
        "owner",
    )


def test_in_a_large_archive_an_import_looks_for_twins_only_where_it_brought_some(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    2025-01-05 mail Bo > me
    today 2025-02-01
    """
    monkeypatch.setattr(duplicates, "QUICK", 0)
    report = world.tell(TWICE)
    assert report is not None
    assert report.joined == 1
    duplicates.pull(world.desk)
    monkeypatch.setattr(duplicates, "SOME", 0.9)
    later = world.tell(TWICE.replace("Anastasia", "Wilhelmina").replace("x.example", "y.example").replace("a.m", "w.m"))
    assert later is not None
    assert later.joined == 0
    assert [one.sure for one in duplicates.review(world.desk).pairs].count(True) == 1
    assert duplicates.join_sure(world.desk) == 1


ANSWERED = """From x Thu Jan  2 10:00:00 2025
From: Mia <me@home.example>
To: {asked} <{old}>
Date: Thu, 2 Jan 2025 10:00:00 +0000
Subject: The boat
Message-ID: <m1@home.example>

Hello.

From x Fri Jan  3 10:00:00 2025
From: {answers} <{new}>
To: me@home.example
Date: Fri, 3 Jan 2025 10:00:00 +0000
Subject: Re: The boat
Message-ID: <n1@new.example>
{reply}
Hello.

"""
IN_REPLY = "In-Reply-To: <m1@home.example>\n"


def _answered(folder: Path, asked: str, answers: str, old: str, new: str, reply: str = IN_REPLY) -> tuple[World, int]:
    world = World(folder / "world")
    file = folder / "mail.mbox"
    file.write_text(ANSWERED.format(asked=asked, answers=answers, old=old, new=new, reply=reply))
    return world, intake.import_(world.desk, [file], me=world.me).joined


def test_who_answers_from_a_new_address_in_one_conversation_is_the_one_who_was_asked(tmp_path: Path) -> None:
    name = "Anastasia Millerova"
    world, joined = _answered(tmp_path, name, name, "ana@old.example", "millie@new.example")
    assert joined == 1
    assert world.show("millie@new.example").id == world.show("ana@old.example").id
    because = [one.reason for one in duplicates.review(world.desk).merged[0].because]
    assert "answered in a conversation in which the other had been written to" in because


def test_who_began_the_conversation_from_an_old_address_is_the_one_who_goes_on_from_a_new_one(tmp_path: Path) -> None:
    name = "Anastasia Millerova"
    world = World(tmp_path / "world")
    file = tmp_path / "mail.mbox"
    began = (
        f"From x Wed Jan  1 10:00:00 2025\nFrom: {name} <ana@old.example>\nTo: me@home.example\n"
        "Date: Wed, 1 Jan 2025 10:00:00 +0000\nSubject: The boat\nMessage-ID: <o1@old.example>\n\nHello.\n\n"
    )
    went_on = ANSWERED.format(asked=name, answers=name, old="ana@old.example", new="millie@new.example", reply=IN_REPLY)
    went_on = went_on.replace("Subject: The boat\n", "Subject: The boat\nIn-Reply-To: <o1@old.example>\n", 1)
    file.write_text(began + went_on.replace(IN_REPLY, IN_REPLY + "References: <o1@old.example> <m1@home.example>\n"))
    assert intake.import_(world.desk, [file], me=world.me).joined == 1
    assert world.show("millie@new.example").id == world.show("ana@old.example").id


@pytest.mark.parametrize(
    ("asked", "answers", "old", "new", "reply"),
    [
        ("Anastasia Millerova", "Anastasia Millerova", "ana@old.example", "millie@new.example", ""),
        ("Anastasia Millerova", "Boris Millerov", "ana@old.example", "boris@new.example", IN_REPLY),
        ("Anastasia", "Anastasia", "ana@old.example", "stasia@new.example", IN_REPLY),
        ("Anastasia Millerova", "Anastasia Millerova", "ana@old.example", "ana@o1d.example", IN_REPLY),
        ("John Smith", "John Smith Jr.", "john@old.example", "smitty@new.example", IN_REPLY),
    ],
    ids=["another conversation", "somebody else", "a given name alone", "a look-alike", "the son"],
)
def test_an_answer_joins_nobody_without_the_name_nor_a_look_alike(
    tmp_path: Path, asked: str, answers: str, old: str, new: str, reply: str
) -> None:
    world, joined = _answered(tmp_path, asked, answers, old, new, reply)
    assert joined == 0
    assert world.show(old).id != world.show(new).id
