"""Real history: are those who know each other found, and is the one who opened the door named?"""

from __future__ import annotations

import csv
import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.demo import life
from amity.insight.paths import Rule, search, stand, weave, willingness
from amity.insight.tie import judge
from amity.ledger.acquaintances import Acquaintances, acquaint, pair
from amity.ledger.tally import DAY, Strands, tally
from amity.model import Channel, Depth, Role
from benchmarks.archives import open_text

Real = NDArray[np.float64]
Row = tuple[int, int, int, bytes, int, int, int, int]
HORIZON = 365.0
NOBODY_SAID = "nameregs_9999"
DARWIN = "nameregs_1"
SCHNITZLER = "pmb2121"
SEED = 20261122


class Told(NamedTuple):
    """One letter or day of a diary: when, who sent it, and who else is in it."""

    at: int
    channel: Channel
    senders: tuple[str, ...]
    others: tuple[str, ...]
    depth: Depth = Depth.ORDINARY


@dataclass
class Roll:
    """People by number, in the order in which they appear."""

    numbers: dict[str, int]

    def __call__(self, name: str) -> int:
        """Return somebody's number, giving them one if they have none."""
        return self.numbers.setdefault(name, len(self.numbers))


def seconds(day: str) -> int:
    """Return noon of a day (ISO 8601, month and day may lack) in seconds since 1970."""
    year, month, date, *_ = [*day.split("-"), "7", "1"] if day.count("-") < 2 else day.split("-")
    return int(datetime(int(year), int(month), int(date), 12, tzinfo=UTC).timestamp())


def moments(told: Iterable[Told], roll: Roll) -> list[Row]:
    """Bring what was told into the shape that the product pairs."""
    rows: list[Row] = []
    for number, one in enumerate(told, 1):
        parties = [(roll(name), Role.FROM) for name in one.senders] + [(roll(name), Role.TO) for name in one.others]
        packed = struct.pack(f"<{len(parties)}I", *(handle << 2 | role for handle, role in parties))
        rows.append((number, one.at, one.channel, packed, 0, one.depth, 0, 0))
    return rows


def addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in a cell of the demo's tables."""
    return tuple(re.findall(r"<([^>]+)>", text))


# --- who knows whom: the demo's diary against letters that it never saw ----------------------------------------------


class Score(NamedTuple):
    """How well a score ranks pairs: mean AUC with its interval, and by how much the inferred acquaintance is above."""

    auc: tuple[float, float, float]
    ahead: tuple[float, float, float]


@dataclass(frozen=True)
class Inference:
    """How well scores for pairs foretell messages between the two that the scores never saw."""

    what: str
    cells: int  # cuts, or egos
    people: float  # a cell, on average
    joined: float  # pairs with messages a cell, on average
    scores: Mapping[str, Score]
    over: str  # what a cell is


OURS, COUNTS = "inferred acquaintance", "times named together"
NEWMAN, JACCARD = "shared out, 1/(n-1) (Newman)", "over times of either (Jaccard)"


@dataclass
class _Cell:
    """Pairs of people, whether they exchanged messages, and what each score says of them."""

    of: tuple[NDArray[np.int64], NDArray[np.int64]]  # numbers that are the same in all cells
    label: NDArray[np.bool_]
    scores: dict[str, Real]

    def seen(self) -> _Cell:
        """Return only the pairs that were ever named together."""
        keep = self.scores[COUNTS] > 0
        kept = {name: score[keep] for name, score in self.scores.items()}
        return _Cell((self.of[0][keep], self.of[1][keep]), self.label[keep], kept)


def cell_of(
    people: Sequence[int], groups: Iterable[Sequence[int]], joined: set[frozenset[int]], known: Acquaintances
) -> _Cell:
    """Score every pair of some people (numbers in `known`) by the groups in which they were named."""
    place = {number: at for at, number in enumerate(people)}
    days, shared = np.zeros((len(people), len(people))), np.zeros((len(people), len(people)))
    for group in groups:
        named = [place[number] for number in group if number in place]
        days[np.ix_(named, named)] += 1
        shared[np.ix_(named, named)] += 1 / max(len(group) - 1, 1)
    left, right = np.triu_indices(len(people), 1)
    own = np.diag(days)
    numbers = np.array(people, np.int64)
    one, other = numbers[left], numbers[right]
    at = np.full(max(int(known.b.max(initial=0)), int(numbers.max(initial=0))) + 1, -1)
    at[numbers] = np.arange(len(people))
    a, b = at[known.a], at[known.b]
    here = (a >= 0) & (b >= 0)
    seen = np.zeros((len(people), len(people)))
    seen[a[here], b[here]] = seen[b[here], a[here]] = known.strength[here]
    wrote = np.zeros((len(people), len(people)), bool)
    for both in joined:
        if all(number in place for number in both) and len(both) == 2:
            low, high = (place[number] for number in sorted(both))
            wrote[low, high] = wrote[high, low] = True
    strength, label = seen[left, right], wrote[left, right]
    together = days[left, right]
    either = np.maximum(own[left] + own[right] - together, 1)
    scores = {OURS: strength, COUNTS: together, NEWMAN: shared[left, right], JACCARD: together / either}
    return _Cell((one, other), label, scores)


