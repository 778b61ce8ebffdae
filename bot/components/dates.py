"""Dates as shoppers say them: today, 11月3日, Nov 3rd, 3号."""

import re
from datetime import date, timedelta
from typing import Callable, Iterator, Match, Optional, Tuple

from bot.components.number_patterns import Found

DAY_WORDS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨晚": -1, "今天": 0, "今晚": 0, "今早": 0,
    "明天": 1, "明晚": 1, "后天": 2, "後天": 2, "大后天": 3, "大後天": 3,
    "DAY BEFORE YESTERDAY": -2, "YESTERDAY": -1, "LAST NIGHT": -1, "TODAY": 0, "TONIGHT": 0,
    "TOMORROW": 1, "DAY AFTER TOMORROW": 2,
}  # fmt: skip

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

_MONTH = (
    r"(?P<m>JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?"
    r"|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)\.?"
)
_DAY = r"(?P<d>[0-3]?\d)"

Resolve = Callable[[Match[str], date], Optional[date]]


def find_dates(capitals: str, today: date) -> Iterator[Found]:
    """Yield dates in half-width capitals as ISO dates; longer forms come before shorter ones.

    A day and month without a year is the nearest such day to `today`, before or after; a day of
    the month alone ("3号", "the 3rd") likewise.
    """
    for pattern, resolve in _PATTERNS:
        for match in pattern.finditer(capitals):
            day = resolve(match, today)
            if day is not None:
                yield Found("date", day.isoformat(), *match.span())


def _full(match: Match[str], _today: date) -> Optional[date]:
    return _date(int(match["y"]), int(match["m"]), int(match["d"]))


def _month_day(match: Match[str], today: date) -> Optional[date]:
    month = int(match["m"]) if match["m"].isdigit() else MONTHS.index(match["m"][:3]) + 1
    years = (today.year - 1, today.year, today.year + 1)
    return _nearest((_date(year, month, int(match["d"])) for year in years), today)


def _day_only(match: Match[str], today: date) -> Optional[date]:
    first = today.replace(day=1)
    months = (first - timedelta(days=1), first, first + timedelta(days=31))
    return _nearest((_date(at.year, at.month, int(match["d"])) for at in months), today)


def _word(match: Match[str], today: date) -> Optional[date]:
    return today + timedelta(days=DAY_WORDS[match.group()])


def _date(year: int, month: int, day: int) -> Optional[date]:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(days: Iterator[Optional[date]], today: date) -> Optional[date]:
    known = [day for day in days if day is not None]
    return min(known, key=lambda day: abs(day - today), default=None)


def _day_words() -> str:
    longest_first = sorted(DAY_WORDS, key=len, reverse=True)
    return "|".join(rf"\b{word}\b" if word.isascii() else word for word in longest_first)


_FORMS: Tuple[Tuple[str, Resolve], ...] = (
    (r"(?P<y>20\d\d)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号號]?", _full),
    (r"(?<![\w-])(?P<y>20\d\d)([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?![\w-])", _full),
    (r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})(?!\d)\s*[日号號]?", _month_day),
    (rf"(?<!\w){_MONTH}\s*{_DAY}(?:ST|ND|RD|TH)?(?!\w)", _month_day),
    (rf"(?<!\w){_DAY}(?:ST|ND|RD|TH)?\s*(?:OF\s+)?{_MONTH}(?!\w)", _month_day),
    (r"(?<!\d)(?P<d>[0-3]?\d)\s*[号號](?![楼樓线線院码碼店门門])", _day_only),
    (rf"(?<!\w)(?:ON\s+)?THE\s+{_DAY}(?:ST|ND|RD|TH)(?!\w)", _day_only),
    (_day_words(), _word),
)
# ASCII: a Chinese character right beside a date is no part of it.
_PATTERNS = tuple((re.compile(form, re.ASCII), resolve) for form, resolve in _FORMS)
