"""A goal with a date: who would stand by it today, who would after some giving, what is missing, and what by when.

A network is built long before it is needed, so the plan is worked back from the date: each target is led from one stage
to the next, by giving, and each step takes its time. Where that time is gone it is said plainly, and nobody is pressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct

from amity.language import label, plain_day, say, say_many
from amity.model import Reason

UNKNOWN, AWARE, IN_TOUCH, RECEIVED, TRUSTS, ASKED = "unknown", "aware", "in_touch", "has_received", "trusts", "asked"
STAGES = (UNKNOWN, AWARE, IN_TOUCH, RECEIVED, TRUSTS, ASKED)
# Days that one step takes when nobody is pushed: a judgement, near what making a casual friend takes (Hall 2018:
# some fifty hours over three to nine weeks), and less sure than it looks.
STEP_DAYS = {UNKNOWN: 45, AWARE: 30, IN_TOUCH: 30, RECEIVED: 60}
ASK_BEFORE = 14  # days before the date when the last ask should be out
# What makes an ask one in good conscience: they have received something first. Trust is better, and takes longer.
LEAD_DAYS = STEP_DAYS[UNKNOWN] + STEP_DAYS[AWARE] + STEP_DAYS[IN_TOUCH] + ASK_BEFORE
MOST_TARGETS = 30
SHORT_LIST = (5, 10)
WHISPERED = 30

TODAY, AFTER_GIVING, MISSING = "today", "after_giving", "missing"
# The weaker side gives at least a fifth of what the stronger gives: more than the critical few are held to
# (insight/segments.py), since letters are lost from either side, and an ask leans on what is really there.
EVEN = 0.2
TRUST_DAYS = 8  # contact days
TRUST_STRENGTH = 35.0  # "good"
ALIVE_DAYS = 90  # or twice the usual gap
FRIEND = 60.0  # strength from which a tie that goes both ways is a friend's: "strong"
NEAR = frozenset(("critical", "close"))


class Target(Struct, frozen=True):
    """Somebody who matters to a goal, with what ties and ledger know of them."""

    person: str
    name: str
    needs: tuple[str, ...] = ()  # which of the goal's needs they could meet; none = any
    strength: float = 0.0  # 0 to 100
    reciprocity: float = 0.0
    segment: str = "unknown"
    momentum: str = ""
    sent: int = 0
    received: int = 0
    met: int = 0
    days: int = 0  # of contact
    gap: float = 0.0  # usual days between contacts, 0 = unknown
    last_in: date | None = None  # they wrote, or the two met
    given: tuple[date, ...] = ()  # by the owner, to them
    got: int = 0  # things that they gave the owner
    asked: tuple[date, ...] = ()
    owed: tuple[str, ...] = ()  # what waits for the owner's word
    agenda: tuple[str, ...] = ()  # what they care about, the newest first
    way: str = ""  # who could introduce the owner
    holds: bool = False  # pacing says: not now
    said: str = ""  # the stage that the owner says
    gone: str = ""  # died, or ended by the owner's word


class Standing(NamedTuple):
    """How one target stands towards a goal."""

    target: Target
    stage: str
    would_answer: str  # TODAY | AFTER_GIVING | MISSING
    because: tuple[Reason, ...]


class Step(NamedTuple):
    """What to do for whom by when."""

    by: date
    person: str
    name: str
    stage: str  # that it leads to
    words: str
    late: bool  # the day has passed


class Readiness(Struct, frozen=True):
    """How ready a goal is."""

    days_left: int
    lead_days: int
    share: float  # of the targets who would answer today, 0 to 1
    verdict: str
    standings: tuple[Standing, ...]  # who would answer first
    short_list: tuple[str, ...]  # persons a phone call away
    steps: tuple[Step, ...]  # the earliest first
    too_late: tuple[str, ...]  # persons for whom the time is gone
    missing: tuple[str, ...]  # needs that nobody would meet today
    warnings: tuple[str, ...]


def stage(target: Target) -> tuple[str, Reason]:
    """Return how far a target is, by the owner's word, or by what passed, with the reason."""
    if target.said:
        return target.said, Reason(say("you said so"), "")
    two_way = target.met > 0 or (target.sent > 0 and target.received > 0)
    trusted = target.segment in NEAR or (
        target.days >= TRUST_DAYS and target.strength >= TRUST_STRENGTH and target.reciprocity >= EVEN
    )
    if target.asked:
        return ASKED, Reason(say("you asked them"), plain_day(max(target.asked)))
    if two_way and trusted and (target.given or target.got or target.segment in NEAR):
        return TRUSTS, Reason(say("a tie that carries"), _tie(target.segment, target.strength))
    if two_way and target.given:
        return RECEIVED, Reason(say("you gave them something"), plain_day(max(target.given)))
    if two_way:
        return IN_TOUCH, Reason(say("in touch both ways"), say("on {days} days", days=target.days))
    if target.sent or target.received or target.given:
        figure = say("{sent} sent, {received} received", sent=target.sent, received=target.received)
        if target.sent:
            return AWARE, Reason(say("you wrote, and nothing came back"), figure)
        return AWARE, Reason(say("they wrote to you"), figure)
    return UNKNOWN, Reason(say("no direct contact is known"), "")


