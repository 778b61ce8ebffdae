from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.db.tables import Ticket, TicketAudit, TicketRequest
from ticketing.tickets.rules import UNFINISHED

NUMBER_MAX = 2**31 - 1
"""The largest number the column holds."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets to list; nothing given means all."""

    state: str | None = None
    priority: int | None = None
    reason: str | None = None
    q: str | None = None
    """Ticket number, order number or a part of the summary."""


async def find(session: AsyncSession, number: int) -> Ticket | None:
    """Return one ticket."""
    return await session.get(Ticket, number) if 0 < number <= NUMBER_MAX else None


async def unfinished_of(session: AsyncSession, conversation_id: str) -> Ticket | None:
    """Return the ticket of a conversation that still needs a person."""
    query = select(Ticket).where(
        Ticket.conversation_id == conversation_id, Ticket.state.in_(UNFINISHED)
    )
    return (await session.scalars(query)).one_or_none()


async def by_key(session: AsyncSession, key: str) -> Ticket | None:
    """Return the ticket an idempotency key was answered with."""
    query = select(Ticket).join(TicketRequest, TicketRequest.ticket_number == Ticket.number)
    return (await session.scalars(query.where(TicketRequest.key == key))).one_or_none()


async def audit_of(session: AsyncSession, number: int) -> Sequence[TicketAudit]:
    """Return what was done to a ticket, oldest first."""
    query = select(TicketAudit).where(TicketAudit.ticket_number == number).order_by(TicketAudit.id)
    return (await session.scalars(query)).all()


async def page(
    session: AsyncSession, wanted: Filter, *, before: int | None, limit: int
) -> Sequence[Ticket]:
    """Return up to `limit` tickets numbered below `before`, newest first."""
    query = select(Ticket).where(*_conditions(wanted)).order_by(Ticket.number.desc()).limit(limit)
    if before is not None:
        query = query.where(Ticket.number < before)
    return (await session.scalars(query)).all()


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    equal: list[tuple[Any, Any]] = [
        (Ticket.state, wanted.state),
        (Ticket.priority, wanted.priority),
        (Ticket.reason, wanted.reason),
    ]
    conditions = [column == value for column, value in equal if value is not None]
    if wanted.q:
        conditions.append(_matching(wanted.q))
    return conditions


def _matching(q: str) -> ColumnElement[bool]:
    found = [
        func.upper(Ticket.order_number) == q.upper(),
        Ticket.summary.icontains(q, autoescape=True),
    ]
    digits = q.removeprefix("#")
    if digits.isascii() and digits.isdecimal() and int(digits) <= NUMBER_MAX:
        found.append(Ticket.number == int(digits))
    return or_(*found)
