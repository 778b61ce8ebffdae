"""What every test may ask for: see `tests/services.py` for the servers behind the fixtures."""

from tests.services import (
    database_url,
    postgres_server,
    postgres_url,
    redis_server,
    redis_url,
)

__all__ = ["database_url", "postgres_server", "postgres_url", "redis_server", "redis_url"]

# The bot's own tests run on its interpreter and libraries, in bot/.venv.
collect_ignore = ["unit/bot"]
