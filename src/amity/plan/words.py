"""What a suggestion says: the act, why now, what to give, a first sentence. Warm, plain, short; no guilt, no pitch.

Only what is known is said. Nothing here supposes a mailbox or a telephone: people write, call and see each other,
in 1895 as today.
"""

from __future__ import annotations

import re
from datetime import date
from zlib import crc32

from msgspec import Struct

from amity.language import day_name, mark, month, say

REPLY, FADING, FOLLOW_UP, DORMANT, BIRTHDAY, KEEP = "reply", "fading", "follow_up", "dormant", "birthday", "keep"
PROMISE, ASKED, THANKS, OUTCOME = "promise", "asked", "thanks", "outcome"  # open loops of the ledger
INTRODUCE, MATCH = "introduce", "match"  # the next step of an introduction; somebody who could help somebody else
MOVED = "moved"  # a new position, or a new address that took the place of the old one
SEE, LIGHT = "see", "light"  # one of the critical few in person; a line to one of the many
OUTWARD, CHANCE, WARM_UP = "outward", "chance", "warm_up"  # another world, a draw, a first easy line after a pause
PREPARE, GOAL = "prepare", "goal"  # a meeting today; the next step that a goal asks for, counted back from its day
PLACE, DATE = "place", "date"  # the owner comes to where they live; a day that matters to them, beside the birthday

_NUMBERS = (
    "",
    mark("one"),
    mark("two"),
    mark("three"),
    mark("four"),
    mark("five"),
    mark("six"),
    mark("seven"),
    mark("eight"),
    mark("nine"),
    mark("ten"),
    mark("eleven"),
    mark("twelve"),
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lady",
        "lord",
        "herr",
        "frau",
        "fräulein",
        "baron",
        "baronin",
        "graf",
        "gräfin",
        "hofrat",
        "m",
        "mme",
        "mlle",
        "don",
        "doña",
        "ing",
        "mag",
        "rev",
        "fr",
    ]
)
_SPOKEN_ANSWER = re.compile(
    r"^\s*(?:(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv|odp)\s*(?:\[\d+\])?\s*:\s*|\[[^\]]{1,40}\]\s*)+", re.I
)
_LETTER_FROM = re.compile(r"^letter from (?P<place>.+)$", re.I)
_EMPTY_SUBJECT = frozenset(("", "letter", "no subject", "(no subject)", "kein betreff", "(kein betreff)", "diary"))
_LONGEST_SUBJECT = 60
_ACTS = {
    REPLY: mark("Answer {name}"),
    PROMISE: mark("Keep your promise to {name}: {matter}"),
    ASKED: mark("See to what {name} asked of you: {matter}"),
    THANKS: mark("Thank {name} for {matter}"),
    OUTCOME: mark("Tell {name} what came of {matter}{news}"),
    MATCH: mark("Offer {name} {matter}"),
    MOVED: mark("Write to {name}, who is now {matter}"),
    FOLLOW_UP: mark("Write a line to {name} while your meeting is fresh"),
    BIRTHDAY: mark("Wish {name} a happy birthday"),
    PREPARE: mark("Prepare to see {name}: {matter}"),
    PLACE: mark("Ask {name} whether you might see each other in {matter}"),
    DATE: mark("Think of {name}: {matter}"),
}
_OPENERS = {
    PROMISE: mark("as I promised: {matter}."),
    ASKED: mark("you asked about {matter}; I have not forgotten."),
    THANKS: mark("thank you for {matter}; it was good of you."),
    MATCH: mark("I kept in mind what you look for, and would gladly offer you {matter}. Shall I ask them?"),
    MOVED: mark("I saw that you are now {matter}; all my good wishes for it."),
    BIRTHDAY: mark("all my good wishes for your birthday."),
    PLACE: mark("I shall be in {matter}, and would be glad to see you if a day suits you."),
    DATE: mark("I am thinking of you in these days."),
}
_GIVEN = {
    "meet": mark("it would be good to see you again, whenever a day suits you."),
    "idea": mark("I came across something that made me think of you."),
    "help": mark("you came to my mind today; if a hand is of use with anything, you have mine."),
}
_GIFTS = ("idea", "help", "fun", "introduction")  # the four ways of giving, in the order in which they take turns


