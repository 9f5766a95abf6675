"""Every setting of Amity, its default and its meaning: settings file, docs and web form come from this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from amity.errors import AmityError, Code
from amity.language import AUTO, known, mark, say

LONGEST = 100  # characters of a text


class Setting(Struct, frozen=True):
    """One thing that the owner may adjust."""

    name: str
    default: int | str
    meaning: str
    least: int = 0
    most: int = 0
    words: tuple[str, ...] = ()  # the values that a text may have; empty for any

    def takes(self, value: object) -> bool:
        """Tell whether a value fits."""
        if isinstance(self.default, int):
            return type(value) is int and self.least <= value <= self.most
        return isinstance(value, str) and len(value) <= LONGEST and (not self.words or value in self.words)

    @property
    def wanted(self) -> str:
        """Say what fits."""
        if isinstance(self.default, int):
            return say("a whole number, {least:,} to {most:,}", least=self.least, most=self.most)
        return say(" or ").join(self.words) or say("a text")


TABLE = (
    Setting("minutes", 30, mark("minutes a day that you want to give to people"), 1, 600),
    Setting("suggestions", 5, mark("how many suggestions a day shows at most"), 1, 20),
    Setting("horizon_days", 90, mark("how far ahead ties are judged, in days"), 7, 730),
    Setting("agenda_days", 180, mark("days after which what somebody wanted or feared is asked after anew"), 7, 3650),
    Setting("join_sure", 10_000, mark("up to so many people, an import joins those who surely are one"), 0, 1_000_000),
    Setting("reply_days", 14, mark("days that an answer is given where somebody's usual time is not known"), 1, 365),
    Setting(
        "reminders", 1, mark("how often you remind somebody who has not answered, before you let them rest"), 0, 10
    ),
    Setting("rest_days", 90, mark("days of peace after the last reminder"), 1, 3650),
    Setting("quiet_days", "", mark("days without suggestions, for example: sun 12-24 2026-08-01/2026-08-21")),
    Setting(
        "holidays",
        "",
        mark("your country, whose holidays are quiet, then others with days of your own: AT; DE 12-24 easter+1"),
    ),
    Setting(
        "hold_out", 0, mark("percent of suggestions held back at random, to learn whether they help; 0 for none"), 0, 50
    ),
    Setting(
        "gifts_first", 1, mark("how much you want to have given somebody before you ask them for something"), 0, 10
    ),
    Setting("balance", 1, mark("whether the ledger tells who gave and who began; 0 hides it"), 0, 1),
    Setting(
        "true_friends", 0, mark("how many true friends you wish for in years to come; 0 if you do not count"), 0, 1000
    ),
    Setting(
        "language",
        AUTO,
        mark("language that Amity speaks; auto for the browser's and the terminal's"),
        words=(AUTO, *known()),
    ),
    Setting("region", "", mark("two-letter country for phone numbers written without one, for example DE")),
    Setting(
        "meanings_at", "", mark("a model on this machine that matches by meaning: http://127.0.0.1:8080/v1/embeddings")
    ),
    Setting("meanings_model", "", mark("the name by which that model is asked for")),
    Setting(
        "polish_at", "", mark("a model that words an ask anew, when told to: http://127.0.0.1:8080/v1/chat/completions")
    ),
    Setting("polish_model", "", mark("the name by which that model is asked for")),
    Setting("archive_files", 100_000, mark("files that are unpacked from one archive at most"), 1, 10_000_000),
    Setting(
        "archive_nested", 1_000, mark("files that are unpacked from archives inside an archive at most"), 0, 10_000_000
    ),
    Setting("archive_depth", 1, mark("how many archives within one another are opened inside an archive"), 0, 10),
    Setting("archive_mib", 32_768, mark("MiB that are unpacked from one archive at most"), 1, 1_048_576),
    Setting("archive_ratio", 100, mark("how many bytes one packed byte may become"), 1, 100_000),
    Setting("mail_header_kib", 1_024, mark("KiB that are read of one mail's headers"), 1, 1_048_576),
    Setting("mail_people", 10_000, mark("participants of one mail; a mail with more is set aside"), 1, 10_000_000),
    Setting("mail_depth", 50, mark("how many multiparts within one another are opened in a mail's body"), 1, 1_000),
    Setting("mail_parts", 1_000, mark("parts that are looked at in a mail's body"), 1, 1_000_000),
    Setting("utc_offset", 0, mark("minutes that your day begins before (+) or after (-) the day in UTC"), -840, 840),
)
FILE = "settings.toml"


class Settings(Struct, frozen=True):
    """The values in force."""

    minutes: int = 30
    suggestions: int = 5
    horizon_days: int = 90
    agenda_days: int = 180
    reply_days: int = 14
    reminders: int = 1
    rest_days: int = 90
    quiet_days: str = ""
    holidays: str = ""
    hold_out: int = 0
    gifts_first: int = 1
    balance: int = 1
    true_friends: int = 0
    language: str = AUTO
    join_sure: int = 10_000
    region: str = ""
    meanings_at: str = ""
    meanings_model: str = ""
    polish_at: str = ""
    polish_model: str = ""
    archive_files: int = 100_000
    archive_nested: int = 1_000
    archive_depth: int = 1
    archive_mib: int = 32_768
    archive_ratio: int = 100
    mail_header_kib: int = 1_024
    mail_people: int = 10_000
    mail_depth: int = 50
    mail_parts: int = 1_000
    utc_offset: int = 0


def read_settings(values: Mapping[str, Any], place: str) -> Settings:
    """Check values from a settings file and fill in the defaults.

    Raises AmityError USAGE for an unknown name or a value outside its range; `place` names the file in it.
    """
    settings = {setting.name: setting for setting in TABLE}
    for name, value in values.items():
        setting = settings.get(name)
        if setting is None:
            raise AmityError(
                Code.USAGE,
                say("{place}: there is no setting {name!r}.", place=place, name=name),
                say("Known: {known}.", known=", ".join(settings)),
            )
        if not setting.takes(value):
            raise AmityError(
                Code.USAGE,
                say("{place}: {name} must be {wanted}.", place=place, name=name, wanted=setting.wanted),
                say("It means: {meaning}.", meaning=say(setting.meaning)),
            )
    return Settings(**values)
