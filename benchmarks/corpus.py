"""A mail archive that looks like a real one from afar: sizes, headers, threads and people, all made up.

Sizes follow what list archives and personal mail show: median 6 KB, mean 15 KB, one in a hundred above 200 KB,
4 % with attachments; headers of 1.8 KB with Received, DKIM and ARC folded, names in two charsets, up to 90 recipients.
"""

from __future__ import annotations

import base64
import math
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

SEED = 7
START = 1_262_304_000  # 2010-01-01
FOLDERS = ("", *(f".Archive.{number:02d}" for number in range(1, 25)))
_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ren",
    "ta",
    "vo",
    "su",
    "bel",
    "dan",
    "fer",
    "gal",
    "hin",
    "jo",
    "kel",
    "lu",
    "mar",
    "nos",
    "pel",
    "qui",
    "ros",
    "sil",
    "tor",
    "ul",
    "ven",
    "wis",
    "zan",
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_ZONES = ("+0000", "+0100", "+0200", "-0500", "-0800", "+0530")


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 4)))


def _people(rng: random.Random, count: int) -> list[tuple[str, str, str]]:
    """Return address, plain header form and name of as many people."""
    out = []
    for number in range(count):
        given, family = _word(rng).title(), _word(rng).title()
        address = f"{given}.{family}{number}@{_word(rng)}.{rng.choice(('org', 'com', 'example', 'net'))}"
        kind = rng.random()
        if kind < 0.10:
            word = base64.b64encode(f"{given} Ø{family}".encode()).decode()
            shown = f"=?UTF-8?B?{word}?= <{address}>"
        elif kind < 0.15:
            shown = f"=?iso-8859-1?Q?{given}_M=FCller-{family}?= <{address}>"
        elif kind < 0.25:
            shown = f'"{family}, {given}" <{address.lower()}>'
        elif kind < 0.35:
            shown = address
        else:
            shown = f"{given} {family} <{address}>"
        out.append((address, shown, f"{given} {family}"))
    return out


def _stamp(at: int, zone: str) -> str:
    sign = -1 if zone[0] == "-" else 1
    local = at + sign * (int(zone[1:3]) * 3600 + int(zone[3:]) * 60)
    t = time.gmtime(local)
    clock = f"{t.tm_hour:02d}:{t.tm_min:02d}:{t.tm_sec:02d}"
    return f"{_DAYS[t.tm_wday]}, {t.tm_mday:02d} {_MONTHS[t.tm_mon - 1]} {t.tm_year} {clock} {zone}"


def _asctime(at: int) -> str:
    return time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(at))


