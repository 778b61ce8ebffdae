"""Delivering to push channels: in order per conversation, at least once, with backoff."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from integrations.channels.errors import ChannelError, ChannelRefused, ChannelUnavailable
from integrations.channels.models import OutboundMessage
from integrations.channels.port import PushChannel
from ticketing.clock import Clock
from ticketing.conversations.live import Live
from ticketing.db.engine import Database
from ticketing.db.tables import Delivery, Message
from ticketing.metrics import Metrics
from ticketing.outbox import repository
from ticketing.outbox.rules import delay_after

log = structlog.get_logger()

SEND_SECONDS = 10.0
"""One attempt; a platform that takes longer is asked again."""
CLAIM = timedelta(seconds=30)
"""Longer than an attempt: afterwards its process is dead and another may try."""
POLL_SECONDS = 1.0
BATCH = 20


class Outbox:
    """Delivers what push channels are to be sent."""

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, PushChannel],
        live: Live,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._db = db
        self._channels = channels
        self._live = live
        self._clock = clock
        self._metrics = metrics
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver; without push channels there is nothing to do."""
        if self._channels:
            self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; an attempt cut short is made again after its claim."""
        if self._loop is not None:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop

    async def deliver_due(self) -> int:
        """Attempt every delivery that is due once; return how many there were."""
        now = self._clock()
        async with self._db.write() as session:
            claimed = await repository.claim_due(session, now, now + CLAIM, limit=BATCH)
        await asyncio.gather(*(self._attempt(delivery, message) for delivery, message in claimed))
        return len(claimed)

    async def _run(self) -> None:
        with self._live.watch(None) as watch:
            while True:
                watch.changed.clear()
                try:
                    while await self.deliver_due():
                        pass
                except (SQLAlchemyError, OSError) as error:
                    log.warning("database_unavailable", error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(watch.changed.wait(), POLL_SECONDS)

    async def _attempt(self, delivery: Delivery, message: Message) -> None:
        names = {
            "channel": delivery.channel,
            "conversation": delivery.conversation_id,
            "message": message.id,
            "attempt": delivery.attempts,
        }
        try:
            await self._send(delivery, message)
        except ChannelRefused as error:
            log.error("delivery_refused", **names, detail=str(error))
            await self._end(delivery, delivered=False)
        except ChannelError as error:
            delay = delay_after(delivery.attempts)
            if delay is None:
                log.error("delivery_given_up", **names, detail=str(error))
                await self._end(delivery, delivered=False)
            else:
                log.warning("delivery_failed", **names, detail=str(error))
                await self._postpone(delivery, delay)
        else:
            log.info("delivered", **names)
            await self._end(delivery, delivered=True)

    async def _send(self, delivery: Delivery, message: Message) -> None:
        channel = self._channels.get(delivery.channel)
        if channel is None:
            raise ChannelUnavailable("the channel is not configured")
        choices = tuple((one["id"], one["title"]) for one in message.choices or ())
        outbound = OutboundMessage(
            id=message.id,
            external_user=delivery.external_user,
            sender=message.sender,
            text=message.text,
            choices=choices,
            card=message.card,
        )
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await channel.send(outbound)
        except TimeoutError:
            raise ChannelUnavailable(f"not taken in {SEND_SECONDS:g} s") from None

    async def _end(self, delivery: Delivery, *, delivered: bool) -> None:
        result = "delivered" if delivered else "failed"
        self._metrics.deliveries.labels(delivery.channel, result).inc()
        async with self._db.write() as session:
            stored = await session.merge(delivery)
            stored.ended_at = self._clock()
            stored.delivered = delivered

    async def _postpone(self, delivery: Delivery, delay: timedelta) -> None:
        self._metrics.deliveries.labels(delivery.channel, "postponed").inc()
        async with self._db.write() as session:
            stored = await session.merge(delivery)
            stored.next_at = self._clock() + delay
