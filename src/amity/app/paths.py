"""Warm paths: who can introduce the owner to a person, into an organisation, or to people of some description."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from unicodedata import combining, normalize

import msgspec
import numpy as np

from amity.app.acquaintances import SEEN, pull, said_of
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.fields import unanalysed, without_private
from amity.app.freshness import refresh, remember
from amity.app.operation import Effect, operation
from amity.app.people import Named, WayIn, identify
from amity.app.together import SHOWN, YOU, Shown, Two, show_together
from amity.errors import AmityError, Code
from amity.handles import domain, person_number
from amity.handles import handle as spell
from amity.insight import paths as insight
from amity.insight.bands import band
from amity.insight.matches import kindred
from amity.insight.paths import PENALTIES, Ego, Network, Path, Rule, stand, weave, willingness
from amity.language import label, plain_day, say, say_many
from amity.ledger.acquaintances import Acquaintances
from amity.ledger.entries import ME, REST, THEM, Entry, connectors
from amity.ledger.strands import ENTRY, WAY
from amity.model import Position, Reason
from amity.people.positions import Held, Sighting, follow
from amity.store import acquaintances as store
from amity.store import derived, evidence, search
from amity.store.acquaintances import Described

LIMIT = 5
MOST = 50
RULE = Rule.WEAKEST
LEFT = 0.7  # of the last step, where somebody has left the organisation that is looked for
DAY = 86_400
NEAR = 3  # people named as the nearest ground
CROWD = 50  # people; an address in a domain of more than these says nothing of who works together
FAVOUR = {"critical": 1, "close": 2, "many": 3}  # after those whom a card files under one of these categories
DEAR = frozenset(
    ["family", "friend", "friends", "relative", "relatives", "familie", "freund", "freunde", "freundin", "verwandte"]
)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


class Step(msgspec.Struct, frozen=True, rename={"giver": "from", "giver_id": "from_id"}):
    """One step of a path, from one person to the next."""

    giver: str  # a name, or "you"
    to: str
    giver_id: str  # "" for the owner
    to_id: str
    strength: float  # 0 to 1
    first: date
    last: date
    evidence: tuple[Shown, ...]


class WarmPath(msgspec.Struct, frozen=True):
    """One way to the target, with its figures."""

    warmth: float  # 0 to 1
    steps: tuple[Step, ...]
    because: tuple[Reason, ...]


class Ground(msgspec.Struct, frozen=True):
    """Somebody whom the owner knows and who stands near a target that no path leads to."""

    id: str
    name: str
    strength: float  # of the tie, 0 to 1
    why: str


class Paths(msgspec.Struct, frozen=True):
    """The warmest ways to a target, the best first, each beginning with somebody else."""

    target: str
    kind: str  # "person" | "organisation" | "description"
    people: int  # who are the target
    paths: tuple[WarmPath, ...]
    direct: bool  # the owner has a tie with the target already
    searched: int  # people whom the owner knows, or who are seen to know somebody
    ground: tuple[Ground, ...]  # where there is no path: who is nearest
    notes: tuple[str, ...]


class _Target(NamedTuple):
    """Who is meant, how much of the last step counts for each, and why they are meant."""

    name: str
    kind: str
    aim: Mapping[int, float]
    why: Mapping[int, Reason]
    notes: tuple[str, ...] = ()
    near: Mapping[int, str] = {}  # of a description, who fits one half of it, and how


class _Favours(NamedTuple):
    """What somebody was asked for, and did, lately; and how many introductions still wait for thanks."""

    asked: int = 0
    introduced: int = 0
    unthanked: int = 0

    @property
    def words(self) -> str:
        """Say them in a few words."""
        told = (
            say("asked {asked}×", asked=self.asked) if self.asked else "",
            say("introduced {introduced}×", introduced=self.introduced) if self.introduced else "",
            say("{unthanked} not thanked", unthanked=self.unthanked) if self.unthanked else "",
        )
        return ", ".join(filter(None, told))


class _World(NamedTuple):
    """What a search runs over."""

    people: insight.Ints
    known: Acquaintances
    network: Network
    ego: Ego
    ties: Sequence[store.ContactRow]  # beside `ego.contacts`
    favours: Sequence[_Favours]  # beside `ego.contacts`


@operation(Effect.READ)
def find(desk: Desk, target: str = "", limit: int = LIMIT, field: str = "", place: str = "") -> Paths:
    """Find the warmest paths, of up to three steps, to a person, into an organisation, or to people of a description.

    `field` and `place` are words of what people do and where they live; with a target they choose among the people of
    an organisation. Raises AmityError NOT_FOUND where nobody is known by that.
    """
    world = _world(desk)
    people = world.people
    aim = _aim(desk, target, field, place)
    sought = np.array(sorted(aim.aim), np.int64)
    targets = np.searchsorted(people, sought)
    share = np.array([aim.aim[person] for person in sought.tolist()])
    found = insight.search(world.network, world.ego, targets, share, min(limit, MOST))
    held = set(people[world.ego.contacts].tolist())
    return Paths(
        target=aim.name,
        kind=aim.kind,
        people=len(aim.aim),
        paths=tuple(_told(desk, world, aim, found)),
        direct=not held.isdisjoint(aim.aim),
        searched=len(np.union1d(world.ego.contacts, np.flatnonzero(np.diff(world.network.start)))),
        ground=() if found else tuple(_ground(desk, world, aim)),
        notes=(*aim.notes, say(SEEN)),
    )


def first_steps(desk: Desk, targets: Iterable[int]) -> dict[int, tuple[str, float]]:
    """Return for some persons who stands first on the warmest way over others to each, by name, and how warm it is."""
    world = _world(desk)
    first: dict[int, tuple[int, float]] = {}
    for person in targets:
        if over := _over_others(world, person, 1):
            first[person] = int(world.people[over[0].people[0]]), over[0].warmth
    names = _names(desk, {introducer for introducer, _ in first.values()})
    return {person: (names[introducer], warmth) for person, (introducer, warmth) in first.items()}


def ways_in(desk: Desk, person: int) -> tuple[WayIn, ...]:
    """Return the warmest few ways to one person over others, the warmest first."""
    world = _world(desk)
    found = _over_others(world, person, SHOWN)
    names = _names(desk, {int(world.people[place]) for path in found for place in path.people})
    ways = []
    for path in found:
        over = tuple(
            Named(f"p{number}", names[number]) for number in (int(world.people[place]) for place in path.people[:-1])
        )
        row = world.known.row(*path.people[-2:])
        last = "" if row is None else say(", last {day}", day=plain_day(desk.day(int(world.known.last[row]))))
        ways.append(
            WayIn(
                over,
                round(path.warmth, 2),
                say("{name} is seen with {other}{last}", name=over[-1].name, other=names[person], last=last),
            )
        )
    return tuple(ways)


def _over_others(world: _World, person: int, most: int) -> list[Path]:
    """Return the warmest paths to a person that lead over others."""
    place = int(np.searchsorted(world.people, person))
    if place == len(world.people) or int(world.people[place]) != person:
        return []
    found = insight.search(world.network, world.ego, np.array([place]), np.array([1.0]), most + 1)
    return [path for path in found if len(path.people) > 1][:most]


def _world(desk: Desk) -> _World:
    """Weave the network, without the dead, and place the owner beside it."""
    refresh(desk)
    return remember(desk, "who knows whom", lambda: _woven(desk))


def _woven(desk: Desk) -> _World:
    people, known = pull(desk)
    database = desk.database
    alive = ~np.isin(people, np.array(store.dead(database), np.int64))
    both = alive[known.a] & alive[known.b]
    network = weave(len(people), known.a[both], known.b[both], known.strength[both])
    rows = store.contacts(database)
    places = np.searchsorted(people, np.array([row.person for row in rows], np.int64))
    ties = [row for row, lives in zip(rows, alive[places].tolist(), strict=True) if lives]
    counted = _favours(desk, entries_of(desk))
    favours = [counted.get(row.person, _Favours()) for row in ties]
    will = willingness(
        np.array([row.reciprocity for row in ties], np.float64),
        (desk.end - np.array([row.last for row in ties], np.float64)) / DAY,
        np.array([sum(one) for one in favours], np.int64),
    )
    strength = np.array([row.strength / 100 for row in ties], np.float64)
    favour = np.array([0 if _is_dear(row.about) else FAVOUR.get(row.segment, 4) for row in ties], np.int64)
    ego = stand(network, places[alive[places]].astype(np.int64), strength, will, favour, RULE)
    return _World(people, known, network, ego, ties, favours)


@lru_cache(maxsize=10_000)
def _is_dear(categories: str) -> bool:
    """Tell whether the categories of somebody's cards call them family or a friend; many have the same."""
    return not DEAR.isdisjoint(_told_words(categories))