def weighted_auc(label: NDArray[np.bool_], score: Real, weight: NDArray[np.int64]) -> float:
    """Return the area under the ROC curve of pairs that count several times; NaN where one class is missing."""
    _, level = np.unique(score, return_inverse=True)
    good, bad = np.bincount(level, weight * label), np.bincount(level, weight * ~label)
    total = good.sum() * bad.sum()
    return float((good * (np.cumsum(bad) - bad / 2)).sum() / total) if total else float("nan")


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the middle 95 % of some values."""
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


def _compare(what: str, cells: Sequence[_Cell], drawn: Sequence[Sequence[NDArray[np.int64]]]) -> Inference:
    """Average AUC over cells, once and for every draw; a draw has for each cell the weights of its pairs."""

    def means(weights: Sequence[NDArray[np.int64]]) -> dict[str, float]:
        table = [
            [weighted_auc(cell.label, cell.scores[name], weight) for cell, weight in zip(cells, weights, strict=True)]
            for name in cells[0].scores
        ]
        held = np.array(table)
        there = ~np.isnan(held)
        mean = np.where(there, held, 0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        return dict(zip(cells[0].scores, np.where(there.any(axis=1), mean, np.nan).tolist(), strict=True))

    at = means([np.ones(len(cell.label), np.int64) for cell in cells])
    again = [means(weights) for weights in drawn]
    scores = {
        name: Score(
            (at[name], *interval([one[name] for one in again])),
            (at[OURS] - at[name], *interval([one[OURS] - one[name] for one in again])),
        )
        for name in at
    }
    people = float(np.mean([len(np.unique(np.concatenate(cell.of))) for cell in cells]))
    joined = float(np.mean([cell.label.sum() for cell in cells]))
    return Inference(what, len(cells), people, joined, scores, "cuts" if len(cells) > 1 else "cut")


def vienna(folder: Path, times: int = 200) -> list[Inference]:
    """Foretell from the demo's diary who wrote to whom, by letters between others, within three years of each cut.

    The inferring side sees the diary and the owner's own letters up to the cut, and no letter between others.
    """
    me = life.OWNER_ADDRESS
    files = {path.name: path for path in life.unpack(folder)}
    third: list[tuple[int, frozenset[str]]] = []
    with files["diary.csv"].open(encoding="utf-8", newline="") as lines:
        told = [
            Told(seconds(row["when"]), Channel.MEETING, (me,), addresses(row["to"]), Depth.PASSING)
            for row in csv.DictReader(lines)
        ]
    with files["editions.csv"].open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            senders, readers = addresses(row["from"]), addresses(row["to"])
            if me in senders + readers:
                told.append(Told(seconds(row["when"]), Channel.LETTER, senders, readers))
            else:
                pairs = (frozenset((one, other)) for one in senders for other in readers if one != other)
                third += [(seconds(row["when"]), both) for both in pairs]
    roll = Roll({})
    paired = pair(moments(told, roll), [roll(me)])
    letter_writers = {roll(name) for _, both in third for name in both}
    size = len(roll.numbers)

    def cell(cut: int, joined: set[frozenset[int]]) -> _Cell:
        groups = [
            [roll(name) for name in dict.fromkeys(one.others)]
            for one in told
            if one.at < cut and one.channel is Channel.MEETING
        ]
        people = sorted(letter_writers & {number for group in groups for number in group})
        return cell_of(people, groups, joined, acquaint(paired, np.arange(size), cut))

    cells = []
    for year in range(1891, 1928, 3):
        cut, close = seconds(f"{year}-01-01"), seconds(f"{year + 3}-01-01")
        joined = {frozenset(map(roll, both)) for at, both in third if cut <= at < close}
        if len(joined) >= 3 and (made := cell(cut, joined)).label.sum() >= 3:
            cells.append(made)
    whole = cell(max(one.at for one in told) + 1, {frozenset(map(roll, both)) for _, both in third})
    rng = np.random.default_rng(SEED)
    draws = [np.bincount(rng.integers(0, size, size), minlength=size) for _ in range(times)]
    compared = []
    for what, chosen in (
        ("all pairs", cells),
        ("pairs named together", [one.seen() for one in cells]),
        ("the whole diary, all pairs", [whole]),
        ("the whole diary, pairs named together", [whole.seen()]),
    ):
        weights = [[draw[cell.of[0]] * draw[cell.of[1]] for cell in chosen] for draw in draws]
        compared.append(_compare(f"Vienna, {what}", chosen, weights))
    return compared


def enron(data: Path) -> list[Inference]:
    """Foretell for each employee which two others write to each other behind their back."""
    sent: dict[str, tuple[int, str]] = {}
    readers: dict[str, list[str]] = defaultdict(list)
    with open_text(data / "mail/enron156_messages.tsv.gz") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            sent[row[0]] = (int(row[2]), row[-1])
    with open_text(data / "mail/enron156_recipients.tsv.gz") as lines:
        for row in csv.reader(lines, delimiter="\t"):
            readers[row[0]].append(row[2])
    told = [
        Told(at, Channel.MAIL, (sender,), tuple(sorted(set(readers[mail]) - {sender})))
        for mail, (at, sender) in sent.items()
        if readers[mail]
    ]
    return behind_backs("Enron", told)


def institute(data: Path) -> list[Inference]:
    """Foretell it for members of a research institution (email-Eu-core); one second of a sender is one mail to many."""
    sent: dict[tuple[int, str], set[str]] = defaultdict(set)
    with open_text(data / "mail/email-Eu-core-temporal.txt.gz") as lines:
        for line in lines:
            sender, reader, at = line.split()
            if sender != reader:
                sent[int(at), sender].add(reader)
    told = [Told(at, Channel.MAIL, (sender,), tuple(sorted(to))) for (at, sender), to in sent.items()]
    return behind_backs("Institute", told)


def behind_backs(
    name: str, told: Sequence[Told], most: int = 150, around: int = 400, times: int = 1000
) -> list[Inference]:
    """Foretell which two others write to each other without the ego, from the mails in which the ego has a part.

    Of more people `most` are drawn, and those with more than `around` others beside them are left out; intervals are
    over egos.
    """
    roll = Roll({})
    rows = moments(told, roll)
    size, end = len(roll.numbers), max(one.at for one in told) + 1
    part: dict[int, list[int]] = defaultdict(list)
    between: dict[frozenset[int], set[int]] = defaultdict(set)
    for number, one in enumerate(told):
        sender, readers = roll(one.senders[0]), [roll(other) for other in one.others]
        for person in (sender, *readers):
            part[person].append(number)
        for reader in readers:
            between[frozenset((sender, reader))].add(number)
    rng = np.random.default_rng(SEED)
    egos = sorted(part)
    if len(egos) > most * 2:
        egos = sorted(rng.choice(egos, most, replace=False).tolist())
    cells = []
    for ego in egos:
        mine = set(part[ego])
        groups = [[roll(one) for one in (*told[mail].senders, *told[mail].others)] for mail in part[ego]]
        groups = [[one for one in group if one != ego] for group in groups]
        people = sorted({number for group in groups for number in group})
        if len(people) > around:
            continue
        inside = set(people)
        joined = {both for both, mails in between.items() if both <= inside and not mails <= mine}
        known = acquaint(pair([rows[mail] for mail in part[ego]], [ego]), np.arange(size), end)
        cells.append(cell_of(people, groups, joined, known))
    return [
        _over_egos(f"{name}, {what}", [cell for cell in chosen if 0 < cell.label.sum() < len(cell.label)], times)
        for what, chosen in (
            ("all pairs", cells),
            ("pairs named together", [cell for cell in (one.seen() for one in cells) if len(cell.label) >= 10]),
        )
    ]


def _over_egos(what: str, cells: Sequence[_Cell], times: int) -> Inference:
    """Average AUC over egos, with intervals over draws of them."""
    found = np.array(
        [
            [weighted_auc(cell.label, score, np.ones(len(score), np.int64)) for score in cell.scores.values()]
            for cell in cells
        ]
    )
    rng = np.random.default_rng(SEED)
    again = [found[rng.integers(0, len(found), len(found))].mean(axis=0) for _ in range(times)]
    mean = found.mean(axis=0)
    scores = {
        name: Score(
            (float(mean[at]), *interval([float(draw[at]) for draw in again])),
            (float(mean[0] - mean[at]), *interval([float(draw[0] - draw[at]) for draw in again])),
        )
        for at, name in enumerate(cells[0].scores)
    }
    people = float(np.mean([len(np.unique(np.concatenate(cell.of))) for cell in cells]))
    joined = float(np.mean([cell.label.sum() for cell in cells]))
    return Inference(what, len(cells), people, joined, scores, "egos")


# --- who opened the door: Darwin's correspondents before they first wrote ---------------------------------------------


class Letter(NamedTuple):
    """One letter: when, its two sides, and whom it mentions, each by one key."""

    at: int
    senders: tuple[str, ...]
    readers: tuple[str, ...]
    mentions: tuple[str, ...]


class Post(NamedTuple):
    """An owner's whole post, in order of time, and the years in which newcomers are looked for."""

    name: str
    owner: str
    letters: list[Letter]
    years: range


