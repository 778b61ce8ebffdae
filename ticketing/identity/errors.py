from typing import ClassVar

from ticketing.errors import DeskError


class ShopAway(DeskError):
    """The shop cannot be asked now; nothing was checked or counted."""

    status: ClassVar[int] = 503
    type: ClassVar[str] = "shop-unavailable"