def _favours(desk: Desk, entries: Sequence[Entry]) -> dict[int, _Favours]:
    """Count what the owner has asked of whom lately, and what waits for thanks."""
    database = desk.database
    asked = Counter(
        int(entry.people[0][1:])
        for entry in entries
        if entry.kind == "ask" and entry.by == ME and entry.people and entry.people[0] and entry.on > desk.today - REST
    )
    made: Counter[int] = Counter()
    unthanked: Counter[int] = Counter()
    for care in connectors(entries, desk.today):
        if care.person:
            unthanked[int(care.person[1:])] = care.introductions - care.thanked
    for entry in entries:
        if entry.kind == "introduction" and entry.by == THEM and entry.people and entry.people[0]:
            made[int(entry.people[0][1:])] += entry.on > desk.today - REST
    # What bodies show may have been noted as well: the greater count stands.
    found = evidence.findings(database, evidence.withdrawn(database), desk.end, kind="introduction")
    seen: Counter[int] = Counter()
    for handle, times in Counter(one.by for one in found if one.at >= desk.end - REST.days * DAY).items():
        person = search.person_of(database, handle)
        if person is not None:
            seen[person] += times
    people = asked.keys() | made.keys() | unthanked.keys() | seen.keys()
    return {who: _Favours(asked[who], max(made[who], seen[who]), unthanked[who]) for who in people}


