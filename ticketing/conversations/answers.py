"""The two transactions around a turn: taking the next message, storing its answer."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from integrations.assistant.models import Turn
from ticketing.clock import Clock
from ticketing.conversations import repository
from ticketing.conversations.lease import LEASE, is_gone
from ticketing.conversations.live import Live
from ticketing.conversations.log import (
    add_outbound,
    hand_to_bot,
    hand_to_queue,
    wording_language,
)
from ticketing.conversations.rules import (
    Leg,
    Owner,
    Sender,
    Verdict,
    Way,
    language_of,
    verdict,
    way,
)
from ticketing.db.engine import Database
from ticketing.db.tables import Conversation, Message
from ticketing.metrics import Metrics
from ticketing.queue import repository as queue
from ticketing.queue.rules import Reason
from ticketing.text import clean, clean_tree
from ticketing.tickets import repository as tickets
from ticketing.tickets.rules import Facts
from ticketing.tickets.service import audit, record
from ticketing.wording import say

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Begun:
    """A message given to the assistant, and what the conversation was then."""

    conversation: str
    message: str
    text: str
    payload: str | None
    locale: str | None
    identity: dict[str, Any] | None
    attempts: int
    """This one included."""
    leg: Leg


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing usable came from the assistant."""

    kind: str


