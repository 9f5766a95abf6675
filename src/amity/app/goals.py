"""Goals: what the owner wants to reach by a day, who matters to it, how ready it is, and whom to tell quietly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from amity.app import portfolio
from amity.app.contacts import contacts_of
from amity.app.days import DAY, DAY_OR_NONE, named_day
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.fields import AGENDA, told_of_all
from amity.app.freshness import refresh
from amity.app.identity import numbers
from amity.app.known import is_stale
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Named, Unknown, identify, named
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.handles import parse
from amity.insight.words import STATES
from amity.language import label, noted, say
from amity.ledger.entries import ME, THEM, Entry, is_given, loops
from amity.model import Handle, Reason
from amity.plan.goals import (
    ASKED,
    AWARE,
    LEAD_DAYS,
    STAGES,
    UNKNOWN,
    Listener,
    Readiness,
    Standing,
    Target,
    is_true_friend,
    readiness,
    stage,
    whispers,
)
from amity.plan.pacing import Beat, Pace, Rhythm, Rules, pace, rhythm
from amity.plan.today import Waiting
from amity.plan.words import GOAL
from amity.store import decisions, derived, search

LONGEST_NAME = 200  # characters
KINDS = ("goal", "goal_said", "target", "target_said")
OUTCOMES = ("open", "reached", "missed", "dropped")
NEEDS = ("introductions", "readers", "customers", "advice")  # the usual ones; others may be said
HEARD = 400  # of the strongest ties, weighed for the whisper list
NEWEST = 200  # contacts that pacing looks back on, of each address
TEN = 10  # years ago, with which the count of friends is compared
STEP_AHEAD = timedelta(days=14)  # in which a step is near
WAYS = 10  # targets out of touch to whom a way is looked for


class PaceLine(Struct, frozen=True):
    """What is in its time with one person, and why."""

    person: Named
    may_write: bool
    may_ask: bool
    until: date | None
    usual_reply_days: int | None
    because: tuple[Reason, ...]


class TargetLine(Struct, frozen=True):
    """One target, with its stage, whether they would answer, what they care about and what was given."""

    person: Named
    needs: tuple[str, ...]
    stage: str
    would_answer: str  # "today" | "after_giving" | "missing"
    because: tuple[Reason, ...]
    way: str  # who could introduce the owner
    agenda: tuple[str, ...]
    given: tuple[str, ...]
    next: str  # the next step
    by: date | None
    pace: PaceLine


class StepLine(Struct, frozen=True):
    """What to do for whom by when."""

    by: date
    person: Named
    stage: str  # that it leads to
    words: str
    late: bool


class WhisperLine(Struct, frozen=True):
    """Somebody to tell quietly."""

    person: Named
    weight: float
    first: str  # what to do before telling them
    because: tuple[Reason, ...]


class GoalLine(Struct, frozen=True):
    """One goal, how ready it is, and, where it is asked for alone, targets, steps and the whisper list."""

    id: str
    name: str
    on: date
    why: str
    needs: tuple[str, ...]
    state: str
    outcome: str
    days_left: int
    lead_days: int
    too_late: bool
    verdict: str
    today: int  # targets who would answer today
    after_giving: int
    missing: int
    short_list: tuple[Named, ...]
    unmet: tuple[str, ...]  # needs that nobody would meet today
    warnings: tuple[str, ...]
    true_friends: int
    friends_aim: int
    targets: tuple[TargetLine, ...] = ()
    steps: tuple[StepLine, ...] = ()
    too_late_for: tuple[Named, ...] = ()
    whispers: tuple[WhisperLine, ...] = ()


class FriendsLine(Struct, frozen=True):
    """How many true friends there are, and were at the end of each year, toward what the owner wishes for."""

    today: int
    aim: int  # 0 where none is set
    years: tuple[portfolio.FriendYear, ...]
    words: str


class _Aim(NamedTuple):
    decision: int
    person: str  # "" where nobody has the handles
    name: str
    needs: tuple[str, ...]
    stage: str


class _Goal(Struct):
    id: str
    name: str
    on: date
    why: str
    needs: tuple[str, ...]
    lead_days: int
    since: date
    state: str = "open"
    outcome: str = ""
    aims: dict[str, _Aim] = field(default_factory=dict)


class _World(NamedTuple):
    """What goals are judged by, gathered once."""

    entries: Sequence[Entry]
    given: Mapping[str, list[Entry]]
    got: Mapping[str, int]
    asked: Mapping[str, list[date]]
    owed: Mapping[str, tuple[str, ...]]
    gone: Mapping[int, str]


# --- what the owner says ---------------------------------------------------------------------------------------------


@operation(Effect.WRITE, rules={"name": {"maxLength": LONGEST_NAME}, "on": DAY})
def add(
    desk: Desk, name: str, on: str, why: str = "", needs: Sequence[str] = (), lead_days: int = 0, key: str = ""
) -> GoalLine:
    """Set a goal for a day, with why, and what is needed: introductions, readers, customers, advice, or your own words.

    `lead_days` is how long before the day building must begin, where the usual time does not fit. Raises AmityError
    USAGE for a goal without a name, or a day that is none.
    """
    refresh(desk)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise AmityError(
            Code.USAGE, say("A goal has a name."), say('For example `amity goal add "Book launch" --on 2027-05-01`.')
        )
    body = {
        "name": name,
        "on": named_day(on).isoformat(),
        "why": " ".join(why.split()),
        "needs": _needs(needs),
        "lead_days": max(0, lead_days),
    }
    with desk.database.transaction():
        earlier = decisions.repeated(desk.database, key, "goal", body)
        number = (
            earlier.id
            if earlier
            else desk.record(key or decisions.new_key(), "goal", noted("Goal: {name}", name=name), body)
        )
    return _one(desk, f"g{number}")


@operation(
    Effect.WRITE,
    words={"state": ("", *OUTCOMES)},
    rules={"on": DAY_OR_NONE},
    some=("on", "why", "needs", "state", "outcome", "lead_days"),
)
def amend(
    desk: Desk,
    goal: str,
    *,
    on: str = "",
    why: str = "",
    needs: Sequence[str] = (),
    state: str = "",
    outcome: str = "",
    lead_days: int | None = None,
    key: str = "",
) -> GoalLine:
    """Change a goal, or say what became of it: open, reached, missed or dropped, and the outcome.

    Raises AmityError NOT_FOUND for a goal that there is not, USAGE for a state or day that is none.
    """
    refresh(desk)
    chosen = _goal(desk, goal)
    said: dict[str, Any] = {name: " ".join(text.split()) for name, text in (("why", why), ("outcome", outcome)) if text}
    if on:
        said["on"] = named_day(on).isoformat()
    if needs:
        said["needs"] = _needs(needs)
    if lead_days is not None:
        said["lead_days"] = max(0, lead_days)
    if state:
        if state not in OUTCOMES:
            raise AmityError(
                Code.USAGE,
                say("No goal is {state!r}.", state=state),
                say("Say one of: {words}.", words=", ".join(OUTCOMES)),
            )
        said["state"] = state
    if not said:
        raise AmityError(
            Code.USAGE, say("Nothing was said of it."), say("For example `amity goal change g1 --on 2027-06-01`.")
        )
    words = ", ".join(
        f"{label('word on a goal', name)} {value if isinstance(value, (str, int)) else say(' and ').join(value)}"
        for name, value in said.items()
    )
    body = {"goal": chosen.id, "said": said}
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, "goal_said", body):
            desk.record(
                key or decisions.new_key(),
                "goal_said",
                say("Goal {name}: {words}", name=chosen.name, words=words),
                body,
            )
    return _one(desk, chosen.id)


@operation(Effect.WRITE)
def aim(desk: Desk, goal: str, people: Sequence[str], needs: Sequence[str] = (), key: str = "") -> GoalLine:
    """Add people to a goal's targets, each with what they could meet of its needs; somebody unknown goes by the name.

    Raises AmityError NOT_FOUND for a goal that there is not, or a name that several people bear.
    """
    refresh(desk)
    chosen = _goal(desk, goal)
    read = [_who(desk, text) for text in people if text.strip()]
    if not read:
        raise AmityError(Code.USAGE, say("Nobody is named."), say("For example `amity goal aim g1 Ana Bo`."))
    wanted = _needs(needs)
    base = key or decisions.new_key()
    with desk.database.transaction():
        for place, (handles, name, person) in enumerate(read):
            if any(one.person == person if person else one.name == name for one in chosen.aims.values()):
                continue
            body = {"goal": chosen.id, "sides": [pairs(handles)], "name": name, "needs": wanted}
            if not decisions.repeated(desk.database, f"{base}:{place}", "target", {"goal": chosen.id, "name": name}):
                desk.record(
                    f"{base}:{place}", "target", say("{name} matters to {goal}", name=name, goal=chosen.name), body
                )
    return _one(desk, chosen.id)


@operation(Effect.WRITE, words={"stage": ("", *STAGES, "auto")}, some=("stage", "needs", "gone"))
def tell(
    desk: Desk, goal: str, person: str, *, stage: str = "", needs: Sequence[str] = (), gone: bool = False, key: str = ""
) -> GoalLine:
    """Say of a target what no archive shows: its stage ("auto" takes your word back), its needs, or that it is none.

    Raises AmityError NOT_FOUND for a goal or target that there is not, USAGE for a stage that there is not.
    """
    refresh(desk)
    chosen = _goal(desk, goal)
    found = _aim_of(desk, chosen, person)
    said: dict[str, Any] = {}
    if stage:
        if stage not in (*STAGES, "auto"):
            raise AmityError(
                Code.USAGE,
                say("There is no stage {stage!r}.", stage=stage),
                say("Stages: {stages}, or auto.", stages=", ".join(STAGES)),
            )
        said["stage"] = "" if stage == "auto" else stage
    if needs:
        said["needs"] = _needs(needs)
    if gone:
        said["gone"] = True
    if not said:
        raise AmityError(
            Code.USAGE, say("Nothing was said of them."), say("For example --stage {stages}.", stages=STAGES[1])
        )
    body = {"goal": chosen.id, "target": found.decision, "said": said}
    words = (
        say("no target any more")
        if gone
        else ", ".join(f"{label('word on a goal', name)} {value}" for name, value in said.items())
    )
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, "target_said", body):
            desk.record(key or decisions.new_key(), "target_said", f"{found.name}, {chosen.name}: {words}", body)
    return _one(desk, chosen.id)


# --- what is asked ---------------------------------------------------------------------------------------------------


@operation(Effect.READ)
def list_(desk: Desk, goal: str = "") -> tuple[GoalLine, ...]:
    """List the goals, the next first, each with how ready it is; one by name or id with targets, steps and whispers.

    Raises AmityError NOT_FOUND for a goal that there is not.
    """
    refresh(desk)
    if goal:
        return (_one(desk, goal),)
    world = _world(desk)
    friends = _true_friends(desk, world)
    known = sorted(_goals(desk), key=lambda one: (one.state != "open", one.on, int(one.id[1:])))
    return tuple(_line(desk, one, world, friends) for one in known)


@operation(Effect.READ)
def pacing(desk: Desk, person: str) -> PaceLine:
    """Say whether a word, a reminder or an ask to a person is in its time, with every reason."""
    refresh(desk)
    who = identify(desk, person)
    beats = contacts_of(desk, [who], NEWEST).get(who, ())
    return _pace(desk, named(desk, who), rhythm(Beat(*one) for one in beats), _world(desk))


@operation(Effect.READ)
def friends(desk: Desk) -> FriendsLine:
    """Count the true friends today and at the end of each year, toward the number that you wish for.

    A true friend is a strong tie that goes both ways and is not asleep, as far as contact shows it.
    """
    refresh(desk)
    now, aim = _true_friends(desk, _world(desk)), desk.settings.true_friends
    years = portfolio.show(desk).friends
    before = next((one for one in years[::-1] if one.friends is not None and one.year <= desk.today.year - TEN), None)
    grown = say("; {friends} at the end of {year}", friends=before.friends, year=before.year) if before else ""
    wish = say(" of {aim} that you wish for", aim=aim) if aim else ""
    return FriendsLine(now, aim, years, say("{now} true friends today{wish}{grown}", now=now, wish=wish, grown=grown))


def _one(desk: Desk, goal: str) -> GoalLine:
    chosen = _goal(desk, goal)
    world = _world(desk)
    line = _line(desk, chosen, world, _true_friends(desk, world), whole=True)
    heard = whispers(_listeners(desk, world, _words(f"{chosen.name} {chosen.why} {' '.join(chosen.needs)}")))
    told = tuple(WhisperLine(Named(one.person, one.name), one.weight, one.first, one.because) for one in heard)
    return replace(line, whispers=told)


def _line(desk: Desk, goal: _Goal, world: _World, friends: int, *, whole: bool = False) -> GoalLine:
    targets, rhythms = _targets(desk, goal, world, ways=whole)
    lead = goal.lead_days or LEAD_DAYS
    found = readiness(goal.on, goal.needs, targets, desk.today, lead)
    names = {target.person: target.name for target in targets}
    of = {
        name: sum(one.would_answer == name for one in found.standings) for name in ("today", "after_giving", "missing")
    }
    line = GoalLine(
        id=goal.id,
        name=goal.name,
        on=goal.on,
        why=goal.why,
        needs=goal.needs,
        state=goal.state,
        outcome=goal.outcome,
        days_left=found.days_left,
        lead_days=lead,
        too_late=found.days_left < lead,
        verdict=found.verdict
        if goal.state == "open"
        else say("This goal is {state}. {outcome}", state=label("goal", goal.state), outcome=goal.outcome).strip(),
        today=of["today"],
        after_giving=of["after_giving"],
        missing=of["missing"],
        short_list=tuple(_named(person, names) for person in found.short_list),
        unmet=found.missing,
        warnings=found.warnings,
        true_friends=friends,
        friends_aim=desk.settings.true_friends,
    )
    return _whole(desk, line, found, rhythms, world) if whole else line


def _whole(desk: Desk, line: GoalLine, found: Readiness, rhythms: Mapping[str, Rhythm], world: _World) -> GoalLine:
    names = {one.target.person: one.target.name for one in found.standings}
    first: dict[str, StepLine] = {}
    steps = []
    for step in found.steps:
        told = StepLine(step.by, _named(step.person, names), step.stage, step.words, step.late)
        steps.append(told)
        first.setdefault(step.person, told)
    return replace(
        line,
        targets=tuple(_target_line(desk, one, first.get(one.target.person), rhythms, world) for one in found.standings),
        steps=tuple(steps),
        too_late_for=tuple(_named(person, names) for person in found.too_late),
    )


def _target_line(
    desk: Desk, one: Standing, step: StepLine | None, rhythms: Mapping[str, Rhythm], world: _World
) -> TargetLine:
    target = one.target
    who = _named(target.person, {target.person: target.name})
    return TargetLine(
        person=who,
        needs=target.needs,
        stage=one.stage,
        would_answer=one.would_answer,
        because=one.because,
        way=target.way,
        agenda=target.agenda,
        given=tuple(f"{entry.on.isoformat()}: {entry.text}" for entry in world.given.get(target.person, ())[::-1]),
        next=step.words if step else "",
        by=step.by if step else None,
        pace=_pace(desk, who, rhythms.get(target.person, rhythm(())), world),
    )


def _named(person: str, names: Mapping[str, str]) -> Named:
    """Return whom a target is; somebody unknown has no id outside of this goal."""
    return Named(person if person[:1] == "p" else "", names[person])


def _pace(desk: Desk, who: Named, told: Rhythm, world: _World) -> PaceLine:
    found = _paced(desk, told, who.id, world)
    return PaceLine(who, found.may_write, found.may_ask, found.until, told.usual, found.because)


def _paced(desk: Desk, told: Rhythm, person: str, world: _World) -> Pace:
    settings = desk.settings
    rules = Rules(settings.reply_days, settings.reminders, settings.rest_days, settings.gifts_first)
    given = [entry.on for entry in world.given.get(person, ())]
    return pace(told, desk.today, rules, given=given, asked=world.asked.get(person, ()))


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield the next step that an open goal asks for of each target, once it is near. The derived tables must be fresh.

    Whom pacing holds back is left in peace, and nobody is to be asked before something was given.
    """
    soon = desk.today + min(STEP_AHEAD, date.max - desk.today)
    known = [one for one in _goals(desk) if one.state == "open" and one.on >= desk.today and one.aims]
    if not known:
        return
    world = _world(desk)
    for goal in known:
        targets, rhythms = _targets(desk, goal, world, ways=False)
        held = {one.person for one in targets if one.holds or one.gone or one.person[:1] != "p"}
        for step in readiness(goal.on, goal.needs, targets, desk.today, goal.lead_days or LEAD_DAYS).steps:
            if step.person not in held and step.by <= soon:
                held.add(step.person)
                if step.stage == ASKED and not _paced(desk, rhythms[step.person], step.person, world).may_ask:
                    continue
                since = min(desk.today, step.by - min(STEP_AHEAD, step.by - date.min))
                yield step.person, Waiting(GOAL, max(since, goal.since), step.words, goal.name, goal.on)