# --- who is meant ----------------------------------------------------------------------------------------------------


def _aim(desk: Desk, text: str, field: str, place: str) -> _Target:
    """Find out who is meant: a person by id, address or whole name, an organisation, or somebody by part of a name."""
    described = _described(desk, field, place) if field.strip() or place.strip() else None
    if not text.strip():
        if described is None:
            raise AmityError(
                Code.USAGE,
                say("Nobody is named."),
                say("Say a person, an address, an organisation, or --field and --place."),
            )
        return described
    meant = None if _is_person(desk, text) else _organisation(desk, text) or _domain(desk, text)
    if meant is None:
        if described is not None:
            raise AmityError(
                Code.USAGE,
                say("{text!r} is no organisation that is known.", text=text),
                say("--field and --place choose among people."),
            )
        return _person(desk, identify(desk, text))
    if described is None:
        return meant
    both = {person: aim for person, aim in meant.aim.items() if person in described.aim}
    if not both:
        raise AmityError(
            Code.NOT_FOUND,
            say("Nobody at {organisation} is known for {field}.", organisation=meant.name, field=described.name),
            "",
        )
    return _Target(f"{meant.name}: {described.name}", "organisation", both, meant.why)


def _is_person(desk: Desk, text: str) -> bool:
    database = desk.database
    if person_number(text) is not None or search.person_of(database, spell(text)) is not None:
        return True
    named = search.find(database, text, 50, kinds=("person", "role", "robot", "list", "me"))
    return any(one.person.name.casefold() == text.strip().casefold() for one in named)


def _person(desk: Desk, who: int) -> _Target:
    listed = search.person(desk.database, who)
    if listed is None:
        raise AmityError(Code.NOT_FOUND, say("Nobody is known as p{who}.", who=who))
    name, kind = listed.person.name, listed.person.kind
    if kind == "me":
        raise AmityError(Code.USAGE, say("{name} is you.", name=name), say("Say whom you want to reach."))
    if kind != "person":
        raise AmityError(
            Code.NOT_FOUND,
            say("{name} is set aside as a {kind}: no path leads to a machine.", name=name, kind=label("machine", kind)),
            say("`amity machines --person p{person}` corrects that.", person=listed.person.id),
        )
    died = listed.person.body["died"]
    notes = (say("{name} died in {year}.", name=name, year=died[:4]),) if died else ()
    if listed.person.id in unanalysed(desk.database, desk.today.isoformat()):
        notes = (*notes, say("{name} is not analysed, as you asked.", name=name))
    return _Target(name, "person", {listed.person.id: 1.0}, {}, notes)


def _told_words(text: str) -> list[str]:
    """Return the words of a text without case and accents."""
    bare = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return re.findall(r"\w+", bare.casefold())


def _begins(word: str, wanted: str) -> bool:
    return word.startswith(wanted)


def _means(word: str, wanted: str) -> bool:
    return word.startswith(wanted) or kindred(wanted, word)


