"""The few suggestions worth making today, within the owner's minutes.

Each has an occasion, called its trigger: a reply that is owed, a promise, a request, thanks or news that wait, an
important tie that is fading, one of the critical few to be seen again, a first meeting not followed up, a dormant tie
of past trust, a light touch to one of the many, a birthday, or a contact without an agenda with one of those who matter
most. The value of an occasion is what the tie is worth to the owner times what silence would lose: for a word that
needs no occasion, the closeness that it gains over the coming half-year (amity.plan.gain). The set of greatest value
within the minutes is taken, every further one of the same trigger counting half (amity.plan.choice).

Before that come the quotas of the method: whoever of the critical few is due to be seen in person, once a month
somebody from another world, once a month a pick of chance, and for an owner who has not written for weeks a first easy
line. On a day of errands one word that nothing asks for has its place all the same.

Respect comes before all of it: whoever was written to, put off or refused rests, whoever does not answer is not chased,
and what was offered on two days and let lie is not offered again for a fortnight.
"""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from math import exp
from typing import NamedTuple
from zlib import crc32

from msgspec import Struct

from amity.language import label, say
from amity.model import Reason, Tie
from amity.plan import choice, words
from amity.plan.fading import Course, learn
from amity.plan.gain import SHIPPED, Belief, gain
from amity.plan.words import (
    ASKED,
    BIRTHDAY,
    CHANCE,
    DATE,
    DORMANT,
    FADING,
    FOLLOW_UP,
    GOAL,
    INTRODUCE,
    KEEP,
    LIGHT,
    MATCH,
    MOVED,
    OUTCOME,
    OUTWARD,
    PLACE,
    PREPARE,
    PROMISE,
    REPLY,
    SEE,
    THANKS,
    WARM_UP,
    Scene,
)

TRIGGERS = (
    PREPARE,
    REPLY,
    PROMISE,
    ASKED,
    THANKS,
    OUTCOME,
    INTRODUCE,
    BIRTHDAY,
    DATE,
    FADING,
    FOLLOW_UP,
    MATCH,
    MOVED,
    GOAL,
    PLACE,
    SEE,
    DORMANT,
    LIGHT,
    OUTWARD,
    CHANCE,
    WARM_UP,
    KEEP,
)
LAST = frozenset((OUTWARD, CHANCE))  # below what the day asks for
UNASKED = frozenset((FADING, KEEP, LIGHT, DORMANT, OUTWARD, CHANCE, WARM_UP))  # words that nothing asks for but the tie
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
    SEE: 10,
    DORMANT: 10,
    LIGHT: 3,
    OUTWARD: 5,
    CHANCE: 5,
    WARM_UP: 3,
    KEEP: 5,
    PREPARE: 5,
    GOAL: 8,
    PLACE: 5,
    DATE: 3,
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
    PREPARE: (1.5, 0, 0),
    GOAL: (1.0, 0, 365),
    PLACE: (1.0, 0, 365),
    DATE: (0.8, 0, 365),
}
FESTIVE = frozenset((PREPARE, BIRTHDAY, DATE))  # what a holiday of theirs does not put off
UNPRESSED = frozenset((GOAL, PLACE, DATE))  # nobody waits for them, so that they do not break a silence

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
PLACED_AFTER = 14  # days of silence before a light touch to whom the owner placed in a ring
LIGHT_AFTER, LIGHT_UNTIL = 63, 730  # whoever has been silent for longer is not one of those who hear now and then
OLDEST = 105  # years after which a birthday in an address book is that of somebody long dead
REAL_TIE_DAYS = 3  # contact days, both ways or in person
UNKNOWN_GAP = 30.0
QUIET_DAYS = 7  # the least silence before anything but a reply, a birthday or a first line
THEIR_TURN_DAYS = 14  # the owner's last word is left to work at least so long
REST_DAYS = 90  # of peace after a word into a silence that got no answer
SEEN_DAYS = 121  # three times a year
SEEN_A_WEEK = 2
LATE_DAYS = 150  # and not fewer than two
IN_PERSON = 0.3  # weeks of closeness that meeting keeps beyond a word
MONTH = 30
OFFERED_MOST = 4  # days of a month on which a quota is brought up
LOT_DAYS = 5  # contact days before somebody is drawn
SEVERAL = 10  # people to draw from, or written to before, as it takes for a lot or for a habit
COLD_DAYS = 21  # without a word to anybody: the next one is hard, and an easy one first makes it easier

