from typing import ClassVar

from ticketing.errors import DeskError


class WrongPassword(DeskError):
    """E-mail or password is wrong."""

    status: ClassVar[int] = 401
    type: ClassVar[str] = "wrong-password"


class TooManyAttempts(DeskError):
    """Too many failed attempts; try again later."""

    status: ClassVar[int] = 429
    type: ClassVar[str] = "too-many-attempts"


class AgentExists(DeskError):
    """There is an agent with that e-mail already."""

    status: ClassVar[int] = 409
    type: ClassVar[str] = "agent-exists"


class NoSuchEmail(DeskError):
    """That is no e-mail address."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "bad-email"


class WeakPassword(DeskError):
    """The password will not do."""

    status: ClassVar[int] = 422
    type: ClassVar[str] = "weak-password"
