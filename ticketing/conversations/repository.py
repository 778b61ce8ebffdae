from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.rules import is_id
from ticketing.db.tables import Conversation, Event, Message


async def find(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """Return one conversation as it was committed last."""
    return await session.get(Conversation, conversation_id) if is_id(conversation_id) else None


async def lock(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """Return one conversation, held against every other writer until commit."""
    if not is_id(conversation_id):
        return None
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def find_by_user(session: AsyncSession, channel: str, user: str) -> Conversation | None:
    """Return the conversation of a push channel's user."""
    query = select(Conversation).where(
        Conversation.channel == channel, Conversation.external_user == user
    )
    return (await session.scalars(query)).one_or_none()


async def message_id_of(session: AsyncSession, channel: str, external_id: str) -> str | None:
    """Return the id of the message a channel already delivered under its own id."""
    query = select(Message.id).where(Message.channel == channel, Message.external_id == external_id)
    return await session.scalar(query)


async def message(session: AsyncSession, conversation_id: str, message_id: str) -> Message | None:
    """Return a message if it is one of this conversation."""
    found = await session.get(Message, message_id) if is_id(message_id) else None
    return found if found and found.conversation_id == conversation_id else None


async def count_waiting(session: AsyncSession, conversation_id: str) -> int:
    """Count a conversation's unprocessed messages."""
    query = select(func.count()).where(
        Message.conversation_id == conversation_id, Message.settled_at.is_(None)
    )
    return await session.scalar(query) or 0


async def count_all_waiting(session: AsyncSession) -> int:
    """Count the unprocessed messages of all conversations."""
    query = select(func.count()).where(Message.settled_at.is_(None))
    return await session.scalar(query) or 0


async def oldest_waiting(session: AsyncSession, conversation_id: str) -> Message | None:
    """Return the message whose turn it is."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.settled_at.is_(None))
        .order_by(Message.seq)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def waiting_conversations(
    session: AsyncSession, *, limit: int
) -> Sequence[tuple[str, str | None, datetime | None]]:
    """Return `(id, lease holder, lease end)` of conversations with unprocessed messages."""
    waiting = select(Message.conversation_id).where(Message.settled_at.is_(None)).distinct()
    query = (
        select(Conversation.id, Conversation.lease_holder, Conversation.lease_until)
        .where(Conversation.id.in_(waiting))
        .order_by(Conversation.lease_until.asc().nulls_first())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


async def extend_leases(session: AsyncSession, holder: str, until: datetime) -> int:
    """Prolong every lease of a holder; return how many it has."""
    query = update(Conversation).where(Conversation.lease_holder == holder)
    done = await session.execute(
        query.values(lease_until=until).execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)  # noqa: S101 (the type the driver promises for UPDATE)
    return done.rowcount


async def release_leases(session: AsyncSession, holder: str) -> None:
    """Give up every lease of a holder."""
    query = update(Conversation).where(Conversation.lease_holder == holder)
    await session.execute(
        query.values(lease_holder=None, lease_until=None).execution_options(
            synchronize_session=False
        )
    )


async def events_after(
    session: AsyncSession, conversation_id: str, seq: int, *, limit: int
) -> Sequence[tuple[Event, Message | None]]:
    """Return a conversation's events after number `seq`, with their messages, in order."""
    query = (
        select(Event, Message)
        .outerjoin(Message, Message.id == Event.message_id)
        .where(Event.conversation_id == conversation_id, Event.seq > seq)
        .order_by(Event.seq)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def transcript(session: AsyncSession, conversation_id: str) -> Sequence[Message]:
    """Return every message of a conversation, in order."""
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
    return (await session.scalars(query)).all()


async def last_understanding(session: AsyncSession, conversation_id: str) -> Message | None:
    """Return the newest message the assistant understood anything of."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.understanding.is_not(None),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()
