"""Delivery failures: recognised by their headers, and whom they name read off their bodies."""

from __future__ import annotations

from pathlib import Path

import pytest

from amity.model import Moment
from amity.sources import bounces
from amity.sources.bounces import DELAYED, FULL, GONE
from amity.sources.mail import scanner, unix

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
STATUS = b"""From: Mail Delivery System <MAILER-DAEMON@mx.home.example>
To: mia@home.example
Date: Mon, 3 Feb 2025 10:00:00 +0000
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.home.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="xx"

--xx
Content-Type: text/plain

I'm sorry. For help, write to <postmaster@home.example>.

<ana@old.example>: host mx.old.example said: 550 5.1.1 user unknown

--xx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.home.example

Original-Recipient: rfc822; ana@old.example
Final-Recipient: rfc822; ana.sol@inner.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--xx
Content-Type: message/rfc822

From: mia@home.example
To: ana@old.example, bo@hill.example
Subject: The boat

--xx--
"""


def moment(raw: bytes) -> Moment:
    read = scanner()(b"\n" + unix(raw), 0, b"")
    assert isinstance(read, Moment)
    return read


def test_a_delivery_status_names_whom_the_owner_wrote_to() -> None:
    assert bounces.is_bounce(moment(STATUS))
    (one,) = bounces.failures(STATUS)
    assert (one.address, one.kind) == ("ana@old.example", GONE)
    assert "user unknown" in one.words
    (found,) = bounces.found(STATUS, moment(STATUS))
    assert (found.kind, [handle.value for handle in found.people]) == ("bounce", ["ana@old.example"])


def test_a_delay_and_a_full_mailbox_are_told_apart() -> None:
    late = STATUS.replace(b"Action: failed\nStatus: 5.1.1", b"Action: delayed\nStatus: 4.4.1")
    assert [one.kind for one in bounces.failures(late)] == [DELAYED]
    full = STATUS.replace(b"550 5.1.1 user unknown", b"552 5.2.2 over quota").replace(b"5.1.1", b"5.2.2")
    assert [one.kind for one in bounces.failures(full)] == [FULL]


def test_words_of_an_old_server_are_understood() -> None:
    raw = b"""From: MAILER-DAEMON@mx.example
Date: Mon, 3 Feb 2025 10:00:00 +0000
Subject: failure notice

Hi. I'm afraid I wasn't able to deliver your message to the following addresses.

<ana@old.example>:
Sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

To: bo@hill.example
"""
    assert [one.address for one in bounces.failures(raw)] == ["ana@old.example"]


def test_a_friend_who_writes_of_failure_is_no_server() -> None:
    raw = b"From: Ana <ana@sea.example>\nDate: Mon, 3 Feb 2025 10:00:00 +0000\nSubject: Re: the mail that failed\n\nHm."
    assert not bounces.is_bounce(moment(raw))


@pytest.mark.skipif(not (DATA / "fuzz").exists(), reason="the shared test data are not here")
def test_real_reports_of_failure_are_recognised() -> None:
    from benchmarks import bounces as benchmark

    known = benchmark.labels()
    mails = benchmark.members(DATA / benchmark.BOUNCES, (benchmark.FOLDER,))
    judged = [benchmark.judge(name, raw, known[name]) for name, raw in mails if name in known]
    figures = benchmark.figures(judged)
    assert len(judged) == 117
    assert figures["share recognised"] >= 0.95
    assert figures["share all right"] >= 0.95
    assert figures["others called reports"] == 0