def darwin(data: Path) -> Post:
    """Return Darwin's dated letters; a name that is mentioned counts where it means one correspondent."""
    with open_text(data / "letters/darwin_letters.csv.gz") as lines:
        rows = list(csv.DictReader(lines))
    named: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for side in ("from", "to"):
            for key, name in zip(row[f"{side}_keys"].split("|"), row[f"{side}_names"].split("|"), strict=False):
                named[name.strip()].add(key)
    letters = []
    for row in rows:
        if row["date"].startswith("1809") or not row["from_keys"] or not row["to_keys"]:
            continue
        told = (named[name] for name in row["people_mentioned"].split("|") if name in named)
        mentions = {next(iter(keys)) for keys in told if len(keys) == 1} - {DARWIN, NOBODY_SAID}
        sides = [tuple(key for key in row[f"{side}_keys"].split("|") if key != NOBODY_SAID) for side in ("from", "to")]
        letters.append(Letter(seconds(row["date"]), sides[0], sides[1], tuple(sorted(mentions))))
    return Post("Darwin", DARWIN, sorted(letters), range(1837, 1882))


def schnitzler(data: Path) -> Post:
    """Return Schnitzler's letters, with the people whom the edition finds mentioned in them."""
    letters = []
    with open_text(data / "letters/schnitzler_letters.csv.gz") as lines:
        for row in csv.DictReader(lines):
            if row["date"] and row["from_id"] and row["to_id"]:
                mentions = sorted({key for key in row["persons_mentioned_ids"].split("|") if key} - {SCHNITZLER})
                sides = (tuple(row["from_id"].split("|")), tuple(row["to_id"].split("|")))
                letters.append(Letter(seconds(row["date"]), *sides, tuple(mentions)))
    return Post("Schnitzler", SCHNITZLER, sorted(letters), range(1889, 1931))


