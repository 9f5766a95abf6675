"""The week and the year ahead: what each day offers, and when the critical few will be seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from amity.app import journeys, plan, portfolio
from amity.app.desk import Desk
from amity.app.freshness import keep, refresh
from amity.app.hindsight import part
from amity.app.journeys import JourneyLine
from amity.app.operation import Effect, operation
from amity.app.people import Named
from amity.app.plan import Today
from amity.app.portfolio import ActLine
from amity.store import decisions, search
from amity.store.db import checksum

SOON = timedelta(days=28)  # in which the digest looks ahead to the critical few
CHANCE = ("bridge", "other_field", "dormant")  # acts that lead outward, or leave something to chance


class Offer(Struct, frozen=True):
    """One suggestion of a day to come."""

    person: Named
    trigger: str
    act: str
    minutes: int


class DayLine(Struct, frozen=True):
    """What one day offers."""

    on: date
    offers: tuple[Offer, ...]


class Week(Struct, frozen=True):
    """Seven days from today, and one act that leads outward."""

    date: date
    minutes: int  # a day
    days: tuple[DayLine, ...]
    chance: ActLine | None


class SeeingLine(Struct, frozen=True):
    """One time to see one of the critical few: the Monday of its week, and why then."""

    week: date
    person: Named
    why: str


class FewLine(Struct, frozen=True):
    """One of the critical few: on which days of the last year you saw them, and how often the plan holds them."""

    person: Named
    seen: tuple[date, ...]
    planned: int
    unseen: bool  # you meet them where no archive looks


class Year(Struct, frozen=True):
    """When the critical few will be seen in the next 365 days."""

    on: date
    until: date
    few: tuple[FewLine, ...]
    seeings: tuple[SeeingLine, ...]


class Digest(Struct, frozen=True):
    """The day and the week on one page, to be sent to oneself."""

    today: Today
    week: Week
    journeys: tuple[JourneyLine, ...]
    seeings: tuple[SeeingLine, ...]  # of the coming four weeks


class KeptFew(Struct, frozen=True):
    """What is kept of one of the critical few for the plan of the year."""

    id: int
    name: str
    personal: tuple[date, ...]
    birthday: str
    unseen: bool


def parts(seen: Any) -> dict[str, Any]:
    """Work out the part that the plan of the year keeps: the critical few of today, and when each was seen."""
    ring = seen.rings.get(seen.desk.today.year)
    days = seen.past.days
    kept = []
    for place in ring.critical if ring else ():
        face, word = seen.face(place), seen.words.get(seen.people[place])
        if face.died or (word and word.state):
            continue
        mine = (days.person == place) & days.personal & (days.day > seen.past.today - 366)
        personal = tuple(date(1970, 1, 1) + timedelta(day) for day in days.day[mine].tolist())
        kept.append(KeptFew(face.id, face.name, personal, face.birthday, bool(word and word.unseen)))
    return {"few": kept}


@operation(Effect.READ)
def ahead(desk: Desk, minutes: int | None = None, limit: int | None = None) -> Week:
    """Say what each of the next seven days offers, within your minutes, as if each day's suggestions were done.

    Nobody stands in it twice; `minutes` and `limit` are those of one day. With one act that leads outward.
    """
    refresh(desk)
    # What was offered is noted when a day is looked at, and is no decision.
    offered = checksum(decisions.nudges(desk.database, "", desk.today.isoformat()))
    return keep(desk, f"week {minutes} {limit} {offered}", Week, lambda: _ahead(desk, minutes, limit))


def _ahead(desk: Desk, minutes: int | None, limit: int | None) -> Week:
    from amity.app.day import away_of, grounds, quiet_of, silent_of
    from amity.plan.today import learnt
    from amity.plan.week import plan_week

    ours = desk.settings.minutes if minutes is None else minutes
    most = desk.settings.suggestions if limit is None else limit
    ground = grounds(desk)
    days = plan_week(
        *ground,
        belief=learnt(ground.candidates, desk.today),
        today=desk.today,
        minutes=ours,
        limit=most,
        rest_days=desk.settings.rest_days,
        silent=silent_of(desk),
        quiet=quiet_of(desk),
        away=away_of(desk),
    )
    lines = tuple(
        DayLine(
            day.on,
            tuple(Offer(Named(one.person, one.name), one.trigger, one.act, one.minutes) for one in day.suggestions),
        )
        for day in days
    )
    there = {offer.person.id for line in lines for offer in line.offers}
    acts = [act for act in portfolio.show(desk).acts if act.kind in CHANCE and act.person.id not in there]
    return Week(desk.today, ours, lines, acts[0] if acts else None)


@operation(Effect.READ)
def year(desk: Desk) -> Year:
    """Say in which weeks of the next year to see each of the critical few, in person, by call or by a real letter."""
    from amity.app.day import quiet_of
    from amity.plan.year import WEEK, YEAR, Few, plan_year

    kept = part(desk, "few", list[KeptFew])
    few = [Few(f"p{one.id}", one.name, one.personal, one.birthday, one.unseen, _worth(desk, one)) for one in kept]
    quiet = quiet_of(desk)
    seeings = plan_year(few, desk.today, lambda monday: all(quiet(monday + timedelta(day)) for day in range(WEEK)))
    return Year(
        desk.today,
        desk.today + min(timedelta(YEAR), date.max - desk.today),
        tuple(
            FewLine(Named(one.person, one.name), one.personal, sum(s.person == one.person for s in seeings), one.unseen)
            for one in few
        ),
        tuple(SeeingLine(one.week, Named(one.person, one.name), one.why) for one in seeings),
    )


def _worth(desk: Desk, one: KeptFew) -> float:
    """Return what seeing one of the critical few is worth beside the others."""
    from amity.plan.today import worth_of

    listed = search.person(desk.database, one.id)
    return worth_of("critical", listed.tie.strength if listed and listed.tie else 0.0)


@operation(Effect.READ)
def digest(desk: Desk) -> Digest:
    """Put the day, the week, the journeys ahead and whom of the critical few to see soon on one page."""
    soon = desk.today + min(SOON, date.max - desk.today)
    seeings = tuple(one for one in year(desk).seeings if one.week <= soon)
    return Digest(plan.today(desk), ahead(desk), journeys.list_(desk), seeings)
