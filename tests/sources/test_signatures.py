"""Who somebody is and where, by the signature under their own mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Channel, Handle, Moment, Party, Role
from amity.sources import signatures

ANA = Party(Role.FROM, "Ana Sol", Handle("email", "ana@seaworks.example"))
MOMENT = Moment(b"\0" * 16, 0, Channel.MAIL, (ANA, Party(Role.TO, "Mia", Handle("email", "mia@home.example"))))


def values(text: str, sender: Party = ANA) -> dict[str, str] | None:
    found = signatures.find(text, MOMENT._replace(parties=(sender,)))
    return None if found is None else dict(found.values)


LETTER = "Hi Mia,\n\nthe boat is ready.\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- \nAna Sol\nChief Engineer\nSeaworks Ltd.", {"title": "Chief Engineer", "organisation": "Seaworks Ltd."}),
        ("--\nAna Sol, PhD\nChief Engineer, Seaworks GmbH", {"title": "Chief Engineer", "organisation": "Seaworks "
            "GmbH"}),
        ("Best,\nAna\n\nAna Sol\nChief Engineer at Blue Whale", {"title": "Chief Engineer", "organisation": "Blue "
            "Whale"}),
        ("Kind regards,\n\nAna Sol | CTO | Seaworks", {"title": "CTO", "organisation": "Seaworks"}),
        ("Cheers\nAna M. Sol\nUniversity of Vienna", {"organisation": "University of Vienna"}),
        ("Mit freundlichen Grüßen\n\nDr. Ana Sol\nGeschäftsführerin\nSeaworks GmbH\nTel.: +43 1 234 56 78",
         {"title": "Geschäftsführerin", "organisation": "Seaworks GmbH", "phone": "+43 1 234 56 78"}),
        ("-- \nAna Sol\nm: +1 617 258 0360\nhttps://ana.example/", {"phone": "+1 617 258 0360", "url": "https://ana.example/"}),
        ("-- \nAna Sol\n(617) 258-0360", {"phone": "(617) 258-0360"}),
        ("-- \nAna Sol\nFax: +1 617 258 0361\nPhone: +1 617 258 0360", {"phone": "+1 617 258 0360"}),
        ("-- \nAna Sol\nlinkedin.com/in/anasol", {"url": "linkedin.com/in/anasol"}),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_a_signature_says(text, expected):
    assert values(LETTER + text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "-- \nBo Berg\nChief Engineer\nSeaworks Ltd.",
        "Chief Engineer\nSeaworks Ltd.",
        "-- \nAna Sol",
        "-- \nAna Sol\n\"The sea is the manager of us all.\"",
        "-- \nAna Sol\nI am the manager of my own boat and you are not",
        "-- \nAna Sol\nFax: +1 617 258 0361",
        "-- \nAna Sol\n2024-05-17 12:30",
        "-- \nAna Sol\n10/12/2024",
        "-- \nAna Sol\nhttp://lists.example/mailman/listinfo/boats",
        "-- \nAna Sol\nSee http://x.example for why you must never send me attachments",
        "Best,\nAna\nP.S. Did you call the manager?",
        "Best,\nBo Berg\nChief Engineer",
        "Ana Sol wrote me that she is now Chief Engineer.",
        "",
    ],
)  # fmt: skip
def test_what_is_not_sure_is_left_out(text):
    assert values(LETTER + text) is None


def test_the_address_names_a_writer_without_name():
    sender = Party(Role.FROM, "", Handle("email", "ana.sol@seaworks.example"))
    assert values("-- \nAna Sol\nSeaworks", sender) == {"organisation": "Seaworks"}


def test_a_public_mailbox_is_no_employer():
    sender = Party(Role.FROM, "Ana Sol", Handle("email", "ana@gmail.com"))
    assert values("-- \nAna Sol\nGmail\nCEO", sender) == {"title": "CEO"}


def test_the_block_is_the_evidence():
    found = signatures.find("Hi.\n-- \nAna Sol\nCEO, Seaworks Ltd\n+1 617 258 0360", MOMENT)
    assert found is not None
    assert found.sentence == "Ana Sol / CEO, Seaworks Ltd / +1 617 258 0360"
    assert found.by == ANA.handle
    assert found.kind == "signature"


def test_nobody_signs_what_nobody_wrote():
    assert signatures.find("-- \nAna Sol\nCEO", MOMENT._replace(parties=())) is None


LINES = st.sampled_from(
    ["-- ", "Best,", "Ana Sol", "Ana", "CEO at Seaworks", "+1 617 258 0360", "| | ,", "http://x.example", "", "é\u0301"]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=20).map("\n".join), st.text(max_size=20))
def test_no_text_raises(text, name):
    sender = Party(Role.FROM, name, Handle("email", "ana@seaworks.example"))
    for party in (ANA, sender):
        for value in (values(text, party) or {}).values():
            assert value
            assert "\n" not in value
