"""Figures in words: dates, spans, strength and chance, as a page says them."""

from __future__ import annotations

from calendar import day_name, month_name
from datetime import date
from pathlib import PurePath

from amity.app.ties import TieLine
from amity.insight import bands

MONTHS = tuple(month_name)[1:]
WEEKDAYS = tuple(day_name)
SEGMENTS = {
    "critical": "critical few",
    "close": "close",
    "many": "the many",
    "dormant": "dormant",
    "unknown": "little known",
}
CHANCES = (
    (0.85, "almost certain"),
    (0.6, "likely"),
    (0.4, "about even"),
    (0.15, "less likely than not"),
    (0.0, "unlikely"),
)
# Pictures of control signs, and the numbers of what steers direction or has no width; lines and tabs stay.
HIDDEN = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | {
    code: f"⟨U+{code:04X}⟩"
    for code in (*range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
}
# One side does so much of it before a page says so.
MOSTLY, BALANCED = 0.62, 0.75


def day(on: date) -> str:
    """Return a day such as "1 October 1895"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """Return a day such as "Tuesday, 1 October 1895"."""
    return f"{WEEKDAYS[on.weekday()]}, {day(on)}"


def ago(on: date, today: date) -> str:
    """Say how long ago a day was, in the largest unit of which there are two."""
    days = (today - on).days
    if days < 2:
        return "today" if days < 1 else "yesterday"
    for unit, length in (("years", 365.25), ("months", 30.44), ("weeks", 7)):
        if days >= 2 * length:
            return f"{int(days / length)} {unit} ago"
    return f"{days} days ago"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 letter", "1,204 letters"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def partial_date(written: str) -> str:
    """Return an ISO date, possibly without year or day, as people write it; what is no date stays as it is."""
    parts = written.partition("T")[0].replace("--", "", 1).split("-")
    if written.startswith("--") and len(parts) == 1 and len(parts[0]) == 4:
        parts = [parts[0][:2], parts[0][2:]]
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if not all(part.isdecimal() for part in parts):
        return written
    year = "" if written.startswith("--") else parts.pop(0)
    numbers = [int(part) for part in parts]
    if numbers and not 1 <= numbers[0] <= 12:
        return written
    said = [*(str(number) for number in numbers[1:2]), *(MONTHS[number - 1] for number in numbers[:1]), year]
    return " ".join(word for word in said if word)


def segment(word: str) -> str:
    """Return a segment as a page says it."""
    return SEGMENTS.get(word, word)


def strength(figure: float) -> str:
    """Return the strength of a tie, 0 to 100, as a word."""
    return bands.band(figure)


def chance(figure: float) -> str:
    """Return a probability as a word."""
    return next(word for least, word in CHANCES if figure >= least)


def passed(channel: str, way: str) -> str:
    """Say what a contact was, as seen from the owner."""
    if way == "aside":
        return "In company"
    if way == "met":
        return "You went through something together" if channel == "experience" else "You met"
    verb = {"call": "called", "social": "reached out", "other": "reached out"}.get(channel, "wrote")
    return f"{'You' if way == 'sent' else 'They'} {verb}"


def source(named: str) -> str:
    """Return the kind and the last part of the place of a source; the whole path says little."""
    kind, _, place = named.partition(" ")
    return f"{kind} {PurePath(place).name}".strip()


def visible(text: str) -> str:
    """Show what would hide in a text or turn it round: control signs, marks of direction, signs without width."""
    return text.translate(HIDDEN)


def heading(tie: TieLine) -> str:
    """Say in a sentence where a tie is heading."""
    since = f" since {day(tie.turned)}" if tie.turned else ""
    return {
        "new": f"New: you have known each other{since}.",
        "rising": "Rising: you are in touch more often than you were.",
        "steady": "Steady: it goes on as it has been.",
        "fading": f"Fading: it has grown quieter{since}.",
        "dormant": f"Dormant{since}: the silence is longer than your rhythm.",
    }[tie.momentum]


def balance(tie: TieLine) -> str:
    """Say who reaches out how much."""
    gave, took = tie.sent + tie.met, tie.received + tie.met
    if not tie.sent and not tie.received:
        return "You know each other from meeting; nothing written is known here."
    if not gave or not took:
        return "So far it goes one way: you reach out." if gave else "So far it goes one way: they reach out."
    if tie.reciprocity >= BALANCED:
        return "About as much goes out as comes back."
    return "More goes out than comes back." if gave > took else "More comes in than goes back."


def start(tie: TieLine) -> str:
    """Say who begins; nothing where all that is known are meetings."""
    if not tie.sent and not tie.received:
        return ""
    if tie.initiative >= MOSTLY:
        return "You are mostly the one who begins."
    if tie.initiative <= 1 - MOSTLY:
        return "They are mostly the one who begins."
    return "You begin about equally often."