def standing(target: Target, today: date) -> Standing:
    """Say whether a target would answer today, after some giving, or what is missing, with the reasons."""
    at, why = stage(target)
    if target.gone:
        return Standing(target, at, MISSING, (Reason(target.gone, ""),))
    two_way = target.met > 0 or (target.sent > 0 and target.received > 0)
    if not two_way:
        missing = say("{way} could introduce you", way=target.way) if target.way else say("no way to them is known yet")
        return Standing(target, at, MISSING, (why, Reason(missing, "")))
    because = [why]
    silence = (today - target.last_in).days if target.last_in else None
    alive = silence is not None and silence <= max(ALIVE_DAYS, 2 * target.gap)
    even = target.reciprocity >= EVEN or target.segment in NEAR
    if silence is not None:
        days = round(target.gap)
        usual = say(", usually every day") if days <= 1 else say(", usually every {days} days", days=days)
        because.append(Reason(say("last heard from or seen"), _ago(silence) + (usual if target.gap else "")))
    if not alive:
        because.append(Reason(say("it has gone quiet: begin with something for them"), ""))
    if not even:
        because.append(
            Reason(
                say("it has been one-sided"),
                say("{sent} sent, {received} received", sent=target.sent, received=target.received),
            )
        )
    if target.owed:
        because.append(Reason(say("first what waits for you"), target.owed[0]))
    if target.holds:
        because.append(Reason(say("your last message may still be answered"), ""))
    ready = alive and even and not target.owed and not target.holds
    return Standing(target, at, TODAY if ready else AFTER_GIVING, tuple(because))


def _tie(segment: str, strength: float) -> str:
    words = say("strength {strength:.0f} of 100", strength=strength)
    if segment == "critical":
        return say("one of your critical few, {strength}", strength=words)
    return say("close, {strength}", strength=words) if segment == "close" else words


def _ago(days: int) -> str:
    if days < 2:
        return say("yesterday") if days else say("today")
    return say("{n} days ago", n=days)


def lead(at: str, until: str = RECEIVED) -> int:
    """Return the days that it takes from one stage to another, and then to ask in time."""
    ahead = STAGES[STAGES.index(at) : STAGES.index(until)] if at in STEP_DAYS else ()
    return sum(STEP_DAYS[one] for one in ahead) + ASK_BEFORE


