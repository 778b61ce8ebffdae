"""How order and tracking numbers are compared, however a shopper writes them."""

import re
import unicodedata

_IGNORED = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff\-\u2010-\u2015\u2212#]+")
"""Spaces, what is no character, dashes of every kind, and the `#` people put before a number."""


def number_key(text: str) -> str:
    """Return the form in which two spellings of one number are equal.

    Full-width digits and letters become plain, case and separators are dropped:
    `ｆｄ20261103－48213` → `FD2026110348213`.
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()
