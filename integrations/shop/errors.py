"""What can go wrong when the shop is asked, as typed facts."""


class ShopError(Exception):
    """The shop could not answer."""


class ShopUnavailable(ShopError):
    """The shop's system is down, refuses the connection or answered nonsense."""


class ShopTimeout(ShopUnavailable):
    """The shop's system did not answer in time."""


class NotInShop(ShopError):
    """The shop has no such record."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"no {kind} {key!r}")
        self.kind = kind
        self.key = key
