"""The door: environment, clock, home, settings file and keyring are read here, and nowhere below.

A vault is a folder. Beside the database it may hold `settings.toml`, which the owner writes, and `vault.toml`, which
says how the key is kept and never holds it.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app import settings
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.embeddings import embedder
from amity.faces.polishing import polisher
from amity.language import say
from amity.settings import FILE as SETTINGS_FILE
from amity.settings import Settings, read_settings
from amity.store.db import FILE, damaged, is_encrypted, open_vault

HOW_FILE = "vault.toml"
KEPT = ("none", "passphrase", "keyring")
SERVICE = "amity"
# Cost of the digest that tells a wrong passphrase from a damaged file: scrypt, RFC 7914, 32 MiB.
SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}

Progress = Callable[[float, str], None]


class How(Struct, frozen=True):
    """How the key of a vault is kept, and a salted digest by which a passphrase is known to be the right one."""

    key: str = "none"  # "none" | "passphrase" | "keyring"
    check: str = ""
    name: str = ""  # under which the keyring holds the key; the vault may have moved since


class Door(Struct, frozen=True):
    """A vault whose key is known and whose settings are read; `open` may be called again and again."""

    folder: Path
    today: date | None  # None: whatever the day is when it is opened
    secret: str | None
    settings: Settings

    def open(self, progress: Progress | None = None) -> Desk:
        """Open the vault and return the desk.

        Raises AmityError as `open_vault` does, and DAMAGED where the passphrase is right and the file does not open.
        """
        try:
            database = open_vault(self.folder, self.secret)
        except AmityError as error:
            if error.code is Code.REFUSED and self.secret and _is_right(self.folder, self.secret):
                raise damaged(self.folder / FILE, say("it does not open, though the passphrase is right")) from error
            raise
        more: dict[str, Any] = {} if progress is None else {"progress": progress}
        desk = Desk(database, self.today or date.today(), int(time.time()), self.settings, secret=secret_of, **more)
        desk = settings.applied(desk)
        ours = desk.settings
        return replace(desk, embed=embedder(ours), polisher=polisher(ours, token_of))


def secret_of(place: str) -> str:
    """Return the password or token of a live source: AMITY_SECRET, else the keyring, else what is typed in.

    A token begins with "oauth2:". Raises AmityError REFUSED where there is none to be had.
    """
    if told := os.environ.get("AMITY_SECRET"):
        return told
    if kept := _from_keyring(place):
        return kept
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(say("Password for {place}: ", place=place))
    raise AmityError(
        Code.REFUSED,
        say("There is no password for {place}.", place=place),
        say("Set AMITY_SECRET, or keep it with `keyring set {service} {place}`.", service=SERVICE, place=place),
    )


def token_of(address: str) -> str:
    """Return the token of the model that words asks: AMITY_POLISH_TOKEN, else what the keyring holds, else none.

    Never AMITY_SECRET, which belongs to mail and calendars.
    """
    return os.environ.get("AMITY_POLISH_TOKEN") or _from_keyring(address) or ""


def open_desk(
    vault: Path | None = None,
    today: str | date | None = None,
    *,
    progress: Progress | None = None,
    ask: bool = True,
) -> Desk:
    """Open the vault that is meant, as of the day that is meant.

    `vault` outranks AMITY_VAULT, which outranks the platform's data folder; `today` outranks AMITY_TODAY, which
    outranks the clock. With `ask`, a passphrase may be asked for at the terminal. Raises AmityError.
    """
    return unlock(vault, today, ask=ask).open(progress)


def unlock(
    vault: Path | None = None, today: str | date | None = None, *, ask: bool = True, otherwise: date | None = None
) -> Door:
    """Find the vault, its key and its settings, without opening it yet.

    `otherwise` is the day where neither `today` nor AMITY_TODAY is given. Raises AmityError NOT_FOUND where there is
    no vault, REFUSED where its key is not to be had, USAGE for a day or a setting that is none.
    """
    folder = folder_of(vault)
    day = day_of(today) or otherwise
    file = folder / FILE
    if not file.is_file():
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no vault in {folder}.", folder=folder),
            say("Make one with `{init}`.", init=_init(vault)),
        )
    return Door(folder, day, _secret(folder, file, ask), settings_of(folder, fixed_day=day is not None))


def _init(vault: Path | None) -> str:
    return f"amity init --vault {vault}" if vault else "amity init"


def folder_of(vault: Path | None) -> Path:
    """Return the folder of the vault that is meant."""
    named = vault or os.environ.get("AMITY_VAULT")
    return Path(named).expanduser() if named else data_folder("amity")


def data_folder(name: str) -> Path:
    """Return a folder in the place where this platform keeps what programs hold for a person."""
    from platformdirs import user_data_path

    return user_data_path(name, appauthor=False)


def day_of(today: str | date | None) -> date | None:
    """Return the day that is given or that AMITY_TODAY names, None where the clock decides. Raises AmityError USAGE."""
    if isinstance(today, date):
        return today
    text, where = (today, "--today") if today else (os.environ.get("AMITY_TODAY", ""), "AMITY_TODAY")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AmityError(
            Code.USAGE, say("{where}: {text!r} is no day.", where=where, text=text), say("Write it as 2026-03-31.")
        ) from error


def settings_of(folder: Path, *, fixed_day: bool = False) -> Settings:
    """Read the settings that the owner wrote; the day begins at local midnight unless they say otherwise.

    With a fixed day it begins at midnight UTC instead, so that figures are the same on every machine.
    Raises AmityError USAGE for a file that is none or a setting that is none.
    """
    file = folder / SETTINGS_FILE
    values = _read_toml(file, Code.USAGE) if file.is_file() else {}
    if not fixed_day:
        values.setdefault("utc_offset", time.localtime().tm_gmtoff // 60)
    return read_settings(values, str(file))


def _read_toml(file: Path, code: Code) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AmityError(code, f"{file}: {error}.", say("Correct the file or take it away.")) from error


def make_vault(folder: Path, encrypt: str | None = None) -> How:
    """Make an empty vault in a folder; `encrypt` is None, "passphrase" or "keyring".

    Raises AmityError REFUSED where one is there already, or where the key cannot be had or kept.
    """
    file = folder / FILE
    if file.exists():
        raise AmityError(
            Code.REFUSED,
            say("There is a vault in {folder} already.", folder=folder),
            say("Name another folder with --vault."),
        )
    how, secret = How(), None
    if encrypt == "passphrase":
        secret = _new_passphrase()
        how = How("passphrase", _digest(secret, os.urandom(16)))
    elif encrypt == "keyring":
        how, secret = _ringed(folder)
    # Said before there is anything to open, so that a vault whose making is cut off here is known for what it is.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_how(folder, how)
    open_vault(folder, secret, create=True).close()
    return how


def _ringed(folder: Path) -> tuple[How, str]:
    """Mint a key and leave it to the keyring; take the one that is there for a vault whose making was cut off."""
    begun = how_of(folder)
    if begun and begun.key == "keyring" and (kept := _from_keyring(begun.name)) and _is_right(folder, kept):
        return begun, kept
    secret = os.urandom(32).hex()
    how = How("keyring", _digest(secret, os.urandom(16)), str(folder.absolute()))
    _keep_in_keyring(how.name, secret)
    return how, secret


def how_of(folder: Path) -> How | None:
    """Read how the key of a vault is kept; None where nothing says so."""
    file = folder / HOW_FILE
    if not file.is_file():
        return None
    values = _read_toml(file, Code.DAMAGED)
    how = How(str(values.get("key", "")), str(values.get("check", "")), str(values.get("name", "")))
    if how.key not in KEPT:
        raise AmityError(
            Code.DAMAGED,
            say("{file}: key must be one of {kept}.", file=file, kept=", ".join(KEPT)),
            say("Correct the file."),
        )
    return how


def write_how(folder: Path, how: How) -> None:
    """Write down how the key is kept."""
    lines = ["# How the key of this vault is kept. The key itself is not here.", f'key = "{how.key}"']
    if how.check:
        lines.append(f'check = "{how.check}"')
    if how.name:
        lines.append(f"name = {_quoted(how.name)}")
    file = folder / HOW_FILE
    partial = file.with_name(HOW_FILE + ".partial")
    partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
    partial.chmod(0o600)
    partial.replace(file)


def how_for(folder: Path, file: Path) -> tuple[How, str | None]:
    """Find the key of a backup that is to become the vault in a folder, and say how it is to be kept there."""
    if not is_encrypted(file):
        return How(), None
    if file.stat().st_size % 512:
        raise AmityError(
            Code.DAMAGED,
            say("{file} is no backup of an Amity vault, or is cut short.", file=file),
            say("`amity backup FILE` makes one."),
        )
    secret = _told(folder, True, say("The backup {file}", file=file))
    name = _entry(folder, how_of(folder))
    check = _digest(secret, os.urandom(16))
    return How("keyring", check, name) if _from_keyring(name) == secret else How("passphrase", check), secret


def _secret(folder: Path, file: Path, ask: bool) -> str | None:
    """Return the key of a vault, None for one that is not encrypted."""
    if not is_encrypted(file):
        return None
    how = how_of(folder)
    if how and how.key == "none":
        raise damaged(file, say("it does not begin as a database does"))
    return _told(folder, ask, say("The vault {folder}", folder=folder))


def _told(folder: Path, ask: bool, what: str) -> str:
    """Get a key from the keyring, the environment or the person at the terminal, in this order."""
    how = how_of(folder)
    # Where a vault was lost, its key may still be there for the backup.
    secret = _from_keyring(_entry(folder, how)) if how is None or how.key == "keyring" else None
    secret = secret or os.environ.get("AMITY_PASSPHRASE")
    if not secret and ask and sys.stdin.isatty():
        secret = _ask(say("Passphrase of {what}: ", what=what[:1].lower() + what[1:]))
    if not secret:
        raise AmityError(
            Code.REFUSED,
            say("{what} is encrypted, and there is no key.", what=what),
            say("Set AMITY_PASSPHRASE, or call this at a terminal, or in the session whose keyring holds the key."),
        )
    return secret


def _entry(folder: Path, how: How | None) -> str:
    """Return the name under which the keyring holds the key of a vault."""
    return how.name if how and how.name else str(folder.absolute())


def _quoted(text: str) -> str:
    from json import dumps

    return dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")  # a basic string of TOML 1.0


def _is_right(folder: Path, secret: str) -> bool:
    """Tell whether a passphrase is the one that the vault was made with; False where that is not known."""
    how = how_of(folder)
    if how is None or not how.check:
        return False
    return how.check == _digest(secret, bytes.fromhex(how.check.partition(":")[0]))


def _new_passphrase() -> str:
    told = os.environ.get("AMITY_PASSPHRASE")
    if told:
        return told
    if not sys.stdin.isatty():
        raise AmityError(
            Code.REFUSED,
            say("An encrypted vault needs a passphrase."),
            say("Set AMITY_PASSPHRASE, or call this at a terminal, or take --keyring."),
        )
    first = _ask(say("A passphrase for the vault: "))
    if not first:
        raise AmityError(Code.REFUSED, say("An empty passphrase protects nothing."), say("Choose another."))
    if first != _ask(say("Once more: ")):
        raise AmityError(Code.REFUSED, say("The two passphrases differ."), say("Try again."))
    return first


def _ask(prompt: str) -> str:
    from getpass import getpass

    return getpass(prompt)


def _digest(secret: str, salt: bytes) -> str:
    from hashlib import scrypt

    return f"{salt.hex()}:{scrypt(secret.encode(), salt=salt, dklen=32, **SCRYPT).hex()}"


def _keep_in_keyring(name: str, secret: str) -> None:
    try:
        import keyring
    except ModuleNotFoundError as error:
        raise AmityError(
            Code.REFUSED,
            say("The package keyring is not installed."),
            say("Install amity[keyring], or use a passphrase."),
        ) from error
    try:
        if keyring.get_password(SERVICE, name):
            raise AmityError(
                Code.REFUSED,
                say(
                    "The keyring holds the key of an earlier vault in {name}, and its backups open with that alone.",
                    name=name,
                ),
                say(
                    "Name another folder, or forget that key with `keyring del {service} {name}`.",
                    service=SERVICE,
                    name=name,
                ),
            )
        keyring.set_password(SERVICE, name, secret)
    except keyring.errors.KeyringError as error:
        raise AmityError(
            Code.REFUSED,
            say("No keyring keeps the key: {reason}", reason=_first_line(error)),
            say("Use a passphrase instead of --keyring."),
        ) from error


def _from_keyring(name: str) -> str | None:
    """Return the secret that the keyring holds under a name; None where it cannot be had, and may be told otherwise."""
    try:
        import keyring
    except ModuleNotFoundError:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError:
        return None
    return found


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def explain(error: BaseException, vault: Path | None = None) -> AmityError | None:
    """Say in Amity's words what the machine reported: damage, a lock, a full disk. None for what is a fault of ours."""
    if isinstance(error, AmityError):
        return error
    where = say("the vault {folder}", folder=folder_of(vault))
    if isinstance(error, OSError):
        return _explain_os(error, where)
    if isinstance(error, UnicodeEncodeError) and 0xDC80 <= ord(error.object[error.start]) <= 0xDCFF:
        return AmityError(
            Code.USAGE,
            say("{value!r} is no text in UTF-8.", value=error.object[:200]),
            say("Rename the file, or use a locale of UTF-8."),
        )
    # SQLite's errors are looked up only once something opened it: help and usage errors do without.
    apsw = sys.modules.get("apsw")
    if apsw is None or not isinstance(error, apsw.Error):
        return None
    words = str(error).partition(": ")[2] or str(error)
    if isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
        return damaged(folder_of(vault) / FILE, words)
    if isinstance(error, apsw.SQLError) and "no such table: " in str(error):
        return AmityError(
            Code.REFUSED,
            say(
                "The vault was made by an early Amity, before any release, and lacks what this one keeps ({error}).",
                error=error,
            ),
            say("Make a new one with `amity init` and import again; one of the demo can simply be deleted."),
        )
    for kinds, what, hint in (
        (
            (apsw.BusyError, apsw.LockedError),
            say("is being written by another process"),
            say("Wait for it, then try again."),
        ),
        (
            (apsw.ReadOnlyError, apsw.PermissionsError),
            say("may not be written"),
            say("Check its permissions, or copy it."),
        ),
        (
            (apsw.FullError,),
            say("finds no room on the disk"),
            say("Make room, then try again; what was kept is whole."),
        ),
        (
            (apsw.IOError,),
            say("cannot be read or written ({words})", words=words),
            say("Check the disk, then try again."),
        ),
        ((apsw.CantOpenError,), say("cannot be opened ({words})", words=words), say("Check its permissions.")),
    ):
        if isinstance(error, kinds):
            return AmityError(Code.REFUSED, f"{where[0].upper()}{where[1:]} {what}.", hint)
    return None


def _explain_os(error: OSError, where: str) -> AmityError | None:
    place = str(error.filename) if error.filename is not None else where
    words = error.strerror or str(error)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return AmityError(Code.NOT_FOUND, f"{place}: {words}.", say("Check the path."))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return AmityError(Code.REFUSED, f"{place}: {words}.", say("Check its permissions."))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return AmityError(Code.REFUSED, f"{place}: {words}.", say("Make room, then try again; what was kept is whole."))
    if error.errno in (errno.EIO, errno.EISDIR, errno.EADDRINUSE, errno.ENAMETOOLONG, errno.ELOOP):
        return AmityError(Code.REFUSED, f"{place}: {words}.", say("Check it, then try again."))
    return None
