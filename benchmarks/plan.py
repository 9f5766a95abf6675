"""A simulation of a year of advice: ties that fade, answers that come or do not, an hour a week.

How quickly ties fade and how often a word is answered is fitted to public archives; what a tie is worth has no public
ground truth and is made up. So this tells how policies compare in such a world, and nothing about real lives.

The people of the archives are halved. What the planner believes of ties (amity.plan.gain) is fitted to one half, and
whatever is chosen is chosen on owners who live in the worlds of that half; the owners that are reported live in the
worlds of the other half, and nothing is chosen on them. `--dev` shows the former.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight import segments
from amity.insight.closeness import heed
from amity.insight.tie import MOMENTA, judge
from amity.insight.words import Word
from amity.ledger.tally import DAY, NEVER, Strands, tally
from amity.model import Tie
from amity.plan.fading import prompted
from amity.plan.gain import SHIPPED, Belief
from amity.plan.today import Answer, Candidate, learnt, open_to_a_word
from amity.plan.week import plan_week
from amity.plan.words import KEEP, SEE
from benchmarks.archives import LOADERS, Archive
from benchmarks.fit import DATA
from benchmarks.report import Report, Table

SUMMARY = "a simulated year: today's planner against intervals, overdue-first, recency, random and an oracle"
Real = NDArray[np.float64]
Ints = NDArray[np.int64]

ARCHIVES = ("email-Eu", "Reality")
TIES = 100
OWNERS = 200
BEFORE, YEAR = 78, 52  # weeks of history, and of advice
TOUCHES = 7  # a week
MINUTES = 8  # that a touch takes
AHEAD = 26  # weeks that the oracle looks ahead
PRICE = 0.1  # of a word in these weeks, in closeness to a tie of mean worth for a week
LONGEST = 156  # weeks of silence; longer ones are as these
CLASSES = 4
FEW, NEXT = 10, 30  # people worth most, whom the owner would call critical, and those who come next
CADENCE = (30, 90, 180)  # days between contacts that a reminder program is told for them, the next and the rest
WAITED = 2  # weeks that an answer may take
AGAIN = 8  # weeks within which a second word into a silence is unwanted
EPOCH = date(1970, 1, 1)
START = date(2024, 1, 1)
IN_PERSON = 0.15  # of the contact that comes by itself
BEGAN = 5  # weeks before the start: every tie begins with a contact that is on record
SEED = 20261122
TRAIN, TEST = 0, 1  # halves of the people of each archive, and the owners who live in their worlds
OWN_SEEDS = (1_000_000, 2_000_000)


# --- what archives say -----------------------------------------------------------------------------------------------


class Kind(NamedTuple):
    """One class of ties: contact in a week after `k` weeks of silence comes with 1 - exp(-rate * exp(-fade * k))."""

    rate: float
    fade: float
    ties: int


class Fitted(NamedTuple):
    """What was fitted to one archive: classes of ties, and answers after silence, first * exp(-fall * k).

    After a word that got no answer it is `again` times that.
    """

    name: str
    kinds: tuple[Kind, ...]
    first: float
    fall: float
    again: float


def fit(archive: Archive, half: int) -> Fitted:
    """Fit fading and answers to half the people of an archive: ties with contact in four weeks or more, both ways."""
    gaps: list[tuple[float, Ints, int]] = []  # mean gap, gaps, weeks since the last
    asked, answered = np.zeros((2, LONGEST + 1)), np.zeros((2, LONGEST + 1))  # after an answer, after none
    last_week = int(archive.at.max() // (7 * DAY))
    for place, strands in enumerate(archive.ego_strands().values()):
        if place % 2 != half:
            continue
        bounds = np.flatnonzero(np.diff(strands.person, prepend=-1))
        for low, high in zip(bounds, np.append(bounds[1:], len(strands.person)), strict=True):
            week, way = strands.at[low:high] // (7 * DAY), strands.way[low:high]
            weeks = np.unique(week)
            if len(weeks) < 4 or not ((way >= 0).any() and (way <= 0).any()):
                continue
            gap = np.diff(weeks)
            gaps.append((float(gap.mean()), gap, last_week - int(weeks[-1])))
            sent, heard = np.unique(week[way >= 0]), np.unique(week[way <= 0])
            before = np.searchsorted(heard, sent)
            later, last = sent[before > 0], heard[before[before > 0] - 1]
            silence = np.clip(later - last - 1, 0, LONGEST)
            following = np.searchsorted(heard, later)
            came = (following < len(heard)) & (heard[np.minimum(following, len(heard) - 1)] - later <= WAITED)
            # Words since they were last heard that had their time, and got no answer.
            ignored = np.searchsorted(sent, later - WAITED) > np.searchsorted(sent, last, side="right")
            for after, which in enumerate((~ignored, ignored)):
                np.add.at(asked[after], silence[which], 1)
                np.add.at(answered[after], silence[which], came[which])
    gaps.sort(key=lambda row: row[0])
    kinds = []
    for part in np.array_split(np.arange(len(gaps)), CLASSES):
        happened, risked = np.zeros(LONGEST + 1), np.zeros(LONGEST + 1)
        for number in part.tolist():
            _, gap, tail = gaps[number]
            closed = np.minimum(gap - 1, LONGEST)
            np.add.at(happened, closed, 1)
            for silence in (*closed.tolist(), min(tail, LONGEST) - 1):
                risked[: silence + 1] += 1
        kinds.append(Kind(*_likeliest(happened, risked), len(part)))
    first, fall = _answers(answered[0], asked[0])
    awaited = float((asked[1] * first * np.exp(-fall * np.arange(LONGEST + 1))).sum())
    return Fitted(archive.name, tuple(kinds), first, fall, float(answered[1].sum()) / awaited)


def _likeliest(happened: Real, risked: Real) -> tuple[float, float]:
    weeks = np.arange(LONGEST + 1)
    best = (-np.inf, 0.0, 0.0)
    for rate in np.geomspace(0.005, 5, 60):
        for fade in np.geomspace(0.002, 1, 60):
            chance = np.clip(1 - np.exp(-rate * np.exp(-fade * weeks)), 1e-9, 1 - 1e-9)
            likely = float((happened * np.log(chance) + (risked - happened) * np.log(1 - chance)).sum())
            best = max(best, (likely, float(rate), float(fade)))
    return best[1], best[2]


def _answers(answered: Real, asked: Real) -> tuple[float, float]:
    weeks = np.arange(LONGEST + 1)
    best = (-np.inf, 0.0, 0.0)
    for first in np.linspace(0.05, 0.99, 95):
        for fall in np.geomspace(0.0005, 0.5, 80):
            chance = np.clip(first * np.exp(-fall * weeks), 1e-9, 1 - 1e-9)
            likely = float((answered * np.log(chance) + (asked - answered) * np.log(1 - chance)).sum())
            best = max(best, (likely, float(first), float(fall)))
    return best[1], best[2]


# --- a life ----------------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """One owner's ties through the weeks; the closeness of one is exp(-fade * weeks of silence)."""

    rate: Real
    fade: Real
    worth: Real
    first: float
    fall: float
    again: float
    chances: Real  # (weeks, ties, 3): drawn beforehand, so that every policy meets the same luck
    week: int = 0
    silence: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    rows: list[tuple[int, int, int]] = field(default_factory=list)  # person, day, way as in Strands
    left: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # week of the last word that got no answer
    answers: list[Answer] = field(default_factory=list)
    unwanted: int = 0
    touched: int = 0
    to_see: set[int] = field(default_factory=set)  # whom this week's advice is to meet, not to write to
    contacts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # in the year of advice
    gain: Real | None = None  # of the oracle, by tie and weeks of silence

    def __post_init__(self) -> None:
        count = len(self.rate)
        self.silence = np.full(count, BEGAN - 1, np.int64)
        self.left = np.full(count, -1000, np.int64)
        self.contacts = np.zeros(count, np.int64)
        began = (self.today - EPOCH).days - 7 * BEGAN + 3
        self.rows = [(person, began, way) for person in range(count) for way in (1, -1)]

    @property
    def today(self) -> date:
        return START + timedelta(7 * self.week)

    def closeness(self) -> Real:
        return np.exp(-self.fade * self.silence)

    def answered(self) -> Real:
        """Return the chance that a word is answered now."""
        chance: Real = self.first * np.exp(-self.fall * self.silence) * np.where(self.left >= 0, self.again, 1.0)
        return chance

    def live(self, touches: Sequence[int]) -> None:
        """Live a week: contact that comes by itself, then what the owner was advised to do.

        An answer is answered the same day; whoever of those to be seen answers is met.
        """
        luck = self.chances[self.week]
        monday = (self.today - EPOCH).days
        natural = luck[:, 0] < 1 - np.exp(-self.rate * self.closeness())
        for person in np.flatnonzero(natural).tolist():
            ways = (0, 0) if luck[person, 2] < IN_PERSON else (1, -1) if luck[person, 2] < 0.575 else (-1, 1)
            self.rows += [(person, monday + 3, ways[0]), (person, monday + 3, ways[1])]
        for person in touches:
            self.touched += 1
            self.rows.append((person, monday, 1))
            if self.week - self.left[person] <= AGAIN:
                self.unwanted += 1
            if luck[person, 1] < self.answered()[person]:
                self.rows += [(person, monday + 2, way) for way in ((0, 0) if person in self.to_see else (-1, 1))]
                natural[person] = True
            else:
                self.left[person] = self.week
        self.silence = np.where(natural, 0, np.minimum(self.silence + 1, LONGEST))
        self.left[natural] = -1000
        self.to_see = set()
        if self.week >= BEFORE:
            self.contacts += natural
        self.week += 1


