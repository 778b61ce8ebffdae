"""Waking those who watch a conversation.

Signals carry no content: what happened is read from the database, so a lost signal costs time
only, which the readers' slow poll bounds.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import redis.asyncio
import structlog
from redis.exceptions import RedisError

log = structlog.get_logger()

CHANNEL = "frontdesk:live"
RECONNECT_SECONDS = 1.0


@dataclass(eq=False)
class Watch:
    """One reader's view on a conversation."""

    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """One of the following has changed."""
    stored: bool = True
    """There may be events it has not read."""
    typing: str | None = None
    """Who types, until read."""


class Live(Protocol):
    """Tells readers, wherever they are connected, that a conversation has moved."""

    def watch(self, conversation: str | None) -> contextlib.AbstractContextManager[Watch]:
        """Open a view on one conversation, or on all, for the time of the block."""

    async def publish(self, conversation: str, *, typing: str | None = None) -> None:
        """Wake every reader: there is something to read, or, with `typing`, who types.

        Never raises.
        """

    @property
    def ended(self) -> bool:
        """Whether readers are asked to leave."""

    def end(self) -> None:
        """Ask every reader of this process to leave."""

    async def close(self) -> None:
        """Give back connections."""


class LocalLive:
    """Readers in this process."""

    def __init__(self) -> None:
        self._watches: dict[str | None, set[Watch]] = {}
        self.ended = False
        """See the protocol."""

    @contextlib.contextmanager
    def watch(self, conversation: str | None) -> Iterator[Watch]:
        """See the protocol."""
        watch = Watch()
        self._watches.setdefault(conversation, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[conversation]
            watches.discard(watch)
            if not watches:
                del self._watches[conversation]

    async def publish(self, conversation: str, *, typing: str | None = None) -> None:
        """See the protocol."""
        self.wake(conversation, typing)

    def wake(self, conversation: str, typing: str | None) -> None:
        """Wake this process's readers of one conversation."""
        for key in (conversation, None):
            for watch in self._watches.get(key, ()):
                if typing is None:
                    watch.stored = True
                else:
                    watch.typing = typing
                watch.changed.set()

    def end(self) -> None:
        """See the protocol."""
        self.ended = True
        for watches in self._watches.values():
            for watch in watches:
                watch.changed.set()

    async def close(self) -> None:
        """See the protocol."""
        self.end()


class RedisLive:
    """Readers in every process that shares a Redis."""

    def __init__(self, url: str) -> None:
        self._local = LocalLive()
        self._redis = redis.asyncio.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self._listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen; needs a running loop."""
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
