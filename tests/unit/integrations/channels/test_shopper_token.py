from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from integrations.channels.web.shopper_token import (
    CLOCK_SKEW,
    InvalidShopperToken,
    Shopper,
    sign,
    verify,
)

SECRET = "the shop's own secret, thirty-two bytes"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLAIMS: dict[str, Any] = {
    "sub": "C1",
    "name": "小明",
    "aud": "frontdesk",
    "iat": NOW.timestamp(),
    "exp": (NOW + HOUR).timestamp(),
}


def test_what_is_signed_is_verified() -> None:
    token = sign("C1", "小明", secret=SECRET, now=NOW, lifetime=HOUR)

    assert Shopper("C1", "小明") == verify(token, secret=SECRET, now=NOW)


def test_clocks_may_differ_by_a_minute() -> None:
    token = sign("C1", "", secret=SECRET, now=NOW, lifetime=HOUR)

    for moment in (NOW - CLOCK_SKEW, NOW + HOUR + CLOCK_SKEW):
        assert verify(token, secret=SECRET, now=moment).customer_id == "C1"
    for moment in (
        NOW - CLOCK_SKEW - timedelta(seconds=1),
        NOW + HOUR + CLOCK_SKEW + timedelta(seconds=1),
    ):
        with pytest.raises(InvalidShopperToken):
            verify(token, secret=SECRET, now=moment)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another"},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
        {"exp": "soon"},
        {"iat": True},
        {"iat": None},
        {"exp": None},
        {"aud": None},
        {"sub": None},
    ],
)
def test_claims_that_are_wrong_or_missing_are_refused(change: dict[str, Any]) -> None:
    claims = {key: value for key, value in {**CLAIMS, **change}.items() if value is not None}

    with pytest.raises(InvalidShopperToken):
        verify(jwt.encode(claims, SECRET), secret=SECRET, now=NOW)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_no_other_algorithm_will_do(algorithm: str) -> None:
    key = None if algorithm == "none" else SECRET * 2
    token = jwt.encode(CLAIMS, key, algorithm=algorithm)

    with pytest.raises(InvalidShopperToken):
        verify(token, secret=SECRET, now=NOW)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "\x00", "é.é.é", "." * 1000])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(InvalidShopperToken):
        verify(token, secret=SECRET, now=NOW)


def test_an_installation_without_a_secret_knows_nobody() -> None:
    with pytest.raises(InvalidShopperToken):
        verify("a.b.c", secret="", now=NOW)
    with pytest.raises(ValueError, match="32"):
        sign("C1", "", secret="short", now=NOW, lifetime=HOUR)
