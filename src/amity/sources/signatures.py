"""The signature under a mail -> title, organisation, phone and link of its writer, as of that day.

Only a block that bears the writer's own name counts, so that a quoted signature, a motto or an advertisement is
never taken for theirs; of its lines only those whose kind is sure are told. The rest is left out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from amity import handles
from amity.model import Found, Moment, Party, Role
from amity.sources import encoded

LINES = 10  # of a signature
_EVIDENCE = 300  # characters
_LONGEST = 120  # characters of a line of a signature; what is longer is prose
_TAIL = 40  # lines at the end of a mail in which a signature may begin

_DELIMITER = re.compile(r"\s{0,4}(?:- )?--\s*$")
_CLOSING = re.compile(
    r"\W{0,4}(?:(?:(?:with )?(?:kind|kindest|best|warm|warmest|many|all the|friendly|my|very) )?(?:regards"
    r"|wishes|best|thanks|greetings|love|cheers)"
    r"|sincerely(?: yours)?|yours(?: (?:sincerely|truly|faithfully|ever))?|cheers|best|thanks(?: (?:again|a "
    r"lot|so much|in advance|and (?:best )?regards))?"
    r"|thank you(?: (?:again|very much|so much))?|take care|talk soon|ciao|cordially|respectfully|rgds|br|thx"
    r"|warmly|love|hugs|xo+"
    r"|(?:(?:mit )?(?:freundlichen?|besten?|lieben?|herzlichen?|schönen?|viele[nr]?|liebe|beste|herzliche"
    r"|schöne) ){1,3}(?:grü(?:ß|ss)en?|gruß|gruss|dank)"
    r"|(?:freundliche|liebe|viele|beste|herzliche|schöne) grü(?:ß|ss)e(?: aus \w+)?|mfg|lg|vg|bg"
    r"|hochachtungsvoll|danke(?: und (?:lg|liebe grü(?:ß|ss)e))?|alles (?:gute|liebe)|bis bald)"
    r"\W{0,4}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_APART = re.compile(r"\s*[|•·¦▪●]\s*|\t+|\s{3,}|\s*-{2,}\s*|\s+[-–—/]\s+|\s*;\s+")
_COMMA = re.compile(r"\s*,\s+")
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?d|mba|m\.?sc|b\.?sc|m\.?a|b\.?a|dr|prof|jr|sr|ii|iii|esq|ll\.?m|cpa|pe|dipl|ing|mag"
    r"|msc|phd|pmp|cfa)\W*",
    re.IGNORECASE,
)

_PHONE = re.compile(
    r"(?P<label>(?:\b(?:tele)?(?:phone|fon|fax)|\b(?:tel|fax|ph|phone|mobile|mobil|handy|cell(?:ular)?|office"
    r"|work|direct|home|voice|m|t|o|p|c|d|h|f|mob)"
    r"(?:\s(?:phone|line|direct|nr|no|number|office))?)\s{0,2}[.:#]{0,2}\s{0,3})?(?P<number>\+?\(?\d[\d "
    r"().\-/\u00a0–]{5,24}\d)(?!\d)(?P<kind>\s{0,2}\(?\b(?:fax|f)\b\)?)?",
    re.IGNORECASE,
)
_AMERICAN = re.compile(r"(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .\-/]{1,2})\d{3}[ .-]\d{4}")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"']{3,200}|\b(?:[\w-]{2,60}\.)?(?:linkedin\.com/in|github\.com"
    r"|twitter\.com|x\.com|xing\.com/profile)/[\w./%-]{2,100}",
    re.IGNORECASE,
)
_NOT_THEIRS = re.compile(
    r"listinfo|mailman|groups\.(?:yahoo|google)|/lists?[./]|unsubscribe|yahoo\.(?:com|de)/?$|hotmail|msn\.com"
    r"|join\.|freemail|sourceforge\.net/lists"
    r"|aka\.ms|safelinks|avast|avg\.com|get-?outlook|outlook\.com|mailto|virus|calendly\.com|zoom\.us|gnupg"
    r"|pgp|no-?(?:word|mime|html)|attachments|keyserver|w3\.org",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:c[etofmips]o|ciso|(?:co-?)?founder|(?:vice[- ])?president|v\.?p\.?|(?:managing|executive|creative"
    r"|technical|art|research|medical|sales|marketing|regional|associate|"
    r"deputy|program|project)?\s?director|chair(?:man|woman|person)?|(?:general |project |product |account "
    r"|office |sales |marketing |engineering |program |programme |community |case )?manager"
    r"|head of|chief \w+(?: \w+)? officer|chief \w+|partner|principal|owner|professor|lecturer|reader in|dean"
    r"|provost|researcher|scientist|fellow|postdoc(?:toral)?|(?:ph\.?d\.?|doctoral) (?:student|candidate)"
    r"|engineer|developer|programmer|architect|designer|administrator|analyst|consultant|advis[eo]r|attorney"
    r"|lawyer|counsel|solicitor|paralegal|accountant|auditor|editor|journalist|reporter|writer|author"
    r"|coordinator|specialist|assistant|secretary|librarian|curator|teacher|instructor|physician|surgeon"
    r"|nurse|psychologist|therapist|strategist|producer|recruiter|representative|officer|trader|treasurer"
    r"|controller|economist|investor|technician|webmaster|sys(?:tems?)? ?admin|evangelist|supervisor|trainer"
    r"|translator|photographer|technologist"
    r"|geschäftsführer(?:in)?|vorstand|leiter(?:in)?|bereichsleiter(?:in)?|abteilungsleiter(?:in)?"
    r"|referent(?:in)?|berater(?:in)?|professor(?:in)?|wissenschaftliche[rn]? mitarbeiter(?:in)?"
    r"|ingenieur(?:in)?|entwickler(?:in)?"
    r"|rechtsanwalt|rechtsanwältin|steuerberater(?:in)?|redakteur(?:in)?|sachbearbeiter(?:in)?"
    r"|assistent(?:in)?|gründer(?:in)?|inhaber(?:in)?|prokurist(?:in)?|dozent(?:in)?|ärztin|arzt)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:inc|llc|ltd|limited|gmbh|mbh|ag|kg|ohg|e\.\s?v|s\.?a\.?s?|s\.?r\.?l|b\.?v|n\.?v|oy|ab|a/s|plc"
    r"|corp(?:oration)?|company|& co|group|holdings?|partners|associates|university|universität|université"
    r"|universidad|università|"
    r"institute|institut|college|school|academy|akademie|hochschule|foundation|stiftung|laborator(?:y|ies)"
    r"|labs?|bank|hospital|klinik|krankenhaus|ministry|ministerium|agency|agentur|studios?|press|verlag"
    r"|museum|society|council|kanzlei|verein)\b\.?"
    r"|\b(?:consulting|systems|technologies|software|solutions|services|communications|networks|media"
    r"|ventures|capital|studio|design)$",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b(?:inc|ltd|corp|co|s\.a|b\.v|n\.v|e\.\s?v)\.$", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"\b(?:inc|llc|ltd|gmbh|ag|kg|plc|corp|s\.?a|b\.?v|e\.\s?v)\b\.?$|\b(?:university|universität|college"
    r"|institute)\b",
    re.IGNORECASE,
)
_INNER = re.compile(
    r"^(?:department|dept|division|faculty|office|school of|fakultät|abteilung|lehrstuhl|centre for|center "
    r"for|unit|team|group)\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\s+(?:at|@|bei|of the|chez)\s+(?=[A-ZÄÖÜ])")
_PROSE = re.compile(
    r"[!?\"„“]|\.\s+[A-ZÄÖÜ]|\b(?:i|we|you|your|this|is|are|was|will|have|has|he|she|they|ich|wir|ist|sind"
    r"|nicht|und wir|please|bitte|sent from|gesendet)\b",
    re.IGNORECASE,
)
# Mail at these says nothing about where somebody works.
_PUBLIC = frozenset(
    """
    gmail googlemail yahoo ymail hotmail outlook live msn aol icloud me mac gmx web freenet t-online proton protonmail
    mail posteo fastmail comcast earthlink verizon att orange wanadoo free libero virgilio qq 163 126 yandex eircom
    btinternet bigpond shaw rogers
    """.split()  # noqa: SIM905 - a table of words
)
_SECOND_LEVEL = frozenset(("co", "com", "ac", "org", "gov", "edu", "net", "gv", "or"))


class _Lines(NamedTuple):
    """A signature: the rest of the line that bears the name, and the lines below it."""

    evidence: tuple[str, ...]
    below: tuple[str, ...]


def _writer(moment: Moment) -> Party | None:
    return next((party for party in moment.parties if party.role == Role.FROM), None)


def _called(party: Party) -> tuple[str, ...]:
    """Return the words of a writer's name, of the address where no name is given."""
    named = [word.casefold() for word in _WORD.findall(party.name.partition("(")[0]) if not _DEGREE.fullmatch(word)]
    if named and "@" not in party.name:
        return tuple(named)
    local = party.handle.value.partition("@")[0]
    return tuple(word.casefold() for word in re.split(r"[._\-+\d]+", local) if len(word) > 1)