def messages(count: int, seed: int = SEED) -> Iterator[tuple[int, bytes]]:
    """Yield time and whole text of each made-up mail, oldest first."""
    rng = random.Random(seed)
    people = _people(rng, 15_000)
    weights = [1 / (rank + 3) for rank in range(len(people))]
    picks = rng.choices(range(len(people)), weights, k=count * 4)
    lines = [" ".join(_word(rng) for _ in range(rng.randint(6, 12))) + "\n" for _ in range(4000)]
    text = "".join(lines).replace("\nFrom ", "\n>From ").encode() * 6
    noise = base64.encodebytes(rng.randbytes(2_200_000))
    breaks = [rng.randrange(len(text) // 2) for _ in range(997)]
    subjects = [" ".join(_word(rng) for _ in range(rng.randint(2, 8))).capitalize() for _ in range(20_000)]
    me = "Owner Person <owner@home.example>"
    threads: list[tuple[str, tuple[str, ...], str]] = []
    at = START
    pick = 0
    for number in range(count):
        at += rng.randint(60, 8000)
        zone = rng.choice(_ZONES)
        _, sender, _ = people[picks[pick]]
        pick = (pick + 1) % len(picks)
        host = f"{number:x}.{rng.getrandbits(48):x}@mail.{picks[pick] % 500}.example"
        answer = rng.random() < 0.56 and threads
        if answer:
            parent, references, subject = threads[rng.randrange(max(0, len(threads) - 300), len(threads))]
            references = (*references, parent)[-19:]
            if not subject.startswith("Re: "):
                subject = "Re: " + subject
        else:
            parent, references, subject = "", (), rng.choice(subjects)
            if rng.random() < 0.12:
                subject = f"=?utf-8?Q?{subject.replace(' ', '_')}_f=C3=BCr_dich?="
        threads.append((host, references, subject))
        if len(threads) > 2000:
            del threads[:1000]
        sent = rng.random() < 0.25
        to = [me] if not sent else []
        extra = min(89, int(rng.paretovariate(1.3)) - 1) + (1 if sent else 0)
        for _ in range(extra):
            to.append(people[picks[pick]][1])
            pick = (pick + 1) % len(picks)
        cut = max(1, len(to) // 2) if len(to) > 2 else len(to)
        stamp = _stamp(at, zone)
        token = f"{rng.getrandbits(64):016x}"
        signature = "\n\t".join(f"{rng.getrandbits(256):064x}" for _ in range(5))
        head = [
            "Return-Path: <bounce@relay.example>",
            f"Received: from mx{number % 7}.relay.example (mx{number % 7}.relay.example [192.0.2.{number % 250}])\n"
            f"\tby inbound.home.example (Postfix) with ESMTPS id {token}\n\tfor <owner@home.example>; {stamp}",
            f"Received: from origin.example (origin.example [198.51.100.{number % 250}])\n"
            f"\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n\tby mx.relay.example; {stamp}",
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=relay.example; s=s2048;\n"
            f"\th=From:To:Subject:Date:Message-ID;\n\tb={signature}",
        ]
        if number % 3 == 0:
            head.append(f"ARC-Seal: i=1; a=rsa-sha256; t={at}; cv=none;\n\td=relay.example; b={signature}")
            head.append(f"ARC-Authentication-Results: i=1; relay.example;\n\tdkim=pass; spf=pass {token}")
        head += [
            f"From: {me if sent else sender}",
            "To: " + ",\n\t".join(to[:cut]),
        ]
        if len(to) > cut:
            head.append("Cc: " + ",\n ".join(to[cut:]))
        head += [f"Date: {stamp}", f"Subject: {subject}", f"{'Message-ID' if number % 4 else 'Message-Id'}: <{host}>"]
        if parent:
            head.append(f"In-Reply-To: <{parent}>")
            head.append("References: " + "\n ".join(f"<{one}>" for one in references))
        if rng.random() < 0.15:
            head += [
                f"List-Id: <list{number % 40}.example>",
                "Precedence: list",
                "List-Unsubscribe: <mailto:u@list.example>",
            ]
        head += ["MIME-Version: 1.0", "X-Mailer: Made Up 1.0", f"X-Token: {token}"]
        size = int(math.exp(rng.gauss(8.05, 0.85)))
        body_at = breaks[number % 997]
        body = text[body_at : body_at + min(size, 60_000)]
        if rng.random() < 0.015:
            body += text[: int(rng.uniform(20_000, 200_000))]
        if rng.random() < 0.04:
            head.append('Content-Type: multipart/mixed; boundary="=_part"')
            attached = noise[: int(min(math.exp(rng.gauss(11.4, 1.1)), 1_500_000)) // 77 * 77]
            body = (
                b"--=_part\nContent-Type: text/plain; charset=utf-8\n\n" + body + b"\n--=_part\n"
                b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
                + attached
                + b"--=_part--\n"
            )
        else:
            head.append("Content-Type: text/plain; charset=utf-8")
        yield at, "\n".join(head).encode() + b"\n\n" + body + b"\n"


def generate(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the archive as one mbox and as a Maildir with 25 folders, unless it is there already; return both paths."""
    mbox, maildir, done = folder / f"{count}.mbox", folder / f"{count}.maildir", folder / f"{count}.done"
    if done.exists():
        return mbox, maildir
    folder.mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        for box in ("cur", "new", "tmp"):
            (maildir / name / box).mkdir(parents=True, exist_ok=True)
    with mbox.open("wb") as file:
        for number, (at, text) in enumerate(messages(count)):
            file.write(b"From sender@relay.example " + _asctime(at).encode() + b"\n" + text + b"\n")
            folder_name = FOLDERS[number % len(FOLDERS)]
            handle = os.open(
                f"{maildir}/{folder_name}/cur/{at}.M{number}P1.home:2,S", os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            )
            os.write(handle, text)
            os.close(handle)
    done.touch()
    return mbox, maildir
