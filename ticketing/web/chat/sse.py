"""A conversation's log as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from ticketing.conversations.live import Live
from ticketing.conversations.rules import Sender
from ticketing.conversations.service import Conversations
from ticketing.db.tables import Event, Message
from ticketing.metrics import Metrics

COMMENT_SECONDS = 15.0
"""Proxies close what is silent for a minute; fifteen seconds also tells us of a lost client."""
POLL_SECONDS = 5.0
"""Longest delay when a wake-up signal was lost."""
PAGE = 200
RETRY = b"retry: 2000\n\n"
"""Milliseconds a browser waits before it reconnects."""


async def stream(
    conversations: Conversations,
    live: Live,
    metrics: Metrics,
    conversation_id: str,
    *,
    after: int,
) -> AsyncIterator[bytes]:
    """Yield the events behind number `after`, then each new one as it is stored.

    Ends when the desk does, so that a restart does not wait for its readers: they come back with
    the last number they saw.
    """
    metrics.streams.inc()
    try:
        with live.watch(conversation_id) as watch:
            yield RETRY
            silent = 0.0
            while not live.ended:
                # Cleared before reading: what is stored from now on sets them again.
                watch.changed.clear()
                reading, watch.stored = watch.stored, False
                found = (
                    await conversations.events(conversation_id, after, limit=PAGE)
                    if reading
                    else ()
                )
                if any(message and message.sender != Sender.SHOPPER for _, message in found):
                    watch.typing = None
                if found:
                    after = found[-1][0].seq
                    yield b"".join(_logged(event, message) for event, message in found)
                    silent = 0.0
                if watch.typing is not None:
                    yield _event("typing", {"sender": watch.typing})
                    watch.typing = None
                if len(found) == PAGE:
                    watch.stored = True
                    continue
                try:
                    await asyncio.wait_for(watch.changed.wait(), POLL_SECONDS)
                except TimeoutError:
                    silent += POLL_SECONDS
                    watch.stored = True
                if silent >= COMMENT_SECONDS:
                    yield b": alive\n\n"
                    silent = 0.0
    finally:
        metrics.streams.dec()


def _logged(event: Event, message: Message | None) -> bytes:
    return _event(event.kind, data_of(event, message), event.seq)


def data_of(event: Event, message: Message | None) -> dict[str, Any]:
    """Return an event's data as the widget gets it."""
    if message is None:
        return event.data or {}
    data: dict[str, Any] = {
        "id": message.id,
        "at": _iso(message.at),
        "sender": message.sender,
        "text": message.text,
    }
    if message.sender == Sender.SHOPPER and message.external_id is not None:
        # The client's own id, by which it recognises what it has shown already.
        data["external_id"] = message.external_id.removeprefix(f"{message.conversation_id}:")
    if message.choices:
        data["choices"] = [
            {"id": choice["id"], "title": choice["title"]} for choice in message.choices
        ]
    if message.card:
        data["card"] = message.card
    return data


def _event(kind: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    number = "" if seq is None else f"id: {seq}\n"
    # ASCII only: no line separator of Unicode can end a line early, no lone surrogate breaks it.
    return f"{number}event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
