"""What every test may ask for: see `tests/services.py` for the servers behind the fixtures.

`stack` is the whole of Frontdesk, see `tests/stack.py`.
"""

from tests.services import (
    database_url,
    postgres_server,
    postgres_url,
    redis_server,
    redis_url,
)
from tests.stack import stack, started_stack

__all__ = [
    "database_url",
    "postgres_server",
    "postgres_url",
    "redis_server",
    "redis_url",
    "stack",
    "started_stack",
]

# The bot's own tests run on its interpreter and libraries, in bot/.venv.
collect_ignore = ["unit/bot"]
