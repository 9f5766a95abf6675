"""What a mail's author newly wrote, out of all that stands in its bytes."""

import base64
import quopri
import tarfile
import time
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.model import Channel, Found, Handle, Moment, Party, Role, Sign, Since, Text, Trouble
from amity.sources import bodies, mail
from amity.sources.limits import USUAL

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
ANA = Party(Role.FROM, "Ana Sol", Handle("email", "ana@sea.example"))
ME = Party(Role.TO, "Mia Hart", Handle("email", "mia@home.example"))
MOMENT = Moment(b"\0" * 16, 0, Channel.MAIL, (ANA, ME))


def told(raw: bytes, moment: Moment) -> list[object]:
    return list(bodies.told(raw, moment, Since(bodies=True)))


def plain(body: str) -> str:
    return bodies.text_of(f"From: ana@sea.example\nSubject: s\n\n{body}".encode())


def page(body: str) -> str:
    return bodies.text_of(b"Content-Type: text/html; charset=utf-8\n\n" + body.encode())


def test_a_plain_mail_is_its_text():
    assert plain("Hi Mia,\n\nthe boat is ready.  \n\nAna\n") == "Hi Mia,\n\nthe boat is ready.\n\nAna"


def test_lines_end_as_they_may():
    raw = b"From: a@x.org\r\n\r\none\r\ntwo\r\n"
    assert bodies.text_of(raw) == "one\ntwo"
    assert bodies.text_of(raw.replace(b"\r\n", b"\r")) == "one\ntwo"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Grüße aus Köln"),
        ("iso-8859-15", "20 € für Jörg"),
        ("koi8-r", "привет"),
        ("iso-2022-jp", "こんにちは"),
    ],
)
def test_text_is_read_in_its_charset(charset, text):
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode()
    assert bodies.text_of(head + base64.encodebytes(text.encode(charset))) == text
    head = f'Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: quoted-printable\n\n'.encode()
    assert bodies.text_of(head + quopri.encodestring(text.encode(charset))) == text


def test_a_wrong_charset_loses_no_words():
    assert bodies.text_of("Content-Type: text/plain; charset=nonsense\n\nGrüße".encode()) == "Grüße"
    assert bodies.text_of("Content-Type: text/plain; charset=us-ascii\n\nGrüße".encode("cp1252")) == "Grüße"
    assert bodies.text_of(b"Content-Transfer-Encoding: base64\n\nSGVsbG8") == "Hello"


def multipart(*parts: str, kind: str = "mixed", boundary: str = "b1") -> str:
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\npreamble\n{inner}--{boundary}--\nepilogue\n'


TEXT = "Content-Type: text/plain\n\nThe words."
HTML = "Content-Type: text/html\n\n<p>The <b>page</b>.</p>"