def aimed_at(desk: Desk) -> set[str]:
    """Return the persons who are targets of an open goal."""
    return {aim.person for one in _goals(desk) if one.state == "open" for aim in one.aims.values() if aim.person}


# --- gathered --------------------------------------------------------------------------------------------------------


def _world(desk: Desk) -> _World:
    entries = entries_of(desk)
    given: dict[str, list[Entry]] = {}
    got: dict[str, int] = {}
    asked: dict[str, list[date]] = {}
    for entry in entries:
        for person in filter(None, entry.people):
            if is_given(entry):
                given.setdefault(person, []).append(entry)
            elif entry.by == THEM and entry.kind in ("gift", "introduction", "recommendation"):
                got[person] = got.get(person, 0) + 1
            elif entry.by == ME and entry.kind == "ask" and entry.status != "draft":
                asked.setdefault(person, []).append(entry.on)
    owed: dict[str, tuple[str, ...]] = {}
    for loop in loops(entries, desk.today):
        owed[loop.person] = (*owed.get(loop.person, ()), loop.words)
    gone = {person: STATES[word.state] for person, word in words_on_ties(desk.database).words.items() if word.state}
    return _World(entries, given, got, asked, owed, gone)


def _targets(desk: Desk, goal: _Goal, world: _World, *, ways: bool) -> tuple[list[Target], dict[str, Rhythm]]:
    """Gather what is known of each target, and how they answer."""
    people = {int(one.person[1:]) for one in goal.aims.values() if one.person}
    contacts = contacts_of(desk, people, NEWEST)
    agendas = _agendas(desk, people)
    targets: list[Target] = []
    rhythms: dict[str, Rhythm] = {}
    for number, one in goal.aims.items():
        listed = search.person(desk.database, int(one.person[1:])) if one.person else None
        if listed is None:
            targets.append(Target(number, one.name, one.needs, said=one.stage))
            continue
        row, tie = listed
        person = f"p{row.id}"
        told = rhythms[person] = rhythm(Beat(*beat) for beat in contacts.get(row.id, ()))
        died = say("died {died}", died=row.body["died"]) if row.body["died"] else ""
        asked = tuple(day for day in world.asked.get(person, ()) if day >= goal.since)
        target = Target(
            person,
            row.name,
            one.needs,
            last_in=told.last_in,
            given=tuple(entry.on for entry in world.given.get(person, ())),
            got=world.got.get(person, 0),
            asked=asked,
            owed=world.owed.get(person, ()),
            agenda=agendas.get(row.id, ()),
            holds=not _paced(desk, told, person, world).may_write,
            said=one.stage,
            gone=died or world.gone.get(row.id, ""),
        )
        if tie is not None:
            target = replace(
                target,
                strength=tie.strength,
                reciprocity=tie.reciprocity,
                segment=tie.segment,
                momentum=tie.momentum,
                sent=tie.sent,
                received=tie.received,
                met=tie.met,
                days=tie.days,
                gap=tie.gap,
            )
        targets.append(target)
    return (_with_ways(desk, targets) if ways else targets), rhythms


