"""Whether a word, a reminder or an ask is in its time, person by person; silence is respected, every hold explained.

Attention is earned, not pushed for: no second message while the first may still be answered, at most so many reminders,
and no ask before something was given. The owner sets how long and how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from msgspec import Struct

from amity.language import plain_day, say, say_many
from amity.model import Reason

SENT, RECEIVED, MET = "sent", "received", "met"
ANSWERED_WITHIN = 60  # days; what comes later answers nothing
SLOWEST = 0.8  # of their answers came within the time that is waited
KNOWN_REPLIES = 3  # answers before a usual time is known


class Rules(Struct, frozen=True):
    """What the owner set: days and numbers."""

    reply_days: int = 14  # to wait for an answer where their usual time is not known
    reminders: int = 1  # after a message that was not answered
    rest_days: int = 90  # of peace after the last reminder
    gifts: int = 1  # given before something is asked; 0 = none needed


class Beat(NamedTuple):
    """One contact: its day and its way."""

    on: date
    way: str  # "sent" | "received" | "met"


class Rhythm(NamedTuple):
    """How a person answers, and what of the owner's stands unanswered."""

    usual: int | None  # days within which most of their answers came, None where too few are known
    replies: int  # answers that this stands on
    unanswered: int  # days on which the owner wrote since they last wrote or met
    last_out: date | None
    last_in: date | None  # they wrote, or the two met


class Pace(NamedTuple):
    """What is in its time now; `until` is when the hold on writing ends."""

    may_write: bool
    may_ask: bool
    until: date | None
    because: tuple[Reason, ...]


def rhythm(beats: Iterable[Beat]) -> Rhythm:
    """Read off the contacts with one person how fast they answer, and how often the owner wrote since they last did.

    An answer is their first message after one or more of the owner's, within sixty days.
    """
    waits: list[int] = []
    asked: date | None = None  # the owner's first message of those that wait
    unanswered: set[date] = set()
    last_out = last_in = None
    for on, way in sorted(beats, key=lambda beat: (beat.on, beat.way != SENT)):
        if way == SENT:
            asked = asked or on
            unanswered.add(on)
            last_out = on
        else:
            if asked is not None and way == RECEIVED and (on - asked).days <= ANSWERED_WITHIN:
                waits.append((on - asked).days)
            asked = None
            unanswered.clear()
            last_in = on
    usual = None
    if len(waits) >= KNOWN_REPLIES:
        usual = max(1, sorted(waits)[ceil(SLOWEST * len(waits)) - 1])
    return Rhythm(usual, len(waits), len(unanswered), last_out, last_in)


def pace(told: Rhythm, today: date, rules: Rules, *, given: Sequence[date] = (), asked: Sequence[date] = ()) -> Pace:
    """Say what is in its time with one person, with every reason.

    `given` and `asked` are the days on which the owner gave them something and asked them for something.
    """
    because: list[Reason] = []
    may_write, until = True, None
    wait = told.usual if told.usual is not None else rules.reply_days
    if told.unanswered and told.last_out is not None:
        silent = (today - told.last_out).days
        if told.unanswered > rules.reminders:
            until = told.last_out + timedelta(rules.rest_days)
            said = say("no answer came, and you reminded them; their silence is an answer for now")
            because.append(
                Reason(said, say("{unanswered} × since {since}", unanswered=told.unanswered, since=_since(told)), 1.0)
            )
        else:
            until = told.last_out + timedelta(wait)
            usual = say_many("they usually answer within one day", "they usually answer within {n} days", wait)
            if told.usual is None:
                usual = say_many("an answer is given one day", "an answer is given {n} days", wait)
            waits = say("your last message may still be answered: {usual}", usual=usual)
            because.append(Reason(waits, _ago(silent), 1.0))
        may_write = today >= until
        if may_write:
            words = say("the time of rest is over: your last message was not answered")
            if told.unanswered <= rules.reminders:
                words = say("a reminder is in its time: your last message was not answered")
            because[-1] = Reason(words, _ago(silent), 0.3)
            until = None
    last_asked = max((day for day in asked if day <= today), default=None)
    since = [day for day in given if day <= today and (last_asked is None or day > last_asked)]
    may_ask = may_write and len(since) >= rules.gifts
    if len(since) < rules.gifts:
        when = say("since you asked on {day}", day=plain_day(last_asked)) if last_asked else say("so far")
        because.append(
            Reason(say("give before you ask: nothing is noted as given {when}", when=when), f"{len(since)}", 1.0)
        )
    elif since:
        because.append(
            Reason(
                say("you gave before asking"),
                say("{times} ×, last on {day}", times=len(since), day=plain_day(max(since))),
                -0.5,
            )
        )
    if not because:
        because.append(Reason(say("nothing speaks against a word now"), ""))
    return Pace(may_write, may_ask, until, tuple(because))


def _since(told: Rhythm) -> str:
    return plain_day(told.last_in) if told.last_in else say("the beginning")


def _ago(days: int) -> str:
    return say("today") if days <= 0 else say_many("one day ago", "{n} days ago", days)
