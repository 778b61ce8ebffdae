"""The desk's database: SQLite in its embedded form, PostgreSQL on many machines."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from ticketing.db import inline

SQLITE_BUSY_SECONDS = 10.0
"""How long a write waits for another process's write."""
SQLITE_RETRY_SECONDS = 0.005
SQLITE_BUSY_MILLISECONDS = 20
"""How long the driver itself may wait, and everything with it."""
POOL_SIZE = 10


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    # SQLAlchemy begins transactions itself (below): the driver would begin them too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    # WAL with NORMAL survives kill -9 of the process; only a power cut may lose the last commits.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}")
    # The migration has set it: here it changes nothing, and takes no lock.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A write takes its lock first: upgrading a read later fails at once under contention.
    write = connection.get_execution_options().get("desk_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


class Database:
    """Sessions on one database; made lazily, closed by `close`."""

    def __init__(self, url: str) -> None:
        self._url: URL = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._engine: AsyncEngine = _make_engine(self._url)
        self._writing = self._engine.execution_options(desk_write=True)
        # SQLite has one writer: queueing here is fair and quicker than its busy polling.
        self._turnstile = asyncio.Lock() if self._sqlite else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Yield a session whose reads see one state of the database; nothing is stored."""
        async with AsyncSession(self._engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Yield a session that is committed at the end, or rolled back when anything is raised."""
        async with AsyncExitStack() as stack:
            if self._turnstile is not None:
                await stack.enter_async_context(self._turnstile)
            session = await self._begin(stack)
            yield session

    async def _begin(self, stack: AsyncExitStack) -> AsyncSession:
        """Return a session that may write now, ended by `stack`."""
        deadline = time.monotonic() + SQLITE_BUSY_SECONDS
        while True:
            async with AsyncExitStack() as begun:
                session = await begun.enter_async_context(
                    AsyncSession(self._writing, expire_on_commit=False)
                )
                await begun.enter_async_context(session.begin())
                try:
                    await session.connection()
                except OperationalError:
                    # Another process writes. PostgreSQL has no such case: there it is an error.
                    if not self._sqlite or time.monotonic() > deadline:
                        raise
                    await session.rollback()
                else:
                    await stack.enter_async_context(begun.pop_all())
                    return session
            await asyncio.sleep(SQLITE_RETRY_SECONDS)

    async def close(self) -> None:
        """Give back every connection."""
        await self._engine.dispose()


def _make_engine(url: URL) -> AsyncEngine:
    options: dict[str, Any] = {
        # Parameters are what shoppers wrote: they don't belong in an error's text.
        "hide_parameters": True,
        "pool_size": POOL_SIZE,
        "max_overflow": POOL_SIZE,
    }
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_pre_ping=True, **options)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url.set(drivername=inline.DRIVER), **options)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine
