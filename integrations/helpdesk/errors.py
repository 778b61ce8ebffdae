"""Why the desk did not do what it was asked, as typed facts."""


class HelpdeskError(Exception):
    """The desk did not do it."""


class HelpdeskUnavailable(HelpdeskError):
    """It cannot be reached, is failing, or answered what is not in the contract."""


class HelpdeskTimeout(HelpdeskUnavailable):
    """It did not answer in time."""


class HelpdeskRefused(HelpdeskError):
    """It refused the request.

    Attributes:
        status: HTTP status, 400–499.
        kind: the problem's stable `type`.
    """

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(f"{status} {kind}")
        self.status = status
        self.kind = kind
