from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Bring the desk's database at `url` (async driver) to the newest version.

    Runs an event loop of its own: call it from a thread when one is already running.
    """
    # Alembic is slow to load, and the service itself never migrates.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")
