"""Picking one of the offered choices in words: `第二个`, `the second one`, `2`."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "top": 1}
LATEST = re.compile(r"最近|最新|刚买|latest|newest|most recent|recent one", re.IGNORECASE)
LAST = re.compile(r"最后|\blast\b|bottom", re.IGNORECASE)
CHINESE = re.compile(r"第?\s*([一二两三四五1-5])\s*[个個笔筆单單款项項条條]")
ENGLISH = re.compile(r"\b(first|second|third|fourth|fifth|top)\b", re.IGNORECASE)
DIGIT = re.compile(r"\W*(?:no\.?|number|#)?\s*([1-5])(?:st|nd|rd|th)?\W*", re.IGNORECASE)
LONGEST = 24
"""Characters; in anything longer an ordinal rather counts something else."""
PAYLOAD = re.compile(r"/(\w+)(\{.*\})?")


@dataclass(frozen=True, slots=True)
class Picked:
    """What a choice asks: an intent with its entities."""

    intent: str
    entities: dict[str, str]


def picked(text: str, payloads: Sequence[str]) -> Picked | None:
    """Return the choice a shopper names by its place; None when they name none that was offered.

    Args:
        payloads: what the last message offered, in order, newest order first.
    """
    place = _place(text, len(payloads)) if len(text) <= LONGEST else None
    if place is None or not 1 <= place <= len(payloads):
        return None
    return _read(payloads[place - 1])


def last_choices(events: Iterable[dict[str, Any]]) -> list[str]:
    """Return the payloads offered in the bot's last message; empty when it offered none."""
    for event in reversed(list(events)):
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            return [button["payload"] for button in buttons]
    return []


def _place(text: str, count: int) -> int | None:
    if LATEST.search(text):
        return 1
    if LAST.search(text):
        return count
    digit = DIGIT.fullmatch(text)
    found = digit or CHINESE.search(text)
    if found:
        return NUMBERS.get(found[1]) or int(found[1])
    ordinal = ENGLISH.search(text)
    return ORDINALS[ordinal[1].lower()] if ordinal else None


def _read(payload: str) -> Picked | None:
    parts = PAYLOAD.fullmatch(payload)
    if parts is None:
        return None
    return Picked(parts[1], json.loads(parts[2] or "{}"))
