"""The ask coach on real messages: the five pointers, pitches in disguise, false alarms, requests, and its cost.

Labels stand in `benchmarks/labels/asks.csv`: a text is named by its data set and number, a place by offsets in it, so
that no text of others is kept here. Every text was read once, most a second time in another order; `settled` is what
stood after both. Halves are drawn by the hash of the text: rules were tuned on `dev`, `test` is what the docs show.
`fresh`, `further` and `later` are batches that were each scored once before any rule was changed for them.
"""

from __future__ import annotations

import csv
import json
import lzma
import re
import tarfile
import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email import message_from_bytes
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.plan.asking.languages import language
from amity.plan.asking.pointers import met
from amity.plan.asking.requests import features
from amity.plan.asks import POINTERS, Check, check, is_request
from benchmarks.report import Report, Table

SUMMARY = "the ask coach: pointers, pitches and requests against labels, false alarms, CPU a message"
ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
LABELS = ROOT / "benchmarks" / "labels" / "asks.csv"
WEIGHTS = ROOT / "src" / "amity" / "plan" / "asking" / "en" / "requests.toml"
PITCHES = frozenset(("pitch_in_disguise", "open_pitch", "no_pitch"))
SOURCES = ("pizza", "se", "wiki", "pw", "sa")
BATCHES = ("dev", "fresh", "further", "later")  # all that rules may be tuned on
FLAGS = ("hidden_ask", "vague", "pushy", "flattery", "lecture", "mixed_gift_and_ask")
KEPT = 1000  # weights that are shipped
RIDGE = 3.0  # chosen by folds of neighbouring sentences, since near copies stand side by side
RARE = 2  # sentences in which a feature must stand to count

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


class Place(NamedTuple):
    """One label of one text; a text that is labelled as a whole has no offsets."""

    label: str
    start: int | None
    end: int | None


# -- texts ------------------------------------------------------------------------------------------------------------