def _with_ways(desk: Desk, targets: list[Target]) -> list[Target]:
    """Look for who could introduce the owner to the targets out of touch; the first few, since each takes its time."""
    out = [one for one in targets if stage(one)[0] in (UNKNOWN, AWARE) and one.person[:1] == "p" and not one.gone]
    if not out:
        return targets
    # Paths need numpy, which goals among people in touch do without.
    from amity.app.paths import first_steps

    found = first_steps(desk, [int(one.person[1:]) for one in out[:WAYS]])
    way = {f"p{person}": name for person, (name, _) in found.items()}
    return [replace(one, way=way.get(one.person, "")) for one in targets]


def _agendas(desk: Desk, people: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return what each cares about by the owner's word, the newest first; stale lines and private ones are left out."""
    told = told_of_all(desk.database, desk.today.isoformat())
    return {
        person: tuple(
            f"{fact.field}, {fact.value}"
            for fact in list(told[person].facts.values())[::-1]
            if fact.field in AGENDA and not fact.private and not is_stale(desk, fact.on)
        )
        for person in people
        if person in told
    }


def _listeners(desk: Desk, world: _World, wanted: frozenset[str] = frozenset()) -> list[Listener]:
    found = []
    for row, tie in search.ties(desk.database, HEARD):
        if tie is None or row.kind != "person":
            continue
        person = f"p{row.id}"
        about = [word for word in (*row.body["about"], row.organisation, row.title) if word]
        found.append(
            Listener(
                person=person,
                name=row.name,
                strength=tie.strength,
                reciprocity=tie.reciprocity,
                segment=tie.segment,
                momentum=tie.momentum,
                sent=tie.sent,
                received=tie.received,
                met=tie.met,
                days=tie.days,
                given=len(world.given.get(person, ())),
                got=world.got.get(person, 0),
                shared=tuple(dict.fromkeys(text for text in about if wanted & _words(text))),
                owed=world.owed.get(person, ()),
                gone=say("died {died}", died=row.body["died"]) if row.body["died"] else world.gone.get(row.id, ""),
            )
        )
    return found


def _true_friends(desk: Desk, world: _World) -> int:
    return sum(is_true_friend(one) for one in _listeners(desk, world))


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"\w{4,}", text.casefold())
    return frozenset(word.removesuffix("s") if len(word) > 4 else word for word in found)


