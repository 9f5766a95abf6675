"""What one mail's headers say, in all the ways in which mailers have said it."""

from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Handle, Moment, Role, Sign, Trouble
from amity.sources import addresses, dates, encoded, mail
from amity.sources.lines import describe


def read(text: str | bytes, envelope: bytes = b"") -> Moment | Trouble:
    data = text.encode() if isinstance(text, str) else text
    return mail.scanner()(b"\n" + data.strip(b"\n"), 0, envelope)


def people(value: str) -> list[tuple[str, str]]:
    return [(name, handle.value) for name, handle in addresses.parse(value)]


def through_mail(value: str) -> list[tuple[str, str]]:
    moment = read(f"Date: 1 Jan 2020 10:00 +0000\nTo: {value}")
    assert isinstance(moment, Moment)
    return [(party.name, party.handle.value) for party in moment.parties if party.role == Role.TO]


ADDRESSES = [
    ("Ana <ana@x.org>", [("Ana", "ana@x.org")]),
    ("ana@x.org", [("", "ana@x.org")]),
    ("<Ana@X.org>", [("", "ana@x.org")]),
    ('"Berg, Ana" <ana@x.org>, Bo <bo@y.org>', [("Berg, Ana", "ana@x.org"), ("Bo", "bo@y.org")]),
    ("ana@x.org (Ana Berg)", [("Ana Berg", "ana@x.org")]),
    ("Ana (at work (mostly)) <ana@x.org>", [("Ana", "ana@x.org")]),
    ("friends: ana@x.org, Bo <bo@y.org>;", [("", "ana@x.org"), ("Bo", "bo@y.org")]),
    ("friends:ana@x.org;, cy@z.org", [("", "ana@x.org"), ("", "cy@z.org")]),
    ("undisclosed-recipients:;", []),
    ("Undisclosed recipients: ;", []),
    ("<undisclosed-recipients:;@relay.org>", []),
    ("<@relay.org,@other.org:ana@x.org>", [("", "ana@x.org")]),
    ("Ana <ana@x.org>; Bo <bo@y.org>", [("Ana", "ana@x.org"), ("Bo", "bo@y.org")]),
    ("Ana <ana@x.org> Bo <bo@y.org>", [("Ana", "ana@x.org"), ("Bo", "bo@y.org")]),
    ("Ana <ana@x.org", [("Ana", "ana@x.org")]),
    ("Ana <ana@x.org, bo@y.org", [("Ana", "ana@x.org"), ("", "bo@y.org")]),
    ('"Ana <ana@x.org>', [("Ana", "ana@x.org")]),
    ('"Ana \\"the\\" Berg" <ana@x.org>', [('Ana "the" Berg', "ana@x.org")]),
    ("mailto:ana@x.org", [("", "ana@x.org")]),
    ("Ana Berg ana@x.org", [("Ana Berg", "ana@x.org")]),
    ("ana @ x.org", [("", "ana@x.org")]),
    ('"ana maria"@x.org', [("", '"ana maria"@x.org')]),
    ("ana@[192.0.2.1]", [("", "ana@[192.0.2.1]")]),
    ("Ana <ana@[IPv6:2001:db8::1]>", [("Ana", "ana@[ipv6:2001:db8::1]")]),
    ("root", [("", "root")]),
    ("Ana Berg", [("Ana Berg", "ana berg")]),
    ("=?utf-8?q?J=C3=B6rg_Berg?= <j@x.org>", [("Jörg Berg", "j@x.org")]),
    ("=?utf-8?B?QmVyZywgQW5h?= <ana@x.org>", [("Berg, Ana", "ana@x.org")]),
    ('"=?utf-8?q?J=C3=B6rg?=" <j@x.org>', [("Jörg", "j@x.org")]),
    ("Jörg <j@bücher.example>", [("Jörg", "j@xn--bcher-kva.example")]),
    ("Ana\n\t<ana@x.org>,\n Bo <bo@y.org>", [("Ana", "ana@x.org"), ("Bo", "bo@y.org")]),
    (",, ana@x.org,,", [("", "ana@x.org")]),
    ("ana@x.org, ana@x.org", [("", "ana@x.org"), ("", "ana@x.org")]),
    ("J. R. R. Berg <j@x.org>", [("J. R. R. Berg", "j@x.org")]),
    ("Ana(at \\) work) <ana(her account)@x.org(her host)>", [("Ana", "ana@x.org")]),
    ("ana@x.org ((Ana Berg))", [("Ana Berg", "ana@x.org")]),
    ("ana@x.org (Berg, Ana)", [("Berg, Ana", "ana@x.org")]),
    ("jdoe@test   . example", [("", "jdoe@test.example")]),
    ("ana@x.org bo@y.org", [("", "ana@x.org"), ("", "bo@y.org")]),
    ('"" <>', []),
    ("<Undisclosed Recipients@relay.org>", []),
    ("=?utf-8?q?Berg,_Ana_(W)?= <ana@x.org>, Bo <bo@y.org>", [("Berg, Ana (W)", "ana@x.org"), ("Bo", "bo@y.org")]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), ADDRESSES)
