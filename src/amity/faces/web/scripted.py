"""What scripts say: the page brings it along where it is not in English; a test holds that none is forgotten."""

from __future__ import annotations

from amity.language import ENGLISH, mark, say, spoken

WORDS = (
    mark("Copied"),
    mark("Copy"),
    mark("and {n} more"),
    mark("That is {size}: too much at a time. In a terminal, amity import has no such bound."),
    mark("That is a folder. Pack it as a zip and drop that, or name the folder to amity import in a terminal."),
    mark("Amity did not take that."),
    mark("The files did not arrive. Is Amity still running?"),
    mark("Amity does not answer. Is it still running?"),
    mark("Nothing here goes by that."),
    # Lines that wait, and pages that are read while Amity does not run.
    mark("It waits here until Amity runs: {n} in all."),
    mark("Put it right"),
    mark("A line that waited was not understood: {sentence}"),
    mark("The line that waited is kept."),
    mark("The {n} lines that waited are kept."),
    mark("It does, in this browser."),
    mark("It does not, in this browser."),
    mark("Amity is not running. This is how the page stood on {when}; it can be read, and lines to log wait here."),
    # The map.
    mark("In the world {world}."),
    mark("Your tie: {strength} of 100, {first} to {last}."),
    mark("You have no tie with them."),
    mark("Seen with one other:"),
    mark("Seen with {n} others:"),
    mark("Seen with nobody else."),
    mark("{first} to {last}"),
    mark("{strength} of 100"),
    mark("all years"),
    mark("Nobody on the map goes by that."),
    mark("you"),
    mark("One way to {target}."),
    mark("{n} ways to {target}."),
    mark("No way is known to {target}."),
    mark("{shown} people, {ties} acquaintances."),
    mark("{shown} people, {ties} acquaintances, of {people} people."),
    mark("The map could not be drawn: {why}"),
)


def words() -> dict[str, str]:
    """Return what scripts say in the language that is spoken, by the English; nothing where that is English."""
    return {} if spoken() == ENGLISH else {message: say(message) for message in WORDS}
