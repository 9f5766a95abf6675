"""The second language is a folder: the same principles in German, with du and Sie."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources

import pytest

from amity.plan.asking.history import Asked, History
from amity.plan.asking.languages import LANGUAGES, language, spoken
from amity.plan.asks import Check, check

DU = """Liebe Ana,

ich würde dich gern fragen, wie ihr beim Solarversuch 2019 mit fehlenden Messwerten umgegangen seid. Hättest du nächste
Woche eine Viertelstunde am Telefon? Dafür teile ich unsere Ergebnisse mit dir, bevor sie erscheinen. Wenn es dir nicht
passt, sag einfach nein, das ist völlig in Ordnung.

Viele Grüße
Mia
"""
SIE = """Sehr geehrte Frau Dr. Sol,

ich schreibe Ihnen mit einer Bitte: Könnten Sie mir die Messwerte des Solarversuchs von 2019 schicken? Es würde etwa
zehn Minuten dauern. Im Gegenzug erhalten Sie unsere Auswertung vorab. Sollte es Ihnen nicht passen, habe ich dafür
volles Verständnis.

Mit freundlichen Grüßen
Mia Moor
"""


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def kinds(said: Check) -> set[str]:
    return {flag.kind for flag in said.flags}


@pytest.mark.parametrize(("text", "tone"), [(DU, "informal"), (SIE, "formal")])
def test_an_honest_ask_is_ready(text: str, tone: str) -> None:
    said = check(text)
    assert (said.language, said.tone, said.verdict, said.flags) == ("de", tone, "ready", ())


def test_places_are_those_of_the_phrases() -> None:
    said = check(DU)
    found = {kind: " ".join(DU[one.start : one.end].split()) for kind, one in said.pointers.items()}
    assert found["intent"].startswith("ich würde dich gern fragen")
    assert found["benefit"] == "Dafür teile ich unsere Ergebnisse mit dir, bevor sie erscheinen."
    assert found["time"].startswith("eine Viertelstunde")
    assert found["out"] == "Wenn es dir nicht passt, sag einfach nein, das ist völlig in Ordnung."


@pytest.mark.parametrize(
    ("pointer", "without"),
    [
        ("benefit", "Dafür teile ich unsere Ergebnisse mit dir, bevor sie erscheinen."),
        ("time", "Hättest du nächste\nWoche eine Viertelstunde am Telefon?"),
        ("out", "Wenn es dir nicht\npasst, sag einfach nein, das ist völlig in Ordnung."),
    ],
)
def test_what_is_missing_is_proposed_with_du(pointer: str, without: str) -> None:
    assert without in DU
    missing = check(DU.replace(without, "")).pointers[pointer]
    assert not missing.found
    assert {"dir", "du", "dich"} & words(missing.instead)


@pytest.mark.parametrize(
    ("pointer", "without"),
    [
        ("benefit", "Im Gegenzug erhalten Sie unsere Auswertung vorab."),
        ("time", "Es würde etwa\nzehn Minuten dauern."),
        ("out", "Sollte es Ihnen nicht passen, habe ich dafür\nvolles Verständnis."),
    ],
)
def test_what_is_missing_is_proposed_with_sie(pointer: str, without: str) -> None:
    assert without in SIE
    missing = check(SIE.replace(without, "")).pointers[pointer]
    assert not missing.found
    assert {"Ihnen", "Sie"} & words(missing.instead)


def test_to_tap_a_brain_is_vague() -> None:
    before = check("Hallo Ben, ich würde mich gern mal mit dir austauschen und dein Wissen anzapfen. LG Mia")
    after = check("Hallo Ben, ich würde gern von dir wissen, wie du den Almanach kalkuliert hast. LG Mia")
    assert "vague" in kinds(before)
    assert not before.pointers["specifics"].found
    assert "vague" not in kinds(after)
    assert after.pointers["specifics"].found


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("Könntest du mir etwas Geld leihen?", False),
        ("Könntest du mir 40 Euro leihen, etwas Geld für Montag?", True),
        ("Könnte uns jemand eine Pizza für einen langen und einsamen Abend bestellen?", False),
        ("Könnte uns jemand eine große Pizza bestellen?", True),
        ("Welches Objektiv hast du benutzt?", True),
    ],
)
def test_why_it_is_needed_does_not_say_what(words: str, exact: bool) -> None:
    assert check(f"Hallo Ben, {words}", name="de").pointers["specifics"].found == exact


@pytest.mark.parametrize("words", ["Wen kümmert das?", "Ist das verboten? Nein, gar nicht.", "Seit wann ist das so?!"])
def test_a_question_that_expects_no_answer_asks_for_nothing(words: str) -> None:
    assert not check(f"Hallo Ben, ich habe deinen Aufsatz gelesen. {words}", name="de").pointers["intent"].found


def test_a_missing_intent_and_a_need_are_seen() -> None:
    said = check("Lieber Ben, ich habe leider meine Stelle verloren. Du kennst ja so viele Leute in Verlagen.")
    assert not said.pointers["intent"].found
    assert "hidden_ask" in kinds(said)


@pytest.mark.parametrize(
    "words",
    [
        "Ich habe dir schon dreimal geschrieben.",
        "Bitte antworte bis morgen.",
        "Lass mich nicht hängen!",
        "Du schuldest mir das.",
        "Das ist doch das Mindeste.",
    ],
)
def test_pressing_is_flagged(words: str) -> None:
    assert "pushy" in kinds(check(f"Hallo Ben, könntest du mir die Säge für Samstag leihen? {words}"))


@pytest.mark.parametrize(
    "out",
    [
        "Kein Druck!",
        "Wenn nicht, ist das völlig in Ordnung.",
        "Ein Nein ist auch gut.",
        "Du kannst gern nein sagen.",
        "Falls es dir nicht passt, habe ich volles Verständnis.",
        "Fühl dich zu nichts verpflichtet.",
        "Wenn nicht, dann eben nicht.",
        "Ich freue mich auch über ein Nein.",
        "Eine Antwort ist nicht nötig.",
        "Lass dir Zeit.",
        "Wann immer es dir passt.",
        "Sollten Sie nicht die richtige Person sein, leiten Sie mich einfach weiter.",
        "Wenn dir das zu viel ist, frage ich jemand anderen.",
        "Trotzdem danke, falls es nicht geht.",
        "Keine Sorge, falls du gerade zu viel um die Ohren hast.",
        "Wenn ich nichts höre, nehme ich das als Nein, und das ist in Ordnung.",
    ],
)
def test_ways_out_are_found(out: str) -> None:
    text = f"Hallo Ben, könntest du mir die Säge für Samstag leihen? {out}"
    found = check(text).pointers["out"]
    assert text[found.start : found.end] == out


@pytest.mark.parametrize(
    "words",
    [
        "Sag jetzt nicht nein!",
        "Kein Problem, dass du gestern nicht da warst.",
        "Keine Sorge, sie ist scharf.",
        "Falls du die Datei nicht öffnen kannst, sag bitte Bescheid.",
        "Wenn du nicht bis Freitag antwortest, gebe ich es jemand anderem.",
        "Falls nicht, wann hättest du Zeit?",
        "Ist es okay, wenn ich Ana mitbringe?",
        "Ich akzeptiere kein Nein.",
        "Du musst nichts mitbringen.",
    ],
)
def test_what_only_sounds_like_a_way_out_is_none(words: str) -> None:
    assert not check(f"Hallo Ben, könntest du mir die Säge für Samstag leihen? {words}").pointers["out"].found


def test_a_pitch_is_seen_through() -> None:
    said = check(
        "Sehr geehrte Frau Sol, ich bin auf Ihr Profil gestoßen, Ihr Artikel über Speicher hat mich begeistert! Wir "
        "helfen Unternehmen wie Ihrem, ihren Umsatz zu verdoppeln. Hätten Sie 15 Minuten für eine kurze Demo? Buchen "
        "Sie einfach einen Termin in meinem Kalender."
    )
    assert "pitch_in_disguise" in kinds(said)
    assert "Kompliment" in said.flags[0].why


def test_the_past_is_told_in_german_too() -> None:
    days = (date(2023, 7, 10), date(2024, 5, 2), date(2025, 4, 1))
    past = History("Ben", last=days[-1], wrote=days, asked=tuple(Asked(day, "ein Kontakt") for day in days))
    said = check(DU, past, date(2025, 6, 30))
    assert "In zwei Jahren ging dreimal eine Nachricht an Ben, jedes Mal mit einer Bitte." in [
        flag.why for flag in said.flags
    ]


def test_the_language_is_told_by_the_words() -> None:
    assert spoken(DU) == "de"
    assert spoken("Could you lend me the saw?") == "en"
    assert spoken("") == "en"


def test_every_language_says_and_knows_the_same_things() -> None:
    english = language("en")
    for name in LANGUAGES:
        other = language(name)
        assert other.rules.keys() == english.rules.keys()
        assert _keys(other.wording) == _keys(english.wording)
        for rules in other.rules.values():
            for rule in rules:
                assert rule.phrase.pattern
                assert all(hint == hint.lower() for hint in rule.hints)
        folder = resources.files("amity.plan.asking") / name
        assert {one.name for one in folder.iterdir()} >= {
            f"{file}.toml" for file in ("language", "intent", "benefit", "specifics", "time", "out", "flags", "wording")
        }


def _keys(table: object) -> object:
    return {key: _keys(value) for key, value in table.items()} if isinstance(table, dict) else None
