"""The shop port on our own tables."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy import exc as sql_errors
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from integrations.shop import search
from integrations.shop.errors import NotInShop, ShopTimeout, ShopUnavailable
from integrations.shop.keys import number_key
from integrations.shop.models import Customer, Order, Product, Refund, Return, Shipment
from integrations.shop.ordering import first_scan
from integrations.shop.ranking import rank
from integrations.shop.sql import rows
from integrations.shop.sql import tables as t
from integrations.shop.sql.engine import DATABASE_ERRORS, open_engine

CATALOGUE_PAGE = 500
"""Products held in memory at a time while the catalogue is read out."""


class SqlShop:
    """A shop in SQLite or PostgreSQL. Connects at first use; one instance serves many tasks."""

    def __init__(self, engine: AsyncEngine, *, timeout_seconds: float) -> None:
        """Use `engine`; a call that takes longer than `timeout_seconds` raises `ShopTimeout`."""
        self._engine = engine
        self._timeout = timeout_seconds

    @classmethod
    def open(cls, url: str, *, timeout_seconds: float = 5.0) -> "SqlShop":
        """Return the shop at an async SQLAlchemy URL."""
        engine = open_engine(url, timeout_seconds=timeout_seconds)
        return cls(engine, timeout_seconds=timeout_seconds)

    async def close(self) -> None:
        """Give back connections."""
        await self._engine.dispose()

    async def ping(self) -> None:
        """Raise `ShopUnavailable` unless the tables are there and answer."""
        async with self._asking() as connection:
            await connection.execute(select(t.orders.c.number).limit(1))

    async def customer(self, customer_id: str) -> Customer:
        """Return one customer."""
        async with self._asking() as connection:
            query = select(t.customers).where(t.customers.c.id == _text(customer_id))
            row = await _first(connection, query)
            if row is None:
                raise NotInShop("customer", customer_id)
            return rows.to_customer(row)

    async def order(self, number: str) -> Order:
        """Return one order."""
        async with self._asking() as connection:
            row = await _first(
                connection, select(t.orders).where(t.orders.c.key == number_key(number))
            )
            if row is None:
                raise NotInShop("order", number)
            lines = await _lines(connection, [row.number])
            return rows.to_order(row, lines[row.number])

    async def orders_of(self, customer_id: str, *, limit: int = 20) -> list[Order]:
        """Return a customer's orders, newest first."""
        async with self._asking() as connection:
            found = await _all(
                connection,
                select(t.orders)
                .where(t.orders.c.customer_id == _text(customer_id))
                .order_by(t.orders.c.placed_at.desc(), t.orders.c.number.desc())
                .limit(limit),
            )
            lines = await _lines(connection, [row.number for row in found])
            return [rows.to_order(row, lines[row.number]) for row in found]

    async def shipments_of(self, order_number: str) -> list[Shipment]:
        """Return the parcels of an order, first shipped first."""
        async with self._asking() as connection:
            query = (
                select(t.shipments)
                .join(t.orders, t.orders.c.number == t.shipments.c.order_number)
                .where(t.orders.c.key == number_key(order_number))
            )
            parcels = await _shipments(connection, query)
            return sorted(parcels, key=first_scan)

    async def shipment(self, tracking_number: str) -> Shipment:
        """Return one parcel by its tracking number."""
        async with self._asking() as connection:
            query = select(t.shipments).where(t.shipments.c.key == number_key(tracking_number))
            found = await _shipments(connection, query)
            if not found:
                raise NotInShop("shipment", tracking_number)
            return found[0]

    async def returns_of(self, order_number: str) -> list[Return]:
        """Return an order's returns, newest first."""
        async with self._asking() as connection:
            found = await _all(
                connection,
                select(t.returns)
                .join(t.orders, t.orders.c.number == t.returns.c.order_number)
                .where(t.orders.c.key == number_key(order_number))
                .order_by(t.returns.c.requested_at.desc(), t.returns.c.number.desc()),
            )
            return [rows.to_return(row) for row in found]

    async def refunds_of(self, order_number: str) -> list[Refund]:
        """Return an order's refunds, newest first."""
        async with self._asking() as connection:
            found = await _all(
                connection,
                select(t.refunds)
                .join(t.orders, t.orders.c.number == t.refunds.c.order_number)
                .where(t.orders.c.key == number_key(order_number))
                .order_by(t.refunds.c.created_at.desc(), t.refunds.c.id.desc()),
            )
            return [rows.to_refund(row) for row in found]

    async def product(self, sku: str) -> Product:
        """Return one product."""
        async with self._asking() as connection:
            found = await _products(
                connection, select(t.products).where(t.products.c.sku == _text(sku))
            )
            if not found:
                raise NotInShop("product", sku)
            return found[0]

    async def find_products(self, text: str, *, limit: int = 5) -> list[Product]:
        """Return the products whose name is most like `text`, best first."""
        asked = search.query_terms(text)
        if not asked:
            return []
        async with self._asking() as connection:
            term = t.product_terms.c.term
            having = await _all(
                connection,
                select(term, func.count().label("products")).where(term.in_(asked)).group_by(term),
            )
            if not having:
                return []
            counted = await connection.scalar(select(func.count()).select_from(t.products))
            counts = {row.term: row.products for row in having}
            known = search.weights(counts, counted or 0)
            worth = func.sum(case(known, value=term, else_=0.0))
            best = (
                select(t.product_terms.c.sku)
                .where(term.in_(search.rarest(counts, known)))
                .group_by(t.product_terms.c.sku)
                .order_by(worth.desc(), t.product_terms.c.sku)
                .limit(max(limit, search.CANDIDATES))
            )
            candidates = await _products(
                connection, select(t.products).where(t.products.c.sku.in_(best))
            )
        return rank(text, candidates, known, limit=limit)

    async def catalogue(self) -> AsyncIterator[Product]:
        """Yield every product, in SKU order."""
        after: str | None = None
        while True:
            query = select(t.products).order_by(t.products.c.sku).limit(CATALOGUE_PAGE)
            if after is not None:
                query = query.where(t.products.c.sku > after)
            async with self._asking() as connection:
                page = await _products(connection, query)
            for product in page:
                yield product
            if len(page) < CATALOGUE_PAGE:
                return
            after = page[-1].sku

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection; turn whatever goes wrong with it into the port's errors."""
        try:
            async with asyncio.timeout(self._timeout), self._engine.connect() as connection:
                yield connection
        except (TimeoutError, sql_errors.TimeoutError) as error:
            raise ShopTimeout(f"no answer within {self._timeout:g} s") from error
        except sql_errors.DBAPIError as error:
            if _is_statement_timeout(error):
                raise ShopTimeout("the database ended a statement at its time limit") from error
            raise ShopUnavailable(type(error.orig or error).__name__) from error
        except DATABASE_ERRORS as error:
            raise ShopUnavailable(type(error).__name__) from error
        except rows.UnknownWord as error:
            raise ShopUnavailable(str(error)) from error


