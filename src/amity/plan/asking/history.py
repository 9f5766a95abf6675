"""What has been between the owner and the one they ask: told kindly, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from amity.plan.asking.languages import Language
from amity.plan.asking.wording import fill

SILENT = 180  # days without contact after which an ask comes cold
LOOK_BACK = 730  # days of letters that are held against the asks among them
OUTCOMES = ("granted", "declined", "unanswered", "open")


class Deed(Struct, frozen=True):
    """Something given, received or promised on a day, in a few words."""

    on: date
    what: str
    open: bool = False  # a promise that is not kept; a gift whose giver has not heard what came of it


class Asked(Struct, frozen=True):
    """An ask made earlier, and how it ended."""

    on: date
    what: str
    outcome: str = "open"  # "granted" | "declined" | "unanswered" | "open"
    owed: str = ""  # what they have not got for it: "thanks" | "outcome" | ""


class History(Struct, frozen=True):
    """What is known of the owner and one person, as of a day."""

    name: str
    last: date | None = None  # the last contact of any kind, None where there was none
    wrote: tuple[date, ...] = ()  # days on which the owner wrote to them
    given: tuple[Deed, ...] = ()
    received: tuple[Deed, ...] = ()
    asked: tuple[Asked, ...] = ()
    promised: tuple[Deed, ...] = ()  # by the owner to them
    waiting: tuple[Deed, ...] = ()  # what they asked of the owner, who has not answered
    agenda: tuple[str, ...] = ()
    agenda_asked: bool = False  # whether anybody looked what their agenda is
    path: str = ""  # who might bring the two together, where that is warmer
    initiative: float | None = None  # the owner's share of conversation starts, 0 to 1


def _number(n: int, language: Language) -> str:
    names: Sequence[str] = language.wording["numbers"]
    return names[n] if 0 <= n < len(names) else str(n)


def span(days: int, language: Language) -> str:
    """Return a length of time in the unit that people would use for it."""
    units = (("day", 1.0, 14), ("week", 7.0, 60), ("month", 30.44, 700), ("year", 365.25, None))
    unit, length, _ = next(one for one in units if one[2] is None or days < one[2])
    count = round(days / length)
    one, many = language.wording[unit]
    return str(one) if count == 1 else f"{_number(count, language)} {many}"


def ago(day: date, today: date, language: Language) -> str:
    """Return how long ago a day was, in words."""
    days = (today - day).days
    words = language.wording
    if days <= 1:
        return str(words["today"] if days <= 0 else words["yesterday"])
    return fill(words["ago"], {"span": span(days, language)})


def _times(n: int, language: Language) -> str:
    once, twice, more = language.wording["times"]
    return str(once if n == 1 else twice if n == 2 else fill(more, {"n": _number(n, language)}))


def only_asks(history: History, today: date, language: Language) -> str:
    """Say that every letter of the last two years held a request, "" where that is not so."""
    days = sorted(day for day in history.wrote if 0 <= (today - day).days <= LOOK_BACK)
    asks = {ask.on for ask in history.asked}
    if len(days) < 2 or not asks.issuperset(days):
        return ""
    values = {
        "name": history.name,
        "times": _times(len(days), language),
        "span": span(max((today - days[0]).days, 14), language),
    }
    return fill(language.wording["flags"]["cold_ask"]["only_asks"], values)


def cold(history: History, today: date, language: Language) -> str:
    """Say why an ask would come cold, "" where it would not.

    It does when there was no contact yet, when the last one is half a year back, or when all letters so far asked for
    something; a gift since the last ask warms it.
    """
    words = language.wording["flags"]["cold_ask"]
    asked_last = max((ask.on for ask in history.asked), default=date.min)
    warmed = any(deed.on > asked_last and (today - deed.on).days <= SILENT for deed in history.given)
    if history.last is None:
        why = fill(words["never"], {"name": history.name})
    elif warmed:
        return ""
    elif every := only_asks(history, today, language):
        why = every
    elif (today - history.last).days > SILENT:
        why = fill(words["silent"], {"name": history.name, "ago": ago(history.last, today, language)})
    else:
        return ""
    return f"{why} {fill(words['warmer'], {'path': history.path})}" if history.path else why


def open_promises(history: History, today: date, language: Language) -> list[str]:
    """Say which promises to them are open, newest first, three at most."""
    template = language.wording["flags"]["open_promise"]["why"]
    deeds = sorted((deed for deed in history.promised if deed.open), key=lambda deed: deed.on, reverse=True)
    return [
        fill(template, {"name": history.name, "ago": ago(deed.on, today, language), "what": deed.what})
        for deed in deeds[:3]
    ]


def told(history: History, today: date, language: Language) -> tuple[str, ...]:
    """Tell what has been in a few kind sentences."""
    words = language.wording["history"]
    lines = [
        fill(words["last"], {"ago": ago(history.last, today, language)}) if history.last else str(words["never"]),
        only_asks(history, today, language),
    ]

    def latest(deeds: Sequence[Deed], key: str) -> None:
        if deeds:
            deed = max(deeds, key=lambda deed: deed.on)
            lines.append(
                fill(words[key], {"name": history.name, "ago": ago(deed.on, today, language), "what": deed.what})
            )

    latest(history.given, "gave")
    unthanked = [deed for deed in history.received if deed.open]
    latest(unthanked or history.received, "unthanked" if unthanked else "received")
    if history.asked:
        ask = max(history.asked, key=lambda ask: ask.on)
        outcome = words["outcome"][ask.outcome]
        values = {"name": history.name, "ago": ago(ask.on, today, language), "what": ask.what, "outcome": outcome}
        lines.append(fill(words["asked"], values))
        owed = [ask for ask in history.asked if ask.owed]
        if owed:
            ask = max(owed, key=lambda ask: ask.on)
            values = {"name": history.name, "ago": ago(ask.on, today, language), "what": ask.what}
            lines.append(fill(words["owed"][ask.owed], values))
    latest(history.waiting, "waits")
    if history.agenda:
        lines.append(fill(words["agenda"], {"name": history.name, "what": "; ".join(history.agenda[:3])}))
    elif history.agenda_asked:
        lines.append(fill(words["no_agenda"], {"name": history.name}))
    if history.path:
        lines.append(fill(words["warmer"], {"path": history.path}))
    if history.initiative is not None and abs(history.initiative - 0.5) > 0.2:
        lines.append(fill(words["you_start" if history.initiative > 0.5 else "they_start"], {"name": history.name}))
    return tuple(line for line in lines if line)
