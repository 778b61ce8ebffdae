"""The demo shop's words and figures, read from `data/seeds/*.csv`."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from integrations.settings import ROOT
from integrations.shop.models import LocalizedText

FOLDER = ROOT / "data" / "seeds"

Row = dict[str, str]


def read(name: str) -> list[Row]:
    """Return the rows of one sheet, each by column name."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Wording:
    """A text in both languages with places to fill in."""

    zh: str
    en: str

    def fill(self, value: Callable[[str], dict[str, str]]) -> LocalizedText:
        """Return the text with the values that `value(language)` gives."""
        return LocalizedText(self.zh.format(**value("zh")), self.en.format(**value("en")))


@lru_cache
def wordings() -> dict[str, Wording]:
    """Return how addresses and product names are put together."""
    return {row["word"]: Wording(row["zh"], row["en"]) for row in read("wording")}