def _pizza(data: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(data / "asks" / "random_acts_of_pizza.json.xz") as file:
        for number, one in enumerate(json.load(file)):
            yield f"pizza:{number}", f"{one['request_title']}\n\n{one['request_text_edit_aware']}"


def _rated(data: Path, name: str, key: str) -> Iterator[tuple[str, str]]:
    with lzma.open(data / "asks" / f"{name}.annotated.csv.xz", "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield f"{key}:{number}", row["Request"]


def _parakweet(data: Path, name: str) -> Iterator[tuple[str, str, bool]]:
    file = data / "asks" / "parakweet" / name
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").split("\n")):
        label, _, text = line.rstrip("\r").partition("\t")
        if text:
            yield f"pw:{number}", text, label == "Yes"


def _spamassassin(data: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(data / "mail" / "spamassassin_raw.tar.xz") as archive:
        for member in archive:
            if not member.isfile() or member.name.count("/") < 2:
                continue
            file = archive.extractfile(member)
            message = message_from_bytes(file.read() if file else b"")
            for part in message.walk():
                if part.get_content_type() == "text/plain":
                    payload = part.get_payload(decode=True)
                    body = payload if isinstance(payload, bytes) else b""
                    try:
                        text = body.decode(part.get_content_charset() or "latin-1", "replace")
                    except LookupError:
                        text = body.decode("latin-1")
                    yield f"sa:{member.name.removeprefix('data/')}", text
                    break


def texts(data: Path) -> dict[str, str]:
    """Read every text that may bear a label, by its name."""
    held = dict(_pizza(data))
    held |= dict(_rated(data, "stack-exchange", "se"))
    held |= dict(_rated(data, "wikipedia", "wiki"))
    held |= {name: text for name, text, _ in _parakweet(data, "Ask0729-fixed.txt")}
    return held | dict(_spamassassin(data))


def labels(reading: str) -> dict[str, tuple[str, str, list[Place]]]:
    """Return the digest, the half and the labels of every text, as one reading has them."""
    held: dict[str, tuple[str, str, list[Place]]] = {}
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["reading"] != reading:
                continue
            places = held.setdefault(row["text"], (row["sha256"], row["half"], []))[2]
            if row["label"] not in ("nothing", "no_pitch"):
                start, end = (int(row[key]) if row[key] else None for key in ("start", "end"))
                places.append(Place(row["label"], start, end))
            elif row["label"] == "no_pitch":
                places.append(Place("no_pitch", None, None))
    return held


# -- figures ----------------------------------------------------------------------------------------------------------


class Score(NamedTuple):
    """How often something was found where it is, where it is not, and missed, and how well its place was met."""

    both: int
    found_only: int
    labelled_only: int
    overlaps: tuple[float, ...] = ()

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.both / max(1, 2 * self.both + self.found_only + self.labelled_only)

    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of F1 from 2,000 bootstraps over the texts that count."""
        kinds = np.repeat([0, 1, 2], [self.both, self.found_only, self.labelled_only])
        if not len(kinds):
            return 0.0, 0.0
        drawn = np.random.default_rng(1).choice(kinds, (2000, len(kinds)))
        both = (drawn == 0).sum(1)
        scores = 2 * both / np.maximum(1, 2 * both + (drawn != 0).sum(1))
        low, high = np.quantile(scores, (0.025, 0.975))
        return float(low), float(high)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the shared part of two spans over what they cover together."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / max(1, max(one[1], other[1]) - min(one[0], other[0]))


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Return Cohen's kappa of two readings."""
    count = max(1, len(first))
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / count
    a, b = sum(first) / count, sum(second) / count
    chance = a * b + (1 - a) * (1 - b)
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


def score_pointer(kind: str, said: Mapping[str, Check], told: Mapping[str, list[Place]]) -> Score:
    """Score one pointer; a find counts as placed by the nearest of the places that were labelled."""
    both = found_only = labelled_only = 0
    overlaps = []
    for name, answer in said.items():
        places = [(one.start, one.end) for one in told[name] if one.label == kind]
        pointer = answer.pointers[kind]
        if pointer.found and places:
            both += 1
            here = (pointer.start or 0, pointer.end or 0)
            overlaps.append(max(overlap(here, (start or 0, end or 0)) for start, end in places))
        elif pointer.found:
            found_only += 1
        elif places:
            labelled_only += 1
    return Score(both, found_only, labelled_only, tuple(overlaps))


def score_flag(kind: str, said: Mapping[str, Check], told: Mapping[str, list[Place]]) -> Score:
    """Score one flag by its presence."""
    found = {name for name, answer in said.items() if any(flag.kind == kind for flag in answer.flags)}
    labelled = {name for name in said if any(one.label == kind for one in told[name])}
    return Score(len(found & labelled), len(found - labelled), len(labelled - found))


# -- requests ---------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!$]")


def _words(text: str) -> set[str]:
    return {"0" if word[0].isdigit() else word for word in _WORD.findall(text.lower().replace("’", "'"))}


def _matrix(rows: Sequence[set[str]], places: Mapping[str, int]) -> Floats:
    found = np.zeros((len(rows), len(places) + 1), np.float32)
    found[:, -1] = 1
    for at, row in enumerate(rows):
        found[at, [places[word] for word in row if word in places]] = 1
    return found


def _vocabulary(rows: Iterable[set[str]], least: int) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for row in rows:
        for word in row:
            counted[word] += 1
    return {word: at for at, word in enumerate(sorted(word for word, n in counted.items() if n >= least))}


def fit(found: Floats, is_so: Bools, ridge: float, steps: int = 250) -> Floats:
    """Fit a logistic regression with an L2 penalty by Adam; the last column is the bias and bears no penalty."""
    weights = np.zeros(found.shape[1], np.float32)
    mean, square = weights.copy(), weights.copy()
    target = is_so.astype(np.float32)
    for step in range(1, steps + 1):
        chance = 1 / (1 + np.exp(-(found @ weights)))
        slope = found.T @ (chance - target) + ridge * weights
        slope[-1] -= ridge * weights[-1]
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        rate = 0.05 if step < 150 else 0.01
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def _f1(said: Bools, is_so: Bools) -> float:
    return float(2 * (said & is_so).sum() / max(1, said.sum() + is_so.sum()))


def _pairs(text: str) -> set[str]:
    words = ["0" if word[0].isdigit() else word for word in _WORD.findall(text.lower().replace("’", "'"))]
    return {*words, *(f"{a} {b}" for a, b in pairwise(words))}


def requests(data: Path) -> tuple[Table, dict[str, float]]:
    """Compare the coach with bags of words that are fitted here, on the sentences that both may learn from."""
    train = list(_parakweet(data, "Ask0729-fixed.txt"))
    test = list(_parakweet(data, "testSet-qualifiedBatch-fixed.txt"))
    is_so = np.array([so for _, _, so in test])
    taught = np.array([so for _, _, so in train])
    figures = {}
    for name, read, ridge in (("bag of words", _words, 2.0), ("words and pairs of words", _pairs, 1.0)):
        rows = [read(text) for _, text, _ in train]
        places = _vocabulary(rows, 2)
        weights = fit(_matrix(rows, places), taught, ridge)
        figures[name] = _f1(_matrix([read(text) for _, text, _ in test], places) @ weights > 0, is_so)
    figures["the coach"] = _f1(np.array([is_request(text) for _, text, _ in test]), is_so)
    rows_ = tuple((name, f"{value:.3f}") for name, value in figures.items())
    title = f"requests among {len(test)} sentences, {int(is_so.sum())} of them requests"
    return Table(title, ("way", "F1"), rows_), figures


def fit_weights(data: Path) -> str:
    """Fit the weights by which the coach reads what no phrase covers, as the file that it ships."""
    speech = language("en")
    train = list(_parakweet(data, "Ask0729-fixed.txt"))
    rows = [set(features(text, met(text, speech))) for _, text, _ in train]
    taught = np.array([so for _, _, so in train])
    places = _vocabulary(rows, RARE)
    found = _matrix(rows, places)
    first = fit(found, taught, RIDGE)
    weight = np.abs(first[:-1]) * np.sqrt(found[:, :-1].sum(0))
    kept = np.sort(np.argsort(-weight)[:KEPT])
    weights = fit(found[:, np.append(kept, len(places))], taught, RIDGE)
    names = sorted(places, key=places.__getitem__)
    lines = [f"{json.dumps(names[at])} = {weights[row]:.2f}" for row, at in enumerate(kept)]
    return "\n".join(
        (
            "# How much each word and rule speaks for a request: a logistic regression fitted by",
            "# `python -m benchmarks asks --fit` on the training sentences of Parakweet (Apache-2.0).",
            "[weights]",
            f"bias = {weights[-1]:.2f}",
            *lines,
            "",
        )
    )


# -- the benchmark ----------------------------------------------------------------------------------------------------


def add_arguments(parser: ArgumentParser) -> None:
    """Add the half that is shown, and fitting."""
    parser.add_argument(
        "--half", choices=("test", *BATCHES, "tuned"), default="test", help="which labels; tuned: all but test"
    )
    parser.add_argument("--fit", action="store_true", help="fit the weights of requests anew, and write them")


def run(args: Namespace) -> Report:
    """Check every labelled text of a half and score what was found."""
    data = args.data[0] if args.data else DATA
    if args.fit:
        WEIGHTS.write_text(fit_weights(data), encoding="utf-8")
    held = texts(data)
    told = {}
    for name, (digest, half, places) in labels("settled").items():
        if half == args.half or (args.half == "tuned" and half in BATCHES):
            if sha256(held[name].encode()).hexdigest()[: len(digest)] != digest:
                raise ValueError(f"{name} is not the text that was labelled.")
            told[name] = places
    said = {name: check(held[name], name="en") for name in told}
    asking = {name: one for name, one in said.items() if not PITCHES & {place.label for place in told[name]}}
    figures: dict[str, object] = {}
    rows = []
    for kind in POINTERS:
        score = score_pointer(kind, asking, told)
        rows.append(_row(kind, score, figures))
    pointers = Table(
        f"pointers, {len(asking)} messages of the {args.half} half",
        ("pointer", "labelled", "precision", "recall", "F1", "95 %", "overlap", "overlap >= .7"),
        tuple(rows),
    )
    pitch = score_flag("pitch_in_disguise", said, told)
    closed = {name: one for name, one in said.items() if "open_pitch" not in {place.label for place in told[name]}}
    rows = [
        _row("pitch in disguise", pitch, figures)[:6],
        _row("the same, open pitches left out", score_flag("pitch_in_disguise", closed, told), figures)[:6],
    ]
    rows += [_row(kind, score_flag(kind, asking, told), figures)[:6] for kind in FLAGS]
    flags = Table(
        f"flags, {len(said)} messages of the {args.half} half",
        ("flag", "labelled", "precision", "recall", "F1", "95 %"),
        tuple(rows),
    )
    sources = _sources(asking, told, figures)
    alarms = _alarms(held, args.half, figures)
    table, figures["requests"] = requests(data)
    return Report(
        "asks",
        (pointers, sources, flags, alarms, table, _agreement(figures), _cost(figures)),
        figures,
        ("One reader labelled all texts; the second reading was made by the same reader in another order.",),
    )


def _row(name: str, score: Score, figures: dict[str, object]) -> tuple[str, ...]:
    low, high = score.interval()
    mean = sum(score.overlaps) / max(1, len(score.overlaps))
    near = sum(one >= 0.7 for one in score.overlaps) / max(1, len(score.overlaps))
    figures[name] = {"f1": score.f1, "interval": (low, high), "overlap": mean, "near": near, "counts": score[:3]}
    return (
        name,
        str(score.both + score.labelled_only),
        f"{score.both / max(1, score.both + score.found_only):.3f}",
        f"{score.both / max(1, score.both + score.labelled_only):.3f}",
        f"{score.f1:.3f}",
        f"{low:.2f}–{high:.2f}",
        f"{mean:.3f}",
        f"{near:.2f}",
    )


def _sources(asking: Mapping[str, Check], told: Mapping[str, list[Place]], figures: dict[str, object]) -> Table:
    """Score the pointers that every source has by source, to see whether rules for one serve the others."""
    rows = []
    for source in SOURCES:
        said = {name: one for name, one in asking.items() if name.startswith(f"{source}:")}
        scores = {kind: score_pointer(kind, said, told).f1 for kind in ("intent", "specifics")}
        figures[f"source {source}"] = scores
        rows.append((source, str(len(said)), *(f"{value:.3f}" for value in scores.values())))
    return Table("F1 by source", ("source", "messages", "intent", "specifics"), tuple(rows))


def _alarms(held: Mapping[str, str], half: str, figures: dict[str, object]) -> Table:
    """Count flags on mail between people: messages of the ham, of 20 to 400 words, read by nobody for this."""
    counted: dict[str, int] = defaultdict(int)
    total = plain = plain_any = 0
    for name, text in held.items():
        digest = int(sha256(text.encode()).hexdigest()[:8], 16)
        if (
            not name.startswith("sa:easy-ham")
            or not 20 <= len(text.split()) <= 400
            or (digest % 2 == 1) != (half != "test")
        ):
            continue
        total += 1
        said = check(text, name="en")
        kinds = {flag.kind for flag in said.flags}
        for kind in kinds:
            counted[kind] += 1
        counted["any"] += bool(kinds)
        if not said.pointers["intent"].found:
            plain += 1
            plain_any += bool(kinds)
    figures["alarms"] = {kind: n / max(1, total) for kind, n in counted.items()}
    rows = [(kind, str(n), f"{n / max(1, total):.2%}") for kind, n in sorted(counted.items())]
    rows.append((f"any, where nothing is asked ({plain})", str(plain_any), f"{plain_any / max(1, plain):.2%}"))
    return Table(f"flags on {total} mails of lists and friends", ("flag", "mails", "share"), tuple(rows))


def _agreement(figures: dict[str, object]) -> Table:
    first, second = labels("first"), labels("second")
    both = sorted(first.keys() & second.keys())
    rows = []
    for kind in (*POINTERS, "pitch_in_disguise", *FLAGS):
        one = [any(place.label == kind for place in first[name][2]) for name in both]
        other = [any(place.label == kind for place in second[name][2]) for name in both]
        value = kappa(one, other)
        figures[f"kappa {kind}"] = value
        rows.append((kind, str(sum(one)), str(sum(other)), f"{value:.2f}"))
    return Table(f"two readings of {len(both)} messages", ("label", "first", "second", "kappa"), tuple(rows))


def _cost(figures: dict[str, object]) -> Table:
    letter = (
        "Hi Ana,\n\nI'd like to ask you how you handled missing data in the 2019 trial. Would you have 15 minutes on "
        "the phone? I'd share our results with you. If it doesn't suit you, just say no.\n\n"
    )
    rows = []
    cases = {"1,000 words": letter * 28, "a line of 200 KB": "I would like to ask you if you could please " * 4545}
    for name, text in cases.items():
        began = time.process_time()
        check(text)
        took = time.process_time() - began
        figures[f"cpu {name}"] = took
        rows.append((name, f"{took * 1000:.1f}"))
    return Table("cost", ("message", "CPU ms"), tuple(rows))
