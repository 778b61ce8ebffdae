"""Names of states and carriers in the shopper's language, from `words.toml`."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from integrations.shop.models import LocalizedText, OrderState, ShipmentState

Language = Literal["zh", "en"]

WORDS_FILE = Path(__file__).with_name("words.toml")


@lru_cache
def catalogue() -> dict[str, dict[str, LocalizedText]]:
    """Return group → code → name."""
    with WORDS_FILE.open("rb") as file:
        groups = tomllib.load(file)
    return {
        group: {code: LocalizedText(**name) for code, name in names.items()}
        for group, names in groups.items()
    }


def order_state(state: OrderState, language: Language) -> str:
    """Return the name of an order's or a line's state."""
    return catalogue()["order_state"][state].in_language(language)


def shipment_state(state: ShipmentState, language: Language) -> str:
    """Return the name of a parcel's state."""
    return catalogue()["shipment_state"][state].in_language(language)


def carrier(code: str, language: Language) -> str:
    """Return a carrier's name; its code in capitals when we have no name for it."""
    name = catalogue()["carrier"].get(code)
    return name.in_language(language) if name else code.upper()


def parcels(count: int, state: ShipmentState, language: Language) -> str:
    """Return how many parcels are in a state, e.g. `2 delivered`."""
    pattern = catalogue()["count"]["parcels"].in_language(language)
    return pattern.format(count=count, state=shipment_state(state, language))


def near_day(days_ahead: int, language: Language) -> str | None:
    """Return the word for today (0) or tomorrow (1), None for any other day."""
    code = {0: "today", 1: "tomorrow"}.get(days_ahead)
    return catalogue()["day"][code].in_language(language) if code else None


def attribute(code: str, language: Language) -> str:
    """Return the name of a product attribute; its code, spaced, when we have no name for it."""
    name = catalogue()["attribute"].get(code)
    return name.in_language(language) if name else code.replace("_", " ")
