from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.db.tables import Agent, AgentSession


async def by_email(session: AsyncSession, email: str) -> Agent | None:
    """Return the agent with a normalised address."""
    return (await session.scalars(select(Agent).where(Agent.email == email))).one_or_none()


async def by_token(session: AsyncSession, token_hash: str, now: datetime) -> Agent | None:
    """Return the agent of a session that is neither expired nor revoked."""
    query = (
        select(Agent)
        .join(AgentSession, AgentSession.agent_id == Agent.id)
        .where(
            AgentSession.token_hash == token_hash,
            AgentSession.revoked_at.is_(None),
            AgentSession.expires_at > now,
        )
    )
    return (await session.scalars(query)).one_or_none()
