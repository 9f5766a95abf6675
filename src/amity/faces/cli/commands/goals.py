"""Goals: who matters, how ready it is, what to give by when, and whom to tell quietly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, Words, call, key_option
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.goals import GoalLine, TargetLine
    from amity.faces.cli.paper import Paper

ACTIONS = ("add", "change", "aim", "tell")
STAGES = {
    "unknown": mark("unknown"),
    "aware": mark("aware of you"),
    "in_touch": mark("in touch"),
    "has_received": mark("has received"),
    "trusts": mark("trusts you"),
    "asked": mark("asked"),
}
GROUPS = {"today": mark("Would answer today"), "after_giving": mark("After some giving"), "missing": mark("Missing")}
STEPS = 12  # shown; --json has all
WHISPERS = 15


@click.command(cls=Verb)
@click.argument("action", type=click.Choice(ACTIONS), metavar="add|change|aim|tell")
@click.argument("goal", type=Words())
@click.argument("people", nargs=-1, metavar="[PERSON]…", type=Person())
@click.option("--on", "day", default="", metavar="DATE", help=mark("The day of it."))
@click.option("--why", default="", metavar="WORDS", type=Words(), help=mark("Why it matters."))
@click.option(
    "--needs", multiple=True, metavar="NEED", type=Words(), help=mark("introductions, readers, customers, advice, …")
)
@click.option(
    "--lead", type=click.IntRange(0), metavar="DAYS", help=mark("How long before the day building must begin.")
)
@click.option("--state", default="", metavar="STATE", help=mark("change: open, reached, missed or dropped."))
@click.option("--outcome", default="", metavar="WORDS", type=Words(), help=mark("change: what came of it."))
@click.option(
    "--stage", default="", metavar="STAGE", help=mark("tell: how far somebody is; auto takes your word back.")
)
@click.option("--gone", is_flag=True, help=mark("tell: they are no target any more."))
@key_option
def goal(
    action: str,
    goal: str,
    people: tuple[str, ...],
    day: str,
    why: str,
    needs: tuple[str, ...],
    lead: int | None,
    state: str,
    outcome: str,
    stage: str,
    gone: bool,
    key: str,
) -> None:
    """Set a goal for a day, name who matters to it, and say what no archive shows; `amity goals` shows how ready it is.

    \b
    amity goal add "Book launch" --on 2027-05-01 --why "ten years of work" --needs readers
    amity goal aim "Book launch" Ana "Ben Hill" --needs readers
    amity goal tell "Book launch" Ana --stage aware
    amity goal change "Book launch" --state reached --outcome "two hundred came"
    """
    from amity.app import goals
    from amity.errors import AmityError, Code

    chosen = call()
    desk = chosen.desk()
    if action == "add":
        line = goals.add(desk, goal, day, why, needs, lead or 0, key)
        if people:
            line = goals.aim(desk, line.id, people, key=f"{key}:people" if key else "")
    elif action == "aim":
        line = goals.aim(desk, goal, people, needs, key)
    elif action == "tell":
        if len(people) != 1:
            raise AmityError(
                Code.USAGE,
                say("Say of whom."),
                say('For example `amity goal tell "{goal}" Ana --stage aware`.', goal=goal),
            )
        line = goals.tell(desk, goal, people[0], stage=stage, needs=needs, gone=gone, key=key)
    else:
        line = goals.amend(
            desk, goal, on=day, why=why, needs=needs, state=state, outcome=outcome, lead_days=lead, key=key
        )
    if chosen.json:
        chosen.answer(line)
        return
    paper = chosen.paper()
    _head(paper, line)
    paper.line(say("`amity goals` shows who, what and when; `amity undo` takes this back."))


@click.command(cls=Verb)
@click.argument("goal", default="", type=Words())
@click.option("--friends", is_flag=True, help=mark("How many true friends there are, and were each year."))
def goals(goal: str, friends: bool) -> None:
    """Show your goals and how ready each is; one with its targets, the plan back from its day, and the whisper list."""
    from amity.app import goals

    chosen = call()
    desk = chosen.desk()
    if friends:
        told = goals.friends(desk)
        if chosen.json:
            chosen.answer(told)
            return
        paper = chosen.paper()
        paper.line(f"{told.words}.")
        for year in told.years:
            paper.line(f"{year.year}  {say('too early to say') if year.friends is None else year.friends}", indent=2)
        return
    found = goals.list_(desk, goal)
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    if not found:
        paper.line(say('No goal is set. `amity goal add "Book launch" --on 2027-05-01` sets one.'))
    for line in found:
        _head(paper, line)
        if goal:
            _whole(paper, line)
        else:
            paper.gap()


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, type=Person())
def pace(person: tuple[str, ...]) -> None:
    """Say whether a word, a reminder or an ask to somebody is in its time now, and why."""
    from amity.app import goals

    chosen = call()
    told = goals.pacing(chosen.desk(), " ".join(person))
    if chosen.json:
        chosen.answer(told)
        return
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day, reasons

    paper = chosen.paper()
    until = say(" until {day}", day=day(told.until)) if told.until else ""
    paper.line(
        Span(told.person.name, "head"),
        ": "
        + (say("a word is in its time") if told.may_write else say("let them be{until}", until=until))
        + ", "
        + (say("an ask too") if told.may_ask else say("no ask yet"))
        + ".",
    )
    paper.line(Span(reasons(told.because), "quiet"), lead=Span(say("Because "), "quiet"), indent=2)


def _head(paper: Paper, line: GoalLine) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    left = say(", {days_left} days ahead", days_left=line.days_left) if line.days_left >= 0 else ""
    paper.line(Span(line.name, "head"), Span(f" · {day(line.on)}{left} · {line.id}", "quiet"))
    if line.why:
        paper.line(line.why, indent=2)
    if line.needs:
        paper.line(Span(say("needs {needs}", needs=", ".join(line.needs)), "quiet"), indent=2)
    paper.line(Span(line.verdict, "warm"), indent=2)
    if line.today + line.after_giving + line.missing:
        paper.line(
            say(
                "{today} would answer today, {after_giving} after some giving, {missing} missing.",
                today=line.today,
                after_giving=line.after_giving,
                missing=line.missing,
            ),
            indent=2,
        )
    if line.short_list:
        paper.line(
            say("A phone call away: {short_list}.", short_list=", ".join(one.name for one in line.short_list)),
            indent=2,
        )
    for warning in line.warnings:
        paper.line(Span(warning, "note"), indent=2)


def _whole(paper: Paper, line: GoalLine) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    for group, title in ((one, say(words)) for one, words in GROUPS.items()):
        some = [one for one in line.targets if one.would_answer == group]
        if some:
            paper.gap()
            paper.line(Span(title, "head"))
            for one in some:
                _target(paper, one)
    if line.steps:
        paper.gap()
        paper.line(Span(say("Back from the day"), "head"))
        for step in line.steps[:STEPS]:
            late = say(" (late)") if step.late else ""
            paper.line(f"{step.words}{late}", lead=Span(say("by {day}  ", day=day(step.by)), "quiet"), indent=2)
        if len(line.steps) > STEPS:
            paper.line(Span(say("{steps} more; --json has them.", steps=len(line.steps) - STEPS), "quiet"), indent=2)
    if line.too_late_for:
        names = ", ".join(one.name for one in line.too_late_for)
        paper.line(Span(say("Too late to build a tie by then: {names}.", names=names), "note"), indent=2)
    if line.whispers:
        paper.gap()
        friends = say("{true_friends} true friends", true_friends=line.true_friends) + (
            say(" of {friends_aim}", friends_aim=line.friends_aim) if line.friends_aim else ""
        )
        paper.line(
            Span(say("The whisper list"), "head"),
            Span(say(" · whom to tell quietly; {friends}", friends=friends), "quiet"),
        )
        for number, whisper in enumerate(line.whispers[:WHISPERS], 1):
            first = say(" First: {first}.", first=whisper.first) if whisper.first else ""
            why = "; ".join(f"{one.reason}: {one.figure}" for one in whisper.because)
            paper.line(Span(whisper.person.name, "name"), Span(f" · {why}.{first}", "quiet"), lead=f"{number:2}. ")


def _target(paper: Paper, one: TargetLine) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day, reasons

    paper.line(Span(one.person.name, "name"), Span(f" · {say(STAGES[one.stage])}", "quiet"), indent=2)
    paper.line(Span(reasons(one.because), "quiet"), indent=6)
    if one.agenda:
        paper.line(Span(say("they care about: {agenda}", agenda="; ".join(one.agenda)), "quiet"), indent=6)
    if one.given:
        paper.line(Span(say("given: {given}", given="; ".join(one.given[:3])), "quiet"), indent=6)
    if one.next and one.by:
        paper.line(say("{next}, by {day}.", next=one.next, day=day(one.by)), indent=6)
    if not one.pace.may_write and one.pace.until:
        paper.line(
            Span(
                say("Let them be until {day}: {reason}.", day=day(one.pace.until), reason=one.pace.because[0].reason),
                "note",
            ),
            indent=6,
        )
