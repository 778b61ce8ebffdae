"""What the rest of the desk takes for granted of its database."""

import asyncio
import sqlite3
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ticketing.db import engine
from ticketing.db.engine import Database

INSERT = text(
    "INSERT INTO attempts (subject, failures, last_at) VALUES (:subject, 0, '2026-11-23 09:00:00')"
)
COUNT = text("SELECT count(*) FROM attempts")


async def count(db: Database) -> int:
    async with db.read() as session:
        return int((await session.execute(COUNT)).scalar_one())


async def test_what_raises_stores_nothing(desk_url: str) -> None:
    db = Database(desk_url)

    async def fail() -> None:
        async with db.write() as session:
            await session.execute(INSERT, {"subject": "a"})
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await count(db) == 0
    await db.close()


async def test_a_result_nobody_reads_holds_up_nothing(desk_url: str) -> None:
    db = Database(desk_url)
    for number in range(30):
        async with db.read() as session:
            await session.execute(text("SELECT 1 UNION SELECT 2"))
        async with db.write() as session:
            await session.execute(text("SELECT 1 UNION SELECT 2"))
            await session.execute(INSERT, {"subject": str(number)})

    assert await count(db) == 30
    await db.close()


async def test_a_write_waits_for_another_process_and_the_loop_goes_on(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite+aiosqlite:///")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    db = Database(sqlite_url)

    async def write() -> None:
        async with db.write() as session:
            await session.execute(INSERT, {"subject": "a"})

    writing = asyncio.create_task(write())
    for _ in range(5):
        await asyncio.sleep(0)
    assert await count(db) == 0
    assert not writing.done()
    thread = threading.Thread(target=other.execute, args=("COMMIT",))
    thread.start()
    thread.join()
    await writing

    assert await count(db) == 1
    other.close()
    await db.close()


async def test_a_lock_that_never_ends_is_an_error(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SQLITE_BUSY_SECONDS", 0.0)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    db = Database(sqlite_url)
    with pytest.raises(OperationalError):
        async with db.write():
            pass
    other.execute("COMMIT")
    other.close()

    async with db.write() as session:
        await session.execute(INSERT, {"subject": "a"})
    assert await count(db) == 1
    await db.close()


async def test_many_writers_at_once_all_get_through(desk_url: str) -> None:
    db = Database(desk_url)

    async def write(number: int) -> None:
        async with db.write() as session:
            await session.execute(INSERT, {"subject": str(number)})

    await asyncio.gather(*(write(number) for number in range(100)))

    assert await count(db) == 100
    await db.close()