# --- what was said ---------------------------------------------------------------------------------------------------


def _goals(desk: Desk) -> list[_Goal]:
    standing = [one for one in decisions.standing(desk.database, KINDS) if one.today <= desk.today.isoformat()]
    handles = {Handle(*pair) for one in standing if one.kind == "target" for side in one.body["sides"] for pair in side}
    number = numbers(desk.database, handles) if handles else {}
    belongs = derived.belongs(desk.database, number.values()) if number else {}
    found: dict[str, _Goal] = {}
    for one in standing:
        body = one.body
        if one.kind == "goal":
            found[f"g{one.id}"] = _Goal(
                f"g{one.id}",
                body["name"],
                date.fromisoformat(body["on"]),
                body["why"],
                tuple(body["needs"]),
                body["lead_days"],
                date.fromisoformat(one.today),
            )
        elif body["goal"] not in found:
            continue
        elif one.kind == "goal_said":
            _apply(found[body["goal"]], body["said"])
        elif one.kind == "target":
            persons = (belongs.get(number.get(Handle(*pair), 0)) for pair in body["sides"][0])
            person = next((f"p{person}" for person in persons if person is not None), "")
            found[body["goal"]].aims[f"t{one.id}"] = _Aim(one.id, person, body["name"], tuple(body["needs"]), "")
        else:
            _apply_to_target(found[body["goal"]], f"t{body['target']}", body["said"])
    return list(found.values())


