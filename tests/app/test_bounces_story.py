"""A dead address is shown as such on the person, and the one that works is preferred."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World

from amity.app import intake

MAILS = """From x Thu Jan  2 10:00:00 2025
From: Mia <me@home.example>
To: Ana Sol <ana@old.example>
Date: Thu, 2 Jan 2025 10:00:00 +0000
Subject: The boat
Message-ID: <m1@home.example>

Hello.

From x Thu Jan  2 10:01:00 2025
From: Mail Delivery System <MAILER-DAEMON@mx.home.example>
To: me@home.example
Date: Thu, 2 Jan 2025 10:01:00 +0000
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.home.example>
Auto-Submitted: auto-replied
{answers}
This is the mail system at host mx.home.example.

<ana@old.example>: 550 5.1.1 user unknown

From x Fri Jan  3 10:00:00 2025
From: Ana Sol <ana@new.example>
To: me@home.example
Date: Fri, 3 Jan 2025 10:00:00 +0000
Subject: My new address
Message-ID: <n1@new.example>

Hello.

"""
CARD = "card Ana Sol <ana@old.example><ana@new.example> uid ana"


def told(world: World, folder: Path, answers: str, *, bodies: bool) -> dict[str, tuple[str, bool]]:
    world.tell(CARD)
    file = folder / "mail.mbox"
    file.write_text(MAILS.format(answers=answers))
    intake.import_(world.desk, [file], me=world.me, read_bodies=bodies)
    page = world.show("Ana Sol")
    return {one.value: (one.state, one.preferred) for one in page.identities if one.kind == "email"}


@pytest.fixture
def bare(tmp_path: Path) -> World:
    return World(tmp_path / "world")


DEAD = {"ana@old.example": ("dead", False), "ana@new.example": ("works", True)}


def test_by_the_words_of_the_report(bare: World, tmp_path: Path) -> None:
    assert told(bare, tmp_path, "", bodies=True) == DEAD
    assert bare.show("Ana Sol").identities[0].value == "ana@new.example"
    dead = bare.show("Ana Sol").identities[-1]
    assert (str(dead.since), dead.words) == ("2025-01-02", "<ana@old.example>: 550 5.1.1 user unknown")


def test_by_its_headers_alone_where_it_answers_the_message(bare: World, tmp_path: Path) -> None:
    assert told(bare, tmp_path, "References: <m1@home.example>\n", bodies=False) == DEAD


def test_without_either_nothing_is_supposed(bare: World, tmp_path: Path) -> None:
    assert told(bare, tmp_path, "", bodies=False)["ana@old.example"][0] == "unknown"


def test_before_the_report_it_is_not_dead(bare: World, tmp_path: Path) -> None:
    told(bare, tmp_path, "", bodies=True)
    page = bare.on("2025-01-01").show("Ana Sol")
    assert {one.state for one in page.identities if one.kind == "email"} == {"unknown"}
