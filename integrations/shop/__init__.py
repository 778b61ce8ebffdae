"""The shop: customers, products, orders, parcels, returns. Ask for it with `open_shop`."""

from integrations.settings import Settings
from integrations.shop.port import Shop

__all__ = ["Shop", "migrate", "open_shop"]


def open_shop(settings: Settings) -> Shop:
    """Return the shop the settings name; nothing is connected before the first question."""
    timeout = settings.shop_timeout_seconds
    if settings.shop_adapter == "fake":
        from integrations.shop.seed import fake_shop

        return fake_shop(timeout_seconds=timeout)
    from integrations.shop.sql.adapter import SqlShop

    return SqlShop.open(settings.shop_database, timeout_seconds=timeout)


def migrate(url: str) -> None:
    """Bring the shop's tables at an async SQLAlchemy URL to the newest form; make what is missing.

    Raises:
        ShopUnavailable: the database cannot be reached or used.
    """
    from integrations.shop.sql.migrate import migrate as run

    run(url)
