"""Writing many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.sql.rows import Record

Item = TypeVar("Item")

BATCH = 5_000
"""Rows in one statement: some megabytes of memory, and few round trips."""


def batches(records: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Yield what is given in lists of at most `size`."""
    source = iter(records)
    while batch := list(islice(source, size)):
        yield batch


async def insert_all(connection: AsyncConnection, table: Table, records: Iterable[Record]) -> int:
    """Insert records, whose values stand in the order of the table's columns.

    Returns:
        How many there were.

    Raises:
        sqlalchemy.exc.DBAPIError, asyncpg.PostgresError: the database refused them.
    """
    count = 0
    for batch in batches(records):
        await insert_batch(connection, table, batch)
        count += len(batch)
    return count


async def insert_batch(connection: AsyncConnection, table: Table, batch: list[Record]) -> None:
    """Insert one batch of records; an empty one costs nothing."""
    if not batch:
        return
    names = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql":
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        if driver is None:
            raise ConnectionError("the connection is closed")
        await driver.copy_records_to_table(table.name, records=batch, columns=names)
        return
    marks = ", ".join("?" * len(names))
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 (our names)
        [tuple(map(_sqlite_value, record)) for record in batch],
    )


def _sqlite_value(value: Any) -> Any:
    """Return a value as SQLAlchemy's own SQLite types store it."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value
