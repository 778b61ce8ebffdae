import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import structlog

from tests.integration.desk.harness import Running, run_desk, settings_for
from tests.services import PostgresServer
from ticketing.db import migrate


@pytest.fixture(scope="session", autouse=True)
def silent_logs() -> Iterator[None]:
    """Keep what the desk logs besides errors out of the tests' output."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        cache_logger_on_first_use=False,
    )
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty desk database to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """Name of an empty desk database to copy."""
    name = "desk_template"
    postgres_server.sql(f"CREATE DATABASE {name}")
    migrate(postgres_server.url(name))
    return name


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def desk_url(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path
) -> Iterator[str]:
    """A migrated desk database: the test runs once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_copy(migrated_sqlite, tmp_path)
        return
    template = request.getfixturevalue("migrated_postgres")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"desk_{next(_numbers)}"
    server.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated desk database on SQLite, for what no database makes different."""
    return sqlite_copy(migrated_sqlite, tmp_path)


def sqlite_copy(migrated: Path, folder: Path) -> str:
    copy = folder / "desk.db"
    shutil.copy(migrated, copy)
    return f"sqlite+aiosqlite:///{copy}"


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared_url(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A migrated desk database for the whole session, one of each kind."""
    if request.param == "sqlite":
        return sqlite_copy(migrated_sqlite, tmp_path_factory.mktemp("shared"))
    template = request.getfixturevalue("migrated_postgres")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    server.sql(f"CREATE DATABASE desk_shared TEMPLATE {template}")
    return server.url("desk_shared")


@pytest.fixture(scope="session")
async def shared(shared_url: str) -> AsyncIterator[Running]:
    """A serving desk on each database, for claims that hold beside any other's conversations."""
    async with run_desk(settings_for(shared_url)) as desk:
        yield desk


@pytest.fixture
async def running(desk_url: str) -> AsyncIterator[Running]:
    """A serving desk, on each database."""
    async with run_desk(settings_for(desk_url)) as desk:
        yield desk


@pytest.fixture
async def quick(sqlite_url: str) -> AsyncIterator[Running]:
    """A serving desk on SQLite."""
    async with run_desk(settings_for(sqlite_url)) as desk:
        yield desk
