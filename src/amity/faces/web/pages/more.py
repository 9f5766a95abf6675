"""More: every page there is, with what it is for."""

from __future__ import annotations

from dataclasses import dataclass

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Look ahead",
        (
            ("/goals", "Goals", "How ready they are, what to give by when, whom to tell quietly."),
            ("/encounters", "Encounters", "People met at events, a first line for each, and what became of it."),
        ),
    ),
    (
        "Give and ask",
        (
            ("/ledger", "Ledger", "What was given, asked and promised, and what came of it."),
            ("/asks", "Ask well", "Put an ask into words that are honest and easy to refuse."),
            ("/introductions", "Introductions", "Bring two people together who both want it."),
            ("/matches", "Matches", "Who could help whom with what they look for, through you."),
            ("/paths", "Warm paths", "Who can introduce you to a person or into an organisation."),
            ("/map", "Map", "Your worlds as a picture, and what you hold between them."),
        ),
    ),
    (
        "Look back",
        (
            ("/mirror", "Mirror", "How you practise it, in your own figures over the years."),
            ("/portfolio", "Portfolio", "How steady and diverse your contact is, and what would balance it."),
            ("/letter", "Letter", "The year in people: who came, who went, who gave."),
        ),
    ),
    (
        "Who they are",
        (
            ("/circles", "Circles", "The critical few and the many, roles, rings, and who mattered when."),
            ("/review", "Review", "People who may be one, side by side."),
            ("/machines", "Machines", "Addresses behind which nobody seems to stand."),
        ),
    ),
    (
        "Keep",
        (
            ("/sources", "Sources", "What was read, and a place to drop files."),
            ("/sources/troubles", "Troubles", "What could not be read, and why."),
            ("/history", "History", "What you did, and the way back."),
            ("/programs", "Programs", "What they wait for, their tokens, and whom they never see."),
            ("/settings", "Settings", "Your minutes a day, how long to wait, and the rest."),
            ("/leave", "Leave", "Everything to take along, a copy of the vault, and forgetting a person for good."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class MoreContext:
    """What the page of pages shows."""

    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = SECTIONS
