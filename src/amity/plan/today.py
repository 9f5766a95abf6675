"""The few suggestions worth making today, within the owner's minutes.

Each has an occasion, called its trigger: a reply that is owed, a promise, a request, thanks or news that wait, an
important tie that is fading, a first meeting not followed up, a dormant tie of past trust, a birthday, or, when these
are few, a contact without an agenda with one of those who matter most. The value of an occasion is what the tie is
worth to the owner times what silence would lose; the best value per minute is taken first, and every further one of
the same trigger counts half.

Respect comes before value: whoever was written to, put off or refused rests, whoever does not answer is not chased,
and what was offered on two days and let lie is not offered again for a fortnight.
"""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from typing import NamedTuple

from amity.model import Reason, Tie
from amity.plan import words
from amity.plan.words import (
    ASKED,
    BIRTHDAY,
    DORMANT,
    FADING,
    FOLLOW_UP,
    INTRODUCE,
    KEEP,
    MATCH,
    MOVED,
    OUTCOME,
    PROMISE,
    REPLY,
    THANKS,
    Scene,
)

TRIGGERS = (REPLY, PROMISE, ASKED, THANKS, OUTCOME, INTRODUCE, BIRTHDAY, FADING, FOLLOW_UP, MATCH, MOVED, DORMANT, KEEP)
# To write, to arrange a meeting, or to do what was promised.
MINUTES = {
    REPLY: 8,
    PROMISE: 10,
    ASKED: 10,
    THANKS: 3,
    OUTCOME: 4,
    INTRODUCE: 5,
    MATCH: 8,
    MOVED: 5,
    BIRTHDAY: 3,
    FADING: 8,
    FOLLOW_UP: 5,
    DORMANT: 10,
    KEEP: 5,
}
MET = 2.5  # against a tie that is still too young to be worth much: a line in the first days is what it may grow from
MOVED_DAYS = 60  # in which a change is news
# What an open loop is worth against the tie, and from which to which day after it opened it is brought up.
OPEN = {
    PROMISE: (0.9, 1, 365),
    ASKED: (0.8, 1, 90),
    THANKS: (0.7, 1, 365),
    OUTCOME: (0.6, 14, 730),
    INTRODUCE: (0.7, 0, 365),
    MATCH: (1.0, 0, 180),  # something to give is a better reason to write than silence
    FOLLOW_UP: (MET, 0, 30),
    MOVED: (0.6, 0, MOVED_DAYS),
}

REPLY_DAYS = 45  # a reply is natural so long, or twice the pair's usual gap
REPLY_DAYS_MOST = 365
REPLY_GROUP = 3  # written to more people than this, a message waits for nobody in particular
FOLLOW_UP_DAYS = 30
FOLLOW_UP_CONTACTS = 2
BIRTHDAY_DAYS = 7
GREETED_DAYS = 2  # contact so shortly before a birthday, or on it, has carried the wishes
TRUST_DAYS = 8  # contact days that make past trust
TRUST_MESSAGES = 3  # each way
TRUST_RECIPROCITY = 0.25
DORMANT_DAYS = 90
OLDEST = 105  # years after which a birthday in an address book is that of somebody long dead
REAL_TIE_DAYS = 3  # contact days, both ways or in person
UNKNOWN_GAP = 30.0
QUIET_DAYS = 7  # the least silence before anything but a reply, a birthday or a first line
THEIR_TURN_DAYS = 14  # the owner's last word is left to work at least so long

DONE_REST = 7
SNOOZE_REST = 14
REFUSED_REST = 14
REFUSED_TRIGGER_REST = 180
NUDGES = 2  # days of offering
NUDGE_REST = 14

FEW = 3
OF_ONE_TRIGGER = 2
RARE = 20  # a field that more people than this have joins nobody in particular
REPEATED = 0.5  # value of each further suggestion of the same trigger