def test_the_people_of_an_address_header(value, expected):
    assert people(value) == expected
    assert through_mail(value) == expected


DATES = [
    ("Thu, 02 Jan 2020 15:04:05 +0100", 1577973845),
    ("Thu, 2 Jan 2020 15:04:05 +0100 (CET)", 1577973845),
    ("2 Jan 2020 14:04:05 GMT", 1577973845),
    ("2 Jan 2020 14:04:05", 1577973845),
    ("Thursday, 02-Jan-20 14:04:05 UTC", 1577973845),
    ("Thu, 02 Jan 20 09:04:05 EST", 1577973845),
    ("Thu Jan  2 14:04:05 2020", 1577973845),
    ("Thu Jan  2 15:04:05 CET 2020", 1577973845),
    ("Thu Jan  2 15:04:05 2020 +0100", 1577973845),
    ("Jan 2, 2020 2:04:05 PM", 1577973845),
    ("2020-01-02T15:04:05+01:00", 1577973845),
    ("2020-01-02 14:04:05Z", 1577973845),
    ("2020-01-02 14:04:05.123 +0000", 1577973845),
    ("Thu, 02 Jan 2020 15.04.05 +0100", 1577973845),
    ("Thu,02 Jan 2020 15:04:05+0100", 1577973845),
    ("Do, 2 Jan 2020 15:04:05 +0100", 1577973845),
    ("Thu, 02 Dez 1999 12:00:00 +0000", 944136000),
    ("Thu, 02 Jan 2020 15:04:05 GMT+0100", 1577973845),
    ("Thu, 02 Jan 2020 15:04:05 \"GMT\"", 1577977445),
    ("Thu, 02 Jan 99 12:00:00 +0000", 915278400),
    ("Thu, 02 Jan 102 12:00:00 +0000", 1009972800),
    ("Wed, 02 Jan 0102 12:00:00 +0000", 1009972800),
    ("2020/01/02 Thu 09:04:05 EST", 1577973845),
    ("Thu, 02 Jan 2020 19:34:05 0530", 1577973845),
    ("Thu, 02 Jan 2020 15:04:05 GMT+1", 1577973845),
    ("Thu, 02 Jan 2020 03:04:05 PM CET", 1577973845),
    ("Mon, 05 Oct 1891 12:00:00 +0000", -2469009600),
    ("Thu, 02 Jan 2020 15:04:05 +9999", 1577977445),
    ("Thu, 02 Jan 2020 23:59:60 +0000", 1578009600),
    ("2 Jan 2020 (in Vienna) 15:04:05 +0100", 1577973845),
    ("Thu, 2 Jan 2020 ((much\n to) say) 15:04:05 +0100 (CET)", 1577973845),
    ("Thu, 2 Jan 2020 15(o'clock):   04  :  05 +0100", 1577973845),
    ("Thu, 2 Jan 2020 09:04:05 (EST) -0500", 1577973845),
    ("Thu, 2 Jan 2020 09:04:05 (EST)", 1577973845),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), DATES)
def test_a_date_in_each_of_its_forms(text, seconds):
    assert dates.parse(text) == seconds
    found = read(f"Date: {text}\nFrom: a@x.org")
    assert isinstance(found, Moment)
    assert found.at == seconds