DONE_REST = 7
SNOOZE_REST = 14
REFUSED_REST = 14
REFUSED_TRIGGER_REST = 180
REFUSED_PERSON_REST = 365
NUDGES = 2  # days of offering
NUDGE_REST = 14

KEPT = 100  # of a kind of occasion, that a day can be chosen from

FEW = 3
RARE = 20  # a field that more people than this have joins nobody in particular

_WORTH = {"critical": 1.0, "close": 0.6, "dormant": 0.45, "many": 0.3, "unknown": 0.25}
# The owner's word outranks contact. Attention falls about as steeply: the first tie in ten has half of it.
_TOLD = {"inner": 1.2, "middle": 0.55, "outer": 0.2}
NEWS = 0.2  # what a dormant tie knows that others do not, beyond its own worth (Levin 2011)
_SEGMENT = {"inner": "critical", "middle": "close"}
_IMPORTANT = frozenset(("critical", "close", "inner", "middle"))


def worth_of(segment: str, strength: float, ring: str = "") -> float:
    """Return what a tie is worth to the owner by where they placed it, else by its segment and strength."""
    told = _TOLD.get(ring)
    return _WORTH.get(segment, 0.25) + strength / 500 if told is None else told


class Candidate(Struct, frozen=True):
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
    ring: str = ""  # in which the owner placed them: "inner" | "middle" | "outer"
    matters: float = 0.0  # what roles and goals add to the worth of the tie
    unseen: bool = False  # the owner meets them where no archive looks
    prompted: int = 0  # of the contact days, those that came of advice
    gave: tuple[str, ...] = ()  # the ways in which the owner gave them something, the latest first

    @property
    def own_days(self) -> int:
        """Return on how many days there was contact by itself, at least one: what came of advice tells no rhythm."""
        return max(1, self.alive_contact_days - self.prompted)

    @property
    def standing(self) -> str:
        """Return where they stand with the owner: their ring, or else the segment."""
        return self.ring or self.tie.segment

    @property
    def worth(self) -> float:
        """Return what the tie is worth to the owner, about 0 to 1.5."""
        return worth_of(self.tie.segment, self.tie.strength, self.ring) + self.matters


class Waiting(NamedTuple):
    """Something open towards a person: a promise, thanks, an introduction, a meeting today, a stay where they live."""

    trigger: str  # one of OPEN
    since: date  # from which it is brought up
    matter: str
    news: str = ""
    until: date | None = None  # the last day on which it makes sense
    when: str = ""  # in words, which days it is about


class Answer(Struct, frozen=True):
    """What the owner said to a suggestion."""

    person: str
    trigger: str
    verdict: str  # "done" | "snooze" | "not_this" | "not_kind" | "not_person"
    on: date
    until: date | None  # the day a snooze ends
    gave: str = ""  # what was given, where it was done


class Nudge(Struct, frozen=True):
    """A suggestion that was shown on an earlier day."""

    person: str
    trigger: str
    day: date


class Suggestion(Struct, frozen=True):
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


class Plan(Struct, frozen=True):
    """Today's suggestions, and how many people with an occasion are left for another day."""

    suggestions: tuple[Suggestion, ...]
    waiting: int


class Occasion(NamedTuple):
    """A good moment for a word to somebody, and what it would be worth."""

    value: float
    candidate: Candidate
    trigger: str
    since: int  # days since it arose; days to come for a birthday
    loss: float  # what silence would lose, or how well the moment fits; about 0 to 1
    waiting: Waiting | None = None

    @property
    def minutes(self) -> int:
        """Return what it takes."""
        return MINUTES[self.trigger]


class Survey(NamedTuple):
    """All that a day offers, before it is chosen from: it stands however the owner answers on that day."""

    occasions: list[Occasion]  # of each kind those of most value
    people: dict[str, list[str]]  # everybody with an occasion, by kind
    open_to: list[Candidate]  # who may be written to and has no occasion: the warmest, and who might be glad of it
    written: tuple[int, int]  # how many were ever written to, and days since the last of them was
    near: frozenset[str]  # fields of those whom the owner was lately in contact with
    sharing: dict[str, list[tuple[float, str, str]]]  # by a field that few have, the strongest of the many in it