@pytest.mark.parametrize(
    ("mail_text", "expected"),
    [
        (multipart(TEXT, HTML, kind="alternative"), "The words."),
        (multipart(HTML, TEXT, kind="alternative"), "The words."),
        (multipart("Content-Type: text/plain\n\n  \n", HTML, kind="alternative"), "The page."),
        (
            multipart(multipart(TEXT, HTML, kind="alternative", boundary="b2"), "Content-Type: image/png\n\nx"),
            "The words.",
        ),
        (multipart("\nNo headers."), "No headers."),
        (multipart(TEXT, "Content-Type: text/plain\nContent-Disposition: attachment\n\nA file."), "The words."),
        (multipart(TEXT, "Content-Type: text/plain\n\nMore words."), "The words.\n\nMore words."),
        (multipart(TEXT, "Content-Type: message/rfc822\n\nFrom: bo@x.org\n\nAnother's."), "The words."),
        (multipart("From: bo@x.org\n\nAnother's.", kind="digest"), ""),
        (multipart(TEXT).replace('; boundary="b1"', ""), "The words."),
        (multipart(TEXT).replace("--b1--", ""), "The words.\n\nepilogue"),
        (multipart(TEXT).replace('boundary="b1"', 'boundary*0="b"; boundary*1="1"'), "The words."),
        (multipart(TEXT).replace("\n", "\r\n"), "The words."),
    ],
    ids=range(13),
)
def test_the_right_part_is_read(mail_text, expected):
    assert bodies.text_of(mail_text.encode()) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree"),
        ("<head><title>t</title><style>p{}</style></head><body>a<script>b</script>c</body>", "ac"),
        ("fish &amp; chips&nbsp;for &#163;5 &bogus; &#99999999;", "fish & chips for £5 &bogus; &#99999999;"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("  much\n\n   room  <i> here </i> ", "much room here"),
        ("<pre>kept\n  as is</pre>", "kept\n  as is"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        ("Yes.<blockquote>Shall we?</blockquote>Then.", "Yes.\nThen."),
        ("Yes.<div><p>On 5 Mar 2024 Bo &lt;b@x&gt; wrote:<br></p><blockquote>Go?</blockquote></div>", "Yes."),
        ('Yes.<div id="divRplyFwdMsg"><b>From:</b> Bo</div>Go?', "Yes."),
        ('Yes.<div class="gmail_signature">Ana</div>', "Yes.\n--\nAna"),
        ("<style>never closed", ""),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_page_without_its_markup(html, expected):
    assert page(html) == expected


@pytest.mark.parametrize(
    "quoted",
    [
        "> Shall we?\n> Bo",
        "On Tue, 5 Mar 2024 at 10:11, Bo Berg <bo@x.org> wrote:\n> Shall we?",
        "On Tue, 5 Mar 2024 at 10:11, Bo Berg\n<bo@x.org> wrote:\n\nShall we?\nBo",
        "Am 05.03.2024 um 10:11 schrieb Bo Berg:\n> Gehen wir?",
        "Le mar. 5 mars 2024 à 10:11, Bo <bo@x.org> a écrit :\n\nOn y va ?",
        "Bo Berg wrote:\n> Shall we?",
        "-----Original Message-----\nFrom: Bo\nSent: Tuesday\n\nShall we?",
        "-----Ursprüngliche Nachricht-----\nVon: Bo\n\nGehen wir?",
        "---------- Forwarded message ---------\nFrom: Bo <bo@x.org>\n\nShall we?",
        "Begin forwarded message:\n\nFrom: Bo\n\nShall we?",
        "Von: Bo Berg\nGesendet: Dienstag, 5. März 2024\nAn: Ana\nBetreff: Boot\n\nGehen wir?",
        "From: Bo Berg\nSent: Tuesday\nTo: Ana\nSubject: boat\n\nShall we?",
        "*From:* Bo Berg\n*Date:* Tuesday\n*To:* Ana\n\nShall we?",
        "To: Ana Sol\ncc: Cy\nSubject: boat\n\nShall we?",
        "________________________________\nFrom: Bo\n\nShall we?",
        "----- Forwarded by Bo on 5.3.2024 -----\n\nShall we?",
        "BB> Shall we?",
        "| Shall we?",
        "-----BEGIN PGP SIGNATURE-----\nabc",
        "begin 644 a.txt\nM1234\nend",
    ],
)
def test_what_others_wrote_is_left_out(quoted):
    assert plain(f"Yes, gladly.\n\n{quoted}\n") == "Yes, gladly."


def test_answers_between_the_quoted_lines_stay():
    text = "Bo wrote:\n> Shall we?\nYes.\n> When?\nAt ten."
    assert plain(text) == "Yes.\nAt ten."


def test_prose_that_looks_like_quoting_stays():
    text = "From: now on I bring the tea.\nHe wrote: nothing.\nTo: the sea!\n-- and back"
    assert plain(text) == text
    assert plain(">From then on it rained.") == "From then on it rained."


def test_signed_mail_is_read_without_its_armour():
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nYes.\n-----BEGIN PGP SIGNATURE-----\nxyz"
    assert plain(text) == "Yes."


def test_lines_and_text_have_a_limit():
    text = plain("word " * 100_000)
    assert len(text) <= bodies.LIMIT
    assert max(map(len, text.split("\n"))) <= bodies.LONGEST_LINE
    assert text.replace("\n", " ").split() == ["word"] * len(text.split())
    assert plain("x" * 5000) == "x" * 1000
    assert bodies.text_of(b"\n\nabc def", limit=4) == "abc"


def nested(depth: int) -> bytes:
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(depth))
    return (head + "\nThe words.\n").encode()


def test_multiparts_are_opened_fifty_deep():
    assert bodies.text_of(nested(50)) == "The words."
    assert bodies.text_of(nested(51)) == ""


def test_a_thousand_parts_are_read():
    raw = multipart(*["\nx"] * 3000).encode()
    found = bodies.parts(raw)
    assert len(list(islice(found, USUAL.mime_parts))) == USUAL.mime_parts
    with pytest.raises(bodies.TooMuch, match="more than 1,000 parts"):
        next(found)


def test_what_a_limit_stops_is_told_and_a_higher_one_reads_it():
    parts = multipart(*[f"\nword {i}" for i in range(30)]).encode()
    for raw, name, most in ((nested(9), "mime_depth", 8), (parts, "mime_parts", 29)):
        low = list(bodies.told(raw, MOMENT, Since(texts=True, limits={name: most})))
        assert [item.reason[:20] for item in low if isinstance(item, Trouble)] == ["its body has more th"]
        high = list(bodies.told(raw, MOMENT, Since(texts=True, limits={name: most + 1})))
        (text,) = high
        assert isinstance(text, Text)
        assert text.words.endswith(("The words.", "word 29"))


N = 200_000
HOSTILE = {
    "one long line": b"\n\n" + b"a" * N,
    "words without end": b"\n\n" + b"could you send me the " * (N // 22),
    "greater-than signs": b"\n\n" + b">" * N,
    "attributions": b"\n\n" + b"On 5 Mar 2024 wrote wrote wrote\n" * (N // 32),
    "attributions and blank lines": b"\n\n" + (b"On 5 Mar 2024 x wrote:\n> a\n" + b"\n" * 50) * (N // 80),
    "blanks before words": (b"\n\n" + b" " * 1500 + b"On 5 Mar 2024 I wrote:\n") * 100,
    "header lines": b"\n\n" + b"From: a\nTo: b\n" * (N // 14),
    "dashes": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--\n--b\n" * (4 * N),
    "boundaries": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * N,
    "multiparts in multiparts": nested(5000),
    "open tags": b"Content-Type: text/html\n\n" + b"<a" * N,
    "open comments": b"Content-Type: text/html\n\n" + b"<!--" * N,
    "open styles": b"Content-Type: text/html\n\n" + b"<style>" * N,
    "tags": b"Content-Type: text/html\n\n" + b"<p>" * N,
    "quotations": b"Content-Type: text/html\n\n" + b"<blockquote>a" * N,
    "entities": b"Content-Type: text/html\n\n" + b"&#" + b"9" * N,
    "accents": b"Content-Type: text/plain; charset=utf-8\n\n" + "\u0315\u0300".encode() * N,
    "questions": b"\n\n" + b"Could you? " * (N // 11),
    "names": b"\n\n" + b"Meet Ana Bo Cy, " * (N // 16),
    "thanks": b"\n\n" + b"thanks for thanks for introducing me to Ben and " * (N // 48),
    "capitals": b"\n\n" + b"A" * 399 + b"\n" + b"I will send you A. " * (N // 19),
    "parameters": b"Content-Type: text/plain" + b';a="' * N + b"\n\na",
    "headers": b"Content-Type: text/plain\n" + b"X: y\n" * N,
    "closings": b"\n\n" + b"Best regards\nAna Sol\n" * (N // 20) + b"+1 2 3 4 " * 100,
    "digits": b"\n\nBest,\nAna Sol\n" + b"1 2 3 4 5 6 7 8 9 0 " * 5,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_made_to_hang(name):
    begun = time.process_time()
    for fact in told(HOSTILE[name], MOMENT):
        assert len(fact.reason if isinstance(fact, Trouble) else fact.sentence) <= 300
    assert time.process_time() - begun < 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_raise(raw):
    list(told(raw, MOMENT))


PIECES = st.sampled_from(
    [
        b"\n", b"\r\n", b"--b", b"--b--", b"--c", b"Content-Type: ", b"multipart/mixed; boundary=b",
        b"text/html; charset=utf-16", b"multipart/digest; boundary=c", b"text/plain; charset=utf-7",
        b"Content-Transfer-Encoding: base64", b"=\n", b"=C3", b"\xff\xfe", b"<p>", b"</blockquote>", b"<pre>",
        b"<!--", b"&#x110000;", b"&lt", b"> ", b"On 5 Mar wrote:", b"-- ", b"Ana Sol", b"Best,", b"CEO",
        b"+1 617 258 0360", b"I'll send you ", b"could you ", b"thanks for ", b"meet Ana", b"begin 644 a", b"From: a",
        b"To: b", b"-----BEGIN PGP SIGNED MESSAGE-----", b"if ", b'"', b"Ich schicke dir ", b" ", b".", b"\x00",
        b"\xe2\x80\xa6", b"\xed\xa0\x80",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map(b"".join))
def test_no_mail_raises(raw):
    text = bodies.text_of(raw)
    text.encode()
    assert all(len(line) <= bodies.LONGEST_LINE for line in text.split("\n"))
    for fact in told(raw, MOMENT):
        assert isinstance(fact, Found)
        assert fact.by == ANA.handle
        fact.sentence.encode()


LETTER = (
    b"From: ana@sea.example\n\nHi Mia,\n\nI'll send you the map tomorrow. Could you bring the tea?\n\n"
    b"-- \nAna Sol\nCaptain's engineer, Sea Ltd\n"
)


def test_a_body_tells_facts():
    found = list(told(LETTER, MOMENT))
    assert [fact.kind for fact in found] == ["promise", "request", "signature"]
    assert {fact.by for fact in found} == {ANA.handle}
    assert found[0].sentence == "I'll send you the map tomorrow."
    assert found[2].values == {"title": "Captain's engineer", "organisation": "Sea Ltd"}


@pytest.mark.parametrize("sign", [sign for sign in Sign if sign])
def test_machines_and_lists_tell_nothing(sign):
    assert not list(told(LETTER, MOMENT._replace(signs=sign)))


def test_an_address_that_nobody_reads_tells_nothing():
    robot = Party(Role.FROM, "Ana Sol", Handle("email", "no-reply@sea.example"))
    assert not list(told(LETTER, MOMENT._replace(parties=(robot, ME))))
    assert not list(told(LETTER, MOMENT._replace(parties=(ME,))))


def test_a_great_attachment_costs_little():
    raw = multipart(TEXT, "Content-Type: application/pdf\n\n" + "QUJD" * 4_000_000).encode()
    begun = time.process_time()
    tracemalloc.start()
    assert bodies.text_of(raw) == "The words."
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
    assert time.process_time() - begun < 1


def test_odd_mails_of_other_projects(tmp_path):
    archive = SHARED / "fuzz" / "fuzz.tar.xz"
    if not archive.exists():
        pytest.skip("the shared fixtures are not here")
    read = 0
    scan = mail.scanner()
    with tarfile.open(archive) as tar:
        for member in tar:
            if not member.isfile() or not member.name.endswith((".eml", ".txt", ".msg")) or member.size > 5_000_000:
                continue
            file = tar.extractfile(member)
            assert file is not None
            raw = file.read()
            begun = time.process_time()
            moment = scan(b"\n" + mail.unix(raw), 0, b"")
            list(told(raw, moment if isinstance(moment, Moment) else MOMENT))
            assert time.process_time() - begun < 5
            bodies.text_of(raw).encode()
            read += 1
    assert read > 300
