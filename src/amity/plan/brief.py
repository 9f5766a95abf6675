"""The page before a meeting: three questions about their work, and what could be given, each from what is known.

People do not want to be talked to; they want to share. So a question picks up something that is theirs: what they
aim at, a move, a letter, their trade, their place. Nothing is asked that would fit anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from amity.language import mark, month, month_and_year, say
from amity.plan.words import first_name, topic

QUESTIONS = 3
RECENT_MOVE = 730  # days in which a change of position is worth a question
LONG_AGO = 30  # days after which one may ask what happened since
RECENT_SUBJECT = 1100  # days in which a letter is


class Wish(NamedTuple):
    """One line of somebody's agenda."""

    field: str  # "priority" | "need" | "goal" | "worry"
    text: str
    on: date | None
    stale: bool


class Turn(NamedTuple):
    """A change of position."""

    on: date
    before: str
    now: str


class Line(NamedTuple):
    """A letter or meeting by its subject."""

    on: date
    subject: str
    met: bool


class Known(Struct, frozen=True):
    """What is known of a person when a brief is written."""

    name: str
    title: str = ""
    organisation: str = ""
    about: tuple[str, ...] = ()
    place: str = ""
    moves: tuple[Turn, ...] = ()  # the newest first
    lines: tuple[Line, ...] = ()  # the newest first
    agenda: tuple[Wish, ...] = ()
    offers: tuple[str, ...] = ()
    tastes: tuple[str, ...] = ()
    gifts: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


class Question(Struct, frozen=True):
    """A question to ask, and what it is drawn from."""

    question: str
    because: str


class Gift(Struct, frozen=True):
    """One thing that could be given: an idea, help, an introduction or fun."""

    kind: str
    words: str
    because: str


# Trades, by the words that name them in cards and signatures, English and German; two questions each.
_TRADES: tuple[tuple[str, str, str], ...] = (
    (
        r"writer|author|novelist|poet|playwright|dramatist|schriftsteller\w*|dichter\w*|autor\w*|dramatiker\w*",
        mark("What are you writing now, and at which point does it resist you?"),
        mark("Which of your readers, or spectators, understood you best, and what had they seen?"),
    ),
    (
        r"critic\w*|journalist\w*|reporter|columnist|kritiker\w*|feuilletonist\w*",
        mark("Which piece of yours of the last months would you like more people to have read?"),
        mark("What is nobody writing about that somebody should?"),
    ),
    (
        r"editor\w*|publisher|verleger\w*|redakteur\w*|lektor\w*|herausgeber\w*",
        mark("What makes you say yes to a manuscript within the first pages?"),
        mark("Which book or issue of yours deserved more than it got?"),
    ),
    (
        r"translator|übersetzer\w*|interpreter|dolmetscher\w*",
        mark("Which sentence has kept you longest lately, and what did you do with it?"),
        mark("Who should be translated next, in your view?"),
    ),
    (
        r"act(?:or|ress)|schauspieler\w*|burgschauspieler\w*",
        mark("Which part would you like to be asked for, and are not?"),
        mark("What did your last part show you that was not in the text?"),
    ),
    (
        r"theat\w+|dramaturg\w*|intendant\w*|regisseur\w*|stage",
        mark("What do you hope to bring on the stage next, and what stands in its way?"),
        mark("What did your audience take to that you had not expected?"),
    ),
    (
        r"musician|composer|pianist\w*|singer|violinist\w*|conductor|komponist\w*|musiker\w*|sänger\w*",
        mark("What are you rehearsing, and which passage is still open?"),
        mark("Which piece do you return to when nobody listens?"),
    ),
    (
        r"painter|sculptor|artist|illustrator|maler\w*|bildhauer\w*|künstler\w*|photographer|fotograf\w*",
        mark("What is on your easel or table now, and when do you know that it is done?"),
        mark("Which work of yours would you not part with?"),
    ),
    (
        r"physician|doctor|surgeon|arzt|ärztin|psychiat\w*|psycholog\w*|nurse|therapist",
        mark("What have your patients taught you this year that no book had?"),
        mark("If you could change one thing in how your house works, which would help them most?"),
    ),
    (
        r"lawyer|attorney|solicitor|judge|jurist\w*|anwalt|anwältin|rechtsanwalt|notary|notar\w*|counsel",
        mark("Which question of law keeps coming back to you these months?"),
        mark("What do people come to you with too late?"),
    ),
    (
        r"professor\w*|scientist|researcher|physicist|chemist|biologist|historian|philosoph\w*|wissenschaft\w*|postdoc",
        mark("Which result of the last year surprised you, and what does it make you look for now?"),
        mark("What would you work on if nobody had to approve it?"),
    ),
    (
        r"teacher|lecturer|\w*lehrer\w*|\w*pädagog\w*|tutor|educator|headmaster",
        mark("What did a pupil of yours do this year that you are glad of?"),
        mark("What would you teach if the timetable left you free?"),
    ),
    (
        r"engineer|developer|programmer|architect|ingenieur\w*|entwickler\w*|architekt\w*|designer",
        mark("What are you building now, and which part is harder than it looks from outside?"),
        mark("Which decision of an earlier piece of work would you take again, against advice?"),
    ),
    (
        r"founder|co-?founder|ceo|entrepreneur|owner|gründer\w*|unternehmer\w*|geschäftsführer\w*|proprietor",
        mark("What would you do first with one more good pair of hands?"),
        mark("What do you know about those you work for that you did not know a year ago?"),
    ),
    (
        r"director|manager|head|lead|president|chair\w*|vp|direktor\w*|leiter\w*|vorstand\w*|coo|cto|cfo",
        mark("What takes most of your attention this quarter, and what would you rather give it to?"),
        mark("Which of your people are you proud of just now, and what for?"),
    ),
    (
        r"sales|marketing|account|consultant|advis[oe]r|berater\w*|recruiter",
        mark("What do those you serve ask for now that they did not ask for a year ago?"),
        mark("Which piece of work this year was a pleasure from end to end?"),
    ),
    (
        r"investor|banker|analyst|trader|economist|banquier|bankier\w*|partner|actuary|accountant",
        mark("What do you look at first now that you passed over some years ago?"),
        mark("Which venture are you glad to have stayed out of?"),
    ),
    (
        r"minister|politician|diplomat\w*|officer|ambassador|senator|offizier\w*|beamt\w*|hofrat|councill?or",
        mark("Which matter on your table deserves more attention than it gets?"),
        mark("What have you changed your mind on since you took office?"),
    ),
    (
        r"student\w*|trainee|apprentice|phd|doktorand\w*|intern",
        mark("What are you working at that you would do without any examination?"),
        mark("Who has taught you most so far, and how?"),
    ),
    (
        r"farmer|gardener|chef|cook|baker|carpenter|craftsman|landwirt\w*|gärtner\w*|koch|köchin|tischler\w*",
        mark("What has this season been like for your work?"),
        mark("Which part of your craft takes longest to learn?"),
    ),
)