def plan(
    candidates: Iterable[Candidate],
    answers: Sequence[Answer],
    nudges: Sequence[Nudge],
    *,
    today: date,
    minutes: int,
    limit: int = 5,
    rest_days: int = REST_DAYS,
    silent: Callable[[str], bool] = lambda person: False,  # noqa: ARG005
    away: Callable[[str], bool] = lambda person: False,  # noqa: ARG005
    belief: Belief = SHIPPED,
) -> Plan:
    """Choose what to do today within `minutes`, at most `limit` suggestions, one a person.

    The order of the candidates does not matter; the same input gives the same plan. What is dated later than `today`
    is not seen, and what was shown today already is not held against itself. `rest_days` is the peace after a word
    that got no answer, `silent` tells to whom no word is suggested that nothing asks for, `away` who has a holiday, and
    is only met or wished well, `belief` how ties fade.
    """
    found = survey(candidates, answers, nudges, today=today, rest_days=rest_days, away=away, belief=belief)
    return decide(found, answers, nudges, today=today, minutes=minutes, limit=limit, silent=silent, belief=belief)


def survey(
    candidates: Iterable[Candidate],
    answers: Sequence[Answer],
    nudges: Sequence[Nudge],
    *,
    today: date,
    rest_days: int = REST_DAYS,
    away: Callable[[str], bool] = lambda person: False,  # noqa: ARG005
    belief: Belief = SHIPPED,
) -> Survey:
    """Look through everybody for what the day offers, as for `plan`; what is answered on that day is not heard."""
    known = list(candidates)
    respect = _Respect([answer for answer in answers if answer.on < today], nudges, today)
    birthdays = _birthdays(today)
    found: dict[str, list[Occasion]] = {}
    open_to: list[Candidate] = []
    for candidate in known:
        if candidate.alive_contact_days <= 0:
            continue
        moment = _Moment(candidate, today)
        may_write = _may_write(moment, rest_days)
        some = False
        for occasion in _occasions(moment, birthdays, may_write, belief):
            held = occasion.trigger not in FESTIVE and away(candidate.person)
            if not held and not respect.rests(candidate, occasion, today):
                found.setdefault(occasion.trigger, []).append(occasion)
                some = True
        if may_write and not some and not away(candidate.person):
            open_to.append(candidate)
    people = {trigger: [one.candidate.person for one in several] for trigger, several in found.items()}
    for trigger, several in found.items():
        several.sort(key=lambda one: (-one.value, one.candidate.person))
        if trigger not in (SEE, FADING, KEEP):  # of these the quotas take the longest unseen and the warmest
            del several[KEPT:]
    warm = sorted((one for one in open_to if one.tie.received or one.tie.met), key=_warmth)[:KEPT]
    glad = [one for one in open_to if _might_be_glad(one, today)]
    lately = [day for one in known if (day := _days(today, one.last_out)) is not None]
    return Survey(
        [one for several in found.values() for one in several],
        people,
        list({one.person: one for one in (*warm, *glad)}.values()),
        (len(lately), min(lately, default=0)),
        frozenset(
            word.casefold()
            for one in known
            if one.about and (today - _last(one, today)).days < DORMANT_DAYS
            for word in one.about
        ),
        _sharing(known),
    )


def decide(
    found: Survey,
    answers: Sequence[Answer],
    nudges: Sequence[Nudge],
    *,
    today: date,
    minutes: int,
    limit: int = 5,
    silent: Callable[[str], bool] = lambda person: False,  # noqa: ARG005
    belief: Belief = SHIPPED,
) -> Plan:
    """Choose of what a day offers, as for `plan`, by all that was answered so far."""
    respect = _Respect(answers, nudges, today)
    left = [
        one
        for one in found.occasions
        if not (one.trigger in UNASKED and silent(one.candidate.person))
        and not respect.rests(one.candidate, one, today)
    ]
    open_to = [one for one in found.open_to if not silent(one.person)]
    first = _quotas(found, open_to, left, respect, today)
    chosen = _choose(first, left, minutes, limit)
    resting = {one.candidate.person for one in found.occasions} - {one.candidate.person for one in left}
    people = {one.candidate.person for one in first}
    for trigger, several in found.people.items():
        if trigger not in respect.not_kinds:
            people.update(one for one in several if not (trigger in UNASKED and silent(one)))
    waiting = len(people - resting - {one.candidate.person for one in chosen})
    return Plan(_put_into_words(chosen, found, today, _birthdays(today), belief), waiting)


