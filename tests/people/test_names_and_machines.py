"""One good name for a person, names that cannot be one person's, and who is no person at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Handle, Traffic
from amity.people import names
from amity.people.machines import judge

ANA = Handle("email", "ana@x.example")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Miller, Ana", "Ana Miller"),
        ("'Ana Miller'", "Ana Miller"),
        ('  "Ana   Miller" ', "Ana Miller"),
        ("Acme, Inc.", "Acme, Inc."),
        ("Lopez Garcia, Ana", "Ana Lopez Garcia"),
        ("García Márquez, Gabriel", "Gabriel García Márquez"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("VAN DER BERG, JAN", "JAN VAN DER BERG"),
        ("de la Cruz, Juan Carlos", "Juan Carlos de la Cruz"),
        ("Иванов, Пётр", "Пётр Иванов"),
        ("O'Neill, Shaun", "Shaun O'Neill"),
        ("Kevin O' Riordan", "Kevin O'Riordan"),
        ("LOPEZ Ana", "Ana Lopez"),
        ("DUPONT Jean-Pierre", "Jean-Pierre Dupont"),
        ("IBM Deutschland", "IBM Deutschland"),
        ("AJ McKee", "AJ McKee"),
        ("Nagy László", "Nagy László"),
        ("Berlin, Germany", "Berlin, Germany"),
        ("Berg, J.", "Berg, J."),
        ("Ana Lopez (Acme)", "Ana Lopez"),
        ("Ana Lopez [Acme]", "Ana Lopez"),
        ("Ana Lopez | Acme GmbH", "Ana Lopez"),
        ("Smith, Graham - Computing", "Graham Smith"),
        ("HAMILTON,DAVID (HP-Ireland,ex2)", "DAVID HAMILTON"),
        ("Ben - der Große", "Ben - der Große"),
        ("William (Bill) Gates", "William (Bill) Gates"),
        ("Ana Lopez via LinkedIn", "Ana Lopez"),
        ("'Ana Lopez' via Talk List", "Ana Lopez"),
        ("Ana Lopez (via Google Docs)", "Ana Lopez"),
        ("Lucas Per Holm", "Lucas Per Holm"),
        ("Dr. Ana Lopez", "Ana Lopez"),
        ("Prof. Dr. med. Ana Lopez", "Ana Lopez"),
        ("Frau Lopez", "Frau Lopez"),
        ("Don Quixote", "Don Quixote"),
        ("Ana Lopez <ana@x.example>", "Ana Lopez"),
        ("Ana Lopez (ana@x.example)", "Ana Lopez"),
        ("'ana@x.example'", "ana@x.example"),
        ("=?UTF-8?Q?Ana_L=C3=B3pez?=", "Ana López"),
        ("=?utf-8?B?5p2O5piO?=", "李明"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("“Ana”", "Ana"),
        ("Ana\u200b\u00a0Lopez", "Ana Lopez"),
        ("محمد علي", "محمد علي"),
        ("Ana Lopez, PhD", "Ana Lopez, PhD"),
        ("Miller, Ana M.", "Ana M. Miller"),
        ("", ""),
    ],
)
def test_a_display_name_is_tidied(written: str, told: str) -> None:
    assert names.tidy(written) == told
    assert names.tidy(told) == told


def test_a_card_names_a_person_before_any_spelling() -> None:
    assert names.choose(["", "Ana M."], [("Ana Miller", 1)], [ANA]) == "Ana M."


def test_of_several_cards_the_newest_names_a_person_unless_an_older_one_writes_it_out() -> None:
    assert names.choose(["Ana Miller-Lopez", "Ana Miller"], [], []) == "Ana Miller-Lopez"
    assert names.choose(["A. L.", "Ana López", "LOPEZ, ANA"], [], []) == "Ana López"
    assert names.choose(["J. Smith", "John Michael Smith"], [], []) == "John Michael Smith"
    assert names.choose(["J. Smith", "Ann Smith"], [], []) == "J. Smith"
    assert names.choose(["LOPEZ, ANA", "Ana López"], [], []) == "Ana López"
    assert names.choose(["ANA LOPEZ", "Ana Lopez Ruiz"], [], []) == "Ana Lopez"


def test_umlauts_are_the_same_however_they_are_spelled_and_shown_where_anybody_writes_them() -> None:
    assert names.choose(["A. M. Mueller", "Ana Maria Müller"], [], []) == "Ana Maria Müller"
    assert names.choose(["A. GROSSMANN", "Anna Großmann"], [], []) == "Anna Großmann"
    assert names.choose(["J. Soerensen", "Jens Sørensen"], [], []) == "Jens Sørensen"
    assert names.choose(["ANA MUELLER", "Ana Müller"], [], []) == "Ana Müller"
    assert names.choose(["Ana Mueller", "Ana Müller"], [], []) == "Ana Müller"
    assert names.choose(["Ana Mueller"], [("Ana Müller", 1)], []) == "Ana Müller"
    assert names.choose([], [("Jose Nunez", 1), ("José Núñez", 2)], []) == "José Núñez"
    assert names.choose([], [("Pyotr Petrov", 1), ("Пётр Петров", 2)], []) == "Pyotr Petrov"
    assert names.choose(["Ana Mueller"], [("Ana MÜLLER", 1)], []) == "Ana Mueller"
    assert not names.contradict("Jürgen Möller", "Juergen Moeller")
    assert not names.contradict("José Núñez", "Jose Nunez Ruiz")
    assert names.contradict("Jörg Müller", "Jens Mueller")


def test_the_best_spelling_seen_names_a_person_and_the_earliest_of_equals() -> None:
    seen = [("ana", 1), ("ANA MILLER", 2), ("Ana Smith", 9), ("Ana Miller", 5), ("ana@x.example", 0)]
    assert names.choose([], seen, [ANA]) == "Ana Miller"
    assert names.choose([], seen[:2], [ANA]) == "Ana Miller"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ANA MILLER", "Ana Miller"),
        ("ana miller", "Ana Miller"),
        ("Ana MILLER", "Ana Miller"),
        ("NAGY László", "Nagy László"),
        ("JOHN MCDONALD", "John McDonald"),
        ("SHAUN O'NEILL", "Shaun O'Neill"),
        ("ALAN MACLEOD", "Alan MacLeod"),
        ("ANA MACHADO", "Ana Machado"),
        ("JEAN-PIERRE DUPONT", "Jean-Pierre Dupont"),
        ("D'ANGELO RUSSO", "D'Angelo Russo"),
        ("VINCENT VAN GOGH", "Vincent van Gogh"),
        ("VAN DER BERG, JAN", "Jan van der Berg"),
        ("DE LA CRUZ", "De la Cruz"),
        ("MARÍA DE LOS ÁNGELES", "María de los Ángeles"),
        ("IJSBRAND VISSER", "IJsbrand Visser"),
        ("J.R.R. TOLKIEN", "J.R.R. Tolkien"),
        ("HENRY TUDOR VIII", "Henry Tudor VIII"),
        ("İREM IŞIK", "İrem Işık"),
        ("irem ışık", "İrem Işık"),
        ("KEMAL ATATÜRK", "Kemal Atatürk"),
        ("ПЁТР ПЕТРОВ", "Пётр Петров"),
        ("ΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ", "Γιωργος Παπαδοπουλος"),
        ("李明", "李明"),
        ("IBM", "IBM"),
        ("ana", "ana"),
    ],
)
def test_a_name_in_one_case_is_written_in_both(written: str, shown: str) -> None:
    assert names.choose([], [(written, 1)], []) == shown
    assert names.choose([written], [], []) == shown


def test_how_others_write_a_word_outranks_the_rules() -> None:
    assert names.choose([], [("ALAN MACLENNANE", 1), ("MacLennane", 2)], []) == "Alan MacLennane"


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        (["A. Lopez", "Ana Lopez", "Ana"], "Ana Lopez"),
        (["=?UTF-8?Q?Ana_L=C3=B3pez?=", "ana"], "Ana López"),
        (["ana@x.example", "Lopez, Ana"], "Ana Lopez"),
        (["Ana LÃ³pez Ruiz", "Ana López"], "Ana López"),
        (["Ana Lopez (Acme)", "ANA LOPEZ"], "Ana Lopez"),
        (["Ana Lopez, PhD", "Ana Lopez"], "Ana Lopez"),
        (["王小明", "xm"], "王小明"),
        (["Пётр Петров", "Pyotr Petrov"], "Пётр Петров"),
    ],
)
def test_of_many_spellings_the_fullest_and_cleanest_is_shown(seen: list[str], best: str) -> None:
    assert names.choose([], list(zip(seen, range(9), strict=False)), [ANA]) == best


def test_an_address_on_a_card_gives_way_to_a_name() -> None:
    assert names.choose(["ana@x.example"], [("Ana Lopez", 1)], [ANA]) == "Ana Lopez"
    assert names.choose(["ana@x.example"], [], [ANA]) == "ana@x.example"


@given(st.text(max_size=40))
def test_tidying_twice_is_tidying_once_and_keeps_some_of_the_name(name: str) -> None:
    told = names.tidy(name)
    assert names.tidy(told) == told
    assert told or not any(map(str.isalnum, name))


@given(st.text(alphabet="AaBbç İıŞ'-.,()Éß王", max_size=30))
def test_a_name_that_was_chosen_is_made_of_what_was_written(name: str) -> None:
    shown = names.choose([], [(name, 1)], [])
    assert shown == "?" or set(shown.casefold()) <= set(name.casefold()) | set(" i̇ıß'")


def test_without_a_name_an_address_stands_in() -> None:
    assert names.choose([], [], [Handle("phone", "+4930123"), ANA]) == "ana@x.example"
    assert names.choose([], [], []) == "?"


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Ana Miller", "Bo Stone", True),
        ("Ana Miller", "Bo Miller", True),
        ("Miller, Ana", "Bo Miller", True),
        ("Ana Miller", "Ana Smith", False),
        ("Ana Miller", "Ana Maria Miller", False),
        ("Dr. Ana Miller", "Ana Smith", False),
        ("Ana Miller", "Miller, Ana", False),
        ("Ana Miller", "A. Miller", False),
        ("Ana Miller", "ANA", False),
        ("Ana Miller", "", False),
        ("", "", False),
        ("Ana Miller", "A.", False),
        ("Ben Hill", "Benjamin Hill", False),
        ("Bob Quill", "Robert J. Quill", False),
        ("Alexander Hill", "Alexandra Hill", True),
    ],
)
def test_names_of_two_people_contradict_each_other(one: str, other: str, apart: bool) -> None:
    assert names.contradict(one, other) is apart
    assert names.contradict(other, one) is apart


@given(st.text(max_size=30), st.text(max_size=30))
def test_contradiction_is_mutual_and_nobody_contradicts_themself(one: str, other: str) -> None:
    assert names.contradict(one, other) == names.contradict(other, one)
    assert not names.contradict(one, one)


@given(
    st.lists(st.tuples(st.text(max_size=20), st.integers())), st.lists(st.builds(Handle, st.just("email"), st.text()))
)
def test_the_order_of_spellings_does_not_change_the_name(seen: list[tuple[str, int]], handles: list[Handle]) -> None:
    assert names.choose([], seen, handles) == names.choose([], seen[::-1], handles[::-1])


@pytest.mark.parametrize(
    "local",
    [
        *("no-reply", "noreply", "no_reply", "do-not-reply", "donotreply", "shop.noreply", "no-reply+x9"),
        *("mailer-daemon", "postmaster", "bounces", "bounce", "noreply2", "dev-null", "autoresponder"),
        *("nicht-antworten", "bitte-nicht-antworten", "ne-pas-repondre", "no-responder", "non-rispondere"),
    ],
)
def test_an_address_that_takes_no_reply_is_a_robot_even_in_the_address_book(local: str) -> None:
    finding = judge(Handle("email", f"{local}@shop.example"), Traffic(received=1, sent=3), in_address_book=True)
    assert finding
    assert finding.kind == "robot"


@pytest.mark.parametrize("local", ["ana", "norepl", "newsom", "alertina", "botond", "rooty", "infoscout", "nora.eply"])
def test_a_name_that_only_resembles_a_machines_is_a_persons(local: str) -> None:
    assert judge(Handle("email", f"{local}@x.example"), Traffic(received=3), in_address_book=False) is None


@pytest.mark.parametrize(
    ("local", "traffic", "in_book", "kind"),
    [
        ("info", Traffic(received=2, sent=2), False, "role"),
        ("info", Traffic(received=2, sent=2), True, None),
        ("news", Traffic(received=2), False, "robot"),
        ("news", Traffic(received=2, sent=1), False, None),
        ("ana", Traffic(received=10, received_auto=9), False, "robot"),
        ("ana", Traffic(received=10, received_auto=7), False, None),
        ("ana", Traffic(received=10, received_auto=9), True, None),
        ("ana", Traffic(received=10, received_bulk=9), False, "robot"),
        ("ana", Traffic(received=10, received_bulk=9, sent=1), False, None),
        ("ana", Traffic(received=10, received_posts=10), False, None),
        ("ana", Traffic(received=10, received_mailings=9), False, "robot"),
        ("ana", Traffic(received=10, received_mailings=7), False, None),
        ("ana", Traffic(received=10, received_mailings=9, received_answers=1), False, None),
        ("ana", Traffic(received=10, received_mailings=9, sent=1), False, None),
        ("ana", Traffic(received=10, received_mailings=9), True, None),
        ("ana", Traffic(received=10, received_issues=9), False, "robot"),
        ("ana", Traffic(received=10, received_issues=7), False, None),
        ("ana", Traffic(received=10, received_issues=9, sent=1), False, None),
        ("ana", Traffic(received=10, received_issues=9), True, None),
        ("talk-request", Traffic(received=1), False, "robot"),
        ("owner-talk", Traffic(received=1), False, "robot"),
        ("request", Traffic(received=1, sent=1), False, None),
        ("ana", Traffic(received=60, received_boxed=60), False, "robot"),
        ("ana", Traffic(received=60, received_boxed=60, sent=1), False, None),
        ("ana", Traffic(received=60, received_boxed=60, met=1), False, None),
        ("talk", Traffic(aside=10, aside_list=9), False, "list"),
        ("talk", Traffic(aside=10, aside_list=7), False, None),
        ("talk", Traffic(aside=10, aside_list=10, received=1), False, None),
        ("talk", Traffic(aside=10, aside_list=10, sent=4), False, "list"),
        ("talk", Traffic(aside=2, aside_list=2, sent=4), False, None),
        ("info", Traffic(received=4, received_posts=4, received_answers=2), False, None),
        ("info", Traffic(received=4, received_answers=2, sent=2), False, "role"),
        ("ana", Traffic(), False, None),
    ],
)
def test_traffic_tells_machines_from_persons(local: str, traffic: Traffic, in_book: bool, kind: str | None) -> None:
    finding = judge(Handle("email", f"{local}@x.example"), traffic, in_address_book=in_book)
    assert (finding.kind if finding else None) == kind
    if finding:
        assert all(reason.reason and reason.figure and 0 < reason.weight <= 1 for reason in finding.because)


@pytest.mark.parametrize("kind", ["phone", "name", "url", "handle", "person", "card", "me"])
def test_only_mail_addresses_are_judged(kind: str) -> None:
    assert judge(Handle(kind, "no-reply@x"), Traffic(received=90, received_auto=90), in_address_book=False) is None


@given(st.text(max_size=200))
def test_no_address_is_slow_to_judge(local: str) -> None:
    judge(Handle("email", f"{local}@x.example"), Traffic(received=1), in_address_book=False)
    judge(Handle("email", f"{'no-' * 80}{local}@x.example"), Traffic(received=1), in_address_book=False)


SEEN = Traffic(received=3, received_boxed=3)


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("notifications@forge.example", ["Ana Lopez", "Bo Stone", "Chris Ng"]),
        ("x@forge.example", ["Ana Lopez", "Bo Stone", "Chris Ng"]),
        ("reply+abc123def456@reply.forge.example", ["Ana Lopez"]),
        ("comments-noreply@docs.example", ["Ana Lopez (Docs)"]),
        ("invitations@network.example", ["Ana Lopez"]),
        ("hit-reply@network.example", ["Ana Lopez via Network"]),
        ("forms@x.example", ["Bo via Forms"]),
        ("calendar-notification@big.example", ["Big Calendar"]),
        ("support+id12345@acme.zendesk.com", ["Ana (Acme)"]),
        ("jira@acme.example", ["Ana Lopez (JIRA)"]),
        ("hello@spoonify.example", ["Spoonify"]),
        ("order-7@amazing.example", ["Amazing.example"]),
        ("fool@jestingfool.example", ["The Jesting Fool"]),
        ("anna@alerts.weather.example", []),
        ("a1b2c3d4e5f6a7b8@relay.example", ["x"]),
        ("team@deals.example", ["Deals & Offers!"]),
        ("noreply2@x.example", ["Ana Lopez"]),
        ("benachrichtigungen@x.example", []),
        ("notificaciones@x.example", ["Banco"]),
        ("offres@x.example", ["La Boutique"]),
        ("nieuwsbrief@x.example", []),
        ("bestellservice@x.example", ["Onlineshop"]),
        ("voicemail@x.example", []),
    ],
)
def test_what_passes_on_or_sends_to_many_is_a_machine_by_its_name_and_address(address: str, seen: list[str]) -> None:
    finding = judge(Handle("email", address), SEEN, in_address_book=False, names=seen)
    assert finding
    assert all(reason.reason and reason.figure and reason.weight > 0 for reason in finding.because)
    assert judge(Handle("email", address), Traffic(received=3, sent=1), in_address_book=True, names=seen) is None or (
        "noreply" in address
    )


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("ana@lopez.example", ["Ana Lopez"]),
        ("k@kearney.example", ["Bill Kearney"]),
        ("kontakt@ana-lopez.example", ["Ana Lopez"]),
        ("jm@jmason.example", ["Justin Mason"]),
        ("ana.lopez@acme.example", ["Ana Lopez (Acme)"]),
        ("ana.lopez@acme.example", ["LOPEZ Ana", "Ana", "A. López"]),
        ("ana1984567@gmail.com", ["Ana"]),
        ("139012345678@qq.com", ["王小明"]),
        ("xm7@firm.example", ["王小明"]),
        ("petrov@firm.example", ["Пётр Петров"]),
        ("mort@dtek.example", ["Christer Borang"]),
        ("o.case@x.example", ["Olga Case"]),
        ("ana.press@x.example", ["Ana Press"]),
        ("hauns_froehlingsdorf@x.example", []),
        ("info@lopez-tischlerei.example", ["Ana Lopez"]),
        ("kevin+dated+1028163438.f677b3@linux.example", ["kevin lyda"]),
        ("joyful77@hotmail.com", ["joyful"]),
        ("bo@x.example", ["Bo"]),
        ("fk77@firm.example", ["Fatma"]),
    ],
)
def test_a_person_who_was_never_written_to_is_a_person(address: str, seen: list[str]) -> None:
    assert judge(Handle("email", address), SEEN, in_address_book=False, names=seen) is None


@pytest.mark.parametrize(
    ("local", "names", "through_lists", "is_machine"),
    [
        ("jeff", ["Jeff Stone"], 0, True),  # a newsletter in a person's name
        ("jeff", ["Jeff Stone"], 4, False),  # who sends a list a digest of what he read
        ("labs", ["Stonefound Labs"], 4, True),
        ("x", [], 4, True),
    ],
)
def test_issues_tell_a_newsletter_even_in_a_persons_name(
    local: str, names: list[str], through_lists: int, is_machine: bool
) -> None:
    seen = Traffic(received=4, received_boxed=4, received_issues=4, received_posts=through_lists)
    finding = judge(Handle("email", f"{local}@stonefound.example"), seen, in_address_book=False, names=names)
    assert (finding is not None) is is_machine


def test_a_friend_who_is_copied_in_on_lists_is_no_list() -> None:
    seen = Traffic(aside=10, aside_list=10, sent=4)
    friend = judge(Handle("email", "ana@lopez.example"), seen, in_address_book=False, names=["Ana Lopez"])
    talk = judge(Handle("email", "talk@lists.example"), seen, in_address_book=False, names=["Talk", ""])
    assert friend is None
    assert talk
    assert talk.kind == "list"


def test_who_writes_to_themselves_through_a_list_is_a_person() -> None:
    seen = Traffic(received=3, received_boxed=3, received_posts=3, received_to_itself=3)
    names = ["Loretta Coleman", "Bigfoot!"]
    assert judge(Handle("email", "lcolema1@x.example"), seen, in_address_book=False, names=names) is None


@pytest.mark.parametrize(
    ("traffic", "is_machine"),
    [
        (Traffic(received=4, received_boxed=4), True),
        (Traffic(received=4, received_boxed=4, received_answers=1), False),
        (Traffic(received=4, received_boxed=4, received_posts=4), False),
        (Traffic(received=4, received_boxed=4, sent=1), False),
        (Traffic(received=4, received_boxed=4, met=1), False),
        (Traffic(received=4, received_boxed=4, received_posts=4, received_relayed=4), True),
        (Traffic(received=4), False),
    ],
)
def test_who_answers_or_writes_to_lists_is_a_person_whatever_they_call_themselves(
    traffic: Traffic, is_machine: bool
) -> None:
    finding = judge(Handle("email", "x@frogs.example"), traffic, in_address_book=False, names=["frogster"])
    assert (finding is not None) == is_machine


def test_mail_that_a_sender_addresses_to_itself_hides_its_readers() -> None:
    traffic = Traffic(received=4, received_boxed=4, received_to_itself=4)
    finding = judge(Handle("email", "x@frogs.example"), traffic, in_address_book=False, names=["Pond Post"])
    assert finding
    assert finding.because[0].figure == "4 of 4"


def test_many_posts_to_a_list_are_no_one_way_mail() -> None:
    posts = Traffic(received=90, received_boxed=90, received_posts=90)
    assert judge(Handle("email", "m@egwn.example"), posts, in_address_book=False, names=["Matthias Saou"]) is None


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=30), st.text(max_size=30))
def test_any_name_beside_any_address_is_judged(seen: list[str], local: str, domain: str) -> None:
    judge(Handle("email", f"{local}@{domain}"), SEEN, in_address_book=False, names=seen)
