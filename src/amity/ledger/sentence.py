"""A contact told in a sentence: "coffee with Ana yesterday", "two hours on the phone with Ben last Friday".

A small grammar of English, with the commonest German words. It hears a day, a length, a depth, a channel, a direction
and the people, and tells where it heard each, so that it can be shown back before anything is kept.

Days: without one it is today. A weekday is the last one before today. Where day and month could be either, the day
comes first (05/01/2025 is 5 January) unless that is no day at all. A week, month or year counts at its middle and is
marked imprecise; so is anything told in months or years ago. What lies ahead is refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct

from amity.errors import AmityError, Code
from amity.language import mark, say
from amity.model import Channel, Depth

EXAMPLES = (
    mark("coffee with Ana yesterday"),
    mark("called Ben Miller on Monday for half an hour about the move"),
    mark("letter from Chris, 5 Jan 2025"),
)


class Said(Struct, frozen=True):
    """What was heard in a sentence."""

    channel: Channel
    people: tuple[str, ...]  # names, addresses or @handles, as written
    on: date
    imprecise: bool  # the day is not known; `on` is the middle of the span
    depth: Depth
    minutes: int  # 0 = not said
    direction: str  # "sent" | "received" | "met"; a call or chat "with" somebody counts as sent
    subject: str
    heard: tuple[tuple[int, int, str], ...]  # start and end in the text, meaning; in the order of the text


class _Token(NamedTuple):
    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalnum() or self.text[:1] == "@" or _is_phone(self.text)


class _Day(NamedTuple):
    """A day told by the tokens from `first` up to `end`."""

    first: int
    end: int
    on: date
    imprecise: bool
    counted: bool  # told by its distance: "two weeks ago"


class _Name(NamedTuple):
    """A name told by the tokens from `first` up to `end`."""

    first: int
    end: int
    text: str
    lead: int  # where it begins with "my friend" before it


def _table(**rows: str) -> dict[str, str]:
    return {word: meaning for meaning, words in rows.items() for word in words.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _numbered(**rows: str) -> dict[str, int]:
    return {word: int(row.removeprefix("_")) for word, row in _table(**rows).items()}


_PIECE = re.compile(
    r"\d{1,4}([-./])\d{1,2}\1\d{1,4}(?!\w)"  # 2025-01-05, 5.1.2025
    r"|\d{1,2}\.\d{1,2}\.(?!\d)"  # 5.1.
    r"|\d{1,2}:\d{1,2}(?!\d)"
    r"|[wW]/"
    r"|\d+[.,]\d+(?!\w)"
    r"|[^\W_]+(?:['’\-][^\W_]+)*['’]?"
    r"|([^\w\s])\2*"
    r"|."
)
_FULL_DATE = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})")
_SHORT_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_GLUED_LENGTH = re.compile(r"(\d{1,3})(h|hr|hrs|m|min|mins)(\d{1,2})?(?:m|min)?")

_HOUR = re.compile(r"\d{1,2}(?::\d\d)?[ap]m|\d{1,2}:\d\d")

_WEEKDAYS = _numbered(
    _0="monday montag mon", _1="tuesday dienstag tue tues", _2="wednesday mittwoch wed",
    _3="thursday donnerstag thu thur thurs",
    _4="friday freitag fri", _5="saturday samstag sonnabend sat", _6="sunday sonntag sun",
)  # fmt: skip
_MONTHS = _numbered(
    _1="january januar jänner jan", _2="february februar feb", _3="march märz mar", _4="april apr", _5="may mai",
    _6="june juni jun", _7="july juli jul", _8="august aug", _9="september sept sep", _10="october oktober oct okt",
    _11="november nov", _12="december dezember dec dez",
)  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "ninety": 90, "couple": 2, "few": 3, "several": 4, "ein": 1, "eine": 1, "einer": 1, "einem": 1,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
}  # fmt: skip
_UNITS = _table(
    minute="minute minutes min mins minuten", hour="hour hours hr hrs h stunde stunden", day="day days tag tagen tage",
    week="week weeks woche wochen", month="month months monat monaten monate", year="year years jahr jahren jahre",
    weekend="weekend wochenende",
)  # fmt: skip
_NEAR_DAYS = {"today": 0, "heute": 0, "tonight": 0, "yesterday": 1, "gestern": 1, "vorgestern": 2, "tomorrow": -1}
_WHICH = {
    "last": "last", "past": "last", "letzte": "last", "letzten": "last", "letztes": "last", "this": "this",
    "diese": "this", "diesen": "this", "next": "next", "nächste": "next", "nächsten": "next",
}  # fmt: skip
_SEASONS = _words("spring summer autumn fall winter easter frühling sommer herbst ostern")
# A number with its country; what counts time or names a month behind it is no part of it.
_PHONE = re.compile(
    r"\+\d{1,3}(?:[ ./()-]{1,2}(?!\d{1,4}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,4}(?!\d))"
    rf"\d+(?![\w:])(?!(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:{'|'.join((*_UNITS, *_MONTHS))})\b)|\d)+",
    re.IGNORECASE,
)
_FEASTS = _words("christmas year's year’s")
_NO_DAY_BEHIND = _words("party card cards present presents market markets letter carol carols")
_DAY_WORDS = (
    _FEASTS
    | _SEASONS
    | _words("day just half weekend wochenende").union(_NEAR_DAYS, _WHICH, _WEEKDAYS, _MONTHS, _NUMBERS)
)
_DAYTIME = _words("morning afternoon evening night noon lunchtime abend früh mittag")
_BEFORE_DAY = _words("on at in am im from since dated around about the vom")
_LENGTH_WORDS = _words("all whole half halbe").union(_NUMBERS)
_BEFORE_LENGTH = _words("for about around roughly some nearly almost over ca circa")

# Words that name a channel. A weak one gives way to any other: "wrote a postcard", "met on Zoom".
_CHANNEL_WORDS = _table(
    meeting="coffee tea lunch dinner breakfast brunch supper drinks drink beer beers pint pints wine walk meeting "
    "meetup party picnic cinema movie movies film concert theatre theater opera museum exhibition gym "
    "tennis chess swim ride interview appointment workshop conference visit stroll meal ice-cream "
    "barbecue bbq game class seminar reunion birthday kaffee mittagessen abendessen frühstück spaziergang "
    "treffen besuch",
    experience="hike hiking hiked trip travel travelled traveled travelling holiday holidays vacation funeral wedding "
    "camping camped climbed climbing climb sailing sailed marathon retreat journey expedition festival pilgrimage "
    "rehearsal rehearsals moved wanderung reise urlaub beerdigung begräbnis hochzeit umzug",
    call="called phoned rang telephoned call calls phone telephone phonecall zoom zoomed skype skyped facetime "
    "facetimed videocall video-call telefoniert angerufen anruf telefonat",
    letter="letter letters postcard postcards card cards parcel telegramme brief karte postkarte",
    mail="mail mails mailed email emails emailed e-mail e-mails e-mailed newsletter gemailt",
    chat="texted text texts whatsapp whatsapped signal telegram chat chats chatted messaged message messages dm dms "
    "dmed sms pinged slack imessage messenger threema nachricht",
    social="linkedin facebook instagram mastodon bluesky commented liked",
)  # fmt: skip
_WEAK_WORDS = _table(
    mail="wrote written write sent heard replied answered forwarded geschrieben",
    meeting="met saw seen visited talked talk spoke chatting caught hung bumped ran sat joined hosted conversation "
    "discussed introduced played walked ate lunched dined drank getroffen besucht gesprochen gesehen",
)
_TALK = _words("talked talk spoke gesprochen conversation replied answered")
_NOT_SAID_AGAIN = _words(
    "meeting call calls phone telephone letter letters mail mails email emails e-mail e-mails chat chats text "
    "texts message messages whatsapp sms dm called phoned rang telephoned mailed emailed e-mailed texted messaged "
    "moved chatted angerufen telefoniert anruf brief nachricht"
)
_TAKES_OBJECT = _words(
    "called phoned rang telephoned mailed emailed e-mailed texted messaged pinged whatsapped dmed skyped facetimed "
    "wrote sent met saw seen visited answered joined hosted introduced call text email mail"
)
_LOOKS_AT_THINGS = _words("saw seen visited joined hosted played")
_NOUNS = _words("call text email mail")
_GOT = _words("got received heard get had erhalten bekommen")
_VERBS = _TAKES_OBJECT | _words(
    "replied talked spoke came helped told invited gave asked thanked saved dropped cooked liked commented"
)

_MESSAGES = _words("mail letter chat call social")
_MEETING_IN_TRUTH = ("meeting", "experience")  # "dinner on our hike" is remembered as the hike


def _depths() -> dict[str, list[tuple[tuple[str, ...], Depth, bool]]]:
    """Return by first word: the phrase, the depth, and whether it says nothing else."""
    rows = (
        (Depth.FORMATIVE, False, "saved my life"),
        (Depth.DEEP, True, "deep, long, heart to heart, heart-to-heart"),
        (Depth.DEEP, False, "helped me through, helped me move, hospital, moved house, funeral, beerdigung, begräbnis, "
         "cried, opened up, was there for me, stood by me, divorce, deathbed, krankenhaus"),
        (Depth.PASSING, True, "quick, quickly, brief, briefly, kurz, in passing"),
        (Depth.PASSING, False, "bumped into, ran into, small talk, said hello, waved"),
    )  # fmt: skip
    found: dict[str, list[tuple[tuple[str, ...], Depth, bool]]] = {}
    for depth, only, phrases in rows:
        for phrase in phrases.split(", "):
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, depth, only))
    return found


_DEPTHS = _depths()
_SIZES = _words("deep long quick brief kurz")  # they tell the depth of a talk, not of a river
_TALKS = _words("talk talks conversation conversations call chat letter discussion gespräch phone")

_ABOUT = _words("about re regarding concerning über wegen : – — -")
_WITH = _words("with w/ mit alongside")
_PLACES = _words("at in near on of over via through into around after before from to im bei auf nach during since")
_JOINS = _WITH | _words("to an from von by for into")
_DONE = _words("angerufen telefoniert getroffen besucht geschrieben gesprochen gesehen")  # "Ana getroffen"
_POSSESSIVE = ("'s", "’s")
_AND = _words("and & + und plus")
_OWNER = _words("i me myself we us you ich mir wir mich uns")
_PARTICLES = _words("von van de der den di da la le del della bin al el zu zur ten ter y af av dos du st")
_SUFFIXES = _words("esq esquire jr jun junior sr sen senior phd md ma mba")
_TITLES = _words("dr prof mr mrs ms miss sir frau herr mme jr sr")
_DETERMINERS = _words(
    "my our the a an her his their your this that some old new mein meine meiner meinem dem der den die"
)
_MINE = _words("my our mein meine meiner meinem")
_KIN = _words(
    "mother father mum mom dad brother sister wife husband son daughter partner boyfriend girlfriend aunt uncle cousin "
    "grandmother grandfather parents boss friend"
)
_STOP = _words(
    "it she he they him them her his their the an had has have was were is are be been did do does went go goes gave "
    "got get made took spent came said told asked helped watched played cooked ate drank walked discussed and or but "
    "so then again also too still very really great good nice lovely finally just both together up out off back down "
    "home here there where when while because if as than that this these those which who whom whose what for from to "
    "with at in on of by over via through into around after before during since until without about everyone "
    "everybody nobody someone somebody people team family friends colleagues all no not yes some any more most again "
    "online work lunchtime first second last next time long short quick deep hatte war im bei auf für von nach aus "
    "sehr"
)
_MARKS = _words("& + , ; . ! - – — : ( ) \" ' that")
_EDGE = _MARKS | _words(
    "ran bumped spent had have has was were i we me us my our a an the with to from and for on by of got received "
    "heard get did up it said then went their her his some w mit und ich wir ein eine einen hatte am vom von & + "
    ", ; . ! - – — : ( ) \" ' spoke talked talk met saw seen visited wrote sent written replied answered together "
    "back as also"
)

_TRAIL = _EDGE | _words("at in over near into")


def read_sentence(text: str, today: date) -> Said:
    """Read one contact from a sentence, as told on `today`.

    Raises AmityError(USAGE) when nobody is named, when a day does not exist, or when it lies ahead. Time is linear in
    the length of the text.
    """
    return _Sentence(text, today).read()


def told_days(text: str, today: date) -> list[tuple[int, int, date]]:
    """Return the days that a text tells, each with where it begins and ends in the text."""
    sentence = _Sentence(text, today)
    try:
        days = sentence._days()
    except AmityError:  # a day that there is not; the note is kept as of today, with its words
        return []
    return [(sentence.tokens[day.first].start, sentence.tokens[day.end - 1].end, day.on) for day in days]


class _Sentence:
    """The state of one reading: the tokens, and which of them have been understood."""

    def __init__(self, text: str, today: date) -> None:
        self.text = text
        self.today = today
        self.tokens = _tokens(text)
        self.count = len(self.tokens)
        self.used = [False] * self.count
        self.heard: list[tuple[int, int, str]] = []

    def read(self) -> Said:
        days = self._days()
        for found in days:
            self._use(found.first, found.end)
        minutes = self._length()
        about = self._about()
        day = self._choose_day(days, about)
        self._time_of_day()
        if any(token.low == "ago" and not self.used[i] for i, token in enumerate(self.tokens[:about])):
            raise AmityError(
                Code.USAGE,
                say("How long ago is not clear."),
                say("Say it like: {examples}.", examples="; ".join(map(say, EXAMPLES))),
            )
        depth = self._depth()
        channel = self._channel(about)
        people, received = self._people(channel, about)
        if not people and about < self.count:
            people, received = self._people(channel, self.count)
        if not people:
            left = self._subject(0)[:60]
            raise AmityError(
                Code.USAGE,
                say("Nobody is named in “{left}”.", left=left) if left else say("Nobody is named."),
                say("Say it like: {examples}.", examples="; ".join(map(say, EXAMPLES))),
            )
        return Said(
            channel=channel,
            people=people,
            on=day.on if day else self.today,
            imprecise=day is not None and day.imprecise,
            depth=depth,
            minutes=minutes,
            direction="met" if not channel.has_direction else "received" if received else "sent",
            subject=self._subject(about + 1) or self._subject(0),
            heard=tuple(sorted(self.heard)),
        )

    # What has been understood

    def _low(self, i: int) -> str:
        return self.tokens[i].low if 0 <= i < self.count else ""

    def _use(self, first: int, end: int) -> None:
        for i in range(first, end):
            self.used[i] = True

    def _tell(self, first: int, end: int, meaning: str) -> None:
        self.heard.append((self.tokens[first].start, self.tokens[end - 1].end, meaning))

    # Days

    def _days(self) -> list[_Day]:
        found: list[_Day] = []
        i = 0
        while i < self.count:
            day = self._day_at(i)
            if day is None:
                i += 1
                continue
            first = day.first
            while first and self._low(first - 1) in _BEFORE_DAY and not (found and first <= found[-1].end):
                if self._low(first - 1) == "about" and not day.counted:
                    break
                first -= 1
            found.append(day._replace(first=first))
            i = day.end
        return found

    def _choose_day(self, days: list[_Day], about: int) -> _Day | None:
        """Return the day of the contact: one outside what it was about, else one that ends the sentence."""
        outside = [day for day in days if day.first < about]
        closing = [day for day in days[-1:] if self._closes(day) and day.on <= self.today]
        day = next(iter(outside or closing), None)
        for other in days:
            if other is not day:
                for i in range(other.first, other.end):
                    self.used[i] = False  # it belongs to the subject
        if day is None:
            return None
        if day.on > self.today:
            said = self.text[self.tokens[day.first].start : self.tokens[day.end - 1].end]
            raise AmityError(
                Code.USAGE,
                say(
                    "“{said}” lies ahead of {today}: only what has been can be logged.",
                    said=said,
                    today=self.today.isoformat(),
                ),
                say("Say it like: {examples}.", examples="; ".join(map(say, EXAMPLES))),
            )
        self._tell(day.first, day.end, f"day: {'about ' if day.imprecise else ''}{day.on.isoformat()}")
        return day

    def _closes(self, day: _Day) -> bool:
        return all(self.used[i] or not self.tokens[i].is_word for i in range(day.end, self.count))

    def _day_at(self, i: int) -> _Day | None:
        word = self._low(i)
        if word not in _DAY_WORDS and not word[0].isdecimal():
            return None
        if word in _NEAR_DAYS:
            end = i + 2 if self._low(i + 1) in _DAYTIME else i + 1
            return self._day(i, end, self._back(_NEAR_DAYS[word]))
        if word == "day" and (self._low(i + 1), self._low(i + 2)) == ("before", "yesterday"):
            return self._day(i, i + 3, self._back(2))
        if word in _FEASTS:
            return self._feast(i, word)
        if word in _SEASONS:
            self._season(i)
            return None
        if word == "just" and self._low(i + 1) == "now":
            return self._day(i, i + 2, self.today)
        return (
            self._named_day(i, word)
            or self._counted_day(i, word)
            or self._written_day(i, word)
            or self._month_day(i, word)
        )

    def _season(self, i: int) -> None:
        """Refuse "in spring 2024" and "in the summer", unless they belong to what was spoken about."""
        first = i - 2 if self._low(i - 1) in ("the", "dem") else i - 1
        if self._low(first) in ("in", "im") and not any(self._low(k) in _ABOUT for k in range(first)):
            raise self._unclear(first, i + 2 if self._year(i + 1) else i + 1)

    def _unclear(self, first: int, end: int) -> AmityError:
        said = self.text[self.tokens[first].start : self.tokens[end - 1].end]
        return AmityError(
            Code.USAGE, say("Which days were “{said}” is not clear.", said=said), say("Give a month: in July 2024.")
        )

    def _day(self, first: int, end: int, on: date, imprecise: bool = False, counted: bool = False) -> _Day:
        return _Day(first, end, on, imprecise, counted)

    def _back(self, days: int) -> date:
        try:
            return self.today - timedelta(days)
        except OverflowError:
            raise AmityError(
                Code.USAGE, say("That day is out of reach of the calendar."), say("Give it as 2025-01-05.")
            ) from None

    def _months_back(self, months: int) -> date:
        year, month = divmod(self.today.year * 12 + self.today.month - 1 - months, 12)
        if not 1 <= year <= 9999:
            return self._back(10**7)
        return date(year, month + 1, min(self.today.day, monthrange(year, month + 1)[1]))

    def _named_day(self, i: int, word: str) -> _Day | None:
        """Read "Monday", "last Friday", "Tuesday last week", "last week", "this month", "next year"."""
        which = _WHICH.get(word)
        if which is not None:
            following = self._low(i + 1)
            if following in _DAYTIME:
                return self._day(i, i + 2, self._back(1 if which == "last" else 0)) if which != "next" else None
            if following in _WEEKDAYS:
                end = i + 3 if self._low(i + 2) in _DAYTIME else i + 2
                return self._day(i, end, self._weekday(_WEEKDAYS[following], which))
            if following in _MONTHS and which == "last" and not self._low(i + 2).isdecimal():
                return self._day(i, i + 2, self._mid_month(_MONTHS[following]), True)
            unit = _UNITS.get(following, "")
            if unit == "week" and which == "last":
                weekday = i + 3 if self._low(i + 2) in ("on", "am") else i + 2
                if self._low(weekday) in _WEEKDAYS:
                    return self._day(i, weekday + 1, self._last_week(_WEEKDAYS[self._low(weekday)]))
            if which == "last" and following in _SEASONS:
                raise self._unclear(i, i + 2)
            middle = self._middle(unit, which)
            return self._day(i, i + 2, middle, True) if middle else None
        if word in ("weekend", "wochenende") and self._low(i - 1) in ("the", "am"):
            return self._day(i, i + 1, self._weekday(5, "last"), True)
        if word not in _WEEKDAYS:
            return None
        if len(word) < 6 and self._low(i - 1) not in _BEFORE_DAY and i + 1 < self.count:
            return None  # "Sat" and "Sun" are words; they are days behind "on" or at the end
        if (_WHICH.get(self._low(i + 1)), _UNITS.get(self._low(i + 2))) == ("last", "week"):
            return self._day(i, i + 3, self._last_week(_WEEKDAYS[word]))
        end = i + 2 if self._low(i + 1) in _DAYTIME else i + 1
        return self._day(i, end, self._weekday(_WEEKDAYS[word], "last"))

    def _feast(self, i: int, word: str) -> _Day | None:
        """Read "Christmas", "Christmas Eve", "New Year's Eve"."""
        first = i - 1 if self._low(i - 1) == "last" else i
        eve = self._low(i + 1) == "eve"
        if word == "christmas":
            on = self._latest(12, 24 if eve else 25)
        elif self._low(i - 1) == "new" and self._low(i + 1) in ("eve", "day"):
            first, on = i - 1, self._latest(12, 31) if eve else self._latest(1, 1)
        else:
            return None
        end = i + 2 if self._low(i + 1) in ("eve", "day") else i + 1
        if on is None or self._low(end) in _NO_DAY_BEHIND:
            return None
        return self._day(first, end, on)

    def _weekday(self, weekday: int, which: str) -> date:
        passed = (self.today.weekday() - weekday) % 7
        if which == "next":
            return self._back(passed - 7)
        return self._back(passed if passed or which == "this" else 7)

    def _last_week(self, weekday: int) -> date:
        return self._back(self.today.weekday() + 7 - weekday)

    def _middle(self, unit: str, which: str) -> date | None:
        """Return the middle of the last or this week, month or year, so far as passed; None for other units."""
        today = self.today
        if which == "next":
            return self._back(-7) if unit in ("week", "weekend", "month", "year") else None
        if unit == "weekend":
            return self._weekday(5, which)
        if unit == "week":
            return self._last_week(3) if which == "last" else self._back(today.weekday() // 2)
        if unit == "month":
            last = self._months_back(1)
            return last.replace(day=15) if which == "last" else self._back((today.day - 1) // 2)
        if unit == "year":
            passed = (today - date(today.year, 1, 1)).days
            return self._months_back(12).replace(month=7, day=1) if which == "last" else self._back(passed // 2)
        return None

    def _mid_month(self, month: int, year: int = 0) -> date:
        if not year:
            year = self.today.year - (month >= self.today.month)
        return _exact(year, month, 15) or self._back(10**7)

    def _counted_day(self, i: int, word: str) -> _Day | None:
        """Read "3 days ago", "a couple of weeks ago", "half an hour ago", "vor zwei Tagen", "in 3 days"."""
        if word == "half" and (self._low(i + 1), self._low(i + 2), self._low(i + 3)) == ("an", "hour", "ago"):
            return self._day(i, i + 4, self.today, counted=True)
        amount = _amount(word)
        if amount is None:
            return None
        at = i + 1
        if word in ("a", "an") and self._low(at) in ("couple", "few"):
            amount, at = _amount(self._low(at)) or amount, at + 1
        vague = self._low(at - 1) in ("couple", "few", "several")
        if self._low(at) == "of":
            at += 1
        unit = _UNITS.get(self._low(at))
        before = self._low(i - 1)
        if unit is None or unit == "weekend" or not (self._low(at + 1) == "ago" or before in ("vor", "in")):
            return None
        if self._low(at + 1) != "ago" and before == "in":
            return self._day(i, at + 1, self._back(-1)) if unit not in ("minute", "hour") else None
        end = at + 2 if self._low(at + 1) == "ago" else at + 1
        first = i - 1 if before == "vor" else i
        count = int(amount)
        per_day = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7}.get(unit)
        if per_day is not None:
            on = self._back(int(count * per_day))
        else:
            on = self._months_back(count * (12 if unit == "year" else 1))
        return self._day(first, end, on, vague or unit in ("month", "year"), counted=True)

    def _written_day(self, i: int, word: str) -> _Day | None:
        """Read 2025-01-05, 5.1.2025, 05/01/2025, 5.1. and "in 2019"."""
        full = _FULL_DATE.fullmatch(word)
        if full:
            parts = [int(part) for part in full.group(1, 3, 4)]
            if len(full[1]) == 4:
                on = _exact(*parts)
            else:
                day, month, year = parts
                if len(full[4]) <= 2:
                    year += self.today.year // 100 * 100
                    year -= 100 * (year > self.today.year)
                on = _exact(year, month, day) or _exact(year, day, month)
            if on is None:
                raise AmityError(
                    Code.USAGE, say("There is no such day as {word}.", word=word), say("Give it as 2025-01-05.")
                )
            return self._day(i, i + 1, on)
        short = _SHORT_DATE.fullmatch(word)
        if short:
            on = self._latest(int(short[2]), int(short[1]))
            return self._day(i, i + 1, on) if on else None
        if (
            len(word) == 4
            and word.isdecimal()
            and self._low(i - 1) == "in"
            and 1000 <= int(word) <= self.today.year + 50
        ):
            return self._day(i, i + 1, date(int(word), 7, 1), True)
        return None

    def _month_day(self, i: int, word: str) -> _Day | None:
        """Read "5 Jan", "5th of January 2025", "Jan 5th, 2025", "in May 2024"."""
        number = _ORDINAL.fullmatch(word)
        if number:
            at = i + 2 if self._low(i + 1) in ("of", ".") else i + 1
            month = _MONTHS.get(self._low(at))
            return self._month_day_year(i, at + 1, month, int(number[1])) if month else None
        month = _MONTHS.get(word)
        if month is None:
            return None
        number = _ORDINAL.fullmatch(self._low(i + 1))
        if number and self._low(i + 2) not in _UNITS:
            return self._month_day_year(i, i + 2, month, int(number[1]))
        year = self._year(i + 1)
        if year:
            return self._day(i, i + 2, self._mid_month(month, year), True)
        if self._low(i - 1) in ("in", "im"):
            return self._day(i, i + 1, self._mid_month(month), True)
        return None

    def _month_day_year(self, i: int, end: int, month: int, day: int) -> _Day | None:
        at = end + 1 if self._low(end) in (",", ".") else end
        year = self._year(at)
        on = _exact(year, month, day) if year else self._latest(month, day)
        if on is None and 1 <= day <= 31 and (year or not _exact(2024, month, day)):
            said = self.text[self.tokens[i].start : self.tokens[at if year else end - 1].end]
            raise AmityError(
                Code.USAGE, say("There is no such day as {word}.", word=said), say("Give it as 2025-01-05.")
            )
        return self._day(i, at + 1 if year else end, on) if on else None

    def _year(self, i: int) -> int:
        word = self._low(i)
        return int(word) if len(word) == 4 and word.isdecimal() and self._low(i + 1) not in _UNITS else 0

    def _latest(self, month: int, day: int) -> date | None:
        """Return the last such day up to today; 29 February may lie eight years back."""
        for year in range(self.today.year, max(self.today.year - 9, 0), -1):
            on = _exact(year, month, day)
            if on is not None and on <= self.today:
                return on
        return None

    # Length, depth, what it was about

    def _length(self) -> int:
        """Return the minutes that the contact took, 0 when not said."""
        i = 0
        while i < self.count:
            minutes, end = self._length_at(i)
            if not minutes:
                i += 1
                continue
            total, first = minutes, i
            more = end + 1 if self._low(end) in _AND else end
            minutes, then = self._length_at(more)
            if minutes:
                total, end = total + minutes, then
            while first and self._low(first - 1) in _BEFORE_LENGTH and not self.used[first - 1]:
                first -= 1
            self._use(first, end)
            self._tell(first, end, f"minutes: {total}")
            return total
        return 0

    def _length_at(self, i: int) -> tuple[int, int]:
        """Return minutes and the index behind them, (0, 0) when no length stands at `i`."""
        if i >= self.count or self.used[i]:
            return 0, 0
        word = self._low(i)
        if not (word[0].isdecimal() or "-" in word or word in _LENGTH_WORDS):
            return 0, 0
        glued = _GLUED_LENGTH.fullmatch(word)
        if glued:
            long = glued[2].startswith("h")
            return int(glued[1]) * (60 if long else 1) + int(glued[3] or 0), i + 1
        number, hyphen, unit = word.partition("-")
        amount = _amount(number)
        if hyphen and amount is not None and _UNITS.get(unit) in ("minute", "hour"):
            return round(amount * (60 if _UNITS[unit] == "hour" else 1)), i + 1
        if word in ("all", "whole") and self._low(i + 1) == "day":
            return 480, i + 2
        if word in ("half", "halbe") and self._low(i + 1) in ("an", "hour", "stunde"):
            at = i + 2 if self._low(i + 1) == "an" else i + 1
            return (30, at + 1) if _UNITS.get(self._low(at)) == "hour" else (0, 0)
        if amount is None or hyphen:
            return 0, 0
        if word == "a" and self._low(i + 1) in ("half", "couple", "few"):
            minutes, end = self._length_at(i + 1)
            return minutes, end
        at = i + 1
        half = False
        if self._low(at) in _AND and (self._low(at + 1), self._low(at + 2)) == ("a", "half"):
            half, at = True, at + 3
        if self._low(at) == "of":
            at += 1
        kind = _UNITS.get(self._low(at))
        if kind not in ("minute", "hour") or self.used[at]:
            return 0, 0
        at += 1
        if not half and self._low(at) in _AND and (self._low(at + 1), self._low(at + 2)) == ("a", "half"):
            half, at = True, at + 3
        return round((amount + half / 2) * (60 if kind == "hour" else 1)), at

    def _time_of_day(self) -> None:
        """Pass over the hour, which is not kept: "at 5pm", "at 18:30"."""
        for i, token in enumerate(self.tokens):
            half = self._low(i + 1) in ("am", "pm")
            if not token.text[0].isdecimal():
                continue
            if _HOUR.fullmatch(token.low) or (half and token.low.isdecimal()):
                self._use(
                    i - 1 if self._low(i - 1) in ("at", "um", "until", "till", "bis") else i, i + 2 if half else i + 1
                )

    def _depth(self) -> Depth:
        for i in range(self.count):
            for phrase, depth, only in _DEPTHS.get(self._low(i), ()):
                end = i + len(phrase)
                if any(self._low(i + k) != word for k, word in enumerate(phrase)):
                    continue
                if phrase[0] in _SIZES and self._low(end) not in (_TALKS if depth is Depth.DEEP else _CHANNEL_WORDS):
                    continue
                self._tell(i, end, f"depth: {depth.name.lower()}")
                if only:
                    self._use(i, end)
                return depth
        return Depth.ORDINARY

    def _about(self) -> int:
        """Return where the sentence turns to what the contact was about, the number of tokens when it does not."""
        for i in range(1, self.count):
            if self._low(i) in _ABOUT and not self.used[i]:
                return i
        return self.count

    def _subject(self, first: int) -> str:
        """Return what is left from token `first` on, without dangling small words."""
        left = [
            i for i in range(first, self.count) if not self.used[i] and (first or self._low(i) not in _NOT_SAID_AGAIN)
        ]
        start, end = 0, len(left)
        while start < end and self._low(left[start]) in (_MARKS if first else _EDGE):
            start += 1
        while start < end and self._low(left[end - 1]) in _TRAIL:
            end -= 1
        pieces: list[str] = []
        for k in range(start, end):
            token = self.tokens[left[k]]
            if k > start and token.start > self.tokens[left[k - 1]].end:
                pieces.append(" ")
            pieces.append(token.text)
        if pieces.count("(") > pieces.count(")"):
            pieces.append(")")
        return "".join(pieces)

    # Channel

    def _channel(self, about: int) -> Channel:
        """Return the channel by its plainest word before the turn, else after it; a meeting when none is named."""
        for first, end in ((0, about), (about, self.count)):
            plain: tuple[str, int] | None = None
            weak: tuple[str, int] | None = None
            for i in range(first, end):
                word = self._low(i)
                if self.used[i] or self._low(i - 1) in ("signal", "whatsapp", "after", "before"):
                    continue
                if word in _CHANNEL_WORDS and (plain is None or (plain[0], _CHANNEL_WORDS[word]) == _MEETING_IN_TRUTH):
                    plain = _CHANNEL_WORDS[word], i
                elif word in _WEAK_WORDS and weak is None:
                    weak = _WEAK_WORDS[word], i
            best = plain or weak
            if best:
                self._tell(best[1], best[1] + 1, f"channel: {best[0]}")
                return Channel[best[0].upper()]
        return Channel.MEETING

    # People

    def _people(self, channel: Channel, end: int) -> tuple[tuple[str, ...], bool]:
        """Return who is named before token `end`, and whether the contact came from them."""
        sure: list[_Name] = []
        perhaps: list[_Name] = []
        received = False
        got = message = False
        names, i = self._names(0, end, lower=True)
        owner = any(self._low(k) in _OWNER for k in range(i))
        if names and (owner or self._acts(names[0], i, end)):
            sure += names
            received = not owner
        else:
            i = 0
        while i < end:
            token = self.tokens[i]
            word = token.low
            got = got or word in _GOT
            message = message or word in _TALK or _CHANNEL_WORDS.get(word, _WEAK_WORDS.get(word)) in _MESSAGES
            if self.used[i]:
                i += 1
            elif _is_address(word):
                sure.append(_Name(i, i + 1, token.text, i))
                i += 1
            elif word in _WITH or (word == "into" and self._low(i - 1) in ("ran", "bumped")):
                i = self._follow(i, end, sure)
            elif word in ("to", "an", "by", "for", "from", "von"):
                takes = {"to": message and channel is not Channel.EXPERIENCE, "an": message, "for": True, "by": True}
                fits = takes.get(word, got or message) and (not sure or self._low(i - 1) in _AND)
                then = self._follow(i, end, sure, lower=word in ("to", "from")) if fits else i + 1
                received = received or (word in ("from", "von", "by") and then > i + 1)
                i = then
            elif word in _TAKES_OBJECT:
                at = i + 2 if self._low(i + 1) in ("up", "back") else i + 1
                names, then = self._names(at, end, lower=True)
                thing = word in _LOOKS_AT_THINGS or not (names and self.tokens[names[0].first].capital)
                (perhaps if thing else sure).extend(names)
                i = max(then, i + 1) if names else i + 1
            else:
                i += 1
        chosen = sure or perhaps or self._capitals(end)
        if chosen and got and not any(self._low(k) in _WITH for k in range(end)):
            received = received or any(self.tokens[name.end - 1].low.endswith(_POSSESSIVE) for name in chosen)
        people: dict[str, str] = {}
        for name in chosen:
            people.setdefault(name.text.casefold(), name.text)
            before = name.lead
            while (before and (self._low(before - 1) in _JOINS or self._low(before - 1) in _AND)) or self._low(
                before - 1
            ) == ",":
                before -= 1
            self._use(before, name.end)
            self._tell(name.first, name.end, f"person: {name.text}")
        return tuple(people.values()), received

    def _acts(self, name: _Name, verb: int, end: int) -> bool:
        """Tell whether a name that opens the sentence is who did it: "Ana called", "ana wrote to me"."""
        if self._low(verb) not in _VERBS - _NOUNS:
            return False
        after = verb + 1 if self._low(verb + 1) not in ("to", "back") else verb + 2
        return self.tokens[name.first].capital or after >= end or self._low(after) in _OWNER or self.used[after]

    def _follow(self, i: int, end: int, names: list[_Name], lower: bool = True) -> int:
        """Read the names behind the small word at `i`; return where they end."""
        found, then = self._names(i + 1, end, lower)
        names += found
        return then if found else i + 1

    def _names(self, i: int, end: int, lower: bool) -> tuple[list[_Name], int]:
        """Read a list of names ("Ana, Ben and my friend Chris Miller"); `lower` allows "ana"."""
        names: list[_Name] = []
        behind = i
        while i < end:
            if self._low(i) in _OWNER and not self.used[i]:
                behind = i + 1
            else:
                name = self._name(i, end, lower)
                if name is None:
                    break
                names.append(name)
                behind = name.end
            i = behind
            comma = self._low(i) == "," and not self.used[i]
            i += comma
            if comma and names and i < end and self._low(i) in _SUFFIXES:  # "Mary Smith, Esq."
                dot = self._low(i + 1) == "." and self.tokens[i + 1].start == self.tokens[i].end
                self._use(i, i + 1 + dot)
                i = behind = i + 1 + dot
                comma = self._low(i) == ","
                i += comma
            joined = self._low(i) in _AND and i < end and not self.used[i]
            i += joined
            if joined or (comma and i < end and (self.tokens[i].capital or _is_address(self._low(i)))):
                continue
            if not comma:
                break
            further = (
                self._name(i, end, lower) if lower and names and not self.tokens[names[-1].first].capital else None
            )
            if further is None or self._low(further.end) not in (",", *_AND):
                break
        return names, behind

    def _name(self, i: int, end: int, lower: bool) -> _Name | None:
        first = i
        while i < end and self._low(i) in _DETERMINERS and not self.used[i] and not self.tokens[i].capital:
            i += 1
        owned = any(self._low(k) in _MINE for k in range(first, i))
        if not self._may_name(i, end):
            return None
        if _is_address(self._low(i)):
            return _Name(i, i + 1, self.tokens[i].text, first)
        if not self.tokens[i].capital and lower and i > first:  # "my old friend Ana"
            for k in range(i + 1, min(i + 4, end)):
                if not self._may_name(k, end):
                    break
                if self.tokens[k].capital:
                    i = k
                    break
        if self.tokens[i].capital:
            return self._capital_name(i, end)._replace(lead=first)
        if not lower or (i > first and not owned):
            return None
        last = i + 1
        while last < min(i + 2, end) and self._may_name(last, end) and not self.tokens[last].capital:
            last += 1
        return self._called(i, last)._replace(lead=first)

    def _may_name(self, i: int, end: int) -> bool:
        """Tell whether a token can begin a name: a word that has no other meaning here."""
        if i >= end or self.used[i]:
            return False
        token = self.tokens[i]
        return (
            token.is_word
            and not token.text[0].isdecimal()
            and token.low not in _STOP
            and token.low not in _OWNER
            and token.low not in _CHANNEL_WORDS
            and token.low not in _WEAK_WORDS
            and token.low not in _VERBS
            and token.low not in _ABOUT
        )

    def _capital_name(self, i: int, end: int) -> _Name:
        last = i + 1
        while last < min(i + 8, end) and not self.used[last] and not self.tokens[last - 1].low.endswith(_POSSESSIVE):
            token = self.tokens[last]
            before = self.tokens[last - 1]
            initial = (
                token.text == "." and token.start == before.end and (len(before.text) == 1 or before.low in _TITLES)
            )
            named = token.capital and token.low not in _OWNER
            if not (initial or named or (token.low in _PARTICLES and self._begins_surname(last + 1, end))):
                break
            last += 1
        if self.tokens[last - 1].low.endswith(_POSSESSIVE) and last < end and self._low(last) in _KIN:
            last += 1  # "Ana's mother" is not Ana
        return self._called(i, last)

    def _begins_surname(self, i: int, end: int) -> bool:
        """Tell whether a capital word stands at `i`, or behind one more particle ("von der Heide")."""
        if i < end and self.tokens[i].low in _PARTICLES and not self.tokens[i].capital:
            i += 1
        return i < end and self.tokens[i].capital and not self.used[i]

    def _called(self, first: int, end: int) -> _Name:
        text = self.text[self.tokens[first].start : self.tokens[end - 1].end]
        return _Name(first, end, " ".join(text.removesuffix("'s").removesuffix("’s").split()), first)

    def _capitals(self, end: int) -> list[_Name]:
        """Return words written as names, when nothing points to one: not places, nor the word that opens the text."""
        found: list[_Name] = []
        i = 0
        while i < end:
            if not (self._may_name(i, end) and self.tokens[i].capital):
                i += 1
                continue
            name = self._capital_name(i, end)
            alone = name.end == i + 1 and name.end < end and not self.used[name.end]
            opening = i == 0 and alone and self.tokens[name.end].is_word and self._low(name.end) not in _AND | _DONE
            possessive = self.tokens[name.end - 1].low.endswith(_POSSESSIVE)
            if possessive or not (opening or self._low(i - 1) in _PLACES):
                found.append(name)
            i = name.end
        return found


def _tokens(text: str) -> list[_Token]:
    """Split a text into words, numbers, dates, addresses and marks, each with its place."""
    tokens: list[_Token] = []
    for chunk in re.finditer(rf"(?<!\S)(?P<phone>{_PHONE.pattern})(?!\S*@)|\S+", text, re.IGNORECASE):
        piece, start = chunk[0], chunk.start()
        if chunk["phone"] and _is_phone(piece):
            tokens.append(_Token(piece, piece, start, chunk.end()))
            continue
        if "@" in piece:
            bare = piece.lstrip("<([\"'")
            start += len(piece) - len(bare)
            trimmed = bare.rstrip(">)]\"',;:.!?")
            if _is_address(trimmed):
                tokens.append(_Token(trimmed, trimmed.casefold(), start, start + len(trimmed)))
                start, piece = start + len(trimmed), bare[len(trimmed) :]
            else:
                piece = bare
        tokens += [
            _Token(part[0], part[0].casefold(), start + part.start(), start + part.end())
            for part in _PIECE.finditer(piece)
        ]
    return tokens


def _is_phone(word: str) -> bool:
    """Tell whether a word is a phone number with its country, such as "+49 170 1234567"."""
    return word.startswith("+") and 7 <= sum(sign.isdecimal() for sign in word) <= 15


def _is_address(word: str) -> bool:
    """Tell whether a word is an e-mail address, a phone number or a @handle."""
    if _is_phone(word):
        return True
    local, at, host = word.partition("@")
    if not at or "@" in host or not host[:1].isalnum():
        return False
    return "." in host.strip(".") if local else True


def _amount(word: str) -> float | None:
    if word in _NUMBERS:
        return _NUMBERS[word]
    plain = word.replace(",", ".")
    if len(plain) > 6 or not plain.replace(".", "", 1).isdecimal():
        return None
    return float(plain)


def _exact(year: int, month: int, day: int) -> date | None:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)
