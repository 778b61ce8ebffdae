"""People at the desk: adding them, signing them in and out."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.exc import IntegrityError

from ticketing.agents import repository
from ticketing.agents.errors import (
    AgentExists,
    NoSuchEmail,
    TooManyAttempts,
    WeakPassword,
    WrongPassword,
)
from ticketing.agents.rules import (
    ACCOUNT_LIMIT,
    PASSWORD_MAX_CHARS,
    SESSION,
    SOURCE_LIMIT,
    Role,
    is_email,
    normal_email,
    password_fault,
)
from ticketing.clock import Clock
from ticketing.conversations.log import new_id
from ticketing.db.engine import Database
from ticketing.db.tables import Agent, AgentSession
from ticketing.lockout.service import Lockout

log = structlog.get_logger()

_hasher = PasswordHasher()
"""Argon2id with RFC 9106's low-memory parameters, the library's default."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a session belongs to."""

    id: str
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Session:
    """A new session and the only copy of its token."""

    token: str
    expires_at: datetime
    agent: SignedIn


class Agents:
    """Accounts and sessions of agents."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._lockout = Lockout(db, clock)

    async def add(self, *, email: str, name: str, role: Role, password: str) -> SignedIn:
        """Add a person.

        Raises:
            NoSuchEmail: not the form of an address.
            WeakPassword: too short, too long or the address itself.
            AgentExists: the address has an account.
        """
        email = normal_email(email)
        if not is_email(email):
            raise NoSuchEmail
        fault = password_fault(password, email)
        if fault is not None:
            raise WeakPassword(fault)
        hashed = await asyncio.to_thread(_hasher.hash, password)
        agent = Agent(
            id=new_id(),
            email=email,
            name=name or email.partition("@")[0],
            role=role,
            password_hash=hashed,
            created_at=self._clock(),
        )
        try:
            async with self._db.write() as session:
                session.add(agent)
        except IntegrityError:
            raise AgentExists from None
        return _signed_in(agent)

    async def sign_in(self, email: str, password: str, *, source: str) -> Session:
        """Open a session.

        Args:
            source: keyed hash of where the attempt comes from.

        Raises:
            WrongPassword: unknown address or wrong password; both take the same time.
            TooManyAttempts: this account from there, or that source, is locked for a while.
        """
        email = normal_email(email)
        who = hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        account, anyone = f"login:{who}:{source}", f"login-source:{source}"
        locked = await self._lockout.reserve({account: ACCOUNT_LIMIT, anyone: SOURCE_LIMIT})
        if locked is not None:
            raise TooManyAttempts(retry_after=int((locked - self._clock()).total_seconds()) + 1)
        async with self._db.read() as session:
            agent = await repository.by_email(session, email)
        hashed = agent.password_hash if agent else _nobody()
        right = await asyncio.to_thread(_matches, hashed, password[:PASSWORD_MAX_CHARS])
        if agent is None or not right:
            log.info("sign_in_refused", agent=agent.id if agent else None)
            raise WrongPassword
        await self._lockout.clear(account)
        await self._lockout.give_back(anyone)
        return await self._open(agent)

    async def _open(self, agent: Agent) -> Session:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        opened = AgentSession(
            token_hash=_hash(token), agent_id=agent.id, created_at=now, expires_at=now + SESSION
        )
        async with self._db.write() as session:
            session.add(opened)
        log.info("signed_in", agent=agent.id)
        return Session(token, opened.expires_at, _signed_in(agent))

    async def who(self, token: str) -> SignedIn | None:
        """Return whose session a token opens; nothing when it is expired, revoked or none."""
        async with self._db.read() as session:
            agent = await repository.by_token(session, _hash(token), self._clock())
        return _signed_in(agent) if agent else None

    async def sign_out(self, token: str) -> None:
        """Revoke a session; one that is none already stays none."""
        async with self._db.write() as session:
            opened = await session.get(AgentSession, _hash(token))
            if opened is not None and opened.revoked_at is None:
                opened.revoked_at = self._clock()
                log.info("signed_out", agent=opened.agent_id)


def _signed_in(agent: Agent) -> SignedIn:
    return SignedIn(agent.id, agent.email, agent.name, Role(agent.role))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobody() -> str:
    """Return a hash no password matches: an unknown address must cost what a known one does."""
    return _hasher.hash(secrets.token_hex(16))


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