def _bears(line: str, called: tuple[str, ...], *, shortly: bool) -> str | None:
    """Return what follows the writer's name in a line that begins with it, or None where it does not.

    shortly allows the given name alone, as it stands below a closing.
    """
    words = list(_WORD.finditer(line[:_LONGEST]))
    while words and _DEGREE.fullmatch(words[0][0]):
        words.pop(0)
    if not words or len(line[: words[0].start()].strip(" -~*.,_Dr")) > 6:
        return None
    taken = 0
    mine = 0
    for word in words[:5]:
        low = word[0].casefold()
        if low in called:
            mine += 1
        elif len(word[0]) > 1 and not (
            mine == 1 and words[taken + 1 : taken + 2] and words[taken + 1][0].casefold() in called
        ):
            break  # neither theirs, nor an initial, nor a middle name
        elif not mine:
            break
        taken += 1
    while taken and words[taken - 1][0].casefold() not in called:
        taken -= 1
    alone = shortly and mine == taken == len(words) == 1
    if not taken or (mine < min(2, len(called)) and not alone):
        return None
    rest = line[words[taken - 1].end() :]
    if rest[:1] == "." and not rest[1:].strip():
        rest = ""
    if rest and rest[0] not in " ,|-–—/(:;\t•·":
        return None
    if rest[:1] == " " and rest.strip() and not _APART.match(rest) and rest.strip()[0] not in ",(|-–—/•·":
        return None  # "Ana Berg wrote": a sentence
    return rest