@pytest.mark.parametrize(
    "text", ["", "yesterday", "Thu, 32 Jan 2020 10:00:00", "Thu, 02 Foo 2020 10:00", "2020-13-01", "99 99 99", "25:00"]
)
def test_a_date_that_is_none(text):
    assert dates.parse(text) is None


@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.integers(-11 * 60, 13 * 60))
def test_every_usual_date_is_read_as_the_standard_library_reads_it(moment, minutes):
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    text = moment.strftime("%a, %d %b ") + f"{moment.year:04d}" + moment.strftime(" %H:%M:%S ")
    text += f"{sign}{hours:02d}{rest:02d}"
    assert dates.parse(text) == int(parsedate_to_datetime(text).timestamp())


def test_a_date_is_read_alike_when_its_parts_are_remembered():
    scan = mail.scanner()
    for _ in range(2):
        for text, seconds in DATES:
            found = scan(f"\nDate: {text}\nFrom: a@x.org".encode(), 0, b"")
            assert isinstance(found, Moment)
            assert found.at == seconds, text


def test_without_a_usable_date_the_last_server_s_counts_then_the_archive_s():
    received = (
        "Received: from a by b;\n\tThu, 2 Jan 2020 14:04:05 +0000\nReceived: from c by a; 1 Jan 1999 00:00 +0000\n"
    )
    with_received = read(received + "Date: soon\nFrom: a@x.org")
    assert isinstance(with_received, Moment)
    assert with_received.at == 1577973845
    with_envelope = read("Date: soon\nFrom: a@x.org", b"Thu Jan  2 14:04:05 2020")
    assert isinstance(with_envelope, Moment)
    assert with_envelope.at == 1577973845
    assert read("Date: soon\nFrom: a@x.org") == Trouble(0, "no usable date", b"Date: soon\nFrom: a@x.org")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("two\n\tlines  and   blanks ", "two lines and blanks"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_Wien?=", "Grüße aus Wien"),
        ("=?ISO-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?B?R3LDvMOfZQ==?= und mehr", "Grüße und mehr"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("=?utf-8?Q?Gr=C3?=\n =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?a?= =?iso-8859-1?Q?=FC?= c", "aü c"),
        ("Re: =?utf-8?Q?a?=: b", "Re: a: b"),
        ("=?utf-8*en?Q?a?=", "a"),
        ("=?windows-1252?Q?=93a=94?=", "“a”"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("=?iso-2022-jp?B?GyRCLSEtahsoQg==?=", "①㈱"),
        ("=?windows-874?B?4LXX4M0=?=", "เตืเอ"),
        ("=?iso-8859-8-i?B?+ezl7Q==?=", "שלום"),
        ("=?iso8859_15?Q?=A4?= =?x-cp1251?B?xOA=?= =?KS_C_5601-1989?B?vsiz5w==?=", "€Да안녕"),
        ("=?no-such-charset?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
        ("=?punycode?Q?a?=", "a"),
        ("=?zip?Q?a?=", "a"),
        ("Gr\u00fc\u00dfe", "Grüße"),
        ("u\u0308", "ü"),
        ("nul\0 and bell\a", "nul and bell"),
    ],
)
def test_a_subject_in_words(value, text):
    found = read(f"Date: 1 Jan 2020 10:00 +0000\nSubject: {value}")
    assert isinstance(found, Moment)
    assert found.subject == text


def test_bytes_without_charset_are_utf8_or_else_windows_1252():
    head = b"Date: 1 Jan 2020 10:00 +0000\nSubject: "
    word = "=?iso-8859-1?Q?Gr%se?="
    for data in ("Grüße".encode(), "Grüße".encode("cp1252"), (word % "üß").encode(), (word % "üß").encode("cp1252")):
        found = read(head + data)
        assert isinstance(found, Moment)
        assert found.subject == "Grüße"


def test_a_byte_that_was_lost_of_utf8_costs_one_letter():
    found = read(
        b"Date: 1 Jan 2020 10:00 +0000\nSubject: " + "Grüße aus Köln, 日本".encode().replace(b"\xc3\xb6", b"\xc3")
    )
    assert isinstance(found, Moment)
    assert found.subject == "Grüße aus K\ufffdln, 日本"


def test_ids_and_thread():
    first = read("Date: 1 Jan 2020 10:00 +0000\nMessage-ID: <1@x.org>")
    answer = read("Date: 1 Jan 2020 11:00 +0000\nMessage-Id: <2@x.org>\nIn-Reply-To: <1@x.org>\nReferences: <1@x.org>")
    prose = read('Date: 1 Jan 2020 12:00 +0000\nIn-Reply-To: Your message of "Wed" <1@x.org>\nmessage-id:\n <3@x.org>')
    bare = read("Date: 1 Jan 2020 12:00 +0000\nMESSAGE-ID: 4@x.org\nReferences: <1@x.org>\n\t<2@x.org>")
    assert isinstance(first, Moment)
    assert isinstance(answer, Moment)
    assert isinstance(prose, Moment)
    assert isinstance(bare, Moment)
    assert (first.message_id, answer.message_id, prose.message_id, bare.message_id) == (
        "1@x.org",
        "2@x.org",
        "3@x.org",
        "4@x.org",
    )
    assert answer.in_reply_to == prose.in_reply_to == "1@x.org"
    assert bare.references == ("1@x.org", "2@x.org")
    assert first.thread == answer.thread == prose.thread == bare.thread != 0
    assert 0 < first.thread < 1 << 63


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        ('Message from Ana <ana@x.org> of "Wed, 21 Aug 2002 10:00:36 PDT." <1@x.org>', "1@x.org"),
        ("<1@x.org>; from ana@x.org on Fri, Jul 19, 2002 at 11:47:39PM +0100", "1@x.org"),
        ("<1@x.org> (Ana <ana@x.org>'s message of Fri)", "1@x.org"),
    ],
)
def test_the_mail_that_is_answered_is_told_from_the_person(value, identity):
    mail = read(f"Date: 1 Jan 2020 11:00 +0000\nIn-Reply-To: {value}")
    assert isinstance(mail, Moment)
    assert mail.in_reply_to == identity


