"""Waking those who watch a conversation.

Signals carry no content: what happened is read from the database, so a lost signal costs time
only, which the readers' slow poll bounds.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


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

    def start(self) -> None:
        """Begin to hear of other processes; needs a running loop."""

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

    def start(self) -> None:
        """See the protocol: there are no other processes."""

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