def readiness(
    on: date, needs: Sequence[str], targets: Iterable[Target], today: date, lead_days: int = LEAD_DAYS
) -> Readiness:
    """Say who would answer today, who would after some giving and what is missing, and plan back from the date."""
    standings = sorted((standing(target, today) for target in targets), key=_order)
    living = [one for one in standings if not one.target.gone]
    left = (on - today).days
    now = [one for one in living if one.would_answer == TODAY]
    short = now[: SHORT_LIST[1]]
    late = tuple(one.target.person for one in living if one.stage != ASKED and lead(one.stage) > left)
    steps = [step for one in living if one.target.person not in late for step in _steps(one, on, today)]
    unmet = tuple(need for need in needs if not any(need in one.target.needs or not one.target.needs for one in now))
    return Readiness(
        days_left=left,
        lead_days=lead_days,
        share=len(now) / len(living) if living else 0.0,
        verdict=_verdict(left, lead_days, now, len(living)),
        standings=tuple(standings),
        short_list=tuple(one.target.person for one in short),
        steps=tuple(sorted(steps, key=lambda step: (step.by, STAGES.index(step.stage), step.name))),
        too_late=late,
        missing=unmet,
        warnings=tuple(_warnings(standings, short, unmet)),
    )


def _order(one: Standing) -> tuple[int, int, float, str]:
    rank = (TODAY, AFTER_GIVING, MISSING).index(one.would_answer)
    return rank, -STAGES.index(one.stage), -one.target.strength, one.target.name


def _verdict(left: int, lead_days: int, now: Sequence[Standing], total: int) -> str:
    if left < 0:
        return say("The day has passed: tell those who helped what came of it.")
    if left < lead_days:
        # In good conscience: they have received something, or the tie carries, and nothing is owed to them.
        asked = [one.target.name for one in now if one.stage in (RECEIVED, TRUSTS)]
        who = ", ".join(asked) if asked else say("nobody yet")
        return say("Too late to build for this; here is whom you can ask in good conscience: {who}.", who=who)
    if not total:
        return say("Nobody is named yet: begin with the five to ten who matter most.")
    spare = left - lead_days
    building = say("There is time to build, by giving: {now} of {total} would answer today", now=len(now), total=total)
    return building + (say(", and {spare} days are to spare", spare=spare) if spare else "") + "."


def _warnings(standings: Sequence[Standing], short: Sequence[Standing], unmet: Sequence[str]) -> Iterator[str]:
    if len(standings) > MOST_TARGETS:
        yield say(
            "{standings} targets are more than one can care for: choose at most {most_targets}.",
            standings=len(standings),
            most_targets=MOST_TARGETS,
        )
    if standings and len(short) < SHORT_LIST[0]:
        some = say_many(
            "Only one is a phone call away; five to ten carry a goal.",
            "Only {n} are a phone call away; five to ten carry a goal.",
            len(short),
        )
        yield some if short else say("Nobody is a phone call away; five to ten carry a goal.")
    if unmet and standings:
        yield say("Nobody on the list would answer today for: {unmet}.", unmet=", ".join(unmet))
    unearned = [
        one.target.name for one in standings if one.target.asked and not one.target.given and not one.target.gone
    ]
    if unearned:
        yield say("Asked before anything was given, as far as is noted: {unearned}.", unearned=", ".join(unearned[:5]))


def _steps(one: Standing, on: date, today: date) -> Iterator[Step]:
    """Plan one target back from the date: trust where there is time for it, else something received before the ask."""
    if one.stage == ASKED:
        return
    left = (on - today).days
    until = TRUSTS if lead(one.stage, TRUSTS) <= left and one.stage in STEP_DAYS else RECEIVED
    target = one.target
    ahead = STAGES[STAGES.index(one.stage) + 1 : STAGES.index(until) + 1]
    by = on - timedelta(ASK_BEFORE)
    yield Step(
        by,
        target.person,
        target.name,
        ASKED,
        say("Tell {target} about it, and ask, with a way out", target=target.name),
        by < today,
    )
    for later in reversed(ahead):
        before = STAGES[STAGES.index(later) - 1]
        yield Step(by, target.person, target.name, later, _words(later, target), by < today)
        by -= timedelta(STEP_DAYS[before])