def test_two_mails_without_id_are_told_apart_by_what_they_say():
    one = read("Date: 1 Jan 2020 10:00 +0000\nFrom: a@x.org\nSubject: one")
    two = read("Date: 1 Jan 2020 10:00 +0000\nFrom: a@x.org\nSubject: two")
    again = read("Subject: one\nFrom: a@x.org\nDate: 1 Jan 2020 11:00 +0100\nReceived: by me")
    assert isinstance(one, Moment)
    assert isinstance(two, Moment)
    assert isinstance(again, Moment)
    assert one.key == again.key != two.key
    assert len(one.key) == 16
    assert one.thread == 0


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("List-Id: <l.x.org>", Sign.LIST),
        ("List-Post: <mailto:l@x.org>", Sign.LIST),
        ("Mailing-List: list l@x.org", Sign.LIST),
        ("Precedence: bulk", Sign.BULK),
        ("Precedence: List", Sign.BULK),
        ("Precedence: normal", Sign.NONE),
        ("Auto-Submitted: auto-replied (vacation)", Sign.AUTO),
        ("Auto-Submitted: no", Sign.NONE),
        ("X-Autoreply: yes", Sign.AUTO),
        ("X-Auto-Response-Suppress: All", Sign.AUTO),
        ("List-Unsubscribe: <https://x.org/u>", Sign.UNSUBSCRIBE),
        ("Return-Path: <>", Sign.NULL_SENDER),
        ("Return-Path: <a@x.org>", Sign.NONE),
        ("return-path: <>\nlist-id: l", Sign.NULL_SENDER | Sign.LIST),
    ],
)
def test_signs_against_a_human_hand(line, sign):
    found = read(f"{line}\nDate: 1 Jan 2020 10:00 +0000")
    assert isinstance(found, Moment)
    assert found.signs == sign


