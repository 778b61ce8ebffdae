from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.shop.keys import number_key
from integrations.shop.models import Money
from integrations.shop.money import TooManyDecimals, from_minor, to_minor


@given(st.text(st.characters(codec="ascii")))
def test_a_key_is_its_own_key(text: str) -> None:
    assert number_key(number_key(text)) == number_key(text)


def test_separators_case_and_width_make_no_difference() -> None:
    assert number_key("#ｆｄ 2026–1103－482 13") == number_key("FD20261103-48213")


def test_different_numbers_have_different_keys() -> None:
    assert number_key("1001.1") != number_key("10011")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("129.00", "CNY", 12900),
        ("129", "CNY", 12900),
        ("1290", "JPY", 1290),
        ("1.234", "KWD", 1234),
    ],
)
def test_an_amount_is_stored_in_its_smallest_unit(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Money(Decimal(amount), currency)) == minor


def test_an_amount_comes_back_with_its_currencys_decimal_places() -> None:
    assert str(from_minor(12900, "CNY").amount) == "129.00"
    assert str(from_minor(1290, "JPY").amount) == "1290"


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "CNY"), ("1.5", "JPY")])
def test_an_amount_finer_than_the_smallest_unit_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(TooManyDecimals):
        to_minor(Money(Decimal(amount), currency))
