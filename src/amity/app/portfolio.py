"""The portfolio: how steady, concentrated and diverse contact is, which roles rest on one, what would balance it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app.desk import EPOCH, Desk
from amity.app.hindsight import Hindsight, part
from amity.app.operation import Effect, operation
from amity.app.people import Named
from amity.language import mark, say
from amity.plan.balance import Chance, choose, contribution
from amity.store import acquaintances as cards

TRUST_DAYS = 8  # contact days that make past trust
RARE = 0.02  # of the attention: a field with less is hardly touched
WORLDS = 12
SMALLEST = 3  # people who make a world
THROUGH = 5
STREAM = 9  # people who have a stream of their own


class MonthLine(Struct, frozen=True):
    """What one month held: days on which you wrote or met, and days of any contact, each once a person."""

    year: int
    month: int
    given: int
    contacts: int


class ConcentrationLine(Struct, frozen=True):
    """How a year's contact was spread: the shares of the 5, 15 and 50 people with most, and how many equal parts."""

    year: int
    people: int
    days: int
    top5: float
    top15: float
    top50: float
    even: float


class PartLine(Struct, frozen=True):
    """One part of a dimension."""

    value: str
    share: float
    people: int


class DiversityYear(Struct, frozen=True):
    """One year of a dimension."""

    year: int
    even: float
    unknown: float


class DiversityLine(Struct, frozen=True):
    """How a year's contact was spread over a dimension; of the `unknown` share nothing is said."""

    dimension: str
    definition: str
    year: int
    parts: int
    even: float  # so many equal parts would be as diverse
    unknown: float
    shown: tuple[PartLine, ...]
    years: tuple[DiversityYear, ...]


class RoleLine(Struct, frozen=True):
    """Who fills a role, by your word, and whether it rests on one person."""

    role: str
    alive: tuple[Named, ...]
    others: tuple[Named, ...]
    state: str  # "covered" | "one person" | "empty"


class QualityLine(Struct, frozen=True):
    """What became of all acquaintances so far, in the 365 days up to a year's end."""

    year: int
    mutual: int
    alive: int
    dormant: int


class WorldLine(Struct, frozen=True):
    """A circle of people who know one another, and through whom you are in touch with it."""

    name: str
    people: int
    through: tuple[Named, ...]
    alone: bool  # through one person only: a bridge


class BridgeYear(Struct, frozen=True):
    """Worlds that you came in touch with in a year, and those that you lost."""

    year: int
    reached: int
    single: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


class FriendYear(Struct, frozen=True):
    """How many true friends there were at the end of a year: strong ties, both ways, not asleep."""

    year: int
    friends: int | None  # None where it was too early to say


class BurstLine(Struct, frozen=True):
    """An ask before which contact revived only in the month before."""

    person: Named
    on: date


class StreamLine(Struct, frozen=True):
    """One person's days of contact in each year, oldest first; without an id, those of all others together."""

    person: Named
    days: tuple[int, ...]


class GivingYear(Struct, frozen=True):
    """How often you gave, were given to, and asked in a year, as the ledger holds it."""

    year: int
    gave: int
    got: int
    asked: int


class ActLine(Struct, frozen=True):
    """One thing to do for the balance."""

    kind: str
    person: Named
    act: str
    why: str


class Portfolio(Struct, frozen=True):
    """The whole portfolio as of a day."""

    date: date
    steadiness: float | None
    contribution: str
    months: tuple[MonthLine, ...]
    bursts: tuple[BurstLine, ...]
    concentration: tuple[ConcentrationLine, ...]
    diversity: tuple[DiversityLine, ...]
    roles: tuple[RoleLine, ...]
    quality: tuple[QualityLine, ...]
    never: int  # in an address book, and never in contact with
    worlds: tuple[WorldLine, ...]
    bridges: tuple[BridgeYear, ...]
    friends: tuple[FriendYear, ...]
    friends_aim: int  # how many you wish for; 0 where you do not count
    stream: tuple[StreamLine, ...]  # of the years of `friends`
    giving: tuple[GivingYear, ...]
    acts: tuple[ActLine, ...]