def _text(value: str) -> str:
    """Replace what PostgreSQL cannot hold, and no record therefore contains."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


def _is_statement_timeout(error: sql_errors.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "57014"  # query_canceled


async def _first(connection: AsyncConnection, query: Select[Any]) -> Row[Any] | None:
    found: Row[Any] | None = (await connection.execute(query)).first()
    return found


async def _all(connection: AsyncConnection, query: Select[Any]) -> Sequence[Row[Any]]:
    found: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return found


async def _lines(
    connection: AsyncConnection, numbers: Iterable[str]
) -> defaultdict[str, list[Row[Any]]]:
    query = (
        select(t.order_lines)
        .where(t.order_lines.c.order_number.in_(list(numbers)))
        .order_by(t.order_lines.c.position, t.order_lines.c.id)
    )
    return _grouped(await _all(connection, query), "order_number")


async def _shipments(connection: AsyncConnection, query: Select[Any]) -> list[Shipment]:
    found = await _all(connection, query)
    numbers = [row.tracking_number for row in found]
    if not numbers:
        return []
    contents = select(t.shipment_lines).where(t.shipment_lines.c.tracking_number.in_(numbers))
    events = select(t.shipment_events).where(t.shipment_events.c.tracking_number.in_(numbers))
    line_rows = _grouped(
        await _all(connection, contents.order_by(t.shipment_lines.c.position)), "tracking_number"
    )
    event_rows = _grouped(await _all(connection, events), "tracking_number")
    return [
        rows.to_shipment(row, line_rows[row.tracking_number], event_rows[row.tracking_number])
        for row in found
    ]


async def _products(connection: AsyncConnection, query: Select[Any]) -> list[Product]:
    found = await _all(connection, query)
    skus = [row.sku for row in found]
    if not skus:
        return []
    attributes = (
        select(t.product_attributes)
        .where(t.product_attributes.c.sku.in_(skus))
        .order_by(t.product_attributes.c.position, t.product_attributes.c.code)
    )
    by_sku = _grouped(await _all(connection, attributes), "sku")
    return [rows.to_product(row, by_sku[row.sku]) for row in found]


def _grouped(found: Iterable[Row[Any]], column: str) -> defaultdict[str, list[Row[Any]]]:
    groups: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in found:
        groups[getattr(row, column)].append(row)
    return groups