@pytest.mark.parametrize(
    ("path", "author", "told"),
    [
        ("owner-talk@lists.org", "ana@x.org", True),  # Majordomo
        ("talk-admin@lists.org", "ana@x.org", True),  # Mailman 2.0
        ("talk-bounces+ben=y.org@lists.org", "ana@x.org", True),  # Mailman 2.1
        ("talk-request@lists.org", "ana@x.org", True),  # SmartList
        ("talk-return-400-ben=y.org@lists.org", "ana@x.org", True),  # ezmlm
        ("sentto-22-59685-1038-ben=y.org@returns.groups.yahoo.com", "ana@x.org", True),
        ("bounce-word-2643761@ls10.mailer.com", "editor@words.com", True),  # Lyris ListManager
        ("bounces+1234-ab12-ben=y.org@em.shop.com", "hello@shop.com", True),
        ("ems+P8T5PED6GPLZ4A@bounces.shop.com", "jeff@shop.com", True),
        ("weekly-ben=y.org@shop.com", "jeff@shop.com", True),
        ("ana@x.org", "ana@x.org", False),
        ("ana.lopez@x.org", "ana@y.org", False),
        ("bounce@relay.org", "ana@x.org", False),
        ("it-admin@x.org", "it-admin@x.org", False),
        ("prvs=0123abcd=ana@x.org", "ana@x.org", False),  # BATV, as drafted last
        ("prvs=ana/0123abcd@x.org", "ana@x.org", False),  # and first
        ("SRS0=HHH=TT=x.org=ana@forwarder.org", "ana@x.org", False),
        ("bounces+SRS=HHH1=TT=x.org=ana@forwarder.org", "ana@x.org", False),
        ("ben+caf_=new=y.org@gmail.com", "ana@gmail.com", False),
        ("3XYZ12@calendar-server.bounces.google.com", "ana@x.org", False),  # invites in somebody's name
        ("", "ana@x.org", False),
        ("=@-", "ana@x.org", False),
    ],
)
def test_where_bounces_go_tells_a_mailing_from_a_letter(path, author, told):
    found = read(f"Return-Path: <{path}>\nFrom: {author}\nDate: 1 Jan 2020 10:00 +0000")
    assert isinstance(found, Moment)
    assert (Sign.MAILING in found.signs) is told
    listed = read(f"Precedence: list\nReturn-Path: <{path}>\nFrom: {author}\nDate: 1 Jan 2020 10:00 +0000")
    assert isinstance(listed, Moment)
    assert listed.signs & ~Sign.NULL_SENDER == (Sign.BULK | Sign.MAILING if told else Sign.BULK)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("X-Mailer: Lyris ListManager Web Interface", True),
        ("X-Mailer: Octeth Email Manager Pro", True),
        ("X-Mailer: Apple Mail (2.3445)", False),
        ("X-Campaign: spring", True),
        ("X-CampaignID: 12", True),
        ("X-Bulkmail: 2.05", True),
        ("Feedback-ID: 7:12:campaign:shop", True),
        ("Feedback-ID: i1234567:Fastmail", False),  # a person's own mail
        ("Reply-To: leave-daily-2534371U@lists.org", True),
        ("Reply-To: Shop Unsubscribe <dms-unsubscribe@lists.org>", True),
        ("Reply-To: Jeff <no-reply@mail.shop.com>", True),
        ("Reply-To: <do_not_reply@shop.com>", True),
        ("Reply-To: noreply@invitations.com", False),  # of a service that invites in somebody's name
        ("Reply-To: Cleaver <cleaver@shop.com>", False),
        ("Reply-To: jeff.noreplyson@shop.com", False),
        ("Message-ID: <LISTMANAGER-4084623-19-2002.08.20--ben#y.org@ls1.lists.org>", True),
        ("Message-ID: <E17NMUf-00051u-00@mx08.y.org>", True),  # Exim of the reader's provider
        ("Message-ID: <200209032002.g83K2buK013193@mail.y.org>", True),  # sendmail
        ("Message-ID: <20020903200212.4F033716F1@mail.y.org>", True),  # Postfix
        ("Message-ID: <5f3a1c.1c69fb81.SMTPIN_ADDED_MISSING@mx.google.com>", True),
        ("Message-ID: <E17NMUf-00051u-00@mail.shop.com>", False),  # the author's own server
        ("Message-ID: <E17NMUf-00051u-00@relay.org>", False),
        ("Message-ID: <20020722112128.GB9191@y.org>", False),  # Mutt
        ("Message-ID: <CAF+x1y2z@mail.gmail.com>", False),
        ("Message-ID: <E1@", False),
    ],
)
def test_software_for_mass_mailings_tells_a_mailing_from_a_letter(lines, told):
    letter = "From: Jeff <jeff@shop.com>\nTo: ben@y.org\nDate: 1 Jan 2020 10:00 +0000"
    found = read(f"{lines}\n{letter}")
    assert isinstance(found, Moment)
    assert found.signs == (Sign.MAILING if told else Sign.NONE)
    anonymous = read(f"{lines}\nDate: 1 Jan 2020 10:00 +0000")
    assert isinstance(anonymous, Moment)


