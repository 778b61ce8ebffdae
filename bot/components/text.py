"""Fold the ways shoppers write the same thing into one, for matching and for features."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Match, Optional

import opencc

HAN = r"㐀-䶿一-鿿豈-﫿𠀀-𲎯"
"""Chinese characters, for use inside a regular expression's brackets."""

_HAN = re.compile(f"[{HAN}]")
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"[a-z]{0,4}0[a-z0]*(?:[ -]?[0a-z]*0[0a-z]*)*")
LONG_NUMBER_DIGITS = 6
_REPEATED = re.compile(r"([^0\s])\1{2,}")
_SPACES = re.compile(r"\s+")

# Full-width ASCII, the ideographic space and every dash a phone keyboard offers.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HALF_WIDTH[0x3000] = 0x20
_HALF_WIDTH.update({ord(dash): ord("-") for dash in "‐‑‒–—―−－﹣"})


def half_width(text: str) -> str:
    """Return `text` with full-width letters, digits and dashes made half-width; offsets stay."""
    return text.translate(_HALF_WIDTH)


def fold_word(word: str) -> str:
    """Return a word as it is matched: compatibility forms, Simplified, lower case."""
    return str(_simplified().convert(unicodedata.normalize("NFKC", word)).lower())


def fold_message(text: str) -> str:
    """Return a message as the classifier reads it.

    As `fold_word`, with every digit a 0 (which number it is says nothing about the wish), an order
    or tracking number one sign (its length must not outweigh the words), three or more of a
    character made one, and single spaces.
    """
    folded = _LONG_NUMBER.sub(_number_sign, _DIGIT.sub("0", fold_word(half_width(text))))
    return _SPACES.sub(" ", _REPEATED.sub(r"\1", folded)).strip()


def _number_sign(match: Match[str]) -> str:
    number = match.group()
    return "№" if number.count("0") >= LONG_NUMBER_DIGITS else number


def has_han(text: str) -> bool:
    """Tell whether `text` has a Chinese character."""
    return _HAN.search(text) is not None


def is_payload(text: Optional[str]) -> bool:
    """Tell whether `text` is a choice's payload, which is not language at all."""
    return text is not None and text.startswith("/")


@lru_cache(maxsize=1)
def _simplified() -> Any:
    return opencc.OpenCC("t2s")
