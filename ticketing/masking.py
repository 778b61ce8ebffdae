"""Personal data out of texts: e-mail addresses, phone numbers, payment cards.

The masked forms keep what the assistant needs to speak of them (`a***@e***.com`, `*******5678`).
Order and tracking numbers must come through unchanged, so a bare run of digits is a phone only in
the form of a Chinese mobile, and a card only with a known first digit and a right check digit.
"""

import re
from collections.abc import Iterator

# Full-width letters and digits, as Chinese input methods produce them, one for one.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}"
    r"@(?P<host>[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?){0,3})\.(?P<top>[A-Za-z]{2,24})"
    r"(?![A-Za-z0-9])"
)
_PHONE = re.compile(
    r"(?<![A-Za-z0-9*-])(?:"
    r"(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"  # Chinese mobile
    r"|\+[1-9][0-9]{0,2}[ -]?\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,4}){2,4}"  # international form
    r"|0[0-9]{2,3}-[0-9]{7,8}"  # Chinese landline
    r"|\([0-9]{3}\)[ -]?[0-9]{3}-[0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4}"  # North American
    r")(?![A-Za-z0-9-])"
)
_CARD = re.compile(r"(?<![A-Za-z0-9-])[3-6][0-9]{3}(?:[ -]?[0-9]){11,15}(?![A-Za-z0-9-])")
_CARD_ISSUERS = (("34", 15), ("37", 15), ("4", 16), ("5", 16), ("35", 16), ("6011", 16), ("65", 16))
_UNIONPAY_LENGTHS = range(16, 20)

Span = tuple[int, int, str]
"""Start, end, what stands there instead."""


def mask(text: str) -> str:
    """Return `text` with personal data masked; everything else stays as it is."""
    narrow = text.translate(_NARROW)
    spans = sorted([*_emails(narrow), *_cards(narrow), *_phones(narrow)])
    parts: list[str] = []
    end = 0
    for start, stop, instead in spans:
        if start < end:
            continue
        parts += (text[end:start], instead)
        end = stop
    return "".join([*parts, text[end:]])


def emails_in(text: str) -> list[str]:
    """Return the e-mail addresses of a text in lower case, in order."""
    return [found.group().lower() for found in _EMAIL.finditer(text.translate(_NARROW))]


def _emails(text: str) -> Iterator[Span]:
    for found in _EMAIL.finditer(text):
        masked = f"{found.group()[0]}***@{found['host'][0]}***.{found['top']}"
        yield found.start(), found.end(), masked


def _phones(text: str) -> Iterator[Span]:
    for found in _PHONE.finditer(text):
        yield found.start(), found.end(), f"*******{_digits(found.group())[-4:]}"


def _cards(text: str) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        digits = _digits(found.group())
        if _is_card(digits):
            yield found.start(), found.end(), f"****-****-****-{digits[-4:]}"


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _is_card(digits: str) -> bool:
    unionpay = digits.startswith("62") and len(digits) in _UNIONPAY_LENGTHS
    issued = any(digits.startswith(first) and len(digits) == n for first, n in _CARD_ISSUERS)
    return (unionpay or issued) and _luhn(digits)


def _luhn(digits: str) -> bool:
    """Check the last digit by ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) for digit in digits]
    for place in range(len(doubled) - 2, -1, -2):
        doubled[place] = sum(divmod(doubled[place] * 2, 10))
    return sum(doubled) % 10 == 0