def open_to_a_word(
    candidates: Iterable[Candidate],
    answers: Sequence[Answer],
    nudges: Sequence[Nudge],
    *,
    today: date,
    rest_days: int = REST_DAYS,
) -> set[str]:
    """Return whom the rules of respect leave open to a word that nothing asks for, whatever it would be worth."""
    respect = _Respect(answers, nudges, today)
    found = set()
    for candidate in candidates:
        moment = _Moment(candidate, today)
        respected = _may_write(moment, rest_days) and not _their_turn(moment)
        if respected and not respect.rests(candidate, Occasion(0, candidate, KEEP, 0, 0), today):
            found.add(candidate.person)
    return found


def learnt(candidates: Iterable[Candidate], today: date, prior: Belief = SHIPPED) -> Belief:
    """Return how ties fade as the owner's own tell it, all but what came of advice."""
    courses = []
    for one in candidates:
        # The owner's own word into a silence does not end it.
        heard = max((day for day in (one.last_in, one.last_met) if day is not None), default=None)
        if heard is not None and one.tie.first <= heard <= today and _is_mutual(one.tie):
            courses.append(Course(one.own_days, (heard - one.tie.first).days, (today - heard).days))
    return learn(courses, prior)


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
        self.not_kinds = {
            answer.trigger
            for answer in answers
            if answer.verdict == "not_kind" and 0 <= (today - answer.on).days < REFUSED_TRIGGER_REST
        }
        self.offered = Counter(
            trigger for trigger, _ in {(one.trigger, one.day) for one in nudges if 0 < (today - one.day).days <= MONTH}
        )
        self.done = {
            answer.trigger for answer in answers if answer.verdict == "done" and 0 <= (today - answer.on).days < MONTH
        }

        self.met = sum(
            answer.trigger == SEE and answer.verdict == "done" and 0 <= (today - answer.on).days < 7
            for answer in answers
        )

    def wants(self, quota: str) -> bool:
        """Tell whether a quota of the month is neither met nor brought up often enough."""
        return quota not in self.done and self.offered[quota] < OFFERED_MOST

    def rests(self, candidate: Candidate, occasion: Occasion, today: date) -> bool:
        """Tell whether a person, or this kind of suggestion, is to be left in peace."""
        if occasion.trigger in self.not_kinds or (occasion.trigger == SEE and self.met >= SEEN_A_WEEK):
            return True
        answers = self.answers.get(candidate.person, ())
        if occasion.trigger == PREPARE:  # they meet today, whatever was said of writing to them
            return any(one.verdict == "not_person" or (one.on == today and one.trigger == PREPARE) for one in answers)
        for answer in answers:
            passed = (today - answer.on).days
            if answer.verdict == "done":
                if passed < max(DONE_REST, candidate.usual_gap / 2):
                    return True
                if answer.trigger == occasion.trigger == SEE and passed < SEEN_DAYS / 2:  # a meeting takes arranging
                    return True
            elif answer.verdict == "snooze":
                if today < answer.until if answer.until else passed < SNOOZE_REST:
                    return True
            elif answer.verdict == "not_person":
                if passed < REFUSED_PERSON_REST:
                    return True
            elif answer.verdict == "not_this" and (
                passed < REFUSED_REST or (answer.trigger == occasion.trigger and passed < REFUSED_TRIGGER_REST)
            ):
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


class _Moment:
    """How long ago the last contacts with one person were, in days."""

    __slots__ = ("came", "candidate", "gap", "met", "rhythm", "silence", "today", "unheard", "went")

    def __init__(self, candidate: Candidate, today: date) -> None:
        self.candidate, self.today = candidate, today
        self.came = _days(today, candidate.last_in)
        self.went = _days(today, candidate.last_out)
        self.met = _days(today, candidate.last_met)
        self.gap = candidate.usual_gap or UNKNOWN_GAP
        # The mean gap, for fading: contact comes in bursts, of which the median tells only how close they are inside.
        span = (candidate.tie.last - candidate.tie.first).days
        self.rhythm = span / (candidate.own_days - 1) if candidate.own_days > 1 else self.gap
        self.silence = min(
            (days for days in (self.came, self.went, self.met, _days(today, candidate.tie.last)) if days is not None),
            default=(today - candidate.tie.last).days,
        )
        # The owner's own word into a silence does not end it.
        self.unheard = min((days for days in (self.came, self.met) if days is not None), default=self.silence)


