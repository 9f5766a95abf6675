"""The pages of the ledger, of asks, and of people who may be one."""

from __future__ import annotations

from amity.app import asks, duplicates, entries, people


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


def test_a_ripple_is_drawn_and_listed(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    (met,) = entries.tell(desk, "introduced Felix Salten to Hermann Bahr")
    entries.note(desk, "gift", ["Hermann Bahr"], "a seat <in> the box", by="them", parent=met.id)
    shown = client.get("/ledger").text
    picture = shown[shown.index("<svg xmlns") : shown.index("</svg>", shown.index("<svg xmlns"))]
    assert picture.count("<circle") == 2
    assert picture.count("<path") == 1  # from what led to it
    assert "a seat &lt;in&gt; the box" in picture
    assert shown.count('class="depth-1"') == 1


def test_the_ledger_answers_who_knows_a_good_one(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    entries.note(desk, "recommendation", ["Felix Salten"], "the printer Holzhausen", by="them")
    known = client.get("/ledger?knows=a+good+printer").text
    assert "Recommended before" in known
    assert known.count("the printer Holzhausen") > client.get("/ledger").text.count("the printer Holzhausen")
    assert "Nobody whom you know" in client.get("/ledger?knows=astronaut").text


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


def test_an_ask_is_put_together_kept_and_followed_to_its_end(a_house):
    client = a_house.guest()
    assert client.get("/asks/new?to=Felix+Salten").status_code == 200
    csrf = next(iter(a_house.keys.sessions.values()))
    five = {
        "to": "Felix Salten",
        "intent": "could you read the third act of my play",
        "benefit": "I'd gladly proofread your next issue",
        "specifics": "thirty pages <b>",
        "time": "40 minutes",
        "me": "Arthur",
        "when": "1895-10-05T17:00",
        "minutes": "45",
    }
    made = client.post("/asks/new", data={"csrf": csrf, **five})
    assert made.status_code == 200
    assert "Dear Felix" in made.text or "Hi Felix" in made.text
    assert "thirty pages &lt;b&gt;" in made.text.lower()
    time = {"csrf": csrf, "when": five["when"], "minutes": "45", "title": "Arthur – Felix", "text": "the third act"}
    saved = client.post("/asks/new/time", data=time)
    assert saved.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:18951005T170000" in saved.text
    assert client.post("/asks/new/time", data=time | {"when": "soon"}).status_code == 422
    a_house.post(client, "/asks/new/keep", to=five["to"], intent=five["intent"], key="k1", back="/asks")
    (kept,) = asks.under_way(a_house.open_desk())
    assert kept.step == "send"
    for status in ("sent", "answered", "thanked"):
        shown = client.get("/asks").text
        assert f'value="{status}"' in shown
        a_house.post(client, f"/asks/{kept.entry.id}", status=status, key=status, back="/asks")
    assert "what came of it" in client.get("/asks").text
    a_house.post(client, f"/asks/{kept.entry.id}", outcome="the act is shorter", key="k2", back="/asks")
    assert asks.under_way(a_house.open_desk()) == ()


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


def test_pairs_that_are_passed_over_stay_behind(a_house):
    client = a_house.guest()
    total = duplicates.review(a_house.open_desk(), 1000).total
    rest = client.get(f"/review?from={total - 1}").text
    assert rest.count("data-review") == 1
    assert f'value="/review?from={total - 1}"' in rest
    assert 'rel="prev"' in rest
    assert 'rel="next"' not in rest
    assert client.get("/review?from=x").text.count("data-review") == min(total, 10)


def test_the_review_costs_as_many_statements_for_ten_pairs_as_for_two(a_house):
    client = a_house.guest()
    client.get("/review")
    a_house.statements.clear()
    client.get("/review")
    assert len(a_house.statements) <= 40