class Scene(Struct, frozen=True):
    """What is known when a suggestion is put into words."""

    person: str
    name: str
    trigger: str
    channel: str
    today: date
    since: (
        int  # days since the occasion arose: their letter, the first meeting, the last contact; to come if a birthday
    )
    silence: int  # days since the last contact of any kind
    gap: float  # usual days between contacts, 0 = unknown
    segment: str
    subject: str
    about: tuple[str, ...]
    met: int  # how often they met
    contact_days: int
    span: int  # days from the first contact to the last
    turns: int = 0  # the age that a birthday brings, 0 = unknown
    greet: bool = False  # a birthday falls into these days, besides the occasion itself
    matter: str = ""  # of an open loop, what it is about: "the slides", "introducing you to Ben"
    news: str = ""  # of an outcome that is owed, what came of it
    gave: tuple[str, ...] = ()  # the ways in which they were given something, the latest first
    when: str = ""  # of what has its days, which ones: "from 5 October to 12 October"


def first_name(name: str) -> str:
    """Return how to address somebody, or "" when the name is an address or no name at all."""
    plain = " ".join(name.split())
    if not plain or "@" in plain or not any(letter.isalpha() for letter in plain):
        return ""
    if plain.count(",") == 1:
        family, given = (part.strip() for part in plain.split(","))
        plain = f"{given} {family}".strip()
    words = plain.split()
    bare = [word for word in words if word.rstrip(".").casefold() not in _TITLES]
    if len(bare) < len(words) and len(bare) < 2:
        return plain  # "Frau Müller" is how she is known
    first = (bare or words)[0]
    return plain if len(first.rstrip(".")) < 2 else first  # "J. S. Bach" is not "J."


def topic(subject: str) -> str:
    """Return the subject without marks of answering or forwarding, cut at a word, or "" when it says nothing."""
    plain = " ".join(_SPOKEN_ANSWER.sub("", subject).split()).strip(" \"'“”„-–:.")
    if plain.casefold() in _EMPTY_SUBJECT:
        return ""
    if len(plain) > _LONGEST_SUBJECT:
        plain = plain[:_LONGEST_SUBJECT].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return plain


def number(n: int) -> str:
    """Return a small number in words, a larger one in figures."""
    return say(_NUMBERS[n]) if 0 < n < len(_NUMBERS) else str(n)


def span(days: int) -> str:
    """Return a length of time in the unit that people would use for it."""
    count, unit = _measured(days)
    figure = number(count)
    if unit == "day":
        return say("one day") if count == 1 else say("{count} days", count=figure)
    if unit == "week":
        return say("{count} weeks", count=figure)
    return say("{count} months", count=figure) if unit == "month" else say("{count} years", count=figure)


def _measured(days: int) -> tuple[int, str]:
    """Return a length of time in its unit: of weeks, months and years there are two or more."""
    if days < 14:
        return days, "day"
    if days < 60:
        return round(days / 7), "week"
    return (round(days / 30.44), "month") if days < 700 else (round(days / 365.25), "year")


def ago(days: int) -> str:
    """Return how long ago a day was, in words: "yesterday", "six weeks ago"."""
    if days <= 0:
        return say("today")
    if days == 1:
        return say("yesterday")
    count, unit = _measured(days)
    figure = number(count)
    if unit == "day":
        return say("{count} days ago", count=figure)
    if unit == "week":
        return say("{count} weeks ago", count=figure)
    return say("{count} months ago", count=figure) if unit == "month" else say("{count} years ago", count=figure)


def ahead(days: int, today: date) -> str:
    """Return a day to come within the week, in words: "today", "tomorrow", "on Friday, 4 October"."""
    if days < 2:
        return say("tomorrow") if days else say("today")
    day = date.fromordinal(today.toordinal() + days)
    return say("on {weekday}, {day} {month}", weekday=day_name(day.weekday()), day=day.day, month=month(day.month))


