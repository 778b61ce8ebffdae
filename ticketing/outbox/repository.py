from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ticketing.db.tables import Delivery, Message


async def claim_due(
    session: AsyncSession, now: datetime, until: datetime, *, limit: int
) -> Sequence[tuple[Delivery, Message]]:
    """Take the next delivery of every conversation that is due; nobody else has it before `until`.

    Only the oldest under way of a conversation counts, so that a later one never overtakes it.
    """
    earlier = aliased(Delivery)
    first = ~(
        select(earlier.message_id)
        .where(
            earlier.conversation_id == Delivery.conversation_id,
            earlier.ended_at.is_(None),
            earlier.seq < Delivery.seq,
        )
        .exists()
    )
    query = (
        select(Delivery, Message)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.ended_at.is_(None), Delivery.next_at <= now, first)
        .order_by(Delivery.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    claimed = [(row[0], row[1]) for row in await session.execute(query)]
    for delivery, _ in claimed:
        delivery.attempts += 1
        delivery.next_at = until
    return claimed


async def depth(session: AsyncSession) -> int:
    """Count deliveries under way."""
    query = select(func.count()).select_from(Delivery).where(Delivery.ended_at.is_(None))
    return await session.scalar(query) or 0
