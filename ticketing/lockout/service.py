"""Attempts that count as failed until they are known not to be."""

from collections.abc import Mapping
from datetime import datetime

from ticketing.clock import Clock
from ticketing.db.engine import Database
from ticketing.lockout import repository
from ticketing.lockout.rules import Count, Limit, after_failure, after_return, locked_until


class Lockout:
    """Counts failures per subject.

    An attempt is counted before it is made, so that many at once get no more tries than many in
    a row, and a crash in between costs a try instead of giving one away.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def reserve(self, limits: Mapping[str, Limit]) -> datetime | None:
        """Count one attempt against every subject.

        Returns:
            The end of the lock when one of them is locked: then nothing was counted, and the
            attempt must not be made.
        """
        now = self._clock()
        async with self._db.write() as session:
            stored = await repository.lock_counts(session, list(limits), now)
            counts = {name: repository.count_of(one) for name, one in stored.items()}
            locks = [until for one in counts.values() if (until := locked_until(one, now))]
            if locks:
                return max(locks)
            for name, limit in limits.items():
                repository.store(stored[name], after_failure(counts[name], now, limit))
        return None

    async def give_back(self, *subjects: str) -> None:
        """Take one attempt back: it was none, or it was right."""
        async with self._db.write() as session:
            stored = await repository.lock_counts(session, list(subjects), self._clock())
            for one in stored.values():
                repository.store(one, after_return(repository.count_of(one)))

    async def clear(self, *subjects: str) -> None:
        """Forget all failures of the subjects."""
        async with self._db.write() as session:
            stored = await repository.lock_counts(session, list(subjects), self._clock())
            for one in stored.values():
                repository.store(one, Count())

    async def locked(self, *subjects: str) -> datetime | None:
        """Return the end of the longest lock that holds now."""
        now = self._clock()
        async with self._db.read() as session:
            counts = await repository.counts(session, list(subjects))
        return max((until for one in counts if (until := locked_until(one, now))), default=None)