def born(fitted: Sequence[Fitted], seed: int, fade: float) -> Life:
    """Make an owner: ties drawn from the classes of one archive, worth half in step with how often there is contact."""
    rng = np.random.default_rng((SEED, seed))
    world = fitted[seed % len(fitted)]
    kinds = np.array([kind[:2] for kind in world.kinds])[rng.integers(len(world.kinds), size=TIES)]
    spread = rng.normal(size=(2, TIES))
    rank = np.log(kinds[:, 0]) + 0.3 * spread[0]
    worth = np.exp(0.8 * (0.5 * (rank - rank.mean()) / rank.std() + 0.87 * spread[1]))
    chances = rng.random((BEFORE + YEAR, TIES, 3))
    return Life(
        kinds[:, 0] * np.exp(0.3 * spread[0]), kinds[:, 1] * fade, worth, world.first, world.fall, world.again, chances
    )


# --- policies --------------------------------------------------------------------------------------------------------

Policy = Callable[[Life, np.random.Generator], Sequence[int]]


def nothing(life: Life, rng: np.random.Generator) -> Sequence[int]:  # noqa: ARG001
    """Let it be."""
    return ()


def at_random(life: Life, rng: np.random.Generator) -> Sequence[int]:
    """Write to anybody."""
    return [int(person) for person in rng.permutation(len(life.rate))[:TOUCHES]]


