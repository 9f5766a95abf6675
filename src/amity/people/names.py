"""Choose one good name for a person from the many spellings under which they appear.

Nothing is invented: a name is cleaned of what is not part of it, turned given name first where it says that it is
written the other way round, and written in capitals and small letters where it was in one of them only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

from amity.model import Handle
from amity.people.nicknames import lines
from amity.people.spellings import plain, read
from amity.sources import encoded


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NO_NAME = re.compile(r"[@\d]|=\?|�|[ÃÂ][\u0080-\u00bf]|https?:")
_MARKS = re.compile(r"[()\[\]<>/|]")
# "Ana Lopez": nothing to tidy. Most names are so, and an import tidies tens of thousands.
_PLAIN = re.compile(
    r"(?!(?:Mrs?|Ms|Dr|Prof|Herr|Frau|Sir|Mme|Mlle|Sr|Sra|Don|Miss) )"
    r"(?:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+ ){1,3}[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+"
)
_PLAIN_TURNED = re.compile(r"([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+), ([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2,})")
_SPACES = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_AROUND = "'\"`´‘’‚‛“”„‟«»‹›*;, "
_ENCODED = re.compile(r"=\?[\w.:-]{1,40}\?[bBqQ]\?[^?]{0,500}\?=")
_ADDRESS = re.compile(r"\s*[<(\[]\s*(?:mailto:)?[^\s<>()\[\]]+@[^\s<>()\[\]]+[>)\]]$")
_PASSED_ON = re.compile(r"\s*[(\[]?\b(?:via|per|über|por|par)\s+[A-Z][^()\[\]]*[)\]]?$")
_BRACKETED = re.compile(r"(?<=[^\W\d_])[.'’]?\s*[(\[][^()\[\]]*[)\]]?$")  # "(Acme)"
_BEHIND = re.compile(r"(?<=[^\W\d_])\s[|/•·–—-]\s.*$")  # "| Acme", "- Acme"
_SPLIT_O = re.compile(r"\b([OD])['’] (?=[A-Z])")  # "O' Riordan"
_TITLE = re.compile(
    r"(?:(?:mrs?|ms|mx|miss|mister|herr|frau|hr|fr|sir|dame|mme|mlle|madame|monsieur|sig|signora?|sra?|srta|señora?|don|doña"
    r"|dhr|mevr|pan|pani|dr|prof|professor|doctor|doktor|mag|ing|dipl-ing|dipl|med|phil|jur|rer|nat|habil|univ-prof"
    r"|г-н|г-жа|д-р|проф)(?:\.\s*|\s+))+",
    re.IGNORECASE,
)
_TITLES = _listed(
    """
    inc ltd llc llp gmbh corp plc co ag kg sa srl bv phd msc bsc mba esq jun jr sen sr ii iii iv md dds cpa pmp rn ma ba
    dr prof germany usa
    """
)
_LAST_FIRST = re.compile(r"([^\W\d_]{3,}(?:['’-][^\W\d_]+)*(?:\s[^\W\d_]{2,})*)\s([^\W\d_]\S*)")
_PARTICLES = _listed(
    """
    van der den de del della di da das do dos du la le les los las von vom zu zum zur af av ten ter y e i und bin ibn al
    el bint abu ben
    """
)
_NUMERALS = frozenset(["ii", "iii", "iv", "vi", "vii", "viii"])
# After "Mac" most names go on in small letters (Mack, Machado, Macek); these do not.
_MAC = re.compile(
    r"mac(?=(?:alister|arthur|aulay|bride|callum|cormack|donald|donell|dougall|duff|ewan|farlane|gregor|innes|intosh|intyre"
    r"|kay|kenna|kenzie|kinnon|laren|lean|leish|lennan|leod|millan|nab|namara|neil|neill|phail|pherson|quarrie|rae|sween"
    r"|sweeney|tavish)$)"
)
_BEYOND_LATIN = "\u0250"
_TURKISH = re.compile(r"[İıŞşĞğ]")


def tidy(name: str) -> str:
    """Take off a display name what is no part of it, and turn "Last, First" and "LAST First" round.

    Off come quotes, addresses, titles, an organisation in brackets or behind a stroke, and who passed a message on.
    """
    for _ in range(4):
        if _PLAIN.fullmatch(name):
            break
        tidied = _tidied(name)
        if tidied == name:
            break
        name = tidied
    return name


def _tidied(name: str) -> str:
    if (match := _PLAIN_TURNED.fullmatch(name)) and _TITLES.isdisjoint(name.lower().split(", ")):
        return f"{match[2]} {match[1]}"
    if "=?" in name and name.isascii():
        name = _ENCODED.sub(lambda word: encoded.header(word[0].encode()), name) or name
    name = _SPACES.sub(" ", name).strip(_AROUND)
    if "@" in name:
        name = _ADDRESS.sub("", name).strip(_AROUND) or name
    if " " not in name:
        return name
    name = _SPLIT_O.sub(r"\1'", name)
    for pattern in (_PASSED_ON, _BRACKETED):
        name = pattern.sub("", name).strip(_AROUND) or name
    if (match := _BEHIND.search(name)) and " " in name[: match.start()]:
        name = name[: match.start()]
    if (title := _TITLE.match(name)) and " " in (rest := name[title.end() :].strip()):
        name = rest
    if "," in name:
        return _turned(name)
    if not name.isupper() and (match := _LAST_FIRST.fullmatch(name)):
        family, given = match.groups()
        # Who writes LOPEZ Ana says which is which; NAGY László stays as Hungarians say it.
        if family.isupper() and not given.isupper() and _plain(given.partition("-")[0]) in lines():
            return f"{given} {cased(family)}"
    return name


def _turned(name: str) -> str:
    """Turn "van der Berg, Jan" round; "Acme, Inc." and "Ana Lopez, PhD" are left alone."""
    family, _, given = (part.strip() for part in name.partition(","))
    words = given.split()
    plain = family and words and "," not in given and len(words) < 4 and len(family.split()) < 5 and "&" not in name
    if not plain or len(given) < 3 or not given[0].isalpha() or (given[0].islower() and not name.islower()):
        return name
    if any(word.strip(".").lower() in _TITLES for word in (*words, *family.split())) or _NO_NAME.search(name):
        return name
    return f"{given} {family}"


def _plain(word: str) -> str:
    return "".join(letter for letter in normalize("NFD", word.casefold()) if not combining(letter))


def _alike(word: str) -> str:
    """Return a word in a form that is the same for Müller, Mueller and Muller, Weiß and Weiss."""
    return plain(word).replace("ae", "a").replace("oe", "o").replace("ue", "u")


def cased(name: str, spelled: Mapping[str, str] | None = None) -> str:
    """Write a name of capitals or of small letters alone in both: McDonald, O'Neill, van der Berg, Jean-Luc, Işık.

    `spelled` says how single words, folded, were written elsewhere; it outranks every rule.
    """
    turkish = _TURKISH.search(name) is not None
    written = []
    for place, word in enumerate(name.split(" ")):
        low = word.replace("I", "ı").replace("İ", "i").lower() if turkish else word.lower()
        if spelled and (known := spelled.get(low)):
            written.append(known)
        elif place and low in _PARTICLES:
            written.append(low)
        elif low in _NUMERALS or (word.count(".") > 1 and word.isupper()):
            written.append(word.upper())
        else:
            written.append(_capital(low, turkish=turkish))
    return " ".join(written)


def _capital(low: str, *, turkish: bool) -> str:
    """Write one word with its capitals, behind hyphens and apostrophes too."""

    def first(piece: str) -> str:
        if turkish and piece[:1] == "i":
            return "İ" + piece[1:]
        if piece[:2] == "ij":
            return "IJ" + piece[2:]
        return piece[:1].upper() + piece[1:]

    if "-" in low:
        return "-".join(_capital(piece, turkish=turkish) for piece in low.split("-"))
    head, mark, tail = low.partition("'") if "'" in low else low.partition("’")
    if mark:  # O'Neill, D'Angelo; Anna's
        return first(head) + mark + (first(tail) if len(head) < 3 and len(tail) > 1 else tail)
    if len(low) > 4 and low.startswith("mc"):
        return "Mc" + first(low[2:])
    if low.startswith("mac") and (mac := _MAC.match(low)):
        return "Mac" + first(low[mac.end() :])
    return first(low)


def quality(name: str) -> int:
    """Rank a spelling: whole names over single words and initials, mixed case over capitals, words over addresses."""
    if not name:
        return -10
    score = 4 if 1 <= name.count(" ") <= 3 or name[0] >= "\u2e80" else 0
    if _NO_NAME.search(name):
        score -= 6
    if not (name.isupper() or name.islower()):
        score += 2
    if _MARKS.search(name):
        score -= 3
    if "." in name or "," in name:
        score -= 1
    return score


def choose(on_cards: Iterable[str], seen: Iterable[tuple[str, int]], handles: Iterable[Handle]) -> str:
    """Choose the name to show: the newest card's, else the best spelling seen (earliest first), else an address.

    Where the newest card has initials that an older one spells out, or capitals alone for what an older one writes in
    both and with its accents, the older one's name is shown; and of two spellings alike that with its accents (Müller
    over Mueller), which machines of ASCII alone take away.
    `seen` are (spelling, first seen) pairs. A name in capitals or small letters alone gets both, as other spellings of
    its words have them.
    """
    seen = list(seen)
    named = [tidy(name) for name in on_cards if name and not (seen and _NO_NAME.search(name))]
    if named:
        full = next((name for name in named[1:] if _spells_out(name, named[0])), named[0])
        return _accented(_polished(full, seen), (*named, *(tidy(name) for name, _ in seen)))
    if len(seen) == 1 and _PLAIN.fullmatch(seen[0][0]):
        return seen[0][0]
    spellings = sorted((-quality(name), first, name) for name, first in ((tidy(name), first) for name, first in seen))
    if spellings and spellings[0][0] < 6:
        return _accented(_polished(spellings[0][2], seen), (name for _, _, name in spellings))
    first_handle = min(handles, key=_readability, default=None)
    if first_handle is not None:
        return first_handle.value
    return spellings[0][2] if spellings else "?"


def _spells_out(name: str, short: str) -> bool:
    """Tell whether a name has the words of another, whole where the other has initials, or in both cases for one."""
    rest = iter(_alike(word).strip(".") for word in name.split())
    initials = 0
    for word in (_alike(word).strip(".") for word in short.split()):
        found = next((other for other in rest if other == word or (len(word) == 1 and other.startswith(word))), "")
        if not found:
            return False
        initials += len(word) == 1 < len(found)
    one_case = (short.isupper() or short.islower()) and not (name.isupper() or name.islower())
    return initials > 0 or (one_case and next(rest, None) is None)


def _accented(name: str, spellings: Iterable[str]) -> str:
    """Return the first spelling that writes the same words of Latin letters with accents where a name has none."""
    if name.isascii():
        for other in spellings:
            if other.isascii() or max(other) >= _BEYOND_LATIN:
                continue
            if other.islower() or any(map(_shouted, other.split(" "))):
                continue
            if [_alike(word) for word in other.split()] == [_alike(word) for word in name.split()]:
                return other
    return name


def _polished(name: str, seen: Iterable[tuple[str, int]]) -> str:
    """Give a whole name in one case its capitals, and a surname in capitals; a single word may be an abbreviation."""
    if " " not in name or _NO_NAME.search(name):
        return name
    whole = name.isupper() or name.islower()
    if not whole and not any(map(_shouted, name.split(" "))):
        return name
    words = (word for spelling, _ in seen for word in tidy(spelling).split(" "))
    spelled = {word.lower(): word for word in words if not (word.isupper() or word.islower())}
    if whole:
        return cased(name, spelled)
    return " ".join(cased(word, spelled) if _shouted(word) else word for word in name.split(" "))


def _shouted(word: str) -> bool:
    return len(word) > 3 and word.isupper() and word.isalpha()


def _readability(handle: Handle) -> tuple[int, str]:
    order = {"name": 0, "email": 1, "handle": 2, "phone": 3, "url": 4}
    return order.get(handle.kind, 9), handle.value


def words(name: str) -> frozenset[str]:
    """Return the words of a name for comparing, folded and without initials."""
    return frozenset(_alike(word) for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 1)


def contradict(one: str, other: str) -> bool:
    """Tell whether two names cannot be one person's: neither holds the other, and neither holds the other's first word.

    A new surname, a title, a second given name or its short form does not part a name; "Ana Miller" and "Bo Miller" are
    a family, as are the elder and the younger of one name.
    """
    elder, younger = read(one).generation, read(other).generation
    if elder and younger and elder != younger:
        return True
    ours, theirs = words(one), words(other)
    if ours <= theirs or theirs <= ours:
        return False
    first, second = _first_word(one), _first_word(other)
    if _alike(first) in theirs or _alike(second) in ours:
        return False
    return lines().get(first, frozenset()).isdisjoint(lines().get(second, frozenset()))


def _first_word(name: str) -> str:
    found = (word for spelling in (tidy(name), name) for word in re.split(r"[\W_]+", spelling.casefold()))
    return next(word for word in found if len(word) > 1)