def kind(scene: Scene, taken: frozenset[str], introduce: bool) -> str:
    """Choose what to give: the ways of giving take turns, for each person by what they had, and not twice in one plan.

    `introduce` tells whether somebody is known whom the person might enjoy meeting. An introduction, an idea and help
    need something known of the person; fun needs nothing.
    """
    if scene.trigger in (REPLY, FOLLOW_UP, THANKS):
        return scene.trigger
    if scene.trigger in (PROMISE, ASKED, GOAL):
        return "help"
    if scene.trigger in (INTRODUCE, MATCH):
        return "introduction"
    if scene.trigger == OUTCOME:
        return "ask_update"
    if scene.trigger in (DORMANT, OUTWARD, CHANCE):
        return "reconnect"
    if scene.trigger in (SEE, PREPARE, PLACE):
        return "meet"
    if scene.trigger in (BIRTHDAY, MOVED, DATE):
        return "fun"
    if scene.trigger == FADING and scene.met and scene.silence >= max(60.0, 4 * scene.gap) and "meet" not in taken:
        return "meet"  # after a long gap the next contact is a longer one (Bhattacharya 2016)
    known = bool(scene.about or topic(scene.subject))
    possible = [gift for gift in _GIFTS if gift == "fun" or (introduce if gift == "introduction" else known)]
    start = crc32(scene.person.encode()) + scene.today.toordinal()
    turns = [possible[(start + i) % len(possible)] for i in range(len(possible))]
    last = {gift: place for place, gift in reversed(list(enumerate(scene.gave)))}
    # What they had longest ago, or never, comes first, and not twice in one plan.
    return max(turns, key=lambda gift: (gift not in taken, last.get(gift, len(scene.gave))))


def act(scene: Scene, giving: str, partner: str) -> str:
    """Say what to do, and with it what to give."""
    if scene.trigger in _ACTS:
        news = f": {scene.news}" if scene.news else ""
        return say(_ACTS[scene.trigger], name=scene.name, matter=scene.matter, news=news)
    if scene.trigger in (INTRODUCE, GOAL):
        return scene.matter
    if scene.trigger == DORMANT:
        return say("Write to {name} again, with nothing to ask: {gift}", name=scene.name, gift=_memory(scene))
    if giving == "meet":
        return say("Arrange to see {name}: {outing}", name=scene.name, outing=_outing(scene))
    if scene.trigger == LIGHT:
        by_line = _memory(scene) if giving == "fun" else _gift(scene, giving, partner)
        return say("Send {name} two lines, with nothing to ask: {gift}", name=scene.name, gift=by_line)
    return say("{lead}, with nothing to ask: {gift}", lead=_lead(scene), gift=_gift(scene, giving, partner))


def why_now(scene: Scene) -> tuple[str, ...]:
    """Say why this person, and why today."""
    lines: list[str] = []
    if scene.trigger == REPLY:
        theme = topic(scene.subject)
        lines.append(
            say("They wrote to you {ago}", ago=ago(scene.since)) + (say(": “{theme}”", theme=theme) if theme else "")
        )
        lines.append(say("Nothing has gone back since, on any channel that is known here"))
    elif scene.trigger == PROMISE:
        lines.append(say("You promised it {ago}, and it stands open", ago=ago(scene.since)))
    elif scene.trigger == ASKED:
        lines.append(say("They asked {ago}, and have had no answer that is noted", ago=ago(scene.since)))
        lines.append(say("A no is an answer too"))
    elif scene.trigger == THANKS:
        lines.append(say("It was {ago}, and no thanks are noted", ago=ago(scene.since)))
    elif scene.trigger == OUTCOME:
        lines.append(say("It began {ago}, and they have not heard how it went on", ago=ago(scene.since)))
        lines.append(say("Whoever opened a door likes to know what was behind it"))
    elif scene.trigger == INTRODUCE:
        lately = say("It has stood so since {ago}", ago=ago(scene.since))
        lines.append(lately if scene.since < 2 else say("For {span} now", span=span(scene.since)))
        lines.append(say("An introduction goes on when both want it, and only then"))
    elif scene.trigger == MATCH:
        lines.append(say("What they look for, as of {ago}: {need}", ago=ago(scene.since), need=scene.news))
        lines.append(say("You alone know both"))
    elif scene.trigger == MOVED:
        before = say("; before: {position}", position=scene.news) if scene.news else ""
        lines.append(say("It was noticed {ago}", ago=ago(scene.since)) + before)
        lines.append(say("A change is a moment at which a line is welcome, and at which ties are lost"))
    elif scene.trigger == PREPARE:
        lines.append(say("You see each other today; the brief has them on one page"))
        if scene.silence:
            lines.append(say("The last contact was {ago}", ago=ago(scene.silence)))
    elif scene.trigger == GOAL:
        lines.append(say("The next step toward “{goal}”, counted back from its day", goal=scene.news))
        lines.append(say("Giving comes first, long before anything is asked"))
    elif scene.trigger == PLACE:
        lines.append(say("You will be there {when}; {known}", when=scene.when, known=scene.news))
        lines.append(say("You were last in touch {ago}", ago=ago(scene.silence)))
    elif scene.trigger == DATE:
        lines.append(say("It is {when}", when=scene.when))
    elif scene.trigger == FADING:
        silence = say("{days} days", days=scene.silence) if scene.gap < 1.5 else str(scene.silence)
        lines.append(say("{rhythm}; it has been {silence}", rhythm=_rhythm(scene), silence=silence))
        lines.append(_place(scene))
    elif scene.trigger == FOLLOW_UP:
        where = say(" at {event}", event=scene.news) if scene.news else ""
        lines.append(say("You met {ago}{where}, and are new to each other", ago=ago(scene.since), where=where))
        lines.append(say("A line soon after is what a first meeting grows from"))
    elif scene.trigger == DORMANT:
        over = span(scene.span)
        lines.append(say("You were in touch on {days} days over {span}, both ways", days=scene.contact_days, span=over))
        lines.append(say("The last contact was {ago}", ago=ago(scene.silence)))
        lines.append(say("Nobody can foretell who comes back; a word from you is likely more welcome than you expect"))
    elif scene.trigger == BIRTHDAY:
        lines.append(_birthday(scene, scene.since))
    elif scene.trigger == SEE:
        lines.append(_place(scene))
        seen = say("You last saw each other {ago}", ago=ago(scene.since))
        lines.append(seen if scene.met else say("As far as is known, you have not met"))
        lines.append(say("Two or three times a year keep such a tie"))
    elif scene.trigger == LIGHT:
        lines.append(say("You were last in touch {ago}", ago=ago(scene.silence)))
        lines.append(say("One of the many, to whom now and then a line is enough"))
    elif scene.trigger == OUTWARD:
        lines.append(say("{field}: nobody of that field has been in touch with you for a quarter", field=_field(scene)))
        lines.append(say("One from another world each month; such bridges are the first to go"))
    elif scene.trigger == CHANCE:
        lines.append(say("Drawn by lot, for this month; you were last in touch {ago}", ago=ago(scene.silence)))
        lines.append(say("The unplanned letter sometimes gives most"))
    elif scene.trigger == WARM_UP:
        lines.append(say("You have written to nobody for a while, and the first line is the hardest"))
        lines.append(say("Begin with somebody who will be glad of it"))
    else:
        lines.append(say("You were last in touch {ago}", ago=ago(scene.silence)))
        lines.append(say("{place}: no occasion is needed", place=_place(scene)))
    if scene.greet and scene.trigger != BIRTHDAY:
        lines.append(say("Their birthday falls in these days as well"))
    return tuple(lines)


def opener(scene: Scene, giving: str, partner: str) -> str:
    """Return a first sentence for the owner to edit; it refers to what is known and asks for nothing."""
    if scene.trigger == FOLLOW_UP:
        return met_at(scene.name, scene.news, scene.matter, scene.since)
    greeting = _greeting(scene.name)
    letter = _letter(scene.subject)
    if scene.trigger == REPLY:
        if not letter:
            return greeting + say("thank you for your lines; I was glad to have them.")
        return greeting + say("thank you for {letter}; I was glad to have it.", letter=letter)
    if scene.trigger == OUTCOME:
        news = say("I owe you news of {matter}", matter=scene.matter)
        return greeting + news + (f": {scene.news}." if scene.news else ".")
    if scene.trigger in (DORMANT, CHANCE, OUTWARD):
        return greeting + say(
            "{recall}, and wanted to know that you are well. There is no need to answer.", recall=_recall(scene)
        )
    if scene.trigger == INTRODUCE:
        return greeting + scene.news
    if scene.trigger == PREPARE:
        return ""
    if scene.trigger in _OPENERS:
        return greeting + say(_OPENERS[scene.trigger], matter=scene.matter)
    if giving == "introduction" and partner:
        return greeting + say("I thought of you and {partner}, who might enjoy each other's company.", partner=partner)
    if giving in _GIVEN:
        return greeting + say(_GIVEN[giving])
    return greeting + say("{recall} today, and it made me smile.", recall=_recall(scene))