def questions(known: Known, today: date) -> tuple[Question, ...]:
    """Return three questions, the ones most their own first; fewer only of somebody of whom nothing is known."""
    chosen: list[Question] = []
    asked = set()
    for source, question in _candidates(known, today):
        if source not in asked:
            asked.add(source)
            chosen.append(question)
        if len(chosen) == QUESTIONS:
            break
    return tuple(chosen)


def _candidates(known: Known, today: date) -> Iterator[tuple[str, Question]]:
    """Yield questions with what they are drawn from, so that one thing known is asked after once."""
    for wish in known.agenda:
        yield f"agenda {wish.text}", _after(wish, today)
    for turn in known.moves[:1]:
        if (today - turn.on).days <= RECENT_MOVE:
            words = say(
                "You went from {before} to {now}: what is different there from what you had expected?",
                before=turn.before,
                now=turn.now,
            )
            yield "position", Question(words, say("they moved in {month}", month=_month(turn.on, today)))
    letters = [line for line in known.lines if not line.met]
    for line in letters:
        theme = _theme(line)
        if theme and (today - line.on).days <= RECENT_SUBJECT:
            when = _month(line.on, today)
            words = say("In {month} you wrote of “{theme}”: how has it gone on?", month=when, theme=theme)
            yield "letter", Question(words, say("written in {month}", month=when))
            break
    trades = _trades(known)
    for name, one, _ in trades[:1]:
        yield "trade", Question(one, say("their work: {name}", name=name))
    if known.organisation:
        words = say(
            "What is {organisation} trying to get done that is harder than it looks from outside?",
            organisation=known.organisation,
        )
        yield "position", Question(words, say("they are at {organisation}", organisation=known.organisation))
    for field in known.about:
        if not _trades(Known("", title=field)):
            words = say("What do people outside of {field} most often get wrong about it?", field=field)
            yield "field", Question(words, say("{field} is their field", field=field))
            break
    for name, one, other in trades[1:2] or trades[:1]:
        yield "trade again", Question(one if len(trades) > 1 else other, say("their work: {name}", name=name))
    if known.place:
        words = say(
            "What does {place} make easier in your work, and what harder?",
            place=known.place.rpartition(",")[2].strip(),
        )
        yield "place", Question(words, say("they are in {place}", place=known.place))
    for offer in known.offers[:1]:
        words = say("People come to you for {offer}: what do they mostly need, once they are there?", offer=offer)
        yield "offer", Question(words, say("you noted what they can help with"))
    for taste in known.tastes[:1]:
        yield (
            "taste",
            Question(
                say("How did you come to {taste}, and does it ever reach into your work?", taste=taste),
                say("they like it"),
            ),
        )
    for line in known.lines:
        if line.met and line.on < today:
            when, theme = _month(line.on, today), topic(line.subject)
            words = say("When we met in {month}, what was on your desk, and what came of it?", month=when)
            if theme:
                words = say(
                    "When we met in {month} over “{theme}”, what was on your desk, and what came of it?",
                    month=when,
                    theme=theme,
                )
            yield "meeting", Question(words, say("you met in {month}", month=when))
            break
    if known.last and (today - known.last).days >= LONG_AGO:
        words = say(
            "We were last in touch in {month}: what has your work turned to since then?",
            month=_month(known.last, today),
        )
        yield "last", Question(words, say("nothing newer is known"))
    if known.first and known.last and (known.last - known.first).days > 700:
        words = say(
            "We have known each other since {year}: what in your work would that year not have believed?",
            year=known.first.year,
        )
        yield "first", Question(words, say("you have been in touch since {year}", year=known.first.year))


