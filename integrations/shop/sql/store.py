"""Writing a whole shop's facts into empty tables."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.facts import ShopFacts
from integrations.shop.models import Product
from integrations.shop.search import product_terms
from integrations.shop.sql import rows
from integrations.shop.sql import tables as t
from integrations.shop.sql.bulk import batches, insert_batch
from integrations.shop.sql.rows import Record

Progress = Callable[[str, int, int], None]
"""Told what is being worked on, how much of it is done, and how much there is."""


def no_progress(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


async def store(connection: AsyncConnection, facts: ShopFacts, progress: Progress) -> None:
    """Insert every fact; the caller's transaction decides whether they stay.

    Raises:
        sqlalchemy.exc.DBAPIError, asyncpg.PostgresError: the database refused them.
    """
    parts = list(_records(facts))
    for done, (table, records) in enumerate(parts):
        progress(table.name, done, len(parts))
        for batch in batches(records):
            await insert_batch(connection, table, batch)
    progress("stored", len(parts), len(parts))


def _records(facts: ShopFacts) -> Iterator[tuple[Table, Iterable[Record]]]:
    """Yield each table with its records, in an order that keeps every foreign key."""
    yield t.customers, map(rows.customer_record, facts.customers)
    yield t.products, map(rows.product_record, facts.products)
    yield t.product_attributes, _flat(map(rows.attribute_records, facts.products))
    yield t.product_terms, _flat(map(term_records, facts.products))
    yield t.orders, map(rows.order_record, facts.orders)
    yield t.order_lines, _flat(map(rows.line_records, facts.orders))
    yield t.shipments, map(rows.shipment_record, facts.shipments)
    yield t.shipment_lines, _flat(map(rows.content_records, facts.shipments))
    yield t.shipment_events, _flat(map(rows.event_records, facts.shipments))
    yield t.returns, map(rows.return_record, facts.returns)
    yield t.refunds, map(rows.refund_record, facts.refunds)


def term_records(product: Product) -> Iterator[Record]:
    """Write a product's place in the index of names."""
    for term in sorted(product_terms(product)):
        yield (term, product.sku)


def _flat(many: Iterable[Iterable[Record]]) -> Iterable[Record]:
    return chain.from_iterable(many)
