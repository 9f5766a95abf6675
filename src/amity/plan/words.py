"""What a suggestion says: the act, why now, what to give, a first sentence. Warm, plain, short; no guilt, no pitch.

Only what is known is said. Nothing here supposes a mailbox or a telephone: people write, call and see each other,
in 1895 as today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from zlib import crc32

REPLY, FADING, FOLLOW_UP, DORMANT, BIRTHDAY, KEEP = "reply", "fading", "follow_up", "dormant", "birthday", "keep"
PROMISE, ASKED, THANKS, OUTCOME = "promise", "asked", "thanks", "outcome"  # open loops of the ledger
INTRODUCE, MATCH = "introduce", "match"  # the next step of an introduction; somebody who could help somebody else
MOVED = "moved"  # a new position, or a new address that took the place of the old one
SEE, LIGHT = "see", "light"  # one of the critical few in person; a line to one of the many
OUTWARD, CHANCE, WARM_UP = "outward", "chance", "warm_up"  # another world, a draw, a first easy line after a pause

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
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
    REPLY: "Answer {name}",
    PROMISE: "Keep your promise to {name}: {matter}",
    ASKED: "See to what {name} asked of you: {matter}",
    THANKS: "Thank {name} for {matter}",
    OUTCOME: "Tell {name} what came of {matter}{news}",
    INTRODUCE: "{matter}",
    MATCH: "Offer {name} {matter}",
    MOVED: "Write to {name}, who is now {matter}",
    FOLLOW_UP: "Write a line to {name} while your meeting is fresh",
    BIRTHDAY: "Wish {name} a happy birthday",
}
_OPENERS = {
    PROMISE: "as I promised: {matter}.",
    ASKED: "you asked about {matter}; I have not forgotten.",
    THANKS: "thank you for {matter}; it was good of you.",
    INTRODUCE: "{news}",
    MATCH: "I kept in mind what you look for, and would gladly offer you {matter}. Shall I ask them?",
    MOVED: "I saw that you are now {matter}; all my good wishes for it.",
    BIRTHDAY: "all my good wishes for your birthday.",
}
_GIVEN = {
    "meet": "it would be good to see you again, whenever a day suits you.",
    "idea": "I came across something that made me think of you.",
    "help": "you came to my mind today; if a hand is of use with anything, you have mine.",
}
_GIFTS = ("idea", "help", "fun", "introduction")  # the four ways of giving, in the order in which they take turns


@dataclass(frozen=True, slots=True)
class Scene:
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
    return _NUMBERS[n] if 0 < n < len(_NUMBERS) else str(n)


def span(days: int) -> str:
    """Return a length of time in the unit that people would use for it."""
    if days < 14:
        count, unit = days, "day"
    elif days < 60:
        count, unit = round(days / 7), "week"
    elif days < 700:
        count, unit = round(days / 30.44), "month"
    else:
        count, unit = round(days / 365.25), "year"
    return f"{number(count)} {unit}{'' if count == 1 else 's'}"


def ago(days: int) -> str:
    """Return how long ago a day was, in words: "yesterday", "six weeks ago"."""
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{span(days)} ago"


def ahead(days: int, today: date) -> str:
    """Return a day to come within the week, in words: "today", "tomorrow", "on Friday, 4 October"."""
    if days < 2:
        return ("today", "tomorrow")[days]
    day = date.fromordinal(today.toordinal() + days)
    return f"on {_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}"


def kind(scene: Scene, taken: frozenset[str], introduce: bool) -> str:
    """Choose what to give: the ways of giving take turns over people and days, and not twice in one plan.

    `introduce` tells whether somebody is known whom the person might enjoy meeting. An introduction, an idea and help
    need something known of the person; fun needs nothing.
    """
    if scene.trigger in (REPLY, FOLLOW_UP, THANKS):
        return scene.trigger
    if scene.trigger in (PROMISE, ASKED):
        return "help"
    if scene.trigger in (INTRODUCE, MATCH):
        return "introduction"
    if scene.trigger == OUTCOME:
        return "ask_update"
    if scene.trigger in (DORMANT, OUTWARD, CHANCE):
        return "reconnect"
    if scene.trigger == SEE:
        return "meet"
    if scene.trigger in (BIRTHDAY, MOVED):
        return "fun"
    if scene.trigger == FADING and scene.met and scene.silence >= max(60.0, 4 * scene.gap) and "meet" not in taken:
        return "meet"  # after a long gap the next contact is a longer one (Bhattacharya 2016)
    known = bool(scene.about or topic(scene.subject))
    possible = [gift for gift in _GIFTS if gift == "fun" or (introduce if gift == "introduction" else known)]
    start = crc32(scene.person.encode()) + scene.today.toordinal()
    turns = [possible[(start + i) % len(possible)] for i in range(len(possible))]
    return next((gift for gift in turns if gift not in taken), turns[0])


def act(scene: Scene, giving: str, partner: str) -> str:
    """Say what to do, and with it what to give."""
    if scene.trigger in _ACTS:
        news = f": {scene.news}" if scene.news else ""
        return _ACTS[scene.trigger].format(name=scene.name, matter=scene.matter, news=news)
    if scene.trigger == DORMANT:
        return f"Write to {scene.name} again, with nothing to ask: {_memory(scene)}"
    if giving == "meet":
        return f"Arrange to see {scene.name}: {_outing(scene)}"
    if scene.trigger == LIGHT:
        giving_by_line = _memory(scene) if giving == "fun" else _gift(scene, giving, partner)
        return f"Send {scene.name} two lines, with nothing to ask: {giving_by_line}"
    return f"{_lead(scene)}, with nothing to ask: {_gift(scene, giving, partner)}"


def why_now(scene: Scene) -> tuple[str, ...]:
    """Say why this person, and why today."""
    lines: list[str] = []
    if scene.trigger == REPLY:
        theme = topic(scene.subject)
        lines.append(f"They wrote to you {ago(scene.since)}" + (f": “{theme}”" if theme else ""))
        lines.append("Nothing has gone back since, on any channel that is known here")
    elif scene.trigger == PROMISE:
        lines.append(f"You promised it {ago(scene.since)}, and it stands open")
    elif scene.trigger == ASKED:
        lines.append(f"They asked {ago(scene.since)}, and have had no answer that is noted")
        lines.append("A no is an answer too")
    elif scene.trigger == THANKS:
        lines.append(f"It was {ago(scene.since)}, and no thanks are noted")
    elif scene.trigger == OUTCOME:
        lines.append(f"It began {ago(scene.since)}, and they have not heard how it went on")
        lines.append("Whoever opened a door likes to know what was behind it")
    elif scene.trigger == INTRODUCE:
        lines.append(f"It has stood so since {ago(scene.since)}" if scene.since < 2 else f"For {span(scene.since)} now")
        lines.append("An introduction goes on when both want it, and only then")
    elif scene.trigger == MATCH:
        lines.append(f"What they look for, as of {ago(scene.since)}: {scene.news}")
        lines.append("You alone know both")
    elif scene.trigger == MOVED:
        lines.append(f"It was noticed {ago(scene.since)}" + (f"; before: {scene.news}" if scene.news else ""))
        lines.append("A change is a moment at which a line is welcome, and at which ties are lost")
    elif scene.trigger == FADING:
        lines.append(f"{_rhythm(scene)}; it has been {scene.silence}" + ("" if scene.gap >= 1.5 else " days"))
        lines.append(_place(scene))
    elif scene.trigger == FOLLOW_UP:
        where = f" at {scene.news}" if scene.news else ""
        lines.append(f"You met {ago(scene.since)}{where}, and are new to each other")
        lines.append("A line soon after is what a first meeting grows from")
    elif scene.trigger == DORMANT:
        lines.append(f"You were in touch on {scene.contact_days} days over {span(scene.span)}, both ways")
        lines.append(f"The last contact was {ago(scene.silence)}")
        lines.append("Nobody can foretell who comes back; a word from you is likely more welcome than you expect")
    elif scene.trigger == BIRTHDAY:
        lines.append(_birthday(scene, scene.since))
    elif scene.trigger == SEE:
        lines.append(_place(scene))
        met = f"You last saw each other {ago(scene.since)}" if scene.met else "As far as is known, you have not met"
        lines.append(met)
        lines.append("Two or three times a year keep such a tie")
    elif scene.trigger == LIGHT:
        lines.append(f"You were last in touch {ago(scene.silence)}")
        lines.append("One of the many, to whom now and then a line is enough")
    elif scene.trigger == OUTWARD:
        lines.append(f"{_field(scene)}: nobody of that field has been in touch with you for a quarter")
        lines.append("One from another world each month; such bridges are the first to go")
    elif scene.trigger == CHANCE:
        lines.append(f"Drawn by lot, for this month; you were last in touch {ago(scene.silence)}")
        lines.append("The unplanned letter sometimes gives most")
    elif scene.trigger == WARM_UP:
        lines.append("You have written to nobody for a while, and the first line is the hardest")
        lines.append("Begin with somebody who will be glad of it")
    else:
        lines.append(f"You were last in touch {ago(scene.silence)}")
        lines.append(f"{_place(scene)}: no occasion is needed")
    if scene.greet and scene.trigger != BIRTHDAY:
        lines.append("Their birthday falls in these days as well")
    return tuple(lines)


def opener(scene: Scene, giving: str, partner: str) -> str:
    """Return a first sentence for the owner to edit; it refers to what is known and asks for nothing."""
    if scene.trigger == FOLLOW_UP:
        return met_at(scene.name, scene.news, scene.matter, scene.since)
    first = first_name(scene.name)
    greeting = f"Dear {first}, " if first else "Hello, "
    letter = _letter(scene.subject)
    if scene.trigger == REPLY:
        return f"{greeting}thank you for {letter or 'your lines'}; I was glad to have {'it' if letter else 'them'}."
    if scene.trigger == OUTCOME:
        return f"{greeting}I owe you news of {scene.matter}" + (f": {scene.news}." if scene.news else ".")
    if scene.trigger in (DORMANT, CHANCE, OUTWARD):
        return f"{greeting}{_recall(scene)}, and wanted to know that you are well. There is no need to answer."
    if scene.trigger in _OPENERS:
        return greeting + _OPENERS[scene.trigger].format(matter=scene.matter, news=scene.news)
    if giving == "introduction" and partner:
        return f"{greeting}I thought of you and {partner}, who might enjoy each other's company."
    if giving in _GIVEN:
        return greeting + _GIVEN[giving]
    return f"{greeting}{_recall(scene)} today, and it made me smile."


def met_at(name: str, event: str, said: str, days: int) -> str:
    """Return a first line to somebody newly met, some days ago: where it was, and what was said."""
    first = first_name(name)
    greeting = f"Dear {first}, " if first else "Hello, "
    where = f"at {event}" if event else _when_met(days)
    about = f"; what you said about {said} has stayed with me" if said else ""
    return f"{greeting}it was good to meet you {where}{about}."


def _birthday(scene: Scene, days: int) -> str:
    turns = f"; they turn {scene.turns}" if scene.turns else ""
    return f"Their birthday is {ahead(days, scene.today)}{turns}"


def _rhythm(scene: Scene) -> str:
    verb = {"meeting": "see each other", "experience": "see each other", "call": "talk"}.get(scene.channel, "write")
    if not scene.gap:
        return f"You used to {verb} now and then"
    days = max(1, round(scene.gap))
    return f"You usually {verb} " + ("every day" if days == 1 else f"about every {days} days")


def _place(scene: Scene) -> str:
    return {"critical": "One of your critical few", "close": "One of the people close to you"}.get(
        scene.segment, "Somebody you know"
    )


def _field(scene: Scene) -> str:
    return scene.about[0][:1].upper() + scene.about[0][1:]


def _lead(scene: Scene) -> str:
    if scene.channel in ("meeting", "experience"):
        return f"See {scene.name}"
    return f"Call {scene.name}" if scene.channel == "call" else f"Write to {scene.name}"


def _gift(scene: Scene, giving: str, partner: str) -> str:
    letter = _letter(scene.subject, "their")
    work = f"their work in mind ({', '.join(scene.about[:2])})" if scene.about else f"{letter} in mind"
    if giving == "idea":
        return f"pass on one thing you read or heard lately, with {work}"
    if giving == "help":
        return f"offer one small piece of help, with {work}"
    if giving == "introduction" and partner:
        shared = f" ({scene.about[0]})" if scene.about else ""
        return f"offer to bring them together with {partner}{shared}, if they have not met and both would like it"
    return _outing(scene) if scene.channel in ("meeting", "experience") else _memory(scene)


def _outing(scene: Scene) -> str:
    month = _MONTHS[scene.today.month - 1]
    day = f"one of these {month} days" if scene.today.day <= 25 else "one of these days"
    return ("a walk", "a meal", "an hour over coffee")[crc32(scene.person.encode()) % 3] + f" {day}"


def _memory(scene: Scene) -> str:
    letter = _letter(scene.subject, "their")
    return f"a memory of {letter}, or of a good hour together" if letter else "a memory you share, told in two lines"


def _letter(subject: str, whose: str = "your") -> str:
    theme = topic(subject)
    if not theme:
        return ""
    place = _LETTER_FROM.match(theme)
    return f"{whose} letter from {place['place']}" if place else f"{whose} note on “{theme}”"


def _recall(scene: Scene) -> str:
    letter = _letter(scene.subject)
    if letter:
        return f"I was thinking of {letter}"
    return "I was thinking of our last meeting" if scene.met else "I was thinking of you"


def _when_met(days: int) -> str:
    return "yesterday" if days == 1 else "the other day" if days < 10 else "the other week"
