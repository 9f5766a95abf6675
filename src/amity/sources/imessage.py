"""Messages of macOS: the database `chat.db`, read without writing to it.

A message that the owner sent goes to everybody in its chat, one received to the owner and the others in it. Reactions
and changes of a group are the program's own lines and have no parties. Where a journal stands beside the database, the
newest messages are in there: both are then read from a copy that is put away afterwards.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from amity import handles
from amity.language import noted
from amity.model import Channel, ChatLine, Handle, Item, Moment, Party, Role, Since, Trouble
from amity.sources import chats, encoded

_BATCH = 2000  # items between two marks
_MAGIC = b"SQLite format 3\0"
_NEEDED = ("message", "handle", "chat", "chat_message_join", "chat_handle_join")
_SINCE_2001 = 978307200
_REACTIONS = range(2000, 4000)  # associated_message_type


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is a database with the tables of Messages."""
    if not head.startswith(_MAGIC) or path.is_dir():
        return False
    try:
        with _opened(path, copy=False) as database:
            return not _missing(database)
    except (apsw.Error, OSError):
        return False


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each message, its place being its row.

    Raises OSError where the file cannot be opened.
    """
    journal = path.with_name(f"{path.name}-wal")
    files = [path, journal] if journal.is_file() and journal.stat().st_size else [path]
    yield from chats.take_up(files, since, lambda reading: _items(path, len(files) > 1, reading), _BATCH)


@contextmanager
def _opened(path: Path, *, copy: bool) -> Iterator[apsw.Connection]:
    """Open a database that is not to be changed; with its journal, a copy of both. Raises apsw.Error, OSError."""
    if not copy:
        database = apsw.Connection(
            f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1",
            flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        )
        try:
            _guard(database)
            yield database
        finally:
            database.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        for file in (path, path.with_name(f"{path.name}-wal")):
            shutil.copyfile(file, Path(folder) / f"chat.db{file.name.removeprefix(path.name)}")
        database = apsw.Connection(str(Path(folder) / "chat.db"), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            _guard(database)
            yield database
        finally:
            database.close()


def _guard(database: apsw.Connection) -> None:
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")


def _missing(database: apsw.Connection) -> list[str]:
    """Return the tables that Messages has and this database has not; a view is no table."""
    rows = database.execute(
        "SELECT lower(name) FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND sql NOT LIKE '%GENERATED%'"
    )
    found = {name for (name,) in rows}
    return [name for name in _NEEDED if name not in found]


def _items(path: Path, copy: bool, reading: chats.Reading) -> Iterator[chats.Fact]:
    row = 0
    try:
        with _opened(path, copy=copy) as database:
            if missing := _missing(database):
                yield chats.unread(0, noted("the database lacks the tables {missing}", missing=", ".join(missing)))
                return
            for row, item in _messages(database, reading):  # noqa: B007 the row is told in the trouble below
                yield item
    except (apsw.Error, UnicodeDecodeError) as error:
        yield chats.unread(f"after {row}", noted("the database is damaged: {error}", error=error))


class _Chats:
    """The conversations of a database and who is in them."""

    def __init__(self, database: apsw.Connection) -> None:
        self.handles: dict[int, Handle] = {}
        self.troubles: list[Trouble] = []
        self.charset = _charset(database)
        for row, data in database.execute("SELECT ROWID, CAST(id AS BLOB) FROM handle"):
            try:
                found = _handle(bytes(data or b"").decode(self.charset))
            except UnicodeDecodeError:
                self.troubles.append(chats.unread(f"handle:{row}", noted("the address is no text"), data))
                continue
            if found:
                self.handles[row] = found
        members: dict[int, dict[Handle, str]] = {}
        pairs = _columns(database, "chat_handle_join", numbers=("chat_id", "handle_id"))
        for chat, handle in database.execute(f"SELECT {pairs} FROM chat_handle_join"):
            if handle in self.handles:
                members.setdefault(chat, {})[self.handles[handle]] = ""
        self.members = members
        names = _columns(database, "chat", texts=("display_name", "chat_identifier", "guid"))
        self.titles = {
            row: encoded.clean(next(filter(None, told), b"").decode(self.charset, "replace"))
            for row, *told in database.execute(f"SELECT ROWID, {names} FROM chat")
        }
        self._sides: dict[tuple[int, Handle | None], tuple[Party, ...]] = {}

    def sides(self, chat: int, sender: Handle | None) -> tuple[Party, ...]:
        """Return who takes part in a message by somebody, or by the owner where it is None."""
        found = self._sides.get((chat, sender))
        if found is None:
            members = self.members.get(chat, {})
            circle = chats.Circle([*members.items(), (chats.ME, "")])
            found = circle.sides(sender or chats.ME)
            if len(self._sides) < 100_000:
                self._sides[chat, sender] = found
        return found


def _handle(text: str) -> Handle | None:
    text = encoded.clean(text)
    if "@" in text and (mail := handles.email(text)):
        return mail
    if any(map(str.isdigit, text)) and not any(map(str.isalpha, text)):
        return handles.phone(text)
    return Handle("handle", f"imessage:{text.lower()[: handles.LONGEST]}") if text else None


def _charset(database: apsw.Connection) -> str:
    """Return the charset of a database's texts."""
    found = database.execute("PRAGMA encoding").fetchone()
    return str(found[0]) if found else "UTF-8"


