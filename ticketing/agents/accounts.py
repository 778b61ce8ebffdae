"""Accounts from outside the service: the command line and the launcher."""

import asyncio

from ticketing import clock
from ticketing.agents.errors import AgentExists
from ticketing.agents.rules import Role
from ticketing.agents.service import Agents
from ticketing.db.engine import Database


def add_agent(url: str, *, email: str, name: str, role: Role, password: str) -> None:
    """Add an agent to the desk's migrated database at `url` (async driver).

    Runs an event loop of its own.

    Raises:
        AgentExists, NoSuchEmail, WeakPassword: nothing was added.
    """
    asyncio.run(_add(url, email=email, name=name, role=role, password=password))


def ensure_agent(url: str, *, email: str, name: str, role: Role, password: str) -> bool:
    """Add an agent unless the address has an account; return whether one was added.

    An account that is there keeps its password.

    Raises:
        NoSuchEmail, WeakPassword: nothing was added.
    """
    try:
        add_agent(url, email=email, name=name, role=role, password=password)
    except AgentExists:
        return False
    return True


async def _add(url: str, *, email: str, name: str, role: Role, password: str) -> None:
    db = Database(url)
    try:
        agents = Agents(db, clock.now)
        await agents.add(email=email, name=name, role=role, password=password)
    finally:
        await db.close()