def test_recipients_of_every_kind_have_their_role():
    found = read(
        "Delivered-To: me@x.org\nDelivered-To: me@old.org\nX-Original-To: me@x.org\nFrom: Ana <ana@x.org>\n"
        "To: a@x.org\nTO: b@x.org\nCC: c@x.org\ncc: d@x.org\nBcc: e@x.org\n"
        "Date: 1 Jan 2020 10:00 +0000\nDate: 1 Jan 1999 10:00 +0000"
    )
    assert isinstance(found, Moment)
    by_role: dict[Role, list[Handle]] = {}
    for party in found.parties:
        by_role.setdefault(party.role, []).append(party.handle)
    assert {role: [handle.value for handle in kept] for role, kept in by_role.items()} == {
        Role.FROM: ["ana@x.org"],
        Role.TO: ["a@x.org", "b@x.org", "e@x.org"],
        Role.CC: ["c@x.org", "d@x.org"],
        Role.DELIVERED: ["me@x.org", "me@old.org"],
    }
    assert found.at == 1577872800


def test_what_has_no_headers_is_set_aside():
    found = read("Hello,\nthis is a letter.")
    assert isinstance(found, Trouble)
    assert found.reason == "no mail headers"


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "From: ", "To: ", "Cc: ", "Date: ", "Subject: ", "References: ", "<", ">", '"', "(", ")",
                ",",
                ";", ":", "\\", "@", "=?utf-8?q?", "=?utf-8?b?", "?=", "\n ", "\n\t", "\n", "\r\n", "ana@x.org",
                "Ana", "1 Jan 2020 10:00 +0000", "[", "]", "=C3", "A==", "<a@b>",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(LINES)
def test_no_header_block_ever_raises(text):
    found = read(text.encode("utf-8", "surrogatepass"))
    assert isinstance(found, Moment | Trouble)
    if isinstance(found, Moment):
        repr(found).encode()
        for party in found.parties:
            assert party.handle.value
            party.name.encode()
            party.handle.value.encode()


@given(st.binary(max_size=300))
def test_no_bytes_ever_raise(data):
    found = read(b"Date: 1 Jan 2020 10:00 +0000\nFrom: " + data + b"\nSubject: " + data)
    assert isinstance(found, Moment)
    found.subject.encode()


@given(
    st.lists(st.tuples(st.sampled_from(["Ana", "Bo Berg", '"Berg, Cy"', "=?utf-8?q?J=C3=B6rg?="]), st.integers(0, 50)))
)
def test_a_list_is_read_alike_whole_and_piece_by_piece(entries):
    value = ",\n ".join(f"{name} <p{number}@x.org>" for name, number in entries)
    assert through_mail(value) == people(value)


@given(st.text(alphabet="=?utf-8BbQq_ \n\t\u00fc\U0001f600", max_size=60))
def test_encoded_words_never_raise(text):
    encoded.clean(encoded.words(text)).encode()


