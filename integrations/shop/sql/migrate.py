"""Bringing the shop's tables to the newest form."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from integrations.shop.errors import ShopUnavailable
from integrations.shop.sql.engine import one_transaction, run_blocking, sqlite_file

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"

VERSION_TABLE = "shop_alembic_version"
"""Own name, so that the desk's migrations may live in the same database."""


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, to run on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(url: str) -> None:
    """Run the migrations that `url` has not seen; see `integrations.shop.migrate`."""
    file = sqlite_file(url)
    try:
        if file is not None:
            _prepare(file)
        run_blocking(lambda: _upgrade(url))
    except (ShopUnavailable, sqlite3.Error, OSError) as error:
        raise ShopUnavailable(f"cannot migrate the shop's database: {error}") from error


def _prepare(file: Path) -> None:
    """Make an SQLite file that readers can read while an import writes; it stays so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


async def _upgrade(url: str) -> None:
    async with one_transaction(url, write=True) as connection:
        await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "head"))
