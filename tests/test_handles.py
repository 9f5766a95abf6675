"""One spelling for each address, phone, link and name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity import handles
from amity.model import Handle


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        (" mailto:ana@example.org?subject=hi ", "ana@example.org"),
        ("<ana@example.org>", "ana@example.org"),
        ("ana@example.org.", "ana@example.org"),
        ("ana@Bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("Jörg@example.org", "jörg@example.org"),
        ("ana+news@example.org", "ana+news@example.org"),
        ('"ana maria"@example.org', '"ana maria"@example.org'),
    ],
)
def test_an_address_has_one_spelling(written, kept):
    assert handles.email(written) == Handle("email", kept)


@pytest.mark.parametrize(
    "text", ["", "@", "ana", "ana@", "@example.org", "ana maria@example.org", "a" * 1000 + "@x.org"]
)
def test_what_is_no_address_is_none(text):
    assert handles.email(text) is None


def test_a_domain_in_unicode_and_in_ascii_is_the_same_mailbox():
    assert handles.email("ana@bücher.example") == handles.email("ana@XN--BCHER-KVA.example")


@pytest.mark.parametrize(
    ("written", "region", "kept"),
    [
        ("+43 1 588 01-0", None, "+431588010"),
        ("+49 (0)30 1234567", None, "+49301234567"),
        ("+44 020 7946 0000", None, "+442079460000"),
        ("0043 1 58801 0", None, "+431588010"),
        ("tel:+1-201-555-0123;ext=5", None, "+12015550123"),
        ("(201) 555-0123", "US", "+12015550123"),
        ("01 588010", "AT", "+431588010"),
        ("(201) 555-0123", None, "2015550123"),
        ("\uff0b\uff14\uff13 1 58801 0", None, "+431588010"),
    ],
)
def test_a_phone_number_is_e164_where_its_country_is_known(written, region, kept):
    assert handles.phone(written, region) == Handle("phone", kept)


@pytest.mark.parametrize("number", ["+431588010", "+4915112345678", "+12015550123", "+33123456789", "+41446681800"])
def test_the_quick_way_and_the_tables_agree(number):
    import phonenumbers

    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    parsed = phonenumbers.parse(spaced)
    assert handles.phone(spaced).value == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    "written",
    ["http://www.example.org/", "https://example.org", "www.example.org", "EXAMPLE.org", "https://example.org:443/"],
)
def test_a_link_has_one_spelling(written):
    assert handles.url(written) == Handle("url", "https://example.org")


def test_the_path_of_a_link_keeps_its_case():
    assert handles.url("HTTP://Example.org/In/Ana/").value == "https://example.org/In/Ana"


@pytest.mark.parametrize(
    ("typed", "name", "handle"),
    [
        ("Ana <ana@x.org>", "Ana", Handle("email", "ana@x.org")),
        ('"Berg, Ana" <ana@x.org>', "Berg, Ana", Handle("email", "ana@x.org")),
        ("ana@x.org", "", Handle("email", "ana@x.org")),
        ("Ana  Berg", "Ana Berg", Handle("name", "ana berg")),
        ("+43 1 58801 0", "", Handle("phone", "+431588010")),
        ("Ana <+43 1 58801 0>", "Ana", Handle("phone", "+431588010")),
        ("17", "17", Handle("name", "17")),
        ("1234567", "1234567", Handle("name", "1234567")),
        ("Ana <u17>", "Ana", Handle("handle", "u17")),
        ("https://www.x.org/ana", "", Handle("url", "https://x.org/ana")),
    ],
)
def test_what_a_person_types_for_somebody(typed, name, handle):
    assert handles.parse(typed) == (name, handle)


def test_the_same_name_in_two_unicode_forms_is_one_handle():
    assert handles.name("Jo\u0308rg  BERG") == handles.name("jörg berg")


@given(st.text())
def test_normal_spelling_is_a_fixed_point(text):
    for spell in (handles.phone, handles.name, handles.url):
        once = spell(text)
        assert spell(once.value) == once or once.kind in ("phone", "url")
    if (once := handles.email(text)) is not None:
        assert handles.email(once.value) == once
    handles.parse(text)
