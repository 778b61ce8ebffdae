"""What the actions tell the desk, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal


class Reason(StrEnum):
    """Why a person is needed."""

    ASKED_FOR_PERSON = "asked_for_person"
    COMPLAINT = "complaint"
    NOT_UNDERSTOOD = "not_understood"
    BACK_END_FAILED = "back_end_failed"
    BEYOND_ASSISTANT = "beyond_assistant"
    IDENTITY_LOCKED = "identity_locked"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """A conversation to be taken over by a person, with everything known."""

    conversation: str
    turn: str
    """Desk id of the message that led here; also the idempotency key."""
    reason: Reason
    language: Literal["zh", "en"]
    intent: str | None = None
    summary: str | None = None
    """The shopper's own words on the matter."""
    slots: dict[str, Any] = field(default_factory=dict)
    order_number: str | None = None
    order_snapshot: dict[str, Any] | None = None
    """The order card as the shopper may see it."""
    understanding: dict[str, Any] = field(default_factory=dict)
    """`{"intent", "confidence", "ranking", "entities"}` of the last message."""
    failed_action: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket in the queue."""

    number: int
    state: str
    position: int
    """1 = next."""


@dataclass(frozen=True, slots=True)
class PhoneProof:
    """Proof by the phone on the order."""

    last4: str
    """Four digits."""


@dataclass(frozen=True, slots=True)
class EmailProof:
    """Proof by the e-mail on the order, which only the desk has unmasked."""

    message: str
    """Desk id of the message in which the shopper gave it."""


Proof = PhoneProof | EmailProof


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """Whose orders a shopper has proven to be theirs."""

    customer_id: str
    orders: tuple[str, ...] | None
    """None: every order of that customer."""


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """The desk's answer to a proof; a refusal never says which part was wrong."""

    identity: ProvenIdentity | None
    """None: refused."""
    locked_until: datetime | None = None
    """Until then nothing is checked."""