def by_recency(life: Life, rng: np.random.Generator) -> Sequence[int]:
    """Write to whoever was silent longest."""
    return _first(life.silence + rng.random(len(life.rate)))


def by_interval(life: Life, rng: np.random.Generator) -> Sequence[int]:
    """Remind of everybody after ninety days, whoever comes first."""
    due = life.silence * 7 >= 90
    return _first(np.where(due, rng.random(len(life.rate)), -1.0))


def by_overdue(life: Life, rng: np.random.Generator) -> Sequence[int]:
    """Remind of the longest overdue, by a cadence that the owner set by what each is worth to them."""
    order = np.argsort(-life.worth)
    cadence = np.full(len(order), CADENCE[2], float)
    cadence[order[: FEW + NEXT]] = CADENCE[1]
    cadence[order[:FEW]] = CADENCE[0]
    return _first(life.silence * 7 - cadence + rng.random(len(order)))


def _first(score: Real) -> Sequence[int]:
    best = np.argsort(-score)[:TOUCHES]
    return [int(person) for person in best if score[person] >= 0]


def oracle(life: Life, rng: np.random.Generator) -> Sequence[int]:  # noqa: ARG001
    """Take what gains most, knowing worth, fade and answers of every tie, with no respect for silence.

    The gain of a word is worked out by value iteration over half a year in which further words cost PRICE, as in
    Whittle's index for restless bandits; it is the best policy known here, and no proof that there is none better.
    """
    if life.gain is None:
        life.gain = _gain(life, rests=False)
    gain = life.gain[np.arange(len(life.rate)), life.silence]
    return _first(gain * np.where(life.left >= 0, life.again, 1.0))


