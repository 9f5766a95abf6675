"""Foresight: how right Amity would have been on past days of the owner's own archive."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.language import plain_day, say
from amity.ledger.tally import DAY
from amity.store import decisions, search

FIRST = 20  # of the most likely people, as many as a person can think of
FEWEST = 10  # ties both ways before a cut says anything
CUTS = 4


class Expected(Struct, frozen=True):
    """What would have been foretold on one past day, and what came of it within the horizon."""

    on: date
    known: int  # ties both ways by then
    expected: float  # people with whom contact both ways was expected, the chances summed
    happened: int
    first: int  # of the most likely ones, so many were looked at
    right: int  # and so many came true
    order: float | None  # how often somebody contacted was ranked above somebody who was not (AUC)
    advised: int = 0  # left out, since a word to them was suggested in that time: it would be its own fulfilment


class Backtest(Struct, frozen=True):
    """How right Amity would have been, in figures and in words."""

    horizon_days: int
    cuts: tuple[Expected, ...]
    words: tuple[str, ...]


@operation(Effect.READ)
def backtest(desk: Desk, cuts: int = CUTS) -> Backtest:
    """Cut this archive at past days, foretell who stays in touch, and say how right that was.

    Each cut sees nothing later than its day; what came within the horizon is what it is held against. The card is used
    as it is shipped, without the owner's word; to whom a suggestion led in that time is left out. Raises AmityError
    NOT_FOUND where the archive is too short.
    """
    refresh(desk)
    import numpy as np

    from amity.app.tiebook import count_as_of, open_book
    from amity.insight import tie

    horizon = desk.settings.horizon_days
    book = open_book(desk)
    people = book.people
    touched = book.tallies.n > 0
    # Where the archive ends before today, the days after its end would only show that it ended.
    end = min(desk.today, desk.day(int(book.tallies.last[touched].max()))) if touched.any() else desk.today
    found = []
    after = count_as_of(replace(desk, today=end), people)
    for number in range(1, cuts + 1):
        day = end - timedelta(days=horizon * number)
        then = count_as_of(replace(desk, today=day), people)
        met = then.met > 0
        both = met | ((then.sent > 0) & (then.received > 0))
        led_to = _led_to(desk, day, day + timedelta(days=horizon))
        known = both & ~np.isin(people, led_to)
        began = then.first[then.n > 0]
        if int(known.sum()) < FEWEST or then.end - int(began.min()) < 2 * horizon * DAY:
            break
        chance = tie.judge(then, horizon_days=horizon).p_contact[known]
        came = ((after.met_recent > 0) | ((after.sent_recent > 0) & (after.received_recent > 0)))[known]
        order = np.argsort(-chance, kind="stable")[:FIRST]
        ranked = None
        if came.any() and not came.all():
            ranked = round(float(_auc(chance, came)), 3)
        found.append(
            Expected(
                day,
                int(known.sum()),
                round(float(chance.sum()), 1),
                int(came.sum()),
                len(order),
                int(came[order].sum()),
                ranked,
                int((both & ~known).sum()),
            )
        )
        after = then
    if not found:
        raise AmityError(
            Code.NOT_FOUND,
            say(
                "This archive is too short to test: it takes {fewest} ties both ways and three times {horizon} days.",
                fewest=FEWEST,
                horizon=horizon,
            ),
        )
    return Backtest(horizon, tuple(found), tuple(_words(one, horizon) for one in found))


def _led_to(desk: Desk, after: date, until: date) -> list[int]:
    """Return the persons to whom a suggestion that was done led within some days."""
    into = search.redirects(desk.database)
    done = (
        int(one.body["person"][1:])
        for one in decisions.standing(desk.database, ("answer",))
        if one.body["verdict"] == "done" and after.isoformat() < one.today <= until.isoformat()
    )
    return sorted({into.get(person, person) for person in done})


def _auc(chance: object, came: object) -> float:
    """Return the share of pairs, one contacted and one not, that are ranked right; equal ones count half."""
    import numpy as np

    scores, labels = np.asarray(chance), np.asarray(came)
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    hits = int(labels.sum())
    return float((ranks[labels].sum() - hits * (hits + 1) / 2) / (hits * (len(labels) - hits)))


def _words(one: Expected, horizon: int) -> str:
    return say(
        "On {on}, of the {first} people I expected you to stay in touch with most, {right} did "
        "within {horizon} days; of all {known:,} ties I expected {expected:.0f}, and it was "
        "{happened:,}.",
        on=plain_day(one.on),
        first=one.first,
        right=one.right,
        horizon=horizon,
        known=one.known,
        expected=one.expected,
        happened=one.happened,
    )