def _apply(goal: _Goal, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        told = date.fromisoformat(value) if name == "on" else tuple(value) if name == "needs" else value
        setattr(goal, name, told)


def _apply_to_target(goal: _Goal, number: str, said: Mapping[str, Any]) -> None:
    known = goal.aims.get(number)
    if known is None:
        return
    if said.get("gone"):
        del goal.aims[number]
        return
    goal.aims[number] = known._replace(
        stage=said.get("stage", known.stage), needs=tuple(said.get("needs", known.needs))
    )


def _goal(desk: Desk, text: str) -> _Goal:
    wanted = " ".join(text.split()).casefold()
    known = _goals(desk)
    meant = [one for one in known if wanted in (one.id, one.name.casefold())]
    meant = meant or [one for one in known if wanted and wanted in one.name.casefold()]
    if len(meant) == 1:
        return meant[0]
    if meant:
        names = "; ".join(f"{one.id} {one.name}" for one in meant)
        raise AmityError(
            Code.NOT_FOUND,
            say("{text!r} may be several goals: {names}.", text=text, names=names),
            say("Say which by id."),
        )
    raise AmityError(Code.NOT_FOUND, say("There is no goal {text!r}.", text=text), say("`amity goals` lists them."))


def _aim_of(desk: Desk, goal: _Goal, text: str) -> _Aim:
    try:
        person = f"p{identify(desk, text)}"
    except Unknown:
        person = ""
    for one in goal.aims.values():
        if (person and one.person == person) or one.name.casefold() == " ".join(text.split()).casefold():
            return one
    raise AmityError(
        Code.NOT_FOUND,
        say("{text!r} is no target of {goal}.", text=text, goal=goal.name),
        say("`amity goal show {goal}` lists them.", goal=goal.id),
    )


def _who(desk: Desk, text: str) -> tuple[list[Handle], str, str]:
    called, handle = parse(text)
    try:
        person = identify(desk, handle.value if handle.kind != "name" else text)
    except Unknown:
        return [handle], called or handle.value, ""
    held = derived.handles(desk.database, derived.belongs_to(desk.database, [person]))
    own = [one for _, one in sorted(held.items()) if one.kind not in ("person", "me")]
    who = named(desk, person)
    return own, who.name, who.id


def _needs(needs: Sequence[str]) -> list[str]:
    parts = [" ".join(part.split()).casefold() for need in needs for part in need.split(",")]
    return list(dict.fromkeys(filter(None, parts)))
