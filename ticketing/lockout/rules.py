"""Counting failures and locking out who guesses. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FORGET = timedelta(hours=24)
"""Failures older than this no longer count towards a lock."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures lock a subject, and for how long."""

    failures: int
    lock: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """Failures of one subject."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def locked_until(count: Count, now: datetime) -> datetime | None:
    """Return the end of a lock that holds now."""
    until = count.locked_until
    return until if until is not None and now < until else None


def after_failure(count: Count, now: datetime, limit: Limit) -> Count:
    """Return the count after one more failure; the last one allowed locks."""
    over = count.locked_until is not None and now >= count.locked_until
    stale = count.last_at is not None and now - count.last_at > FORGET
    failures = 1 if over or stale else count.failures + 1
    until = now + limit.lock if failures >= limit.failures else None
    return Count(failures, now, until)


def after_return(count: Count) -> Count:
    """Return the count when one counted attempt turned out to be none."""
    return replace(count, failures=max(0, count.failures - 1), locked_until=None)
