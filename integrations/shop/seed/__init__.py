"""The demo shop: made up, the same each time, its parcels moving relative to the day it is made."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.fake import FakeShop
from integrations.shop.seed.demo_shop import Size, demo_shop
from integrations.shop.sql import tables as t
from integrations.shop.sql.engine import one_transaction, run_blocking
from integrations.shop.sql.store import Progress, no_progress, store

__all__ = ["ShopNotEmpty", "Size", "demo_shop", "fake_shop", "is_empty", "seed"]

SMALL = Size(customers=200, orders=1_000, shipments=1_200)
"""The demo shop kept in memory."""


class ShopNotEmpty(Exception):
    """The shop holds data, which a seed would mix with its own."""


def is_empty(url: str) -> bool:
    """Tell whether the shop at an async SQLAlchemy URL (migrated) has neither orders nor products.

    Raises:
        ShopUnavailable: the database cannot be read.
    """

    async def ask() -> bool:
        async with one_transaction(url) as connection:
            return await _empty(connection)

    return run_blocking(ask)


def seed(
    url: str,
    *,
    progress: Progress = no_progress,
    now: datetime | None = None,
    size: Size | None = None,
    replace: bool = False,
) -> None:
    """Fill the shop at an async SQLAlchemy URL (migrated, empty) with the demo shop.

    Args:
        url: where.
        progress: told what is being written, how many parts are done, and of how many.
        now: the moment the demo shop stands at; the present when not given.
        size: how big it is; 2,000 customers, 10,000 orders and 12,000 shipments when not given.
        replace: first delete everything the shop holds.

    Raises:
        ShopNotEmpty: the shop holds data and `replace` is not set.
        ShopUnavailable: the database cannot be written.
    """
    facts = demo_shop(now or datetime.now(UTC), size=size or Size())

    async def write() -> None:
        async with one_transaction(url, write=True) as connection:
            if replace:
                for table in reversed(t.metadata.sorted_tables):
                    await connection.execute(delete(table))
            elif not await _empty(connection):
                raise ShopNotEmpty("the shop already holds data")
            await store(connection, facts, progress)

    run_blocking(write)


def fake_shop(
    *, timeout_seconds: float = 5.0, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> FakeShop:
    """Return a small demo shop in memory, as it stands at `clock()`."""
    return FakeShop(*demo_shop(clock(), size=SMALL), timeout_seconds=timeout_seconds)


async def _empty(connection: AsyncConnection) -> bool:
    for key in (t.orders.c.number, t.products.c.sku, t.customers.c.id):
        if (await connection.execute(select(key).limit(1))).first() is not None:
            return False
    return True
