from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integrations.shop import Shop, migrate
from integrations.shop.facts import ShopFacts
from integrations.shop.fake import FakeShop
from integrations.shop.sql.adapter import SqlShop
from integrations.shop.sql.engine import open_engine
from integrations.shop.sql.store import no_progress, store
from tests.integration.shop.facts import small_shop


@pytest.fixture
def facts() -> ShopFacts:
    """A small shop, every journey of it known by heart."""
    return small_shop()


@pytest.fixture
def migrated_url(database_url: str) -> str:
    """A database with the shop's tables, empty."""
    migrate(database_url)
    return database_url


async def fill(url: str, facts: ShopFacts) -> None:
    engine = open_engine(url, write=True)
    async with engine.begin() as connection:
        await store(connection, facts, no_progress)
    await engine.dispose()


@pytest.fixture(params=["fake", "sqlite", "postgres"])
async def shop(
    request: pytest.FixtureRequest, facts: ShopFacts, tmp_path: Path
) -> AsyncIterator[Shop]:
    """The same shop behind each adapter."""
    if request.param == "fake":
        yield FakeShop(*facts)
        return
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    migrate(url)
    await fill(url, facts)
    shop = SqlShop.open(url)
    yield shop
    await shop.close()
