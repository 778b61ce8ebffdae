"""What the SQL adapter says when its database fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from integrations.shop import migrate
from integrations.shop.demo import demo_shoppers
from integrations.shop.errors import NotInShop, ShopTimeout, ShopUnavailable
from integrations.shop.seed import is_empty
from integrations.shop.sql.adapter import SqlShop
from integrations.shop.sql.engine import open_engine
from tests.integration.shop.conftest import fill
from tests.integration.shop.facts import SPLIT, small_shop
from tests.services import free_port


@asynccontextmanager
async def opened(url: str, *, timeout_seconds: float = 5.0) -> AsyncIterator[SqlShop]:
    shop = SqlShop.open(url, timeout_seconds=timeout_seconds)
    try:
        yield shop
    finally:
        await shop.close()


async def test_a_missing_file_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "gone.db"
    async with opened(f"sqlite+aiosqlite:///{file}") as shop:
        with pytest.raises(ShopUnavailable):
            await shop.ping()
    for ask in (is_empty, demo_shoppers):
        with pytest.raises(ShopUnavailable, match="no database at"):
            ask(f"sqlite+aiosqlite:///{file}")
    assert not file.exists()


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("no database " * 1000)
    async with opened(f"sqlite+aiosqlite:///{file}") as shop:
        with pytest.raises(ShopUnavailable):
            await shop.order("FD-1")
    with pytest.raises(ShopUnavailable, match="cannot migrate"):
        migrate(f"sqlite+aiosqlite:///{file}")


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    url = f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/shop"
    async with opened(url) as shop:
        with pytest.raises(ShopUnavailable):
            await shop.ping()
    with pytest.raises(ShopUnavailable):
        migrate(url)


async def test_a_server_that_refuses_the_login_is_unavailable(postgres_url: str) -> None:
    async with opened(postgres_url.replace("postgres@", "stranger@")) as shop:
        with pytest.raises(ShopUnavailable):
            await shop.ping()


async def test_a_server_that_never_answers_is_a_timeout() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"postgresql+asyncpg://nobody@127.0.0.1:{port}/shop"
    async with opened(url, timeout_seconds=0.2) as shop:
        with pytest.raises(ShopTimeout):
            await shop.ping()
    server.close()
    await server.wait_closed()


async def test_a_locked_table_is_a_timeout_and_the_shop_recovers(postgres_url: str) -> None:
    migrate(postgres_url)
    await fill(postgres_url, small_shop())
    locker = open_engine(postgres_url)
    async with opened(postgres_url, timeout_seconds=0.3) as shop:
        async with locker.begin() as connection:
            await connection.execute(text("LOCK TABLE shop_orders IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(ShopTimeout):
                await shop.order(SPLIT.number)
        assert await shop.order(SPLIT.number) == SPLIT
    await locker.dispose()


async def test_a_database_without_our_tables_is_unavailable(database_url: str) -> None:
    engine = open_engine(database_url, write=True)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE other (id INTEGER)"))
    await engine.dispose()
    async with opened(database_url) as shop:
        with pytest.raises(ShopUnavailable):
            await shop.ping()


async def test_a_state_nobody_knows_is_unavailable_not_a_crash(migrated_url: str) -> None:
    await fill(migrated_url, small_shop())
    engine = open_engine(migrated_url, write=True)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE shop_orders SET state = 'teleported'"))
    await engine.dispose()
    async with opened(migrated_url) as shop:
        with pytest.raises(ShopUnavailable, match="teleported"):
            await shop.order(SPLIT.number)
        with pytest.raises(NotInShop):
            await shop.order("FD-0")


async def test_readers_go_on_while_an_import_writes(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
    migrate(url)
    await fill(url, small_shop())
    writer = open_engine(url, write=True)
    async with writer.begin() as connection, opened(url, timeout_seconds=2) as shop:
        await connection.execute(text("UPDATE shop_orders SET address = 'elsewhere'"))
        assert await shop.order(SPLIT.number) == SPLIT
    await writer.dispose()


async def test_many_questions_at_once_are_all_answered(migrated_url: str) -> None:
    await fill(migrated_url, small_shop())
    async with opened(migrated_url) as shop:
        answers = await asyncio.gather(*(shop.order(SPLIT.number) for _ in range(60)))
    assert answers == [SPLIT] * 60
