import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from ticketing.db import migrate
from ticketing.db.tables import Base


async def test_the_migrations_make_the_tables_the_code_expects(database_url: str) -> None:
    await asyncio.to_thread(migrate, database_url)

    def differences(connection: Connection) -> list[object]:
        options = {"version_table": "desk_version", "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))

    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        await asyncio.to_thread(migrate, database_url)

    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    assert {*Base.metadata.tables, "desk_version"} == set(tables)
