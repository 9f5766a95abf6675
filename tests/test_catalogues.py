"""The catalogues hold what the sources say, whole, and say the same in another language."""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
catalogues = pytest.importorskip("catalogues", reason="needs the tools of the repository")

FIELDS = re.compile(r"\{[a-z_]\w*(?:![rs])?(?::[^}]*)?\}|%\(\w+\)s|%%")
TAGS = re.compile(r"<[a-z/][^>]*>")
SAID = re.compile(r"""worded\(\s*((?:[^()"]*"[^"]+"[^()"]*)+?)[,)]""")
FILES = catalogues.files()


@cache
def found() -> catalogues.Catalog:
    return catalogues.extract()


def messages(file: Path) -> list[catalogues.Message]:
    return [message for message in catalogues.read(file) if message.id]


def named(file: Path) -> str:
    return file.parts[-3]


def test_there_is_german() -> None:
    assert "de" in map(named, FILES)


@pytest.mark.parametrize("file", FILES, ids=named)
def test_the_file_is_what_the_sources_say_and_compiled(file: Path) -> None:
    renewed = catalogues.renewed(catalogues.read(file), found())
    said = {(message.context, message.id) for message in renewed if message.id}
    assert {(message.context, message.id) for message in messages(file)} == said, "run make words"
    assert file.with_suffix(".mo").read_bytes() == catalogues.compiled(renewed), "run make words"


@pytest.mark.parametrize("file", FILES, ids=named)
def test_every_message_is_translated_and_none_is_a_guess(file: Path) -> None:
    assert [message.id for message in messages(file) if message.fuzzy or not all(catalogues.forms(message))] == []


@pytest.mark.parametrize("file", FILES, ids=named)
def test_a_translation_has_the_fields_and_the_tags_of_its_message(file: Path) -> None:
    different = []
    for message in messages(file):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        # A form for one may say "one" in place of the number; whatever else a message tells stands in every form.
        wanted = [Counter(FIELDS.findall(one)) for one in ids]
        tags = Counter(TAGS.findall(ids[0]))
        for said in filter(None, catalogues.forms(message)):
            fields = Counter(FIELDS.findall(said))
            if fields not in wanted or Counter(TAGS.findall(said)) != tags:
                different.append((ids[0], said))
    assert different == []


@pytest.mark.parametrize("file", FILES, ids=named)
def test_no_translation_breaks_out_of_an_attribute(file: Path) -> None:
    assert [said for message in messages(file) for said in catalogues.forms(message) if '"' in TAGS.sub("", said)] == [
        said
        for message in messages(file)
        if '"' in TAGS.sub("", message.id if isinstance(message.id, str) else message.id[0])
        for said in catalogues.forms(message)
        if '"' in TAGS.sub("", said)
    ]


def test_the_page_brings_along_what_scripts_say() -> None:
    from amity.faces.web.scripted import WORDS

    scripts = (ROOT / "src" / "amity" / "faces" / "web" / "static").glob("*.js")
    said = {
        words
        for script in scripts
        for call in SAID.findall(script.read_text(encoding="utf-8"))
        for words in re.findall(r'"([^"]+)"', call)
    }
    assert said == set(WORDS)
