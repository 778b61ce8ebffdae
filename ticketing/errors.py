"""Facts that end a request. Each carries its HTTP status and a stable `type` (RFC 9457)."""

from typing import ClassVar


class DeskError(Exception):
    """A request cannot be done; the edge turns it into `application/problem+json`.

    The first line of a subclass's docstring is the problem's title.
    """

    status: ClassVar[int]
    type: ClassVar[str]
    title: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.title = (cls.__doc__ or cls.__name__).splitlines()[0].rstrip(".")

    def __init__(self, detail: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.retry_after = retry_after
        """Seconds after which trying again makes sense."""
