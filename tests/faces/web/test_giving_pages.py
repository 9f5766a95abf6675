"""The pages of the ledger, of asks, and of people who may be one."""

from __future__ import annotations

from amity.app import duplicates, entries, people


def test_a_sentence_on_the_ledgers_page_is_noted_and_shown(a_house):
    client = a_house.guest()
    where = a_house.post(
        client,
        "/log",
        sentence="sent Felix Salten the paper on tea; he offered to read my play",
        key="k",
        back="/ledger",
    )
    assert where.startswith("/ledger?change=")
    shown = client.get(where).text
    assert "the paper on tea" in shown
    assert "Felix Salten promised you: read my play" in shown
    assert "Undo" in shown


def test_what_came_of_an_entry_is_kept_from_its_form(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    met = entries.note(desk, "introduction", ["Felix Salten", "Hermann Bahr"], "at the café", by="them")
    a_house.post(client, f"/ledger/{met.id}", outcome="we founded a journal", told="yes", key="k1", back="/ledger")
    (kept,) = entries.balance(desk, "Felix Salten").entries
    assert (kept.outcome, kept.told) == ("we founded a journal", True)
    who = people.find(desk, "Felix Salten").people[0].id
    alone = client.get(f"/ledger?person={who}").text
    assert "we founded a journal" in alone
    assert client.get("/ledger?person=nobody").status_code == 200


def test_a_message_is_looked_at_with_what_it_lacks(a_house):
    client = a_house.guest()
    assert client.get("/asks").status_code == 200
    csrf = next(iter(a_house.keys.sessions.values()))
    message = (
        "Dear Felix,\ncould you read my play, some 40 minutes, by any day that suits you?\nIf not, no harm at all.<b>"
    )
    looked = client.post("/asks", data={"csrf": csrf, "message": message, "to": "Felix Salten"})
    assert looked.status_code == 200
    assert "<mark" in looked.text
    assert "&lt;b&gt;" in looked.text
    assert "What you want, up front" in looked.text
    assert client.post("/asks", data={"message": "x"}).status_code == 403


def test_two_who_may_be_one_are_joined_or_kept_apart_from_the_page(a_house):
    client = a_house.guest()
    shown = client.get("/review").text
    assert "Two people" in shown
    desk = a_house.open_desk()
    first, second = duplicates.review(desk).pairs[:2]
    a_house.post(client, "/review", left=first.left, right=first.right, same="yes", key="k1", back="/review")
    a_house.post(client, "/review", left=second.left, right=second.right, same="no", key="k2", back="/review")
    after = duplicates.review(desk, 1000)
    assert any(one.into == min(first.left, first.right, key=lambda p: int(p[1:])) for one in after.merged)
    assert (second.left, second.right) not in {(one.left, one.right) for one in after.pairs}
    assert client.get("/more").status_code == 200


def test_the_review_costs_as_many_statements_for_ten_pairs_as_for_two(a_house):
    client = a_house.guest()
    client.get("/review")
    a_house.statements.clear()
    client.get("/review")
    assert len(a_house.statements) <= 40
