"""Tell robots, newsletters, mailing lists, ticket systems and role addresses from persons, each with its reasons.

The owner's verdict outranks all of it. A person who writes through a list stays a person, and so does whoever the
owner ever wrote to or met, unless the address itself says that nobody reads what is sent there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from amity.language import mark, noted
from amity.model import Handle, Reason, Traffic
from amity.people.nicknames import commonness, lines

Kind = Literal["robot", "list", "role"]

NO_REPLY = re.compile(
    r"^(?:.*[-._+])?(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?(?:reply|use|respond)|nobody|mailer-?daemon|postmaster|bounces?"
    r"|auto-?(?:reply|mailer|confirm|respond(?:er)?|notify)|unsubscribe|listserv|majordomo|mailman-bounces"
    r"|(?:bitte-?)?nicht-?antworten|keine-?antwort|ne-?pas-?repondre|no-?(?:responder?|contestar|conteste)"
    r"|non-?rispondere|na?o-?respond[ae]r?|(?:niet|niet-be)-?antwoorden|svara-?(?:ej|inte)|dev-?null)\d*(?:[-._+].*)?$"
)
AUTOMATIC = re.compile(
    r"^(?:(?:notifications?|notify|alerts?|newsletters?|news|updates?|digest|automated|daemon|root|cron|system|robot|bot|list"
    r"|announce|mailings?|distribution|tips|e-?mail|mailer|noticias|service|tracking|orders?|invoices?|receipts?|statements?|marketing|offers?"
    r"|promo(?:tion)?s?|deals|e-?zine|e-?news|info-?(?:mail|letter|brief)|rundbrief|rundschreiben|angebote?|aktion(?:en)?"
    r"|benachrichtigung(?:en)?|bestell(?:ung|service)(?:en)?|rechnung(?:en)?|versand|lettre|actu(?:alite)?s?|offres?"
    r"|commandes?|factures?|boletin(?:es)?|ofertas?|avisos?|alertas?|notificacion(?:es)?|pedidos?|facturas?|notizie|offerte"
    r"|ordini|avvisi|nieuwsbrief|aanbiedingen|nyhetsbrev|nyhedsbrev|uutiskirje|newsflash|bulletin|confirm(?:ation)?s?"
    r"|verif(?:y|ication)|registration|welcome|shipping|shipment|delivery|dispatch|bookings?|reservations?|payments?"
    r"|rewards?|surveys?|subscriptions?|subscribers?|calendar-?(?:notification|server)?|monitor(?:ing)?|nagios|jenkins"
    r"|logwatch|logcheck|anacron|backups?|printer|scanner|fax|voice-?mail|mailman|sympa|ezmlm|smartlist|listproc"
    r"|password|webmail-?notification)(?:[-._+0-9].*)?"
    r"|owner-.+|.+-(?:request|bounces|owner|subscribe|return|digest|announce|confirm|newsletter))$"
)
ROLE = re.compile(
    r"^(?:info|contact|kontakt|hello|hi|office|buero|admin|administrator|support|help|helpdesk|sales|vertrieb|billing|accounts?"
    r"|accounting|finance|hr|jobs|careers|team|webmaster|hostmaster|abuse|security|service|kundenservice|customer-?service|press"
    r"|presse|media|feedback|enquir(?:y|ies)|inquir(?:y|ies)|reception|secretariat|sekretariat|owner|editor|redaktion"
    r"|(?:e-?mail|web)?-?(?:anfragen?|kundendienst|kundenbetreuung)|zentrale|empfang|verwaltung|buchhaltung|bewerbung(?:en)?"
    r"|datenschutz|privacy|legal|compliance|noc|registrar|admissions|alumni|events?|conference|membership|members"
    r"|customer-?(?:care|support|relations)|client-?services?|tech-?support|it-?support|service-?desk|public-?relations"
    r"|contacto|contato|contatti|contatto|ventas|vendas|vendite|administracion|amministrazione|comptabilite|accueil"
    r"|secretaria|segreteria|recrutement|redaction|redaccion|redazione|prensa|stampa|atencion|soporte|suporte|assistenza"
    r"|klantenservice|kundtjanst|kundeservice|asiakaspalvelu|biuro|reservas|prenotazioni|letters|subscriptions)$"
)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words inside a local part or a host that only senders to many use: "calendar-notification", "alerts.weather.example".
_SENDERS = _listed(
    """
    alert alerts announce announcement announcements autotracker bot bulletin campaign campaigns cron daemon
    daily dailies deals digest digests enews enewsletter invitation invitations invite invites listmanager
    listadmin mailbot mailer mailing mailinglist mailings maillist marketing membership news newsletter
    newsletters notice notices notification notifications notifier notify offers owner promo promotion
    promotions receipts reminder reminders reply replies request robot rss rssfeeds specials subscribe
    subscriber subscribers subscription subscriptions survey trivia update updates weekly
    """
)
_HOSTS = _SENDERS | _listed(
    """
    bounce bounces email emails enews envelope lists listserv mailout mailsender mktg e em links notif sendgrid
    mailgun mandrillapp amazonses
    """
)
_LISTS = _listed(
    "list lists talk devel developers users discuss discussion announce mailinglist googlegroups yahoogroups"
)
_SYSTEMS = _listed("atlassian bugzilla freshdesk helpdesk helpscout intercom jira otrs servicedesk tickets zendesk")
_TICKETS = _listed("ticket case cases issue issues bugs support")
_MARKED = _SENDERS | _SYSTEMS | _TICKETS
# Providers at whose domains anybody has a mailbox: their name says nothing of who writes, nor do figures.
PUBLIC = _listed(
    """
    126 139 163 189 aol bluewin btinternet comcast fastmail free freenet gmail gmx googlemail hotmail hushmail
    icloud laposte libero live mac mailbox msn orange outlook pobox posteo proton protonmail qq rambler
    rediffmail sina t-online verizon wanadoo web yahoo yandex yeah ymail zoho
    """
)
# Words of a display name that no person's holds.
_TITLES = _SENDERS.union(
    _SYSTEMS,
    _listed(
        """
    academy advisory airlines announcements association automatic bank blog books calendar campaign catalog
    center centre chronicle club college committee community company conference conferences contest corporation
    council customer customers daily day department desk developer developers digital edition editorial editors
    enterprise event events express festival flash forum foundation games gazette gmbh group headlines helpdesk
    herald hotel hotels inc institute insurance international jobs journal library limited list llc ltd magazine
    mail mailman manager market media membership movie movies museum music network newspaper noreply notifier
    offer online onlineshop organisation organization party podcast post press products radio registrar release
    releases report review school seminar service services shop shopping society software sports staff stiftung
    store studio subscribers subscription support sweepstakes system systems team technologies technology
    theater theatre tickets times tips today tracker training travel tribune tv university verein verlag via
    warranty web webinar webshop weekly abuse accounting accounts admin administrator billing buero careers
    contact editor enquiries feedback finance hello help hostmaster info inquiries kontakt kundenservice office
    owner presse reception redaktion sales secretariat security sekretariat vertrieb webmaster
    """
    ),
)
_VIA = re.compile(r"\bvia\b", re.IGNORECASE)
# What no person's display name holds: an article before it, a mark of exclamation, a domain.
_ODD = re.compile(r"^the\s|\bof the\b|\bfor\s|[!™®@]|\bvia\b|\.\s?(?:com|net|org|info|biz|[a-z]{2})$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_ANYBODYS = frozenset(("mail", "gov", "edu", "com"))
_DIGIT = re.compile(r"\d")
_MADE = re.compile(r"\d{7,}|(?=[0-9a-f]*\d[0-9a-f]*[a-f])[0-9a-f]{12,}|(?:[-._#+=][a-z]*\d[\w-]*){3,}|^\d+\.\d+")
_HUMAN_TAG = re.compile(r"(?:\+dated\+|[-+](?:exp|dated|tmda|keyword|confirm)[-+])")
_PREFIXED = _listed("the of and for at your from to a an by der die das el los")
MOST = 0.8
# A mailbox that sent this much to the owner and was never once written to is read, not known.
ONE_WAY = 50
# Posts on which a list stands that the owner writes to.
POSTS = 3
ENOUGH = 0.6
_NAMED_AFTER = mark("the address is named after what it sends")
_NO_PERSON = mark("its name is no person's")


class Finding(NamedTuple):
    """What a handle is if it is no person, and why."""

    kind: Kind
    because: tuple[Reason, ...]


class Spelled(NamedTuple):
    """What an address and the names beside it say, without what passed over it."""

    for_machine: tuple[Reason, ...]
    personal: bool  # the name is a person's
    automatic: bool  # the address is named after what it sends
    human: bool  # it is a person's, or may be: nothing speaks against it


_PERSONS = Spelled((), personal=True, automatic=False, human=True)


def judge(
    handle: Handle, traffic: Traffic, *, in_address_book: bool, names: Sequence[str] | None = None
) -> Finding | None:
    """Say what a handle is if no person stands behind it, else None.

    `names` are those that it was seen under, None where that is not known.

    Only e-mail addresses are judged. Sources: RFC 2369 (List-*), RFC 2076 (Precedence), RFC 3834 (Auto-Submitted),
    RFC 2142 (role mailboxes, and a list's own), RFC 5321 §4.4 (Return-Path). Reasons whose weights sum up to less than
    ENOUGH make no machine.
    """
    if handle.kind != "email":
        return None
    local, _, domain = handle.value.partition("@")
    if NO_REPLY.match(local):
        return Finding("robot", (Reason(mark("the address says that nobody reads replies"), local, 1.0),))
    if _is_list(local, domain, traffic, names or ()):
        return Finding(
            "list",
            (
                Reason(
                    mark("mail that it is named on comes through a mailing list"),
                    _of(traffic.aside_list, traffic.aside),
                    0.9,
                ),
            ),
        )
    if in_address_book:
        return None
    received = traffic.received
    if received and traffic.received_auto >= MOST * received:
        return Finding(
            "robot",
            (
                Reason(
                    mark("its messages say that they were sent automatically"),
                    _of(traffic.received_auto, received),
                    0.95,
                ),
            ),
        )
    unwritten = traffic.sent == 0 and traffic.met == 0
    if unwritten and received:
        reasons = _unwritten(local, domain, traffic, names)
        if sum(reason.weight for reason in reasons) >= ENOUGH - 1e-9:
            because = (
                *(one for one in reasons if one.weight > 0),
                Reason(mark("you never wrote to it"), mark("0 sent"), 0.3),
            )
            return Finding("robot", because)
    # An office does not discuss on lists.
    discusses = traffic.received_answers and traffic.received_posts >= MOST * received
    if ROLE.match(local) and not discusses and not (names and spelled(local, domain, names[-1]).personal):
        return Finding("role", (Reason(mark("the address belongs to an office, not to one person"), local, 0.8),))
    return None


def _is_list(local: str, domain: str, traffic: Traffic, names: Sequence[str]) -> bool:
    """Tell whether an address is a list's: it never writes, and is named on what comes through lists.

    One that the owner writes to may be a friend's who is copied in there, unless it has no person's name.
    """
    if traffic.received or traffic.met or not traffic.aside_list:
        return False
    mostly = traffic.aside_list >= MOST * traffic.aside
    if not traffic.sent:
        return mostly
    if traffic.aside_list < POSTS:
        return False
    if not _LISTS.isdisjoint((*_WORDS.findall(local), *domain.split("."))):
        return True
    return mostly and not any(_given_in(words) for name in names if (words := _WORDS.findall(name.casefold())))


def _unwritten(local: str, domain: str, traffic: Traffic, names: Sequence[str] | None) -> list[Reason]:
    """Gather what speaks for a machine where the owner never wrote: how it sends, what it is called."""
    received, posts = traffic.received, traffic.received_posts
    # Somebody who writes to a list that the owner reads writes to the list; only what is sent to the owner tells.
    sent_to_owner = received - posts
    bulk = traffic.received_bulk
    if sent_to_owner and bulk >= MOST * sent_to_owner:
        return [Reason(mark("its messages are sent in bulk or offer to unsubscribe"), _of(bulk, sent_to_owner), 0.9)]
    mailings = traffic.received_mailings
    if sent_to_owner and mailings >= MOST * sent_to_owner and not traffic.received_answers:
        return [
            Reason(mark("its messages show software for lists and mass mailings"), _of(mailings, sent_to_owner), 0.8)
        ]
    shown = [spelled(local, domain, name) for name in names or ("",)]
    if len(shown) < 3 and all(one is _PERSONS for one in shown) and not traffic.received_issues:
        return []
    found = []
    relayed = traffic.received_relayed
    listed = posts - relayed
    itself = traffic.received_to_itself
    hidden = itself >= MOST * received and not (listed == received and any(one.personal for one in shown))
    if hidden:
        found.append(Reason(mark("it writes to itself, and its readers are hidden"), _of(itself, received), 0.7))
    known = names is not None and traffic.received_boxed == received
    names = names or ()
    personal = all(one.personal for one in shown)
    issues = traffic.received_issues
    if issues >= MOST * received:
        found.append(Reason(mark("its subjects are those of a newsletter's issues"), _of(issues, received), 1.0))
    if len(names) > 2 and _strangers(names):
        found.append(
            Reason(mark("many people's names stand before one address"), noted("{n} names", n=len(names)), 0.7)
        )
        personal = False
    found += max((one.for_machine for one in shown), key=_weight)
    if relayed and not listed and not any(one.human for one in shown):
        found.append(Reason(mark("its messages are sent in bulk, and not to you"), _of(relayed, received), 0.6))
    answers = traffic.received_answers
    if known and not posts and not traffic.aside and not answers and not any(one.human for one in shown):
        found.append(Reason(mark("it never answers, and its name is none of a person"), _of(answers, received), 0.6))
    if not personal and traffic.received_boxed - posts >= ONE_WAY:
        found.append(
            Reason(mark("it writes much and was never once written to"), noted("{n} received", n=received), 0.6)
        )
    if personal and not shown[0].automatic:
        found.append(Reason(mark("its name is a person's"), names[0][:40], -0.4))
    if answers:
        found.append(Reason("it answers", _of(answers, received), -0.6))
    passed_on = posts if personal else listed
    if passed_on >= MOST * received and not hidden:
        found.append(Reason(mark("what it wrote went through mailing lists"), _of(passed_on, received), -0.3))
    return found


def _weight(reasons: Iterable[Reason]) -> float:
    return sum(reason.weight for reason in reasons)


def spelled(local: str, domain: str, name: str) -> Spelled:
    """Say what one address and one name beside it show: words of machines, made-up parts, whose name it is."""
    base = _HUMAN_TAG.split(local)[0] if "+" in local or "-" in local else local
    pieces = _WORDS.findall(base)
    *host, _ = domain.split(".")
    words = [word.casefold() for word in _WORDS.findall(name)]
    odd = bool(_ODD.search(name))
    titles = not _TITLES.isdisjoint(words)
    automatic = AUTOMATIC.match(local) is not None or not _MARKED.isdisjoint(pieces)
    senders = [label for label in host if label.rstrip("-0123456789") in _HOSTS or label in _SYSTEMS]
    if (
        len(words) > 1
        and not (odd or titles or automatic or senders)
        and words[0] not in host
        and _built(pieces, words)
    ):
        return _PERSONS
    public = not PUBLIC.isdisjoint(host[-2:])
    organisation = "" if public else _organisation(host, base, words)
    if titles and len(words) == 2 and _given(words[0]):
        titles = False  # Doris Day, Emily Post
    personal = not (titles or organisation or odd) and bool(words) and (_built(pieces, words) or _given_in(words))
    found = []
    if said := automatic and [word for word in pieces if word in _SENDERS]:
        found.append(
            Reason(_NAMED_AFTER, local[:40], 0.7 if len(said) == len(pieces) or AUTOMATIC.match(local) else 0.5)
        )
    elif AUTOMATIC.match(local):
        found.append(Reason(_NAMED_AFTER, local[:40], 0.7))
    if sending := next(
        (label for label in senders[: len(host) - 1] if label not in _SYSTEMS and label != host[-1]), ""
    ):
        strong = sending.rstrip("-0123456789") in _SENDERS or sending.startswith("bounce")
        found.append(Reason(mark("the address is at a host that sends to many"), sending, 0.6 if strong else 0.4))
    ticket = next((word for word in pieces if word in _TICKETS and _DIGIT.search(local)), "")
    ticket = next((word for word in (*pieces, *host) if word in _SYSTEMS), ticket)
    if ticket:
        found.append(Reason(mark("the address belongs to a ticket system"), ticket, 0.7))
    if not personal and not public and _MADE.search(base):
        found.append(Reason(mark("the address was made for one message or reader"), local[:24], 0.6))
    if organisation:
        found.append(Reason(mark("its name is that of the organisation at this domain"), organisation, 0.6))
    elif odd and _VIA.search(name):
        found.append(Reason(mark("its name says that somebody else passes the message on"), name[:40], 0.6))
    elif (odd and "@" not in name) or sum(word in _TITLES for word in words) > 1:
        found.append(Reason(_NO_PERSON, name[:40], 0.3 if public else 0.6))
    elif titles:
        found.append(Reason(_NO_PERSON, name[:40], 0.2 if public else 0.4))
    elif not words:
        found.append(Reason(mark("no name stands before it"), local[:24], 0.2))
    alone = len(words) == 1 and name.istitle() and name.isalpha()  # Fatma, whatever her address
    foreign = bool(words) and words[0][0] > "\u02af"
    named = (alone or foreign or 1 < len(words) < 5) and not (titles or organisation or odd or words[0] in _PREFIXED)
    bare = not words and _TITLES.isdisjoint(pieces) and (len(pieces) == 2 or _given("".join(pieces)))
    passing = bool(said or ticket) and not _built(pieces, words)
    return Spelled(tuple(found), personal, passing, personal or public or named or bare)


def _organisation(host: Sequence[str], local: str, words: Sequence[str]) -> str:
    """Return the label of a domain that a name, or without one the local part, repeats; "" where a person does.

    "The Motley Fool" is motleyfool.com; Ana Lopez at lopez.org is not.
    """
    if not words:
        return local if len(local) > 2 and local in host else ""
    squeezed = "".join(words)
    labels = [label.replace("-", "") for label in host if len(label) > 2]
    labels = [label for label in labels if label in squeezed and label not in _ANYBODYS]
    if not labels:
        return ""
    if len(words) > 1 and words[0] not in labels and (_given(words[0]) or _built(_WORDS.findall(local), words)):
        return ""
    runs = {"".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)}
    return next((label for label in labels if label in runs and (len(label) > 3 or len(words) == 1)), "")


def _built(pieces: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether a local part is built from a person's name: "ana", "ana.lopez", "alopez", "al", "lope7"."""
    if not pieces or not words:
        return False
    first, last, plain = words[0], words[-1], "".join(pieces)
    if len(words) == 1:
        return plain == first or (len(first) > 2 and plain.startswith(first))
    if pieces[0] in (first, last) or (len(plain) > 3 and any(word.startswith(plain[:4]) for word in words)):
        return True
    if len(plain) > 3 and (first[:1] + last).startswith(plain):  # cut to the eight letters of old
        return True
    initials = "".join(word[:1] for word in words)
    return plain in (initials, initials[:-1] + last, last + first[:1], first + last[:1])


def _given_in(words: Sequence[str]) -> bool:
    """Tell whether a name begins or ends with a given name."""
    return _given(words[0]) or _given(words[-1])


def _given(word: str) -> bool:
    return word in lines() or word in commonness()


def _strangers(names: Sequence[str]) -> bool:
    """Tell whether no two of the names share a word."""
    seen: set[str] = set()
    for name in names:
        words = {word.casefold() for word in _WORDS.findall(name) if len(word) > 1}
        if words & seen:
            return False
        seen |= words
    return True


def _of(part: int, whole: int) -> str:
    return noted("{part} of {whole}", part=part, whole=whole)
