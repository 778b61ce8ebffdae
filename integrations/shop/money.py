"""Amounts as whole minor units, the form in which they are stored: exact on every database."""

from decimal import Decimal

from integrations.shop.models import Money

DECIMAL_PLACES = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Decimal places of a currency's minor unit (ISO 4217) where they are not two."""


class TooManyDecimals(ValueError):
    """An amount is finer than its currency's smallest unit."""


def decimal_places(currency: str) -> int:
    """Return how many decimal places amounts in `currency` have."""
    return DECIMAL_PLACES.get(currency, 2)


def to_minor(money: Money) -> int:
    """Return the amount in minor units, e.g. 129.00 CNY → 12900.

    Raises:
        TooManyDecimals: the amount has a part smaller than the minor unit.
    """
    scaled = money.amount.scaleb(decimal_places(money.currency))
    if scaled != scaled.to_integral_value():
        raise TooManyDecimals(f"{money.amount} {money.currency}")
    return int(scaled)


def from_minor(minor: int, currency: str) -> Money:
    """Return minor units as money written with the currency's decimal places."""
    return Money(Decimal(minor).scaleb(-decimal_places(currency)), currency)
