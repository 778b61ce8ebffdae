from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from ticketing.agents.rules import Role
from ticketing.conversations.errors import UnknownConversation
from ticketing.db.tables import Message, Ticket
from ticketing.queue.rules import Priority, Reason
from ticketing.text import clean
from ticketing.tickets.errors import BadCursor, KeyOfAnotherConversation, UnknownTicket
from ticketing.tickets.repository import Filter
from ticketing.tickets.rules import State
from ticketing.tickets.schemas import (
    AuditEntry,
    ConversationShown,
    FactorShown,
    NewTicket,
    PriorityWord,
    TicketDetail,
    TicketOpened,
    TicketPage,
    TicketSummary,
    TranscriptMessage,
    word_of,
)
from ticketing.tickets.service import Case
from ticketing.web.access import DeskHere, NotAllowed, NotSignedIn, service, staff
from ticketing.web.problems import responses

router = APIRouter(prefix="/api/tickets", tags=["tickets"])
everyone = Depends(staff(*Role))


@router.post(
    "",
    status_code=201,
    dependencies=[Depends(service)],
    responses={
        **responses(NotSignedIn, UnknownConversation, KeyOfAnotherConversation),
        200: {"model": TicketOpened, "description": "The conversation's ticket as it was or grew"},
    },
)
async def open_ticket(
    body: NewTicket,
    desk: DeskHere,
    response: Response,
    idempotency_key: Annotated[str, Header(min_length=1, max_length=200)],
) -> TicketOpened:
    """Open a ticket for a conversation and give the conversation to the queue.

    A conversation has one unfinished ticket: reporting again adds what is new to it (200).
    """
    opened = await desk.tickets.open(body.conversation, body.turn, body.facts(), idempotency_key)
    if not opened.created:
        response.status_code = 200
    return TicketOpened(number=opened.number, state=opened.state, position=opened.position)


@router.get("", dependencies=[everyone], responses=responses(NotSignedIn, NotAllowed, BadCursor))
async def list_tickets(
    desk: DeskHere,
    state: State | None = None,
    priority: PriorityWord | None = None,
    reason: Reason | None = None,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Ticket or order number, or a part of the summary"),
    ] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> TicketPage:
    """List tickets, newest first."""
    rank = None if priority is None else Priority[priority.upper()]
    wanted = Filter(state=state, priority=rank, reason=reason, q=clean(q) if q else None)
    found, following = await desk.tickets.page(wanted, cursor=cursor, limit=limit)
    return TicketPage(items=[_summary(ticket) for ticket in found], next_cursor=following)


@router.get(
    "/{number}",
    dependencies=[everyone],
    responses=responses(NotSignedIn, NotAllowed, UnknownTicket),
)
async def read_ticket(number: int, desk: DeskHere) -> TicketDetail:
    """Return a ticket with its factors, its transcript, the order as it was, and its audit."""
    return _detail(await desk.tickets.case(number))


def _summary(ticket: Ticket) -> TicketSummary:
    return TicketSummary(
        number=ticket.number,
        conversation=ticket.conversation_id,
        state=State(ticket.state),
        priority=word_of(ticket.priority),
        reason=Reason(ticket.reason),
        language=ticket.language,
        intent=ticket.intent,
        summary=ticket.summary,
        order_number=ticket.order_number,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
    )


def _detail(case: Case) -> TicketDetail:
    ticket, conversation = case.ticket, case.conversation
    return TicketDetail(
        **_summary(ticket).model_dump(),
        position=case.position,
        factors=[FactorShown(**factor) for factor in ticket.factors],
        slots=ticket.slots,
        order_snapshot=ticket.order_snapshot,
        understanding=ticket.understanding,
        failed_action=ticket.failed_action,
        transcript=ConversationShown(
            id=conversation.id,
            channel=conversation.channel,
            language=conversation.language,
            owner=conversation.owner,
            identity=conversation.identity,
            messages=[_message(message) for message in case.messages],
        ),
        audit=[
            AuditEntry(at=entry.at, actor=entry.actor, what=entry.what, details=entry.details)
            for entry in case.audit
        ],
    )


def _message(message: Message) -> TranscriptMessage:
    return TranscriptMessage(
        id=message.id,
        at=message.at,
        sender=message.sender,
        text=message.text,
        choices=message.choices,
        card=message.card,
        understanding=message.understanding,
    )