def _may_write(moment: _Moment, rest_days: int) -> bool:
    """Tell whether a word that nothing asks for would respect their silence: no second one into the same silence.

    Where the owner's last word came when the other had been quiet for a gap and got no answer, they rest; and rest for
    good where that word had itself been one after such a rest.
    """
    came, went, met = moment.came, moment.went, moment.met
    if went is None or _answered(went, came, met):
        return True
    heard = min((days for days in (came, met) if days is not None), default=None)
    if heard is None:
        return False
    quiet, usual = heard - went, max(moment.gap, QUIET_DAYS)
    return quiet <= usual or (went >= rest_days and quiet <= rest_days + usual)


def _their_turn(moment: _Moment) -> bool:
    went = moment.went
    return went is not None and went < THEIR_TURN_DAYS and not _answered(went, moment.came, moment.met)


def _occasions(moment: _Moment, birthdays: dict[str, int], may_write: bool, belief: Belief) -> Iterator[Occasion]:
    """Yield what would be a good moment for this person; most people have none."""
    candidate, today = moment.candidate, moment.today
    came, went, met, gap, silence = moment.came, moment.went, moment.met, moment.gap, moment.silence
    tie, worth = candidate.tie, candidate.worth
    asked = False
    for waiting in candidate.loops:
        weight, least, most = OPEN[waiting.trigger]
        open_for = _days(today, waiting.since)
        if open_for is not None and waiting.trigger == MOVED and not (_after(open_for, went) and _after(open_for, met)):
            continue  # they have been written to or met since
        if waiting.until is not None and waiting.until < today:
            continue
        if waiting.trigger in UNPRESSED and not (may_write and not _their_turn(moment)):
            continue
        if open_for is not None and least <= open_for <= most:
            yield Occasion(worth * weight, candidate, waiting.trigger, open_for, weight, waiting)
            asked = asked or open_for <= THEIR_TURN_DAYS
    if came and candidate.last_in_group <= REPLY_GROUP and _after(came, went) and _after(came, met):
        natural = max(REPLY_DAYS, min(2 * candidate.usual_gap, REPLY_DAYS_MOST))
        if came <= natural:
            fit = 1 - came / natural / 2
            yield Occasion(worth * fit, candidate, REPLY, came, fit)
            asked = asked or came <= THEIR_TURN_DAYS
    if (
        met
        and candidate.alive_contact_days <= FOLLOW_UP_CONTACTS
        and (today - tie.first).days <= FOLLOW_UP_DAYS
        and _after(met, went)
        and _after(met, came)
    ):
        fit = 1 - met / FOLLOW_UP_DAYS / 2
        yield Occasion((worth + 0.1) * fit, candidate, FOLLOW_UP, met, fit)  # what may grow is worth a start
    if not may_write:
        return
    age = _age(candidate.birthday, today)
    if candidate.birthday and _is_mutual(tie) and candidate.alive_contact_days >= REAL_TIE_DAYS:
        ahead = birthdays.get(_digits(candidate.birthday)[-4:])
        if ahead is not None and (age is None or 0 < age <= OLDEST) and silence + ahead > GREETED_DAYS:
            yield Occasion(worth * 0.8, candidate, BIRTHDAY, ahead, 0.8)
            asked = True
    if asked or silence < QUIET_DAYS or _their_turn(moment):  # what is asked for lately comes first
        return
    if candidate.standing in _IMPORTANT:
        gained = gain(moment.rhythm, moment.unheard, belief)
        unseen_for = _unseen_for(candidate, today)
        if unseen_for >= SEEN_DAYS:
            yield Occasion(worth * (gained + IN_PERSON), candidate, SEE, unseen_for, gained + IN_PERSON)
        if tie.momentum in ("fading", "dormant") and silence >= gap:
            yield Occasion(worth * gained, candidate, FADING, silence, gained)
        elif silence >= gap / 2:
            yield Occasion(worth * gained, candidate, KEEP, silence, gained)
    elif (age or 0) > OLDEST:
        return
    elif "dormant" in (tie.segment, tie.momentum) and _trusted(candidate) and silence >= max(DORMANT_DAYS, 3 * gap):
        # Past two-way trust alone (Levin 2011): who comes back by themselves cannot be foretold, so it is not asked.
        trust = (1 - exp(-candidate.alive_contact_days / 40)) * (1 + tie.reciprocity) / 2
        yield Occasion((worth + NEWS) * trust, candidate, DORMANT, silence, trust)
    elif _is_known(candidate) and max(PLACED_AFTER if candidate.ring else LIGHT_AFTER, gap) <= silence <= LIGHT_UNTIL:
        gained = gain(moment.rhythm, moment.unheard, belief)
        yield Occasion(worth * gained, candidate, LIGHT, silence, gained)


