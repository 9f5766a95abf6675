"""The ask coach in stories: for each principle of asking a text that misses it, and one that keeps it."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.plan.asking.history import Asked, Deed, History
from amity.plan.asking.languages import Rule, language
from amity.plan.asking.texts import LONGEST, Sentence
from amity.plan.asks import POINTERS, Check, check, is_request

TODAY = date(2025, 6, 30)
HONEST = (
    "Hi Cy,\n\n"
    "I'd like to ask you how you keep oak from splitting in the kiln. Would you have 15 minutes on the phone next "
    "week? In return I'd share the moisture curves from our first year with you. If it doesn't suit you, just say no, "
    "that's fine too.\n\n"
    "Best,\nMia\n"
)


def at(text: str, said: Check, pointer: str) -> str:
    """Return the place of a pointer in the text, on one line."""
    found = said.pointers[pointer]
    assert found.found, (pointer, found)
    return " ".join(text[found.start : found.end].split())


def kinds(said: Check) -> set[str]:
    return {flag.kind for flag in said.flags}


def test_an_honest_ask_is_ready() -> None:
    said = check(HONEST)
    assert said.verdict == "ready"
    assert said.flags == ()
    assert at(HONEST, said, "intent") == "I'd like to ask you how you keep oak from splitting in the kiln."
    assert at(HONEST, said, "benefit") == "In return I'd share the moisture curves from our first year with you."
    assert at(HONEST, said, "specifics") == at(HONEST, said, "intent")
    assert at(HONEST, said, "time").startswith("15 minutes")
    assert at(HONEST, said, "out") == "If it doesn't suit you, just say no, that's fine too."
    assert all(pointer.instead == "" for pointer in said.pointers.values())


# -- A1: the intent up front ------------------------------------------------------------------------------------------


def test_a1_an_ask_that_comes_late_is_said_to_hide_and_its_own_words_are_moved_up() -> None:
    tale = "The trees are doing well, the cider sold out in June, and my brother has joined us in the yard. " * 9
    before = f"Dear Ben,\n\n{tale}\n\nCould you introduce me to Cy Wood?\n\nMia"
    after = f"Dear Ben,\n\nCould you introduce me to Cy Wood?\n\n{tale}\n\nMia"
    said = check(before)
    assert "hidden_ask" in kinds(said)
    assert "162 words" in said.pointers["intent"].why or "words" in said.pointers["intent"].why
    assert said.pointers["intent"].instead == "Begin with it: “Could you introduce me to Cy Wood?”"
    assert "hidden_ask" not in kinds(check(after))
    assert check(after).pointers["intent"].instead == ""


def test_a1_a_need_without_an_ask_leaves_them_guessing() -> None:
    before = "Hi Ben, I've lost my job, and I'm looking for a job in publishing. You know so many editors."
    after = "Hi Ben, I'm looking for work in publishing. Could you tell me which editor at Moor Books to write to?"
    assert kinds(check(before)) == {"hidden_ask"}
    assert not check(before).pointers["intent"].found
    assert check(after).pointers["intent"].found
    assert "hidden_ask" not in kinds(check(after))


# -- A2: what is in it for them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "benefit",
    [
        "In return I'd gladly proofread your thesis.",
        "You'd get the whole data set before anybody else.",
        "I'll send you a jar of honey.",
        "Lunch is on me.",
        "It might save you a second survey.",
        "It would be useful to you as well, since your pears split too.",
        "I'm happy to share what we measured.",
        "I'd happily do the same for you.",
        "I owe you one.",
        "As a reward there's a jar of honey.",
        "Your name would stand on the cover.",
        "You'd be mentioned in the acknowledgements.",
        "You would hear the results first.",
        "It may be good publicity for the orchard.",
        "We can split the profit.",
        "You could publish the data in your own paper.",
        "There's a bottle of perry in it for you.",
        "I can pay 50 euros an hour.",
        "You'd no longer have to drive to Lyon.",
    ],
)
def test_a2_it_is_seen_what_is_in_it_for_them(benefit: str) -> None:
    before = "Hi Ana,\n\ncould you send me the soil samples from the upper orchard?\n\nMia"
    after = f"Hi Ana,\n\ncould you send me the soil samples from the upper orchard? {benefit}\n\nMia"
    assert not check(before).pointers["benefit"].found
    assert check(before).pointers["benefit"].instead
    assert at(after, check(after), "benefit") == benefit


@pytest.mark.parametrize(
    "words",
    [
        "I can't pay you back.",
        "Good for you!",
        "I'll give you a call.",
        "I figured I'd give it a try.",
        "Did you get the tickets?",
        "Give me a call when you get a chance.",
        "I have reviewed the agreement that you faxed to me.",
        "I know you are busy.",
        "Where do you get your data?",
        "I'll send the agenda tomorrow.",
        "You may have to restart the machine.",
        "As far as I could tell the people had left.",
        "It was sold in exchange for a boat.",
        "You will see the barn on the left.",
    ],
)
def test_a2_what_only_sounds_like_a_benefit_is_none(words: str) -> None:
    text = f"Hi Ana, could you send me the soil samples? {words}"
    assert not check(text).pointers["benefit"].found


# -- A3: what exactly -------------------------------------------------------------------------------------------------


def test_a3_to_pick_a_brain_is_vague_and_a_question_is_not() -> None:
    before = "Hi Ben, I'd love to pick your brain over coffee sometime."
    after = "Hi Ben, I'd love to hear over coffee how you priced the first edition of your almanac."
    said = check(before)
    assert "vague" in kinds(said)
    assert not said.pointers["specifics"].found
    assert "how did you" in said.pointers["specifics"].instead
    assert "vague" not in kinds(check(after))
    assert check(after).pointers["specifics"].found


@pytest.mark.parametrize(
    "words",
    [
        "Let's explore possible synergies.",
        "Can we chat about things?",
        "Would you have time to connect sometime?",
        "May I ask you a few quick questions?",
    ],
)
def test_a3_phrases_that_mean_anything_are_vague(words: str) -> None:
    said = check(f"Hi Ana, {words}")
    assert "vague" in kinds(said)
    assert not said.pointers["specifics"].found


@pytest.mark.parametrize(
    "words",
    [
        "Which lens did you use?",
        "Where do I find these templates?",
        "Could you look at https://orchard.example/plan and tell me what is missing?",
        "Would you give a talk on bees at our June meeting?",
        "Could you lend me 40 euros until Monday?",
        "I'd love a large pizza with mushrooms.",
        "Could anyone order us two pizzas from Moor's Pizza?",
        "The script kiln-log.py stops with an error since Monday. Any ideas?",
        "I'm looking for a used cider press.",
        "Would you join us for dinner on Friday to plan the harvest feast?",
        "Could you send me the invoice for the pizza?",
    ],
)
def test_a3_a_thing_a_name_or_a_number_is_specific(words: str) -> None:
    assert check(f"Hi Ana,\n\n{words}\n\nMia").pointers["specifics"].found


@pytest.mark.parametrize(
    "words",
    [
        "Could you help me?",
        "Could you lend me some money?",
        "I'd love a pizza to brighten a long and lonely evening with my cousins.",
        "We are out of food and the rent is due in Lyon. Could you help my sister and me?",
        "Let me know when you have a few minutes.",
        "Could you spare a moment?",
        "How was that?",
    ],
)
def test_a3_why_it_is_needed_does_not_say_what(words: str) -> None:
    said = check(f"Hi Ana,\n\n{words}\n\nMia")
    assert said.pointers["intent"].found
    assert not said.pointers["specifics"].found


@pytest.mark.parametrize(
    "words",
    [
        "Who cares?",
        "Who would want that?!",
        "Why should they care about it?",
        "What's the big deal about chalk?",
        "Is that illegal? Not at all.",
        "Why am I so fond of oak? Because it lasts.",
        "What could possibly go wrong?",
        "You mean the barn used to be a church???",
        "Odysseus was neutralised (neutronised?)",
        'The obvious answer is "who needs a kiln?"',
    ],
)
def test_a_question_that_expects_no_answer_asks_for_nothing(words: str) -> None:
    assert not check(f"Hi Ana,\n\nI read your paper on the train.\n\n{words}\n").pointers["intent"].found


@pytest.mark.parametrize(
    "words",
    [
        "Open the second file and read the table.",
        "Just change the punctuation of the second line.",
        "Let's walk through the figures tomorrow.",
        "Should I send the other draft.",
        "You keep the key, right?",
        "Is there anyone willing to water the garden?",
    ],
)
def test_what_is_wanted_is_told_by_its_grammar(words: str) -> None:
    assert check(words).pointers["intent"].found


@pytest.mark.parametrize(
    "words",
    [
        "If you prefer not to receive these mails, please click here.",
        "You have received this mail because you are on the list.",
        "If you have any further questions, please contact Ana.",
        "It is not a long way (I mean, a mile or so?)",
        "Talk to you tomorrow.",
    ],
)
def test_a_machine_a_courtesy_or_an_aside_asks_for_nothing(words: str) -> None:
    assert not check(words).pointers["intent"].found


def test_a3_what_the_writer_gives_or_how_they_may_decline_does_not_say_what() -> None:
    gives = "Could anyone help us with a pizza tonight? On Friday I will buy two large pizzas for someone else."
    declines = "Would you help me? If Ana's ring workshop in Linz suits you better, don't worry."
    says = "Could anyone help us with a pizza tonight? Only Domino's delivers here."
    assert not check(gives).pointers["specifics"].found
    assert not check(declines).pointers["specifics"].found
    assert at(says, check(says), "specifics") == "Only Domino's delivers here."


def test_words_that_begin_like_you_are_not_the_reader() -> None:
    text = "Hi Ana,\n\nNow they can usually make money, in a way that humans can understand.\n"
    assert not check(text).pointers["intent"].found


# -- A4: how much time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("Would you have 15 minutes this week?", "15 minutes"),
        ("Could we talk for half an hour about the almanac?", "half an hour"),
        ("Could you spare a few minutes on Monday?", "a few minutes"),
        ("Could you look it over? It would take about two hours.", "about two hours"),
        ("Could you answer one question about the almanac?", "one question"),
        ("Could we meet on Tuesday, 14:00–14:30?", "14:00–14:30"),
    ],
)
def test_a4_the_time_asked_for_is_found(words: str, amount: str) -> None:
    text = f"Hi Ana,\n{words}"
    assert amount in at(text, check(text), "time")


@pytest.mark.parametrize(
    "words",
    [
        "I've been waiting for 20 minutes at the station.",
        "We met two hours ago.",
        "Five minutes later the rain came.",
        "The shop is open 24 hours a day.",
        "Just a moment.",
    ],
)
def test_a4_other_times_are_not_asked_for(words: str) -> None:
    assert not check(f"Hi Ana, {words} Could you call me?").pointers["time"].found


# -- A5: a very big out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "out",
    [
        "No pressure at all.",
        "No worries if not.",
        "If not, no hard feelings.",
        "If you'd rather not, that's perfectly fine.",
        "Please feel free to say no.",
        "I'd completely understand if you don't have the time.",
        "A no is just as welcome.",
        "Thanks either way!",
        "If you're too busy, just ignore this mail.",
        "There's no need to answer.",
        "Only if you feel like it, of course.",
        "Should it not suit you, I would entirely understand.",
        "If you're swamped, don't give it another thought.",
        "By all means say no.",
        "If it's too much trouble, I'll find someone else.",
        "I'd understand completely if this isn't for you.",
        "If the answer is no, we stay friends all the same.",
        "A simple no is enough.",
        "Please don't hesitate to turn me down.",
        "I'd respect a no.",
        "You don't owe me an answer.",
        "If you can't make it, that's completely understandable.",
        "A refusal is perfectly all right.",
        "If not, all good!",
        "I realise you may not have time, and that's fine.",
        "Feel free to give it to someone else.",
        "Thanks in advance, regardless of what you decide!",
        "Totally fine to say no.",
        "Whenever suits you is fine with me.",
        "Feel free to ignore this message.",
        "Please don't feel obliged to answer.",
        "I'd understand.",
        "Should you not be the right person, just point me to someone who is.",
        "If now isn't the right moment, it can wait.",
        "There is no rush at all.",
        "A one-word no will do.",
        "I won't be hurt if you turn me down.",
        "Whatever you decide, thank you for reading.",
        "It's entirely your decision.",
        "If someone else needs it more, please give it to them.",
        "If I hear nothing, I'll assume it doesn't suit and won't ask again.",
        "Even if you can't, thank you for the thought.",
        "If neither day suits, we can drop it.",
        "If that's too much to ask, forget I asked.",
        "Don't give it a second thought if you can't.",
        "Declining is perfectly fine.",
        "Choose somebody more deserving over me, please.",
        "I can live without it.",
        "If you can't, a kind word is just as welcome.",
        "You don't have to decide now.",
        "Unless it's too much trouble.",
    ],
)
def test_a5_a_way_out_is_found(out: str) -> None:
    text = f"Hi Ana,\n\ncould you lend me the cider press? {out}\n\nMia"
    assert at(text, check(text), "out") == out


@pytest.mark.parametrize(
    "words",
    [
        "No problem that you missed the first part.",
        "Don't say no!",
        "Please don't feel free to ignore this.",
        "There is no pressure on the valve.",
        "I won't take no for an answer.",
        "Feel free to call me at any hour.",
        "If you can come on Friday, that would be fine.",
        "If you want to meet today that would be great.",
        "If you need anything else, just say so.",
        "If you could send it today, thanks!",
        "If you've read this far, thank you!",
        "If you don't answer by Monday, I'll have to find someone else.",
        "It works only if your router has a fixed address.",
        "Please ignore my last mail, the file was wrong.",
        "Don't worry about it.",
        "I can't accept a no.",
        "That's okay with you?",
        "No rush job this time, I hope.",
        "If you don't mind, that would be great.",
        "If you can't open the file, please let me know.",
        "If it isn't too late, please add my name.",
        "If not, when can we meet?",
        "Is it okay if I bring a friend?",
        "I understand that you are busy, but I need it today.",
        "Either way will take an hour.",
        "You don't have to pay anything.",
        "Nobody needs it more than we do.",
        "Don't worry if the light blinks, it is normal.",
        "You are welcome to bring Ben.",
        "This can't wait until Monday.",
        "They won't mind if we come early.",
        "I can't live without it.",
    ],
)
def test_a5_what_only_sounds_like_an_out_is_none(words: str) -> None:
    said = check(f"Hi Ana, could you lend me the cider press? {words}")
    assert not said.pointers["out"].found
    assert "no" in said.pointers["out"].instead.lower()


def test_a5_a_missing_out_is_proposed_in_the_tone_of_the_writer() -> None:
    formal = check(
        "Dear Dr Sol,\n\nI am writing to ask for your opinion on chapter three.\n\nYours sincerely,\nMia Moor"
    )
    friendly = check("Hey Ana, could you lend me your tent for the weekend? :)")
    assert formal.tone == "formal"
    assert "entirely understand" in formal.pointers["out"].instead
    assert friendly.tone == "informal"
    assert "just say no" in friendly.pointers["out"].instead


# -- A6: no disguised right hook --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dress", "text"),
    [
        (
            "compliment",
            "Hi Ana,\n\nI loved your piece on orchards! Our platform helps growers like you double their sales. "
            "Grab a slot on my calendar for a free demo.",
        ),
        (
            "question",
            "Are you tired of losing money on every bottle?\n\nWe help small cider makers save up to 30% on glass. "
            "Visit our website today!",
        ),
        (
            "gift",
            "I have a free gift for you: a complimentary audit of your shop. Our service is risk-free, and this "
            "special offer ends on Friday. Sign up now.",
        ),
        (
            "friendly note",
            "Hi, I came across your website and noticed that it isn't listed everywhere. We offer a service which can "
            "increase your traffic for only $29 a month. To learn more, visit www.traffic.example.",
        ),
    ],
)
def test_a6_a_pitch_is_named_for_what_it_is_dressed_in(dress: str, text: str) -> None:
    said = check(text)
    flag = next(flag for flag in said.flags if flag.kind == "pitch_in_disguise")
    assert dress in flag.why
    assert said.verdict == "not_yet"
    assert "I sell" in flag.instead


def test_a6_an_honest_offer_is_no_disguise() -> None:
    after = (
        "Hi Ben,\n\nI sell kiln controllers and would like to show you one. It would take 20 minutes. If that's "
        "nothing for you, there's no need to answer.\n\nTom"
    )
    assert "pitch_in_disguise" not in kinds(check(after))


def test_a6_praise_before_an_ask_is_its_price() -> None:
    before = "Dear Ana, you are an absolute genius. Could you write a foreword for my book of cider recipes?"
    after = (
        "Dear Ana, your chapter on perry taught me to blend. Could you write a foreword for my book of cider recipes?"
    )
    assert kinds(check(before)) == {"flattery"}
    assert kinds(check(after)) == set()


# -- A7, A8: curious, not lectured; they want to share ----------------------------------------------------------------


def test_a7_a_lecture_is_flagged_and_a_hint_is_not() -> None:
    before = (
        "Hi Cy,\n\nLet me explain how drying works. Most people don't understand that moisture moves in three phases. "
        "Firstly, free water leaves the cells. Secondly, bound water follows. It is important to know that humidity "
        "matters more than heat. Could you call me about your kiln on Monday?"
    )
    after = "Hi Cy,\n\nwe lost half as much oak since we watch humidity instead of heat. Could you call me about it?"
    flag = next(flag for flag in check(before).flags if flag.kind == "lecture")
    assert "curious" in flag.why
    assert "lecture" not in kinds(check(after))


def test_a8_shorter_wording_ends_with_a_question_about_their_view() -> None:
    text = (
        "Hi Cy, could you call me? " + "You must understand that heat is not the point. It is important to listen. " * 3
    )
    flag = next(flag for flag in check(text).flags if flag.kind == "lecture")
    assert flag.instead.endswith("How do you see it?")


# -- A9, B3, B4: a two-way street, no cold asks, gifts apart ----------------------------------------------------------


def test_a9_it_is_told_kindly_who_starts() -> None:
    ours = History("Ben", last=date(2025, 6, 1), initiative=0.9)
    theirs = History("Ben", last=date(2025, 6, 1), initiative=0.1)
    assert "You start most of your conversations." in check(HONEST, ours, TODAY).history
    assert "Ben starts most of your conversations." in check(HONEST, theirs, TODAY).history


@pytest.mark.parametrize(
    ("words", "is_pushy"),
    [
        ("This is my third reminder.", True),
        ("I need your answer by tomorrow.", True),
        ("You owe me this.", True),
        ("I'm counting on you!", True),
        ("Please reply ASAP.", True),
        ("I still haven't heard back from you.", True),
        ("After all I did for you, it's the least you can do.", True),
        ("There is no rush.", False),
        ("I'll send it to you as soon as it is printed.", False),
        ("It is not urgent.", False),
    ],
)
def test_a9_nobody_is_forced(words: str, is_pushy: bool) -> None:
    assert ("pushy" in kinds(check(f"Hi Ben, could you read chapter three of the almanac? {words}"))) is is_pushy


def test_b3_three_letters_with_three_requests_are_said_before_a_fourth() -> None:
    days = (date(2023, 7, 10), date(2024, 5, 2), date(2025, 4, 1))
    asks = tuple(Asked(day, "an introduction", "unanswered") for day in days)
    said = check(HONEST, History("Ben", last=days[-1], wrote=days, asked=asks), TODAY)
    flag = next(flag for flag in said.flags if flag.kind == "cold_ask")
    assert flag.why == "You have written to Ben three times in two years, each time with a request."
    assert "nothing to ask" in flag.instead
    assert said.verdict == "not_yet"


def test_b3_a_first_letter_that_asks_is_cold_and_a_warmer_way_is_named() -> None:
    said = check(HONEST, History("Ben", path="Ana"), TODAY)
    flag = next(flag for flag in said.flags if flag.kind == "cold_ask")
    assert "never been in touch with Ben" in flag.why
    assert "Ana may bring you together" in flag.why


def test_b3_a_gift_warms_and_so_does_a_recent_word() -> None:
    silent = History("Ben", last=date(2024, 6, 1))
    warmed = History("Ben", last=date(2024, 6, 1), given=(Deed(date(2025, 5, 1), "the paper on kilns"),))
    recent = History("Ben", last=date(2025, 6, 20), wrote=(date(2025, 6, 20),))
    assert "cold_ask" in kinds(check(HONEST, silent, TODAY))
    assert "cold_ask" not in kinds(check(HONEST, warmed, TODAY))
    assert "cold_ask" not in kinds(check(HONEST, recent, TODAY))
    assert "cold_ask" not in kinds(check("Hi Ben, thank you for the lovely evening!", silent, TODAY))


def test_b3_an_open_promise_comes_first() -> None:
    promised = (Deed(date(2025, 5, 1), "to send the recipe", open=True), Deed(date(2025, 4, 1), "to call", open=False))
    said = check(HONEST, History("Ben", last=date(2025, 6, 20), promised=promised), TODAY)
    flags = [flag for flag in said.flags if flag.kind == "open_promise"]
    assert [flag.why for flag in flags] == [
        "You promised Ben something two months ago, and it is still open: “to send the recipe”."
    ]
    assert HONEST[flags[0].start : flags[0].end].startswith("I'd like to ask")


def test_b3_a_decline_is_told_as_a_good_answer() -> None:
    past = History("Ben", last=date(2025, 6, 1), asked=(Asked(date(2025, 5, 20), "a reference", "declined"),))
    assert (
        "You last asked Ben for something six weeks ago (a reference); they declined, which is a good answer too."
        in (check(HONEST, past, TODAY).history)
    )


def test_b4_a_gift_and_an_ask_in_one_letter_are_told_apart() -> None:
    before = (
        "Hi Dee,\n\nAttached is the article on grafting I thought you'd like. Could you also introduce me to the "
        "editor of Orchard Monthly?\n\nMia"
    )
    gift = "Hi Dee,\n\nAttached is the article on grafting I thought you'd like. No need to answer.\n\nMia"
    assert "mixed_gift_and_ask" in kinds(check(before))
    assert check(gift).flags == ()
    assert check(gift).verdict == "ready"


# -- plain letters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ana,\n\nlovely to see you on Sunday! The kids still talk about the boat. Say hello to Ben.\n\nLove,\nMia",
        "Thanks so much for the photos! How is your mother doing? Hope the move goes well. See you in May!",
        "Happy birthday, dear Ben! May the year bring you good apples and no frost.",
        "Dear Dee, it made me smile to find your old postcard today. There is no need to answer.",
        "Hey! We are back from the mountains, all in one piece. Free as birds until Monday :)",
        "Great talk yesterday, congratulations. I learned a lot about grafting.",
        "Liebe Ana, danke für den schönen Abend! Die Kinder reden immer noch vom Boot. Liebe Grüße, Mia",
        "",
    ],
)
def test_a_plain_friendly_letter_raises_no_flag(text: str) -> None:
    said = check(text)
    assert said.flags == ()
    assert said.verdict == "ready"


# -- how a message is read --------------------------------------------------------------------------------------------


def test_quoted_words_and_signatures_are_not_the_writers() -> None:
    text = (
        "Hi Ana,\n\nsure, here it is.\n\nOn Monday Ana wrote:\n> Could you send me the draft? No pressure.\n\n"
        "-- \nBen\nCall me!"
    )
    said = check(text)
    assert not said.pointers["intent"].found
    assert not said.pointers["out"].found


def test_a_request_behind_a_greeting_is_placed_without_it() -> None:
    text = "Hi Ana, could you lend me the press?"
    assert at(text, check(text), "intent") == "could you lend me the press?"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_are_those_of_the_text_as_given(end: str) -> None:
    text = f"Hi 👩‍👩‍👧 Zoe\u0301,{end}{end}🎉 could you{end}lend me the cafe\u0301 table?{end}No worries if not 😊"
    said = check(text)
    assert at(text, said, "intent").endswith("lend me the cafe\u0301 table?")
    assert at(text, said, "out").startswith("No worries if not")


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    text = "Liebe Ana, könntest du mir die Säge für Samstag leihen? Wenn nicht, ist das völlig in Ordnung."
    said = check(normalize("NFD", text))
    assert said.pointers["intent"].found
    assert said.pointers["out"].found


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_every_place_lies_in_the_text(text: str) -> None:
    said = check(text)
    assert tuple(said.pointers) == POINTERS
    for pointer in said.pointers.values():
        assert pointer.found == (pointer.start is not None and pointer.end is not None)
        if pointer.start is not None and pointer.end is not None:
            assert 0 <= pointer.start < pointer.end <= len(text)
    for flag in said.flags:
        assert 0 <= flag.start < flag.end <= len(text)


@given(st.sampled_from([HONEST, "Hi Ana, could you lend me the press? No pressure."]), st.sampled_from(["\r\n", "\n"]))
def test_line_ends_change_nothing_but_places(text: str, end: str) -> None:
    other = text.replace("\n", end)
    one, two = check(text), check(other)
    assert one.verdict == two.verdict
    for kind in POINTERS:
        if one.pointers[kind].found:
            assert at(text, one, kind) == at(other, two, kind)


@pytest.mark.parametrize(
    "piece",
    [
        "could you please ",
        "if you ",
        "a",
        "1 minutes ",
        "free ",
        "((",
        ". ",
        "\n> ",
        "e\u0301 ",
        "would be nice if ",
        "- ",
        "pizza for ",
        "so you get help with a ",
        "a/b/",
    ],
)
def test_a_crafted_line_costs_its_length(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0  # characters that rules were tried on; a rule sees one sentence, which is never longer than `LONGEST`
    find = Rule.find

    def counted(rule: Rule, sentence: Sentence) -> re.Match[str] | None:
        nonlocal read
        assert len(sentence.words) <= LONGEST
        read += len(sentence.words)
        return find(rule, sentence)

    monkeypatch.setattr(Rule, "find", counted)
    counts = []
    for length in (10_000, 20_000):
        read = 0
        check((piece * (length // len(piece) + 1))[:length])
        counts.append(read)
    assert counts[1] <= 2.1 * counts[0]
    assert counts[1] <= 20_000 * 2 * sum(len(rules) for rules in language("en").rules.values())


def test_requests_are_told_by_one_sentence() -> None:
    assert is_request("Could you please forward the minutes to Cy?")
    assert is_request("Let me know if Tuesday works for you.")
    assert not is_request("The residual liquid binds with the butter.")
    assert not is_request("We had a wonderful time at the lake.")
    assert is_request("Könntest du mir die Säge leihen?", "de")
