"""Read a source in a process of its own, where a hang, a crash or a swelling costs one item and not the import.

The child runs the reader and writes each item to a pipe as soon as it has it, so that whatever was read is on its way
before the next item can do harm. The parent rebuilds them, and watches: when nothing comes for too long, or the child
dies, the item in hand is set aside as a Trouble and a new child reads the source again from where the first began.
What it tells a second time is counted off and dropped. Of that item it gets nothing: where it is a file in a folder,
opening it fails in the child; where it is a part of one file, `at` tells the reader to pass over it. Where a reader
says neither, the rest of the source is set aside.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from errno import EACCES
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, cast
from zlib import crc32

import msgspec
from msgspec.structs import asdict

from amity.language import noted
from amity.model import (
    Card,
    Channel,
    ChatLine,
    Depth,
    Event,
    Found,
    Handle,
    Item,
    Known,
    Mark,
    Moment,
    Party,
    Position,
    Reader,
    Role,
    Sign,
    Since,
    Text,
    Trouble,
)

if TYPE_CHECKING:
    from subprocess import Popen

PACE = 1 << 20  # bytes of a file that any reader gets through in a second, on a busy machine too
_SMALL = 1 << 20  # bytes of a file behind which a child may go on with another
_LINGER = 1.0  # seconds for which it waits for one
_START = 60.0  # seconds in which a child must have started and imported its reader
_ORPHANED = 60.0  # seconds of CPU behind which a child ends by itself that lets no thread look for its parent
_PIECE = 1 << 18  # bytes that are taken from the pipe at once
_ENOUGH = 1 << 15  # bytes; with less in the pipe the parent lets it fill, since to wake up for each item is dear
_BREATH = 0.005  # seconds
_LARGEST = 1 << 28  # bytes of one item
_KEPT = 4096  # bytes of a file that is set aside
_FORMAT = 2  # of marshal: without references, which take longer to look for than to do without
_HEAD = Struct("<BI")  # before each message: its kind, and its length

_QUESTIONS = ("places", "secret")  # fields of Since that are functions of the parent

_READY, _WANTED, _AT, _END, _DIED = b"r?@.!"
_MOMENT, _CARD, _TROUBLE, _FOUND, _TEXT, _MARK, _KNOWN = b"mctfxsk"

_Here = tuple[bool, int | str]  # whether it is a file, and its name; or else a place inside of one

_ROLES = tuple(Role)
_CHANNELS = {int(channel): channel for channel in Channel}
_DEPTHS = tuple(Depth)
_SIGNS = tuple(Sign(bits) for bits in range(64))
_card = attrgetter(*Card.__struct_fields__)
_event = attrgetter(*Event.__struct_fields__)
_HANDLES = Card.__struct_fields__.index("handles")
_POSITION = Card.__struct_fields__.index("position")

# The child is told where to import from, so that it needs no search of its own; it then knows as much as its parent.
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from amity.sources.quarantine import serve; serve()"


class Bounds(msgspec.Struct, frozen=True):
    """How far a child may go."""

    seconds: float = 5.0  # on one item; a large file gets one more for each PACE bytes
    memory: int = 1536 << 20  # bytes, files that are mapped for reading not counted
    deaths: int = 50  # of one source; behind so many its rest is set aside


USUAL = Bounds()


# --- for readers ----------------------------------------------------------------------------------------------------

_asked: Callable[[int | str], bool] | None = None


def at(place: int | str) -> bool:
    """Say which part of a source is read next, and return whether to read it; if not, pass over it without a word.

    For parts that are no files of their own: a member of an archive, a mail of an mbox. A new place is also a sign of
    life for a reader that yields nothing for long: one that goes through what is known already says "after" which
    place it is, where there is nothing to pass over. In a process that is nobody's child everything may be read.
    """
    return _asked is None or _asked(place)


# --- items as plain values ------------------------------------------------------------------------------------------


def _flat_moment(moment: Moment) -> tuple[Any, ...]:
    (
        key,
        when,
        channel,
        parties,
        subject,
        place,
        this,
        answers,
        earlier,
        thread,
        signs,
        depth,
        minutes,
        vague,
        told,
        same,
    ) = moment
    people = [(int(role), name, kind, value) for role, name, (kind, value) in parties]
    if isinstance(told, ChatLine):
        told = cast(Any, (told.chat, told.sender, told.system))
    elif told is not None:
        told = cast(Any, _event(told))
    return (
        *(key, when, int(channel), people, subject, place, this, answers, earlier, thread),
        *(int(signs), int(depth), minutes, vague, told, same),
    )


def _moment(flat: tuple[Any, ...]) -> Moment:
    key, when, channel, people, subject, place, this, answers, earlier, thread, signs, depth, *rest = flat
    minutes, vague, told, same = rest
    make = tuple.__new__
    parties = tuple(
        [make(Party, (_ROLES[role], name, make(Handle, (kind, value)))) for role, name, kind, value in people]
    )
    if told is not None:
        told = ChatLine(*told) if len(told) == 3 else Event(*told)
    return make(
        Moment,
        (
            *(key, when, _CHANNELS[channel], parties, subject, place, this, answers, earlier, thread),
            *(_SIGNS[signs], _DEPTHS[depth], minutes, vague, told, same),
        ),
    )


def _flat_card(card: Card) -> list[Any]:
    flat = list(_card(card))
    flat[_HANDLES] = [tuple(handle) for handle in card.handles]
    flat[_POSITION] = card.position and (card.position.organisation, card.position.title)
    return flat


def _built_card(flat: list[Any]) -> Card:
    flat[_HANDLES] = tuple([tuple.__new__(Handle, handle) for handle in flat[_HANDLES]])
    flat[_POSITION] = flat[_POSITION] and Position(*flat[_POSITION])
    return Card(*flat)


def _flat(item: Item) -> tuple[int, Any]:
    """Return the kind of an item and its content without any type of our own. Raises TypeError for what is no item."""
    if isinstance(item, Moment):
        return _MOMENT, _flat_moment(item)
    if isinstance(item, Card):
        return _CARD, _flat_card(item)
    if isinstance(item, Trouble):
        return _TROUBLE, tuple(item)
    if isinstance(item, Mark):
        return _MARK, (dict(item.state), item.share)
    if isinstance(item, Known):
        return _KNOWN, item.items
    if isinstance(item, Found):
        people = [tuple(handle) for handle in item.people]
        return _FOUND, (
            item.kind,
            _flat_moment(item.moment),
            tuple(item.by),
            item.sentence,
            people,
            dict(item.values),
        )
    if isinstance(item, Text):
        return _TEXT, (_flat_moment(item.moment), item.words)
    raise TypeError(noted("a {name} is no item", name=type(item).__name__))


def _found(flat: tuple[Any, ...]) -> Found:
    kind, moment, by, sentence, people, values = flat
    return Found(kind, _moment(moment), Handle(*by), sentence, tuple(Handle(*handle) for handle in people), values)


_BUILD: dict[int, Callable[[Any], Item]] = {
    _MOMENT: _moment,
    _CARD: _built_card,
    _TROUBLE: lambda flat: Trouble(*flat),
    _MARK: lambda flat: Mark(*flat),
    _KNOWN: Known,
    _FOUND: _found,
    _TEXT: lambda flat: Text(_moment(flat[0]), flat[1]),
}


def _plain(value: Any) -> Any:
    """Return a value in the types that can be written: parsers give text and numbers in types derived from them.

    Raises TypeError for anything else.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__index__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, bytes):
        return bytes(memoryview(value))
    if isinstance(value, Mapping):
        return {_plain(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        made = [_plain(inner) for inner in value]
        return tuple(made) if isinstance(value, tuple) else made
    raise TypeError(noted("a {name} cannot be part of an item", name=type(value).__name__))


def _written(value: Any) -> bytes:
    try:
        return marshal.dumps(value, _FORMAT)
    except ValueError:
        return marshal.dumps(_plain(value), _FORMAT)


# --- the child ------------------------------------------------------------------------------------------------------


class _Job(NamedTuple):
    """What a child is to do."""

    reader: str  # "module:function"
    place: str
    since: dict[str, Any]  # the fields of Since that are no questions
    aside: dict[_Here, str]  # what is not read, and why
    memory: int  # bytes


def serve() -> NoReturn:
    """Do jobs as the child: they come over standard input, and items go over standard output."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what a parser prints is no item
    os.dup2(nowhere, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group, and the parent decides
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    while not _done(_Job(*marshal.loads(_received())), out):
        pass
    os._exit(0)


def _done(job: _Job, out: int) -> str:
    """Do one job, and return why it could not be done to its end."""
    reason = ""
    try:
        _confine(job.memory)
        _read(job, out)
    except MemoryError:
        reason = noted("needed more than {n:,} MB of memory", n=job.memory >> 20)
    except RecursionError:
        reason = noted("is nested too deeply")
    except OSError as error:
        reason = noted("cannot be read: {reason}", reason=error.strerror or error)
    except BaseException as error:  # also SystemExit: a parser may mean to end the process
        reason = noted("could not be understood ({name}: {error})", name=type(error).__name__, error=str(error)[:200])
    _send(out, _DIED if reason else _END, marshal.dumps(reason.encode("utf-8", "replace"), _FORMAT))
    return reason


def _received() -> bytes:
    """Return the parent's next message; where there is no parent any more, end."""
    size = int.from_bytes(_taken(8), "little")
    return _taken(size)


def _taken(size: int) -> bytes:
    pieces = []
    while size:
        piece = os.read(0, min(size, _PIECE))
        if not piece:
            os._exit(1)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _send(out: int, kind: int, data: bytes) -> None:
    """Write one message whole; where nobody takes it any more, end."""
    view = memoryview(_HEAD.pack(kind, len(data)) + data)
    try:
        while view:
            view = view[os.write(out, view) :]
    except OSError:
        os._exit(1)


def _confine(memory: int) -> None:
    """Bound this process's memory where the system can; a crash leaves no core file."""
    if sys.platform == "win32":
        return
    import resource

    # Linux counts what is written to, so a large file may still be mapped; elsewhere the whole space is counted.
    which = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    for limit, most in ((which, memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        with suppress(ValueError, OSError):  # the system does not know this limit
            resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _end_with(parent: int) -> None:
    """End this process soon after its parent has, also in a parser that lets no thread run: by a timer wound here."""
    if sys.platform == "win32":
        return  # a child that nobody listens to ends with its next item
    pause = threading.Event()
    while os.getppid() == parent:
        signal.setitimer(signal.ITIMER_PROF, _ORPHANED)
        pause.wait(1)
    os._exit(1)


_opened: Callable[[str, tuple[Any, ...]], None] | None = None  # what listens to files being opened; hooks stay


def _read(job: _Job, out: int) -> None:
    """Send all that the reader yields. Raises whatever it raises."""
    global _asked, _opened
    module, _, name = job.reader.partition(":")
    reader = cast(Reader, getattr(import_module(module), name))
    refused = 0  # files whose opening failed, and of which the reader has not told yet
    last: _Here | None = None
    inside = job.place.rstrip(os.sep) + os.sep

    def places() -> Set[int | str]:
        _send(out, _WANTED, b"")
        return cast("Set[int | str]", marshal.loads(_received()))

    def reach(here: _Here) -> bool:
        nonlocal last
        if here != last:
            last = here
            _send(out, _AT, marshal.dumps(here, _FORMAT))
        return here not in job.aside

    def opened(event: str, args: tuple[Any, ...]) -> None:
        nonlocal refused
        if event != "open" or not isinstance(args[0], str | bytes | os.PathLike):
            return
        path = os.fsdecode(args[0])
        if path.startswith(inside) and not reach((True, path)):
            refused += 1
            raise PermissionError(EACCES, job.aside[True, path], path)

    _asked = lambda place: reach((False, place))  # noqa: E731
    if Path(job.place).is_dir():
        if _opened is None:
            sys.addaudithook(lambda event, args: _opened(event, args) if _opened is not None else None)
        _opened = opened
    _send(out, _READY, b"")
    for item in reader(Path(job.place), Since(**job.since, places=places)):
        if refused and isinstance(item, Trouble) and any(reason in item.reason for reason in job.aside.values()):
            refused -= 1  # the parent has told of it
            continue
        kind, flat = _flat(item)
        data = _written(flat)
        if len(data) > _LARGEST:
            kind, data = (
                _TROUBLE,
                _written((getattr(item, "place", 0), noted("is larger than {n} MB", n=_LARGEST >> 20))),
            )
        _send(out, kind, data)


# --- the parent -----------------------------------------------------------------------------------------------------


class _Point(NamedTuple):
    """A point in what a child tells."""

    items: int = 0
    digest: int = 0  # of all items before; marks are left out, since their state may tell of what is set aside


class _Child:
    """One child, at work or waiting for a job, and who watches it."""

    def __init__(self, bounds: Bounds) -> None:
        import subprocess

        flags = ["-S", "-s", "-P", *(["-B"] if sys.dont_write_bytecode else [])]
        self.process: Popen[bytes] = subprocess.Popen(
            [sys.executable, *flags, "-c", _CHILD, *sys.path],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.bounds = bounds
        self.place = ""
        self.here: _Here | None = None
        self.ready = False
        self.late = 0.0  # seconds, where it took too long
        self._waiting = False  # the parent for the child, and not the other way round
        self._heard = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._be_watched, daemon=True)
        self._watch.start()

    def begin(self, job: _Job) -> None:
        """Give the child a job; it has done those before."""
        self.place, self.here, self.ready = job.place, None, False
        self.answer(_written(tuple(job)))

    def answer(self, data: bytes) -> None:
        """Send the child something; one that has died is noticed later."""
        assert self.process.stdin is not None
        view = memoryview(len(data).to_bytes(8, "little") + data)
        with suppress(OSError):
            while view:
                view = view[os.write(self.process.stdin.fileno(), view) :]

    def messages(self) -> Iterator[tuple[int, bytearray]]:
        """Yield kind and content of each message until the pipe is closed."""
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        held = bytearray()
        head, unpack = _HEAD.size, _HEAD.unpack_from
        while True:
            self._waiting = True
            piece = os.read(pipe, _PIECE)
            self._waiting = False
            self._heard += 1
            if not piece:
                return
            held += piece
            start, size = 0, len(held) - head
            while start <= size:
                kind, length = unpack(held, start)
                end = start + head + length
                if end > size + head:
                    break
                yield kind, held[start + head : end]
                start = end
            del held[:start]
            if len(piece) < _ENOUGH:
                self._over.wait(_BREATH)

    def _allowed(self) -> float:
        """Return how many seconds of silence are no hang."""
        if not self.ready:
            return max(_START, self.bounds.seconds)
        file = str(self.here[1]) if self.here is not None and self.here[0] else self.place
        try:
            size = Path(file).stat().st_size
        except OSError:
            size = 0
        return self.bounds.seconds + size / PACE

    def _be_watched(self) -> None:
        """Kill the child when the parent has waited for it too long, or for long has had nothing to do for it.

        Time is counted in steps, asleep it stands.
        """
        step = min(0.25, self.bounds.seconds / 10)
        quiet, heard = 0.0, -1
        while not self._over.wait(step):
            idle = self in _idle
            if not (self._waiting or idle) or self._heard != heard:
                quiet, heard = 0.0, self._heard
                continue
            quiet += step
            if idle:
                if quiet >= _LINGER and _taken_from_idle(self):
                    self.close()
                    return
                continue
            if quiet >= self.bounds.seconds and quiet >= (allowed := self._allowed()):
                self.late = allowed
                self.process.kill()
                return

    def reason(self) -> str:
        """Say why a child that has closed its pipe without a word is no more."""
        code = self.process.wait()
        if self.late:
            return noted("took longer than {seconds:.3g} seconds to read", seconds=self.late)
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            return noted("ended the process that read it ({name})", name=name)
        return noted("ended the process that read it (code {code})", code=code)

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._over.set()
        self.process.kill()
        self.process.wait()
        if self._watch is not threading.current_thread():
            self._watch.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


_idle: list[
    _Child
] = []  # at most one, which has read a small file and waits: to start another takes longer than to read


def _taken_from_idle(child: _Child) -> bool:
    """Tell whether a child was idle, and is no more."""
    try:
        _idle.remove(child)
    except ValueError:
        return False
    return True


def _child(bounds: Bounds) -> _Child:
    """Return a child without a job: the idle one, if it is alive and bound alike, or a new one."""
    while _idle:
        child = next(iter(_idle), None)
        if child is not None and _taken_from_idle(child):
            if child.bounds == bounds and child.process.poll() is None:
                return child
            child.close()
    return _Child(bounds)


def _leave(child: _Child, place: Path) -> None:
    """Let a child wait for another job, unless it may have swollen or one waits already."""
    if _idle or not place.is_file() or place.stat().st_size > _SMALL:
        child.close()
    else:
        _idle.append(child)


def _open(place: Path) -> None:
    """Make sure that a file or folder can be opened. Raises OSError."""
    mode = place.stat().st_mode
    if S_ISDIR(mode):
        os.scandir(place).close()
    elif S_ISREG(mode):
        place.open("rb").close()


def _called(here: _Here, root: Path) -> int | str:
    """Return the name of a file below the source's folder, or a place as it is."""
    is_file, name = here
    return Path(str(name)).relative_to(root).as_posix() if is_file else name


def _kept(here: _Here) -> bytes:
    """Return the first bytes of a file that is set aside, where there is one that can be read without waiting."""
    is_file, name = here
    try:
        if not is_file or not S_ISREG(Path(str(name)).stat().st_mode):
            return b""
        with Path(str(name)).open("rb") as file:
            return file.read(_KEPT)
    except OSError:
        return b""


def _changed(at: _Point) -> Trouble:
    return Trouble(
        0, noted("the source changed while it was read: its first {n:,} items were not the same again", n=at.items)
    )


def guarded(reader: str, place: Path | str, since: Since, *, limits: Bounds = USUAL) -> Iterator[Item]:
    """Yield what a source's read ("module:function") yields, run in a child process with limits on memory and time.

    An item that takes too long or ends the child becomes a Trouble with its reason, and what follows is read on where
    the reader lets the item be passed over; else the rest of the source is set aside, as one Trouble. Closing the
    generator ends the child. `since.secret` stays here: live sources are not read in a child.
    Raises OSError where the path cannot be opened.
    """
    place = Path(place)
    _open(place)
    asked: list[bytes] = []

    def places() -> bytes:
        if not asked:  # asked again, a child must be told the same
            asked.append(_written(frozenset(since.places())))
        return asked[0]

    plain = {name: value for name, value in asdict(since).items() if name not in _QUESTIONS}
    told = _Point()
    last: int | str | None = None
    job = _Job(reader, os.fspath(place), {**plain, "state": dict(since.state)}, {}, limits.memory)
    for _ in range(limits.deaths):
        child = _child(limits)
        child.begin(job)
        ended = False
        now = begun = _Point()  # of this child's telling, and of the item in hand
        reason = ""
        try:
            for kind, data in child.messages():
                if kind == _AT:
                    child.here, begun = marshal.loads(data), now
                elif kind == _WANTED:
                    child.answer(places())
                elif kind == _READY:
                    child.ready = True
                elif kind == _END:
                    ended = True
                    if now.items < told.items:
                        yield _changed(now)
                    return
                elif kind == _DIED:
                    reason = marshal.loads(data).decode()
                else:
                    now = _Point(now.items + 1, now.digest if kind == _MARK else crc32(data, now.digest))
                    if now.items > told.items:
                        item = _BUILD[kind](marshal.loads(data))
                        last = getattr(item, "place", last)
                        yield item
                    elif now.items == told.items and now.digest != told.digest:
                        yield _changed(now)
            reason = reason or child.reason()
        finally:
            if ended:
                _leave(child, place)
            else:
                child.close()
        here = child.here
        if here is None or here in job.aside:
            before = noted("what comes after this") if last is not None else noted("the source")
            reached = last if last is not None or here is None else _called(here, place)
            yield Trouble(reached or 0, noted("{before} {reason}; the rest is set aside", before=before, reason=reason))
            return
        job.aside[here] = reason
        told = begun
        behind = noted("; what stands behind in it is set aside") if now.items > begun.items else ""
        yield Trouble(_called(here, place), reason + behind, _kept(here))
    yield Trouble(last or 0, noted("{n} items were set aside; the rest of the source is not read", n=limits.deaths))