class Answers:
    """Begins and ends turns under this process's name."""

    def __init__(
        self, db: Database, live: Live, clock: Clock, metrics: Metrics, *, holder: str
    ) -> None:
        self._db = db
        self._live = live
        self._clock = clock
        self._metrics = metrics
        self.holder = holder
        """Name under which this process takes leases."""

    async def begin(self, conversation_id: str) -> Begun | None:
        """Take the lease and the next message for the assistant.

        Messages that need no assistant are settled on the way. Nothing is returned when no
        message waits, or another process has the conversation.
        """
        begun: Begun | None = None
        settled = False
        async with self._db.write() as session:
            conversation = await repository.lock(session, conversation_id)
            if conversation is None or not self._may_take(conversation):
                return None
            while message := await repository.oldest_waiting(session, conversation_id):
                begun = await self._next(session, conversation, message)
                if begun is not None:
                    break
                settled = True
                await session.flush()
            self._hold(conversation, begun is not None)
        if settled:
            await self._live.publish(conversation_id)
        return begun

    def claim(self, conversation: Conversation, message: Message) -> Begun | None:
        """Take a message up in the very transaction that stores it, which spares one of its own.

        The conversation is locked and nothing else of it waits. Nothing is returned when the
        message needs no assistant, or another process has the conversation: then `begin` decides.
        """
        goes = way(conversation.owner, message.payload, message.attempts)
        if goes is not Way.ASSISTANT or not self._may_take(conversation):
            return None
        self._hold(conversation, hold=True)
        return _begun(conversation, message)

    async def finish(self, begun: Begun, answer: Turn | NoAnswer) -> bool:
        """Store the answer, if it may still be given, and settle the message with it.

        Returns:
            Whether more messages wait; if not, the lease has been given back.
        """
        outcome, more = "lost", False
        async with self._db.write() as session:
            conversation = await repository.lock(session, begun.conversation)
            message = await session.get(Message, begun.message)
            # Another process took over: the message is its business now.
            if conversation and message and conversation.lease_holder == self.holder:
                waiting = await repository.count_waiting(session, conversation.id)
                outcome = await self._store(session, conversation, message, begun, answer)
                settled = message.settled_at is not None
                more = waiting > settled
                self._hold(conversation, more)
        self._metrics.turns.labels(outcome).inc()
        log.info("turn_ended", outcome=outcome, epoch=begun.leg.epoch, attempts=begun.attempts)
        await self._live.publish(begun.conversation)
        return more

    async def extend(self, until: datetime) -> None:
        """Prolong every lease of this process."""
        async with self._db.write() as session:
            await repository.extend_leases(session, self.holder, until)

    async def release(self) -> None:
        """Give up every lease of this process."""
        async with self._db.write() as session:
            await repository.release_leases(session, self.holder)

    def _may_take(self, conversation: Conversation) -> bool:
        holder, until = conversation.lease_holder, conversation.lease_until
        free = holder is None or until is None or until <= self._clock()
        return free or holder == self.holder or is_gone(holder or "")

    def _hold(self, conversation: Conversation, hold: bool) -> None:
        conversation.lease_holder = self.holder if hold else None
        conversation.lease_until = self._clock() + LEASE if hold else None

    async def _next(
        self, session: AsyncSession, conversation: Conversation, message: Message
    ) -> Begun | None:
        match way(conversation.owner, message.payload, message.attempts):
            case Way.ASSISTANT:
                return _begun(conversation, message)
            case Way.GIVE_UP:
                log.error("message_given_up", message=message.id, attempts=message.attempts)
                await self._apologise(session, conversation, message)
            case Way.TO_BOT:
                await self._back_to_bot(session, conversation)
            case Way.PERSON:
                pass
        message.settled_at = self._clock()
        return None

    async def _store(
        self,
        session: AsyncSession,
        conversation: Conversation,
        message: Message,
        begun: Begun,
        answer: Turn | NoAnswer,
    ) -> str:
        decided = verdict(begun.leg, Leg(conversation.owner, conversation.epoch))
        if decided is Verdict.AGAIN:
            return "again"
        message.settled_at = self._clock()
        if isinstance(answer, Turn):
            understood = {**asdict(answer.understood), "failed": answer.failed}
            message.understanding = clean_tree(understood)
            spoken = language_of(answer.understood.language)
            conversation.language = spoken or conversation.language
        if decided is Verdict.DISCARD:
            log.info("answer_discarded", owner=conversation.owner, epoch=conversation.epoch)
            return "discarded"
        replies = [] if isinstance(answer, NoAnswer) else answer.replies
        shown = [reply for reply in replies if not reply.is_empty]
        for reply in shown:
            add_outbound(
                session,
                conversation,
                sender=Sender.BOT,
                text=clean(reply.text or ""),
                choices=[(choice.title, choice.payload) for choice in reply.choices],
                card=clean_tree(reply.card),
                response=reply.response,
                now=self._clock(),
            )
        if not shown and (isinstance(answer, NoAnswer) or message.handover_ticket is None):
            if isinstance(answer, Turn):
                self._metrics.assistant_failures.labels("EmptyAnswer").inc()
                log.warning("assistant_failed", kind="EmptyAnswer")
            await self._apologise(session, conversation, message)
            return "failed"
        if message.handover_ticket is not None:
            await self._hand_over(session, conversation, message.handover_ticket)
            return "handed_over"
        return "answered"

    async def _hand_over(
        self, session: AsyncSession, conversation: Conversation, number: int
    ) -> None:
        ticket = await tickets.find(session, number)
        if ticket is None:  # tickets are never deleted
            raise LookupError(f"ticket {number}")
        self._metrics.handovers.labels(ticket.reason).inc()
        position = await queue.position(session, ticket)
        hand_to_queue(session, conversation, ticket=number, position=position, now=self._clock())

    async def _apologise(
        self, session: AsyncSession, conversation: Conversation, message: Message
    ) -> None:
        """Tell the shopper that no answer will come, and give the conversation to a person."""
        language = wording_language(conversation, message.text)
        last = await repository.last_understanding(session, conversation.id)
        understanding = last.understanding if last else None
        facts = Facts(
            reason=Reason.BACK_END_FAILED,
            language=language,
            intent=(understanding or {}).get("intent"),
            understanding=understanding,
        )
        ticket, _ = await record(session, conversation, facts, key=message.id, clock=self._clock)
        conversation.language = conversation.language or language
        text = say("assistant_failed", language, ticket=ticket.number)
        add_outbound(session, conversation, sender=Sender.SYSTEM, text=text, now=self._clock())
        await self._hand_over(session, conversation, ticket.number)

    async def _back_to_bot(self, session: AsyncSession, conversation: Conversation) -> None:
        """Follow the shopper's wish; a second click, or one at an agent's desk, changes nothing."""
        if conversation.owner != Owner.QUEUE:
            return
        ticket = await tickets.unfinished_of(session, conversation.id)
        number = ticket.number if ticket else None
        if ticket is not None:
            session.add(audit(ticket, "shopper_back_to_assistant", self._clock))
        hand_to_bot(session, conversation, ticket=number, now=self._clock())


def _begun(conversation: Conversation, message: Message) -> Begun:
    """Count the attempt and return what the assistant is to be asked."""
    message.attempts += 1
    return Begun(
        conversation=conversation.id,
        message=message.id,
        text=message.text,
        payload=message.payload,
        locale=conversation.locale,
        identity=conversation.identity,
        attempts=message.attempts,
        leg=Leg(conversation.owner, conversation.epoch),
    )
