"""The language that is spoken: templates said in it, plurals, numbers, dates and lists. English needs no catalogue.

A message is known by its English text, with named fields in braces. What stands in for it in another language is in
`locale/<language>/LC_MESSAGES/amity.mo`, made from the `.po` beside it. The faces say which language is spoken, once
a call; every room below only says. Where the catalogue has no words for a message, it is said in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from gettext import GNUTranslations

ENGLISH = "en"
AUTO = "auto"  # the setting that leaves the language to the browser or the terminal
CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "amity"


class Catalogue(NamedTuple):
    """The words of one language other than English."""

    language: str
    words: GNUTranslations


_spoken: ContextVar[Catalogue | None] = ContextVar("spoken", default=None)


@cache
def known() -> tuple[str, ...]:
    """Return the codes of the languages that Amity speaks, English first."""
    others = (found.parts[-3] for found in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *sorted(others))


def spoken() -> str:
    """Return the code of the language that is spoken now."""
    catalogue = _spoken.get()
    return catalogue.language if catalogue else ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while; one that Amity does not know is English."""
    token = _spoken.set(_catalogue(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Speak a language from now on, within what `speaking` surrounds."""
    _spoken.set(_catalogue(language))


def choose(setting: str, wished: Sequence[str]) -> str:
    """Return the language to speak: what the owner set; where that is "auto", the first wished for that is known.

    A wish is a tag such as "de-AT" (BCP 47) or "de_AT.UTF-8" (POSIX), of which the language alone counts.
    """
    if setting != AUTO:
        return setting if setting in known() else ENGLISH
    languages = (wish.replace("_", "-").partition("-")[0].partition(".")[0].lower() for wish in wished)
    return next((language for language in languages if language in known()), ENGLISH)


def accepted(header: str) -> list[str]:
    """Return the languages that a browser wishes for, dearest first (Accept-Language, RFC 9110)."""
    wishes = []
    for wish in header.split(","):
        tag, _, weight = wish.partition(";")
        _, _, share = weight.partition("=")
        likes = share.strip() or "1"
        if tag.strip() and likes.replace(".", "", 1).isdecimal() and float(likes) > 0:
            wishes.append((-float(likes), tag.strip()))
    return [tag for _, tag in sorted(wishes, key=lambda one: one[0])]


def say(message: str, /, **figures: object) -> str:
    """Say a message, its fields filled in."""
    catalogue = _spoken.get()
    if catalogue is None:
        return message.format(**figures) if figures else message
    return _filled(catalogue, catalogue.words.gettext(message), figures) if message else message


def say_many(one: str, many: str, n: int, /, **figures: object) -> str:
    """Say a message in the form that a number asks for; the number is its field `n`."""
    catalogue = _spoken.get()
    if catalogue is None:
        return (one if n == 1 else many).format(n=n, **figures)
    return _filled(catalogue, catalogue.words.ngettext(one, many, n), {"n": n, **figures})


def quoted(text: str, /) -> str:
    """Put a text into the marks that the language quotes with."""
    return say("“{text}”", text=text)


def plural(one: str, many: str, n: int, /) -> str:
    """Return the form of a message that a number asks for, its fields not filled in."""
    catalogue = _spoken.get()
    if catalogue is None:
        return one if n == 1 else many
    return catalogue.words.ngettext(one, many, n)


def noted(message: str, /, **figures: object) -> str:
    """Say a message in English, to be kept; `retold` says it later in the language that is spoken then."""
    return message.format(**figures) if figures else message


def retold(words: str) -> str:
    """Say words that were kept in English, whatever figures they hold; where no message fits, they stay as they are."""
    catalogue = _spoken.get()
    if catalogue is None or not 0 < len(words) <= _LONGEST:
        return words
    found = catalogue.words.gettext(words)
    if found != words:
        return found
    for shape in _shapes(catalogue.language):
        if words.startswith(shape.begins) and words.endswith(shape.ends) and (held := shape.form.fullmatch(words)):
            # Words within words were kept in English too; a single one may be somebody's name.
            values = {name: retold(value) if " " in value else value for name, value in held.groupdict().items()}
            return shape.said.format_map(values)
    return words


def label(of: str, word: str, /) -> str:
    """Say a bare word that `mark_label` names, such as that of a segment; any other is the owner's, and stays."""
    catalogue = _spoken.get()
    return catalogue.words.pgettext(of, word) if catalogue else word


def mark(message: str, /) -> str:
    """Name a message that is said later, so that it comes into the catalogues; it is returned as it is."""
    return message


def mark_label(of: str, word: str, /) -> str:  # noqa: ARG001
    """Name a bare word that is said later with `label`, so that it comes into the catalogues."""
    return word


def number(figure: float, form: str = ",") -> str:
    """Write a number as the language does; `form` is a format of Python's, such as ",.1f"."""
    return _numeral(_spoken.get(), figure, form)


def day(on: date) -> str:
    """Write a day such as "1 October 1895"."""
    return f"{on.day} {month(on.month)} {on.year}" if _spoken.get() is None else _dated(on, "long")


def weekday(on: date) -> str:
    """Write a day such as "Tuesday, 1 October 1895"."""
    return f"{day_name(on.weekday())}, {day(on)}" if _spoken.get() is None else _dated(on, "full")


def short_day(on: date) -> str:
    """Write a day shortly: "1 Oct 1895"."""
    if _spoken.get() is None:
        return f"{on.day} {month(on.month)[:3]} {on.year}"
    from babel.dates import format_skeleton

    return format_skeleton("yMMMd", on, locale=spoken())


def plain_day(on: date) -> str:
    """Write a day in figures: "1895-10-01"."""
    return on.isoformat() if _spoken.get() is None else short_day(on)


def month_and_year(on: date) -> str:
    """Write a month with its year: "October 1895"."""
    return f"{month(on.month)} {on.year}"


def day_and_month(on: date) -> str:
    """Write a day without its year, such as "1 October"."""
    catalogue = _spoken.get()
    if catalogue is None:
        return f"{on.day} {month(on.month)}"
    from babel.dates import format_skeleton

    return format_skeleton("MMMMd", on, locale=catalogue.language)


def month(of: int, *, short: bool = False) -> str:
    """Return the name of a month, 1 to 12. Raises ValueError for any other."""
    if not 1 <= of <= 12:
        raise ValueError(of)
    if _spoken.get() is None:
        return _ENGLISH_MONTHS[of - 1][:3] if short else _ENGLISH_MONTHS[of - 1]
    return _dated(date(2000, of, 1), "LLL" if short else "LLLL")


def day_name(of: int) -> str:
    """Return the name of a day of the week, 0 for Monday to 6."""
    return _dated(date(2024, 1, 1 + of), "cccc") if _spoken.get() else _ENGLISH_DAYS[of]


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does: "Ana, Bo and Cy"."""
    catalogue = _spoken.get()
    if catalogue is None:
        return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
    from babel.lists import format_list

    return format_list(list(words), locale=catalogue.language)


def own_name(language: str) -> str:
    """Return what a language calls itself, such as "Deutsch"."""
    if language == ENGLISH:
        return "English"
    from babel import Locale

    named = Locale.parse(language).get_display_name()
    return named[:1].upper() + named[1:] if named else language


class _Shape(NamedTuple):
    """How words look that a message makes: what they begin and end with, and what stands in for them."""

    begins: str
    ends: str
    form: re.Pattern[str]
    said: str


@cache
def _shapes(language: str) -> tuple[_Shape, ...]:
    """Return the shapes of all messages with fields, those that tell most by their own words first."""
    catalogue = _catalogue(language)
    found = []
    for message, said in getattr(catalogue.words, "_catalog", {}).items() if catalogue else ():
        if isinstance(message, str) and "{" in message and "\4" not in message:
            parts = _FIELD.split(message)
            literal = "".join(parts[::2])
            if literal.strip():
                found.append((literal, parts, said))
    shapes = []
    for literal, parts, said in sorted(found, reverse=True, key=lambda one: (len(one[0]), one[1])):
        held: set[str] = set()
        form = re.escape(parts[0])
        value = ".+?" if sum(sign.isalpha() for sign in literal) >= _TELLING else r"[\d.,]+"
        for name, after in zip(parts[1::2], parts[2::2], strict=True):
            form += (f"(?P={name})" if name in held else f"(?P<{name}>{value})") + re.escape(after)
            held.add(name)
        shapes.append(_Shape(parts[0], parts[-1], re.compile(form, re.DOTALL), _FIELD.sub(r"{\1}", said)))
    return tuple(shapes)


_FIELD = re.compile(r"\{(\w+)[^{}]*\}")
_LONGEST = 400  # characters of kept words; what is longer quotes others, who could make it slow to be known again
_TELLING = 5  # letters of its own by which a message is known again, whatever it holds; with fewer, figures alone


@cache
def _catalogue(language: str) -> Catalogue | None:
    if language == ENGLISH or language not in known():
        return None
    from gettext import GNUTranslations

    with (CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return Catalogue(language, GNUTranslations(file))


class _Filler(Formatter):
    """Fills in fields as `str.format` does, with numbers as the language writes them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value."""
        if isinstance(value, (int, float)) and format_spec:
            return _numeral(self.catalogue, value, format_spec)
        return format(value, format_spec)


def _filled(catalogue: Catalogue, template: str, figures: dict[str, Any]) -> str:
    return _Filler(catalogue).vformat(template, (), figures) if figures else template


def _numeral(catalogue: Catalogue | None, figure: float, form: str) -> str:
    written = format(figure, form)
    if catalogue is None or not ("," in written or "." in written):
        return written
    from babel.numbers import get_decimal_symbol, get_group_symbol

    signs = {",": get_group_symbol(catalogue.language), ".": get_decimal_symbol(catalogue.language)}
    return "".join(signs.get(sign, sign) for sign in written)


def _dated(on: date, form: str) -> str:
    from babel.dates import format_date

    return format_date(on, form, locale=spoken())


_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
