"""Small archives of every form of chat, made by the tests: one bad record in each, for the contract."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import apsw

from amity.sources import (
    discord,
    imessage,
    linkedin_messages,
    meta,
    signal,
    slack,
    sms,
    telegram,
    whatsapp,
)

N = 30


def write_json(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def a_whatsapp_chat(root: Path) -> Path:
    path = root / "WhatsApp Chat with Ana.txt"
    lines = [f"{i + 1:02d}/01/2024, 10:{i:02d} - {('Ana', 'Bo')[i % 2]}: hello {i}\n" for i in range(N)]
    lines.insert(7, "07/99/2024, 10:10 - Ana: on no day\n")
    lines.insert(9, "and a second line\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def telegram_message(number: int, user: int, text: Any = "hello", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-01-02T10:00:00",
        "date_unixtime": str(1704189600 + number * 60),
        "from": f"P{user}",
        "from_id": f"user{user}",
        "text": text,
        **more,
    }


def a_telegram_export(root: Path) -> Path:
    messages: list[Any] = [telegram_message(i, (1, 2)[i % 2]) for i in range(N)]
    messages[5:5] = [{"id": "five", "type": "message"}]
    return write_json(
        root / "result.json",
        {
            "about": "Here is the data you requested. Remember: Telegram is ad free.",
            "personal_information": {"user_id": 1, "first_name": "Me"},
            "contacts": {"list": [{"user_id": 2, "first_name": "Ana", "phone_number": "+43 660 1234567"}]},
            "chats": {"list": [{"name": "Ana", "type": "personal_chat", "id": 2, "messages": messages}]},
        },
    )


def account(number: int) -> str:
    return b64encode(bytes([number]) * 16).decode()


def signal_frames(messages: Iterable[dict[str, Any]]) -> str:
    frames: list[dict[str, Any]] = [
        {"version": "1", "backupTimeMs": "1704189600000", "currentAppVersion": "Desktop 8.10.2"},
        {"account": {"givenName": "Me"}},
        {"recipient": {"id": "1", "self": {}}},
        {
            "recipient": {
                "id": "2",
                "contact": {"aci": account(2), "e164": "436601234567", "profileGivenName": "Ana", "blocked": False},
            }
        },
        {"recipient": {"id": "3", "contact": {"aci": account(3), "systemGivenName": "Bo", "systemFamilyName": "Berg"}}},
        {
            "recipient": {
                "id": "4",
                "group": {
                    "masterKey": "AA==",
                    "snapshot": {
                        "title": {"title": "Trip"},
                        "members": [{"userId": account(n), "role": "DEFAULT"} for n in (1, 2, 3)],
                    },
                },
            }
        },
        {"chat": {"id": "10", "recipientId": "2"}},
        {"chat": {"id": "11", "recipientId": "4"}},
        *messages,
    ]
    return "".join(json.dumps(frame) + "\n" for frame in frames)


def signal_message(number: int, chat: int, author: int) -> dict[str, Any]:
    return {
        "chatItem": {
            "chatId": str(chat),
            "authorId": str(author),
            "dateSent": str(1704189600000 + number * 1000),
            "standardMessage": {"text": {"body": f"hello {number}"}},
        }
    }


def a_signal_export(root: Path) -> Path:
    messages = [signal_message(i, (10, 11)[i % 2], (1, 2)[i % 2]) for i in range(N)]
    messages.insert(4, {"chatItem": {"chatId": [], "dateSent": "x"}})
    path = root / "main.jsonl"
    path.write_text(signal_frames(messages), encoding="utf-8")
    return path


def a_signal_folder(root: Path) -> Path:
    folder = root / "Ana"
    folder.mkdir()
    lines = [
        json.dumps(
            {
                "date": f"2024-01-02T10:{i:02d}:00",
                "sender": ("Me", "Ana")[i % 2],
                "body": f"hello {i}  ",
                "quote": "",
                "sticker": None,
                "reactions": [],
                "attachments": [],
            }
        )
        for i in range(N)
    ]
    (folder / "data.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "chat.md").write_text("[2024-01-02 10:00:00] Me: hello 0  \n", encoding="utf-8")
    return folder


def meta_message(number: int, sender: str, content: str = "hello", **more: Any) -> dict[str, Any]:
    return {"sender_name": sender, "timestamp_ms": 1704189600000 + number * 1000, "content": content, **more}


def mistaken(text: str) -> str:
    """Return text as Meta writes it: UTF-8 taken for Latin-1."""
    return text.encode().decode("latin-1")


def a_meta_folder(root: Path) -> Path:
    folder = root / "messages"
    for thread, other in enumerate(("Ana", "Bo", "Zoë")):
        name = mistaken(other)
        messages: list[Any] = [meta_message(i, (name, "Me Myself")[i % 2], f"hello {i}") for i in range(10)]
        if thread == 1:
            messages.insert(3, {"sender_name": 5})
        write_json(
            folder / "inbox" / f"{other.lower()}_{thread}" / "message_1.json",
            {
                "participants": [{"name": name}, {"name": "Me Myself"}],
                "messages": messages,
                "title": name,
                "thread_path": f"inbox/{other.lower()}_{thread}",
            },
        )
    return folder


LINKEDIN = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
)


def a_linkedin_table(root: Path) -> Path:
    path = root / "messages.csv"
    rows = [
        f"2-a==,,Ana Lee,https://www.linkedin.com/in/ana,Bo Berg,https://www.linkedin.com/in/bo,"
        f'2024-06-01 12:{i:02d}:00 UTC,,"hello {i},\nagain",INBOX\n'
        for i in range(N)
    ]
    rows.insert(3, "2-a==,,Ana Lee,,Bo Berg,,one day,,hello,INBOX\n")
    path.write_text("\ufeff" + LINKEDIN + "".join(rows), encoding="utf-8")
    return path


def a_slack_folder(root: Path) -> Path:
    folder = root / "Workspace Slack export"
    write_json(
        folder / "users.json",
        [
            {"id": "U1", "team_id": "T1", "name": "ana", "profile": {"real_name": "Ana Lee", "email": "Ana@X.org"}},
            {"id": "U2", "team_id": "T1", "name": "bo", "profile": {"real_name": "Bo", "title": "Baker"}},
            {"id": "U3", "team_id": "T1", "name": "robot", "is_bot": True, "profile": {}},
        ],
    )
    write_json(
        folder / "channels.json", [{"id": "C1", "name": "general", "members": ["U1", "U2", "U3"], "is_general": True}]
    )
    write_json(folder / "dms.json", [{"id": "D1", "members": ["U1", "U2"]}])
    for place, users in (("general", ("U1", "U2")), ("D1", ("U2", "U1"))):
        messages: list[Any] = [
            {"type": "message", "user": users[i % 2], "text": "hello", "ts": f"{1704189600 + i}.000200"}
            for i in range(N // 2)
        ]
        if place == "general":
            messages.insert(2, {"type": "message", "user": "U1", "ts": "soon"})
        write_json(folder / place / "2024-01-02.json", messages)
    return folder


def a_discord_package(root: Path) -> Path:
    folder = root / "package"
    write_json(
        folder / "Account" / "user.json",
        {
            "id": "100000000000000001",
            "username": "me",
            "relationships": [
                {
                    "id": "100000000000000002",
                    "type": "FRIEND",
                    "nickname": None,
                    "user": {"id": "100000000000000002", "username": "ana", "global_name": "Ana"},
                }
            ],
        },
    )
    write_json(
        folder / "Messages" / "index.json",
        {"200000000000000001": "Direct Message with ana#0", "200000000000000002": "general in Bakers"},
    )
    direct = folder / "Messages" / "c200000000000000001"
    write_json(
        direct / "channel.json",
        {"id": "200000000000000001", "type": "DM", "recipients": ["100000000000000001", "100000000000000002"]},
    )
    lines: list[Any] = [
        {
            "ID": 300000000000000000 + i,
            "Timestamp": f"2024-01-02 10:{i:02d}:00",
            "Contents": f"hello {i}",
            "Attachments": "",
        }
        for i in range(N // 2)
    ]
    lines.insert(2, {"ID": 1, "Timestamp": "then"})
    write_json(direct / "messages.json", lines)
    guild = folder / "Messages" / "c200000000000000002"
    write_json(
        guild / "channel.json",
        {"id": "200000000000000002", "type": 0, "name": "general", "guild": {"id": "9", "name": "Bakers"}},
    )
    rows = [f'40000000000000000{i:02d},2024-01-02 11:{i:02d}:00.123000+00:00,"hello,\n{i}",\n' for i in range(N // 2)]
    (guild / "messages.csv").write_text("ID,Timestamp,Contents,Attachments\n" + "".join(rows), encoding="utf-8")
    return folder


MESSAGES = """
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, text TEXT, handle_id INTEGER
    DEFAULT 0, attributedBody BLOB, date INTEGER, is_from_me INTEGER DEFAULT 0, item_type INTEGER DEFAULT 0,
    associated_message_type INTEGER DEFAULT 0);
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, id TEXT NOT NULL, service TEXT NOT NULL);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, style INTEGER,
    chat_identifier TEXT, display_name TEXT);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id));
CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
INSERT INTO handle VALUES (1, '+436601234567', 'iMessage'), (2, 'bo@x.org', 'iMessage');
INSERT INTO chat VALUES (1, 'iMessage;-;+436601234567', 45, '+436601234567', ''),
    (2, 'iMessage;+;chat1', 43, 'chat1', 'Trip');
INSERT INTO chat_handle_join VALUES (1, 1), (2, 1), (2, 2);
"""


def a_messages_database(root: Path) -> Path:
    path = root / "chat.db"
    database = apsw.Connection(str(path))
    database.execute(f"BEGIN; {MESSAGES}")
    for i in range(1, N + 1):
        database.execute(
            "INSERT INTO message (ROWID, guid, text, handle_id, date, is_from_me) VALUES (?, ?, ?, ?, ?, ?)",
            (i, f"G{i}", None if i % 3 else "hello", 1, (725882400 + i * 60) * 10**9, i % 2),
        )
        database.execute("INSERT INTO chat_message_join VALUES (?, ?)", (1 + i % 2, i))
    database.execute("INSERT INTO message (ROWID, guid, date) VALUES (99, 'G99', 'once'); COMMIT")
    database.close()
    return path


def sms_backup(records: Iterable[str], root: str = "smses") -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By SMS Backup & Restore v10-->\n"
        f'<?xml-stylesheet type="text/xsl" href="sms.xsl"?>\n<{root} count="1">\n{"".join(records)}</{root}>\n'
    )


def a_text(number: int, way: int = 1, body: str = "hello", name: str = "Ana", address: str = "+43 660 1234567") -> str:
    return (
        f'  <sms protocol="0" address="{address}" date="{1704189600000 + number * 1000}" type="{way}" '
        f'body="{body}" read="1" status="-1" contact_name="{name}" />\n'
    )


def a_text_backup(root: Path) -> Path:
    path = root / "sms-20240102.xml"
    records = [a_text(i, 1 + i % 2) for i in range(N)]
    records.insert(5, a_text(5).replace("date=", "day="))
    path.write_text(sms_backup(records), encoding="utf-8")
    return path


def a_call_backup(root: Path) -> Path:
    path = root / "calls-20240102.xml"
    calls = (
        f'  <call number="+43 660 1234567" duration="{i * 10}" date="{1704189600000 + i * 1000}" type="{1 + i % 3}" '
        'contact_name="Ana" />\n'
        for i in range(N)
    )
    path.write_text(sms_backup(calls, "calls"), encoding="utf-8")
    return path


def a_whatsapp_chat_of_an_iphone(root: Path) -> Path:
    path = root / "_chat.txt"
    lines = [f"[{i + 1:02d}.01.24, 10:{i:02d}:00] {('Ana', 'Bo')[i % 2]}: hello {i}\r\n" for i in range(N)]
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "whatsapp": a_whatsapp_chat,
    "telegram": a_telegram_export,
    "signal": a_signal_export,
    "meta": a_meta_folder,
    "linkedin-messages": a_linkedin_table,
    "slack": a_slack_folder,
    "discord": a_discord_package,
    "imessage": a_messages_database,
    "sms": a_text_backup,
}
# Other forms of the same sources, for the fuzzer.
FORMS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "signal-folder": ("signal", a_signal_folder),
    "calls-xml": ("sms", a_call_backup),
    "whatsapp-iphone": ("whatsapp", a_whatsapp_chat_of_an_iphone),
}
MODULES: dict[str, ModuleType] = {
    "whatsapp": whatsapp,
    "telegram": telegram,
    "signal": signal,
    "meta": meta,
    "linkedin-messages": linkedin_messages,
    "slack": slack,
    "discord": discord,
    "imessage": imessage,
    "sms": sms,
}
