"""What channels bring in and take out, the same for all of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as a channel delivered it: either `text` or `choice`.

    `(channel, external_id)` names it for good: the same pair again is the same message.
    """

    channel: str
    external_user: str
    external_id: str
    text: str | None = None
    choice: str | None = None
    """Id of a choice offered before."""
    sent_at: datetime | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message for a channel to deliver."""

    id: str
    """Idempotency key: the same on every attempt."""
    external_user: str
    sender: str
    """`bot`, `agent` or `system`."""
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    """Pairs of choice id and title."""
    card: dict[str, Any] | None = None
