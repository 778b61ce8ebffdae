from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.db.tables import Ticket
from ticketing.tickets.rules import State


async def position(session: AsyncSession, ticket: Ticket) -> int:
    """Return a ticket's place among those nobody works on yet, from 1."""
    ahead = select(func.count()).where(
        Ticket.state == State.NEW,
        or_(
            Ticket.priority < ticket.priority,
            and_(Ticket.priority == ticket.priority, Ticket.number < ticket.number),
        ),
    )
    return (await session.scalar(ahead) or 0) + 1
