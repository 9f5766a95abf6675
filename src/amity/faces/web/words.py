"""Figures in words: dates, spans, strength and chance, as a page says them."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from amity.app.ties import TieLine
from amity.insight import bands
from amity.language import AUTO, day, day_and_month, label, mark, month, own_name, say, say_many

SEGMENTS = {
    "critical": mark("critical few"),
    "close": mark("close"),
    "many": mark("the many"),
    "dormant": mark("dormant"),
    "unknown": mark("little known"),
}
CHANCES = (
    (0.85, mark("almost certain")),
    (0.6, mark("likely")),
    (0.4, mark("about even")),
    (0.15, mark("less likely than not")),
    (0.0, mark("unlikely")),
)
# Where a tie is heading, and the same where it is known since when.
HEADINGS = {
    "new": (mark("New: you have known each other."), mark("New: you have known each other since {since}.")),
    "rising": (mark("Rising: you are in touch more often than you were."),) * 2,
    "steady": (mark("Steady: it goes on as it has been."),) * 2,
    "fading": (mark("Fading: it has grown quieter."), mark("Fading: it has grown quieter since {since}.")),
    "dormant": (
        mark("Dormant: the silence is longer than your rhythm."),
        mark("Dormant since {since}: the silence is longer than your rhythm."),
    ),
}
WROTE = (mark("You wrote"), mark("They wrote"))
REACHED_OUT = (mark("You reached out"), mark("They reached out"))
PASSED = {"call": (mark("You called"), mark("They called")), "social": REACHED_OUT, "other": REACHED_OUT}
# Pictures of control signs, and the numbers of what steers direction or has no width; lines and tabs stay.
HIDDEN = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {
    code: f"⟨U+{code:04X}⟩"
    for code in (*range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
}
LEAP = 2000  # a year that has every day
YEAR, MONTH, WEEK = 365.25, 30.44, 7  # in days
# One side does so much of it before a page says so.
MOSTLY, BALANCED = 0.62, 0.75


def ago(on: date, today: date) -> str:
    """Say how long ago a day was, in the largest unit of which there are two."""
    days = (today - on).days
    if days < 2:
        return say("today") if days < 1 else say("yesterday")
    if days >= 2 * YEAR:
        return say_many("{n} year ago", "{n} years ago", int(days / YEAR))
    if days >= 2 * MONTH:
        return say_many("{n} month ago", "{n} months ago", int(days / MONTH))
    if days >= 2 * WEEK:
        return say_many("{n} week ago", "{n} weeks ago", days // WEEK)
    return say_many("{n} day ago", "{n} days ago", days)


def partial_date(written: str) -> str:
    """Return an ISO date, possibly without year or day, as people write it; what is no date stays as it is."""
    parts = written.partition("T")[0].replace("--", "", 1).split("-")
    if written.startswith("--") and len(parts) == 1 and len(parts[0]) == 4:
        parts = [parts[0][:2], parts[0][2:]]
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if not all(part.isdecimal() for part in parts):
        return written
    numbers = [int(part) for part in parts]
    try:
        if written.startswith("--"):
            return day_and_month(date(LEAP, *numbers)) if len(numbers) == 2 else month(*numbers)
        if len(numbers) == 2:
            return f"{month(numbers[1])} {parts[0]}"
        return day(date(*numbers)) if len(numbers) == 3 else written
    except (ValueError, TypeError):
        return written


def segment(word: str) -> str:
    """Return a segment as a page says it."""
    return say(SEGMENTS.get(word, word))


def strength(figure: float) -> str:
    """Return the strength of a tie, 0 to 100, as a word."""
    return label("band", bands.band(figure))


def chance(figure: float) -> str:
    """Return a probability as a word."""
    return say(next(word for least, word in CHANCES if figure >= least))


def passed(channel: str, way: str) -> str:
    """Say what a contact was, as seen from the owner."""
    if way == "aside":
        return say("In company")
    if way == "met":
        return say("You went through something together") if channel == "experience" else say("You met")
    ours, theirs = PASSED.get(channel, WROTE)
    return say(ours if way == "sent" else theirs)


def source(named: str) -> str:
    """Return the kind and the last part of the place of a source; the whole path says little."""
    kind, _, place = named.partition(" ")
    return f"{kind} {PurePath(place).name}".strip()


def capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def language_name(code: str) -> str:
    """Return a language as who speaks it calls it, or what leaves it to the browser."""
    return say("automatic") if code == AUTO else own_name(code)


def visible(text: str) -> str:
    """Show what would hide in a text or turn it round: control signs, marks of direction, signs without width."""
    return text.translate(HIDDEN)


def heading(tie: TieLine) -> str:
    """Say in a sentence where a tie is heading."""
    if not tie.turned:
        return say(HEADINGS[tie.momentum][0])
    return say(HEADINGS[tie.momentum][1], since=day(tie.turned))


def balance(tie: TieLine) -> str:
    """Say who reaches out how much."""
    gave, took = tie.sent + tie.met, tie.received + tie.met
    if not tie.sent and not tie.received:
        return say("You know each other from meeting; nothing written is known here.")
    if not gave or not took:
        return say("So far it goes one way: you reach out.") if gave else say("So far it goes one way: they reach out.")
    if tie.reciprocity >= BALANCED:
        return say("About as much goes out as comes back.")
    return say("More goes out than comes back.") if gave > took else say("More comes in than goes back.")


def start(tie: TieLine) -> str:
    """Say who begins; nothing where all that is known are meetings."""
    if not tie.sent and not tie.received:
        return ""
    if tie.initiative >= MOSTLY:
        return say("You are mostly the one who begins.")
    if tie.initiative <= 1 - MOSTLY:
        return say("They are mostly the one who begins.")
    return say("You begin about equally often.")
