"""Every figure of the mirror, and the portfolio's sums, against a count by hand over the moments themselves."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from world import NOW

from amity.app import closeness, entries, facts, intake, mirror, people, portfolio, ties
from amity.app.desk import Desk
from amity.app.owner import owner_of
from amity.app.ties import TieLine
from amity.demo import life
from amity.model import Channel, Role, Sign
from amity.store import derived, outgoing
from amity.store.db import open_vault

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mail"
PERSONAL = (Channel.CALL, Channel.MEETING, Channel.LETTER, Channel.EXPERIENCE)
MACHINE = Sign.LIST | Sign.BULK | Sign.AUTO | Sign.UNSUBSCRIBE | Sign.NULL_SENDER | Sign.MAILING


class Contact(NamedTuple):
    person: int
    at: int
    moment: int
    way: str
    channel: int
    group: int


def contacts_by_hand(desk: Desk) -> list[Contact]:
    """Read every moment and say what it was between the owner and each person."""
    database = desk.database
    mine = owner_of(database).numbers
    person_of = derived.belongs(database)
    persons = set(derived.person_ids(database))
    found = []
    for moment in outgoing.moments(database, (), -(1 << 60), desk.end):
        if moment.signs & MACHINE:
            continue
        mutual = moment.channel in (Channel.MEETING, Channel.EXPERIENCE)
        by_me = any(handle in mine and role is Role.FROM for handle, role in moment.parties)
        to_me = any(handle in mine and role is not Role.FROM for handle, role in moment.parties)
        addressed = [handle for handle, role in moment.parties if role in (Role.TO, Role.CC)]
        group = len([1 for handle, _ in moment.parties if handle not in mine]) if mutual else len(addressed)
        ways: dict[int, str] = {}
        for handle, role in moment.parties:
            if handle in mine or role is Role.DELIVERED or person_of.get(handle) not in persons:
                continue
            way = ""
            if mutual and (by_me or to_me):
                way = "met"
            elif not mutual and by_me and handle in addressed:
                way = "sent"
            elif not mutual and not by_me and role is Role.FROM and (to_me or moment.boxed):
                way = "received"
            if way and (to_me or by_me) and group <= 50:
                ways[person_of[handle]] = way
        found += [
            Contact(person, moment.at + desk.offset, moment.id, way, moment.channel, group)
            for person, way in ways.items()
        ]
    return sorted(found, key=lambda one: (one.person, one.at, one.moment))


def day_of(at: int) -> date:
    return date(1970, 1, 1) + timedelta(at // 86_400)


class Hand:
    """The same figures, counted slowly."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.contacts = contacts_by_hand(desk)
        self.days: dict[tuple[int, date], list[Contact]] = defaultdict(list)
        self.of: dict[int, list[Contact]] = defaultdict(list)
        for one in self.contacts:
            self.days[one.person, day_of(one.at)].append(one)
            self.of[one.person].append(one)
        self.entries = entries.balance(desk, limit=10_000).entries
        self.talks = list(self._talks())
        self.ties: dict[int, tuple[TieLine, ...]] = {}
        self.about: dict[int, tuple[str, ...]] = {}

    def ties_at_the_end_of(self, year: int) -> tuple[TieLine, ...]:
        if year not in self.ties:
            self.ties[year] = ties.list_(replace(self.desk, today=min(self.desk.today, date(year, 12, 31))))
        return self.ties[year]

    def fields_of(self, person: int) -> tuple[str, ...]:
        if person not in self.about:
            self.about[person] = people.show(self.desk, f"p{person}").about
        return self.about[person]

    def critical(self, year: int) -> list[int] | None:
        """Ask for the ties as of the year's last day who the critical few were."""
        lines = self.ties_at_the_end_of(year)
        enough = bool(lines) and lines[0].enough
        return [int(one.id[1:]) for one in lines if one.segment == "critical"] or None if enough else None

    def critical_time(self, year: int) -> tuple[int, int]:
        few = self.critical(year)
        rows = [person for person, day in self.days if day.year == year]
        return (0, 0) if few is None else (sum(person in few for person in rows), len(rows))

    def critical_met(self, year: int) -> tuple[int, int]:
        few = self.critical(year)
        if few is None:
            return 0, 0
        met = Counter(
            person
            for (person, day), held in self.days.items()
            if day.year == year and any(one.channel in PERSONAL for one in held)
        )
        return sum(met[person] >= 2 for person in few), len(few)

    def _mine(self, year: int, *kinds: str) -> list[entries.EntryLine]:
        return [one for one in self.entries if one.by == "me" and one.kind in kinds and one.on.year == year]

    def _gifts(self, year: int) -> list[entries.EntryLine]:
        return self._mine(year, "gift", "introduction", "recommendation")

    def gifts_to_asks(self, year: int) -> tuple[int, int]:
        return len(self._gifts(year)), len(self._mine(year, "ask"))

    def cold_asks(self, year: int) -> tuple[int, int]:
        asks = self._mine(year, "ask")
        cold = 0
        for ask in asks:
            who = ask.people[0].id
            touched = any(person == int(who[1:]) and 0 < (ask.on - day).days <= 180 for person, day in self.days)
            gave = any(
                who in {one.id for one in gift.people} and 0 <= (ask.on - gift.on).days <= 180
                for y in (year - 1, year)
                for gift in self._gifts(y)
            )
            cold += not touched and not gave
        return cold, len(asks)

    def only_asked(self, year: int) -> tuple[int, int]:
        asks = self._mine(year, "ask")
        asked = {one.id for ask in asks for one in ask.people}
        found = 0
        for who in asked:
            on = {ask.on for ask in asks if who in {one.id for one in ask.people}}
            reached = {
                day
                for (person, day), held in self.days.items()
                if person == int(who[1:]) and day.year == year and any(one.way != "received" for one in held)
            }
            gave = any(who in {one.id for one in gift.people} for gift in self._gifts(year))
            found += not gave and reached <= on
        return found, len(asked)

    def follow_up(self, year: int) -> tuple[int, int]:
        followed = total = 0
        for held in self.of.values():
            first = day_of(held[0].at)
            if first.year != year or any(one.way != "met" for one in held if day_of(one.at) == first):
                continue
            later = [day_of(one.at) for one in held if one.way != "received" and day_of(one.at) > first]
            done = bool(later) and (min(later) - first).days <= 30
            if done or (self.desk.today - first).days > 30:
                followed, total = followed + done, total + 1
        return followed, total

    def _talks(self) -> Iterator[tuple[Contact, bool]]:
        """Yield each conversation's first message, and whether the other side answered it within thirty days."""
        for held in self.of.values():
            for place, one in enumerate(held):
                if one.way == "met" or (place and one.at - held[place - 1].at <= 4 * 86_400):
                    continue
                other = "received" if one.way == "sent" else "sent"
                answers = [later for later in held[place + 1 :] if later.way in (other, "met")]
                yield one, bool(answers) and (day_of(answers[0].at) - day_of(one.at)).days <= 30

    def starts(self, year: int) -> tuple[int, int]:
        talks = [one.way for one, _ in self.talks if day_of(one.at).year == year]
        return talks.count("sent"), len(talks)

    def _answers(self, year: int, way: str) -> tuple[int, int]:
        talks = [
            done
            for one, done in self.talks
            if one.way == way and day_of(one.at).year == year and (done or (self.desk.today - day_of(one.at)).days > 30)
        ]
        return sum(talks), len(talks)

    def answers(self, year: int) -> tuple[int, int]:
        return self._answers(year, "received")

    def answered(self, year: int) -> tuple[int, int]:
        return self._answers(year, "sent")

    def fields(self, year: int) -> tuple[int, int]:
        touched = {person for person, day in self.days if day.year == year}
        shown = [self.fields_of(person) for person in touched]
        return len({word.casefold() for about in shown for word in about}), len(touched)

    def agendas(self, year: int) -> tuple[int, int]:
        few = self.critical(year)
        if few is None:
            return 0, 0
        known = [any(fact.on <= f"{year}-12-31" for fact in people.show(self.desk, f"p{one}").agenda) for one in few]
        return sum(known), len(few)

    def roles(self, year: int) -> tuple[int, int]:
        said = {int(one.id[1:]): one.said.roles for one in ties.list_(self.desk)}
        six = {"client", "prospect", "colleague", "mentor", "collaborator", "friend"}
        if not any(six & set(roles) for roles in said.values()):
            return 0, 0
        ways: dict[int, set[str]] = defaultdict(set)
        for (person, day), held in self.days.items():
            if day.year == year:
                ways[person] |= {one.way for one in held}
        alive = {person for person, seen in ways.items() if "met" in seen or {"sent", "received"} <= seen}
        return len({role for person in alive for role in said.get(person, ())} & six), 6

    def pushed(self, year: int) -> tuple[int, int]:
        written, pushed = set(), set()
        for person in self.of:
            run: list[date] = []
            for day in sorted({day_of(one.at) for one in self.of[person]}):
                held = self.days[person, day]
                if any(one.way != "sent" for one in held):
                    run = []
                    if any(one.way == "sent" and one.group <= 3 for one in held) and day.year == year:
                        written.add(person)
                elif any(one.group <= 3 for one in held):
                    run = [*run, day] if run and (day - run[-1]).days <= 14 else [day]
                    if day.year == year:
                        written.add(person)
                        if len(run) >= 3:
                            pushed.add(person)
        return len(pushed), len(written)


