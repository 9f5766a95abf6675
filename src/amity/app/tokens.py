"""Tokens: which programs may come in, and what each of them may do.

Only a face that the owner sits before may call these, so they are no operations: a program mints no tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from secrets import token_urlsafe

from msgspec import Struct

from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.language import mark, say
from amity.store import tokens
from amity.store.tokens import Token

SCOPES = {
    "read": mark("look at everything"),
    "write": mark("note, log, import and take back"),
    "delete": mark("join and part people, and erase them"),
    "export": mark("write the vault into files"),
}
LONGEST = 100  # characters of a name
PREFIX = "amity_"  # by which a token that leaked is known for one


class TokenLine(Struct, frozen=True):
    """A token in force, as lists show it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    made: str  # ISO 8601


class Minted(Struct, frozen=True):
    """A new token, with the secret that is shown this once."""

    token: TokenLine
    secret: str


def mint(desk: Desk, name: str, scopes: Iterable[str] = ()) -> Minted:
    """Make a token; it may always read, and nothing else unless `scopes` say so. A digest alone is kept.

    Raises AmityError USAGE for a name or a scope that is none.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise AmityError(
            Code.USAGE, say("{name!r} is no name for a token.", name=name), say("Name the program that will use it.")
        )
    wanted = {"read", *scopes}
    if strange := sorted(wanted - SCOPES.keys()):
        raise AmityError(
            Code.USAGE,
            say("There is no scope {strange!r}.", strange=strange[0]),
            say("Scopes are: {scopes}.", scopes=", ".join(SCOPES)),
        )
    held = tuple(scope for scope in SCOPES if scope in wanted)
    secret = PREFIX + token_urlsafe()
    with desk.database.transaction():
        number = tokens.put(desk.database, name, secret, held, desk.now)
    return Minted(_line(Token(number, name, held, desk.now)), secret)


def held(desk: Desk) -> tuple[TokenLine, ...]:
    """List the tokens in force, the oldest first."""
    return tuple(map(_line, tokens.in_force(desk.database)))


def revoke(desk: Desk, token: str) -> None:
    """Revoke a token for good, by its id. Raises AmityError NOT_FOUND where it is not in force."""
    number = int(token[1:]) if token[:1] == "t" and token[1:].isdecimal() and len(token) < 18 else 0
    with desk.database.transaction():
        if not tokens.revoke(desk.database, number, desk.now):
            raise AmityError(
                Code.NOT_FOUND,
                say("There is no token {token!r}.", token=token),
                say("`amity token` lists those in force."),
            )


def admit(desk: Desk, secret: str) -> TokenLine | None:
    """Return the token in force that a secret is, None for any other text."""
    found = tokens.by_secret(desk.database, secret) if secret.startswith(PREFIX) else None
    return _line(found) if found else None


def _line(one: Token) -> TokenLine:
    made = datetime.fromtimestamp(one.made, UTC).isoformat().replace("+00:00", "Z")
    return TokenLine(f"t{one.id}", one.name, one.scopes, made)
