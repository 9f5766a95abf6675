"""The ledger in a terminal: what was noted is said back, and what came of it."""

from __future__ import annotations

from pathlib import Path

from small_world import Call


def test_what_came_of_an_entry_is_said_back(amity: Call, vault: Path) -> None:
    noted = amity("log", "asked Bo Hill for his notes on kilns", "--json").json
    assert noted["words"] == "You asked Bo Hill: his notes on kilns"
    told = amity("outcome", noted["id"], "the oak stayed whole", "--status", "answered").out
    assert f"{noted['id']} You asked Bo Hill: his notes on kilns → the oak stayed whole (answered)." in told
    assert "the oak stayed whole (answered)" in " ".join(amity("ledger", "Bo Hill").out.split())


def test_a_balance_is_told_in_words_and_can_be_hidden(amity: Call, vault: Path) -> None:
    amity("log", "got a book from Bo Hill")
    assert "they last gave" in amity("ledger", "Bo Hill").out
    amity("settings", "balance", "0")
    hidden = amity("ledger", "Bo Hill").out
    assert "they last gave" not in hidden
    assert "Bo Hill gave you: a book" in hidden
