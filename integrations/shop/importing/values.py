"""Reading one cell: each reader takes the cell's text, not empty, and returns its value.

Every reader raises `BadValue` with a reason that says what was expected.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any

from integrations.shop.importing.problems import BadValue

LONGEST_NUMBER = 64
LARGEST_AMOUNT = Decimal(10) ** 12
LARGEST_COUNT = 2**31 - 1

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PHONE = re.compile(r"\+?[0-9][0-9*]{2,14}[0-9]{4}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(.+))?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Customs:
    """How this merchant writes what can be written in several ways."""

    timezone: tzinfo = UTC
    """Of times without an offset."""
    time_format: str | None = None
    """As of `strptime`; ISO 8601 and `2026/11/3 9:05` when not given."""
    country_code: str = ""
    """Put before phone numbers without one, e.g. `86`."""


Reader = Callable[[str, Customs], Any]


def number(text: str, _: Customs) -> str:
    """Read an order, tracking or article number, or an id."""
    if len(text) > LONGEST_NUMBER:
        raise BadValue(f"longer than {LONGEST_NUMBER} characters")
    return text


def text_of(longest: int) -> Reader:
    """Return a reader of text of at most `longest` characters."""

    def read(text: str, _: Customs) -> str:
        if len(text) > longest:
            raise BadValue(f"longer than {longest} characters")
        return text

    return read


def word_of(words: type[StrEnum] | tuple[str, ...]) -> Reader:
    """Return a reader of one of a fixed set of words."""
    known = {str(word): str(word) for word in words}

    def read(text: str, _: Customs) -> str:
        try:
            return known[text.lower()]
        except KeyError:
            raise BadValue(f"{text!r} is none of {', '.join(known)}") from None

    return read


def count_from(least: int) -> Reader:
    """Return a reader of whole numbers, `least` and up."""

    def read(text: str, _: Customs) -> int:
        try:
            value = int(text)
        except ValueError:
            raise BadValue(f"{text!r} is not a whole number") from None
        if not least <= value <= LARGEST_COUNT:
            raise BadValue(f"{value} is not between {least} and {LARGEST_COUNT}")
        return value

    return read


def amount(text: str, _: Customs) -> Decimal:
    """Read an amount of money, without its currency."""
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise BadValue(f"{text!r} is not an amount") from None
    if not value.is_finite() or not 0 <= value < LARGEST_AMOUNT:
        raise BadValue(f"{text!r} is not an amount of 0 or more")
    return value


def currency(text: str, _: Customs) -> str:
    """Read an ISO 4217 currency code."""
    if not _CURRENCY.fullmatch(text):
        raise BadValue(f"{text!r} is not a currency code such as CNY")
    return text


def email(text: str, _: Customs) -> str:
    """Read an e-mail address."""
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise BadValue(f"{text!r} is not an e-mail address")
    return text


def phone(text: str, customs: Customs) -> str:
    """Read a phone number as E.164; a masked one keeps its asterisks and last four digits."""
    plain = re.sub(r"[\s().\-]", "", text)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if not plain.startswith("+") and customs.country_code:
        plain = f"+{customs.country_code}{plain.removeprefix('0')}"
    if not _PHONE.fullmatch(plain):
        raise BadValue(f"{text!r} is not a phone number")
    return plain


def moment(text: str, customs: Customs) -> datetime:
    """Read a moment; one without an offset is in the merchant's time zone."""
    value = _read_time(text, customs.time_format)
    return value if value.tzinfo else value.replace(tzinfo=customs.timezone)


def day(text: str, customs: Customs) -> date:
    """Read a day; the time of day, where there is one, is dropped."""
    return _read_time(text, customs.time_format).date()


@lru_cache(maxsize=4096)
def _read_time(text: str, format_: str | None) -> datetime:
    """Read a time; cached, because the orders of an export share theirs."""
    try:
        if format_ is not None:
            return datetime.strptime(text, format_)  # noqa: DTZ007 (the caller adds the zone)
        matched = _DATE.fullmatch(text)
        if matched is None:
            return datetime.fromisoformat(text)
        year, month, of_month, clock = matched.groups()
        padded = f"{year}-{month:0>2}-{of_month:0>2}"
        if clock is None:
            return datetime.fromisoformat(padded)
        return datetime.fromisoformat(f"{padded}T{'0' * (clock[1:2] == ':')}{clock.strip()}")
    except ValueError:
        pass
    wanted = f"a time like {format_}" if format_ else "a time like 2026-11-03 09:05:00"
    raise BadValue(f"{text!r} is not {wanted}")
