"""An account of Monica 4, exported as JSON and as SQL."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Card, Channel, ChatLine, Handle, Mark, Moment, Position, Since, Trouble
from amity.sources import monica
from tests.sources.data_contacts import SQL, TIME, an_account, many, thing

ANA = Handle("handle", "monica:c-ana")
ME = Handle("me", "me")


@pytest.fixture(params=["json", "sql"])
def path(request, tmp_path):
    path = tmp_path / f"monica.{request.param}"
    path.write_text(json.dumps(an_account(), indent=4) if request.param == "json" else SQL)
    return path


def read(path: Path) -> list[Card | Moment | Trouble]:
    return [item for item in monica.read(path, Since()) if not isinstance(item, Mark)]


def cards(path: Path) -> dict[str, Card]:
    return {item.name: item for item in read(path) if isinstance(item, Card)}


def moments(path: Path, channel: Channel) -> list[Moment]:
    return [item for item in read(path) if isinstance(item, Moment) and item.channel == channel]


def test_it_is_recognised(path):
    assert monica.recognise(path, path.read_bytes()[:4096])


def test_a_person(path):
    card = cards(path)["Ana Maria Berg"]
    assert (card.given, card.family, card.nicknames, card.uid) == ("Ana", "Berg", ("Anni",), "c-ana")
    assert card.handles == (
        ANA,
        Handle("email", "ana@berg.example"),
        Handle("phone", "+43158801"),
        Handle("url", "https://twitter.com/anaberg"),
    )
    assert card.position == Position("Berg & Söhne", "Chief")
    assert card.addresses == ("Gasse 1, 1010, Wien, AT",)
    assert card.categories == ("Friends", "Chess")
    assert (card.photos, card.revised) == (1, 1641132245)


def test_dates_as_precise_as_monica_knows_them(path):
    found = cards(path)
    assert found["Ana Maria Berg"].birthday == "1985"  # by her age
    assert found["Bo"].birthday == "--04-12"  # the year is not known
    assert found["Bo"].died == "2020-11-30"


def test_what_a_card_has_no_place_for_is_a_note_with_its_kind(path):
    notes = cards(path)["Ana Maria Berg"].notes
    assert notes[:2] == ("Likes chess", "Two lines\nof a note")
    day = "2015-06" if path.suffix == ".sql" else "2015-06-20"
    debt = "20 – tickets" if path.suffix == ".sql" else "20 EUR"
    pet = "Rex" if path.suffix == ".sql" else "Rex – dog"
    assert notes[2:] == (
        f"Life event (marriage), {day}: in Graz",
        "Relationship (child): Cy",
        f"Debt (I owe, inprogress): {debt}",
        "Gift (offered), 2019-12-24: a book – on rivers",
        "Reminder (year), 2020-04-12: Birthday",
        "Task (open): Lend the map",
        f"Pet: {pet}",
        "Food: no fish",
        "How we met, 2019-05-04: through Bo",
        "Document: plan.pdf",
    )
    assert cards(path)["Cy"].notes == ("Relationship (parent): Ana Maria Berg",)


def test_nothing_that_monica_told_of_a_person_is_lost(path):
    raw = json.loads(cards(path)["Ana Maria Berg"].raw)
    text = json.dumps(raw, ensure_ascii=False)
    for told in ("Lend the map", "at Mo's", "about the plan", "Hello!", "did_sport_activities_together", "inprogress"):
        assert told in text
    assert raw["relationships"] == [{"type": "child", "of": "c-cy", "name": "Cy"}]


def test_the_owner_is_known_and_keeps_the_journal_but_no_secret(path):
    owner = cards(path)["Olga Own"]
    assert owner.handles == (ME, Handle("email", "olga@own.example"))
    assert owner.notes == ("Journal, 2021-03-20: Spring – It is here.", "Day (rated 3), 2021-03-21: good")
    assert not any("SECRET" in card.raw for card in cards(path).values())


def test_activities_are_meetings_or_experiences_with_all_who_took_part(path):
    (chess,) = moments(path, Channel.EXPERIENCE)
    assert (chess.subject, chess.at) == ("Chess in the park", 1620259200)
    assert [party.handle for party in chess.parties] == [ME, ANA, Handle("handle", "monica:c-bo")]
    assert [moment.subject for moment in moments(path, Channel.MEETING)] == ["First met", "Lunch"]
    (trouble,) = [item for item in read(path) if isinstance(item, Trouble)]
    assert trouble.reason == "nobody who took part is known"


def test_calls_and_conversations_have_their_direction(path):
    theirs, mine = moments(path, Channel.CALL)
    assert [party.handle for party in theirs.parties] == [ANA, ME]
    assert [party.handle for party in mine.parties] == [ME, ANA]
    hello, back = moments(path, Channel.CHAT)
    assert hello.told == ChatLine("Ana Maria Berg (Phone)", "Ana Maria Berg")
    assert back.told == ChatLine("Ana Maria Berg (Phone)", "Olga Own")
    assert [party.handle for party in back.parties] == [ME, ANA]


def test_json_and_sql_of_one_account_tell_the_same_contacts(tmp_path):
    keys = []
    for name, text in (("a.json", json.dumps(an_account())), ("a.sql", SQL)):
        (tmp_path / name).write_text(text)
        keys.append([item.key for item in read(tmp_path / name) if isinstance(item, Moment)])
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 7


def test_a_dump_of_the_database_itself(tmp_path):
    path = tmp_path / "dump.sql"
    dump = SQL.partition("SET FOREIGN_KEY_CHECKS=0;")[2].replace(
        "INSERT IGNORE INTO `contact_tag` (`contact_id`,`tag_id`,`account_id`,`created_at`,`updated_at`) VALUES\n (7,1",
        "CREATE TABLE `contact_tag` (\n  `contact_id` int NOT NULL,"
        "\n  `tag_id` int,\n  `account_id` int,\n  `created_at` timestamp,\n  `updated_at` timestamp,\n"
        "  KEY `contact_tag_tag_id` (`tag_id`)\n) ENGINE=InnoDB;\nINSERT INTO `contact_tag` VALUES (7,1",
    )
    path.write_text("-- MySQL dump 10.19\n" + dump.replace(r"at Mo\'s", "at Mo''s"))
    assert monica.recognise(path, path.read_bytes()[:4096])
    card = cards(path)["Ana Maria Berg"]
    assert card.categories == ("Friends", "Chess")
    assert "at Mo's" in card.raw


def test_tables_with_a_prefix(tmp_path):
    path = tmp_path / "dump.sql"
    path.write_text(SQL.replace("INTO `", "INTO `mon_"))
    assert monica.recognise(path, path.read_bytes()[:4096])
    assert "Ana Maria Berg" in cards(path)


def test_a_row_that_is_cut_off_is_a_trouble_and_the_rest_is_read(tmp_path):
    path = tmp_path / "dump.sql"
    path.write_text(SQL.replace("(2,1,'Chess','chess',NULL,NULL,NULL)", "(2,1,'Chess)"))
    found = read(path)
    assert any(isinstance(item, Trouble) and "tags" in item.reason for item in found)
    assert "Bo" in {item.name for item in found if isinstance(item, Card)}


def test_pictures_are_never_decoded(tmp_path):
    account = an_account()
    data = account["account"]["data"]
    data[3] = many("photo", *(thing(f"ph-{i}", dataUrl="data:image/jpeg;base64," + "A" * 100_000) for i in range(20)))
    path = tmp_path / "monica.json"
    path.write_text(json.dumps(account))
    assert cards(path)["Ana Maria Berg"].photos == 1
    assert not any("AAAA" in card.raw for card in cards(path).values())


def test_the_contact_that_is_the_owner(tmp_path):
    account = an_account()
    account["account"]["data"][0]["values"][0]["properties"] = {"me_contact": "c-bo"}
    path = tmp_path / "monica.json"
    path.write_text(json.dumps(account))
    assert cards(path)["Bo"].handles == (ME,)
    (chess,) = moments(path, Channel.EXPERIENCE)
    assert [party.handle for party in chess.parties] == [ME, ANA]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"account": 1}', '{"account": {"data": [{"type": "contact", "values": 3}]}}', "[" * 100_000,
     '{"account": {"data": [{"type": "contact", "values": [' + "[" * 5000 + "]" * 5000 + "]}]}}",
     "{\"account\": {}}\xff"],
)  # fmt: skip
def test_what_is_no_export_is_one_trouble(tmp_path, text):
    path = tmp_path / "monica.json"
    path.write_text(text)
    assert all(isinstance(item, Trouble) for item in read(path))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(["", "c-ana", TIME, "x-1", "t-sport"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["uuid", "type", "values", "properties", "data", "messages", "tags", "happened_at", "date"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(st.sampled_from(["contact", "activity", "relationship", "user", "document"]), st.lists(JSON, max_size=3))
def test_no_object_of_another_shape_ever_raises(tmp_path_factory, kind, values):
    path = tmp_path_factory.mktemp("monica") / "monica.json"
    path.write_text(json.dumps({"account": {"data": [many(kind, *values)]}}))
    for item in read(path):
        repr(item)


PIECES = st.sampled_from(
    ["INSERT INTO `contacts` ", "(`id`,`uuid`)", " VALUES", "(1,'a')", "('", "\\'", ",", ";\n", "NULL", ")", "(",
     "CREATE TABLE `notes` (", "\n)"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_dump_ever_raises(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("monica") / "dump.sql"
    path.write_text(text)
    for item in read(path):
        repr(item)


# What is damaged


def told(path: Path) -> list[str | int]:
    return [item.place for item in read(path) if isinstance(item, Trouble)]


def test_a_line_before_the_account_costs_nothing_but_itself(tmp_path):
    path = tmp_path / "monica.json"
    path.write_text(json.dumps(an_account(), indent=4))
    whole = read(path)
    path.write_text("hello\n" + path.read_text())
    before, *rest = read(path)
    assert before == Trouble("byte:0", "what stands before the account cannot be read", b"hello")
    assert rest == whole


@pytest.mark.parametrize(
    ("name", "damaged", "place"),
    [
        ('"type": "contact", "values"', '"type": "contxct", "values"', "account:contxct"),
        ('"type": "contact", "values"', '"type": "contact", "vxlues"', "account:contact"),
        ('"type": "contact", "values"', '"txpe": "contact", "values"', "account:"),
        ('"acc", "data"', '"acc", "dxta"', 1),
        ('"type": "call"', '"type": "cxll"', "contact:c-ana"),
        ('"type": "conversation", "values"', '"type": "conversation", "vxlues"', "contact:c-ana"),
    ],
)
def test_a_part_with_a_damaged_name_is_told(tmp_path, name, damaged, place):
    path = tmp_path / "monica.json"
    text = json.dumps(an_account())
    assert name in text
    path.write_text(text.replace(name, damaged))
    assert place in told(path)


@pytest.mark.parametrize(
    ("words", "damaged"),
    [
        ("INSERT IGNORE INTO `calls`", "INSERX IGNORE INTO `calls`"),
        ("INSERT IGNORE INTO `calls`", "hello INSERT IGNORE INTO `calls`"),
        ("`contact_called`,`created_at`,`updated_at`) VALUES", "`contact_called`,`created_at`,`updated_at`) VALXES"),
    ],
)
def test_rows_of_a_dump_that_nothing_introduces_are_told(tmp_path, words, damaged):
    path = tmp_path / "dump.sql"
    path.write_text(SQL)
    assert told(path) == ["activity:3"]
    path.write_text(SQL.replace(words, damaged))
    assert words in SQL
    assert len(told(path)) == 2
    assert str(told(path)[0]).startswith("byte:")


def test_a_damaged_row_of_a_dump_leaves_those_behind_it_alone(tmp_path):
    path = tmp_path / "dump.sql"
    path.write_text(SQL.replace("(7,1,'Ana','Maria'", "(7,1,'Ana,'Maria'"))
    names = {item.name for item in read(path) if isinstance(item, Card)}
    assert {"Bo", "Cy"} <= names
    assert "Ana Maria Berg" not in names
    assert {"calls:1", "calls:2", "messages:1"} <= set(told(path))  # they belong to nobody any more
