"""SQLite in the event loop's own thread.

A statement on a local file takes tens of microseconds; handing it to a thread and back, as
aiosqlite does four times a statement, takes ten times that. So here the asynchronous sessions run
the plain driver directly. Nothing may wait in it for long: a lock held by another process is
waited for outside (`Database.write`).
"""

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool

DRIVER = "sqlite+inline"


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


registry.register("sqlite.inline", __name__, InlineSqlite.__name__)
