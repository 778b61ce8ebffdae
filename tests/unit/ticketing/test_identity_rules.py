from typing import Any

import pytest

from ticketing.identity.rules import last_four, proven, same, same_any


@pytest.mark.parametrize(
    ("phone", "four"),
    [
        ("+8613812345678", "5678"),
        ("*******5678", "5678"),
        ("5678", "5678"),
        ("567", ""),
        ("", ""),
        ("五六七八", ""),
    ],
)
def test_the_last_four_digits(phone: str, four: str) -> None:
    assert four == last_four(phone)


def test_nothing_is_never_the_same_as_nothing() -> None:
    assert not same("", "")
    assert not same_any([], "")
    assert not same_any([""], "")


def test_one_right_proof_among_several_is_enough() -> None:
    assert same_any(["a@x.com", "b@x.com"], "b@x.com")
    assert not same_any(["a@x.com"], "b@x.com")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, {"customer_id": "C1", "orders": ["F1"]}),
        ({"customer_id": "C1", "orders": ["F0"]}, {"customer_id": "C1", "orders": ["F0", "F1"]}),
        ({"customer_id": "C1", "orders": ["F1"]}, {"customer_id": "C1", "orders": ["F1"]}),
        ({"customer_id": "C1", "orders": None}, {"customer_id": "C1", "orders": None}),
        ({"customer_id": "C2", "orders": None}, {"customer_id": "C1", "orders": ["F1"]}),
    ],
)
def test_a_proof_adds_to_ones_own_orders_and_replaces_anothers(
    old: dict[str, Any] | None, new: dict[str, Any]
) -> None:
    assert new == proven(old, "C1", "F1")