def agree(desk: Desk, years: set[int] | None = None) -> int:
    """Compare every figure of every year, and return how many figures had something to count."""
    hand = Hand(desk)
    told = 0
    for line in mirror.look(desk).figures:
        for one in line.years:
            if years is None or one.year in years:
                assert (line.name, one.year, one.count, one.of) == (
                    line.name,
                    one.year,
                    *getattr(hand, line.name)(one.year),
                )
                told += bool(one.of)
        behind = mirror.behind(desk, line.name)
        assert (behind.figure.count, behind.figure.of) == (line.count, line.of)
    agree_on_portfolio(hand, years)
    return told


def agree_on_portfolio(hand: Hand, years: set[int] | None) -> None:
    shown = portfolio.show(hand.desk)
    given = Counter(
        (day.year, day.month) for (_, day), held in hand.days.items() if any(one.way != "received" for one in held)
    )
    every = Counter((day.year, day.month) for _, day in hand.days)
    assert {(m.year, m.month): m.given for m in shown.months if m.given} == given
    assert {(m.year, m.month): m.contacts for m in shown.months if m.contacts} == every
    for one in shown.concentration:
        spent = Counter(person for person, day in hand.days if day.year == one.year)
        total = spent.total()
        assert (one.people, one.days) == (len(spent), total)
        for most, share in ((5, one.top5), (15, one.top15), (50, one.top50)):
            assert share == pytest.approx(sum(n for _, n in spent.most_common(most)) / max(total, 1), abs=1e-4)
        entropy = -sum(n / total * log(n / total) for n in spent.values())
        assert one.even == pytest.approx(exp(entropy) if spent else 0, abs=0.01)
    for year in shown.quality:
        end = min(hand.desk.today, date(year.year, 12, 31))
        ways: dict[int, set[str]] = defaultdict(set)
        known = set()
        for (person, day), held in hand.days.items():
            if day <= end:
                known.add(person)
            if end - timedelta(365) < day <= end:
                ways[person] |= {one.way for one in held}
        mutual = sum("met" in seen or {"sent", "received"} <= seen for seen in ways.values())
        assert (year.mutual, year.alive, year.dormant) == (mutual, len(ways) - mutual, len(known) - len(ways))
    for friends in shown.friends:
        if friends.friends is not None and (years is None or friends.year in years):
            at = hand.ties_at_the_end_of(friends.year)
            strong = [
                one
                for one in at
                if one.strength >= 60 and one.momentum != "dormant" and (one.met or (one.sent and one.received))
            ]
            assert friends.friends == len(strong), friends.year