def respectful_oracle(life: Life, rng: np.random.Generator) -> Sequence[int]:  # noqa: ARG001
    """Take what gains most, knowing worth, fade and answers of every tie, of those whom the planner's rules leave open.

    The same kind of index as the planner's, with the parameters known in place of believed.
    """
    if life.gain is None:
        life.gain = _gain(life, rests=True)
    open_to = open_to_a_word(_candidates(life, told=True), life.answers[-20 * TOUCHES :], (), today=life.today)
    places = np.array(sorted(int(person) for person in open_to), np.int64)
    gain = np.full(len(life.rate), -1.0)
    gain[places] = life.gain[places, life.silence[places]] * np.where(life.left[places] >= 0, life.again, 1.0)
    chosen = _first(gain)
    life.answers += (Answer(str(person), KEEP, "done", life.today, None) for person in chosen)
    return chosen


def _gain(life: Life, *, rests: bool) -> Real:
    """Return what a word gains, by tie and weeks of silence; with `rests`, no word may follow one that was left."""
    weeks = np.arange(LONGEST + 1)
    close = np.exp(-life.fade[:, None] * weeks)
    chance = 1 - np.exp(-life.rate[:, None] * close)
    answered = life.first * np.exp(-life.fall * weeks)
    worth, price = life.worth[:, None], PRICE * float(life.worth.mean())
    ahead, left, gain = np.zeros_like(close), np.zeros_like(close), np.zeros_like(close)
    for _ in range(AHEAD):
        fresh = (worth * close + ahead)[:, :1]
        kept, lost = (_a_week_on(worth * close + row) for row in (ahead, left if rests else ahead))
        gain = (1 - chance) * (answered * fresh + (1 - answered) * lost - kept)
        ahead = chance * fresh + (1 - chance) * kept + np.maximum(gain - price, 0)
        left = chance * fresh + (1 - chance) * lost
    return gain


def _a_week_on(value: Real) -> Real:
    return np.concatenate((value[:, 1:], value[:, -1:]), axis=1)


def planner(
    life: Life,
    rng: np.random.Generator,  # noqa: ARG001
    told: bool = True,
    belief: Belief = SHIPPED,
) -> Sequence[int]:
    """Ask the planner of the product for a week, one suggestion a day; it sees the contacts.

    With `told`, the owner has placed the ten who are worth most in the inner ring, the thirty next in the middle one,
    and the others in the outer one, which is what overdue-first is told. `belief` is what it holds of how ties fade
    before it has seen any.
    """
    candidates = _candidates(life, told)
    learnt_here = learnt(candidates, life.today, belief)
    days = plan_week(
        candidates, life.answers[-20 * TOUCHES :], (), today=life.today, minutes=10, limit=1, belief=learnt_here
    )
    chosen = [(day.on, one) for day in days for one in day.suggestions]
    life.answers += (Answer(one.person, one.trigger, "done", on, None) for on, one in chosen)
    life.to_see = {int(one.person) for _, one in chosen if one.trigger == SEE}
    return [int(one.person) for _, one in chosen]


def rings(life: Life) -> dict[int, Word]:
    """Return what the owner says of the ties that are worth most to them."""
    order = np.argsort(-life.worth).tolist()
    names = ("inner",) * FEW + ("middle",) * NEXT + ("outer",) * (len(order) - FEW - NEXT)
    return {place: Word(ring=name) for place, name in zip(order, names, strict=True)}


