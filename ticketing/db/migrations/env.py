import asyncio
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, make_url, pool
from sqlalchemy.ext.asyncio import create_async_engine

from ticketing.db.tables import Base

# The shop's tables may live in the same database and are versioned on their own.
VERSION_TABLE = "desk_version"


def upgrade(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect(url: str) -> None:
    database = make_url(url)
    if database.get_backend_name() == "sqlite" and database.database:
        Path(database.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(database, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        if database.get_backend_name() == "sqlite":
            await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        await connection.run_sync(upgrade)
        await connection.commit()
    await engine.dispose()


asyncio.run(connect(context.config.attributes["url"]))