def _block(text: str, called: tuple[str, ...]) -> _Lines | None:
    """Return the lines from the writer's name on, below a delimiter, a closing, or at the end of the mail."""
    lines = [line.replace("\xa0", " ").strip() for line in text[-(_TAIL * 200) :].split("\n")][-_TAIL:]
    marks = [at for at, line in enumerate(lines) if _DELIMITER.match(line) or line == "--"]
    for at in marks[-1:]:
        for offset, line in enumerate(lines[at + 1 : at + 4], at + 1):
            rest = _bears(line, called, shortly=len(called) == 1)
            if rest is not None:
                return _taken(lines, offset, rest)
    for at in range(len(lines) - 1, -1, -1):
        if len(lines[at]) < 60 and _CLOSING.fullmatch(lines[at]):
            following = [(index, line) for index, line in enumerate(lines[at + 1 : at + 6], at + 1) if line][:2]
            for index, line in following:
                rest = _bears(line, called, shortly=True)
                if rest is not None:
                    return _taken(lines, index, rest)
            return None
    return None


def _taken(lines: list[str], at: int, rest: str) -> _Lines:
    below: list[str] = []
    blank = 0
    for line in lines[at + 1 : at + 1 + LINES]:
        if not line:
            blank += 1
            if blank > 2:
                break
            continue
        if _DELIMITER.match(line) or line == "--":
            continue
        if len(line) > _LONGEST or re.match(r"[-_=*~]{5,}", line):
            break
        below.append(line)
    first = rest.strip(" ,|-–—/:;\t•·")
    return _Lines((lines[at], *below), ((first,) if first else ()) + tuple(below))


def _phone(text: str) -> str | None:
    """Return the first number of a line that is surely a phone's, as written; faxes are none."""
    for match in _PHONE.finditer(text):
        label = (match["label"] or "").lower()
        number = match["number"].strip()
        digits = sum(map(str.isdigit, number))
        if label.startswith(("f", "telefax")) or match["kind"] or _DATE.fullmatch(number) or not 7 <= digits <= 15:
            continue
        if not label and re.search(r"\bfax\b", text, re.IGNORECASE):
            continue
        before = text[: match.start()].rstrip()
        if before and before[-1].isalnum() and not label:
            continue
        if number.startswith("+") or (label and digits >= 8) or _AMERICAN.fullmatch(number):
            value = handles.phone(number).value
            if len(value) >= 8:
                return number
    return None