def _trusted(candidate: Candidate) -> bool:
    """Tell whether there was trust both ways: on many days, and not from one side."""
    tie = candidate.tie
    return (
        candidate.alive_contact_days >= TRUST_DAYS
        and tie.reciprocity >= TRUST_RECIPROCITY
        and (tie.met >= TRUST_MESSAGES or min(tie.sent, tie.received) >= TRUST_MESSAGES)
    )


def _is_known(candidate: Candidate) -> bool:
    """Tell whether somebody is known well enough for a light touch: placed by the owner, or awake and both ways."""
    tie = candidate.tie
    if candidate.ring:
        return True
    awake = "dormant" not in (tie.segment, tie.momentum)
    return awake and _is_mutual(tie) and candidate.alive_contact_days >= REAL_TIE_DAYS


def _is_mutual(tie: Tie) -> bool:
    return tie.met > 0 or (tie.sent > 0 and tie.received > 0)


def _unseen_for(candidate: Candidate, today: date) -> int:
    """Return for how many days one of the critical few has not been met in person, 0 where that asks for nothing."""
    if candidate.standing not in ("critical", "inner") or candidate.unseen:
        return 0
    seen = _days(today, _personal(candidate))
    if seen is not None:
        return seen
    # Meetings may be what no source tells; only where the owner placed them is it clear that they are wanted.
    return (today - candidate.tie.first).days if candidate.ring else 0


def _personal(candidate: Candidate) -> date | None:
    """Return the last personal contact: a meeting, or what they sent where calls or letters are how the two speak."""
    spoken = candidate.last_in if candidate.channel in ("call", "letter") else None
    return max((day for day in (candidate.last_met, spoken) if day is not None), default=None)


def _after(event: int, answer: int | None) -> bool:
    """Tell whether an event, in days ago, has had no answer since; one on the same day counts as an answer."""
    return answer is None or answer > event


def _answered(went: int, came: int | None, met: int | None) -> bool:
    return (came is not None and came <= went) or (met is not None and met <= went)


def _quotas(
    survey: Survey, open_to: list[Candidate], found: list[Occasion], respect: _Respect, today: date
) -> list[Occasion]:
    """Return what the method asks for whatever its value: seeing the few, another world, chance, and a warm-up.

    `open_to` are those who may be written to and have no occasion; the same month gives the same draw.
    """
    first: list[Occasion] = []
    due = [one for one in found if one.trigger == SEE and one.since >= LATE_DAYS]
    if due:
        first.append(min(due, key=lambda one: (-one.since, -one.value, one.candidate.person)))
    written, ago = survey.written
    if written >= SEVERAL and ago >= COLD_DAYS and WARM_UP not in respect.done:
        easy = [*open_to, *(one.candidate for one in found if one.trigger in (KEEP, FADING))]
        first.extend(_pick(WARM_UP, [one for one in easy if one.tie.received or one.tie.met], respect, today))
    lot = [one for one in open_to if _might_be_glad(one, today)]
    if respect.wants(OUTWARD):
        afar = [one for one in lot if one.about and survey.near.isdisjoint(word.casefold() for word in one.about)]
        first.extend(_pick(OUTWARD, afar, respect, today))
    if respect.wants(CHANCE) and not any(one.trigger == OUTWARD for one in first):
        first.extend(_pick(CHANCE, lot if len(lot) >= SEVERAL else [], respect, today))
    people: set[str] = set()
    for one in tuple(first):
        if one.candidate.person in people:
            first.remove(one)
        people.add(one.candidate.person)
    return first


