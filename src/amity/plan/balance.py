"""What would balance a portfolio: three concrete acts, each with a person and the reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from amity.language import label, mark, say

ACTS = 3
ORDER = ("unmet", "single_role", "bridge", "other_field", "dormant")


class Chance(Struct, frozen=True):
    """Something that could be done for the balance; of one kind, what weighs most is done first."""

    kind: str  # one of ORDER
    person: int
    name: str
    weight: float
    about: str = ""  # the role, the world or the field
    since: int = 0  # the year of the last contact, 0 where that says nothing


class Act(Struct, frozen=True):
    """One thing to do, and why."""

    kind: str
    person: int
    act: str
    why: str


_WORDS = {
    "unmet": (
        mark("See {name}, or call"),
        mark("one of your critical few, and not met in person twice in the last year"),
    ),
    "single_role": (
        mark("Look after {name}"),
        mark("the only {about} you are in touch with: the role rests on one person"),
    ),
    "bridge": (mark("Write to {name}"), mark("your only way to {about}: such bridges are the first to go")),
    "other_field": (
        mark("Write to {name} again"),
        mark("you trusted one another, until {since}, and almost none of your time goes to {about} now"),
    ),
    "dormant": (
        mark("Write to {name} for no reason"),
        mark("you were close until {since}; the unplanned letter gives most"),
    ),
}


def choose(chances: Iterable[Chance]) -> tuple[Act, ...]:
    """Choose three acts, of as many kinds as there are, one a person; fewer where there is less to do."""
    queues = {kind: [one for one in chances_ if one.kind == kind] for chances_ in (list(chances),) for kind in ORDER}
    for queue in queues.values():
        queue.sort(key=lambda one: (-one.weight, one.person))
    chosen: list[Chance] = []
    while len(chosen) < ACTS:
        before = len(chosen)
        for kind in ORDER:
            taken = {one.person for one in chosen}
            queue = [one for one in queues[kind] if one.person not in taken]
            if queue and len(chosen) < ACTS:
                chosen.append(queue[0])
        if len(chosen) == before:
            break
    return tuple(_in_words(one) for one in chosen)


def _in_words(one: Chance) -> Act:
    act, why = _WORDS[one.kind]
    about = label("role", one.about) if one.kind == "single_role" else one.about
    values: dict[str, object] = {"name": one.name, "about": about, "since": one.since}
    return Act(one.kind, one.person, say(act, **values), say(why, **values))


def contribution(steady: float | None, given: Sequence[int]) -> str:
    """Say how steadily the owner contributed, by the evenness of twelve months and what each held."""
    if steady is None:
        return say("It is too early to say how steadily you give your time: there are not twelve whole months yet.")
    empty = sum(n == 0 for n in given)
    months = (
        say("In {empty} of the last twelve months you wrote to nobody and met nobody. ", empty=empty) if empty else ""
    )
    if steady >= STEADY:
        return say(
            "{months}You give your time steadily: no month of the last twelve stands far above the others.",
            months=months,
        )
    if steady >= UNEVEN:
        return say("{months}You give your time somewhat unevenly over the months.", months=months)
    return say("{months}You give your time in bursts: few months hold most of it.", months=months)


STEADY, UNEVEN = 0.95, 0.85
