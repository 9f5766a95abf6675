"""A real life to try Amity on: Arthur Schnitzler's letters, diary and acquaintances, as files of ordinary sources."""

from __future__ import annotations

import lzma
from datetime import date
from importlib import resources
from pathlib import Path
from typing import NamedTuple

OWNER_NAME = "Arthur Schnitzler"
OWNER_ADDRESS = "arthur.schnitzler@letters.example"

# A week before the first night of "Liebelei" at the Burgtheater.
TODAY = date(1895, 10, 1)

# What he wants that summer, and who matters to it.
SUMMER = date(1895, 6, 1)
GOAL = "Liebelei at the Burgtheater"
FIRST_NIGHT = date(1895, 10, 9)
WHY = "a first night before the town"
NEEDS = ("critics",)
TARGETS = (
    "Max Eugen Burckhard",  # who directs the theatre
    "Adele Sandrock",  # who will play Christine
    "Adolf von Sonnenthal",  # who will play her father
    "Hermann Bahr",
    "Otto Brahm",
    "Theodor Herzl",
    "Ludwig Speidel",
    "Georg Brandes",
)

ATTRIBUTION = (
    "Arthur Schnitzler: Briefwechsel mit Autorinnen und Autoren, ed. M. A. Müller, G. Susen, L. Untner (CC BY 4.0)",
    "Arthur Schnitzler: Tagebuch, Austrian Centre for Digital Humanities (CC BY-SA 4.0)",
    "schnitzler-cmif: printed letters around Arthur Schnitzler (CC0 1.0 / CC BY 4.0)",
)


class DemoFile(NamedTuple):
    """One file of the demo: its name once unpacked, what it is, and under which licence."""

    name: str
    about: str
    licence: str


# Cards first: names and birthdays are then known before the contacts that they belong to.
FILES = (
    DemoFile("contacts.vcf", "his address book", "CC BY 4.0"),
    DemoFile("letters.mbox", "his letters, as mail", "CC BY 4.0"),
    DemoFile("diary.csv", "the people whom his diary names, day by day", "CC BY-SA 4.0"),
    DemoFile("editions.csv", "printed letters around him", "CC0 1.0 / CC BY 4.0"),
)


def unpack(folder: Path) -> list[Path]:
    """Write the files of the demo into a folder, made if it is not there, and return their paths.

    A file that is there already with the right content is left as it is, so that its time does not change.
    Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    packed = resources.files("amity.demo")
    paths = []
    for file in FILES:
        path = folder / file.name
        content = lzma.decompress((packed / f"{file.name}.xz").read_bytes())
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
        paths.append(path)
    return paths
