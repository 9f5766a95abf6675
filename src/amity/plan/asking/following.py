"""What follows an ask: send it, wait, remind once, thank, tell what came of it, or let it go with grace.

A no is a good answer, and silence is one too: nothing here presses (A9). How long an answer may take, and how often a
reminder is in its time, is what pacing says.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from amity.language import say
from amity.ledger.entries import Entry
from amity.plan.pacing import Rhythm, Rules

ANSWERS = ("answered", "declined", "no_answer")


class Following(NamedTuple):
    """What comes next of one ask."""

    step: str  # "send" | "wait" | "remind" | "listen" | "rest" | "thank" | "tell" | "done"
    words: str
    until: date | None  # while nothing is to be done
    choices: tuple[str, ...]  # what may have become of it


def follow(ask: Entry, rhythm: Rhythm, today: date, rules: Rules) -> Following:
    """Say what comes next of an ask that the owner made, given how whoever was asked answers."""
    name = ask.names[0] if ask.names else say("they")
    if ask.status == "draft":
        return Following("send", say("Look at it once more, and send it when you are ready."), None, ("sent",))
    if ask.status in ("answered", "met"):
        more = ("met", "thanked") if ask.status == "answered" else ("thanked",)
        return Following("thank", say("Thank {name}, whatever the answer was.", name=name), None, more)
    if ask.status == "thanked" and not (ask.told or ask.outcome):
        return Following("tell", say("Tell {name} what came of it, once something did.", name=name), None, ())
    if ask.status == "declined":
        return Following(
            "done", say("{name} said no: a good answer, honestly given. Thank them for it.", name=name), None, ()
        )
    if ask.status == "no_answer":
        return Following(
            "done", say("No answer came; that was theirs to choose, and is held against nobody."), None, ()
        )
    if ask.status == "thanked":
        return Following("done", say("Thanked, and told what came of it."), None, ())
    return _sent(ask, name, rhythm, today, rules)


def _sent(ask: Entry, name: str, rhythm: Rhythm, today: date, rules: Rules) -> Following:
    if rhythm.last_in is not None and rhythm.last_in > ask.on:
        return Following(
            "listen", say("You have heard from {name} since: what did they say?", name=name), None, ANSWERS
        )
    wrote = max(ask.on, rhythm.last_out or ask.on)
    reminded = max(0, rhythm.unanswered - 1)
    wait = rhythm.usual if rhythm.usual is not None else rules.reply_days
    until = wrote + timedelta(wait)
    if today < until:
        return Following("wait", say("An answer has time until then; {name} owes you none.", name=name), until, ANSWERS)
    if reminded < rules.reminders:
        return Following(
            "remind",
            say("One short reminder is in its time, with a way out. Or let it go: {name} may.", name=name),
            None,
            ANSWERS,
        )
    return Following(
        "rest",
        say("{name} was reminded and is silent, which is an answer for now. Let it go with grace.", name=name),
        None,
        ANSWERS,
    )
