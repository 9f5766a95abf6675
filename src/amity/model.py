"""The words that every room speaks. Nothing but the standard library and msgspec.

Facts that sources yield are named tuples, since an archive holds millions of them;
what is made once a person is a frozen struct (docs/decisions/0011-value-classes-are-structs.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, field


class Channel(IntEnum):
    """How a contact came about. The numbers are kept on disk."""

    MAIL = 1
    CHAT = 2
    CALL = 3
    MEETING = 4
    LETTER = 5
    SOCIAL = 6
    EXPERIENCE = 7
    OTHER = 8

    @property
    def word(self) -> str:
        """Return the name that the command line, the files and the pages use."""
        return self.name.lower()

    @property
    def has_direction(self) -> bool:
        """Tell whether somebody sends and somebody receives on this channel."""
        return self not in (Channel.MEETING, Channel.EXPERIENCE)


class Role(IntEnum):
    """The part of a participant in a moment. Two bits on disk."""

    FROM = 0
    TO = 1
    CC = 2
    DELIVERED = 3


class Sign(IntFlag):
    """What a mail's own headers say against a human hand having written it to one reader."""

    NONE = 0
    LIST = 1  # List-Id, List-Post, Mailing-List
    BULK = 2  # Precedence: bulk, list or junk
    AUTO = 4  # Auto-Submitted other than "no", X-Autoreply, X-Auto-Response-Suppress
    UNSUBSCRIBE = 8  # List-Unsubscribe
    NULL_SENDER = 16  # Return-Path: <>
    MAILING = 32  # Return-Path, Reply-To, X-Mailer or others show software for lists and mass mailings


class Depth(IntEnum):
    """How much a contact meant. Two bits on disk; most are ordinary."""

    PASSING = 0
    ORDINARY = 1
    DEEP = 2
    FORMATIVE = 3


class Handle(NamedTuple):
    """An address under which a person appears, in its one normal spelling."""

    kind: str  # "email" | "phone" | "url" | "handle" | "name" | "person"
    value: str


class Party(NamedTuple):
    """One participant of a moment, as the source named them."""

    role: Role
    name: str
    handle: Handle


class Event(Struct, frozen=True):
    """What a calendar says of a meeting beyond who, when and about what."""

    uid: str
    start: str = ""  # ISO 8601 as written, local to the event's own zone
    end: str = ""
    all_day: bool = False
    recurring: bool = False
    status: str = ""  # "CONFIRMED" | "TENTATIVE" | "CANCELLED" | ""
    organizer: str = ""
    attendees: tuple[str, ...] = ()
    location: str = ""


class ChatLine(Struct, frozen=True):
    """What a chat says of a message beyond who and when."""

    chat: str  # the conversation's name or number
    sender: str  # as the export names them
    system: bool = False  # the program's own line: no contact between people


class Moment(NamedTuple):
    """One dated contact between people, as a source tells it."""

    key: bytes  # 16 bytes; equal keys are the same contact, whichever source tells it
    at: int  # seconds since 1970-01-01 UTC; may be negative
    channel: Channel
    parties: tuple[Party, ...]
    subject: str = ""
    place: int | str = 0  # where in the source: byte offset, file name, line
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    thread: int = 0  # signed 64 bits; equal where messages answer one another, 0 = none
    signs: Sign = Sign.NONE
    depth: Depth = Depth.ORDINARY
    minutes: int = 0
    imprecise: bool = False  # the day is not known; `at` is the middle of the span
    told: Event | ChatLine | None = None  # what only calendars and chats tell; shown by `amity read`, not kept
    # What this is in the world, whatever is changed about it, and its last version stands: 16 bytes, the first 8 the
    # thing and the last 8 which time it takes place, zeros where it does so once; empty for what nobody changes.
    same: bytes = b""


class Position(Struct, frozen=True):
    """A role at an organisation, as a source says it."""

    organisation: str
    title: str = ""


class Card(Struct, frozen=True):
    """What an address book says of one person."""

    key: bytes  # 16 bytes over the whole content
    uid: str = ""
    name: str = ""
    given: str = ""
    family: str = ""
    nicknames: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()
    position: Position | None = None
    addresses: tuple[str, ...] = ()
    birthday: str = ""  # ISO 8601, possibly without year ("--05-15") or day ("1862")
    died: str = ""  # ISO 8601, as precise as it is known (vCard DEATHDATE, RFC 6474)
    notes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    photos: int = 0
    version: str = ""
    revised: int | None = None  # seconds since 1970; a card is not known before
    place: int | str = 0
    raw: str = ""  # the card as it was read, photos left out


