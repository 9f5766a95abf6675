"""Matches: who could help whom, of people who do not know each other and whom the owner alone could bring together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from amity.app import introductions
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.fields import Fact, told_of_all
from amity.app.freshness import refresh
from amity.app.known import carded, day_of, imported, is_stale
from amity.app.operation import Effect, operation
from amity.app.people import Named
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.insight import matches as insight
from amity.insight.bands import band
from amity.insight.matches import Told, freshness
from amity.language import label, mark, quoted, say
from amity.ledger.entries import CLOSED, THEM
from amity.ledger.introductions import of_pair
from amity.model import Reason
from amity.plan.today import Waiting
from amity.plan.words import MATCH
from amity.store import acquaintances as store
from amity.store import decisions, search
from amity.store import vectors as store_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEEDS = ("need", "goal", "priority")  # worries are nobody's business but theirs and the owner's
OFFER = "offer"
CARDED = ("X-AMITY-NEED", "X-AMITY-GOAL", "X-AMITY-PRIORITY", "X-AMITY-OFFER", "EXPERTISE")
KNOWN_FOR = 0.8  # of the likeness, where they have not offered it but are known for it
SURE = 0.7  # likeness from which a match is brought up unasked, if it was offered
ACQUAINTED = 0.15  # strength from which two are taken to know each other already
MOST_TEXTS = 20_000  # that a model is asked for
OF_ONE = 3  # matches shown of one need, or of one helper


class MatchLine(Struct, frozen=True):
    """One person who may help another: with what, why, how warm, how fresh."""

    id: str
    person: Named
    need: str
    told: date | None  # when the need was told
    source: str
    helper: Named
    offer: str
    offered: bool  # False where they are only known for it
    score: float  # 0 to 1
    warmth: float  # 0 to 1: of the weaker of the two ties
    freshness: float  # 0 to 1
    because: tuple[Reason, ...]
    act: str


class Matches(Struct, frozen=True):
    """Who could help whom, the best first, and from how much it was found."""

    matches: tuple[MatchLine, ...]
    needs: int
    offers: int
    notes: tuple[str, ...] = ()


class _Need(NamedTuple):
    person: int
    text: str
    on: str  # ISO 8601, "" where it is not known
    source: str


class _Offer(NamedTuple):
    person: int
    text: str
    source: str
    offered: bool


@operation(Effect.READ)
def list_(desk: Desk, person: str = "", limit: int = 20) -> Matches:
    """List who could help whom with what they look for: the best first, of all or of one person.

    Nobody is matched who is not to be analysed, who died, whom the owner has no tie with, or by what is kept private.
    """
    refresh(desk)
    return _found(desk, person, limit, known_for=True)


@operation(Effect.WRITE)
def refuse(desk: Desk, match: str, key: str = "") -> str:
    """Say that a match is none; it is not shown again. Raises AmityError NOT_FOUND for one that there is not."""
    refresh(desk)
    summary = ""
    with desk.database.transaction():
        if earlier := decisions.repeated(desk.database, key, "match_refused", {"match": match}):
            return earlier.summary
        line = next((one for one in _found(desk, "", 1_000, known_for=True).matches if one.id == match), None)
        if line is None:
            raise AmityError(
                Code.NOT_FOUND,
                say("There is no match {match!r}.", match=match),
                say("`amity matches` shows their ids."),
            )
        summary = say(
            "No match: {person} ({need}) and {helper} ({offer})",
            person=line.person.name,
            need=line.need,
            helper=line.helper.name,
            offer=line.offer,
        )
        desk.record(key or decisions.new_key(), "match_refused", summary, {"match": match})
    return summary


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield what may be suggested unasked: a fresh need that somebody else offers help with. Tables must be fresh."""
    seen: set[str] = set()
    for line in _found(desk, "", 50, known_for=False).matches:
        if line.score >= SURE and line.told and line.person.id not in seen:
            seen.add(line.person.id)
            matter = say("an introduction to {name}, who offers: {offer}", name=line.helper.name, offer=line.offer)
            yield line.person.id, Waiting(MATCH, line.told, matter, line.need)


def _found(desk: Desk, person: str, limit: int, *, known_for: bool) -> Matches:
    needs, offers = _told(desk)
    if not needs:
        return Matches((), 0, len(offers), (say(_NOTHING),))
    ties = {row.person: row for row in store.contacts(desk.database)}
    gone = {who for who, word in words_on_ties(desk.database).words.items() if word.state}
    gone.update(store.dead(desk.database))
    live = ties.keys() - gone
    needs = [need for need in needs if need.person in live]
    offers = [offer for offer in offers if offer.person in live]
    if known_for:
        offers += _known_for(desk, live)
    asked, offered = [Told(*need[:2]) for need in needs], [Told(*offer[:2]) for offer in offers]
    near, notes = _by_meaning(desk, asked, offered) if known_for else ([], ())
    best: dict[tuple[int, int], insight.Found] = {}
    for one in (*insight.find(asked, offered), *near):
        before = best.get((one.need, one.offer))
        if before is None or one.score > before.score:
            best[one.need, one.offer] = one
    found = list(best.values())
    lines = list(_lines(desk, needs, offers, found, {who: tie.strength for who, tie in ties.items()}))
    if person:
        from amity.app.people import identify

        who = f"p{identify(desk, person)}"
        lines = [line for line in lines if who in (line.person.id, line.helper.id)]
    return Matches(tuple(_varied(lines))[:limit], len(needs), len(offers), notes if needs else (say(_NOTHING),))


