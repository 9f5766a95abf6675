"""How the addresses of a person stand: dead, silent, or the one that works."""

from __future__ import annotations

from collections.abc import Mapping
from struct import iter_unpack

from amity.app.desk import Desk
from amity.ledger.timeline import ENTRY, WAY, WAYS
from amity.model import Handle
from amity.people.bounces import BACK_WITHIN, Address, Report, Sent, Switch, Used, failed, judge, switches
from amity.store import bounces, derived, evidence

MOST = 5_000  # reports, the newest, that are looked through
MAIL = ("email",)


def standing(desk: Desk, own: Mapping[int, Handle]) -> dict[int, Address]:
    """Return how each mail address of a person stands, by its number. The derived tables must be fresh."""
    used, sent = _used(desk, own)
    if not used:
        return {}
    addresses = {handle.value: number for number, handle in own.items()}
    who = bounces.reporters(desk.database)
    reports: list[Report] = []
    if who.told:
        hidden = evidence.withdrawn(desk.database)
        reports = [
            Report(addresses[handle.value], found.at, found.values.get("reason", "gone"), found.sentence)
            for found in evidence.findings(desk.database, hidden, desk.end, kind="bounce")
            for handle in found.people
            if handle.value in addresses
        ]
    if who.daemons:
        reports += _by_headers(desk, who.daemons, sent, addresses, {report.at for report in reports})
    return {one.handle: one for one in judge(used, reports)}


def switched(desk: Desk, own: Mapping[int, Handle]) -> list[Switch]:
    """Return where a person began to write from another address, newest first. The derived tables must be fresh."""
    return switches(_used(desk, own)[0])


def _used(desk: Desk, own: Mapping[int, Handle]) -> tuple[list[Used], list[tuple[int, int, int]]]:
    """Return what passed over each mail address, and the owner's messages to them as (handle, time, moment)."""
    mail = [number for number, handle in own.items() if handle.kind in MAIL]
    bodies = dict(derived.strands(desk.database, mail)) if mail else {}
    used: list[Used] = []
    sent: list[tuple[int, int, int]] = []
    end = desk.end
    for number in mail:
        heard: list[int] = []
        written = None
        for at, moment, flags in iter_unpack(ENTRY, bodies.get(number, b"")):
            way = WAYS.get(flags & WAY)
            if at >= end:
                break
            if way == "received":
                heard.append(at)
            elif way == "sent":
                written = at
                sent.append((number, at, moment))
        used.append(Used(number, heard[0] if heard else None, heard[-1] if heard else None, len(heard), written))
    return used, sent


def _by_headers(
    desk: Desk,
    daemons: list[int],
    sent: list[tuple[int, int, int]],
    addresses: Mapping[str, int],
    read: set[int],
) -> list[Report]:
    """Tell by the headers of reports which messages failed; those whose bodies were read are passed over."""
    told = [
        (at, moment)
        for _, body in derived.strands(desk.database, daemons)
        for at, moment, _ in iter_unpack(ENTRY, body)
        if at < desk.end and at not in read
    ]
    near = []
    for at, moment in sorted(told)[-MOST:]:
        about = [one for one in sent if 0 <= at - one[1] <= BACK_WITHIN]
        if about:
            near.append((at, moment, about))
    if not near:
        return []
    ids = {moment for _, moment, _ in near} | {one[2] for _, _, about in near for one in about}
    known = bounces.threaded(desk.database, ids)
    found = []
    for at, moment, about in near:
        report = known[moment]
        named = next((number for address, number in addresses.items() if address in report.subject.casefold()), None)
        candidates = [Sent(number, when, known[one].thread, known[one].parties - 1) for number, when, one in about]
        handle = named if named is not None else failed(candidates, at, report.thread)
        if handle is not None:
            kind = "delayed" if "delay" in report.subject.casefold() else "gone"
            found.append(Report(handle, at, kind, report.subject))
    return found
