from typing import ClassVar

from ticketing.errors import DeskError


class UnknownTicket(DeskError):
    """There is no such ticket."""

    status: ClassVar[int] = 404
    type: ClassVar[str] = "unknown-ticket"


class KeyOfAnotherConversation(DeskError):
    """The idempotency key was used for another conversation's ticket."""

    status: ClassVar[int] = 409
    type: ClassVar[str] = "idempotency-key-reused"


class BadCursor(DeskError):
    """The cursor is not one of this listing."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "bad-cursor"
