"""Say which two people may be one, how likely that is, and why.

After Fellegi & Sunter (1969), A theory for record linkage: every piece of evidence has a weight, the logarithm of how
much more often it is seen of one person than of two, and the weights add up. What is shared weighs by how rare it is
(Winkler 2000, Frequency-based matching in the Fellegi–Sunter model). The weights are fixed numbers, fitted together, so
that evidence that goes hand in hand is not counted twice; only how many of the candidates are one person is worked out
anew for each archive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.language import mark
from amity.model import Reason
from amity.people.candidates import candidates
from amity.people.evidence import AT, KINDS, MOST_COMPANY, Evidence, joined, weighings
from amity.people.facts import Facts, Profile, lay_out, mailbox, number, own_word
from amity.people.names import tidy
from amity.people.spellings import read
from amity.people.weights import CONSTANT, WEIGHTS

__all__ = ["OFFER", "SURE", "Pair", "Profile", "pairs"]

OFFER = 0.2  # below, nothing is told
SURE = 0.99  # from here on two may be joined unasked, where nothing forbids it
MOST_SHARE = 0.5  # of the candidates that are taken to be one person
LEAST = math.log(OFFER / (1 - OFFER)) - math.log(MOST_SHARE / (1 - MOST_SHARE))

Numbers = NDArray[np.int64]
Bool = NDArray[np.bool_]
Real = NDArray[np.float64]


class Pair(NamedTuple):
    """Two people who may be one."""

    left: int
    right: int
    score: float  # probability that they are one person
    because: tuple[Reason, ...]  # the weightiest first; what speaks against has a negative weight
    sure: bool  # may be joined unasked


def pairs(profiles: Sequence[Profile], verdicts: Iterable[tuple[int, int]] = ()) -> list[Pair]:
    """Return the pairs of people who may be one, the likeliest first, then by their ids.

    `verdicts` are pairs of ids that the owner has said to be two: these are never told again. A pair is `sure` where
    more than names agree and nothing contradicts.
    """
    if len(profiles) < 2:
        return []
    facts = lay_out(profiles)
    left, right, aside = candidates(facts)
    total = np.zeros(len(left), np.float32)
    kept: list[Evidence] = []
    likely = []
    for rows, evidence in weighings(facts, left, right, _open):
        total[rows] = logits(evidence.figures)
        # What stays below the offer even if half of all candidates were one person need not be kept.
        above = np.flatnonzero(total[rows] >= LEAST)
        kept.append(evidence.rows(above))
        likely.append(above + rows.start)
    places = np.concatenate([np.zeros(0, np.int64), *likely])
    evidence = joined(kept)
    left, right = left[places], right[places]
    score = probability(total[places].astype(np.float64), share(total.astype(np.float64), aside))
    sure = (score >= SURE) & permitted(facts, evidence)
    never = {frozenset(pair) for pair in verdicts}
    found = []
    for row in np.flatnonzero(score >= OFFER).tolist():
        one, other = facts.profiles[left[row]], facts.profiles[right[row]]
        if frozenset((one.id, other.id)) not in never:
            found.append(_pair(facts, evidence, row, one, other, float(score[row]), bool(sure[row])))
    found.sort(key=lambda pair: (-pair.score, pair.left, pair.right))
    return found


def _open(figures: NDArray[np.float32]) -> tuple[Bool, Bool]:
    """Tell which pairs shared company could yet have told, and which are told but for what they wrote each other."""
    total = logits(figures)
    return total >= LEAST - WEIGHTS["company_shared"] * MOST_COMPANY, total >= LEAST


def _pair(facts: Facts, evidence: Evidence, row: int, one: Profile, other: Profile, score: float, sure: bool) -> Pair:
    reasons = tuple(_reasons(facts, evidence, row, one, other))
    return Pair(min(one.id, other.id), max(one.id, other.id), round(score, 6), reasons, sure)


def logits(figures: NDArray[np.float32]) -> Real:
    """Return the sum of the weights of each row of evidence, without what is common to the archive."""
    weights = np.array([WEIGHTS[kind] for kind in KINDS], np.float32)
    return (figures @ weights).astype(np.float64) + CONSTANT


# The share of candidates that are one person, as it is believed before an archive is seen: worth this many candidates.
PRIOR_SHARE = 0.02
PRIOR_PAIRS = 200.0
ROUNDS = 50


def share(total: Real, aside: int = 0) -> float:
    """Return the share of candidates that are one person, by expectation maximisation over the whole archive.

    `total` are log-likelihood ratios; `aside` more candidates are certainly not one. Source: Saerens, Latinne &
    Decaestecker (2002), Adjusting the outputs of a classifier to new a priori probabilities.
    """
    ratio = np.exp(np.clip(total, -30, 30))
    found = PRIOR_SHARE
    for _ in range(ROUNDS):
        odds = ratio * (found / (1 - found))
        before, found = (
            found,
            float(((odds / (1 + odds)).sum() + PRIOR_SHARE * PRIOR_PAIRS) / (len(total) + aside + PRIOR_PAIRS)),
        )
        if abs(found - before) < 1e-7:
            break
    return min(found, MOST_SHARE)


def probability(total: Real, part: float) -> Real:
    """Return the probability that each pair is one person, of log-likelihood ratios and what `share` found."""
    return np.asarray(1 / (1 + np.exp(-np.clip(total + np.log(part / (1 - part)), -40, 40))))


# --- what may be joined unasked ---------------------------------------------------------------------------------------

FULL_NAME = 8.0  # how rare the words that agree must be, together, where little else than a birthday does
RARE_NAME = 14.0  # and where it is but what they call themselves and one circumstance
ONE_HOUSE = 8.0  # how rare the words of a place must be to tell more than the town


def permitted(facts: Facts, evidence: Evidence) -> Bool:
    """Tell which pairs may be joined unasked once they are likely enough.

    More than a display name must agree, and nothing may contradict: another birthday, gender, generation or number of
    one's own, another given name (families share the rest), an address that only looks like the other.
    """
    figures = evidence.figures

    def has(*kinds: str) -> Bool:
        return np.asarray((figures[:, [AT[kind] for kind in kinds]] > 0).any(axis=1))

    contradicted = evidence.forbidden | has(
        "name_given_differs",
        "name_differs",
        "name_disjoint",
        "generation_differs",
        "birth_near",
        "birth_part",
        "birth_close",
        "birth_decade",
        "birth_differs",
        "gender_differs",
        "identifier_differs",
        "identifier_near",
        "together",
    )
    kinds = ("name_same", "name_sound", "name_nickname", "name_short", "name_near")
    agreeing = figures[:, [AT[kind] for kind in kinds]].sum(axis=1)
    # A given name and a family name agree, neither of them an initial, and nothing is left over.
    whole = _whole(facts, evidence) & ~has("name_initial", "name_family_differs", "name_extra")
    letter_by_letter = ~has(*kinds[1:])
    born = has("birth_same")
    key = has("mail_same", "url_same", "identifier_same")
    # An office's or a family's mailbox needs a name beside it.
    by_key = key & ((agreeing > 0) & ~has("name_family_differs", "name_initial") | has("built_whole"))
    # Father and son may share a name and a telephone, but not their addresses.
    parted = has("mail_differs", "mail_near") & ~has("local_same", "adjoining", "birth_day") & ~born
    own_number = figures[:, AT["phone_same"]] >= 1  # nobody else has it
    by_phone = whole & own_number & ~parted & (letter_by_letter | born)
    by_birthday = whole & born & ((agreeing >= FULL_NAME) | has("place_same", "title_same", "local_same"))
    circumstance = has("company_shared", "adjoining", "birth_day") | (figures[:, AT["place_same"]] > ONE_HOUSE)
    by_user_name = whole & has("local_same") & circumstance & (agreeing >= RARE_NAME)
    by_answer = whole & has("answers") & letter_by_letter & (agreeing >= FULL_NAME)
    return np.asarray((by_key | by_phone | by_birthday | by_user_name | by_answer) & ~contradicted)


def _whole(facts: Facts, evidence: Evidence) -> Bool:
    """Tell where both names that were compared have two words or more."""
    counts = np.append((facts.form_words >= 0).sum(axis=1), 0)
    return np.asarray((counts[evidence.left_form] >= 2) & (counts[evidence.right_form] >= 2))


# --- in words ---------------------------------------------------------------------------------------------------------

_SAY = {
    "name_same": mark("words of the name are the same"),
    "name_sound": mark("words of the name are the same, written otherwise"),
    "name_nickname": mark("a given name that stands for the other"),
    "name_near": mark("words of the name differ by a slip"),
    "name_short": mark("a word of the name is cut short"),
    "name_initial": mark("an initial fits the name"),
    "name_extra": mark("one name has a word more"),
    "name_given_differs": mark("the given names differ"),
    "name_family_differs": mark("the family names differ, as after a wedding"),
    "name_differs": mark("a part of the names differs"),
    "name_disjoint": mark("the names have nothing in common"),
    "generation_differs": mark("one is the younger, the elder or the second of the name"),
    "birth_same": mark("the same birthday"),
    "birth_near": mark("birthdays that differ by one figure"),
    "birth_part": mark("two parts of the birthday agree"),
    "birth_day": mark("the same day of birth, of one the year is not known"),
    "birth_year": mark("the same year of birth, of one the day is not known"),
    "birth_close": mark("birthdays about a year apart"),
    "birth_decade": mark("birthdays some years apart"),
    "birth_differs": mark("different birthdays"),
    "mail_same": mark("the same mailbox"),
    "mail_near": mark("addresses that differ by a slip"),
    "mail_differs": mark("no address in common"),
    "local_same": mark("the same name before the @, or as a user name"),
    "local_name": mark("the same name before the @, which is that of the person"),
    "built_whole": mark("the address is made of the other's name"),
    "built_part": mark("the address is made of an initial and the other's name"),
    "phone_same": mark("the same telephone number"),
    "url_same": mark("the same link"),
    "identifier_same": mark("the same number of their own"),
    "identifier_near": mark("numbers of their own that differ by a slip"),
    "identifier_differs": mark("different numbers of their own"),
    "place_same": mark("the same place"),
    "place_near": mark("nearly the same place"),
    "place_differs": mark("different places"),
    "organisation_same": mark("the same organisation"),
    "organisation_near": mark("nearly the same organisation"),
    "organisation_differs": mark("different organisations"),
    "title_same": mark("the same occupation"),
    "title_near": mark("nearly the same occupation"),
    "title_differs": mark("different occupations"),
    "gender_same": mark("the same gender"),
    "gender_differs": mark("different genders"),
    "answers": mark("answered in a conversation in which the other had been written to"),
    "company_shared": mark("in touch with the same people"),
    "together": mark("they wrote to one another, or appear side by side"),
    "adjoining": mark("one falls silent when the other starts"),
    "overlapping": mark("both write during the same time"),
}
FORBIDDEN = mark("one is written so as to look like the other")
LEAST_WEIGHT = 0.05


def _reasons(facts: Facts, evidence: Evidence, row: int, one: Profile, other: Profile) -> list[Reason]:
    found = []
    figures = evidence.figures[row]
    names = ""
    for place in np.flatnonzero(figures).tolist():
        kind = KINDS[place]
        weight = float(figures[place]) * WEIGHTS[kind]
        if abs(weight) < LEAST_WEIGHT:
            continue
        if kind.startswith(("name_", "generation_")):
            names = names or _names(facts, evidence, row, one, other)
            figure = names
        else:
            figure = _figure(kind, one, other)
        found.append(Reason(_SAY[kind], figure, round(weight, 2)))
    if evidence.forbidden[row]:
        found.append(Reason(FORBIDDEN, _beside(one.emails or one.names, other.emails or other.names), 0.0))
    found.sort(key=lambda reason: -abs(reason.weight))
    return found


def _names(facts: Facts, evidence: Evidence, row: int, one: Profile, other: Profile) -> str:
    forms = (evidence.left_form[row], evidence.right_form[row])
    return " · ".join(_spelling(facts, form, who) for form, who in zip(forms, (one, other), strict=True))


def _figure(kind: str, one: Profile, other: Profile) -> str:
    what, _, how = kind.partition("_")
    if what == "birth":
        return _shared(one.birthdays, other.birthdays) if how == "same" else _beside(one.birthdays, other.birthdays)
    if kind == "mail_same":
        boxes = {mailbox(address) for address in other.emails}
        return next(address for address in one.emails if mailbox(address) in boxes)
    if what == "local":
        theirs = {_local(word) for word in (*other.emails, *other.handles)}
        return next((found for word in (*one.emails, *one.handles) if (found := _local(word)) in theirs), "")
    if what in ("mail", "built"):
        return _beside(one.emails or one.names, other.emails or other.names)
    if what == "phone":
        theirs = {number(phone) for phone in other.phones}
        return next(phone for phone in one.phones if number(phone) in theirs)
    if what == "url":
        return _shared(one.urls, other.urls)
    if what == "identifier":
        return _beside(one.identifiers, other.identifiers)
    if what == "place":
        return _beside(one.places, other.places)
    if what == "organisation":
        return _beside(one.organisations, other.organisations)
    if what == "title":
        return _beside(one.titles, other.titles)
    if what == "company":
        return str(len(one.correspondents & other.correspondents))
    if what == "gender":
        return _beside((one.gender,), (other.gender,))
    return ""


def _spelling(facts: Facts, form: int, who: Profile) -> str:
    """Return the name as it was written that was read as this form; of one read off an address, the form."""
    words = facts.forms[form].words
    return next((tidy(name) for name in who.names if read(name).words == words), " ".join(words))


def _local(word: str) -> str:
    return own_word(word.rpartition("@")[0] or word)


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> str:
    return next((value for value in ours if value in theirs), _beside(ours, theirs))


def _beside(ours: Sequence[str], theirs: Sequence[str]) -> str:
    return f"{', '.join(ours[:2])} · {', '.join(theirs[:2])}"