def _columns(database: apsw.Connection, table: str, texts: tuple[str, ...] = (), numbers: tuple[str, ...] = ()) -> str:
    """Return the columns to ask a table for, NULL standing for those that this version has not.

    Texts come as bytes, and of numbers only what is one: a text in a damaged row that is none would end the reading.
    """
    there = {str(row[1]).lower() for row in database.execute(f"PRAGMA table_info({table})")}
    asked = [(name, f"CAST({table}.{name} AS BLOB)") for name in texts]
    asked += [
        (name, f"CASE WHEN typeof({table}.{name}) IN ('integer', 'real') THEN {table}.{name} END") for name in numbers
    ]
    return ", ".join(f"{column if name.lower() in there else 'NULL'} AS {name}" for name, column in asked)


def _messages(database: apsw.Connection, reading: chats.Reading) -> Iterator[tuple[int, chats.Fact]]:
    told = _Chats(database)
    for trouble in told.troubles:
        yield 0, trouble
    numbers = ("date", "is_from_me", "handle_id", "item_type", "associated_message_type")
    columns = _columns(database, "message", texts=("guid",), numbers=numbers)
    last = database.execute("SELECT max(ROWID) FROM message").fetchone()
    size = max(1, last[0] if last and isinstance(last[0], int) else 1)
    rows = database.execute(
        f"SELECT ROWID, {columns}, (SELECT chat_id FROM chat_message_join WHERE message_id = message.ROWID) "
        "FROM message ORDER BY ROWID"
        if _indexed(database)
        else "WITH joined AS MATERIALIZED "
        "(SELECT message_id, min(chat_id) AS chat_id FROM chat_message_join GROUP BY message_id) "
        f"SELECT message.ROWID, {columns}, joined.chat_id "
        "FROM message LEFT JOIN joined ON joined.message_id = message.ROWID ORDER BY message.ROWID"
    )
    for row, guid, date, mine, handle, kind, associated, chat in rows:
        reading.share = row / size
        try:
            yield row, _moment(told, row, guid, date, mine, handle, kind, associated, chat)
        except chats.Unreadable as reason:
            yield row, chats.unread(row, reason)


def _indexed(database: apsw.Connection) -> bool:
    """Tell whether a message's chat can be found without going through the whole table."""
    for _, name, *_ in database.execute("PRAGMA index_list(chat_message_join)"):
        first = database.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno LIMIT 1", (name,)).fetchone()
        if first and first[0] == "message_id":
            return True
    return False


def _moment(
    told: _Chats, row: int, guid: Any, date: Any, mine: Any, handle: Any, kind: Any, associated: Any, chat: Any
) -> Moment:
    if not isinstance(date, (int, float)) or not date:
        raise chats.Unreadable(noted("there is no date"))
    at = chats.moment_of(chats.moment_of(date, 10**9 if abs(date) > 1e11 else 1) + _SINCE_2001)
    system = bool(kind) or (isinstance(associated, int) and associated in _REACTIONS)
    sender = None if mine else told.handles.get(handle)
    parties: tuple[Party, ...] = ()
    if not system and (mine or sender):
        parties = told.sides(chat if isinstance(chat, int) else 0, sender)
        if mine and len(parties) < 2 and handle in told.handles and not told.members.get(chat):
            parties = (*parties, Party(Role.TO, "", told.handles[handle]))
    return Moment(
        key=chats.key("imessage", guid.decode(told.charset, "replace") if guid else f"{row} {date}"),
        at=at,
        channel=Channel.CHAT,
        parties=parties,
        place=row,
        told=ChatLine(told.titles.get(chat, ""), "me" if mine else sender.value if sender else "", system),
    )