class Rank(NamedTuple):
    """Where one way of ranking contacts puts the one who opened the door: the median rank, and how often within 3."""

    median: tuple[float, float, float]
    top3: float


@dataclass(frozen=True)
class Doors:
    """How those who first wrote to the owner in a year would have been reached at the end of the year before."""

    name: str
    totals: Mapping[str, int]
    contacts: float  # median number of contacts to choose from
    ranks: Mapping[str, Mapping[str, Rank]]


PATHS, STRENGTH, DEGREE = "warm paths, then the strongest ties", "strength alone", "degree alone"
NAMED, IN_COMMON = "named in their first letters", "named in their first letters, and in common before"


def doors(post: Post, times: int = 1000) -> Doors:
    """Hold back everybody who first wrote in a year, and look for the way to them from what was known before it.

    Who opened the door is whoever the letters of the first ninety days name and the owner knew before: evidence that no
    ranking sees. Where several are named, the best placed counts, for every ranking alike.
    """
    roll = Roll({post.owner: 0})
    beside = _beside(post)
    rows = moments(beside, roll)
    person, at, way = _contacts(post, roll)
    named_first = _named_in_first(post, roll)
    size = len(roll.numbers)
    pairs = pair(rows, [0])
    first = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, person, at)
    totals: Counter[str] = Counter()
    ranks: dict[str, dict[str, list[float]]] = {kind: defaultdict(list) for kind in (NAMED, IN_COMMON)}
    chosen_from: list[int] = []
    for year in post.years:
        cut, close = seconds(f"{year}-01-01") - DAY // 2, seconds(f"{year + 1}-01-01") - DAY // 2
        before = at < cut
        strands = Strands(*_sorted(person[before], at[before], way[before]))
        tallies = tally(strands, size, end=cut, horizon_days=HORIZON)
        judged = judge(tallies, horizon_days=HORIZON)
        contacts = np.flatnonzero(tallies.n > 0)
        known = acquaint(pairs, np.arange(size), cut)
        network = weave(size, known.a, known.b, known.strength)
        silence = (cut - tallies.last[contacts]) / DAY
        none = np.zeros(len(contacts), np.int64)
        tie = judged.strength[contacts] / 100
        ego = stand(
            network, contacts, tie, willingness(judged.reciprocity[contacts], silence, none), none, Rule.WEAKEST
        )
        degree = np.diff(network.start).astype(np.float64)
        mine = set(contacts.tolist())
        for newcomer in np.flatnonzero((first >= cut) & (first < close)).tolist():
            totals["first contacts"] += 1
            if not degree[newcomer]:
                continue
            found = search(network, ego, np.array([newcomer]), np.ones(1), len(contacts))
            totals["seen in letters before"] += 1
            totals["of these with a path"] += bool(found)
            near = set(network.to[network.start[newcomer] : network.start[newcomer + 1]].tolist()) & mine
            totals["with somebody in common"] += bool(near)
            totals["of these reached"] += bool(near) and bool(found)
            if not near:
                continue
            order = list(dict.fromkeys(path.people[0] for path in found))
            strength = np.zeros(size)
            strength[contacts] = tie
            warm = strength.copy()
            warm[order] += np.arange(len(order), 0, -1) + 1.0
            named = named_first[newcomer] & mine
            chosen_from += [len(contacts)] if named else []
            for kind, who in ((NAMED, named), (IN_COMMON, named & near)):
                for name, score in ((PATHS, warm), (STRENGTH, strength), (DEGREE, degree)) if who else ():
                    ranks[kind][name].append(min(_rank(score, contacts, one) for one in who))
    for kind in (NAMED, IN_COMMON):
        totals[kind] = len(ranks[kind][PATHS])
    told = {
        kind: {
            name: Rank(_median(values, times), float(np.mean(np.array(values) <= 3)))
            for name, values in ranks[kind].items()
            if values
        }
        for kind in ranks
    }
    return Doors(post.name, dict(totals), float(np.median(chosen_from)) if chosen_from else 0.0, told)


