"""What the columns of an address book are: by their names in several languages, and by what stands in them.

Names come from the exports of Google Contacts (before and since 2023), Outlook (English, German, French, Spanish,
Italian, Dutch), LinkedIn, Dex and Clay. The rest is guessed from the values, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from amity.sources import dates, encoded
from amity.sources.tables import plain

NAMES = ("name", "given", "family", "nickname")
SAMPLE = 1000  # rows that a guess looks at


class Column(NamedTuple):
    """What one column is taken for, and why; a field of "" is kept with the card and not read."""

    column: str
    field: str
    why: str
    group: str = ""  # the parts of one address share it


class Mapping(Struct, frozen=True):
    """What every column of a table is taken for, and in which order its dates are written."""

    columns: tuple[Column, ...]
    day_first: bool = True

    def has(self, *fields: str) -> bool:
        """Tell whether a column is taken for one of these fields."""
        return any(column.field in fields for column in self.columns)


def _table(**fields: str) -> dict[str, str]:
    return {name.strip(): field for field, names in fields.items() for name in names.split(",")}


_NAMED = _table(
    name="name,full name,fullname,display name,contact name,contact,person,anzeigename,vollständiger name,nom complet,"
    "nom affiché,nombre completo,nome completo,volledige naam,weergavenaam,naam",
    given="first name,given name,firstname,first,forename,vorname,prénom,prenom,nombre,nome,voornaam,förnamn",
    middle="middle name,additional name,middle,weitere vornamen,weiterer vorname,zweiter vorname,deuxième prénom,"
    "segundo nombre,secondo nome,tweede voornaam",
    family="last name,family name,surname,lastname,last,nachname,familienname,nom,nom de famille,apellidos,apellido,"
    "cognome,achternaam,efternamn",
    prefix="name prefix,prefix,honorific,salutation,anrede,tratamiento,aanhef",
    suffix="name suffix,suffix,suffixe,sufijo,suffisso,achtervoegsel",
    nickname="nickname,nick name,short name,spitzname,surnom,apodo,soprannome,bijnaam,maiden name",
    email="email,e mail,mail,emails,e mails,email address,e mail address,email addresses,e mail addresses,"
    "primary email,secondary email,work email,home email,personal email,other email,email 1,email 2,email 3,"
    "e mail 2 address,e mail 3 address,e mail adresse,emailadresse,mailadresse,e mail 2 adresse,e mail 3 adresse,"
    "adresse de messagerie,adresse de messagerie 2,adresse de messagerie 3,adresse de courrier,"
    "adresse de courrier 2,adresse de courrier 3,adresse e mail,adresse électronique,adresse mail,courriel,"
    "correo,correo electrónico,dirección de correo electrónico,indirizzo posta elettronica,indirizzo e mail,"
    "e mailadres,e mailadres 2,e mailadres 3,e postadress",
    url="url,urls,web page,webpage,website,websites,web site,homepage,home page,personal web page,business web page,"
    "blog,link,links,sites,webseite,internetseite,page web,site web,página web,sitio web,pagina web,sito web,"
    "webpagina,profile,profiles,profile url,linked in url,linkedin url,facebook url,twitter url",
    linkedin="linked in,linkedin,linkedin profile,linked in profile,person linkedin url",
    twitter="twitter,x,twitter handle,twitter username",
    facebook="facebook",
    instagram="instagram,instagram handle",
    telegram="telegram",
    github="github,git hub",
    organisation="company,companies,organization,organisation,organization name,organisation name,company name,"
    "employer,current company,firma,unternehmen,organisation 1 name,société,entreprise,organización,empresa,compañía,"
    "azienda,società,bedrijf,företag",
    title="job title,title,position,role,occupation,headline,organization title,current position,jobtitel,"
    "funktion,berufsbezeichnung,fonction,poste,cargo,puesto,posizione,qualifica,functie",
    address="address,addresses,home address,work address,business address,mailing address,postal address,adresse,"
    "anschrift,dirección,indirizzo,adres",
    birthday="birthday,birthdate,birth date,date of birth,dob,born,geburtstag,geburtsdatum,anniversaire,"
    "date de naissance,cumpleaños,fecha de nacimiento,compleanno,data di nascita,verjaardag,geboortedatum",
    died="died,date of death,deathdate,deceased,deceased date,gestorben,todestag,sterbedatum",
    note="notes,note,comment,comments,memo,remarks,notizen,notiz,bemerkung,bemerkungen,kommentar,remarques,"
    "commentaires,notas,nota,notitie,notities,opmerkingen,anteckningar,how we met,bio,about,description,beschreibung",
    category="categories,category,labels,label,tags,tag,groups,group,group membership,lists,kategorien,kategorie,"
    "gruppe,gruppen,catégories,categorías,categorie,categorieën",
    photo="photo,photo url,image,image url,picture,avatar,avatar url,profile picture,bild,foto",
    uid="uid,uuid,contact id",
)
# Numbers of somebody else, or of a whole house: as a handle they would make one person of many.
_OTHERS = re.compile(
    r"assist|company main|telefon firma|téléphone société|telex|télex|tty|hörbehindert|malentendant|"
    r"organizational id|government id|isdn|rnis|\b(type|label|typ|name|primary)$|^type\b|display name|angezeigter|"
    r"nom complet de"
)
_PHONE = re.compile(
    r"\b(phones?|phone numbers?|telephones?|tel|mobile|cell|cellular|fax|pager|telefon\w*|mobil\w*|handy|festnetz|"
    r"haupttelefon|autotelefon|"
    r"tél\w*|télécopie|portable|teléfonos?|móvil|celular|telefono|cellulare|telefoon|gsm|whatsapp|callback|rückmeldung|rappel)\b"
)
_HOME = re.compile(r"\b(home|privat|private|domicile|particular|casa|abitazione|thuis|huis|personal)\b")
_WORK = re.compile(r"\b(business|work|office|company|geschäftlich|bureau|trabajo|ufficio|werk|zakelijk)\b")
_OTHER = re.compile(r"\b(other|weitere\w*|autre|otro|otra|altro|altra|overig\w*)\b")
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("street", re.compile(r"\b(street|address line|address 1|strasse|rue|calle|via|straat)\b")),
    (
        "postcode",
        re.compile(r"\b(postal code|post code|postcode|zip|zip code|postleitzahl|plz|code postal|código postal|cap)\b"),
    ),
    ("city", re.compile(r"\b(city|town|locality|ort|stadt|ville|ciudad|città|plaats|woonplaats|weiterer ort)\b")),
    ("country", re.compile(r"\b(country|land|pays|país|paese)\b")),
    (
        "region",
        re.compile(r"\b(state|province|region|county|bundesland|kanton|dép|département|provincia|estado|provincie)\b"),
    ),
    ("pobox", re.compile(r"\b(po box|postfach|boîte postale|b p|apartado)\b")),
)
_GOOGLE = re.compile(
    r"(e mail|phone|address|organization|website|im|relation|event|custom field|external id|calendar link|jot|hobby)"
    r" \d+ (.+)"
)
_GOOGLE_PARTS = {
    "formatted": "address",
    "street": "street",
    "city": "city",
    "po box": "pobox",
    "region": "region",
    "postal code": "postcode",
    "country": "country",
    "extended address": "street",
}
_GOOGLE_FIELDS = {
    ("e mail", "value"): "email",
    ("phone", "value"): "phone",
    ("website", "value"): "url",
    ("organization", "name"): "organisation",
    ("organization", "title"): "title",
}
_NUMBER = re.compile(r" \d+$")

EMAIL_VALUE = re.compile(r"(?<![^@\s<>\"',;])[^@\s<>\"',;]++@[^@\s<>\"',;]+\.[^@\s<>\"',;]+")
PHONE_VALUE = re.compile(r"(?=.*[+(\-/. ])\+?[\d\s().\-/\u00a0]{7,24}")
_URL_VALUE = re.compile(r"(?:https?://|www\.)\S+|[\w\-]+\.(?:com|org|net|io|me|de|fr|at|ch|eu|uk)/\S*", re.IGNORECASE)
_NAME_VALUE = re.compile(r"[^\W\d_][^\d@/\\<>{}]{1,60}")
_DATE_VALUE = re.compile(r"\s*(\d{1,4})([./\-])(\d{1,2})(?:\2(\d{1,4}))?\.?(?:[T ].*)?")
_BORN = re.compile(r"\d{4}(?!\d)|--\d\d|$")
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)")
_YEAR = re.compile(r"\d{4}")
_ISO_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def by_name(header: str, names: Sequence[str]) -> tuple[str, str]:
    """Return the field and the group of address parts that a column's name says, among all the names; "" is none."""
    if match := _GOOGLE.fullmatch(header):
        kind, part = match.groups()
        group = header[: match.start(2)].strip()
        if kind == "address" and part in _GOOGLE_PARTS:
            return _GOOGLE_PARTS[part], group
        if field := _GOOGLE_FIELDS.get((kind, part)):
            return field, ""
    if header == "title" and "job title" in names:
        return "prefix", ""
    if header == "position" and "job title" in names:
        return "", ""
    if header == "titre":
        return ("prefix" if "fonction" in names or names.count("titre") > 1 else "title"), ""
    if header == "name" and "vorname" in names and "nachname" not in names:
        return "family", ""
    if header == "nombre" and not {"apellido", "apellidos"} & set(names):
        return "name", ""
    if header == "nom" and not {"prénom", "prenom"} & set(names):
        return "name", ""
    if header == "nome" and "cognome" not in names:
        return "name", ""
    if header in ("ort", "location", "emplacement"):
        return ("city" if "plz" in names or "strasse" in names else ""), "address"
    if field := _NAMED.get(header) or _NAMED.get(_NUMBER.sub("", header)):
        return field, (header if field == "address" else "")
    if _OTHERS.search(header):
        return "", ""
    for field, pattern in _PARTS:
        if pattern.search(header):
            for group, where in (("home", _HOME), ("work", _WORK), ("other", _OTHER)):
                if where.search(header):
                    return field, group
            return field, "address"
    if _PHONE.search(header) and len(header) < 40:
        return "phone", ""
    return "", ""


