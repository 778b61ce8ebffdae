"""One message of a conversation at a time: within this process, or across processes by Redis."""

import asyncio
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Optional
from weakref import WeakValueDictionary

from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError

KEY_PREFIX = "frontdesk:assistant:lock:"


class DeskLockStore(LockStore):
    """Rasa's lock store on plain locks.

    Rasa's own Redis store reads and writes its tickets in two steps, so two workers can hold the
    same ticket; its waiters poll once a second.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        """Use the Redis of `endpoint_config.url`, or this process alone when that is empty."""
        self._redis: Optional[Any] = (
            Redis.from_url(endpoint_config.url, socket_timeout=10) if endpoint_config.url else None
        )
        self._local: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 0.05,
    ) -> AsyncGenerator[None, None]:
        """Hold the conversation's lock.

        Args:
            conversation_id: whose messages wait for each other.
            lock_lifetime: seconds to wait at most, and after which a dead holder's lock is freed.
            wait_time_in_seconds: between two looks at a lock another process holds.

        Raises:
            LockError: the lock was not free in time, or Redis cannot be reached.
        """
        lock = self._lock(conversation_id, lock_lifetime, wait_time_in_seconds)
        try:
            await asyncio.wait_for(lock.acquire(), lock_lifetime)
        except (asyncio.TimeoutError, RedisError) as error:
            raise LockError(f"no lock for conversation {conversation_id}: {error!r}") from error
        try:
            yield
        finally:
            await self._release(lock)

    def _lock(self, conversation_id: str, lifetime: float, wait: float) -> Any:
        if self._redis is not None:
            return self._redis.lock(KEY_PREFIX + conversation_id, timeout=lifetime, sleep=wait)
        return self._local.setdefault(conversation_id, asyncio.Lock())

    async def _release(self, lock: Any) -> None:
        if self._redis is None:
            lock.release()
            return
        try:
            await lock.release()
        except RedisError as error:
            # It expires by itself; the turn is done and must be answered.
            raise LockError(f"the lock was lost: {error!r}") from error