def _beside(post: Post) -> list[Told]:
    """Tell who stands beside whom: in letters between others, and whoever a letter's other side speaks of."""
    told = []
    for letter in post.letters:
        sides = (*letter.senders, *letter.readers)
        if post.owner not in sides:
            told.append(Told(letter.at, Channel.LETTER, letter.senders, letter.readers))
        for name in sides:
            told += [
                Told(letter.at, Channel.LETTER, (post.owner,), (name, other))
                for other in letter.mentions
                if name not in (other, post.owner)
            ]
    return told


def _contacts(post: Post, roll: Roll) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Return each letter to or from the owner as person, time and way."""
    rows = [
        (roll(name), letter.at, 1 if post.owner in letter.senders else -1)
        for letter in post.letters
        if post.owner in (*letter.senders, *letter.readers)
        for name in (*letter.senders, *letter.readers)
        if name != post.owner
    ]
    columns = np.array(rows, np.int64)
    return columns[:, 0], columns[:, 1], columns[:, 2].astype(np.int8)


def _sorted(
    person: NDArray[np.int64], at: NDArray[np.int64], way: NDArray[np.int8]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int8], NDArray[np.uint8], NDArray[np.uint8]]:
    order = np.lexsort((at, person))
    ones = np.ones(len(order), np.uint8)
    return person[order].astype(np.int32), at[order], way[order], ones, ones


def _named_in_first(post: Post, roll: Roll) -> dict[int, set[int]]:
    """Return of each correspondent whom the letters of their first ninety days name."""
    first: dict[str, int] = {}
    named: dict[int, set[int]] = defaultdict(set)
    for letter in post.letters:
        sides = (*letter.senders, *letter.readers)
        for name in sides if post.owner in sides else ():
            since = first.setdefault(name, letter.at)
            if name != post.owner and letter.at - since <= 90 * DAY:
                named[roll(name)].update(roll(one) for one in letter.mentions if one != name)
    return named


def _rank(score: Real, contacts: NDArray[np.int64], one: int) -> float:
    """Return the rank of a contact from 1, equal ones at their mean."""
    values = score[contacts]
    return float((values > score[one]).sum() + ((values == score[one]).sum() + 1) / 2)


def _median(values: Sequence[float], times: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(SEED)
    drawn = np.median(rng.choice(np.array(values), (times, len(values))), axis=1)
    return float(np.median(values)), *interval(drawn.tolist())
