from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from integrations.shop.importing import values
from integrations.shop.importing.problems import BadValue
from integrations.shop.importing.values import Customs
from integrations.shop.models import OrderState

CHINA = Customs(timezone=timezone(timedelta(hours=8)), country_code="86")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03 09:05:00",
        "2026-11-03T09:05",
        "2026/11/3 9:05",
        "2026年11月3日 09:05:00",
        "2026-11-03T01:05:00Z",
        "2026-11-03T02:05:00+01:00",
    ],
)
def test_a_time_is_read_however_spreadsheets_write_it(text: str) -> None:
    assert values.moment(text, CHINA) == datetime(2026, 11, 3, 1, 5, tzinfo=UTC)


def test_a_day_without_a_time_begins_at_the_merchants_midnight() -> None:
    assert values.moment("2026-11-03", CHINA) == datetime(2026, 11, 2, 16, tzinfo=UTC)
    assert values.day("2026/11/3 23:59", CHINA) == date(2026, 11, 3)


def test_an_ambiguous_time_is_read_as_the_mapping_says() -> None:
    american = Customs(time_format="%m/%d/%Y %H:%M")
    assert values.moment("11/03/2026 09:05", american) == datetime(2026, 11, 3, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["11/03/2026", "2026-13-01", "2026-02-30", "yesterday", "1762131900", "2026-11-03 25:00"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="is not a time like"):
        values.moment(text, CHINA)


@pytest.mark.parametrize(
    ("text", "value"), [("129", "129"), ("1,299.50", "1299.50"), ("0", "0"), ("1e2", "100")]
)
def test_an_amount_is_exact(text: str, value: str) -> None:
    assert values.amount(text, CHINA) == Decimal(value)


@pytest.mark.parametrize("text", ["-1", "NaN", "Infinity", "¥12", "12,5.x", "9" * 30])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.amount(text, CHINA)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15400001234", "+8615400001234"),
        ("154 0000-1234", "+8615400001234"),
        ("008615400001234", "+8615400001234"),
        ("+1 (202) 555-0143", "+12025550143"),
        ("154****1234", "+86154****1234"),
    ],
)
def test_a_phone_number_becomes_international(text: str, value: str) -> None:
    assert values.phone(text, CHINA) == value


@pytest.mark.parametrize("text", ["123", "call me", "154000012**", "+" + "1" * 30])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.phone(text, CHINA)


@pytest.mark.parametrize("text", ["mei", "mei@", "a b@example.com", "x" * 300 + "@example.com"])
def test_what_is_no_email_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.email(text, CHINA)


def test_a_state_is_one_of_ours_in_any_case() -> None:
    read = values.word_of(OrderState)
    assert read("Shipped", CHINA) == "shipped"
    with pytest.raises(BadValue, match=r"'待发货' is none of pending_payment, paid"):
        read("待发货", CHINA)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "one", "99999999999"])
def test_a_quantity_is_a_whole_number_from_one(text: str) -> None:
    with pytest.raises(BadValue):
        values.count_from(1)(text, CHINA)