def _candidates(life: Life, told: bool) -> list[Candidate]:
    table = np.array(life.rows, np.int64).reshape(-1, 3)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    count, zeros = len(life.rate), np.zeros(len(table), np.uint8)
    strands = Strands(
        table[:, 0].astype(np.int32), table[:, 1] * DAY, table[:, 2].astype(np.int8), zeros + 1, zeros + 1
    )
    end = (life.today - EPOCH).days * DAY
    found = tally(strands, count, end=end)
    said = rings(life) if told else {}
    judged = heed(judge(found), found, np.zeros(count, np.int64), said, ())
    segment = segments.propose(judged, found)
    met = {int(person): int(day) for person, day in table[table[:, 2] == 0][:, :2]}
    advised: dict[int, list[date]] = {}
    for answer in life.answers:
        advised.setdefault(int(answer.person), []).append(answer.on)

    def day(at: int) -> date | None:
        return None if at == NEVER else EPOCH + timedelta(at // DAY)

    made = []
    for place in np.flatnonzero(found.n > 0).tolist():
        last = EPOCH + timedelta(int(found.last[place]) // DAY)
        tie = Tie(
            str(place),
            float(judged.strength[place]),
            float(judged.p_contact[place]),
            MOMENTA[judged.momentum[place]],
            float(judged.reciprocity[place]),
            float(judged.initiative[place]),
            segment[place],
            EPOCH + timedelta(int(found.first[place]) // DAY),
            last,
            int(found.sent[place]),
            int(found.received[place]),
            int(found.met[place]),
        )
        made.append(
            Candidate(
                str(place),
                f"N{place}",
                tie,
                float(np.nan_to_num(found.gap[place])),
                day(int(found.last_received[place])),
                day(int(found.last_sent[place])),
                EPOCH + timedelta(met[place]) if place in met else None,
                "",
                1,
                "you met",
                "mail",
                "",
                (),
                int(found.days[place]),
                ring=said[place].ring if place in said else "",
                prompted=_prompted(table, place, advised.get(place, ())),
            )
        )
    return made


def _prompted(table: Ints, place: int, advised: Sequence[date]) -> int:
    if not advised:
        return 0
    days = np.unique(table[table[:, 0] == place, 1])
    return prompted([EPOCH + timedelta(day) for day in days.tolist()], advised)


POLICIES: Mapping[str, Policy] = {
    "nothing": nothing,
    "random": at_random,
    "longest silence first": by_recency,
    "fixed interval, 90 days": by_interval,
    "overdue first": by_overdue,
    "Amity": planner,
    "Amity, believing twice at first": lambda life, rng: planner(
        life, rng, belief=SHIPPED._replace(fade=2 * SHIPPED.fade)
    ),
    "Amity, believing half at first": lambda life, rng: planner(
        life, rng, belief=SHIPPED._replace(fade=SHIPPED.fade / 2)
    ),
    "Amity, told of nobody": lambda life, rng: planner(life, rng, told=False),
    "respectful oracle": respectful_oracle,
    "oracle": oracle,
}


class Outcome(NamedTuple):
    """What a year of one policy came to."""

    kept: float  # worth of ties times their closeness, over the year, as a share of their worth
    few: float  # share of the ten worth most with contact both ways twice or more
    met: float  # and met in person twice or more
    minutes: float  # a week
    unwanted: float  # words into a silence that had not answered the one before, a year


def simulate(fitted: Sequence[Fitted], seed: int, fade: float, policy: Policy) -> Outcome:
    """Live one owner's history and year under a policy."""
    life = born(fitted, seed, fade)
    rng = np.random.default_rng((SEED, seed, 1))
    while life.week < BEFORE:
        life.live(())
    kept = []
    while life.week < BEFORE + YEAR:
        life.live(policy(life, rng))
        kept.append(float((life.worth * life.closeness()).sum() / life.worth.sum()))
    best = np.argsort(-life.worth)[:FEW]
    few = float((life.contacts[best] >= 2).mean())
    seen = {
        (person, day)
        for person, day, way in life.rows
        if way == 0 and day >= (START + timedelta(7 * BEFORE) - EPOCH).days
    }
    met = float(np.mean([sum(person == one for person, _ in seen) >= 2 for one in best.tolist()]))
    return Outcome(float(np.mean(kept)), few, met, life.touched * MINUTES / YEAR, float(life.unwanted))


# --- the report ------------------------------------------------------------------------------------------------------


def add_arguments(parser: ArgumentParser) -> None:
    """Add the number of owners, and which ones."""
    parser.add_argument("--owners", type=int, default=OWNERS)
    parser.add_argument("--dev", action="store_true", help="the owners on whom things are chosen, not those reported")


def ratio(one: Real, other: Real) -> tuple[float, float, float]:
    """Return the ratio of two means, with its 95 % interval by 1,000 bootstraps over owners, both drawn together."""
    draws = np.random.default_rng(SEED).integers(len(one), size=(1000, len(one)))
    low, high = np.quantile(one[draws].mean(axis=1) / other[draws].mean(axis=1), (0.025, 0.975))
    return float(one.mean() / other.mean()), float(low), float(high)


def run(args: Namespace) -> Report:
    """Fit the archives, live every owner's year under every policy, and compare them owner by owner."""
    data = Path(args.data[0]) if args.data else DATA
    half = TRAIN if args.dev else TEST
    fitted = [fit(LOADERS[name](data), half) for name in ARCHIVES]
    owners = range(OWN_SEEDS[half], OWN_SEEDS[half] + args.owners)
    tables = [_fits(fitted)]
    figures: dict[str, object] = {one.name: one._asdict() for one in fitted}
    for words, fade in (("as fitted", 1.0), ("twice as quick", 2.0), ("half as quick", 0.5)):
        names = list(POLICIES) if fade == 1.0 else [name for name in POLICIES if not name.startswith("Amity,")]
        found = {name: np.array([simulate(fitted, owner, fade, POLICIES[name]) for owner in owners]) for name in names}
        tables.append(_compared(f"Ties fade {words}: {args.owners} owners, {TIES} ties each, one year", found))
        figures[words] = {name: values.mean(axis=0).tolist() for name, values in found.items()}
    notes = (
        "Worth is made up: log-normal, half in step with how often there is contact. Real lives were not observed.",
        "Overdue first and Amity are told the same of it: the ten, the thirty next, the others. The oracles know all.",
        "The respectful oracle keeps to the planner's rules of respect; the other writes on into silence.",
    )
    return Report("plan", tuple(tables), figures, notes)


def _fits(fitted: Sequence[Fitted]) -> Table:
    rows = []
    for one in fitted:
        for number, kind in enumerate(one.kinds, 1):
            rows.append(
                (
                    one.name,
                    f"{number}",
                    f"{kind.ties:,}",
                    f"{1 - np.exp(-kind.rate):.2f}",
                    f"{np.log(2) / kind.fade:.0f}",
                    f"{one.first:.2f}",
                    f"{np.log(2) / one.fall:.0f}",
                    f"{one.again:.2f}",
                )
            )
    columns = (
        "archive",
        "quarter",
        "ties",
        "contact in the week after",
        "weeks in which it halves",
        "answered",
        "weeks in which that halves",
        "times, after a word left",
    )
    return Table("Fitted to archives", columns, tuple(rows))


def _compared(title: str, found: Mapping[str, Real]) -> Table:
    against = found["overdue first"][:, 0]
    best = found["respectful oracle"][:, 0]
    rows = []
    for name, values in found.items():
        kept = values[:, 0]
        more, behind = (ratio(kept, other) for other in (against, best))
        rows.append(
            (
                name,
                f"{kept.mean():.3f}",
                f"{more[0] - 1:+.1%} [{more[1] - 1:+.1%}, {more[2] - 1:+.1%}]",
                f"{1 - behind[0]:.1%} [{1 - behind[2]:.1%}, {1 - behind[1]:.1%}]",
                f"{values[:, 1].mean():.2f}",
                f"{values[:, 2].mean():.2f}",
                f"{values[:, 3].mean():.0f}",
                f"{values[:, 4].mean():.1f}",
            )
        )
    columns = (
        "policy",
        "kept",
        "against overdue first [95 %]",
        "behind the respectful oracle [95 %]",
        "of ten, in touch twice",
        "met twice",
        "minutes a week",
        "unwanted a year",
    )
    return Table(title, columns, tuple(rows))
