"""Order numbers, tracking numbers, phones, e-mails, amounts: what regular expressions can find.

Every pattern is matched against half-width capitals (`text.half_width(...).upper()`, offsets kept).
Chinese stands right beside numbers, so a border is one of ASCII letters and digits.
"""

import re
from dataclasses import dataclass
from typing import Iterator, List, Pattern, Tuple


@dataclass(frozen=True)
class Found:
    """An entity with its offsets in the message and its normalised value."""

    entity: str
    value: str
    start: int
    end: int


_ALONE = r"(?<![A-Z0-9@*]){}(?![A-Z0-9@*]|[.-]\d)"

# Where a shop's own format doesn't match: what the shopper calls an order number.
CALLED_ORDER_NUMBER = re.compile(
    r"(?:ORDER\s*(?:NUMBER|NO|NUM|ID|#)|ORDER(?=\s*[#:]?\s*[A-Z]{0,4}-?\d)"
    r"|[订訂][单單](?:号码|號碼|编号|編號|号|號)?|(?<![递遞运運流])[单單][号號])"
    r"[\s.:#是为為IS]{0,6}(?P<value>[A-Z]{0,4}-?\d[A-Z0-9]*(?:-[A-Z0-9]+)*)(?![A-Z0-9@*])"
)
MIN_CALLED_CHARS = 5

# Formats as the carriers print them on labels. Spaces or dashes may stand between groups.
_GAP = r"[ -]?"
_LABELS = "|".join(
    (
        rf"SF(?:{_GAP}\d){{12,13}}",
        r"JD[A-Z]{0,2}\d{10,15}(?:-\d-\d-?)?",
        rf"YT(?:{_GAP}\d){{13}}(?:\d{{3}})?",
        r"JT\d{13}",
        r"LP\d{14,16}",
        rf"1Z(?:{_GAP}[A-Z0-9]){{16}}",
        r"JJD\d{16,20}|JVGL\d{10,18}",
        rf"9[2-5](?:{_GAP}\d){{20}}",
        # UPU S10, the mark of any post: two letters, nine digits, country.
        r"[A-Z]{2}\d{9}[A-Z]{2}",
        # Digits alone: several carriers have such numbers.
        r"\d{12,15}",
    )
)
TRACKING_NUMBER = re.compile(_ALONE.format(f"(?:{_LABELS})"))
# Ten digits may be anything else too, so they must be called one, or be all there is.
CALLED_TRACKING_NUMBER = re.compile(
    r"(?:TRACK(?:ING)?|WAYBILL|AWB|DHL|[运運快][单單递遞](?:[单單]?[号號])?|[物快]流)"
    r"[\s.:#是为為IS]{0,6}(?:N(?:O|UMBER|UM)[\s.:#]{0,3})?(?P<value>\d{10})(?![\w@*])"
    r"|\A\W*(?P<all>\d{10})\W*\Z"
)

EMAIL = re.compile(r"(?<![\w*.+-])[\w*.+-]+@[\w*-]+(?:\.[\w*-]+)*\.[A-Z*]{2,}(?![\w*])", re.ASCII)
# The desk masks phones before they come here; the last four digits are all that is ever needed.
PHONE = re.compile(
    r"(?<![\w*])(?:\*{3,}\d{4}"
    r"|(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"
    r"|\+\d{1,3}(?:[ -]?\d{2,4}){2,4})(?![\w*])",
    re.ASCII,
)
LAST_FOUR = re.compile(
    r"(?:尾号|尾號|末四位|末四碼|[后後]四位|最[后後]四位|末尾"
    r"|LAST\s*(?:FOUR|4)|END(?:S|ING|ED)?\s*(?:IN|WITH)?)"
    r"[^\d\n]{0,24}?(?P<value>\d{4})(?!\d)"
)
ONLY_FOUR_DIGITS = re.compile(r"\W*(?P<value>\d{4})\W*")

_SUM = r"\d[\d,]*(?:\.\d+)?"
AMOUNTS: Tuple[Tuple[str, Pattern[str]], ...] = tuple(
    (
        currency,
        re.compile(
            rf"(?<![\w.])(?:(?:{sign})\s*(?P<a>{_SUM})|(?P<b>{_SUM})\s*(?:{unit}))(?![\w.]*\d)",
            re.ASCII,
        ),
    )
    for currency, sign, unit in (
        ("CNY", r"[¥￥]", r"元|块|塊|RMB|CNY|YUAN"),
        ("USD", r"(?:US)?\$", r"美元|美金|USD|DOLLARS?|BUCKS"),
        ("EUR", r"€", r"欧元|歐元|EUR|EUROS?"),
        ("GBP", r"£", r"英镑|英鎊|GBP|POUNDS?"),
    )
)  # fmt: skip


class OrderNumbers:
    """Finds order numbers in the shop's own format, or named as such."""

    def __init__(self, pattern: str, template: str) -> None:
        """Take the shop's format.

        Args:
            pattern: a regular expression on half-width capitals.
            template: how its groups are written, one `{}` for each that matched.
        """
        self._pattern = re.compile(_ALONE.format(f"(?:{pattern})"))
        self._template = template

    def find(self, capitals: str) -> Iterator[Found]:
        """Yield the order numbers; a value not in the shop's format is what was written."""
        for match in self._pattern.finditer(capitals):
            groups = [group for group in match.groups() if group is not None]
            yield Found("order_number", self._template.format(*groups), *match.span())
        for match in CALLED_ORDER_NUMBER.finditer(capitals):
            if len(match["value"]) >= MIN_CALLED_CHARS:
                yield Found("order_number", match["value"], *match.span("value"))


def find_tracking_numbers(capitals: str) -> Iterator[Found]:
    """Yield tracking numbers without the spaces in them."""
    for match in TRACKING_NUMBER.finditer(capitals):
        value = re.sub(r"[ -]", "", match.group())
        # JD's parcels of one order are told apart by what follows the dash.
        yield Found(
            "tracking_number", match.group() if value.startswith("JD") else value, *match.span()
        )
    for match in CALLED_TRACKING_NUMBER.finditer(capitals):
        group = "value" if match["value"] else "all"
        yield Found("tracking_number", match[group], *match.span(group))


def find_contacts(capitals: str, written: str) -> Iterator[Found]:
    """Yield e-mails as they were written and phones as digits, masked ones as `*******5678`."""
    for match in EMAIL.finditer(capitals):
        yield Found("email", written[match.start() : match.end()].lower(), *match.span())
    for match in PHONE.finditer(capitals):
        yield Found("phone", re.sub(r"[ -]", "", match.group()), *match.span())
    for match in LAST_FOUR.finditer(capitals):
        yield Found("phone", match["value"], *match.span("value"))
    only = ONLY_FOUR_DIGITS.fullmatch(capitals)
    if only is not None:
        yield Found("phone", only["value"], *only.span("value"))


def find_amounts(capitals: str) -> Iterator[Found]:
    """Yield amounts of money as `129.00 CNY`."""
    for currency, pattern in AMOUNTS:
        for match in pattern.finditer(capitals):
            digits = (match["a"] or match["b"]).replace(",", "")
            yield Found("amount", f"{float(digits):.2f} {currency}", *match.span())


def without_overlaps(found: List[Found]) -> List[Found]:
    """Return the entities in text order; of two that overlap the one listed first stays."""
    kept: List[Found] = []
    for candidate in found:
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda entity: entity.start)
