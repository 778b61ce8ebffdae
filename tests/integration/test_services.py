import os

import pytest
import redis.asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import services


async def test_each_test_gets_an_empty_database(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE taken (id INTEGER)"))
    await engine.dispose()


async def test_and_so_does_the_next_one(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE taken (id INTEGER)"))
    await engine.dispose()


async def test_redis_answers(redis_url: str) -> None:
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        assert await client.ping()


def test_a_missing_binary_is_named_with_the_way_to_install_it() -> None:
    with pytest.raises(services.BinaryMissing, match=r"no-such-server not found.*apt install"):
        services.find_binary("no-such-server", install="apt install no-such-server")


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped")])
def test_a_missing_binary_fails_in_ci_and_skips_elsewhere(
    ci: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "CI", ci)
    with pytest.raises(BaseException, match="redis-server") as caught:
        services._without(services.BinaryMissing("redis-server", "apt install redis-server"))
    assert type(caught.value).__name__ == outcome
