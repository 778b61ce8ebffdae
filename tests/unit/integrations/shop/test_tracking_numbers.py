from collections.abc import Callable
from random import Random

import pytest

from integrations.shop.seed import tracking_numbers as tn


@pytest.mark.parametrize(
    ("check_digit", "number"),
    [
        (tn.ups_check_digit, "5R89390357567127"),
        (tn.fedex_check_digit, "986578788855"),
        (tn.usps_check_digit, "9400111899223197428497"),
        (tn.dhl_check_digit, "3318810025"),
    ],
)
def test_check_digits_are_those_of_published_sample_numbers(
    check_digit: Callable[[str], str], number: str
) -> None:
    assert check_digit(number[:-1]) == number[-1]


@pytest.mark.parametrize("carrier", ["sf", "yto", "zto", "jd", "ups", "fedex", "usps", "dhl"])
def test_numbers_of_a_carrier_have_one_length_and_repeat_from_the_same_seed(carrier: str) -> None:
    rng = Random(1)
    numbers = [tn.tracking_number(carrier, rng) for _ in range(200)]
    assert len({len(number) for number in numbers}) == 1
    assert numbers[0] == tn.tracking_number(carrier, Random(1))


def test_an_unknown_carrier_has_no_numbers() -> None:
    with pytest.raises(KeyError):
        tn.tracking_number("pigeon", Random(1))