def _pick(quota: str, among: list[Candidate], respect: _Respect, today: date) -> Iterator[Occasion]:
    """Yield one of some people for a quota: the warmest for a first easy line, else whom the month's draw names."""

    def drawn(one: Candidate) -> tuple[float, str]:
        return crc32(f"{quota} {one.person} {today:%Y-%m}".encode()), one.person

    for one in sorted(among, key=_warmth if quota == WARM_UP else drawn):
        silence = (today - _last(one, today)).days
        occasion = Occasion(one.worth, one, quota, silence, 1.0)
        if not respect.rests(one, occasion, today):
            yield occasion
            return


def _might_be_glad(candidate: Candidate, today: date) -> bool:
    """Tell whether a word out of the blue has something to stand on: contact both ways once, on several days."""
    return (
        _is_mutual(candidate.tie)
        and candidate.alive_contact_days >= LOT_DAYS
        and (today - _last(candidate, today)).days >= DORMANT_DAYS
        and (_age(candidate.birthday, today) or 0) <= OLDEST
    )


def _warmth(candidate: Candidate) -> tuple[float, str]:
    """Return what puts the warmest first."""
    return -candidate.tie.strength, candidate.person


def _choose(first: list[Occasion], found: list[Occasion], minutes: int, limit: int) -> list[Occasion]:
    """Choose the day; on one of errands alone the last place goes to the best word that nothing asks for."""
    chosen = _fill(first, found, minutes, limit)
    free = [one for one in found if one.trigger in UNASKED and one.minutes <= minutes]
    if limit < 2 or not chosen or not free or any(one.trigger == SEE or one.trigger in UNASKED for one in chosen):
        return chosen
    plain = max(free, key=lambda one: (one.value, one.candidate.person))
    first, found = ([one for one in some if one.candidate.person != plain.candidate.person] for some in (first, found))
    return [*_fill(first, found, minutes - plain.minutes, limit - 1), plain]


def _fill(first: list[Occasion], found: list[Occasion], minutes: int, limit: int) -> list[Occasion]:
    """Take the quotas as far as they fit, then the set of greatest value; mere keeping only when the rest is thin."""
    fixed: list[Occasion] = []
    for one in first:
        if len(fixed) < limit and sum(each.minutes for each in fixed) + one.minutes <= minutes:
            fixed.append(one)
    taken = {one.candidate.person for one in fixed}
    left = minutes - sum(one.minutes for one in fixed)
    rest = [one for one in found if one.candidate.person not in taken]
    several = choice.best([one for one in rest if one.trigger != KEEP], left, limit - len(fixed))
    keeping = choice.best(rest, left, min(FEW, limit) - len(fixed))
    most = keeping if choice.worth(keeping) > choice.worth(several) else several
    return [*(one for one in fixed if one.trigger not in LAST), *most, *(one for one in fixed if one.trigger in LAST)]


def _put_into_words(
    chosen: list[Occasion], survey: Survey, today: date, birthdays: dict[str, int], belief: Belief
) -> tuple[Suggestion, ...]:
    made: list[Suggestion] = []
    taken: frozenset[str] = frozenset()
    for occasion in chosen:
        candidate, tie = occasion.candidate, occasion.candidate.tie
        silence = (today - _last(candidate, today)).days
        partner = _partner(candidate, survey.sharing)
        scene = Scene(
            person=candidate.person,
            name=candidate.name,
            trigger=occasion.trigger,
            channel=candidate.channel,
            today=today,
            since=occasion.since,
            silence=silence,
            gap=candidate.usual_gap,
            segment=_SEGMENT.get(candidate.ring, tie.segment),
            subject=candidate.subject_in,
            about=candidate.about,
            met=tie.met,
            contact_days=candidate.alive_contact_days,
            span=(tie.last - tie.first).days,
            turns=_age(candidate.birthday, today) or 0,
            greet=birthdays.get(_digits(candidate.birthday)[-4:]) is not None,
            gave=candidate.gave,
            matter=occasion.waiting.matter if occasion.waiting else "",
            news=occasion.waiting.news if occasion.waiting else "",
            when=occasion.waiting.when if occasion.waiting else "",
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
                because=_because(occasion, today, silence, belief),
            )
        )
    return tuple(made)


def _last(candidate: Candidate, today: date) -> date:
    days = (candidate.last_in, candidate.last_out, candidate.last_met, candidate.tie.last)
    return max((day for day in days if day is not None and day <= today), default=today)


