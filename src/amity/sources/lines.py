"""What a source yields, as the objects that `amity read --json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from amity.model import Card, ChatLine, Event, Moment, Party, Role, Trouble

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_time(at: int) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC."""
    return (_EPOCH + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _address(address: str) -> str:
    """Return an address with its domain in letters where its name has letters beyond ASCII too (RFC 6531, RFC 5891)."""
    name, mark, domain = address.rpartition("@")
    if name.isascii() or "xn--" not in domain:
        return address
    import idna

    try:
        return name + mark + idna.decode(domain)
    except idna.IDNAError:
        return address


def _people(parties: Iterable[Party], role: Role) -> list[dict[str, str | None]]:
    return [
        {"name": party.name or None, "address": _address(party.handle.value)}
        if party.handle.kind != "name"
        else {"name": party.name or party.handle.value, "address": None}
        for party in parties
        if party.role == role
    ]


def _moment(moment: Moment) -> dict[str, Any]:
    told = moment.told
    more: dict[str, Any] = {}
    if isinstance(told, Event):
        more = {
            "uid": told.uid or None,
            "start": told.start or None,
            "end": told.end or None,
            "all_day": told.all_day,
            "recurring": told.recurring,
            "status": told.status or None,
            "organizer": told.organizer or None,
            "attendees": list(told.attendees),
            "location": told.location or None,
        }
    elif isinstance(told, ChatLine):
        more = {"chat": told.chat or None, "sender": told.sender or None, "system": told.system}
    dated = not (isinstance(told, Event) and not told.start)
    return {
        "channel": moment.channel.word,
        "when": moment_time(moment.at) if dated else None,
        "subject": moment.subject or None,
        "from": _people(moment.parties, Role.FROM),
        "to": _people(moment.parties, Role.TO),
        "cc": _people(moment.parties, Role.CC),
        "message_id": moment.message_id or None,
        "in_reply_to": moment.in_reply_to or None,
        "references": len(moment.references),
        **more,
    }


def _card(card: Card) -> dict[str, Any]:
    # A handle has one spelling for all; who reads this wants the card's own.
    from amity.sources import vcard

    if card.raw.lstrip()[:11].upper() == "BEGIN:VCARD":
        lines = vcard.written(card.raw)
    else:
        kinds = {"EMAIL": "email", "TEL": "phone", "URL": "url"}
        lines = {name: [one.value for one in card.handles if one.kind == kind] for name, kind in kinds.items()}
    return {
        "name": card.name or None,
        "given": card.given or None,
        "family": card.family or None,
        "nicknames": list(card.nicknames),
        "emails": lines["EMAIL"],
        "phones": lines["TEL"],
        "org": (card.position.organisation or None) if card.position else None,
        "title": (card.position.title or None) if card.position else None,
        "addresses": len(card.addresses),
        "birthday": card.birthday or None,
        "uid": card.uid or None,
        "notes": len(card.notes),
        "photos": card.photos,
        "version": card.version or None,
        "urls": lines["URL"],
        "categories": list(card.categories),
    }


def describe(item: Card | Moment | Trouble) -> dict[str, Any]:
    """Return the object of one line: {"card": …}, {"moment": …} or {"trouble": …}."""
    if isinstance(item, Card):
        return {"card": _card(item)}
    if isinstance(item, Moment):
        return {"moment": _moment(item)}
    from amity.sources import ics, mail

    # Set aside, since a contact needs a day; what else the mail or the event says is told all the same.
    if undated := mail.undated(item) if item.reason == mail.UNDATED else ics.undated(item):
        return {"moment": {**_moment(undated), "when": None, "trouble": item.reason}}
    return {"trouble": {"place": item.place, "reason": item.reason}}
