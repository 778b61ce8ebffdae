"""Processing what shoppers said: one message at a time, in order, per conversation.

However many processes run, a conversation is processed by the one that holds its lease. A message
stays unsettled until the transaction that stores its answer, so a crash at any point leaves it to
be taken up again, by this process after its restart or by another.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from integrations.assistant.errors import AssistantError
from integrations.assistant.models import AssistantMessage, Turn
from integrations.assistant.port import Assistant
from ticketing.clock import Clock
from ticketing.conversations import repository
from ticketing.conversations.answers import Answers, Begun, NoAnswer
from ticketing.conversations.lease import HEARTBEAT_SECONDS, LEASE, POLL_SECONDS, is_gone
from ticketing.conversations.live import Live
from ticketing.conversations.rules import Sender
from ticketing.db.engine import Database
from ticketing.masking import mask
from ticketing.metrics import Metrics

log = structlog.get_logger()

POLL_LIMIT = 200
STOP_SECONDS = 3.0
"""How long turns under way may end by themselves at shutdown."""


class Turns:
    """Processes conversations in this process.

    `wake` starts a conversation that has something to process; `run` looks after leases and
    after what others left behind.
    """

    def __init__(
        self,
        db: Database,
        answers: Answers,
        assistant: Assistant,
        live: Live,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._db = db
        self._answers = answers
        self._assistant = assistant
        self._live = live
        self._clock = clock
        self._metrics = metrics
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: dict[str, Begun | None] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    def wake(self, conversation_id: str, begun: Begun | None = None) -> None:
        """Process a conversation soon; at once when this process is idle on it.

        Args:
            begun: the turn to go on with, when it was begun with the message's storing.
        """
        if self._stopping:
            return
        if conversation_id in self._running:
            self._again[conversation_id] = begun or self._again.get(conversation_id)
            return
        task = asyncio.create_task(self._process(conversation_id, begun))
        self._running[conversation_id] = task
        task.add_done_callback(lambda done: self._ended(conversation_id, done))

    def start(self) -> None:
        """Begin to look after leases and leftovers, now and then regularly."""
        self._loops = [
            asyncio.create_task(self._every(HEARTBEAT_SECONDS, self.heartbeat)),
            asyncio.create_task(self._every(POLL_SECONDS, self.poll)),
        ]

    async def stop(self) -> None:
        """End. Turns that don't end soon are left for whoever comes next, who may begin at once."""
        self._stopping = True
        for loop in self._loops:
            loop.cancel()
        for loop in self._loops:
            with suppress(asyncio.CancelledError):
                await loop
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._answers.release()

    async def idle(self) -> None:
        """Wait until nothing is being processed here."""
        while self._running:
            await asyncio.wait(list(self._running.values()))
            await asyncio.sleep(0)

    async def heartbeat(self) -> None:
        """Prolong the leases of this process."""
        if self._running:
            await self._answers.extend(self._clock() + LEASE)

    async def poll(self) -> None:
        """Take up what nobody processes: left by a crash, or by a process that is gone."""
        async with self._db.read() as session:
            waiting = await repository.waiting_conversations(session, limit=POLL_LIMIT)
        now = self._clock()
        for conversation_id, holder, until in waiting:
            # What is ours and not running has failed here; waking what runs changes nothing.
            if holder == self._answers.holder or is_free(holder, until, now):
                self.wake(conversation_id)

    async def _every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await do()
            except (SQLAlchemyError, OSError) as error:
                # The database is away: it is asked again, and what waits stays where it is.
                log.warning("database_unavailable", error=type(error).__name__)
            await asyncio.sleep(seconds)

    def _ended(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        del self._running[conversation_id]
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            # Left unsettled: the next poll takes it up again.
            log.error("processing_failed", conversation=conversation_id, exc_info=error)
            self._again.pop(conversation_id, None)
        elif conversation_id in self._again:
            self.wake(conversation_id, self._again.pop(conversation_id))

    async def _process(self, conversation_id: str, begun: Begun | None) -> None:
        with structlog.contextvars.bound_contextvars(conversation=conversation_id):
            begun = begun or await self._answers.begin(conversation_id)
            while begun:
                with structlog.contextvars.bound_contextvars(message=begun.message):
                    more = await self._turn(begun)
                begun = await self._answers.begin(conversation_id) if more else None

    async def _turn(self, begun: Begun) -> bool:
        await self._live.publish(begun.conversation, typing=Sender.BOT)
        answer = await self._ask(begun)
        return await self._answers.finish(begun, answer)

    async def _ask(self, begun: Begun) -> Turn | NoAnswer:
        message = AssistantMessage(
            conversation=begun.conversation,
            message=begun.message,
            text=None if begun.payload else mask(begun.text),
            choice=begun.payload,
            locale=begun.locale,
            identity=begun.identity,
            redelivered=begun.attempts > 1,
        )
        try:
            with self._metrics.turn_seconds.time():
                return await self._assistant.answer(message)
        except AssistantError as error:
            kind = type(error).__name__
            self._metrics.assistant_failures.labels(kind).inc()
            log.warning("assistant_failed", kind=kind, detail=str(error))
            return NoAnswer(kind)


def is_free(holder: str | None, until: datetime | None, now: datetime) -> bool:
    """Tell whether a conversation's lease may be taken."""
    return holder is None or until is None or until <= now or is_gone(holder)
