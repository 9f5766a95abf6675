"""Catalogues of messages: taken from the sources, brought into every language's file, and compiled.

    python tools/catalogues.py            bring every `amity.po` up to date and compile it
    python tools/catalogues.py new fr     begin another language

A message that changed keeps no old translation: it is to be translated anew, rather than said wrongly.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "amity"
LOCALES = SOURCES / "locale"
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract")]
SAYING = ("say", "mark", "noted")
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}  # of templates


class Words(Catalog):
    """A catalogue whose header says what programs need, and nothing of when and by what it was made."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the lines of the header."""
        return [
            ("Project-Id-Version", "Amity"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extract() -> Catalog:
    """Return the messages of the sources, each with the files that say it."""
    found = Catalog(fuzzy=False)
    for file, _, message, comments, context in extract_from_dir(
        SOURCES, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True
    ):
        found.add(message, locations=[(f"src/amity/{file}", 0)], auto_comments=comments, context=context)
    for path in sorted(SOURCES.rglob("*.py")):
        for context, message in filter(itemgetter(1), _said(ast.parse(path.read_text(encoding="utf-8")))):
            found.add(message, locations=[(f"src/amity/{path.relative_to(SOURCES).as_posix()}", 0)], context=context)
    return found


def _said(module: ast.Module) -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    """Yield what a module says, with its context; Babel's own reader takes calls within calls for one another."""
    for one in ast.walk(module):
        if isinstance(one, ast.Call):
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            words = [held.value for held in one.args[:2] if isinstance(held, ast.Constant) and held.value]
            texts = [word for word in words if isinstance(word, str)]
            if name in SAYING and texts[:1] and isinstance(one.args[0], ast.Constant):
                yield None, texts[0]
            elif name in ("say_many", "plural") and len(texts) == 2:
                yield None, (texts[0], texts[1])
            elif name in ("label", "mark_label") and len(texts) == 2:
                yield texts[0], texts[1]
        elif isinstance(one, ast.FunctionDef) and any("click" in ast.unparse(by) for by in one.decorator_list):
            yield None, ast.get_docstring(one) or ""


def files() -> list[Path]:
    """Return the file of every language."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/amity.po"))


def read(file: Path) -> Catalog:
    """Read the file of a language."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.parts[-3], domain="amity")


def renewed(kept: Catalog, found: Catalog) -> Catalog:
    """Return a language's catalogue with the messages of the sources, and no others."""
    made = Words(kept.locale, header_comment=kept.header_comment, fuzzy=False)
    for message in _messages(found):
        known = kept.get(message.id, message.context)
        made.add(
            message.id,
            known.string if known and _alike(known, message) else "",
            locations=sorted(set(message.locations)),
            context=message.context,
        )
    return made


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file holds it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=False, include_lineno=False)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as a program reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(message: Message) -> list[str]:
    """Return what stands in for a message: one text, or one for each form of the plural."""
    said = message.string or ""
    return [said] if isinstance(said, str) else list(said)


def _alike(one: Message, other: Message) -> bool:
    """Tell whether both have a plural, or neither."""
    return isinstance(one.id, (tuple, list)) == isinstance(other.id, (tuple, list))


def main(arguments: list[str]) -> None:
    """Bring every language up to date; with "new" and a code, begin that one first."""
    if arguments[:1] == ["new"]:
        file = LOCALES / arguments[1] / "LC_MESSAGES" / "amity.po"
        file.parent.mkdir(parents=True)
        file.write_bytes(written(Words(arguments[1], header_comment="# Amity in this language.", fuzzy=False)))
    found = extract()
    for file in files():
        made = renewed(read(file), found)
        file.write_bytes(written(made))
        file.with_suffix(".mo").write_bytes(compiled(made))
        missing = sum(not all(forms(one)) for one in _messages(made))
        sys.stdout.write(f"{file.parts[-3]}: {len(made)} messages, {missing} to translate\n")


if __name__ == "__main__":
    main(sys.argv[1:])
