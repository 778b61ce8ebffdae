"""Waking readers in every process, over Redis."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from ticketing.conversations.live import LocalLive, Watch

log = structlog.get_logger()

CHANNEL = "frontdesk:live"
RECONNECT_SECONDS = 1.0


class RedisLive:
    """Readers in every process that shares a Redis."""

    def __init__(self, url: str) -> None:
        self._local = LocalLive()
        self._redis = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self._listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        """See the protocol."""
        self._listener = asyncio.create_task(self._listen())

    def watch(self, conversation: str | None) -> contextlib.AbstractContextManager[Watch]:
        """See the protocol."""
        return self._local.watch(conversation)

    async def publish(self, conversation: str, *, typing: str | None = None) -> None:
        """See the protocol. This process's readers don't wait for Redis."""
        self._local.wake(conversation, typing)
        try:
            await self._redis.publish(CHANNEL, json.dumps([conversation, typing]))
        except (RedisError, OSError) as error:
            log.warning("live_publish_failed", error=type(error).__name__)

    @property
    def ended(self) -> bool:
        """See the protocol."""
        return self._local.ended

    def end(self) -> None:
        """See the protocol."""
        self._local.end()

    async def close(self) -> None:
        """See the protocol."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        await self._local.close()
        await self._redis.aclose()

    async def _listen(self) -> None:
        while True:
            try:
                async for conversation, typing in self._signals():
                    self._local.wake(conversation, typing)
            except (RedisError, OSError) as error:
                log.warning("live_connection_lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _signals(self) -> AsyncIterator[tuple[str, str | None]]:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(CHANNEL)
            while True:
                message = await pubsub.get_message(timeout=None)
                if message is not None:
                    conversation, typing = json.loads(message["data"])
                    yield conversation, typing