_NOTHING = mark("What people look for is not known yet: note what they ask of you, and their needs and offers.")


def _by_meaning(
    desk: Desk, needs: Sequence[Told], offers: Sequence[Told]
) -> tuple[list[insight.Found], tuple[str, ...]]:
    """Return what the owner's own model finds near, and what there is to say of it; nothing where they have none."""
    if desk.embed is None or not needs or not offers:
        return [], ()
    from amity.insight import embeddings

    texts = list(dict.fromkeys(one.text for one in (*needs, *offers)))
    if len(texts) > MOST_TEXTS:
        return [], (say("Words alone were compared: {texts:,} texts are too many for your model.", texts=len(texts)),)
    try:
        vectors = _vectors(desk, desk.embed, [*embeddings.probes(), *texts])
    except AmityError as error:
        if error.code not in (Code.REFUSED, Code.USAGE):
            raise
        return [], (say("Words alone were compared. {message}", message=error.message),)
    by = embeddings.scale(vectors)
    if by is None:
        return [], (say("Words alone were compared: your model does not tell what belongs together."),)
    return embeddings.find(needs, offers, vectors, by), ()


def _vectors(
    desk: Desk, embed: Callable[[Sequence[str]], Sequence[Sequence[float]]], texts: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of texts, of length 1; those that are not kept yet are asked for, and kept."""
    import numpy as np

    ours = desk.settings
    keys = {
        text: blake2b(f"{ours.meanings_at}\n{ours.meanings_model}\n{text}".encode("utf-8", "replace")).hexdigest()
        for text in texts
    }
    kept = store_vectors.vectors(desk.database, keys.values())
    missing = [text for text, key in keys.items() if key not in kept]
    if missing:
        fresh = np.array(embed(missing), np.float32)
        fresh /= np.maximum(np.linalg.norm(fresh, axis=1, keepdims=True), 1e-12)
        told = {keys[text]: row.tobytes() for text, row in zip(missing, fresh, strict=True)}
        with desk.database.transaction():
            store_vectors.put_vectors(desk.database, told)
        kept |= told
    found = {text: np.frombuffer(kept[key], np.float32) for text, key in keys.items()}
    if len({len(vector) for vector in found.values()}) > 1:
        raise AmityError(
            Code.REFUSED, say("The model gives vectors of other lengths than before."), say("Give it another name.")
        )
    return found


def _lines(
    desk: Desk,
    needs: Sequence[_Need],
    offers: Sequence[_Offer],
    found: Iterable[insight.Found],
    strength: Mapping[int, float],
) -> Iterator[MatchLine]:
    """Yield the matches that may be shown, the best first."""
    found = list(found)
    if not found:
        return
    refused = {str(one.body["match"]) for one in decisions.standing(desk.database, ("match_refused",))}
    processes = introductions.processes_of(desk)
    knows = _acquainted(desk, {(needs[one.need].person, offers[one.offer].person) for one in found})
    people = {person for one in found for person in (needs[one.need].person, offers[one.offer].person)}
    names = {one.person: one.name for one in store.described(desk.database, people)}
    ranked = []
    for one in found:
        need, offer = needs[one.need], offers[one.offer]
        pair = (need.person, offer.person)
        number = _id(names[need.person], need.text, names[offer.person], offer.text)
        if number in refused or frozenset(pair) in knows or of_pair(processes, f"p{pair[0]}", f"p{pair[1]}"):
            continue
        told = day_of(need.on)
        days = 0.0 if told is None else float((desk.today - told).days)
        fresh = freshness(days)
        score = one.score * (1.0 if offer.offered else KNOWN_FOR)
        warmth = min(strength[need.person], strength[offer.person]) / 100
        rank = score * (0.4 + 0.6 * fresh) * (0.4 + 0.6 * warmth)
        because = _because(desk, need, offer, one, names, strength, told)
        line = MatchLine(
            number,
            Named(f"p{need.person}", names[need.person]),
            need.text,
            told,
            need.source,
            Named(f"p{offer.person}", names[offer.person]),
            offer.text,
            offer.offered,
            round(score, 3),
            round(warmth, 3),
            round(fresh, 3),
            because,
            say(
                "Ask {name} whether they would like to meet {second}",
                name=names[need.person],
                second=names[offer.person],
            ),
        )
        ranked.append((-rank, number, line))
    yield from (line for _, _, line in sorted(ranked, key=lambda row: row[:2]))


def _because(
    desk: Desk,
    need: _Need,
    offer: _Offer,
    found: insight.Found,
    names: Mapping[int, str],
    strength: Mapping[int, float],
    told: date | None,
) -> tuple[Reason, ...]:
    """Say why two may help each other, each reason with its figure."""
    did = say("offers") if offer.offered else say("is known for")
    when = say("on a day that is not known") if told is None else say("{n} days ago", n=(desk.today - told).days)
    return (
        Reason(
            say("{name} looks for “{need}”", name=names[need.person], need=need.text), f"{need.source}, {when}", 1.0
        ),
        Reason(f"{names[offer.person]} {did} {quoted(offer.text)}", offer.source, 1.0 if offer.offered else KNOWN_FOR),
        Reason(say("what both name"), ", ".join(_named(need.text, found.shared)), round(found.score, 3))
        if found.shared
        else Reason(
            say("they mean much the same, by your own model"),
            say("{alike:.2f} alike", alike=found.alike),
            round(found.score, 3),
        ),
        *(
            Reason(
                say("your tie with {name} is {band}", name=names[who], band=label("band", band(strength[who]))),
                say("{strength:.0f} of 100", strength=strength[who]),
                0.0,
            )
            for who in (need.person, offer.person)
        ),
        Reason(say("they are not seen to know each other"), say("from your side only")),
    )


def _named(text: str, stems: Sequence[str]) -> list[str]:
    """Return the words of a text that have some stems, as they stand there."""
    return list(dict.fromkeys(word for word in insight.words(text) if insight.stem(word) in stems))


def _varied(lines: Iterable[MatchLine]) -> Iterator[MatchLine]:
    """Yield lines in their order, but few of one need and few of one helper, and two people only once."""
    needs: Counter[tuple[str, str]] = Counter()
    helpers: Counter[str] = Counter()
    pairs: set[tuple[str, str]] = set()
    for line in lines:
        need, pair = (line.person.id, line.need), (line.person.id, line.helper.id)
        if pair in pairs or needs[need] >= OF_ONE or helpers[line.helper.id] >= OF_ONE:
            continue
        pairs.add(pair)
        needs[need] += 1
        helpers[line.helper.id] += 1
        yield line


def _acquainted(desk: Desk, pairs: set[tuple[int, int]]) -> set[frozenset[int]]:
    """Return the pairs who are seen to know each other."""
    from amity.app.acquaintances import pull

    people, known = pull(desk)
    found = set()
    for pair in pairs:
        places = [int(people.searchsorted(person)) for person in pair]
        row = known.row(*places) if all(place < len(people) for place in places) else None
        if row is not None and known.strength[row] >= ACQUAINTED:
            found.add(frozenset(pair))
    return found


# --- what is told ----------------------------------------------------------------------------------------------------


def _told(desk: Desk) -> tuple[list[_Need], list[_Offer]]:
    """Gather what people look for and what they offer, by the owner's word and by cards; nothing that is private."""
    database = desk.database
    said = told_of_all(database, desk.today.isoformat())
    by_cards = carded(desk, CARDED)
    needs, offers = [], []
    for person in sorted({*said, *by_cards}):
        facts: Iterable[Fact] = imported(desk, by_cards.get(person, ()))
        if person in said:
            facts = said[person].applied(person, facts)
        for fact in facts:
            if fact.private:
                continue
            if fact.field in NEEDS and not is_stale(desk, fact.on):
                needs.append(_Need(person, fact.value, fact.on, fact.source))
            elif fact.field == OFFER:
                offers.append(_Offer(person, fact.value, fact.source, offered=True))
    for entry in entries_of(desk):
        asked = entry.kind == "ask" and entry.by == THEM and entry.status not in CLOSED | {"answered"}
        if asked and entry.people and entry.people[0] and not is_stale(desk, entry.on.isoformat()):
            needs.append(_Need(int(entry.people[0][1:]), entry.text, entry.on.isoformat(), "ledger"))
    return needs, offers


def _known_for(desk: Desk, live: Iterable[int]) -> Iterator[_Offer]:
    """Yield what people do, as lists show it: their title, where they are, and their fields."""
    wanted = set(live)
    for one in search.ties(desk.database):
        person = one.person
        if person.id in wanted:
            for text in dict.fromkeys((person.title, person.organisation, *person.body["about"])):
                if text:
                    yield _Offer(person.id, str(text), say("address book"), offered=False)


def _id(*parts: str) -> str:
    return "m" + blake2b("\x1f".join(parts).casefold().encode("utf-8", "replace"), digest_size=5).hexdigest()