_WORTH = {"critical": 1.0, "close": 0.7, "dormant": 0.45, "many": 0.4, "unknown": 0.25}
_IMPORTANT = frozenset(("critical", "close"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the plan needs to know of one person. Days and gaps are calendar days; None = never."""

    person: str
    name: str
    tie: Tie  # its reasons may be left empty
    usual_gap: float  # median days between contact days, 0 = unknown
    last_in: date | None  # last message from them to the owner, in person or in a small group
    last_out: date | None  # last message from the owner to them
    last_met: date | None
    subject_in: str  # of last_in
    last_in_group: int  # how many it was addressed to, 1 = only the owner
    first_was: str  # "they wrote" | "you wrote" | "you met"
    channel: str  # the channel that works for the two: "mail", "meeting" ...
    birthday: str  # ISO 8601, possibly without year ("--10-04") or day ("1862-05"), or ""
    about: tuple[str, ...]  # fields, occupations, organisation, as cards tell them
    alive_contact_days: int  # distinct days of contact ever
    loops: tuple[Waiting, ...] = ()


class Waiting(NamedTuple):
    """Something open towards a person: a promise, what they asked, thanks, news, an introduction, or help to bring."""

    trigger: str  # one of OPEN
    since: date
    matter: str
    news: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the owner said to a suggestion."""

    person: str
    trigger: str
    verdict: str  # "done" | "snooze" | "not_this"
    on: date
    until: date | None  # the day a snooze ends


@dataclass(frozen=True, slots=True)
class Nudge:
    """A suggestion that was shown on an earlier day."""

    person: str
    trigger: str
    day: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do today: who, why now, what to give, how."""

    id: str  # "person.trigger"
    person: str
    name: str
    trigger: str
    act: str
    kind: str
    why_now: tuple[str, ...]
    minutes: int
    channel: str
    opener: str
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Today's suggestions, and how many people with an occasion are left for another day."""

    suggestions: tuple[Suggestion, ...]
    waiting: int


class _Occasion(NamedTuple):
    value: float
    candidate: Candidate
    trigger: str
    since: int  # days since it arose; days to come for a birthday
    loss: float  # 0 to 1: what silence would lose, or how well the moment fits
    waiting: Waiting | None = None


def plan(
    candidates: Iterable[Candidate],
    answers: Sequence[Answer],
    nudges: Sequence[Nudge],
    *,
    today: date,
    minutes: int,
    limit: int = 5,
) -> Plan:
    """Choose what to do today within `minutes`, at most `limit` suggestions, one a person.

    The order of the candidates does not matter; the same input gives the same plan. What is dated later than `today`
    is not seen, and what was shown today already is not held against itself.
    """
    known = list(candidates)
    respect = _Respect(answers, nudges, today)
    queues: dict[str, list[_Occasion]] = {trigger: [] for trigger in TRIGGERS}
    people: set[str] = set()
    birthdays = _birthdays(today)
    for candidate in known:
        for occasion in _occasions(candidate, today, birthdays):
            if not respect.rests(candidate, occasion, today):
                queues[occasion.trigger].append(occasion)
                people.add(candidate.person)
    for queue in queues.values():
        queue.sort(key=lambda occasion: (-occasion.value, occasion.candidate.person))
    chosen = _choose(queues, minutes, limit)
    return Plan(_put_into_words(chosen, known, today, birthdays), len(people) - len(chosen))


class _Respect:
    """Who is to be left in peace today, by what the owner answered and what they let lie."""

    def __init__(self, answers: Sequence[Answer], nudges: Sequence[Nudge], today: date) -> None:
        self.answers: dict[str, list[Answer]] = {}
        for answer in answers:
            if answer.on <= today:
                self.answers.setdefault(answer.person, []).append(answer)
        days: dict[str, set[date]] = {}
        for nudge in nudges:
            if nudge.day < today:
                days.setdefault(nudge.person, set()).add(nudge.day)
        self.let_lie = {person: sorted(offered) for person, offered in days.items()}

    def rests(self, candidate: Candidate, occasion: _Occasion, today: date) -> bool:
        answers = self.answers.get(candidate.person, ())
        for answer in answers:
            passed = (today - answer.on).days
            if answer.verdict == "done":
                if passed < max(DONE_REST, candidate.usual_gap / 2):
                    return True
            elif answer.verdict == "snooze":
                if today < answer.until if answer.until else passed < SNOOZE_REST:
                    return True
            elif passed < REFUSED_REST or (answer.trigger == occasion.trigger and passed < REFUSED_TRIGGER_REST):
                return True
        let_lie = self.let_lie.get(candidate.person)
        if let_lie is None:
            return False
        heard = max((answer.on for answer in answers), default=date.min)
        if occasion.trigger == REPLY:  # a new letter is a new occasion, not the old one again
            heard = date.fromordinal(max(heard.toordinal(), today.toordinal() - occasion.since - 1))
        unheard = [day for day in let_lie if day > heard]
        pairs = zip(unheard, unheard[NUDGES - 1 :], strict=False)
        return any((last - first).days <= NUDGE_REST and (today - last).days <= NUDGE_REST for first, last in pairs)


def _birthdays(today: date) -> dict[str, int]:
    """Map month and day ("1004") to the days until then, for the birthdays of the coming week."""
    coming: dict[str, int] = {}
    for days in range(min(BIRTHDAY_DAYS, (date.max - today).days), -1, -1):
        day = today + timedelta(days)
        coming[f"{day:%m%d}"] = days
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            coming["0229"] = days  # in common years kept the day before, so as not to come late
    return coming


def _digits(birthday: str) -> str:
    """Return YYYYMMDD, or MMDD when the year is unknown, or "" when the day is."""
    digits = birthday.partition("T")[0].replace("-", "")
    if not digits.isdigit() or len(digits) != (4 if birthday.startswith("--") else 8):
        return ""
    return digits


def _age(birthday: str, today: date) -> int | None:
    """Return the age that the year brings, None when the year of birth is unknown."""
    year = birthday[:4]
    return today.year - int(year) if len(year) == 4 and year.isdigit() else None


def _days(today: date, day: date | None) -> int | None:
    return None if day is None or day > today else (today - day).days


def _occasions(candidate: Candidate, today: date, birthdays: dict[str, int]) -> Iterable[_Occasion]:
    """Yield what would be a good moment for this person; most people have none."""
    if candidate.alive_contact_days <= 0:
        return
    tie = candidate.tie
    segment, momentum = tie.segment, tie.momentum
    worth = _WORTH.get(segment, 0.25) + tie.strength / 500
    came, went, met = (
        _days(today, candidate.last_in),
        _days(today, candidate.last_out),
        _days(today, candidate.last_met),
    )
    for waiting in candidate.loops:
        weight, least, most = OPEN[waiting.trigger]
        open_for = _days(today, waiting.since)
        if open_for is not None and waiting.trigger == MOVED and not (_after(open_for, went) and _after(open_for, met)):
            continue  # they have been written to or met since
        if open_for is not None and least <= open_for <= most:
            yield _Occasion(worth * weight, candidate, waiting.trigger, open_for, weight, waiting)
    if came and candidate.last_in_group <= REPLY_GROUP and _after(came, went) and _after(came, met):
        natural = max(REPLY_DAYS, min(2 * candidate.usual_gap, REPLY_DAYS_MOST))
        if came <= natural:
            fit = 1 - came / natural / 2
            yield _Occasion(worth * fit, candidate, REPLY, came, fit)
    if (
        met
        and candidate.alive_contact_days <= FOLLOW_UP_CONTACTS
        and (today - tie.first).days <= FOLLOW_UP_DAYS
        and _after(met, went)
        and _after(met, came)
    ):
        fit = 1 - met / FOLLOW_UP_DAYS / 2
        yield _Occasion((worth + 0.1) * fit, candidate, FOLLOW_UP, met, fit)  # what may grow is worth a start
    gap = candidate.usual_gap or UNKNOWN_GAP
    if _unanswered(came, went, met, gap):
        return
    silence = min(
        (days for days in (came, went, met, _days(today, tie.last)) if days is not None),
        default=(today - tie.last).days,
    )
    mutual = tie.met > 0 or (tie.sent > 0 and tie.received > 0)
    if candidate.birthday and mutual and candidate.alive_contact_days >= REAL_TIE_DAYS:
        ahead = birthdays.get(_digits(candidate.birthday)[-4:])
        age = _age(candidate.birthday, today)
        if ahead is not None and (age is None or 0 < age <= OLDEST) and silence + ahead > GREETED_DAYS:
            yield _Occasion(worth * 0.8, candidate, BIRTHDAY, ahead, 0.8)
    theirs = went is not None and went < THEIR_TURN_DAYS and not _answered(went, came, met)
    if theirs or silence < QUIET_DAYS:
        return
    if segment in _IMPORTANT:
        if momentum == "fading" and silence >= gap:
            loss = 1 - exp(-silence / gap / 3)
            yield _Occasion(worth * loss, candidate, FADING, silence, loss)
        elif momentum != "dormant" and silence >= gap / 2:
            yield _Occasion(worth * 0.3, candidate, KEEP, silence, 0.3)
    elif (
        (segment == "dormant" or momentum == "dormant")
        and silence >= max(DORMANT_DAYS, 3 * gap)
        and candidate.alive_contact_days >= TRUST_DAYS
        and tie.reciprocity >= TRUST_RECIPROCITY
        and (tie.met >= TRUST_MESSAGES or min(tie.sent, tie.received) >= TRUST_MESSAGES)
        and (_age(candidate.birthday, today) or 0) <= OLDEST
    ):
        # Past two-way trust alone (Levin 2011): who comes back by themselves cannot be foretold, so it is not asked.
        trust = (1 - exp(-candidate.alive_contact_days / 40)) * (1 + tie.reciprocity) / 2
        yield _Occasion(0.8 * trust, candidate, DORMANT, silence, trust)


def _after(event: int, answer: int | None) -> bool:
    """Tell whether an event, in days ago, has had no answer since; one on the same day counts as an answer."""
    return answer is None or answer > event


def _answered(went: int, came: int | None, met: int | None) -> bool:
    return (came is not None and came <= went) or (met is not None and met <= went)


def _unanswered(came: int | None, went: int | None, met: int | None, gap: float) -> bool:
    """Tell whether the owner wrote on into a silence: their last word came when the other had been quiet for a gap."""
    if went is None or _answered(went, came, met):
        return False
    heard = min((days for days in (came, met) if days is not None), default=None)
    return heard is None or heard - went > max(gap, QUIET_DAYS)


def _choose(queues: dict[str, list[_Occasion]], minutes: int, limit: int) -> list[_Occasion]:
    """Take the best value per minute, with variety; a contact without occasion only when the rest is thin."""
    chosen: list[_Occasion] = []
    people: set[str] = set()
    count = dict.fromkeys(TRIGGERS, 0)
    place = dict.fromkeys(TRIGGERS, 0)
    left = minutes

    def take(triggers: tuple[str, ...], most: int, until: int) -> None:
        nonlocal left
        while len(chosen) < min(until, limit):
            best: tuple[float, str] | None = None
            for trigger in triggers:
                queue = queues[trigger]
                while place[trigger] < len(queue) and queue[place[trigger]].candidate.person in people:
                    place[trigger] += 1
                if count[trigger] >= most or place[trigger] == len(queue) or MINUTES[trigger] > left:
                    continue
                worth = queue[place[trigger]].value * REPEATED ** count[trigger] / MINUTES[trigger]
                if best is None or worth > best[0]:
                    best = worth, trigger
            if best is None:
                return
            trigger = best[1]
            occasion = queues[trigger][place[trigger]]
            chosen.append(occasion)
            people.add(occasion.candidate.person)
            count[trigger] += 1
            left -= MINUTES[trigger]

    occasions = tuple(trigger for trigger in TRIGGERS if trigger != KEEP)
    take(occasions, OF_ONE_TRIGGER, limit)
    take((KEEP,), OF_ONE_TRIGGER, FEW)
    take(occasions, limit, limit)
    take((KEEP,), limit, FEW)
    return chosen


def _put_into_words(
    chosen: list[_Occasion], known: list[Candidate], today: date, birthdays: dict[str, int]
) -> tuple[Suggestion, ...]:
    made: list[Suggestion] = []
    taken: frozenset[str] = frozenset()
    carriers = (
        Counter(word for one in known for word in {word.casefold() for word in one.about}) if chosen else Counter()
    )
    for occasion in chosen:
        candidate, tie = occasion.candidate, occasion.candidate.tie
        silence = (today - _last(candidate, today)).days
        partner = _partner(candidate, known, carriers)
        scene = Scene(
            person=candidate.person,
            name=candidate.name,
            trigger=occasion.trigger,
            channel=candidate.channel,
            today=today,
            since=occasion.since,
            silence=silence,
            gap=candidate.usual_gap,
            segment=tie.segment,
            subject=candidate.subject_in,
            about=candidate.about,
            met=tie.met,
            contact_days=candidate.alive_contact_days,
            span=(tie.last - tie.first).days,
            turns=_age(candidate.birthday, today) or 0,
            greet=birthdays.get(_digits(candidate.birthday)[-4:]) is not None,
            matter=occasion.waiting.matter if occasion.waiting else "",
            news=occasion.waiting.news if occasion.waiting else "",
        )
        giving = words.kind(scene, taken, bool(partner))
        taken |= {giving}
        made.append(
            Suggestion(
                id=f"{candidate.person}.{occasion.trigger}",
                person=candidate.person,
                name=candidate.name,
                trigger=occasion.trigger,
                act=words.act(scene, giving, partner),
                kind=giving,
                why_now=words.why_now(scene),
                minutes=MINUTES[occasion.trigger],
                channel=candidate.channel,
                opener=words.opener(scene, giving, partner),
                because=_because(occasion, silence),
            )
        )
    return tuple(made)


def _last(candidate: Candidate, today: date) -> date:
    days = (candidate.last_in, candidate.last_out, candidate.last_met, candidate.tie.last)
    return max((day for day in days if day is not None and day <= today), default=today)


def _partner(candidate: Candidate, known: list[Candidate], carriers: Counter[str]) -> str:
    """Return the strongest of the many who shares a field with the candidate that few have, or "".

    The closest are left out, since they are likely to know each other.
    """
    about = {folded for word in candidate.about if carriers[folded := word.casefold()] <= RARE}
    if not about:
        return ""
    shared = [
        other
        for other in known
        if other.about
        and other.tie.segment == "many"
        and other.person != candidate.person
        and not about.isdisjoint(word.casefold() for word in other.about)
    ]
    best = min(shared, key=lambda other: (-other.tie.strength, other.person), default=None)
    return best.name if best else ""


def _because(occasion: _Occasion, silence: int) -> tuple[Reason, ...]:
    """Give the figures that decided, the weightiest first."""
    candidate, tie = occasion.candidate, occasion.candidate.tie
    reasons = [
        Reason(*_occasion_figure(occasion), weight=round(occasion.loss, 3)),
        Reason(
            "what the tie is worth", f"{tie.segment}, strength {tie.strength:.0f} of 100", _WORTH.get(tie.segment, 0.25)
        ),
        Reason("written, received, met", f"{tie.sent}, {tie.received}, {tie.met} times"),
    ]
    if candidate.usual_gap:
        reasons.append(Reason("usual days between contacts", f"{candidate.usual_gap:.0f}"))
    if occasion.trigger != KEEP:
        reasons.append(Reason("days since the last contact", f"{silence}"))
    if occasion.trigger in (FADING, DORMANT):
        reasons.append(
            Reason("being written to is valued more than the writer expects", "13 experiments, 5,900 people")
        )
    if occasion.trigger == DORMANT:
        reasons.append(Reason("who comes back unasked cannot be foretold, so it was not counted", "AUC .55 to .73"))
    reasons.append(Reason("minutes", f"{MINUTES[occasion.trigger]}"))
    return tuple(reasons)


def _occasion_figure(occasion: _Occasion) -> tuple[str, str]:
    candidate, since = occasion.candidate, occasion.since
    match occasion.trigger:
        case words.REPLY:
            return "days since they wrote, with nothing gone back that is known here", f"{since}"
        case trigger if trigger in OPEN and occasion.waiting is not None:
            return "days that it has been open", f"{since}"
        case words.FADING:
            gap = candidate.usual_gap or UNKNOWN_GAP
            return "silence against the usual gap", f"{since} days to {gap:.0f}, {since / gap:.1f} times"
        case words.FOLLOW_UP:
            return f"days since you met; at the first contact {candidate.first_was}", f"{since}"
        case words.DORMANT:
            days = candidate.alive_contact_days
            return "past trust: days of contact, both ways", f"{days}, reciprocity {candidate.tie.reciprocity:.2f}"
        case words.BIRTHDAY:
            return "days until the birthday", f"{since}"
        case _:
            return "days since the last contact", f"{since}"
