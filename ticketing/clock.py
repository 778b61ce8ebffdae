from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time, timezone-aware UTC; tests pass their own."""


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