def _holds(texts: Iterable[str], wanted: Sequence[str], is_meant: Callable[[str, str], bool] = _begins) -> bool:
    """Tell whether some word of the texts is meant by every wanted word."""
    told = [word for text in texts for word in _told_words(text)]
    return all(any(is_meant(word, one) for word in told) for one in wanted)


def _organisation(desk: Desk, text: str) -> _Target | None:
    """Return the people of an organisation, those who are there before those who left; None where none is known."""
    wanted = _told_words(text)
    if not wanted:
        return None
    named: dict[str, bool] = {}

    def is_meant(organisation: str) -> bool:
        if organisation not in named:
            named[organisation] = set(wanted) <= set(_told_words(organisation))
        return named[organisation]

    names: Counter[str] = Counter()
    aim: dict[int, float] = {}
    why: dict[int, Reason] = {}
    for person, held in _careers(desk, is_meant).items():
        for rank, one in enumerate(held):
            organisation, title = one.position.organisation, one.position.title
            if not is_meant(organisation):
                continue
            names[organisation] += 1
            if person not in aim:
                since = f"{one.source}, {plain_day(desk.day(one.last))}"
                role = f" ({title})" if title else ""
                aim[person] = LEFT if rank else 1.0
                at = say("is at {organisation}", organisation=organisation)
                if rank:
                    at = say("was at {organisation}", organisation=organisation)
                why[person] = Reason(at + role, since, aim[person])
    living = set(derived.person_ids(desk.database, aim)).difference(store.dead(desk.database))
    aim = {person: share for person, share in aim.items() if person in living}
    return _Target(names.most_common(1)[0][0], "organisation", aim, why) if aim else None


def _domain(desk: Desk, text: str) -> _Target | None:
    """Return the people who have an address at a mail domain; None where the text is none, or nobody has."""
    name = domain(text)
    if not _DOMAIN.fullmatch(name):
        return None
    living = set(store.at_domain(desk.database, name)).difference(store.dead(desk.database))
    why = {person: Reason(say("writes from {name}", name=name), say("their address"), 1.0) for person in living}
    return _Target(name, "organisation", dict.fromkeys(living, 1.0), why) if living else None


def _careers(desk: Desk, is_meant: Callable[[str], bool]) -> dict[int, list[Held]]:
    """Return the positions of everybody who ever held one that is meant, the newest first."""
    database = desk.database
    hidden = evidence.withdrawn(database)
    told = [(row.person, row) for row in store.positions(database, desk.end, hidden)]
    sightings: dict[int, list[Sighting]] = {person: [] for person, row in told if is_meant(row.organisation)}
    signed = evidence.findings(database, hidden, desk.end, kind="signature")
    meant = {found.by for found in signed if is_meant(found.values.get("organisation", ""))}
    behind = {handle: search.person_of(database, handle) for handle in meant}
    sightings.update((person, []) for person in behind.values() if person is not None)
    for person, row in told:
        if person in sightings:
            sightings[person].append(Sighting(row.at, Position(row.organisation, row.title), row.source))
    for found in signed:
        signer = behind.get(found.by)
        if signer is not None:
            position = Position(found.values.get("organisation", ""), found.values.get("title", ""))
            sightings[signer].append(Sighting(found.at, position, "signature"))
    return {person: follow(seen)[0] for person, seen in sightings.items()}


def _described(desk: Desk, field: str, place: str) -> _Target:
    """Return the people whose cards hold the words of a field and of a place.

    Where nobody's do, words that mean much the same as those of the field serve too.
    """
    name = " in ".join(filter(None, (field.strip(), place.strip())))
    rows = without_private(desk.database, desk.today.isoformat(), store.described(desk.database))
    living = [one for one in rows if not one.died]
    for is_meant in (_begins, _means):
        fitting = _fitting(living, _told_words(field), _told_words(place), is_meant)
        if any(whole for _, whole in fitting.values()):
            break
    if not fitting:
        raise AmityError(
            Code.NOT_FOUND,
            say("Nobody is known for {name!r}.", name=name),
            say("Cards have titles, categories, notes and addresses."),
        )
    why = {person: Reason(words, say("address book"), 1.0) for person, (words, whole) in fitting.items() if whole}
    near = {person: words for person, (words, whole) in fitting.items() if not whole}
    return _Target(name, "description", dict.fromkeys(why, 1.0), why, near=near)