DEFINITIONS = {
    "field": mark("fields of work, as cards and you tell them"),
    "organisation": mark("organisations, which stand for industries: no source tells these"),
    "place": mark("the last part of an address"),
    "generation": mark("decades of birth"),
    "language": mark("languages that you noted"),
    "world": mark("circles of people who know one another, as far as your archive shows it"),
}


@operation(Effect.READ)
def show(desk: Desk) -> Portfolio:
    """Show how your contact is spread over months, people and worlds, which roles rest on one, and what to balance."""
    return replace(part(desk, "portfolio", Portfolio), friends_aim=desk.settings.true_friends)


def parts(seen: Hindsight) -> dict[str, Any]:
    """Work out the part that the portfolio keeps."""
    from amity.insight import portfolio
    from amity.insight.mirror import giving_by_year, is_ask

    past, desk = seen.past, seen.desk
    worlds = _worlds(seen)
    names, groups = [name for name, _ in worlds], [group for _, group in worlds]
    months = portfolio.by_month(past)
    steady = portfolio.steadiness(months)
    attributes = _attributes(seen, groups, names)
    diversity = tuple(
        _diversity(portfolio.diversity(past, dimension, attributes[dimension])) for dimension in portfolio.DIMENSIONS
    )
    reach = portfolio.reach(past, groups)
    asks = [
        (seen.place[int(one.people[0][1:])], one.on.toordinal() - EPOCH)
        for one in seen.entries
        if is_ask(one) and _is_placed(seen, one.people)
    ]
    roles = _roles(seen)
    shown = Portfolio(
        date=desk.today,
        steadiness=None if steady is None else round(steady, 4),
        contribution=contribution(steady, [one.given for one in months[-13:-1]]),
        months=tuple(MonthLine(one.month // 12, one.month % 12 + 1, one.given, one.contacts) for one in months),
        bursts=tuple(
            BurstLine(_named(seen, place), date.fromordinal(on + EPOCH)) for place, on in portfolio.bursts(past, asks)
        ),
        concentration=tuple(
            ConcentrationLine(
                one.year,
                one.people,
                one.days,
                round(one.top[0], 4),
                round(one.top[1], 4),
                round(one.top[2], 4),
                round(one.even, 2),
            )
            for one in portfolio.concentration(past)
        ),
        diversity=diversity,
        roles=roles,
        quality=tuple(QualityLine(*one) for one in portfolio.quality(past)),
        never=_never(seen),
        worlds=tuple(
            WorldLine(
                names[world],
                len(group),
                tuple(_named(seen, place) for place in dict(reach[-1].reached).get(world, ())[:THROUGH]),
                alone=len(dict(reach[-1].reached).get(world, ())) == 1,
            )
            for world, group in list(enumerate(groups))[:WORLDS]
        ),
        bridges=tuple(_bridges(reach, at, names) for at in range(len(reach))) if groups else (),
        friends=tuple(
            FriendYear(year, len(seen.rings[year].friends) if year in seen.rings else None) for year in past.years
        ),
        friends_aim=desk.settings.true_friends,
        stream=_stream(seen),
        giving=tuple(GivingYear(*one) for one in giving_by_year(seen.entries)),
        acts=_acts(seen, attributes["field"], roles, groups, names, dict(reach[-1].reached)),
    )
    return {"portfolio": shown}


def _named(seen: Hindsight, place: int) -> Named:
    face = seen.face(place)
    return Named(f"p{face.id}", face.name)


def _stream(seen: Hindsight) -> tuple[StreamLine, ...]:
    """Return the days of contact by year with those whom the owner was nearest to in some year, and with all others."""
    import numpy as np

    days, years = seen.past.days, seen.past.years
    width = len(years)
    column = days.year - years.start
    whole = np.bincount(column, minlength=width)
    cell, count = np.unique(days.person * width + column, return_counts=True)
    share = count / np.maximum(whole[cell % width], 1)
    best: dict[int, float] = {}
    for place, part_of in zip((cell // width).tolist(), share.tolist(), strict=True):
        best[place] = max(best.get(place, 0.0), part_of)
    total = np.bincount(days.person, minlength=seen.past.people)
    # Whoever filled most of some year, weighted with all their days, so that one busy month makes no friend.
    ranked = sorted(best, key=lambda place: (-best[place] * int(total[place]) ** 0.5, place))[:STREAM]
    lines = []
    rest = whole.copy()
    for place in ranked:
        own = np.bincount(column[days.person == place], minlength=width)
        rest -= own
        lines.append(StreamLine(_named(seen, place), tuple(own.tolist())))
    return (*lines, StreamLine(Named("", say("everybody else")), tuple(rest.tolist())))


def _is_placed(seen: Hindsight, people: Sequence[str]) -> bool:
    return bool(people and people[0] and int(people[0][1:]) in seen.place)


def _worlds(seen: Hindsight) -> list[tuple[str, list[int]]]:
    """Return those whom the owner has a tie with, by the worlds that their people form, the largest first."""
    import numpy as np

    from amity.app.worlds import worlds_of

    tied = set(np.unique(seen.past.days.person).tolist())
    groups = [
        (name, [seen.place[person] for person in people if seen.place.get(person) in tied])
        for name, people in worlds_of(seen.desk)
    ]
    return sorted((one for one in groups if len(one[1]) >= SMALLEST), key=lambda one: (-len(one[1]), one[1][0]))


def _attributes(
    seen: Hindsight, groups: Sequence[Sequence[int]], names: Sequence[str]
) -> dict[str, Mapping[int, Sequence[str]]]:
    """Return for each dimension the parts that people belong to, by place."""
    faces = {place: seen.face(place) for place in range(len(seen.people)) if seen.people[place] in seen.faces}
    place: dict[int, list[str]] = {}
    for one in cards.described(seen.desk.database):
        at = seen.place.get(one.person)
        if at is not None and (found := [last for text in one.addresses if (last := _last_part(text))]):
            place[at] = found
    for at, facts in seen.facts(("place",)).items():
        place[at] = [last for fact in facts if (last := _last_part(fact.value))]
    return {
        "field": {at: face.about for at, face in faces.items() if face.about},
        "organisation": {at: (face.organisation,) for at, face in faces.items() if face.organisation},
        "place": place,
        "generation": {
            at: (say("{decade}s", decade=f"{face.birthday[:3]}0"),)
            for at, face in faces.items()
            if face.birthday[:4].isdigit()
        },
        "language": {at: [fact.value for fact in facts] for at, facts in seen.facts(("language",)).items()},
        "world": {at: (name,) for name, group in zip(names, groups, strict=True) for at in group},
    }


def _last_part(address: str) -> str:
    """Return the last part of an address that names something: a country, or a town where it stands alone."""
    named = [part.strip() for part in address.split(",") if any(sign.isalpha() for sign in part)]
    return named[-1] if named else ""


def _diversity(years: Sequence[Any]) -> DiversityLine:
    last = years[-1]
    return DiversityLine(
        last.dimension,
        say(DEFINITIONS[last.dimension]),
        last.year,
        last.parts,
        round(last.even, 2),
        round(last.unknown, 4),
        tuple(PartLine(one.value, round(one.share, 4), one.people) for one in last.shown),
        tuple(DiversityYear(one.year, round(one.even, 2), round(one.unknown, 4)) for one in years),
    )


def _roles(seen: Hindsight) -> tuple[RoleLine, ...]:
    from amity.insight.mirror import ROLES
    from amity.insight.portfolio import YEAR, both_ways

    today = seen.past.today
    _, mutual = both_ways(seen.past, today - YEAR + 1, today)
    lines = []
    for role in ROLES:
        bearing = sorted(
            seen.place[one] for one, word in seen.words.items() if role in word.roles and one in seen.place
        )
        alive = [place for place in bearing if mutual[place]]
        state = "empty" if not alive else "one person" if len(alive) == 1 else "covered"
        lines.append(
            RoleLine(
                role,
                tuple(_named(seen, place) for place in alive),
                tuple(_named(seen, place) for place in bearing if not mutual[place]),
                state,
            )
        )
    return tuple(lines)


def _never(seen: Hindsight) -> int:
    """Count those whom an address book names and who were never in contact with the owner."""
    touched = set(seen.past.days.person.tolist())
    carded = cards.carded(seen.desk.database)
    return sum(1 for person in carded if person in seen.place and seen.place[person] not in touched)


def _bridges(reach: Sequence[Any], at: int, names: Sequence[str]) -> BridgeYear:
    from amity.insight.portfolio import bridges

    single, gained, lost = bridges(reach[at - 1] if at else None, reach[at])
    return BridgeYear(
        reach[at].year,
        len(reach[at].reached),
        len(single),
        tuple(names[world] for world in gained),
        tuple(names[world] for world in lost),
    )


def _acts(
    seen: Hindsight,
    fields: Mapping[int, Sequence[str]],
    roles: Sequence[RoleLine],
    groups: Sequence[Sequence[int]],
    names: Sequence[str],
    reached: Mapping[int, Sequence[int]],
) -> tuple[ActLine, ...]:
    chances = [*_unmet(seen), *_others(seen, fields)]
    for role in roles:
        if role.state == "one person" and not _is_gone(seen, seen.place[int(role.alive[0].id[1:])]):
            one = role.alive[0]
            chances.append(Chance("single_role", int(one.id[1:]), one.name, 1.0, role.role))
    for world, places in reached.items():
        if len(places) == 1 and not _is_gone(seen, places[0]):
            face = seen.face(places[0])
            chances.append(Chance("bridge", face.id, face.name, float(len(groups[world])), names[world]))
    return tuple(
        ActLine(act.kind, Named(f"p{act.person}", seen.faces[act.person].name), act.act, act.why)
        for act in choose(chances)
        if act.person in seen.faces
    )


def _is_gone(seen: Hindsight, place: int) -> bool:
    """Tell whether somebody died, or the owner said that it ended."""
    word = seen.words.get(seen.people[place])
    return bool(seen.face(place).died or (word and word.state))


def _unmet(seen: Hindsight) -> list[Chance]:
    from amity.insight.mirror import TWICE
    from amity.insight.portfolio import YEAR

    ring = seen.rings.get(seen.desk.today.year)
    days = seen.past.days
    lately = days.day > seen.past.today - YEAR
    chances = []
    for place in ring.critical if ring else ():
        met = int((lately & days.personal & (days.person == place)).sum())
        if met < TWICE and not _is_gone(seen, place):
            face = seen.face(place)
            chances.append(Chance("unmet", face.id, face.name, float(TWICE - met)))
    return chances


def _others(seen: Hindsight, fields: Mapping[int, Sequence[str]]) -> list[Chance]:
    """Return dormant ties of past trust, and apart from them those in a field that is hardly touched now."""
    import numpy as np

    from amity.insight.past import year_of
    from amity.insight.portfolio import YEAR, both_ways

    past = seen.past
    touched, _ = both_ways(past, past.today - YEAR + 1, past.today)
    _, ever = both_ways(past, -(1 << 40), past.today)
    total = np.bincount(past.days.person, minlength=past.people)
    last = np.full(past.people, -(1 << 40), np.int64)
    np.maximum.at(last, past.days.person, past.days.day)
    attention: Counter[str] = Counter()
    for place in past.days.person[past.days.day > past.today - YEAR].tolist():
        attention.update(word.casefold() for word in fields.get(place, ()))
    whole = max(sum(attention.values()), 1)
    chances = []
    for place in np.flatnonzero(ever & ~touched & (total >= TRUST_DAYS)).tolist():
        if _is_gone(seen, place):
            continue
        face, since = seen.face(place), year_of(int(last[place]))
        born = int(face.birthday[:4]) if face.birthday[:4].isdigit() else seen.desk.today.year
        if seen.desk.today.year - born > OLDEST:
            continue
        chances.append(Chance("dormant", face.id, face.name, float(total[place]), since=since))
        rare = [word for word in fields.get(place, ()) if attention[word.casefold()] / whole < RARE]
        if rare:
            chances.append(Chance("other_field", face.id, face.name, float(total[place]), rare[0], since))
    return chances


OLDEST = 105  # years after which a birthday in an address book is that of somebody long dead