def _link(text: str) -> str | None:
    """Return the first link of a line that does not speak of it in prose."""
    for piece in _APART.split(text):
        match = _LINK.search(piece)
        if match is None:
            continue
        link = match[0].rstrip(".,;:!?*_")
        around = [word for word in (piece[: match.start()] + piece[match.end() :]).split() if "@" not in word]
        if len(around) <= 4 and not _PROSE.search(" ".join(around)) and not _NOT_THEIRS.search(link):
            return link
    return None


def _proper(text: str, most: int) -> bool:
    """Tell whether a text can be a title or a name of an organisation: few words, no prose, no address."""
    words = text.split()
    return (
        1 <= len(words) <= most
        and 2 <= len(text) <= 80
        and not _PROSE.search(text)
        and "@" not in text
        and sum(map(str.isdigit, text)) <= 2
        and text[0].isupper()
        and not text.endswith(":")
    )


def _is_organisation(text: str, host: str) -> bool:
    """Tell whether a text names an organisation: by its legal form or kind, or as the writer's mail domain does."""
    if not _proper(text, 8) or _INNER.match(text):
        return False
    if _ORGANISATION.search(text):
        return True
    plain = "".join(_WORD.findall(text)).casefold()
    return (
        len(plain) >= 3
        and len(host) >= 3
        and host not in _PUBLIC
        and (plain == host or (len(host) > 4 and plain.startswith(host) and len(text.split()) <= 3))
    )


def _is_title(text: str) -> bool:
    return _proper(text, 9) and _TITLE.search(text) is not None


def _position(line: str, host: str, values: dict[str, str]) -> None:
    """Take title and organisation from one line, where it holds them and they are not known yet."""
    for piece in _APART.split(line):
        piece = piece.strip(" ,*_()<>")
        if not piece or _LINK.search(piece) or "@" in piece.replace(" @ ", ""):
            continue
        sides = _AT.split(piece, maxsplit=1)
        if len(sides) == 2 and _is_title(sides[0]) and _proper(sides[1], 6):
            values.setdefault("title", sides[0].strip(" ,"))
            values.setdefault("organisation", sides[1].strip(" ,"))
            continue
        if _is_organisation(piece, host) and (not _is_title(piece) or ("," not in piece and _LEGAL_FORM.search(piece))):
            values.setdefault("organisation", piece if _ABBREVIATED.search(piece) else piece.rstrip("."))
            continue
        halves = _COMMA.split(piece, maxsplit=1)
        if len(halves) == 2 and _is_title(halves[0]) and _is_organisation(halves[1], host):
            values.setdefault("title", halves[0])
            values.setdefault("organisation", halves[1])
        elif len(halves) == 2 and _is_title(halves[0]) and not _is_title(halves[1]):
            values.setdefault("title", halves[0])
        elif _is_title(piece):
            values.setdefault("title", piece)


def find(text: str, moment: Moment) -> Found | None:
    """Return what the writer's signature says of them, or None where it says nothing that is sure.

    text is what `bodies.text_of` returns. Values are as written: "title", "organisation", "phone", "url".
    """
    party = _writer(moment)
    if party is None:
        return None
    called = _called(party)
    block = _block(text, called) if called else None
    if block is None:
        return None
    labels = [label for label in party.handle.value.rpartition("@")[2].split(".")[:-1] if label not in _SECOND_LEVEL]
    host = labels[-1] if labels and party.handle.kind == "email" else ""
    values: dict[str, str] = {}
    for line in block.below:
        if "phone" not in values and (phone := _phone(line)):
            values["phone"] = phone
        if "url" not in values and (link := _link(line)):
            values["url"] = link
        _position(line, host, values)
    if not values:
        return None
    evidence = encoded.clean(" / ".join(block.evidence))
    if len(evidence) > _EVIDENCE:
        evidence = evidence[: _EVIDENCE - 1].rstrip() + "…"
    return Found(
        "signature", moment, party.handle, evidence, values={key: encoded.clean(value) for key, value in values.items()}
    )
