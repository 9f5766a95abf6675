"""Made-up address books and letters for the contract suite: about thirty facts and one trouble each."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from amity.sources import call_log, cmif, contacts_csv, linkedin, monica

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value\n"
)


def an_address_book(root: Path) -> Path:
    path = root / "contacts.dat"
    rows = [f"P{i},,Berg,,,,,,Firma,,,,note {i},,* myContacts,* Work,p{i}@x.org,,\n" for i in range(30)]
    rows.insert(9, ",,,,,,,,,,,,of nobody,,,,,,\n")
    path.write_text(GOOGLE + "".join(rows))
    return path


def connections(root: Path) -> Path:
    path = root / "Connections.dat"
    rows = [f"P{i},Berg,https://www.linkedin.com/in/p{i},,Firma,Chief,{i + 1:02d} Mar 2024\n" for i in range(15)]
    rows.insert(4, ",,,,,,30 Apr 2024\n")
    preamble = 'Notes:\n"When exporting your connection data, you may notice missing addresses."\n\n'
    path.write_text(preamble + "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n" + "".join(rows))
    return path


def a_call_log(root: Path) -> Path:
    path = root / "calls.dat"
    rows = [f"+43 1 58801{i:02d},Ana,{i + 1:02d}.03.2024 14:05:00,{i},Outgoing\n" for i in range(30)]
    rows.insert(6, "+43158801,Ana,never,1,Incoming\n")
    path.write_text("Number,Name,Date,Duration,Type\n" + "".join(rows))
    return path


def a_cmif_file(root: Path) -> Path:
    path = root / "letters.dat"
    gnd = "https://d-nb.info/gnd/"

    def letter(day: str) -> str:
        return (
            f'<correspDesc><correspAction type="sent"><persName ref="{gnd}118609807">Schnitzler, Arthur</persName>'
            f'<date when="{day}"/><placeName>Wien</placeName></correspAction><correspAction type="received">'
            f'<persName ref="{gnd}118529579">Fischer, Samuel</persName></correspAction></correspDesc>\n'
        )

    letters = [letter(f"1912-01-{i + 1:02d}") for i in range(30)]
    letters.insert(3, letter("undated"))
    path.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc>\n'
        + "".join(letters)
        + "</profileDesc></teiHeader></TEI>\n"
    )
    return path


# ---------------------------------------------------------------- Monica

TIME = "2022-01-02T14:04:05.000000Z"


def many(kind: str, *values: object) -> dict[str, object]:
    return {"count": len(values), "type": kind, "values": list(values)}


def thing(uuid: str, **properties: object) -> dict[str, object]:
    return {"uuid": uuid, "created_at": TIME, "updated_at": TIME, "properties": properties}


def date(day: str, *, age: bool = False, no_year: bool = False) -> dict[str, object]:
    return {"uuid": f"d-{day}", "is_age_based": age, "is_year_unknown": no_year, "date": f"{day}T00:00:00.000000Z"}


def an_account() -> dict[str, object]:
    """Return an account as Monica 4 exports it, with one of each thing."""
    ana = thing(
        "c-ana",
        first_name="Ana",
        middle_name="Maria",
        last_name="Berg",
        nickname="Anni",
        description="Likes chess",
        is_starred=False,
        is_partial=False,
        is_active=True,
        is_dead=False,
        job="Chief",
        company="Berg & Söhne",
        food_preferences="no fish",
        avatar={"avatar_source": "default"},
        tags=["Friends", "Chess"],
        gender="g-1",
        birthdate=date("1985-01-01", age=True),
        first_met_date=date("2019-05-04"),
        first_met_through="c-bo",
    )
    ana["data"] = [
        many(
            "call",
            thing("k-1", called_at="2021-02-03T00:00:00.000000Z", content="about the plan", contact_called=True),
            thing("k-2", called_at="2021-02-04T00:00:00.000000Z", contact_called=False),
        ),
        many(
            "contact_field",
            thing("f-1", data="Ana@Berg.example", type="t-mail"),
            thing("f-2", data="+43 1 58801", type="t-phone"),
            thing("f-3", data="anaberg", type="t-twitter"),
        ),
        many("debt", thing("b-1", amount=20, currency="EUR", status="inprogress", in_debt=True)),
        many("gift", thing("g-1", name="a book", comment="on rivers", status="offered", date="2019-12-24")),
        many("note", thing("n-1", body="Two lines\nof a note")),
        many(
            "reminder",
            thing("r-1", initial_date="2020-04-12", title="Birthday", frequency_type="year", frequency_number=1),
        ),
        many("task", thing("s-1", title="Lend the map", completed=False)),
        many("address", thing("a-1", name="home", street="Gasse 1", city="Wien", postal_code="1010", country="AT")),
        many("pet", thing("p-1", name="Rex", category="dog")),
        many(
            "conversation",
            thing(
                "v-1",
                happened_at="2021-03-01T00:00:00.000000Z",
                contact_field_type="t-phone",
                messages=[
                    thing("m-1", content="Hello?", written_at="2021-03-01T00:00:00.000000Z", written_by_me=False),
                    thing("m-2", content="Hello!", written_at="2021-03-01T00:00:00.000000Z", written_by_me=True),
                ],
            ),
        ),
        many(
            "life_event", thing("l-1", name="", note="in Graz", happened_at="2015-06-20T00:00:00.000000Z", type="t-wed")
        ),
        many("activity", "x-1", "x-2"),
        many("photo", "ph-1"),
        many("document", "doc-1"),
    ]
    bo = thing("c-bo", first_name="Bo", birthdate=date("2022-04-12", no_year=True), is_dead=True)
    bo["properties"]["deceased_date"] = date("2020-11-30")
    bo["data"] = [many("activity", "x-1")]
    cy = thing("c-cy", first_name="Cy", is_partial=True)
    cy["data"] = []
    owner = {
        "uuid": "u-1",
        "first_name": "Olga",
        "last_name": "Own",
        "email": "olga@own.example",
        "google2fa_secret": "SECRET",
        "properties": {"locale": "en"},
    }
    return {
        "version": "1.0-preview.1",
        "app_version": "4.0.0",
        "export_date": TIME,
        "url": "https://monica.example",
        "exported_by": "u-1",
        "account": {
            "uuid": "acc",
            "data": [
                many("user", owner),
                many("contact", ana, bo, cy),
                many(
                    "relationship",
                    thing("rel-1", type="child", contact_is="c-ana", of_contact="c-cy"),
                    thing("rel-2", type="parent", contact_is="c-cy", of_contact="c-ana"),
                ),
                many("photo", thing("ph-1", original_filename="ana.jpg", dataUrl="data:image/jpeg;base64,AAAA")),
                many("document", thing("doc-1", original_filename="plan.pdf", dataUrl="data:;base64,AAAA")),
                many(
                    "activity",
                    thing(
                        "x-1", summary="Chess in the park", happened_at="2021-05-06T00:00:00.000000Z", type="t-sport"
                    ),
                    thing(
                        "x-2",
                        summary="Lunch",
                        description="at Mo's",
                        happened_at="2021-05-07T00:00:00.000000Z",
                        type="t-ate",
                    ),
                    thing("x-3", summary="With nobody", happened_at="2021-05-08T00:00:00.000000Z"),
                ),
            ],
            "properties": {
                "journal_entries": [
                    thing("j-1", type="entry", title="Spring", post="It is here.", date="2021-03-20T00:00:00.000000Z"),
                    thing("j-2", type="day", rate=3, comment="good", day=21, month=3, year=2021),
                ],
                "modules": [],
            },
            "instance": {
                "activity_types": [
                    thing("t-sport", translation_key="did_sport_activities_together", category="t-sports"),
                    thing("t-ate", translation_key="ate_restaurant", category="t-food"),
                ],
                "activity_type_categories": [
                    thing("t-sports", translation_key="sport"),
                    thing("t-food", translation_key="food"),
                ],
                "contact_field_types": [
                    thing("t-mail", name="Email", protocol="mailto:", type="email"),
                    thing("t-phone", name="Phone", protocol="tel:", type="phone"),
                    thing("t-twitter", name="Twitter"),
                ],
                "genders": [thing("g-1", name="Woman", type="F")],
                "life_event_types": [thing("t-wed", translation_key="marriage", category="t-family")],
                "life_event_categories": [thing("t-family", translation_key="family_relationships")],
            },
        },
    }


SQL = r"""# ************************************************************
# Olga O'Own dump of data
# Export date: 2022-01-02 14:04:05
# How to use:
# * run migrations (`php artisan migrate`)
# ************************************************************