def test_a_fold_inside_an_id_is_no_blank_and_a_blank_parts_no_thread():
    whole = read("Date: 1 Jan 2020 10:00 +0000\nMessage-ID: <a.long.id@x.org>")
    folded = read("Date: 1 Jan 2020 10:00 +0000\nMessage-ID: <a.long.\n id@x.org>")
    blank = read("Date: 1 Jan 2020 10:00 +0000\nMessage-ID: <a.long.i d@x.org>")
    assert isinstance(whole, Moment)
    assert isinstance(folded, Moment)
    assert isinstance(blank, Moment)
    assert (folded.message_id, blank.message_id) == ("a.long.id@x.org", "a.long.i d@x.org")
    assert whole.key == folded.key == blank.key
    assert whole.thread == folded.thread == blank.thread


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        ("<1234   @   local(blah)  .machine .example>", "1234@local.machine.example"),
        ("<PM20008:14:54 AM>", "PM20008:14:54 AM"),
        ("<a@x.org> (added by postmaster@x.org)", "a@x.org"),
        ("a@x.org", "a@x.org"),
        ("<4B0.1(2)@x.org>", "4B0.1(2)@x.org"),
    ],
)
def test_an_id_as_mailers_mangle_it(value, identity):
    found = read(f"Date: 1 Jan 2020 10:00 +0000\nMessage-ID: {value}")
    assert isinstance(found, Moment)
    assert found.message_id == identity


def test_references_with_blanks_in_them_count():
    found = mail.references(b'<a@x.org>\n <"from me"@x.org> <b@x.org>')
    assert found == ("a@x.org", '"from me"@x.org', "b@x.org")


@pytest.mark.parametrize(
    ("charset", "subject"),
    [("windows-1251", "Здравствуй"), ("big5", "你好嗎"), ("ks_c_5601-1987", "안녕"), ("gb2312", "你好")],
)
def test_raw_bytes_are_in_the_charset_that_the_mail_names(charset, subject):
    codec = {"ks_c_5601-1987": "cp949"}.get(charset, charset)
    date = b"Date: 1 Jan 2020 10:00 +0000\n"
    raw = b"Subject: " + subject.encode(codec) + b"\nTo: " + subject.encode(codec) + b" <a@x.org>\n"
    for named in (
        b'Content-Type: text/plain;\n charset="%s"' % charset.encode(),
        b"X-A: =?%s?q?a?=" % charset.encode(),
    ):
        found = read(date + raw + named)
        assert isinstance(found, Moment)
        assert (found.subject, found.parties[0].name) == (subject, subject)
    utf8 = read(date + f"Subject: {subject}\nContent-Type: text/plain; charset={charset}".encode())
    assert isinstance(utf8, Moment)
    assert utf8.subject == subject


def test_iso_2022_says_itself_what_it_is():
    found = read(b"Date: 1 Jan 2020 10:00 +0000\nSubject: " + "こんにちは".encode("iso2022_jp"))
    assert isinstance(found, Moment)
    assert found.subject == "こんにちは"


def test_an_underline_may_be_half_a_character():
    raw = "=" + "=".join(f"{byte:02X}" for byte in "一起".encode("big5"))
    assert encoded.words(f"=?big5?Q?{raw.replace('=5F', '_')}_!?=") == "一起 !"


def test_what_is_known_of_a_mail_without_date_can_be_shown():
    trouble = read("From: Ana <ana@x.org>\nSubject: Tea\nMessage-ID: <1@x.org>")
    assert isinstance(trouble, Trouble)
    assert trouble.reason == mail.UNDATED
    found = mail.undated(trouble)
    assert (found.subject, found.message_id, found.parties[0].name) == ("Tea", "1@x.org", "Ana")


@given(st.binary(max_size=300), st.sampled_from([b"big5", b"utf-8", b"iso-2022-kr", b"utf-7", b"x-unknown", b"\xff"]))
def test_no_charset_ever_raises(data, charset):
    block = b"\nDate: 1 Jan 2020 10:00 +0000\nSubject: " + data + b"\nContent-Type: text/plain; charset=" + charset
    repr(mail.scanner()(block, 0, b"")).encode()


def test_an_address_in_letters_is_shown_in_letters():
    item = read("Date: 1 Jan 2020 11:00 +0000\nFrom: jdöe@mächine.example\nTo: ana@xn--exmple-cua.net")
    assert isinstance(item, Moment)
    told = describe(item)["moment"]
    assert told["from"] == [{"name": None, "address": "jdöe@mächine.example"}]
    assert told["to"] == [{"name": None, "address": "ana@xn--exmple-cua.net"}]
