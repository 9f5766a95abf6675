"""More: every page there is, with what it is for."""

from __future__ import annotations

from msgspec import Struct

from amity.language import mark

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        mark("Look ahead"),
        (
            (
                "/week",
                mark("Week"),
                mark("Today's meetings, what each day offers, and the year with your critical few."),
            ),
            ("/goals", mark("Goals"), mark("How ready they are, what to give by when, whom to tell quietly.")),
            (
                "/encounters",
                mark("Encounters"),
                mark("People met at events, a first line for each, and what became of it."),
            ),
        ),
    ),
    (
        mark("Give and ask"),
        (
            ("/ledger", mark("Ledger"), mark("What was given, asked and promised, and what came of it.")),
            ("/asks", mark("Ask well"), mark("Put an ask into words that are honest and easy to refuse.")),
            ("/introductions", mark("Introductions"), mark("Bring two people together who both want it.")),
            ("/matches", mark("Matches"), mark("Who could help whom with what they look for, through you.")),
            ("/paths", mark("Warm paths"), mark("Who can introduce you to a person or into an organisation.")),
            ("/map", mark("Map"), mark("Your worlds as a picture, and what you hold between them.")),
        ),
    ),
    (
        mark("Look back"),
        (
            ("/mirror", mark("Mirror"), mark("How you practise it, in your own figures over the years.")),
            (
                "/portfolio",
                mark("Portfolio"),
                mark("How steady and diverse your contact is, and what would balance it."),
            ),
            ("/letter", mark("Letter"), mark("The year in people: who came, who went, who gave.")),
        ),
    ),
    (
        mark("Who they are"),
        (
            ("/circles", mark("Circles"), mark("The critical few and the many, roles, rings, and who mattered when.")),
            ("/review", mark("Review"), mark("People who may be one, side by side.")),
            ("/machines", mark("Machines"), mark("Addresses behind which nobody seems to stand.")),
        ),
    ),
    (
        mark("Keep"),
        (
            ("/sources", mark("Sources"), mark("What was read, and a place to drop files.")),
            ("/sources/troubles", mark("Troubles"), mark("What could not be read, and why.")),
            ("/history", mark("History"), mark("What you did, and the way back.")),
            ("/programs", mark("Programs"), mark("What they wait for, their tokens, and whom they never see.")),
            ("/settings", mark("Settings"), mark("Your minutes a day, how long to wait, and the rest.")),
            (
                "/leave",
                mark("Leave"),
                mark("Everything to take along, a copy of the vault, and forgetting a person for good."),
            ),
        ),
    ),
)


class MoreContext(Struct, frozen=True):
    """What the page of pages shows."""

    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = SECTIONS