def _fitting(
    people: Iterable[Described],
    field_words: Sequence[str],
    place_words: Sequence[str],
    is_meant: Callable[[str, str], bool],
) -> dict[int, tuple[str, bool]]:
    """Return who fits the words of a field, of a place or of both, in words, and whether it is all that was asked."""
    found = {}
    for one in people:
        does = (one.title, one.organisation, *one.about, *one.notes)
        lives = (*one.addresses, *one.notes)
        fits, lives_there = _holds(does, field_words, is_meant), _holds(lives, place_words)
        if (fits and field_words) or (lives_there and place_words):
            told = [text for text in does if any(_holds((text,), (word,), is_meant) for word in field_words)]
            lead = say("is known for") if told else say("by their card:")
            told += [text for text in lives if any(_holds((text,), (word,)) for word in place_words)]
            words = f"{lead} {'; '.join(dict.fromkeys(told))[:120]}"
            found[one.person] = words, fits and lives_there
    return found


# --- what is told ----------------------------------------------------------------------------------------------------


def _told(desk: Desk, world: _World, aim: _Target, found: Sequence[Path]) -> list[WarmPath]:
    """Tell each path with names, dated evidence and reasons."""
    ids = [[int(world.people[place]) for place in path.people] for path in found]
    names = _names(desk, {person for path in ids for person in path})
    own = {path[0]: _own_moments(desk, path[0]) for path in ids}
    between = {
        pair: row
        for path in found
        for pair in zip(path.people, path.people[1:], strict=False)
        if (row := world.known.row(*pair)) is not None
    }
    wanted: dict[Two, Iterable[int]] = {(None, first): moments for first, moments in own.items()}
    for (one, other), row in between.items():
        two = int(world.people[one]), int(world.people[other])
        wanted[two] = [int(moment) for moment in world.known.moments[row] if moment]
    shown = show_together(desk, wanted, names)
    said = said_of(desk, {person for path in ids for person in path})

    paths = []
    for path, people in zip(found, ids, strict=True):
        tie = world.ties[int(np.searchsorted(world.ego.contacts, path.people[0]))]
        first = Step(
            YOU,
            names[people[0]],
            "",
            f"p{people[0]}",
            round(tie.strength / 100, 4),
            desk.day(tie.first),
            desk.day(tie.last),
            shown[None, people[0]],
        )
        steps = [first]
        for place, (one, other) in enumerate(zip(path.people, path.people[1:], strict=False)):
            row = between[one, other]
            giver, to = people[place], people[place + 1]
            steps.append(
                Step(
                    names[giver],
                    names[to],
                    f"p{giver}",
                    f"p{to}",
                    round(float(world.known.strength[row]), 4),
                    desk.day(int(world.known.first[row])),
                    desk.day(int(world.known.last[row])),
                    (*said.get(frozenset((giver, to)), ()), *shown[giver, to])[:SHOWN],
                )
            )
        paths.append(WarmPath(round(path.warmth, 2), tuple(steps), tuple(_because(desk, world, aim, path, steps))))
    return paths


def _because(desk: Desk, world: _World, aim: _Target, path: Path, steps: Sequence[Step]) -> list[Reason]:
    """Say why a path is as warm as it is."""
    at = int(np.searchsorted(world.ego.contacts, path.people[0]))
    tie = world.ties[at]
    target = int(world.people[path.people[-1]])
    name = steps[0].to
    silence = (desk.end - tie.last) // DAY
    reasons = [
        Reason(
            say("your tie with {names} is {band}", names=name, band=label("band", band(tie.strength))),
            say("{strength:.0f} of 100", strength=tie.strength),
            path.links[0],
        )
    ]
    if target in aim.why:
        told = aim.why[target]
        reasons.append(Reason(f"{steps[-1].to} {told.reason}", told.figure, told.weight))
    if len(steps) == 1:
        return reasons
    weakest = int(np.argmin(path.links))
    if weakest:
        row = world.known.row(path.people[weakest - 1], path.people[weakest])
        days = 0 if row is None else int(world.known.days[row])
        step = steps[weakest]
        figure = say_many(
            "{n} day together, last {day}", "{n} days together, last {day}", days, day=plain_day(step.last)
        )
        reasons.append(
            Reason(
                say("the weakest step is {giver} to {to}", giver=step.giver, to=step.to), figure, path.links[weakest]
            )
        )
    ago = say("today") if silence < 1 else say("yesterday") if silence < 2 else say("{n} days ago", n=silence)
    figure = say("{reciprocity:.0%} mutual, last contact {ago}", reciprocity=tie.reciprocity, ago=ago)
    reasons.append(Reason(say("how willing {name} may be to introduce you", name=name), figure, path.willing))
    if favours := world.favours[at].words:
        share = insight.LOAD ** sum(world.favours[at])
        reasons.append(
            Reason(say("what you owe {name}", name=name), say("{favours} (in 90 days)", favours=favours), share)
        )
    reasons.append(
        Reason(
            say("{n} steps", n=len(steps)),
            say("counts {share:.1f}", share=PENALTIES[len(steps) - 1]),
            PENALTIES[len(steps) - 1],
        )
    )
    return reasons


