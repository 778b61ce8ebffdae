"""Bringing the shop's tables to the newest form."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from integrations.shop.errors import ShopUnavailable
from integrations.shop.sql.engine import open_engine, run_blocking, sqlite_file

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
    run_blocking(lambda: _migrate(url))


async def _migrate(url: str) -> None:
    file = sqlite_file(url)
    engine = open_engine(url, write=True)
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            async with engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                # Stays with the file: readers go on while an import writes.
                await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "head"))
    except (SQLAlchemyError, OSError) as error:
        raise ShopUnavailable(f"cannot migrate the shop's database: {error}") from error
    finally:
        await engine.dispose()