SET FOREIGN_KEY_CHECKS=0;

INSERT IGNORE INTO `accounts` (`id`,`api_key`,`number_of_invitations_sent`) VALUES
 (1,'abc',NULL);

INSERT IGNORE INTO `activities` (`id`,`account_id`,`activity_type_id`,`summary`,`description`,`happened_at`,`created_at`,`updated_at`) VALUES
 (1,1,1,'Chess in the park',NULL,'2021-05-06','2022-01-02 14:04:05','2022-01-02 14:04:05'),
 (2,1,2,'Lunch','at Mo\'s','2021-05-07','2022-01-02 14:04:05','2022-01-02 14:04:05'),
 (3,1,NULL,'With nobody',NULL,'2021-05-08','2022-01-02 14:04:05','2022-01-02 14:04:05');

INSERT IGNORE INTO `contacts` (`id`,`account_id`,`first_name`,`middle_name`,`last_name`,`nickname`,`description`,`uuid`,`is_dead`,`deceased_special_date_id`,`birthday_special_date_id`,`first_met_through_contact_id`,`first_met_special_date_id`,`first_met_where`,`job`,`company`,`food_preferences`,`created_at`,`updated_at`) VALUES
 (7,1,'Ana','Maria','Berg','Anni','Likes chess','c-ana',0,NULL,1,8,3,NULL,'Chief','Berg & Söhne','no fish','2022-01-02 14:04:05','2022-01-02 14:04:05'),
 (8,1,'Bo',NULL,NULL,NULL,NULL,'c-bo',1,4,2,NULL,NULL,NULL,NULL,NULL,NULL,'2022-01-02 14:04:05','2022-01-02 14:04:05'),
 (9,1,'Cy',NULL,NULL,NULL,NULL,'c-cy',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2022-01-02 14:04:05','2022-01-02 14:04:05');

INSERT IGNORE INTO `activity_contact` (`activity_id`,`account_id`,`contact_id`) VALUES
 (1,1,7),
 (1,1,8),
 (2,1,7);

INSERT IGNORE INTO `activity_type_categories` (`id`,`account_id`,`name`,`translation_key`,`created_at`,`updated_at`) VALUES
 (1,1,NULL,'sport',NULL,NULL),
 (2,1,NULL,'food',NULL,NULL);

INSERT IGNORE INTO `activity_types` (`id`,`account_id`,`activity_type_category_id`,`name`,`translation_key`,`location_type`,`created_at`,`updated_at`) VALUES
 (1,1,1,NULL,'did_sport_activities_together',NULL,NULL,NULL),
 (2,1,2,NULL,'ate_restaurant',NULL,NULL,NULL);

INSERT IGNORE INTO `addresses` (`id`,`account_id`,`place_id`,`contact_id`,`name`,`created_at`,`updated_at`) VALUES
 (1,1,5,7,'home',NULL,NULL);

INSERT IGNORE INTO `calls` (`id`,`account_id`,`contact_id`,`called_at`,`content`,`contact_called`,`created_at`,`updated_at`) VALUES
 (1,1,7,'2021-02-03 00:00:00','about the plan',1,NULL,NULL),
 (2,1,7,'2021-02-04 00:00:00',NULL,0,NULL,NULL);

INSERT IGNORE INTO `contact_field_types` (`id`,`account_id`,`name`,`fontawesome_icon`,`protocol`,`delible`,`type`,`created_at`,`updated_at`) VALUES
 (1,1,'Email','fa fa-envelope-open-o','mailto:',0,'email',NULL,NULL),
 (2,1,'Phone','fa fa-volume-control-phone','tel:',0,'phone',NULL,NULL),
 (3,1,'Twitter','fa fa-twitter-square',NULL,1,NULL,NULL,NULL);

INSERT IGNORE INTO `contact_fields` (`id`,`account_id`,`contact_id`,`contact_field_type_id`,`data`,`created_at`,`updated_at`) VALUES
 (1,1,7,1,'Ana@Berg.example',NULL,NULL),
 (2,1,7,2,+43158801,NULL,NULL),
 (3,1,7,3,'anaberg',NULL,NULL);

INSERT IGNORE INTO `contact_tag` (`contact_id`,`tag_id`,`account_id`,`created_at`,`updated_at`) VALUES
 (7,1,1,NULL,NULL),
 (7,2,1,NULL,NULL);

INSERT IGNORE INTO `conversations` (`id`,`account_id`,`contact_id`,`contact_field_type_id`,`created_at`,`updated_at`) VALUES
 (1,1,7,2,'2021-03-01 00:00:00',NULL);

INSERT IGNORE INTO `days` (`id`,`account_id`,`date`,`rate`,`comment`,`created_at`,`updated_at`) VALUES
 (1,1,'2021-03-21',3,'good',NULL,NULL);

INSERT IGNORE INTO `debts` (`id`,`account_id`,`contact_id`,`in_debt`,`status`,`amount`,`currency_id`,`reason`,`created_at`,`updated_at`) VALUES
 (1,1,7,'yes','inprogress',20,3,'tickets',NULL,NULL);

INSERT IGNORE INTO `documents` (`id`,`account_id`,`contact_id`,`original_filename`,`new_filename`,`filesize`,`type`,`mime_type`,`number_of_downloads`,`created_at`,`updated_at`) VALUES
 (1,1,7,'plan.pdf','x.pdf',10,'pdf','application/pdf',0,NULL,NULL);

INSERT IGNORE INTO `entries` (`id`,`account_id`,`title`,`post`,`created_at`,`updated_at`) VALUES
 (4,1,'Spring','It is here.',NULL,NULL);

INSERT IGNORE INTO `gifts` (`id`,`account_id`,`contact_id`,`name`,`comment`,`url`,`amount`,`currency_id`,`status`,`date`,`created_at`,`updated_at`) VALUES
 (1,1,7,'a book','on rivers',NULL,NULL,NULL,'offered','2019-12-24',NULL,NULL);

INSERT IGNORE INTO `journal_entries` (`id`,`account_id`,`date`,`journalable_id`,`journalable_type`,`created_at`,`updated_at`) VALUES
 (1,1,'2021-03-20 00:00:00',4,'App\\Models\\Journal\\Entry',NULL,NULL);

INSERT IGNORE INTO `life_event_types` (`id`,`account_id`,`life_event_category_id`,`name`,`default_life_event_type_key`,`core_monica_data`,`specific_information_structure`,`created_at`,`updated_at`) VALUES
 (1,1,1,NULL,'marriage',1,NULL,NULL,NULL);

INSERT IGNORE INTO `life_events` (`id`,`account_id`,`contact_id`,`life_event_type_id`,`reminder_id`,`name`,`note`,`happened_at`,`happened_at_month_unknown`,`happened_at_day_unknown`,`specific_information`,`created_at`,`updated_at`) VALUES
 (1,1,7,1,NULL,'','in Graz','2015-06-01 00:00:00',0,1,NULL,NULL,NULL);

INSERT IGNORE INTO `messages` (`id`,`account_id`,`contact_id`,`conversation_id`,`content`,`written_at`,`written_by_me`,`created_at`,`updated_at`) VALUES
 (1,1,7,1,'Hello?','2021-03-01 00:00:00',0,NULL,NULL),
 (2,1,7,1,'Hello!','2021-03-01 00:00:00',1,NULL,NULL);

INSERT IGNORE INTO `notes` (`id`,`account_id`,`contact_id`,`body`,`is_favorited`,`favorited_at`,`created_at`,`updated_at`) VALUES
 (1,1,7,'Two lines
of a note',0,NULL,NULL,NULL);

INSERT IGNORE INTO `pets` (`id`,`account_id`,`contact_id`,`pet_category_id`,`name`,`created_at`,`updated_at`) VALUES
 (1,1,7,2,'Rex',NULL,NULL);

INSERT IGNORE INTO `places` (`id`,`account_id`,`street`,`city`,`province`,`postal_code`,`country`,`latitude`,`longitude`,`created_at`,`updated_at`) VALUES
 (5,1,'Gasse 1','Wien',NULL,1010,'AT',NULL,NULL,NULL,NULL);

INSERT IGNORE INTO `relationship_types` (`id`,`account_id`,`name`,`name_reverse_relationship`,`relationship_type_group_id`,`delible`,`created_at`,`updated_at`) VALUES
 (1,1,'child','parent',2,0,NULL,NULL),
 (2,1,'parent','child',2,0,NULL,NULL);

INSERT IGNORE INTO `relationships` (`id`,`account_id`,`relationship_type_id`,`contact_is`,`of_contact`,`created_at`,`updated_at`) VALUES
 (1,1,1,7,9,NULL,NULL),
 (2,1,2,9,7,NULL,NULL);

INSERT IGNORE INTO `reminders` (`id`,`account_id`,`contact_id`,`initial_date`,`title`,`description`,`frequency_type`,`frequency_number`,`delible`,`inactive`,`created_at`,`updated_at`) VALUES
 (1,1,7,'2020-04-12','Birthday',NULL,'year',1,1,0,NULL,NULL);

INSERT IGNORE INTO `special_dates` (`id`,`account_id`,`contact_id`,`uuid`,`is_age_based`,`is_year_unknown`,`date`,`created_at`,`updated_at`) VALUES
 (1,1,7,'d-1',1,0,'1985-01-01',NULL,NULL),
 (2,1,8,'d-2',0,1,'2022-04-12',NULL,NULL),
 (3,1,7,'d-3',0,0,'2019-05-04',NULL,NULL),
 (4,1,8,'d-4',0,0,'2020-11-30',NULL,NULL);

INSERT IGNORE INTO `tags` (`id`,`account_id`,`name`,`name_slug`,`description`,`created_at`,`updated_at`) VALUES
 (1,1,'Friends','friends',NULL,NULL,NULL),
 (2,1,'Chess','chess',NULL,NULL,NULL);

INSERT IGNORE INTO `tasks` (`id`,`account_id`,`contact_id`,`uuid`,`title`,`description`,`completed`,`completed_at`,`created_at`,`updated_at`) VALUES
 (1,1,7,'s-1','Lend the map',NULL,0,NULL,NULL,NULL);

INSERT IGNORE INTO `users` (`id`,`first_name`,`last_name`,`email`,`me_contact_id`,`password`,`account_id`) VALUES
 (1,'Olga','Own','olga@own.example',NULL,'$2y$10$SECRET',1);

INSERT IGNORE INTO `contact_photo` (`contact_id`, `photo_id`, `created_at`, `updated_at`) VALUES
 (7,1,'2022-01-02 14:04:05','2022-01-02 14:04:05');

SET FOREIGN_KEY_CHECKS=1;
"""  # noqa: E501


def a_monica_export(root: Path) -> Path:
    """Write an account of thirty people, one of its activities with nobody."""
    path = root / "monica.dat"
    account = an_account()
    contacts = account["account"]["data"][1]["values"]
    contacts += [{**thing(f"c-{i}", first_name=f"P{i}"), "data": []} for i in range(20)]
    path.write_text(json.dumps(account, indent=1))
    return path


def a_monica_dump(root: Path) -> Path:
    path = root / "monica.sql"
    path.write_text(SQL)
    return path


def an_outlook_table(root: Path) -> Path:
    """Write thirty people as a German Outlook does, with semicolons, in UTF-16."""
    path = root / "kontakte.csv"
    rows = [f"P{i};Berg;Firma;Chefin;{i + 1}.5.1985;p{i}@x.org;+43 1 58801{i};Freunde;eine Notiz\n" for i in range(30)]
    header = "Vorname;Nachname;Firma;Position;Geburtstag;E-Mail-Adresse;Mobiltelefon;Kategorien;Notizen\n"
    path.write_text(header + "".join(rows), encoding="utf-16")
    return path


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "contacts-csv": an_address_book,
    "linkedin": connections,
    "call-log": a_call_log,
    "monica": a_monica_export,
    "cmif": a_cmif_file,
}
# Other forms of the same sources, for the fuzzer.
FORMS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "monica-sql": ("monica", a_monica_dump),
    "outlook-csv": ("contacts-csv", an_outlook_table),
}
MODULES: dict[str, ModuleType] = {
    "contacts-csv": contacts_csv,
    "linkedin": linkedin,
    "call-log": call_log,
    "monica": monica,
    "cmif": cmif,
}
