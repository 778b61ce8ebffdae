"""Money, dates and times as the shopper's language writes them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_skeleton, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_currency
from babel.units import format_unit

from actions import words
from actions.words import Language
from integrations.shop.models import Money

LOCALES: dict[Language, str] = {"zh": "zh_Hans_CN", "en": "en_US"}

MINUTE = timedelta(minutes=1)


class Formats:
    """Formats in one language, with times told in one zone.

    Args:
        now: the present moment, with its zone; `today` and `tomorrow` are told from it.
    """

    def __init__(self, language: Language, zone: ZoneInfo, now: datetime) -> None:
        self._language = language
        self._locale = LOCALES[language]
        self._zone = zone
        self.now = now
        self.today = now.astimezone(zone).date()

    def money(self, money: Money) -> str:
        """E.g. `¥129.00`, `CN¥129.00`."""
        return str(format_currency(money.amount, money.currency, locale=self._locale))

    def round_money(self, money: Money) -> str:
        """E.g. `¥99`, with decimals only where there are any."""
        if money.amount == money.amount.to_integral_value():
            pattern = "¤#,##0"
            return str(
                format_currency(
                    money.amount, money.currency, pattern, self._locale, currency_digits=False
                )
            )
        return self.money(money)

    def day(self, when: date | datetime) -> str:
        """E.g. `11月3日`, `Nov 3`; today and tomorrow by name."""
        on = self.date_of(when)
        near = words.near_day((on - self.today).days, self._language)
        return near or format_skeleton("MMMd", on, locale=self._locale)

    def plain_day(self, when: date | datetime) -> str:
        """E.g. `11月3日`, `Nov 3`, never by name."""
        return format_skeleton("MMMd", self.date_of(when), locale=self._locale)

    def moment(self, when: datetime) -> str:
        """E.g. `11月3日 14:05`, `Nov 3, 14:05`."""
        pattern = str(get_datetime_format("medium", locale=self._locale))
        return pattern.format(self.clock(when), self.plain_day(when))

    def clock(self, when: datetime) -> str:
        """E.g. `14:05`."""
        return format_skeleton("Hm", when.astimezone(self._zone), locale=self._locale)

    def interval(self, first: date, last: date) -> str:
        """E.g. `11月24日至26日`, `Nov 24 – 26`; one day as `day` writes it."""
        if first >= last:
            return self.day(last)
        return str(format_interval(first, last, "MMMd", locale=self._locale))

    def left(self, span: timedelta) -> str:
        """Time left in hours and minutes, rounded down so that it promises nothing too much."""
        minutes = max(span // MINUTE, 1)
        hours, minutes = divmod(minutes, 60)
        told = [self._count(hours, "hour"), self._count(minutes, "minute")]
        return ("" if self._language == "zh" else " ").join(filter(None, told))

    def _count(self, number: int, unit: str) -> str:
        # CLDR words Chinese units in the short form only.
        length: Literal["short", "long"] = "short" if self._language == "zh" else "long"
        return format_unit(number, unit, length, locale=self._locale) if number else ""

    def listed(self, items: Sequence[str]) -> str:
        """E.g. `甲、乙和丙`, `A, B, and C`."""
        return str(format_list(list(items), locale=self._locale))

    def one_of(self, items: Sequence[str]) -> str:
        """E.g. `甲、乙或丙`, `A, B, or C`."""
        return str(format_list(list(items), style="or", locale=self._locale))

    def date_of(self, when: date | datetime) -> date:
        """Return the day on which `when` falls in the zone."""
        return when.astimezone(self._zone).date() if isinstance(when, datetime) else when
