from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from ticketing.queue.rules import Priority, Reason
from ticketing.text import clean, clean_tree
from ticketing.tickets.rules import Facts, State

Cleaned = Annotated[
    str, BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)
]
"""Text without control characters."""
Tree = Annotated[dict[str, Any], BeforeValidator(clean_tree)]
"""A JSON object whose texts have no control characters."""
PriorityWord = Literal["urgent", "high", "normal", "low"]


class NewTicket(BaseModel):
    """A case the assistant reports."""

    conversation: str = Field(description="Conversation id, as the desk gave it to the assistant.")
    turn: str | None = Field(
        None,
        description="Id of the shopper's message being answered. While its turn runs, the "
        "conversation changes hands together with the turn's replies; otherwise at once.",
    )
    reason: Reason
    language: Literal["zh", "en"]
    intent: Cleaned | None = Field(None, max_length=100)
    summary: Cleaned | None = Field(None, max_length=4000)
    slots: Tree = Field(default_factory=dict)
    order_number: Cleaned | None = Field(None, max_length=64)
    order_snapshot: Tree | None = None
    understanding: Tree | None = None
    failed_action: Cleaned | None = Field(None, max_length=100)

    def facts(self) -> Facts:
        """Return the case without its place."""
        return Facts(**self.model_dump(exclude={"conversation", "turn"}))


class TicketOpened(BaseModel):
    """Where the case went."""

    number: int
    state: State
    position: int = Field(description="Place in the queue, from 1.")


class FactorShown(BaseModel):
    """One cause of the priority."""

    name: str
    points: int


class TicketSummary(BaseModel):
    """A ticket in a listing."""

    number: int
    conversation: str
    state: State
    priority: PriorityWord
    reason: Reason
    language: str
    intent: str | None
    summary: str | None
    order_number: str | None
    created_at: datetime
    updated_at: datetime


class TicketPage(BaseModel):
    """Tickets, newest first."""

    items: list[TicketSummary]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next page.")


class TranscriptMessage(BaseModel):
    """One message, with what the assistant understood of it."""

    id: str
    at: datetime
    sender: Literal["shopper", "bot", "agent", "system"]
    text: str
    choices: list[dict[str, Any]] | None
    card: dict[str, Any] | None
    understanding: dict[str, Any] | None


class ConversationShown(BaseModel):
    """The conversation behind a ticket."""

    id: str
    channel: str
    language: str | None
    owner: str
    identity: dict[str, Any] | None
    messages: list[TranscriptMessage]


class AuditEntry(BaseModel):
    """Who did what, when."""

    at: datetime
    actor: str
    what: str
    details: dict[str, Any]


class TicketDetail(TicketSummary):
    """Everything about one ticket."""

    position: int | None = Field(description="Place in the queue while nobody works on it.")
    factors: list[FactorShown] = Field(description="What the priority is made of.")
    slots: dict[str, Any]
    order_snapshot: dict[str, Any] | None = Field(description="The order as it was at handover.")
    understanding: dict[str, Any] | None = Field(description="The last thing understood.")
    failed_action: str | None
    transcript: ConversationShown
    audit: list[AuditEntry]


def word_of(rank: int) -> PriorityWord:
    """Return the level of a stored priority."""
    words: dict[Priority, PriorityWord] = {
        Priority.URGENT: "urgent",
        Priority.HIGH: "high",
        Priority.NORMAL: "normal",
        Priority.LOW: "low",
    }
    return words[Priority(rank)]
