from typing import ClassVar

from ticketing.errors import DeskError


class UnknownConversation(DeskError):
    """There is no such conversation."""

    status: ClassVar[int] = 404
    type: ClassVar[str] = "unknown-conversation"


class WrongToken(DeskError):
    """The token is missing or not the one of this conversation."""

    status: ClassVar[int] = 401
    type: ClassVar[str] = "wrong-token"


class BadShopperToken(DeskError):
    """The shopper token is not signed by the shop or no longer valid."""

    status: ClassVar[int] = 401
    type: ClassVar[str] = "invalid-shopper-token"


class EmptyMessage(DeskError):
    """The message has no text."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "empty-message"


class TextTooLong(DeskError):
    """The text is too long."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "text-too-long"


class ChoiceNotOffered(DeskError):
    """That choice was not offered in this conversation."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "choice-not-offered"


class TooManyWaiting(DeskError):
    """Too many messages of this conversation wait for an answer."""

    status: ClassVar[int] = 429
    type: ClassVar[str] = "too-many-waiting"