def _share(values: Sequence[str], fits: Callable[[str], object]) -> int:
    return sum(1 for value in values if fits(value))


def _digits(value: str) -> bool:
    return sum(map(str.isdigit, value)) >= 3


def _like_mail(value: str) -> bool:
    return EMAIL_VALUE.search(value) is not None


def _like_link(value: str) -> bool:
    return _URL_VALUE.match(value) is not None


def _like_phone(value: str) -> bool:
    return PHONE_VALUE.fullmatch(value) is not None and not _DATE_VALUE.fullmatch(value)


# What a column's values must look like, at least some of them, for its name to be believed.
_EVIDENCE: dict[str, tuple[Callable[[str], bool], str]] = {
    "email": (_like_mail, "mail addresses"),
    "phone": (_digits, "phone numbers"),
    "birthday": (lambda value: _BORN.match(day(value, True)) is not None, "days of birth"),
}
_GUESSED: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("email", _like_mail, "mail addresses"),
    ("url", _like_link, "links"),
    ("phone", _like_phone, "phone numbers"),
)


def _like_name(value: str) -> bool:
    return _NAME_VALUE.fullmatch(value) is not None


def guess(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """Return what each column is taken for, by its name and by the values of a sample of rows, with the reason."""
    names = [plain(name) for name in header]
    found: list[Column] = []
    titles = 0
    for place, (column, name) in enumerate(zip(header, names, strict=True)):
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        field, group = by_name(name, names)
        if name == "titre" and field == "prefix":
            titles += 1
            field = "title" if titles > 1 else "prefix"
        why = "its name" if field else "no field of a card"
        if field in _EVIDENCE and values:
            fits, word = _EVIDENCE[field]
            count = _share(values, fits)
            why = f"its name; {count} of {len(values)} values look like {word}"
            if not count:
                field, why = "", f"named like {word}, but none of {len(values)} values is one"
        elif not field and len(values) >= 2 and not _OTHERS.search(name) and not _GOOGLE.fullmatch(name):
            for kind, fits, word in _GUESSED:
                count = _share(values, fits)
                if count >= 0.8 * len(values):
                    field, why = kind, f"{count} of {len(values)} values look like {word}"
                    break
        found.append(Column(column, field, why, group if field else ""))
    if not any(column.field in NAMES for column in found):
        for place, told in enumerate(found):
            values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
            count = _share(values, _like_name)
            if not told.field and len(values) >= 2 and count >= 0.8 * len(rows) and len(set(values)) > 0.5 * count:
                found[place] = Column(told.column, "name", f"{count} of {len(values)} values look like names")
                break
    days = [
        row[place]
        for place, told in enumerate(found)
        if told.field in ("birthday", "died")
        for row in rows
        if place < len(row)
    ]
    return Mapping(tuple(found), day_first(days, not any(name in _ENGLISH for name in names)))


_ENGLISH = frozenset(("first name", "last name", "given name", "family name", "birthday", "date of birth", "phone"))


def day_first(written: Sequence[str], usual: bool) -> bool:
    """Tell whether dates of numbers alone begin with the day: by those read in one way only, else as is usual."""
    first = last = 0
    for text in written:
        match = _DATE_VALUE.fullmatch(text.strip())
        if match and match[4] and len(match[1]) < 3:
            if match[2] == "." or int(match[1]) > 12 >= int(match[3]):
                first += 1
            elif int(match[3]) > 12 >= int(match[1]):
                last += 1
    return first > last if first != last else usual


def day(text: str, day_first: bool) -> str:
    """Return a day of life in ISO 8601, as precise as it is written: "--05-15" without year, "1985" without day.

    Return "" for a date that stands for none, as Outlook's 0/0/00, and other text as it is.
    """
    text = encoded.clean(text)
    if not text:
        return ""
    if match := _NO_YEAR.fullmatch(text):
        return _iso("--", int(match[1]), int(match[2])) or text
    if _YEAR.fullmatch(text) or _ISO_MONTH.fullmatch(text):
        return text
    if match := _DATE_VALUE.fullmatch(text):
        one, sign, two, three = match.groups()
        if not any(int(part or 0) for part in (one, two, three)):
            return ""
        if len(one) == 4 and three:
            return _iso("--" if one in ("0000", "1604") else one, int(two), int(three)) or text
        if len(one) > 2 or (three and len(three) not in (2, 4)):
            return text
        year = "--" if not three else three if len(three) == 4 else f"{'20' if int(three) < 30 else '19'}{three}"
        month, number = (int(two), int(one)) if day_first or sign == "." else (int(one), int(two))
        return _iso(year, month, number) or _iso(year, number, month) or text
    at = dates.parse(text)
    return date.fromordinal(at // 86400 + dates.EPOCH).isoformat() if at is not None else text


def _iso(year: str, month: int, number: int) -> str:
    try:
        date(2000 if year == "--" else int(year), month, number)
    except ValueError:
        return ""
    return f"--{month:02d}-{number:02d}" if year == "--" else f"{year}-{month:02d}-{number:02d}"
