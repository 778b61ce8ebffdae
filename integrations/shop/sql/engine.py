"""Connections to the shop's database, set up alike wherever they are opened."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from integrations.shop.errors import ShopUnavailable

T = TypeVar("T")

DATABASE_ERRORS = (SQLAlchemyError, PostgresError, InterfaceError, OSError)
"""What a database raises; asyncpg's own errors come through where SQLAlchemy is passed by."""

BUSY_MILLISECONDS = 5_000
"""How long SQLite waits for another process's write."""

SQLITE_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    # With WAL, NORMAL loses at most the last commits at a power cut and never corrupts.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -16000",  # 16 MB a connection
)


def sqlite_file(url: str) -> Path | None:
    """Return the file of an SQLite URL; None for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path(parsed.database or "")


def open_engine(
    url: str, *, write: bool = False, timeout_seconds: float | None = None
) -> AsyncEngine:
    """Return an engine that connects at first use.

    Args:
        url: an async SQLAlchemy URL of SQLite (a file) or PostgreSQL.
        write: take SQLite's write lock when a transaction begins, so that one that reads first
            cannot fail when it writes; and make the file where there is none.
        timeout_seconds: the server's own limit on one statement (PostgreSQL).
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, write=write)
    server_settings = {"application_name": "frontdesk-shop", "timezone": "UTC"}
    if timeout_seconds is not None:
        server_settings["statement_timeout"] = str(int(timeout_seconds * 1000))
    return create_async_engine(
        parsed,
        pool_pre_ping=True,
        connect_args={"server_settings": server_settings},
    )


def _open_sqlite(url: URL, *, write: bool) -> AsyncEngine:
    mode = "rwc" if write else "rw"  # a reader must not leave an empty file behind
    file = Path(url.database or "").absolute().as_uri()
    located = url.set(database=file).update_query_dict({"mode": mode, "uri": "true"})
    engine = create_async_engine(located)
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, below
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


@asynccontextmanager
async def one_transaction(url: str, *, write: bool = False) -> AsyncIterator[AsyncConnection]:
    """Give a connection whose work is committed at the end, or undone when something is raised.

    Raises:
        ShopUnavailable: the database cannot be reached, or refused the work.
    """
    file = sqlite_file(url)
    if file is not None and not write and not file.exists():
        raise ShopUnavailable(f"no database at {file}")
    engine = open_engine(url, write=write)
    try:
        async with engine.begin() as connection:
            yield connection
    except DATABASE_ERRORS as error:
        raise ShopUnavailable(first_line(error)) from error
    finally:
        await engine.dispose()


def first_line(error: BaseException) -> str:
    """Return what a database error says, without the statement and its values."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def run_blocking(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end from synchronous code, whether or not a loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())  # here, so that Ctrl-C reaches it and its transaction is undone
    with ThreadPoolExecutor(1, thread_name_prefix="frontdesk-shop") as thread:
        return thread.submit(lambda: asyncio.run(work())).result()
