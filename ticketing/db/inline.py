"""SQLite in the event loop's own thread.

A statement on a local file takes tens of microseconds; handing it to a thread and back, as
aiosqlite does four times a statement, takes ten times that. So here the asynchronous sessions run
the plain driver directly. Nothing may wait in it for long: a lock held by another process is
waited for outside (`Database.write`).
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import AsyncAdaptedQueuePool

DRIVER = "sqlite+inline"


class Cursor(sqlite3.Cursor):
    """Reads every row at once: a statement left half read would keep its transaction open."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, *arguments: Any) -> "Cursor":
        """Run one statement."""
        super().execute(*arguments)
        self._rows = deque(super().fetchall() if self.description else ())
        return self

    def fetchone(self) -> Any:
        """Return the next row, or nothing."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows."""
        count = min(len(self._rows), self.arraysize if size is None else size)
        return [self._rows.popleft() for _ in range(count)]

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        rows, self._rows = list(self._rows), deque()
        return rows

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        while self._rows:
            yield self._rows.popleft()

    async def _async_soft_close(self) -> None:
        """Let go of the statement, as SQLAlchemy asks asynchronous cursors; it is done."""


class Connection(sqlite3.Connection):
    """A connection with such cursors."""

    def cursor(self, factory: Any = Cursor) -> Any:
        """Return a new cursor."""
        return super().cursor(factory)


class InlineSqlite(SQLiteDialect_pysqlite):
    """The standard library's driver, said to be asynchronous: its calls just never suspend."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """Return a pool whose waiting suspends."""
        del url
        return AsyncAdaptedQueuePool

    def connect(self, *arguments: Any, **named: Any) -> DBAPIConnection:
        """Open a connection whose results are read at once."""
        return super().connect(*arguments, factory=Connection, **named)


registry.register("sqlite.inline", __name__, InlineSqlite.__name__)