class Trouble(NamedTuple):
    """An item that could not be read: where, why, and what was kept of it."""

    place: int | str
    reason: str
    kept: bytes = b""


class Found(NamedTuple):
    """A fact that was found in a body, with the words that show it. Never recorded as certain, only proposed."""

    kind: str  # "promise" | "request" | "thanks" | "introduction" | "signature"
    moment: Moment  # in whose body it stands
    by: Handle  # who wrote the words
    sentence: str  # the evidence, at most 300 characters
    people: tuple[Handle, ...] = ()  # whom it concerns besides
    values: Mapping[str, str] = {}  # of a signature: "title", "organisation", "phone", "url"


class Text(NamedTuple):
    """The new words of one message, yielded only where the owner wants them kept for search."""

    moment: Moment
    words: str


class Mark(NamedTuple):
    """A place in a source from which reading can be taken up again.

    All items yielded before it are covered by it; `state` is JSON-able and private to the source.
    `share` is how much of the input is done, 0 to 1.
    """

    state: Mapping[str, Any]
    share: float = 0.0


class Since(Struct, frozen=True):
    """Where an earlier reading of the same source stopped."""

    state: Mapping[str, Any] = field(default_factory=dict)
    places: Callable[[], Set[int | str]] = frozenset  # of what is kept from this source already
    until: int | None = None  # recurring events are spread out up to here (epoch seconds); None leaves them as one
    bodies: bool = False  # the owner allows bodies to be read for facts
    texts: bool = False  # the owner wants the text of messages kept for search
    secret: Callable[[], str] | None = None  # password or token of a live source, asked for when it is needed
    limits: Mapping[str, int] = field(default_factory=dict)  # by their names in `sources/limits.py`; else the usual

    @property
    def inside(self) -> int:
        """What is wanted of bodies, as bits that a mark can hold: 1 facts, 2 texts."""
        return int(self.bodies) | int(self.texts) << 1


class Known(NamedTuple):
    """Items that the source can tell, without reading them, to have been read before."""

    items: int


Item = Card | Moment | Trouble | Found | Text | Mark | Known
Reader = Callable[[Path, Since], Iterator[Item]]
LiveReader = Callable[[str, Since], Iterator[Item]]  # of an address such as imaps://ana@mail.example


class Traffic(Struct, frozen=True):
    """What passed over one handle, counted: the evidence on whether a person stands behind it."""

    sent: int = 0  # written to it by the owner
    received: int = 0
    met: int = 0
    aside: int = 0  # seen beside others
    received_posts: int = 0  # came through a list that the owner reads: to the list, not to the owner
    received_bulk: int = 0  # precedence bulk or unsubscribe, posts to a list left out
    received_auto: int = 0
    received_boxed: int = 0
    aside_list: int = 0
    first: int | None = None
    last: int | None = None
    first_direct: int | None = None
    last_direct: int | None = None
    received_to_itself: int = 0  # sent to the sender's own address: who else got it is hidden
    received_relayed: int = 0  # of the posts, those sent in bulk to others without a list saying that it was one
    received_answers: int = 0  # their subject says that they answer something
    received_mailings: int = 0  # software for mass mailings shows itself, posts to a list left out
    received_issues: int = 0  # their subject is that of a newsletter, or of a numbered or dated issue


class Reason(Struct, frozen=True):
    """Why a figure is what it is: in words, with the figure, and how much it counts."""

    reason: str
    figure: str
    weight: float = 0.0


class Tie(Struct, frozen=True):
    """What joins the owner to one person, worked out as of one day."""

    person: str
    strength: float  # 0 to 100
    p_contact: float  # 0 to 1
    momentum: str  # "rising" | "steady" | "fading" | "dormant" | "new"
    reciprocity: float  # 0 to 1
    initiative: float  # 0 to 1, the owner's share of conversation starts
    segment: str  # "critical" | "close" | "many" | "dormant" | "unknown"
    first: date
    last: date
    sent: int
    received: int
    met: int
    because: tuple[Reason, ...] = ()
