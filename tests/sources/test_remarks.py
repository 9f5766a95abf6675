"""Promises, requests, thanks and introductions in a mail's words; and all that only looks like them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Channel, Found, Handle, Moment, Party, Role, Sign
from amity.sources import remarks

PARAKWEET = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "asks" / "parakweet"
ANA = Party(Role.FROM, "Ana Sol", Handle("email", "ana@sea.example"))
ME = Party(Role.TO, "Mia Hart", Handle("email", "mia@home.example"))
BEN = Party(Role.TO, "Ben Hill", Handle("email", "ben.hill@hill.example"))
CLEO = Party(Role.CC, "", Handle("email", "cleo@moor.example"))
TO_ME = Moment(b"\0" * 16, 0, Channel.MAIL, (ANA, ME))
TO_TWO = TO_ME._replace(parties=(ANA, ME, BEN))
TO_THREE = TO_ME._replace(parties=(ANA, ME, BEN, CLEO))


def found(text: str, moment: Moment = TO_ME) -> list[Found]:
    return list(remarks.find(text, moment))


def kinds(text: str, moment: Moment = TO_ME) -> list[str]:
    return [fact.kind for fact in found(text, moment)]


PROMISES = [
    "I'll send you the draft on Friday.",
    "I’ll send you the draft on Friday.",
    "I will get back to you next week.",
    "Sure, I'll gladly forward it.",
    "Let me introduce you to Ben Hill.",
    "Let me check and get back to you.",
    "Will send it tomorrow.",
    "You'll have it by Monday.",
    "I promise to call you tonight.",
    "I am going to ask Ben about the boat.",
    "I'll ask Ben if he is free.",
    "As soon as I am home I'll send you the photos.",
    "Ich schicke dir morgen den Entwurf.",
    "Den Link schicke ich dir heute Abend.",
    "Ich melde mich nächste Woche bei dir.",
    "Ich werde Ihnen die Unterlagen bis Freitag senden.",
    "Ich rufe dich morgen an.",
]
NO_PROMISES = [
    "I won't send you the draft.",
    "I will not get back to you.",
    "I'll never send it again.",
    "If you like, I'll send you the draft.",
    "I'll send it once you have signed.",
    "I'll send it if I find it.",
    "I could send you the draft.",
    "I'd be happy to send it.",
    "I can send you the draft.",
    "Shall I send you the draft?",
    "I'll send you the draft, all right?",
    "Maybe I'll send it tomorrow.",
    "I'll try to get back to you.",
    "I hope I will send it soon.",
    "Ben said I'll send you the draft.",
    'He wrote: "I\'ll send you the draft."',
    "He will send you the draft.",
    "We'll send you a confirmation.",
    "I will be there.",
    "I'll see you soon.",
    "Let me know.",
    "Let me introduce myself.",
    "I told you that I sent it.",
    "Ich schicke dir das nicht.",
    "Wenn du magst, schicke ich dir den Entwurf.",
    "Vielleicht melde ich mich morgen bei dir.",
]
REQUESTS = [
    "Could you send me the draft?",
    "Can you please review the second chapter?",
    "Would you mind reading this before Friday?",
    "Please send me the address.",
    "Ben, please call me tomorrow.",
    "Let me know what you think.",
    "I was wondering if you could look at my draft.",
    "I'd appreciate it if you could forward this.",
    "Would it be possible to meet on Tuesday?",
    "Any chance you could bring the tea?",
    "May I ask you for a recommendation?",
    "Can you introduce me to Ben Hill?",
    "I need your answer by Monday.",
    "Could I ask a favour?",
    "Are you free for lunch on Monday?",
    "Könntest du mir den Entwurf schicken?",
    "Bitte schick mir die Adresse.",
    "Würden Sie uns bitte bis Freitag antworten?",
    "Gib mir bitte Bescheid.",
    "Hättest du kurz Zeit für mich?",
]
NO_REQUESTS = [
    "Please do not reply to this message.",
    "Please find attached the invoice.",
    "Attached please find the invoice.",
    "Please don't hesitate to call.",
    "Please let me know if you have any questions.",
    "If you have any questions, please call me.",
    "Please feel free to get in touch.",
    "Please note that we are closed.",
    "Can you believe it?",
    "How can you say that?",
    "Would you like some tea?",
    "Could Ben send me the draft?",
    "He asked me if you could send it.",
    '"Could you send me the draft?" she asked.',
    "As you can see, it rains.",
    "I sent you what you asked for.",
    "Let me know if you need anything.",
    "If anyone has an idea, please let me know.",
    "Correct me if I'm wrong.",
    "They call me Ana.",
    "It was kind of you to ask.",
    "Wie können Sie nur so etwas sagen?",
    "Bitte zögern Sie nicht, uns anzurufen.",
]
THANKS = [
    "Thank you for introducing me to Ben.",
    "Thanks for the paper!",
    "Thanks so much, Mia, for lending us the boat.",
    "Many thanks for the recommendation.",
    "I am deeply grateful for your help with the move.",
    "Vielen Dank für das Buch!",
    "Danke dir für die Einladung.",
]
NO_THANKS = [
    "Thanks for your mail.",
    "Thank you for your understanding.",
    "Thanks for your time and consideration.",
    "Thanks in advance for the paper.",
    "Thanks for nothing.",
    "No thanks for the tea.",
    "Thank you for subscribing.",
    "Thank you for contacting us.",
    "Please thank Ben for the paper.",
    "He thanked me for the paper.",
    "Thanks!",
    "Thanks for any hints.",
    "Thanks for that.",
    "Vielen Dank für Ihre Anfrage.",
    "Danke für dein Verständnis.",
]


@pytest.mark.parametrize("sentence", PROMISES)
def test_what_the_writer_promises(sentence):
    assert "promise" in kinds(sentence)


@pytest.mark.parametrize("sentence", NO_PROMISES)
def test_what_is_no_promise(sentence):
    assert "promise" not in kinds(sentence)


@pytest.mark.parametrize("sentence", REQUESTS)
def test_what_the_writer_asks_for(sentence):
    assert "request" in kinds(sentence)


@pytest.mark.parametrize("sentence", NO_REQUESTS)
def test_what_is_no_request(sentence):
    assert "request" not in kinds(sentence)


@pytest.mark.parametrize("sentence", THANKS)
def test_what_the_writer_gives_thanks_for(sentence):
    assert kinds(sentence) == ["thanks"]


@pytest.mark.parametrize("sentence", NO_THANKS)
def test_what_is_mere_courtesy(sentence):
    assert "thanks" not in kinds(sentence)


def test_thanks_for_help_below_a_question_are_paid_in_advance():
    assert kinds("Thanks for your help.") == ["thanks"]
    assert kinds("Could you look at it?\n\nThanks for your help.") == ["request"]


def introduced(text: str, moment: Moment = TO_TWO) -> list[set[str]]:
    return [{handle.value for handle in fact.people} for fact in found(text, moment) if fact.kind == "introduction"]


BOTH = {"mia@home.example", "ben.hill@hill.example"}


@pytest.mark.parametrize(
    "text",
    [
        "Mia, meet Ben.",
        "Mia, please meet my old friend Ben Hill, who builds boats.",
        "Meet Ben, who builds boats.",
        "I'd like to introduce Ben Hill, who builds boats.",
        "I'd like to introduce you to Ben.",
        "I wanted to introduce you two.",
        "You two should meet.",
        "Connecting you both here.",
        "I'm cc'ing Ben, who knows more.",
        "Ich möchte euch beide miteinander bekannt machen.",
        "Darf ich dir Ben Hill vorstellen.",
    ],
)
def test_who_is_introduced_to_whom(text):
    assert introduced(text) == [BOTH]


@pytest.mark.parametrize(
    "text",
    [
        "Let me introduce myself.",
        "I'd like to introduce our new boat.",
        "Could you introduce me to Ben?",
        "Meet Ben at the station.",
        "Meet me at six.",
        "Nice to meet you both.",
        "I'd like to introduce you to Zoe.",
        "Let's meet on Monday.",
        "If you like, I'm happy to introduce Ben.",
    ],
)
def test_what_introduces_nobody(text):
    assert introduced(text) == []


def test_an_introduction_takes_two_readers():
    assert introduced("Mia, meet Ben.", TO_ME) == []
    assert introduced("Mia, meet Ben.", TO_THREE) == [BOTH]
    assert introduced("Meet Cleo, who paints.", TO_THREE) == [{"cleo@moor.example"}]
    assert introduced("You two should meet.", TO_THREE) == []


def test_people_are_readers_where_they_are_and_names_where_not():
    (fact,) = found("Thanks for introducing me to Ben.", TO_TWO)
    assert fact.people == (BEN.handle,)
    (fact,) = found("Thank you for putting me in touch with Zoë Moor and Kim!")
    assert fact.people == (Handle("name", "zoë moor"), Handle("name", "kim"))
    (fact,) = found("Could you introduce me to Dr. Zoë Moor?")
    assert fact.people[0].kind == "name"
    (fact,) = found("Let me introduce you to Zoë, she paints.")
    assert (fact.kind, fact.people) == ("promise", (Handle("name", "zoë"),))


def test_the_sentence_is_the_evidence():
    text = "Hi Mia,\n\nit rained. I'll send you\nthe map tomorrow! Bye.\n\nAna"
    (fact,) = found(text)
    assert fact == Found("promise", TO_ME, ANA.handle, "I'll send you the map tomorrow!")
    (fact,) = found("I'll send you the map, " + "the very long map, " * 18)
    assert len(fact.sentence) == 300
    assert fact.sentence.endswith("…")


def test_a_paragraph_is_one_sentence_after_another():
    text = "Dear Dr. Hart,\n- I met Mr. Hill, e.g. on Monday. He is well.\n- Really? Yes!"
    assert list(remarks.sentences(text)) == [
        "Dear Dr. Hart,", "- I met Mr. Hill, e.g. on Monday.", "He is well.", "- Really?", "Yes!"
    ]  # fmt: skip


def test_below_the_signature_nothing_is_said():
    assert kinds("Bye.\n\n-- \nI'll send you the moon.") == []


@pytest.mark.parametrize(
    "footer",
    [
        "To unsubscribe, write to us.",
        "You are receiving this because you are a member.",
        "I am out of the office.",
        "Click here!",
    ],
)
def test_mass_mail_says_nothing(footer):
    assert kinds(f"I'll send you the map. Could you call me?\n\n{footer}") == []


def test_said_to_many_it_is_said_to_nobody():
    crowd = tuple(Party(Role.TO, "", Handle("email", f"p{i}@x.org")) for i in range(9))
    assert kinds("Could you send me the map?", TO_ME._replace(parties=(ANA, *crowd))) == []
    assert kinds("Could you send me the map?", TO_ME._replace(signs=Sign.LIST)) == []


def test_the_same_words_count_once_and_not_without_end():
    assert kinds("Could you call me?\n\nCould you call me?") == ["request"]
    assert len(found("\n\n".join(f"Could you call me at {i}?" for i in range(100)))) == remarks.MOST


@given(st.text(max_size=2000))
def test_no_text_raises(text):
    for fact in found(text, TO_THREE):
        assert 0 < len(fact.sentence) <= remarks.EVIDENCE


def measured(name: str) -> tuple[float, float]:
    """Return precision and recall of requests on labelled sentences."""
    right = wrong = missed = 0
    for line in (PARAKWEET / name).read_text("utf-8", "replace").splitlines():
        label, _, sentence = line.partition("\t")
        asks = "request" in kinds(sentence)
        right += asks and label == "Yes"
        wrong += asks and label == "No"
        missed += not asks and label == "Yes"
    return right / (right + wrong), right / (right + missed)


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("Ask0729-fixed.txt", 0.95, 0.25), ("testSet-qualifiedBatch-fixed.txt", 0.9, 0.25)],
)
def test_requests_on_labelled_sentences_of_real_mail(name, precision, recall):
    if not PARAKWEET.exists():
        pytest.skip("the labelled sentences are not here")
    reached = measured(name)
    assert reached[0] >= precision
    assert reached[1] >= recall