def met_at(name: str, event: str, said: str, days: int) -> str:
    """Return a first line to somebody newly met, some days ago: where it was, and what was said."""
    where = say("at {event}", event=event) if event else _when_met(days)
    about = say("; what you said about {matter} has stayed with me", matter=said) if said else ""
    return _greeting(name) + say("it was good to meet you {where}{about}.", where=where, about=about)


def _greeting(name: str) -> str:
    first = first_name(name)
    return say("Dear {first}, ", first=first) if first else say("Hello, ")


def _birthday(scene: Scene, days: int) -> str:
    turns = say("; they turn {age}", age=scene.turns) if scene.turns else ""
    return say("Their birthday is {when}", when=ahead(days, scene.today)) + turns


def _rhythm(scene: Scene) -> str:
    days = max(1, round(scene.gap))
    if scene.channel in ("meeting", "experience"):
        if not scene.gap:
            return say("You used to see each other now and then")
        often = say("You usually see each other about every {days} days", days=days)
        return say("You usually see each other every day") if days == 1 else often
    if scene.channel == "call":
        if not scene.gap:
            return say("You used to talk now and then")
        often = say("You usually talk about every {days} days", days=days)
        return say("You usually talk every day") if days == 1 else often
    if not scene.gap:
        return say("You used to write now and then")
    often = say("You usually write about every {days} days", days=days)
    return say("You usually write every day") if days == 1 else often


def _place(scene: Scene) -> str:
    if scene.segment == "critical":
        return say("One of your critical few")
    return say("One of the people close to you") if scene.segment == "close" else say("Somebody you know")


def _field(scene: Scene) -> str:
    return scene.about[0][:1].upper() + scene.about[0][1:]


def _lead(scene: Scene) -> str:
    if scene.channel in ("meeting", "experience"):
        return say("See {name}", name=scene.name)
    return say("Call {name}", name=scene.name) if scene.channel == "call" else say("Write to {name}", name=scene.name)


def _gift(scene: Scene, giving: str, partner: str) -> str:
    mind = say("with {letter} in mind", letter=_their_letter(scene.subject))
    if scene.about:
        mind = say("with their work in mind ({work})", work=", ".join(scene.about[:2]))
    if giving == "idea":
        return say("pass on one thing you read or heard lately, {mind}", mind=mind)
    if giving == "help":
        return say("offer one small piece of help, {mind}", mind=mind)
    if giving == "introduction" and partner:
        shared = f" ({scene.about[0]})" if scene.about else ""
        return say(
            "offer to bring them together with {partner}, if they have not met and both would like it",
            partner=partner + shared,
        )
    return _outing(scene) if scene.channel in ("meeting", "experience") else _memory(scene)


def _outing(scene: Scene) -> str:
    day = say("one of these days")
    if scene.today.day <= 25:
        day = say("one of these {month} days", month=month(scene.today.month))
    what = (say("a walk"), say("a meal"), say("an hour over coffee"))[crc32(scene.person.encode()) % 3]
    return f"{what} {day}"


def _memory(scene: Scene) -> str:
    letter = _their_letter(scene.subject)
    if letter:
        return say("a memory of {letter}, or of a good hour together", letter=letter)
    return say("a memory you share, told in two lines")


def _letter(subject: str) -> str:
    theme = topic(subject)
    if not theme:
        return ""
    place = _LETTER_FROM.match(theme)
    return (
        say("your letter from {place}", place=place["place"]) if place else say("your note on “{theme}”", theme=theme)
    )


def _their_letter(subject: str) -> str:
    theme = topic(subject)
    if not theme:
        return ""
    place = _LETTER_FROM.match(theme)
    if place:
        return say("their letter from {place}", place=place["place"])
    return say("their note on “{theme}”", theme=theme)


def _recall(scene: Scene) -> str:
    letter = _letter(scene.subject)
    if letter:
        return say("I was thinking of {letter}", letter=letter)
    return say("I was thinking of our last meeting") if scene.met else say("I was thinking of you")


def _when_met(days: int) -> str:
    return say("yesterday") if days == 1 else say("the other day") if days < 10 else say("the other week")
