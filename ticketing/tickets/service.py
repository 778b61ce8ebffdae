"""Opening tickets and reading them."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.clock import Clock
from ticketing.conversations import repository as conversations
from ticketing.conversations.errors import UnknownConversation
from ticketing.conversations.live import Live
from ticketing.conversations.log import hand_to_queue
from ticketing.conversations.rules import Owner
from ticketing.db.engine import Database
from ticketing.db.tables import Conversation, Message, Ticket, TicketAudit, TicketRequest
from ticketing.metrics import Metrics
from ticketing.queue import repository as queue
from ticketing.queue.rules import Reason, rank
from ticketing.tickets import repository
from ticketing.tickets.errors import BadCursor, KeyOfAnotherConversation, UnknownTicket
from ticketing.tickets.repository import Filter
from ticketing.tickets.rules import Facts, State, merge

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Opened:
    """The ticket a report ended in."""

    number: int
    state: State
    position: int
    created: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket with everything an agent reads."""

    ticket: Ticket
    position: int | None
    conversation: Conversation
    messages: Sequence[Message]
    audit: Sequence[TicketAudit]


async def record(
    session: AsyncSession, conversation: Conversation, facts: Facts, *, key: str, clock: Clock
) -> tuple[Ticket, bool]:
    """Open a ticket, or add the facts to the one the locked conversation already has.

    Returns:
        The ticket, and whether it is new. A key answered before changes nothing.
    """
    now = clock()
    ticket = await repository.by_key(session, key)
    if ticket is not None:
        if ticket.conversation_id != conversation.id:
            raise KeyOfAnotherConversation
        return ticket, False
    ticket = await repository.unfinished_of(session, conversation.id)
    created = ticket is None
    if ticket is None:
        ticket = Ticket(conversation_id=conversation.id, state=State.NEW, created_at=now)
        session.add(ticket)
    else:
        facts = merge(facts_of(ticket), facts)
    _fill(ticket, facts)
    ticket.updated_at = now
    await session.flush()
    session.add(TicketRequest(key=key, ticket_number=ticket.number, at=now))
    what = "opened" if created else "reported_again"
    session.add(audit(ticket, what, clock, reason=facts.reason))
    return ticket, created


def facts_of(ticket: Ticket) -> Facts:
    """Return what a ticket holds."""
    return Facts(
        reason=Reason(ticket.reason),
        language=ticket.language,
        intent=ticket.intent,
        summary=ticket.summary,
        slots=ticket.slots,
        order_number=ticket.order_number,
        order_snapshot=ticket.order_snapshot,
        understanding=ticket.understanding,
        failed_action=ticket.failed_action,
    )


def audit(ticket: Ticket, what: str, clock: Clock, **details: object) -> TicketAudit:
    """Return the entry that the assistant's side did something to a ticket."""
    return TicketAudit(
        ticket_number=ticket.number, at=clock(), actor="assistant", what=what, details=details
    )


def _fill(ticket: Ticket, facts: Facts) -> None:
    for name in Facts.__dataclass_fields__:
        setattr(ticket, name, getattr(facts, name))
    ranking = rank([facts.reason])
    ticket.priority = ranking.priority
    ticket.factors = [asdict(factor) for factor in ranking.factors]


class Tickets:
    """Tickets as the action server and the agents use them."""

    def __init__(self, db: Database, live: Live, clock: Clock, metrics: Metrics) -> None:
        self._db = db
        self._live = live
        self._clock = clock
        self._metrics = metrics

    async def open(self, conversation_id: str, turn: str | None, facts: Facts, key: str) -> Opened:
        """Open a ticket, or merge into the conversation's unfinished one.

        While the turn of message `turn` runs, the conversation goes to the queue with that turn's
        replies; otherwise now.

        Raises:
            UnknownConversation: there is none.
            KeyOfAnotherConversation: the key belongs to another conversation's ticket.
        """
        async with self._db.write() as session:
            conversation = await conversations.lock(session, conversation_id)
            if conversation is None:
                raise UnknownConversation
            answered = await repository.by_key(session, key) is not None
            ticket, created = await record(session, conversation, facts, key=key, clock=self._clock)
            position = await queue.position(session, ticket)
            taken = False
            if not answered and conversation.owner == Owner.BOT:
                taken = await self._take(session, conversation, turn, ticket, position)
        log.info(
            "ticket_opened" if created else "ticket_reported_again",
            conversation=conversation_id,
            ticket=ticket.number,
            reason=facts.reason,
            message=turn,
        )
        if taken:
            self._metrics.handovers.labels(facts.reason).inc()
            await self._live.publish(conversation_id)
        return Opened(ticket.number, State(ticket.state), position, created)

    async def _take(
        self,
        session: AsyncSession,
        conversation: Conversation,
        turn: str | None,
        ticket: Ticket,
        position: int,
    ) -> bool:
        conversation.language = conversation.language or ticket.language
        message = turn and await conversations.message(session, conversation.id, turn)
        if message and message.settled_at is None:
            message.handover_ticket = ticket.number
            return False
        hand_to_queue(
            session, conversation, ticket=ticket.number, position=position, now=self._clock()
        )
        return True

    async def page(
        self, wanted: Filter, *, cursor: str | None, limit: int
    ) -> tuple[Sequence[Ticket], str | None]:
        """Return tickets, newest first, and the cursor of the next page.

        Raises:
            BadCursor: the cursor is none of ours.
        """
        before = _read_cursor(cursor) if cursor else None
        async with self._db.read() as session:
            found = await repository.page(session, wanted, before=before, limit=limit + 1)
        more = len(found) > limit
        shown = found[:limit]
        return shown, _write_cursor(shown[-1].number) if more else None

    async def case(self, number: int) -> Case:
        """Return one ticket with its conversation.

        Raises:
            UnknownTicket: there is none.
        """
        async with self._db.read() as session:
            ticket = await repository.find(session, number)
            if ticket is None:
                raise UnknownTicket
            conversation = await conversations.find(session, ticket.conversation_id)
            if conversation is None:  # foreign keys forbid it
                raise UnknownConversation
            waits = ticket.state == State.NEW
            return Case(
                ticket=ticket,
                position=await queue.position(session, ticket) if waits else None,
                conversation=conversation,
                messages=await conversations.transcript(session, conversation.id),
                audit=await repository.audit_of(session, number),
            )


def _write_cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"n{number}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError):
        raise BadCursor from None
    number = text.removeprefix("n")
    if number == text or not number.isdecimal() or int(number) > repository.NUMBER_MAX:
        raise BadCursor
    return int(number)