def _after(wish: Wish, today: date) -> Question:
    when = say(" in {month}", month=_month(wish.on, today)) if wish.on else ""
    words = {
        "goal": say("How far has it come: {matter}?", matter=wish.text),
        "need": say("Have you found what you were looking for: {matter}?", matter=wish.text),
        "worry": say("How do things stand with this by now: {matter}?", matter=wish.text),
        "priority": say("Does this still come first for you: {matter}?", matter=wish.text),
    }[wish.field]
    noted = {
        "goal": say("their goal, noted"),
        "need": say("their need, noted"),
        "worry": say("their worry, noted"),
        "priority": say("their priority, noted"),
    }[wish.field]
    return Question(words, noted + when + (say(", and old by now") if wish.stale else ""))


def _theme(line: Line) -> str:
    """Return what a letter was about; that it came from somewhere is no theme."""
    return "" if line.subject.casefold().startswith("letter from ") else topic(line.subject)


def _trades(known: Known) -> list[tuple[str, str, str]]:
    """Return their trades as they are written, each with its two questions; a title says more than a field."""
    found: dict[str, tuple[str, str, str]] = {}
    for text in (known.title, *known.about):
        for pattern, one, other in _TRADES:
            if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
                found.setdefault(pattern, (text, say(one), say(other)))
    return list(found.values())


def give(known: Known, today: date, partner: str = "", for_what: str = "") -> tuple[Gift, ...]:
    """Return what could be given, the most fitting first; `partner` is somebody who offers what they need."""
    first = first_name(known.name) or known.name
    fresh = [wish for wish in known.agenda if not wish.stale]
    found = [
        Gift(
            "help", say("offer {first} one small piece of help: {matter}", first=first, matter=wish.text), _whose(wish)
        )
        for wish in fresh
        if wish.field in ("need", "worry")
    ]
    if partner:
        found.append(
            Gift(
                "introduction",
                say("bring {first} together with {partner}, if both would like it", first=first, partner=partner),
                for_what,
            )
        )
    found += [
        Gift("fun", say("your own idea for a gift: {idea}", idea=idea), say("you noted it")) for idea in known.gifts
    ]
    letters = (line for line in known.lines if not line.met and (today - line.on).days < 400)
    theme = next(filter(None, map(_theme, letters)), "")
    work = ", ".join([*filter(None, dict.fromkeys((*known.about, known.title, known.organisation)))][:2])
    if work or theme:
        mind = say("with “{theme}” in mind", theme=theme)
        if work:
            mind = say("with their work in mind ({work})", work=work)
        words = say("pass on one thing you read or heard lately, {mind}", mind=mind)
        found.append(Gift("idea", words, say("their work") if work else say("what they wrote of")))
    found += [
        Gift("fun", say("something small to do with {taste}", taste=taste), say("they like it"))
        for taste in known.tastes[:2]
    ]
    found += [
        Gift("idea", say("a thought or a name that helps on: {matter}", matter=wish.text), _whose(wish))
        for wish in fresh
        if wish.field in ("goal", "priority")
    ]
    if known.last and not found:
        found.append(
            Gift(
                "fun",
                say("a memory of {month}, told in two lines", month=_month(known.last, today)),
                say("you were in touch then"),
            )
        )
    return tuple(found[:5])


def _whose(wish: Wish) -> str:
    return {
        "goal": say("their goal"),
        "need": say("their need"),
        "worry": say("their worry"),
        "priority": say("their priority"),
    }[wish.field]


def matches(need: str, offer: str) -> bool:
    """Tell whether an offer answers a need: they share a word that says something."""
    return bool(_telling(need) & _telling(offer))


def _telling(text: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall(r"\w{4,}", text.casefold())} - _COMMON


_COMMON = frozenset(
    re.findall(r"\w+", "with from that this their them they good find help need want some someone somebody know have")
)


def _month(on: date, today: date) -> str:
    return month(on.month) if 0 <= (today - on).days < 300 else month_and_year(on)
