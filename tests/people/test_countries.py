"""In which country somebody is, by what is known of them."""

from __future__ import annotations

import pytest

from amity.people.countries import of, of_address, of_phone


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("Hauptstraße 1, 1010 Wien, Österreich", "AT"),
        ("Hauptstraße 1\n1010 Wien\nAustria", "AT"),
        ("12 rue de Rivoli, Paris, FRANCE,", "FR"),
        ("Berlin", ""),
        ("Los Angeles, CA", ""),
        ("", ""),
    ],
)
def test_an_address_ends_with_its_country(address: str, country: str) -> None:
    assert of_address(address) == country


def test_a_number_tells_its_country_and_an_address_comes_first() -> None:
    assert of_phone("+436641234567") == "AT"
    assert of_phone("0664 123") == ""
    assert of(["Berlin", "Lyon, Frankreich"], ["+436641234567"]) == "FR"
    assert of(["Berlin"], ["0664", "+436641234567"]) == "AT"
    assert of([], []) == ""
