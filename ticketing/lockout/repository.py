from datetime import datetime

from sqlalchemy import Dialect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.db.tables import Attempts
from ticketing.lockout.rules import Count


async def lock_counts(
    session: AsyncSession, subjects: list[str], now: datetime
) -> dict[str, Attempts]:
    """Return the stored count of each subject, made when missing, held until commit."""
    rows = [{"subject": subject, "failures": 0, "last_at": now} for subject in sorted(subjects)]
    insert = _insert(session.get_bind().dialect)
    await session.execute(insert(Attempts).values(rows).on_conflict_do_nothing())
    query = (
        select(Attempts)
        .where(Attempts.subject.in_(subjects))
        .order_by(Attempts.subject)  # one order for all, or two could wait for each other
        .with_for_update()
    )
    return {stored.subject: stored for stored in await session.scalars(query)}


async def counts(session: AsyncSession, subjects: list[str]) -> list[Count]:
    """Return the counts of those subjects that have one."""
    query = select(Attempts).where(Attempts.subject.in_(subjects))
    return [count_of(stored) for stored in await session.scalars(query)]


def count_of(stored: Attempts) -> Count:
    """Return a stored count."""
    return Count(stored.failures, stored.last_at, stored.locked_until)


def store(stored: Attempts, count: Count) -> None:
    """Write a count back."""
    stored.failures = count.failures
    stored.last_at = count.last_at or stored.last_at
    stored.locked_until = count.locked_until


def _insert(dialect: Dialect) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return sqlite.Insert if dialect.name == "sqlite" else postgresql.Insert