def told_by_the_owner(desk: Desk, names: list[str]) -> None:
    """Let the owner note gifts, asks, roles and agendas over three years."""
    for number, name in enumerate(names):
        for year in (desk.today.year - 2, desk.today.year - 1, desk.today.year):
            for month in range(1, desk.today.month):
                kind = ("ask", "gift", "introduction", "thanks", "ask")[(number + month + year) % 5]
                if (number * month) % 3 == 0:
                    entries.note(desk, kind, [name], f"{kind} {month}", on=f"{year}-{month:02}-{1 + number % 27:02}")
        closeness.tell(desk, name, roles=[("client", "mentor", "friend")[number % 3]])
        if number % 2:
            facts.tell(desk, name, "goal", "to finish the play", on=f"{desk.today.year - number % 3}-02-03")


def test_on_the_demo_every_figure_is_what_a_count_by_hand_gives(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)
    desk = Desk(database, life.TODAY, NOW)
    intake.import_(desk, life.unpack(tmp_path / "files"), me=[life.OWNER_ADDRESS])
    told_by_the_owner(desk, [one.id for one in ties.list_(desk, 12)] + [one.id for one in ties.list_(desk)[400:404]])
    assert agree(desk, {1880, 1888, 1893, 1894, 1895}) > 40


@pytest.mark.skipif(not (SHARED / "enron156_messages.tsv.gz").is_file(), reason="Enron is not beside the repository")
def test_on_enron_every_figure_is_what_a_count_by_hand_gives(tmp_path: Path) -> None:
    """The mail of one employee, who wrote and got most of it, as a table."""
    table = tmp_path / "mail.csv"
    me = write_enron(table)
    database = open_vault(tmp_path / "vault", create=True)
    desk = Desk(database, date(2002, 3, 1), NOW)
    intake.import_(desk, [table], me=[me])
    told_by_the_owner(desk, [one.id for one in ties.list_(desk, 8)])
    assert agree(desk) > 20


def write_enron(table: Path) -> str:
    """Write the messages of the busiest employee as a table of interactions, and return their address."""
    receivers: dict[str, list[str]] = defaultdict(list)
    for number, _, who in _rows("enron156_recipients.tsv.gz"):
        receivers[number].append(who)
    messages = _rows("enron156_messages.tsv.gz")
    busy = Counter(who for number, _, _, _, sender in messages for who in (sender, *receivers[number]))
    (owner, _), *_ = busy.most_common(1)
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("when", "channel", "from", "to", "cc", "subject", "depth", "minutes", "id"))
        for number, _, at, subject, sender in messages:
            if owner in (sender, *receivers[number]):
                to = ";".join(f"Clerk {who} <n{who}@enron.example>" for who in receivers[number])
                when = datetime.fromtimestamp(int(at), UTC).isoformat()
                writer.writerow(
                    (when, "mail", f"Clerk {sender} <n{sender}@enron.example>", to, "", subject, "", "", number)
                )
    return f"n{owner}@enron.example"


def _rows(name: str) -> list[list[str]]:
    with gzip.open(SHARED / name, "rt", encoding="utf-8", errors="replace", newline="") as stream:
        return list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
