"""A small world: Mia, four people whom she knows, a shop's robot, and the archives that tell of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

OWNER = "mia@home.example"
ANA, BO, CY, DEE = "ana@sea.example", "bo@hill.example", "cy@wood.example", "dee@moor.example"
TODAY = "2025-06-30"


@dataclass(frozen=True)
class Said:
    """What one call said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Said]


def mail(number: int, day: date, sender: str, to: str, subject: str, answers: int | None = None) -> str:
    """Write one mail of an mbox."""
    lines = [
        f"From {sender.partition('<')[2].rstrip('>') or sender} {day:%a %b} {day.day:2d} 10:00:00 {day.year}",
        f"From: {sender}",
        f"To: {to}",
        f"Date: {day:%a, %d %b %Y} 10:00:00 +0000",
        f"Subject: {subject}",
        f"Message-ID: <m{number}@home.example>",
    ]
    if answers is not None:
        lines.append(f"In-Reply-To: <m{answers}@home.example>")
    return "\n".join([*lines, "", "Hello.", "", ""])


def write_mbox(path: Path, until: date = date(2025, 6, 30)) -> Path:
    """Ana and Mia answer one another every ten days; Bo fell silent; Cy writes unanswered; a robot sends news."""
    mia = f"Mia Hart <{OWNER}>"
    letters: list[tuple[date, str, str, str, int | None]] = []
    start = date(2024, 6, 1)
    for step in range(39):
        day = start + timedelta(10 * step)
        letters.append((day, f"Ana Sol <{ANA}>", mia, f"News {step}", None))
        letters.append((day + timedelta(1), mia, f"Ana Sol <{ANA}>", f"Re: News {step}", len(letters) - 1))
    for step in range(12):
        day = start + timedelta(14 * step)
        letters.append((day, mia, f"Bo Hill <{BO}>", f"The roof {step}", None))
        letters.append((day + timedelta(2), f"Bo Hill <{BO}>", mia, f"Re: The roof {step}", len(letters) - 1))
    shop = "News <noreply@shop.example>"
    letters.extend((start + timedelta(19 * step), shop, mia, f"Sale {step}", None) for step in range(20))
    letters.append((date(2025, 6, 26), f"Cy Wood <{CY}>", mia, "A question about the orchard", None))
    kept = [(number, letter) for number, letter in enumerate(letters) if letter[0] <= until]
    kept.sort(key=lambda pair: pair[1][0])
    text = "".join(mail(number, *letter) for number, letter in kept)
    path.write_text(text, encoding="utf-8")
    return path


CARDS = f"""BEGIN:VCARD
VERSION:4.0
UID:ana
FN:Ana Sol
N:Sol;Ana;;;
EMAIL:{ANA}
TEL:+49 30 1234567
ORG:Sea School
TITLE:Teacher
BDAY:1980-07-03
END:VCARD
BEGIN:VCARD
VERSION:4.0
UID:dee
FN:Dee Moor
EMAIL:{DEE}
END:VCARD
"""


def write_table(path: Path, until: date = date(2025, 6, 30)) -> Path:
    """Mia met Ana every month, and Dee once, a fortnight before TODAY."""
    rows = ["when,channel,from,to,cc,subject,depth,minutes,id"]
    for month in range(1, 7):
        day = date(2025, month, 15)
        if day <= until:
            rows.append(f"{day},meeting,Mia Hart <{OWNER}>,Ana Sol <{ANA}>,,Lunch,,60,")
    if until >= date(2025, 6, 16):
        rows.append(f"2025-06-16,meeting,Mia Hart <{OWNER}>,Dee Moor <{DEE}>,,Fair,,,")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
