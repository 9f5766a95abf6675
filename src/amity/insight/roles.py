"""What somebody may be to the owner: client, prospect, colleague, mentor, collaborator, friend or family.

A role is proposed where one sure sign or several weaker ones speak for it, each told with its figure; the owner's
categories and kin count most, then organisations, then words of subjects and hours of meetings. What is missed can be
said by the owner in a word; what is wrong offends, so precision goes before recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from amity.insight.words import ROLES
from amity.language import quoted, say
from amity.model import Reason

ENOUGH = 1.0
SURE, HALF, SLIGHT = 1.0, 0.5, 0.3
SEVERAL = 3  # subjects, or people of one organisation
PROVIDER = 2 / 3  # of all people at one domain: it is where everybody has their mail, and says nothing
OFTEN = 4  # meetings outside of working hours
MANY_DAYS = 20  # of chat

# Our own lists, in English, German and French: words that say what somebody is.
_TITLES: Mapping[str, str] = {
    "client": "client clients customer customers kunde kundin kunden mandant mandantin klient klientin",
    "prospect": "prospect prospects lead leads interessent interessentin interessenten",
    "colleague": "colleague colleagues coworker coworkers kollege kollegin kollegen kolleginnen collègue collègues",
    "mentor": "mentor mentors mentorin doktorvater doktormutter",
    "collaborator": "collaborator collaborators coauthor coauthors co-author co-authors mitautor mitautorin",
    "friend": "friend friends freund freundin freunde freundinnen ami amie amis amies",
    "family": "family familie famille familia relative relatives kin verwandte verwandter verwandtschaft",
}
# What may stand beside such a word without changing it: "my old friends", not "friends of the museum".
_BESIDE = "my our old good close best dear key vip mein meine unser unsere alte gute enge mes mon ma"
# Words that call somebody by their place in the family; a Father or a Sister may be of the cloth.
_KIN = """
mum mom mam mama mami mummy mommy dad daddy papa papi grandma granny grandpa granddad
mutti vati oma opa omi opi tante onkel aunt auntie aunty uncle maman mamie papy cousine
"""
# Words of subjects that the owner sends, or that go both ways.
_INVOICED = "invoice rechnung honorarnote facture"
_OFFERED = "quote quotation angebot kostenvoranschlag offerte devis"
_ADVISED = "advice mentoring mentorship recommendation empfehlungsschreiben ratschlag sprechstunde"
_WROUGHT = """
draft drafts manuscript chapter chapters revision revisions proofs co-authored coauthored joint
entwurf manuskript kapitel druckfahnen korrekturfahnen
"""
_LEISURE = """
birthday dinner party beer beers drinks cinema movie hike hiking barbecue picnic weekend holiday holidays concert
geburtstag abendessen kino wandern wanderung grillen konzert urlaub feier anniversaire dîner vacances
"""
_HOME = "mum mom mama papa dad oma opa family familie famille christmas weihnachten noël easter ostern"
_MARKED = re.compile(r"\s*(?:(?:re|aw|fw|fwd|wg|sv|tr)\s*:\s*)+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = {role: _set(words) for role, words in _TITLES.items()}
KIN, BESIDE = _set(_KIN), _set(_BESIDE)
INVOICED, OFFERED, ADVISED, WROUGHT, LEISURE, HOME = map(
    _set, (_INVOICED, _OFFERED, _ADVISED, _WROUGHT, _LEISURE, _HOME)
)
TELLING = frozenset().union(INVOICED, OFFERED, ADVISED, WROUGHT, LEISURE, HOME)


class Subject(NamedTuple):
    """What one message or meeting was about."""

    way: str  # "sent" | "received" | "met"
    words: str


class Signs(Struct, frozen=True):
    """What is known of one person that may tell what they are to the owner."""

    name: str
    categories: tuple[str, ...] = ()  # as cards and the owner tell them: fields, groups, titles
    organisation: str = ""
    domains: frozenset[str] = frozenset()  # of their mail addresses, public providers left out
    related: tuple[str, ...] = ()  # the label under which a card or the owner tells them as a relative: "sister"
    kin: bool = False  # the owner said so
    subjects: tuple[Subject, ...] = ()  # those that are telling
    after_hours: int = 0  # meetings of few on an evening or a weekend
    office_hours: int = 0
    chat_days: int = 0
    advised: int = 0  # times that they recommended, introduced or helped after being asked
    asked: int = 0  # times that the owner asked them


class Ground(Struct, frozen=True):
    """What is known of the owner, and of all whom they know."""

    family_names: frozenset[str] = frozenset()  # casefolded
    organisation: str = ""
    domains: frozenset[str] = frozenset()
    people_at: Mapping[str, int] | None = None  # how many people have an address at each of the owner's domains
    people: int = 0  # how many have an address at all


class Proposed(NamedTuple):
    """A role with what speaks for it, the strongest sign first."""

    role: str
    weight: float
    because: tuple[Reason, ...]


def propose(signs: Signs, ground: Ground) -> tuple[Proposed, ...]:
    """Propose the roles that enough speaks for, the surest first."""
    found: dict[str, list[Reason]] = {}
    for role, reason in _signs(signs, ground):
        found.setdefault(role, []).append(reason)
    roles = []
    for role, reasons in found.items():
        weight = sum(one.weight for one in reasons)
        if weight >= ENOUGH - 1e-9:
            because = tuple(sorted(reasons, key=lambda one: -one.weight))
            roles.append(Proposed(role, round(min(weight, 2.0), 2), because))
    # Who sends invoices has made the offer before.
    if any(one.role == "client" for one in roles):
        roles = [one for one in roles if one.role != "prospect"]
    return tuple(sorted(roles, key=lambda one: (-one.weight, ROLES.index(one.role))))


def _signs(signs: Signs, ground: Ground) -> Iterator[tuple[str, Reason]]:
    yield from _named(signs)
    yield from _family(signs, ground)
    yield from _work(signs, ground)
    yield from _spoken(signs)
    yield from _leisure(signs)


def _named(signs: Signs) -> Iterator[tuple[str, Reason]]:
    for category in signs.categories:
        said = _words(category)
        for role, titles in TITLES.items():
            if said & titles and said <= titles | BESIDE:
                yield role, Reason(say("a card or you put them under"), quoted(category), SURE)


def _family(signs: Signs, ground: Ground) -> Iterator[tuple[str, Reason]]:
    if signs.kin:
        yield "family", Reason(say("you said that they are family"), "", SURE)
    for relation in signs.related[:1]:
        yield "family", Reason(say("an address book names them as a relative"), relation or say("related"), SURE)
    first = signs.name.split()[0].casefold().strip(".") if signs.name.split() else ""
    if first in KIN:
        yield "family", Reason(say("you call them by their place in the family"), quoted(signs.name), SURE)
    last = signs.name.split()[-1].casefold() if len(signs.name.split()) > 1 else ""
    if last in ground.family_names:
        yield "family", Reason(say("you share a family name"), signs.name.split()[-1], HALF)
    shared = _shared(signs, ground)
    if shared and last in ground.family_names:
        yield "family", Reason(say("you share a mail domain"), shared, HALF)
    home = _about(signs.subjects, HOME)
    if len(home) >= SEVERAL and last in ground.family_names:
        yield "family", Reason(say("you write about the family"), _quoted(home), HALF)


def _work(signs: Signs, ground: Ground) -> Iterator[tuple[str, Reason]]:
    firm = ground.organisation.casefold()
    if firm and signs.organisation.casefold() == firm:
        yield "colleague", Reason(say("you are at the same organisation"), signs.organisation, SURE)
    last = signs.name.split()[-1].casefold() if signs.name.split() else ""
    domain = _shared(signs, ground)
    people = (ground.people_at or {}).get(domain, 0)
    if people >= SEVERAL and last not in ground.family_names:
        yield (
            "colleague",
            Reason(
                say("your addresses are at the same place"),
                say("{domain}, with {people} people", domain=domain, people=people),
                SURE,
            ),
        )
    if signs.office_hours >= OFTEN:
        yield (
            "colleague",
            Reason(say("you meet in working hours"), say("{n} times", n=signs.office_hours), SLIGHT),
        )


def _shared(signs: Signs, ground: Ground) -> str:
    """Return the mail domain that somebody shares with the owner, "" where there is none, or everybody is there."""
    held = ground.people_at or {}
    return min(
        (one for one in signs.domains & ground.domains if held.get(one, 0) <= PROVIDER * ground.people), default=""
    )


def _spoken(signs: Signs) -> Iterator[tuple[str, Reason]]:
    # An answer to an invoice is the payer's, and one that is passed on is for somebody else's books.
    own = [one for one in signs.subjects if one.way == "sent" and not _MARKED.match(one.words)]
    theirs = [one for one in signs.subjects if one.way == "received" and not _MARKED.match(one.words)]
    invoices = _about(own, INVOICED)
    if invoices and not _about(theirs, INVOICED):
        yield "client", Reason(say("you sent them invoices"), _quoted(invoices), SURE if len(invoices) > 1 else HALF)
    offers = _about(own, OFFERED)
    if offers and not _about(theirs, OFFERED):
        yield "prospect", Reason(say("you sent them offers"), _quoted(offers), SURE if len(offers) > 1 else HALF)
        answers = _about([one for one in signs.subjects if one.way == "received"], OFFERED)
        if answers:
            yield "prospect", Reason(say("they answered"), _quoted(answers), HALF)
    advice = _about(signs.subjects, ADVISED)
    if len(advice) >= SEVERAL:
        yield "mentor", Reason(say("you write about advice"), _quoted(advice), HALF)
    if signs.asked and signs.advised >= SEVERAL:
        figure = say("{advised} times, and you asked {asked} times", advised=signs.advised, asked=signs.asked)
        yield (
            "mentor",
            Reason(say("they advised, recommended or opened doors"), figure, HALF if not advice else HALF + SLIGHT),
        )
    wrought = _about(signs.subjects, WROUGHT)
    ways = {one.way for one in wrought}
    if len(wrought) >= SEVERAL and {"sent", "received"} <= ways:
        yield "collaborator", Reason(say("drafts go both ways between you"), _quoted(wrought), SURE)


def _leisure(signs: Signs) -> Iterator[tuple[str, Reason]]:
    if signs.after_hours >= OFTEN and signs.after_hours >= signs.office_hours:
        weight = HALF + SLIGHT if signs.after_hours >= 2 * OFTEN else HALF
        yield (
            "friend",
            Reason(
                say("you meet on evenings and weekends"),
                say("{n} times", n=signs.after_hours),
                weight,
            ),
        )
    leisure = _about(signs.subjects, LEISURE)
    if len(leisure) >= SEVERAL:
        yield "friend", Reason(say("you write about free time"), _quoted(leisure), HALF)
    if signs.chat_days >= MANY_DAYS:
        yield "friend", Reason(say("you chat"), say("on {days} days", days=signs.chat_days), SLIGHT)


@lru_cache(1 << 16)  # the same subjects are looked at again for the next page
def is_telling(subject: str) -> bool:
    """Tell whether a subject holds a word that speaks for a role; few do."""
    return not TELLING.isdisjoint(_words(subject))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _about(subjects: Iterable[Subject], words: frozenset[str]) -> list[Subject]:
    """Return the subjects that hold one of some words, each thread once a way."""
    found: dict[tuple[str, str], Subject] = {}
    for one in subjects:
        if _words(one.words) & words:
            found.setdefault((one.way, _thread(one.words)), one)
    return list(found.values())


def _thread(subject: str) -> str:
    """Return a subject without the marks that say that it answers."""
    return _MARKED.sub("", subject, count=1).casefold().strip()


def _quoted(subjects: Sequence[Subject]) -> str:
    first = subjects[0].words.strip()
    shown = quoted(first if len(first) <= 60 else first[:57] + "…")
    return (
        shown if len(subjects) == 1 else say("{quoted} and {subjects} more", quoted=shown, subjects=len(subjects) - 1)
    )