def _names(desk: Desk, people: Iterable[int]) -> dict[int, str]:
    return {one.person: one.name for one in store.described(desk.database, people)}


def _own_moments(desk: Desk, person: int) -> list[int]:
    """Return the last few contacts of the owner with somebody, newest first."""
    own = [handle for handle, owner in derived.belongs_to(desk.database, [person]).items() if owner == person]
    bodies = [body for _, body in derived.strands(desk.database, own)]
    entries = np.frombuffer(b"".join(bodies), ENTRY)
    entries = entries[((entries["flags"] & WAY) != 0) & (entries["at"] < desk.end)]
    newest = entries["moment"][np.argsort(-entries["at"], kind="stable")]
    return list(dict.fromkeys(newest[: SHOWN * 4].tolist()))[:SHOWN]


# --- where there is no path ------------------------------------------------------------------------------------------


def _ground(desk: Desk, world: _World, aim: _Target) -> list[Ground]:
    """Name whom the owner knows that shares an organisation, a mail domain, a place or a field with the target."""
    database = desk.database
    if not aim.aim:
        fitting = sorted((-row.strength, row.person) for row in world.ties if row.person in aim.near)[:NEAR]
        names = _names(desk, [person for _, person in fitting])
        return [Ground(f"p{one}", names[one], round(-weaker / 100, 4), aim.near[one]) for weaker, one in fitting]
    day = desk.today.isoformat()
    targets = list(without_private(database, day, store.described(database, aim.aim)))
    domains = _domains(desk, aim.aim)
    ties = {row.person: row for row in world.ties if row.person not in aim.aim}
    owner_domains = _domains(desk, ties)
    crowd = Counter(one for held in owner_domains.values() for one in held)
    sought = {one for held in domains.values() for one in held if crowd[one] <= CROWD}
    near = []
    for one in without_private(database, day, store.described(database, ties)):
        common = next(iter(_shared(one, targets, owner_domains.get(one.person, set()) & sought)), None)
        if common is not None:
            rank, why = common
            near.append((rank, -ties[one.person].strength, one.person, one.name, why))
    return [
        Ground(f"p{person}", name, round(-weaker / 100, 4), why) for _, weaker, person, name, why in sorted(near)[:NEAR]
    ]


def _domains(desk: Desk, people: Iterable[int]) -> dict[int, set[str]]:
    held = search.handles_of(desk.database, people)
    return {
        person: {handle.value.rpartition("@")[2] for _, handle in handles if handle.kind == "email"}
        for person, handles in held.items()
    }


def _parts(addresses: Iterable[str]) -> dict[str, str]:
    """Return the parts of postal addresses that may be places, by their plain spelling."""
    parts = (part.strip() for address in addresses for part in re.split(r"[,;\n]", address))
    return {" ".join(_told_words(part)): part for part in parts if len(part) > 2 and not re.search(r"\d", part)}


def _shared(one: Described, targets: Sequence[Described], domains: Iterable[str]) -> Iterable[tuple[int, str]]:
    """Yield what somebody shares with a target, what says most first."""
    for other in targets:
        if one.organisation and _told_words(one.organisation) == _told_words(other.organisation):
            yield 0, say("is at {organisation}, as {other} is", organisation=one.organisation, other=other.name)
    for name in sorted(domains):
        yield 1, say("writes from {name}, as they do", name=name)
    for other in targets:
        for plain_place in sorted(_parts(one.addresses).keys() & _parts(other.addresses).keys()):
            yield (
                2,
                say("lives in {place}, as {other} does", place=_parts(one.addresses)[plain_place], other=other.name),
            )
    for other in targets:
        for word in sorted(set(one.about) & set(other.about)):
            yield 3, say("is known for {word}, as {other} is", word=word, other=other.name)
