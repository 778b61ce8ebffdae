from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from integrations.shop import migrate
from integrations.shop.sql.engine import one_transaction
from integrations.shop.sql.migrate import VERSION_TABLE, configuration
from integrations.shop.sql.tables import metadata


async def test_the_migrations_make_the_tables_the_code_describes(migrated_url: str) -> None:
    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return compare_metadata(context, metadata)

    async with one_transaction(migrated_url, write=True) as connection:
        assert await connection.run_sync(difference) == []


async def test_migrating_again_does_nothing(migrated_url: str) -> None:
    migrate(migrated_url)


async def test_the_migrations_can_be_undone(migrated_url: str) -> None:
    def undo(connection: Connection) -> list[str]:
        command.downgrade(configuration(connection), "base")
        return inspect(connection).get_table_names()

    async with one_transaction(migrated_url, write=True) as connection:
        assert await connection.run_sync(undo) == [VERSION_TABLE]
    migrate(migrated_url)


async def test_migrating_makes_the_folder_of_the_file(tmp_path: object) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/not/there/shop.db"
    migrate(url)
    async with one_transaction(url) as connection:
        mode = await connection.exec_driver_sql("PRAGMA journal_mode")
        assert mode.scalar() == "wal"