def _words(to: str, target: Target) -> str:
    name = target.name
    if target.owed and to in (IN_TOUCH, RECEIVED, TRUSTS):
        return say("First what waits for you: {owed}", owed=target.owed[0])
    about = f": {target.agenda[0]}" if target.agenda else ""
    if to == AWARE:
        return (
            say("Ask {way} to introduce you to {name}", way=target.way, name=name)
            if target.way
            else say("Find a way to {name}, or go where they are", name=name)
        )
    if to == IN_TOUCH:
        return say("Write {name} a line about their work{about}; ask nothing", name=name, about=about)
    if to == RECEIVED:
        return say("Give {name} something that helps them{about}", name=name, about=about)
    return say("See {name}, and give again{about}; still ask nothing", name=name, about=about)


# --- the whisper list ------------------------------------------------------------------------------------------------


class Listener(Struct, frozen=True):
    """Somebody with a tie, as the whisper list weighs them."""

    person: str
    name: str
    strength: float
    reciprocity: float
    segment: str
    momentum: str
    sent: int
    received: int
    met: int
    days: int
    given: int = 0
    got: int = 0
    shared: tuple[str, ...] = ()  # words of the goal that they are known for
    owed: tuple[str, ...] = ()
    gone: str = ""


class Whisper(NamedTuple):
    """Somebody to tell quietly: how far up, and why."""

    person: str
    name: str
    weight: float
    first: str  # what to do before telling them, "" = nothing
    because: tuple[Reason, ...]


def whispers(listeners: Iterable[Listener], limit: int = WHISPERED) -> list[Whisper]:
    """Rank whom to tell quietly: ties that are strong and mutual enough, those who care, who gave and received first.

    A tie counts when it goes both ways, is not asleep, and is one of the critical few, or good and either close or
    even: its weaker side gives at least a fifth.
    """
    told = [_whisper(one) for one in listeners if _would_listen(one)]
    return sorted(told, key=lambda one: (-one.weight, one.name, one.person))[:limit]


def is_true_friend(one: Listener) -> bool:
    """Tell whether somebody is a true friend, as far as contact shows it: a strong tie, both ways, and not asleep."""
    two_way = one.met > 0 or (one.sent > 0 and one.received > 0)
    return not one.gone and two_way and one.strength >= FRIEND and one.momentum != "dormant"


def _would_listen(one: Listener) -> bool:
    two_way = one.met > 0 or (one.sent > 0 and one.received > 0)
    if one.gone or not two_way or one.momentum == "dormant":
        return False
    return one.segment == "critical" or (
        one.strength >= TRUST_STRENGTH and (one.segment in NEAR or one.reciprocity >= EVEN)
    )


def _whisper(one: Listener) -> Whisper:
    weight = one.strength * (1 + one.reciprocity) / 2
    because = [Reason(say("the tie"), _tie(one.segment, one.strength), round(weight, 1))]
    because.append(
        Reason(
            say("it goes both ways"),
            say("{sent} sent, {received} received, met {met} ×", sent=one.sent, received=one.received, met=one.met),
        )
    )
    if one.shared:
        weight += 15
        because.append(Reason(say("they care about such things"), ", ".join(one.shared[:3]), 15))
    if one.given and one.got:
        weight += 10
        because.append(
            Reason(say("you gave, and they gave"), say("{given} and {got} ×", given=one.given, got=one.got), 10)
        )
    elif one.given:
        weight += 5
        because.append(Reason(say("you gave them something"), f"{one.given} ×", 5))
    if one.momentum == "fading":
        weight -= 10
        because.append(Reason(say("it has grown quieter"), label("momentum", "fading"), -10))
    return Whisper(one.person, one.name, round(weight, 1), one.owed[0] if one.owed else "", tuple(because))
