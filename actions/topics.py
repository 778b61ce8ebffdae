"""What a question about a product is about, from `topics.toml`; pure, no model involved."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from integrations.shop.models import LocalizedText, Product

TOPICS_FILE = Path(__file__).with_name("topics.toml")
WORD_BORDER = "_"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something shoppers ask of products; fields as in the file."""

    name: str
    asked: tuple[str, ...]
    attributes: tuple[str, ...]
    told_by: tuple[str, ...] = ()

    def is_asked(self, text: str) -> bool:
        """Tell whether a question has one of the topic's words."""
        said = _bordered(text)
        return any(word in said for word in self.asked)

    def told(self, product: Product) -> tuple[str, LocalizedText] | None:
        """Return the attribute that answers, as code and text; None: the record does not say."""
        for code in self.attributes:
            value = product.attributes.get(code)
            if value and (not self.told_by or self._holds(value)):
                return code, value
        return None

    def _holds(self, value: LocalizedText) -> bool:
        record = f"{value.zh} {value.en}".lower()
        return any(word in record for word in self.told_by)


@lru_cache
def topics() -> tuple[Topic, ...]:
    """Return all topics, narrow ones first."""
    with TOPICS_FILE.open("rb") as file:
        read = tomllib.load(file)
    return tuple(
        Topic(name, *(tuple(entry.get(field, ())) for field in ("asked", "attributes", "told_by")))
        for name, entry in read.items()
    )


def topic_of(text: str) -> Topic | None:
    """Return what a question is about, None when none of our words is in it."""
    return next((topic for topic in topics() if topic.is_asked(text)), None)


def named(name: str | None) -> Topic | None:
    """Return a topic by its name."""
    return next((topic for topic in topics() if topic.name == name), None)


def _bordered(text: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in text.lower())
    # Both forms: with borders for `_size`, as written for words of several parts.
    return f"{text.lower()} {WORD_BORDER}{WORD_BORDER.join(words.split())}{WORD_BORDER}"
