"""What people find in their chats: who wrote to whom, calls, groups, and what each program gets wrong."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Card, Channel, Handle, Moment, Position, Role, Sign, Since, Trouble
from amity.sources import chats, discord, encoded, imessage, linkedin_messages, meta, signal, slack, sms, telegram
from tests.sources import data_chats as data

ME = chats.ME.value


def read(source: ModuleType, path: Path) -> tuple[list[Moment], list[Card], list[Trouble]]:
    head = b"" if path.is_dir() else path.read_bytes()[:4096]
    assert source.recognise(path, head)
    items = list(source.read(path, Since()))
    return (
        [item for item in items if isinstance(item, Moment)],
        [item for item in items if isinstance(item, Card)],
        [item for item in items if isinstance(item, Trouble)],
    )


def sides(moment: Moment) -> tuple[str, list[str]]:
    sender = [party.handle.value for party in moment.parties if party.role is Role.FROM]
    return (sender or [""])[0], [party.handle.value for party in moment.parties if party.role is Role.TO]


def when(moment: Moment) -> str:
    return f"{datetime.fromtimestamp(moment.at, UTC):%Y-%m-%d %H:%M:%S}"


# Telegram


def test_telegram_of_a_whole_account_knows_its_owner(tmp_path):
    moments, (card,), _ = read(telegram, data.a_telegram_export(tmp_path))
    assert card.handles == (Handle("phone", "+436601234567"), Handle("handle", "telegram:2"))
    assert sides(moments[0]) == (ME, ["telegram:2"])
    assert sides(moments[1]) == ("telegram:2", [ME])
    assert when(moments[0]) == "2024-01-02 10:00:00"


def test_telegram_of_one_chat_takes_who_is_not_the_other_for_the_owner(tmp_path):
    call = {"type": "service", "action": "phone_call", "actor": "Ana", "actor_id": "user2", "text": ""}
    path = data.write_json(
        tmp_path / "result.json",
        {
            "name": "Ana",
            "type": "personal_chat",
            "id": 2,
            "messages": [
                data.telegram_message(1, 2, ["see ", {"type": "link", "text": "https://x.org"}]),
                data.telegram_message(2, 7),
                data.telegram_message(3, 7) | call | {"duration_seconds": 130},
                data.telegram_message(4, 7) | call | {"discard_reason": "missed"},
                data.telegram_message(5, 7) | call | {"action": "pin_message"},
                {"id": 6, "type": "message", "date": "2024-01-02T10:00:05", "from": "Ana", "from_id": 2, "text": "old"},
            ],
        },
    )
    moments, _, troubles = read(telegram, path)
    assert not troubles
    assert [sides(moment) for moment in moments] == [
        ("telegram:2", [ME]),
        (ME, ["telegram:2"]),
        ("telegram:2", [ME]),
        ("telegram:2", [ME]),
        ("", []),
        ("telegram:2", [ME]),
    ]
    assert [(moment.channel, moment.minutes) for moment in moments[2:4]] == [(Channel.CALL, 2), (Channel.CALL, 0)]
    assert [moment.told.system for moment in moments if moment.told] == [False, False, False, False, True, False]


def test_telegram_groups_have_their_speakers_and_channels_nobody(tmp_path):
    chat = {"type": "private_group", "id": 5, "name": "Trip"}
    group = [data.telegram_message(i, i + 1) for i in range(3)]
    channel = [data.telegram_message(1, 9) | {"from_id": "channel9"}]
    path = data.write_json(
        tmp_path / "result.json",
        {
            "about": "Telegram",
            "personal_information": {"user_id": 1},
            "chats": {
                "list": [
                    chat | {"messages": group},
                    {"type": "public_channel", "id": 9, "name": "News", "messages": channel},
                    {"type": "saved_messages", "id": 1, "messages": [data.telegram_message(8, 1)]},
                ]
            },
            "left_chats": {"list": [chat | {"id": 6, "messages": group[:2]}]},
        },
    )
    moments, _, _ = read(telegram, path)
    assert [sides(moment) for moment in moments] == [
        (ME, ["telegram:2", "telegram:3"]),
        ("telegram:2", [ME, "telegram:3"]),
        ("telegram:3", [ME, "telegram:2"]),
        ("", []),
        ("", []),
        (ME, ["telegram:2"]),
        ("telegram:2", [ME]),
    ]


# Signal


def test_signal_own_export_joins_accounts_numbers_and_names(tmp_path):
    call = {"individualCall": {"type": "AUDIO_CALL", "direction": "INCOMING", "state": "ACCEPTED"}}
    missed = {"individualCall": {"direction": "INCOMING", "state": "MISSED", "startedCallTimestamp": "1"}}
    bare = {"chatId": "10", "authorId": "1", "dateSent": "1704189700000"}
    path = tmp_path / "main.jsonl"
    path.write_text(
        data.signal_frames(
            [
                data.signal_message(1, 10, 1),
                data.signal_message(2, 11, 2),
                {"chatItem": bare | {"updateMessage": call}},
                {"chatItem": bare | {"dateSent": "1704189800000", "updateMessage": missed}},
                {"chatItem": bare | {"dateSent": "1704189900000", "updateMessage": {"simpleUpdate": {"type": 1}}}},
            ]
        )
    )
    moments, cards, troubles = read(signal, path)
    assert not troubles
    ana, bo = (card.handles[0].value for card in cards)
    assert ana == "signal:02020202-0202-0202-0202-020202020202"
    assert cards[0].handles[1] == Handle("phone", "+436601234567")
    assert [card.name for card in cards] == ["Ana", "Bo Berg"]
    assert [sides(moment) for moment in moments] == [
        (ME, [ana]),
        (ana, [bo, ME]),
        (ana, [ME]),
        (ana, [ME]),
        ("", []),
    ]
    assert [(moment.channel, moment.minutes) for moment in moments[2:4]] == [(Channel.CALL, 1), (Channel.CALL, 0)]


def test_signal_export_of_the_tool_in_both_its_forms(tmp_path):
    folder = tmp_path / "Ana"
    folder.mkdir()
    path = folder / "chat.md"
    path.write_text(
        "[2024-01-02 10:00:00] Me: one  \n\n> quoted: yes\n\n[2024-01-02, 10:01] Ana: two  \n"
        "[2024-01-02 10:02:00] Ana: Incoming voice call (accepted, 2m 10s)  \n[2024-01-02 10:03:00] No-Sender: x  \n"
    )
    moments, _, _ = read(signal, folder)
    assert [sides(moment) for moment in moments] == [(ME, ["ana"]), ("ana", [ME]), ("ana", [ME]), ("", [])]
    assert (moments[2].channel, moments[2].minutes) == (Channel.CALL, 2)
    (folder / "data.json").write_text(
        '{"date": "2024-01-02T12:00:00+02:00", "sender": "Me", "body": "hi  ", "quote": ""}\n'
    )
    (moment,), _, _ = read(signal, folder)
    assert when(moment) == "2024-01-02 10:00:00"
    assert sides(moment) == (ME, ["ana"])


# Facebook and Instagram


def test_meta_names_are_put_right_and_the_owner_is_who_is_everywhere(tmp_path):
    moments, _, _ = read(meta, data.a_meta_folder(tmp_path))
    zoe = [moment for moment in moments if moment.told and moment.told.chat == "Zoë"]
    assert sides(zoe[0]) == ("zoë", [ME])
    assert sides(zoe[1]) == (ME, ["zoë"])


def test_meta_thread_alone_has_names_and_calls(tmp_path):
    path = data.write_json(
        tmp_path / "message_1.json",
        {
            "participants": [{"name": "Ana"}, {"name": "Bo"}, {"name": "Facebook user"}],
            "messages": [
                data.meta_message(1, "Ana", call_duration=61),
                data.meta_message(2, "Bo", "Reacted \u2764 to your message"),
                data.meta_message(3, "Facebook user"),
                data.meta_message(4, "Ana", data.mistaken("Grüße 😀")),
            ],
            "title": "Ana",
        },
    )
    moments, _, _ = read(meta, path)
    assert [(moment.channel, moment.minutes) for moment in moments[:2]] == [(Channel.CALL, 1), (Channel.CHAT, 0)]
    assert [sides(moment) for moment in moments] == [("ana", ["bo"]), ("", []), ("", []), ("ana", ["bo"])]


def test_meta_end_to_end_encrypted_threads_have_their_own_words(tmp_path):
    path = data.write_json(
        tmp_path / "Ana_1.json",
        {
            "participants": ["Ana", "Bo"],
            "threadName": "Ana_1",
            "messages": [
                {"isUnsent": False, "senderName": "Bo", "text": "é", "timestamp": 1704189600000, "type": "text"}
            ],
        },
    )
    (moment,), _, _ = read(meta, path)
    assert sides(moment) == ("bo", ["ana"])


@given(st.text(max_size=60))
def test_meta_text_is_put_right(text):
    assert meta.righted(data.mistaken(text)) == encoded.clean(text)


def test_meta_text_that_was_right_stays():
    assert [meta.righted(text) for text in ("Zoë", "plain", "日本", "😀")] == ["Zoë", "plain", "日本", "😀"]


# LinkedIn


def test_linkedin_people_are_their_profiles(tmp_path):
    path = tmp_path / "messages.csv"
    ana, bo, cy = (f"https://www.linkedin.com/in/{name}" for name in ("ana", "bo", "cy"))
    path.write_text(
        data.LINKEDIN
        + f'1,Trip,Ana,{ana},"Bo Berg,Cy",'
        + f'"{bo},{cy}",2024-06-01 12:00:00 UTC,Hello,"a\nb",INBOX\n'
        + f"1,Trip,Bo Berg,{bo},Ana,{ana},2024-06-01 12:01:00 UTC,,x,SPAM\n"
        + "2,,LinkedIn Member,,Ana,,2024-06-01 12:02:00 UTC,,x,INBOX\n"
        + "3,,Dee,,Ana,,2024-06-01 12:03:00 UTC,,x,INBOX\n"
    )
    moments, _, _ = read(linkedin_messages, path)
    assert sides(moments[0]) == ("https://linkedin.com/in/ana", [f"https://linkedin.com/in/{n}" for n in ("bo", "cy")])
    assert moments[0].subject == "Hello"
    assert moments[0].thread == moments[1].thread != moments[2].thread
    assert moments[1].signs is Sign.BULK
    assert [sides(moment) for moment in moments[2:]] == [("", []), ("dee", ["ana"])]


# Slack


def test_slack_members_threads_and_robots(tmp_path):
    folder = data.a_slack_folder(tmp_path)
    data.write_json(
        folder / "general" / "2024-01-03.json",
        [
            {"type": "message", "user": "U1", "ts": "1704276000.1", "thread_ts": "1704276000.1"},
            {"type": "message", "user": "U2", "ts": "1704276001.1", "thread_ts": "1704276000.1"},
            {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1704276002.1"},
            {"type": "message", "subtype": "bot_message", "bot_id": "B1", "ts": "1704276003.1"},
            {"type": "message", "user": "U3", "ts": "1704276004.1"},
            {"type": "message", "subtype": "thread_broadcast", "user": "U2", "ts": "1704276005.1"},
        ],
    )
    moments, cards, _ = read(slack, folder)
    assert cards[0].handles == (Handle("handle", "slack:T1/U1"), Handle("email", "ana@x.org"))
    assert cards[1].position == Position("", "Baker")
    late = moments[-6:]
    assert [sides(moment) for moment in late] == [
        ("slack:T1/U1", ["slack:T1/U2"]),
        ("slack:T1/U2", ["slack:T1/U1"]),
        ("", []),
        ("", []),
        ("", []),
        ("slack:T1/U2", ["slack:T1/U1"]),
    ]
    assert late[0].thread == late[1].thread != 0
    assert moments[0].told.chat == "Ana Lee, Bo"


# Discord


def test_discord_has_only_what_the_owner_wrote(tmp_path):
    moments, (friend,), _ = read(discord, data.a_discord_package(tmp_path))
    assert (friend.name, friend.nicknames) == ("Ana", ("ana",))
    assert sides(moments[0]) == (ME, ["discord:100000000000000002"])
    assert moments[0].parties[1].name == "Ana"
    assert sides(moments[-1]) == (ME, [])
    assert when(moments[-1]) == "2024-01-02 11:14:00"


# Messages of macOS


def test_imessage_groups_reactions_and_both_kinds_of_time(tmp_path):
    path = data.a_messages_database(tmp_path)
    database = apsw.Connection(str(path))
    for row, date, mine, kind in ((101, 725882400, 1, 0), (102, 725882400, 0, 2001), (103, 725882400, 0, 0)):
        database.execute(
            "INSERT INTO message (ROWID, guid, handle_id, date, is_from_me, associated_message_type)"
            " VALUES (?, ?, 2, ?, ?, ?)",
            (row, f"G{row}", date, mine, kind),
        )
        database.execute("INSERT INTO chat_message_join VALUES (2, ?)", (row,))
    database.close()
    before = path.read_bytes()
    moments, _, _ = read(imessage, path)
    assert path.read_bytes() == before
    assert when(moments[-1]) == "2024-01-02 10:00:00"
    assert [sides(moment) for moment in moments[-3:]] == [
        (ME, ["+436601234567", "bo@x.org"]),
        ("", []),
        ("bo@x.org", ["+436601234567", ME]),
    ]
    assert moments[-1].told.chat == "Trip"


def test_imessage_reads_what_is_still_in_the_journal_and_leaves_both_alone(tmp_path):
    path = data.a_messages_database(tmp_path)
    database = apsw.Connection(str(path))
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("INSERT INTO message (ROWID, guid, handle_id, date) VALUES (200, 'late', 1, 725882400)")
    files = sorted(tmp_path.iterdir())
    contents = [file.read_bytes() for file in files]
    moments, _, _ = read(imessage, path)
    assert moments[-1].place == 200
    assert sorted(tmp_path.iterdir()) == files
    assert [file.read_bytes() for file in files] == contents
    database.close()


def test_another_database_or_one_made_to_hang_is_not_read(tmp_path):
    path = tmp_path / "chat.db"
    database = apsw.Connection(str(path))
    database.execute(data.MESSAGES)
    database.execute("DROP TABLE message")
    database.execute(
        "CREATE VIEW message AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS date FROM n"
    )
    database.close()
    assert not imessage.recognise(path, path.read_bytes()[:4096])
    (trouble, _) = imessage.read(path, Since())
    assert isinstance(trouble, Trouble)
    assert "message" in trouble.reason


# Text messages and calls


def backup(tmp_path: Path, records: list[str], root: str = "smses") -> Path:
    path = tmp_path / "backup.xml"
    path.write_text(data.sms_backup(records, root), encoding="utf-8")
    return path


def test_texts_go_from_and_to_the_owner_and_drafts_to_nobody(tmp_path):
    records = [data.a_text(way, way) for way in (1, 2, 3, 5)]
    records += [data.a_text(9, 1, name="(Unknown)"), data.a_text(10, 1, address="BANK", name="null")]
    moments, _, _ = read(sms, backup(tmp_path, records))
    assert [sides(moment) for moment in moments] == [
        ("+436601234567", [ME]),
        (ME, ["+436601234567"]),
        ("", []),
        ("", []),
        ("+436601234567", [ME]),
        ("sms:bank", [ME]),
    ]
    assert [moment.parties[0].name for moment in (moments[0], moments[4])] == ["Ana", ""]


def test_characters_that_the_app_breaks_are_put_right(tmp_path):
    whole = backup(tmp_path, [data.a_text(1, body="a 😀 &amp; b")])
    (expected,), _, _ = read(sms, whole)
    for broken in ("a &#55357;&#56832; &amp; b", "a &#xD83D;&#xDE00; & b", "a \x01&#128512; &#38; b&#0;"):
        (moment,), _, troubles = read(sms, backup(tmp_path, [data.a_text(1, body=broken)]))
        assert not troubles
        assert moment.key == expected.key


def test_a_group_with_a_picture_names_all_and_passes_the_picture_over(tmp_path):
    mms = (
        '<mms date="1704189600000" msg_box="{}" address="+436601234567~+436601234568" contact_name="Ana, Bo"><parts>'
        f'<part seq="0" ct="image/jpeg" data="{"QUJD" * 200_000}"/><part ct="text/plain" text="hi"/></parts><addrs>'
        '<addr address="+436601234568" type="137"/><addr address="+436609999999" type="151"/></addrs></mms>\n'
    )
    moments, _, troubles = read(sms, backup(tmp_path, [mms.format(1), mms.format(2), data.a_text(3)]))
    assert not troubles
    assert [sides(moment) for moment in moments] == [
        ("+436601234568", [ME, "+436601234567"]),
        (ME, ["+436601234567", "+436601234568"]),
        ("+436601234567", [ME]),
    ]
    assert moments[0].parties[0].name == "Bo"


def test_calls_last_and_missed_ones_do_not(tmp_path):
    calls = [
        f'<call number="+43 660 1234567" duration="{length}" date="170418960{way}000" type="{way}"/>\n'
        for way, length in ((1, 600), (2, 20), (3, 0), (5, 0), (2, 0))
    ]
    calls.append('<call number="-2" duration="5" date="1704189609000" type="1" presentation="2"/>')
    moments, _, _ = read(sms, backup(tmp_path, calls, "calls"))
    assert {moment.channel for moment in moments} == {Channel.CALL}
    assert [moment.minutes for moment in moments] == [10, 1, 0, 0, 0, 1]
    assert [sides(moment)[0] for moment in moments] == ["+436601234567", ME, "+436601234567", "+436601234567", ME, ""]


def test_behind_a_broken_record_the_next_is_read(tmp_path):
    records = [data.a_text(1), '<sms address="<" date="1" type="1"/>', data.a_text(2), "</oops>", data.a_text(3)]
    moments, _, troubles = read(sms, backup(tmp_path, records))
    assert len(moments) == 3
    assert len(troubles) == 2


@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE smses [<!ENTITY a "aaaa">]>', '<!DOCTYPE smses SYSTEM "file:///etc/passwd">', "<!DOCTYPE smses>"],
)
def test_document_types_are_refused(tmp_path, declared):
    path = tmp_path / "a.xml"
    path.write_text(f"<?xml version='1.0'?>{declared}<smses>{data.a_text(1)}</smses>")
    items = list(sms.read(path, Since()))
    assert [type(item).__name__ for item in items] == ["Trouble", "Mark"]
    assert "document type" in items[0].reason


N = 1 << 20


@pytest.mark.parametrize(
    "text",
    [
        "&#55357;" * (N // 8),
        "&" * N,
        "&#" * (N // 2),
        "&#x" + "1" * N,
        '<sms body="' + "a" * (40 * N),
        '<sms data="' + "A" * (4 * N),
        ' data="' * (N // 7),
        "<sms " * (N // 5),
        "<mms>" * (N // 5),
        "<sms a='" + "' a='" * (N // 5),
        "<sms><" * (N // 6),
        "<" * N,
    ],
    ids=map(str, range(12)),
)
def test_a_backup_made_to_hang(tmp_path, text):
    path = tmp_path / "a.xml"
    path.write_text("<smses>" + text)
    begun = time.process_time()
    assert any(isinstance(item, Trouble) for item in sms.read(path, Since()))
    assert time.process_time() - begun < 5


@given(st.binary(max_size=400) | st.text(alphabet="<>smscall=\"'&#;x0123456789 /!-dateboy", max_size=400))
def test_no_backup_raises(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "a.xml"
    body = text if isinstance(text, bytes) else text.encode()
    for whole in (body, b"<smses>" + body, b'<smses><sms address="1" date="5" type="1" body="' + body + b'"/></smses>'):
        path.write_bytes(whole)
        sms.recognise(path, whole)
        list(sms.read(path, Since()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("id", "type", "date", "date_unixtime", "from", "from_id", "actor_id", "action", "text", "duration_seconds")


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), json_values), max_size=4))
def test_no_telegram_message_raises(tmp_path_factory, messages: list[dict[str, Any]]):
    path = tmp_path_factory.mktemp("any") / "result.json"
    path.write_text(json.dumps({"name": "x", "type": "personal_chat", "id": 2, "messages": messages}))
    items = [item for item in telegram.read(path, Since()) if isinstance(item, Moment | Trouble)]
    assert len(items) in (len(messages), 1)


@given(st.lists(st.dictionaries(st.sampled_from(("sender_name", "timestamp_ms", "content", "type")), json_values)))
def test_no_meta_message_raises(tmp_path_factory, messages: list[dict[str, Any]]):
    path = tmp_path_factory.mktemp("any") / "message_1.json"
    path.write_text(json.dumps({"participants": [{"name": "A"}], "messages": messages}))
    list(meta.read(path, Since()))


@given(st.binary(max_size=400))
def test_no_bytes_raise(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "any"
    for source, begin in (
        (telegram, b'{"type":"personal_chat","messages":['),
        (meta, b'{"participants":['),
        (signal, b'{"version":"1","backupTimeMs":"1"}\n'),
        (signal, b'{"date": "2024-01-02 10:00", "sender": "Me"}\n'),
        (linkedin_messages, data.LINKEDIN.encode()),
        (imessage, b"SQLite format 3\0"),
    ):
        path.write_bytes(begin + text)
        source.recognise(path, path.read_bytes()[:4096])
        list(source.read(path, Since()))


# Keys that are damaged


def damaged(path: Path, key: str, other: str) -> tuple[list[Moment], list[Card], list[Trouble]]:
    text = path.read_text()
    assert f'"{key}"' in text
    path.write_text(text.replace(f'"{key}"', f'"{other}"'))
    module = telegram if path.name == "result.json" else meta
    items = list(module.read(path, Since()))
    return (
        [item for item in items if isinstance(item, Moment)],
        [item for item in items if isinstance(item, Card)],
        [item for item in items if isinstance(item, Trouble)],
    )


@pytest.mark.parametrize(
    ("key", "other", "moments", "cards", "places"),
    [
        ("chats", "chxts", 30, 1, [7]),  # read all the same: its form tells what it is
        ("list", "lxst", 0, 0, ["contacts", "chats"]),
        ("messages", "mxssages", 0, 1, [2]),
        ("contacts", "cxntacts", 30, 0, ["cxntacts", 6]),
    ],
)
def test_a_damaged_key_of_telegram_hides_no_chat(tmp_path, key, other, moments, cards, places):
    found = damaged(data.a_telegram_export(tmp_path), key, other)
    assert (len(found[0]), len(found[1])) == (moments, cards)
    assert [trouble.place for trouble in found[2]] == places


def test_a_single_chat_of_telegram_whose_messages_have_a_damaged_key_is_told(tmp_path):
    messages = [data.telegram_message(number, 1 + number % 2) for number in range(3)]
    path = data.write_json(
        tmp_path / "result.json", {"name": "Ana", "type": "personal_chat", "id": 2, "messages": messages}
    )
    assert len(read(telegram, path)[0]) == 3
    assert [trouble.place for trouble in damaged(path, "messages", "mxssages")[2]] == ["mxssages"]


def test_a_thread_of_meta_whose_messages_have_a_damaged_key_is_told(tmp_path):
    folder = data.a_meta_folder(tmp_path)
    moments, _, troubles = damaged(folder / "inbox" / "ana_0" / "message_1.json", "messages", "mxssages")
    assert not moments
    assert [(trouble.place, trouble.reason) for trouble in troubles] == [
        ("message_1.json", "the thread has no list of messages")
    ]
    assert len(read(meta, folder)[0]) == 20


def test_a_handle_of_imessage_that_is_no_text_is_told_and_costs_no_message(tmp_path):
    path = data.a_messages_database(tmp_path)
    database = apsw.Connection(str(path))
    database.execute("UPDATE handle SET id = CAST(X'2BFF36' AS TEXT) WHERE ROWID = 1")
    database.execute("UPDATE chat SET display_name = CAST(X'FFFE' AS TEXT) WHERE ROWID = 2")
    database.execute("UPDATE message SET guid = CAST(X'4731FF' AS TEXT) WHERE ROWID = 1")
    database.execute("UPDATE message SET date = CAST(X'FF' AS TEXT) WHERE ROWID = 2")
    database.close()
    moments, _, troubles = read(imessage, path)
    assert len(moments) == data.N - 1
    assert [trouble.place for trouble in troubles] == ["handle:1", 2, 99]
    assert troubles[0].kept == b"+\xff6"
    assert sides(moments[1]) == (ME, ["bo@x.org"])


def test_a_line_before_signals_first_one_hides_nothing(tmp_path):
    folder = data.a_signal_folder(tmp_path)
    for before in ("\n", "hello\n", "\0\n"):
        path = folder / "data.json"
        path.write_text(before + path.read_text())
        assert len([item for item in signal.read(folder, Since()) if isinstance(item, Moment)]) == data.N
        path.write_text(path.read_text().removeprefix(before))
    path = data.a_signal_export(tmp_path)
    text = path.read_text()
    path.write_text("hello\n" + text)
    items = list(signal.read(path, Since()))
    assert len([item for item in items if isinstance(item, Moment)]) == data.N
    assert [item.place for item in items if isinstance(item, Trouble)] == [1, 14]


def test_a_line_of_signal_with_a_damaged_key_is_told(tmp_path):
    path = data.a_signal_export(tmp_path)
    path.write_text(path.read_text().replace('"chatItem"', '"chxtItem"', 1))
    _, _, troubles = read(signal, path)
    assert troubles[0].reason == "a line of a kind that is not known"
