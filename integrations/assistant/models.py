"""What the desk tells the assistant, and what the assistant answers."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AssistantMessage:
    """One message of a shopper: either `text` or `choice`."""

    conversation: str
    message: str
    """The desk's id of the message; a repeat of it is recognised by it."""
    text: str | None = None
    choice: str | None = None
    """Payload of a choice the assistant offered itself, `/intent{...}`."""
    locale: str | None = None
    identity: dict[str, Any] | None = None
    """`{"customer_id", "orders"}`; orders null = all of that customer's."""
    redelivered: bool = False
    """It may have been handled before a crash: answer from the tracker, run nothing twice."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the shopper may pick instead of typing."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the assistant."""

    text: str | None = None
    choices: tuple[Choice, ...] = ()
    card: dict[str, Any] | None = None
    response: str | None = None
    """Name of the response it was made from, `utter_…`."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to show."""
        return not (self.text and self.text.strip()) and not self.choices and not self.card


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the assistant took the message for."""

    language: str | None
    intent: str | None
    confidence: float
    entities: tuple[dict[str, Any], ...] = ()
    ranking: tuple[dict[str, Any], ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The assistant's answer to one message."""

    replies: tuple[Reply, ...]
    understood: Understanding
    failed: tuple[str, ...] = field(default=())
    """Actions that raised or ran out of time in this turn."""
