"""Chats of WhatsApp, as phones in many languages export them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Channel, ChatLine, Handle, Mark, Moment, Role, Since, Trouble
from amity.sources import whatsapp

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def chat(tmp_path: Path, text: str, name: str = "_chat.txt") -> list[Moment]:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert whatsapp.recognise(path, path.read_bytes()[:4096])
    items = list(whatsapp.read(path, Since()))
    assert not [item for item in items if isinstance(item, Trouble)]
    return [item for item in items if isinstance(item, Moment)]


def when(moment: Moment) -> str:
    return f"{datetime.fromtimestamp(moment.at, UTC):%Y-%m-%d %H:%M:%S}"


def people(moment: Moment, role: Role) -> list[str]:
    return [party.handle.value for party in moment.parties if party.role is role]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[31.12.23, 23:59:58] Ana: x", "2023-12-31 23:59:58"),  # iPhone, German
        ("[31/12/2023, 23:59:58] Ana: x", "2023-12-31 23:59:58"),  # iPhone, British
        ("[12/31/23, 11:59:58\u202fPM] Ana: x", "2023-12-31 23:59:58"),  # iPhone, American
        ("\u200e[31.12.23, 23:59:58] Ana: \u200eBild weggelassen", "2023-12-31 23:59:58"),
        ("[2023-12-31, 23:59:58] Ana: x", "2023-12-31 23:59:58"),  # Swedish
        ("[31-12-2023 23:59:58] Ana: x", "2023-12-31 23:59:58"),  # Dutch
        ("31/12/2023, 23:59 - Ana: x", "2023-12-31 23:59:00"),  # Android, British
        ("31.12.23, 23:59 - Ana: x", "2023-12-31 23:59:00"),  # German
        ("12/31/23, 11:59 PM - Ana: x", "2023-12-31 23:59:00"),  # American
        ("31/12/23, 11:59 p. m. - Ana: x", "2023-12-31 23:59:00"),  # Spanish
        ("31/12/23, 11:59 p.\u00a0m. - Ana: x", "2023-12-31 23:59:00"),
        ("31/12/23 23:59 - Ana: x", "2023-12-31 23:59:00"),  # Portuguese
        ("31-12-2023 23:59 - Ana: x", "2023-12-31 23:59:00"),
        ("31/12/2023 à 23:59 - Ana: x", "2023-12-31 23:59:00"),  # French
        ("31/12/2023 à 23 h 59 - Ana: x", "2023-12-31 23:59:00"),
        ("31.12.2023 klo 23.59 - Ana: x", "2023-12-31 23:59:00"),  # Finnish
        ("2023. 12. 31. 23:59 - Ana: x", "2023-12-31 23:59:00"),  # Hungarian
        ("31/12/23, 12:05 am - Ana: x", "2023-12-31 00:05:00"),
        ("31/12/23, 12:05 pm - Ana: x", "2023-12-31 12:05:00"),
        ("\ufeff31/12/23, 12:05 pm - Ana: x\r", "2023-12-31 12:05:00"),
    ],
)
def test_every_form_of_date_and_time(tmp_path, line, expected):
    (moment,) = chat(tmp_path, line + "\n")
    assert when(moment) == expected
    assert people(moment, Role.FROM) == ["ana"]
    assert moment.told is not None
    assert (moment.told.sender, moment.told.system) == ("Ana", False)


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["01/02/24", "13/02/24"], "2024-02-01"),  # no thirteenth month
        (["01/02/24", "02/13/24"], "2024-01-02"),
        (["11/03/24", "12/03/24", "01/04/24"], "2024-03-11"),  # time runs on
        (["03/11/24", "03/12/24", "04/01/24"], "2024-03-11"),
        (["20-01-05", "20-01-06", "20-02-01"], "2020-01-05"),  # the year first
        (["04/01/24", "04/02/24", "04/03/24", "04/04/24", "04/05/24"], "2024-04-01"),  # five days on end
        (["01/04/24", "02/04/24", "03/04/24", "04/04/24", "05/04/24"], "2024-04-01"),
        (["1/2/24"], "2024-02-01"),  # nothing tells: the day first
    ],
)
def test_the_order_of_dates_is_found_in_the_whole_file(tmp_path, dates, first):
    moments = chat(tmp_path, "".join(f"{date}, 10:00 - Ana: x\n" for date in dates))
    assert when(moments[0])[:10] == first
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)


def test_american_habits_put_the_month_first_where_nothing_else_tells(tmp_path):
    (moment,) = chat(tmp_path, "1/2/24, 3:04 PM - Ana: x\n")
    assert when(moment) == "2024-01-02 15:04:00"


def test_a_message_goes_to_the_other_and_in_a_group_to_all_others(tmp_path):
    pair = chat(
        tmp_path, "1/13/24, 10:00 - Ana: x\n1/13/24, 10:01 - +43 660 1234567: y\n", "WhatsApp Chat with Ana.txt"
    )
    assert [(people(moment, Role.FROM), people(moment, Role.TO)) for moment in pair] == [
        (["ana"], ["+436601234567"]),
        (["+436601234567"], ["ana"]),
    ]
    group = chat(tmp_path, "".join(f"13/1/24, 10:0{i} - {name}: x\n" for i, name in enumerate(("Ana", "Bo", "Cy"))))
    assert people(group[1], Role.TO) == ["ana", "cy"]
    assert group[0].told == ChatLine("Ana, Bo, Cy", "Ana")


@pytest.mark.parametrize(
    "name",
    [
        "WhatsApp Chat with Zoë Ray.txt",
        "WhatsApp Chat mit Zoë Ray.txt",
        "Discussion WhatsApp avec Zoë Ray.txt",
        "Chat de WhatsApp con Zoë Ray.txt",
        "Chat WhatsApp con Zoë Ray (2).txt",
        "Conversa do WhatsApp com Zoë Ray.txt",
        "WhatsApp-chat met Zoë Ray.txt",
        "WhatsApp Chat - Zoë Ray/_chat.txt",
    ],
)
def test_the_chat_is_named_by_its_file_in_every_language(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (moment,) = chat(tmp_path, "13/1/24, 10:00 - Bo: x\n", name)
    assert moment.told == ChatLine("Zoë Ray", "Bo")
    assert people(moment, Role.TO) == ["zoë ray"]  # who has not yet answered


def test_what_the_program_says_itself_is_no_contact(tmp_path):
    moments = chat(
        tmp_path,
        "13/1/24, 10:00 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.\n"
        '13/1/24, 10:01 - Ana created group "Trip: Rome"\n'
        "13/1/24, 10:02 - Bo joined using this group's invite link\n"
        "13/1/24, 10:03 - Ana: <Media omitted>\n"
        "13/1/24, 10:04 - Bo: This message was deleted\n",
    )
    assert [moment.told.system for moment in moments if moment.told] == [True, True, True, False, False]
    assert [len(moment.parties) for moment in moments] == [0, 0, 0, 2, 2]


def test_on_an_iphone_the_group_speaks_for_the_program(tmp_path):
    moments = chat(
        tmp_path,
        "[13.01.24, 10:00:00] Trip: \u200eMessages and calls are end-to-end encrypted.\n"
        "[13.01.24, 10:00:01] Ana: \u200eAna added Bo\n"
        "[13.01.24, 10:00:02] Ana: hi\n"
        "\u200e[13.01.24, 10:00:03] ~\u202fBo: \u200eimage omitted\n"
        "[13.01.24, 10:00:04] \u202a+43\u00a0660\u00a01234567\u202c: \u200e<attached: 00000012-PHOTO.jpg>\n",
    )
    assert [moment.told for moment in moments] == [
        ChatLine("Trip", "Trip", True),
        ChatLine("Trip", "Ana", True),
        ChatLine("Trip", "Ana"),
        ChatLine("Trip", "Bo"),
        ChatLine("Trip", "+43 660 1234567"),
    ]
    assert people(moments[2], Role.TO) == ["bo", "+436601234567"]
    assert moments[4].parties[0].handle == Handle("phone", "+436601234567")


def test_a_message_may_have_many_lines_and_colons(tmp_path):
    text = "13/1/24, 10:00 - Ana: one\ntwo: three\n\n12:00 four\n13/1/24, 10:00 - Ana: one\n"
    first, second = chat(tmp_path, text)
    assert (first.place, second.place) == (1, 5)
    assert first.key != second.key
    assert chat(tmp_path, text.replace("two", "too"))[0].key != first.key


def test_a_longer_export_of_the_same_chat_has_the_same_keys(tmp_path):
    text = "13/1/24, 10:00 - Ana: ok\n13/1/24, 10:00 - Bo: ok\n13/1/24, 10:00 - Ana: ok\n"
    early = chat(tmp_path, text, "WhatsApp Chat with Ana.txt")
    late = chat(tmp_path, text + "14/1/24, 10:00 - Bo: more\n", "WhatsApp Chat with Ana (1).txt")
    assert [moment.key for moment in late[:3]] == [moment.key for moment in early]
    assert len({moment.key for moment in late}) == 4


def test_a_wish_sent_to_two_people_in_one_minute_is_two_contacts(tmp_path):
    wish = "1/1/24, 00:01 - Me Myself: Happy new year!\n"
    ana = chat(tmp_path, f"{wish}1/1/24, 00:02 - Ana: you too\n", "WhatsApp Chat with Ana.txt")
    bo = chat(tmp_path, f"{wish}1/1/24, 00:02 - Bo: you too\n", "WhatsApp Chat with Bo.txt")
    assert ana[0].key != bo[0].key


def test_what_is_no_message_is_told(tmp_path):
    path = tmp_path / "_chat.txt"
    path.write_text(
        "a letterhead\n13/1/24, 10:00 - Ana: x\n14/13/24, 10:00 - Ana: no such month\n14/1/24, 25:00 - Ana: x\n"
    )
    items = list(whatsapp.read(path, Since()))
    assert [item.place for item in items if isinstance(item, Trouble)] == [1, 3, 4]
    assert [item.place for item in items if isinstance(item, Moment)] == [2]


def test_an_unpacked_archive_is_one_chat_with_its_media(tmp_path):
    folder = tmp_path / "WhatsApp Chat - Ana"
    folder.mkdir()
    (folder / "_chat.txt").write_text("[13.01.24, 10:00:00] Ana: hi\n")
    (folder / "00000012-PHOTO-2024-01-13.jpg").write_bytes(b"")
    (folder / "IMG-20240113-WA0001.jpg").write_bytes(b"")
    (folder / "Bo.vcf").write_text("BEGIN:VCARD\nFN:Bo\nEND:VCARD\n")
    assert whatsapp.recognise(folder, b"")
    moment, mark = whatsapp.read(folder, Since())
    assert isinstance(moment, Moment)
    assert isinstance(mark, Mark)
    assert moment.told == ChatLine("Ana", "Ana")
    (folder / "Takeout.zip").write_bytes(b"")
    assert not whatsapp.recognise(folder, b"")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dear Ana,\n\n13/1/24, 10:00 - Bo: x\n\n",
        "2024-01-13 10:00:00 INFO server started\n",
        "1.2.3 - a list\n",
        "13/1/24;10:00;Ana\n",
        "99/99/9999, 10:00 - Ana: x\n",
    ],
)
def test_other_text_is_not_taken_for_a_chat(tmp_path, text):
    path = tmp_path / "notes.txt"
    path.write_text(text)
    if text.startswith("Dear"):
        text = "Dear Ana,\n" * 3 + text
    assert not whatsapp.recognise(path, text.encode())


@given(st.text(alphabet="019/.-,: []apmAna\n\u200e\u202f\u0663", max_size=300) | st.text(max_size=300) | st.binary())
def test_no_text_raises(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "_chat.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    whatsapp.recognise(path, path.read_bytes()[:4096])
    lines = sum(1 for line in path.read_bytes().split(b"\n") if line)
    items = [item for item in whatsapp.read(path, Since()) if not isinstance(item, Mark)]
    assert len(items) <= lines


N = 1 << 20


@pytest.mark.parametrize(
    "text",
    [
        "1" * N,
        "1/1/1, " + " " * N,
        "[" * N,
        "[1/1/1" * (N // 6),
        "13/1/24, 10:00 - " + "a" * N,
        "13/1/24, 10:00 - " + ":" * N,
        "13/1/24, 10:00 - " + "a:" * (N // 2),
        "13/1/24, 10:00 - Ana: x" + "\n" * N,
        "\u200e" * (N // 3),
        "".join(f"13/1/24, 10:00 - P{i}: x\n" for i in range(N // 26)),
        "".join(f"{i % 28 + 1}/{i % 12 + 1}/24, 10:00 - P: x\n" for i in range(N // 26)),
    ],
    ids=map(str, range(11)),
)
def test_a_file_made_to_hang(tmp_path, text):
    path = tmp_path / "_chat.txt"
    path.write_text(text)
    begun = time.process_time()
    whatsapp.recognise(path, path.read_bytes()[:4096])
    for item in whatsapp.read(path, Since()):
        assert not isinstance(item, Moment) or item.channel is Channel.CHAT
    assert time.process_time() - begun < 4


@pytest.mark.parametrize(
    ("name", "messages", "systems", "first", "last"),
    [
        ("lorem-2000.txt", 2000, 0, "2019-04-16 02:09:00", "2020-06-13"),
        ("lorem-merge-part1.txt", 300, 0, "2019-10-20 10:16:00", "2020-01-10"),
        ("lorem-merge-part2.txt", 300, 0, "2020-06-20 10:16:00", "2020-09-10"),
        ("lorem.txt", 500, 0, "2020-01-15 02:22:56", "2020-05-11"),
        ("pokemon.txt", 20, 2, "2016-04-15 15:04:00", "2016-10-31"),
    ],
)
def test_exports_of_real_phones(tmp_path_factory, name, messages, systems, first, last):
    packed = SHARED / "data" / "fuzz" / "fuzz.tar.xz"
    if not packed.is_file():
        pytest.skip("needs the shared archive of fixtures")
    import tarfile

    with tarfile.open(packed) as archive:
        member = next(entry for entry in archive if entry.name.endswith(f"/whatsapp/{name}"))
        opened = archive.extractfile(member)
        assert opened is not None
        path = tmp_path_factory.mktemp("real") / name
        path.write_bytes(opened.read())
    items = list(whatsapp.read(path, Since()))
    moments = [item for item in items if isinstance(item, Moment)]
    assert len(moments) == len({moment.key for moment in moments}) == messages
    assert sum(moment.told.system for moment in moments if moment.told) == systems
    assert not [item for item in items if isinstance(item, Trouble)]
    assert (when(moments[0]), when(moments[-1])[:10]) == (first, last)
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
