"""In which country somebody is: by the last part of an address, or by a telephone number."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "da", "sv", "nb", "fi", "hu")


def of_address(text: str) -> str:
    """Return the two-letter country whose name an address ends with; "" where it names none.

    A code is not read: CA may be California.
    """
    last = next((part.strip() for part in reversed(text.replace("\n", ",").split(",")) if part.strip()), "")
    return _names().get(last.casefold(), "")


def of_phone(number: str) -> str:
    """Return the two-letter country of a number in international form (E.164), "" where it has none."""
    from phonenumbers import NumberParseException, parse, region_code_for_number

    try:
        return region_code_for_number(parse(number)) or ""
    except NumberParseException:
        return ""


def of(addresses: Iterable[str], numbers: Iterable[str]) -> str:
    """Return where somebody is by what is known of them, an address before a number; "" where it is not known."""
    return next(filter(None, (*map(of_address, addresses), *map(of_phone, numbers))), "")


@cache
def _names() -> dict[str, str]:
    """Return countries by their names in some languages."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2:
                found.setdefault(name.casefold(), code)
    return found