def _sharing(known: Iterable[Candidate]) -> dict[str, list[tuple[float, str, str]]]:
    """Return by field the two strongest of the many in it, of fields that few have: warmth, person and name.

    The closest are left out, since they are likely to know each other.
    """
    carriers: dict[str, list[Candidate]] = {}
    for one in known:
        for word in {word.casefold() for word in one.about}:
            carriers.setdefault(word, []).append(one)
    return {
        word: sorted((*_warmth(one), one.name) for one in several if one.tie.segment == "many")[:2]
        for word, several in carriers.items()
        if 1 < len(several) <= RARE
    }


def _partner(candidate: Candidate, sharing: dict[str, list[tuple[float, str, str]]]) -> str:
    """Return the strongest of the many who shares a field with the candidate that few have, or ""."""
    shared = (one for word in candidate.about for one in sharing.get(word.casefold(), ()))
    return min((one for one in shared if one[1] != candidate.person), default=(0.0, "", ""))[2]


def _because(occasion: Occasion, today: date, silence: int, belief: Belief) -> tuple[Reason, ...]:
    """Give the figures that decided, the weightiest first."""
    candidate, tie = occasion.candidate, occasion.candidate.tie
    reasons = [
        Reason(*_occasion_figure(occasion), weight=round(occasion.loss, 3)),
        Reason(say("what the tie is worth"), _worth_in_words(candidate), round(candidate.worth, 3)),
        Reason(
            say("written, received, met"),
            say("{sent}, {received}, {met} times", sent=tie.sent, received=tie.received, met=tie.met),
        ),
    ]
    if candidate.usual_gap:
        reasons.append(Reason(say("usual days between contacts"), f"{candidate.usual_gap:.0f}"))
    if occasion.trigger != KEEP:
        reasons.append(Reason(say("days since the last contact"), f"{silence}"))
    if occasion.trigger in UNASKED:
        moment = _Moment(candidate, today)
        kept = gain(moment.rhythm, moment.unheard, belief)
        reasons.append(
            Reason(say("closeness that a word may keep in the next half-year"), say("{weeks:.1f} weeks", weeks=kept))
        )
    if occasion.trigger in (FADING, DORMANT):
        reasons.append(
            Reason(say("being written to is valued more than the writer expects"), say("13 experiments, 5,900 people"))
        )
    if occasion.trigger == DORMANT:
        reasons.append(
            Reason(say("who comes back unasked cannot be foretold, so it was not counted"), say("AUC .55 to .73"))
        )
    reasons.append(Reason(say("minutes"), f"{MINUTES[occasion.trigger]}"))
    return tuple(reasons)


def _worth_in_words(candidate: Candidate) -> str:
    if candidate.ring:
        return say("in your {ring} ring, as you said", ring=label("ring", candidate.ring))
    return say(
        "{segment}, strength {strength:.0f} of 100",
        segment=label("segment", candidate.tie.segment),
        strength=candidate.tie.strength,
    )


def _occasion_figure(occasion: Occasion) -> tuple[str, str]:
    candidate, since = occasion.candidate, occasion.since
    match occasion.trigger:
        case words.REPLY:
            return say("days since they wrote, with nothing gone back that is known here"), f"{since}"
        case words.PREPARE:
            return say("a meeting today"), occasion.waiting.matter if occasion.waiting else ""
        case trigger if occasion.waiting is not None and occasion.waiting.when:
            return say("the days it is about"), occasion.waiting.when
        case trigger if trigger in OPEN and occasion.waiting is not None:
            return say("days that it has been open"), f"{since}"
        case words.FADING:
            gap = candidate.usual_gap or UNKNOWN_GAP
            return say("silence against the usual gap"), say(
                "{days} days to {gap:.0f}, {times:.1f} times", days=since, gap=gap, times=since / gap
            )
        case words.FOLLOW_UP:
            return say(
                "days since you met; at the first contact {first_was}", first_was=say(candidate.first_was)
            ), f"{since}"
        case words.DORMANT:
            days = candidate.alive_contact_days
            return say("past trust: days of contact, both ways"), say(
                "{days}, reciprocity {reciprocity:.2f}", days=days, reciprocity=candidate.tie.reciprocity
            )
        case words.BIRTHDAY:
            return say("days until the birthday"), f"{since}"
        case words.SEE:
            met = _personal(candidate) is not None
            return say("days since you last met in person") if met else say(
                "days since you know each other, unmet"
            ), f"{since}"
        case _:
            return say("days since the last contact"), f"{since}"
