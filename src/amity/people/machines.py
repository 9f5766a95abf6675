"""Tell robots, mailing lists and role addresses from persons, each with its reason.

The owner's verdict outranks all of it. A person who writes through a list stays a person.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from amity.model import Handle, Reason, Traffic

Kind = Literal["robot", "list", "role"]

NO_REPLY = re.compile(
    r"^(?:.*[-._+])?(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|nobody|mailer-?daemon|postmaster|bounces?|auto-?(?:reply|mailer|confirm)"
    r"|unsubscribe|listserv|majordomo)(?:[-._+].*)?$"
)
AUTOMATIC = re.compile(
    r"^(?:notifications?|notify|alerts?|newsletters?|news|updates?|digest|automated|daemon|root|cron|system|robot|bot|list"
    r"|announce|mailings?|e-?mail|mailer|noticias|service|tracking|orders?|invoices?|receipts?|statements?|marketing|offers?"
    r"|promo(?:tion)?s?|deals)(?:[-._+0-9].*)?$"
)
ROLE = re.compile(
    r"^(?:info|contact|kontakt|hello|hi|office|buero|admin|administrator|support|help|helpdesk|sales|vertrieb|billing|accounts?"
    r"|accounting|finance|hr|jobs|careers|team|webmaster|hostmaster|abuse|security|service|kundenservice|customer-?service|press"
    r"|presse|media|feedback|enquir(?:y|ies)|inquir(?:y|ies)|reception|secretariat|sekretariat|owner|editor|redaktion)$"
)
MOST = 0.8
# A mailbox that sent this much and was never once written to is read, not known.
ONE_WAY = 50


class Finding(NamedTuple):
    """What a handle is if it is no person, and why."""

    kind: Kind
    because: tuple[Reason, ...]


def judge(handle: Handle, traffic: Traffic, *, in_address_book: bool) -> Finding | None:
    """Say what a handle is if no person stands behind it, else None.

    Only e-mail addresses are judged. Sources: RFC 2369 (List-*), RFC 2076 (Precedence), RFC 3834 (Auto-Submitted),
    RFC 2142 (role mailboxes).
    """
    if handle.kind != "email":
        return None
    local = handle.value.partition("@")[0]
    if NO_REPLY.match(local):
        return Finding("robot", (Reason("the address says that nobody reads replies", local, 1.0),))
    if traffic.aside_list and not traffic.received and not traffic.sent and traffic.aside_list >= MOST * traffic.aside:
        return Finding(
            "list",
            (
                Reason(
                    "mail that it is named on comes through a mailing list", _of(traffic.aside_list, traffic.aside), 0.9
                ),
            ),
        )
    if in_address_book:
        return None
    received = traffic.received
    if received and traffic.received_auto >= MOST * received:
        return Finding(
            "robot",
            (Reason("its messages say that they were sent automatically", _of(traffic.received_auto, received), 0.95),),
        )
    unwritten = traffic.sent == 0 and traffic.met == 0
    bulk = traffic.received_bulk
    # Somebody who writes to a list that the owner reads writes to the list; only what is sent to the owner tells.
    sent_to_owner = received - traffic.received_posts
    if sent_to_owner and unwritten and bulk >= MOST * sent_to_owner:
        kind: Kind = "robot"
        reasons = (
            Reason("its messages are sent in bulk or offer to unsubscribe", _of(bulk, sent_to_owner), 0.9),
            Reason("you never wrote to it", "0 sent", 0.3),
        )
        return Finding(kind, reasons)
    if AUTOMATIC.match(local) and unwritten and received:
        return Finding(
            "robot",
            (
                Reason("the address is named after what it sends", local, 0.7),
                Reason("you never wrote to it", "0 sent", 0.3),
            ),
        )
    if ROLE.match(local):
        return Finding("role", (Reason("the address belongs to an office, not to one person", local, 0.8),))
    if unwritten and traffic.received_boxed >= ONE_WAY:
        return Finding(
            "robot",
            (Reason("it writes much and was never once written to", f"{received} received, 0 sent", 0.6),),
        )
    return None


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}"
