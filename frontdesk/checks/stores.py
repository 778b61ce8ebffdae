"""The databases and Redis: reachable, and their tables as this version wants them."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from frontdesk.checks.findings import Finding, fail, ok, warn
from integrations.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import URL

CONNECT_SECONDS = 5.0
DESK_VERSION_TABLE = "desk_version"
"""As in `ticketing/db/migrations/env.py`, which only Alembic can import."""


def stores(settings: Settings) -> list[Finding]:
    """Check the desk's, the shop's and the tracker's database, and Redis where it is used."""
    return asyncio.run(_stores(settings))


async def _stores(settings: Settings) -> list[Finding]:
    from integrations.shop.sql import migrate as shop
    from ticketing.db.migrate import MIGRATIONS

    findings = [
        await _database(
            "the desk's database",
            settings.desk_database,
            "FRONTDESK_DATABASE_URL",
            MIGRATIONS,
            DESK_VERSION_TABLE,
        )
    ]
    if settings.shop_adapter == "sql":
        findings.append(
            await _database(
                "the shop's database",
                settings.shop_database,
                "FRONTDESK_SHOP_DATABASE_URL",
                shop.SCRIPTS,
                shop.VERSION_TABLE,
            )
        )
    if settings.redis_url:
        findings.append(await _redis(settings.redis_url))
    elif settings.desk_workers > 1:
        findings.append(fail("several desk workers need Redis", "set FRONTDESK_REDIS_URL"))
    return findings


async def _database(
    what: str, url: str, setting: str, scripts: Path, version_table: str
) -> Finding:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import Connection, make_url, pool
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.ext.asyncio import create_async_engine

    def version(connection: Connection) -> set[str]:
        context = MigrationContext.configure(connection, opts={"version_table": version_table})
        return set(context.get_current_heads())

    try:
        address = make_url(url)
        shown = address.render_as_string(hide_password=True)
        if _file_missing(address):
            return warn(f"{what} does not exist yet ({shown})", "the next start makes it")
        engine = create_async_engine(address, poolclass=pool.NullPool)
        try:
            async with asyncio.timeout(CONNECT_SECONDS), engine.connect() as connection:
                current = await connection.run_sync(version)
        finally:
            await engine.dispose()
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        return fail(f"{what} cannot be used: {reason}", f"see {setting}")
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    directory = ScriptDirectory.from_config(config)
    if current == set(directory.get_heads()):
        return ok(f"{what} is up to date ({shown})")
    known = {script.revision for script in directory.walk_revisions()}
    if current <= known:
        return warn(f"{what} is not migrated yet ({shown})", "the next start migrates it")
    return fail(f"{what} was migrated by a newer version", "use that version of Frontdesk")


def _file_missing(address: "URL") -> bool:
    is_file = address.get_backend_name() == "sqlite" and bool(address.database)
    return is_file and not Path(address.database or "").exists()


async def _redis(url: str) -> Finding:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    try:
        async with (
            asyncio.timeout(CONNECT_SECONDS),
            Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS) as client,
        ):
            await client.ping()
    except (RedisError, OSError, ValueError) as error:
        return fail(f"Redis does not answer: {error}", "start it, or see FRONTDESK_REDIS_URL")
    return ok("Redis answers")
