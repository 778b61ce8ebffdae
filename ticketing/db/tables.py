"""The desk's tables. Times are UTC; ids are random hex except where a person reads them aloud."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ticketing.db.types import UtcDateTime

Json = dict[str, Any]

EXTERNAL_USER_MAX = 200
EXTERNAL_ID_MAX = 300
"""Longest ids of a channel that are kept."""


def _reference(column: str) -> ForeignKey:
    """Return a reference checked at commit: rows of one transaction come in any order."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


class Base(DeclarativeBase):
    """Tables whose constraints have the same names on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        Json: JSON(none_as_null=True),
        list[Json]: JSON(none_as_null=True),
    }


class Conversation(Base):
    """One shopper on one channel, with its owner, its epoch and the lease of who processes it.

    Whoever adds an event holds this row's lock until commit, so events become visible in the
    order of their numbers.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "external_user"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    external_user: Mapped[str | None] = mapped_column(String(EXTERNAL_USER_MAX))
    """Who it is on a push channel; nothing on the web, where the token says it."""
    token_hash: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    """Keyed hash of where the shopper comes from, for the lock-out."""
    locale: Mapped[str | None] = mapped_column(String(2))
    language: Mapped[str | None] = mapped_column(String(2))
    """Last understood language."""
    owner: Mapped[str] = mapped_column(String(64), default="bot")
    """`bot`, `queue` or an agent's id."""
    epoch: Mapped[int] = mapped_column(default=0)
    """Grows at each change of owner; a reply made under another epoch is not sent."""
    identity: Mapped[Json | None]
    last_event: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Message(Base):
    """What anyone said. A shopper's message waits until `settled_at`."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_messages_conversation_id_seq", "conversation_id", "seq", unique=True),
        Index(
            "ix_messages_waiting",
            "conversation_id",
            "seq",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(_reference("conversations.id"))
    seq: Mapped[int]
    """Number of its event in the conversation."""
    sender: Mapped[str] = mapped_column(String(8))
    """`shopper`, `bot`, `agent` or `system`."""
    channel: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(EXTERNAL_ID_MAX))
    """The channel's own id of an inbound message; on the web prefixed by the conversation."""
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    """What the picked choice stands for; nothing when the shopper typed."""
    choices: Mapped[list[Json] | None]
    """Offered with this message: `{id, title, payload}`."""
    card: Mapped[Json | None]
    response: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was given to the assistant."""
    handover_ticket: Mapped[int | None]
    """Ticket that takes the conversation when this message's turn is stored."""
    understanding: Mapped[Json | None]


class Event(Base):
    """The log of one conversation, which is the web channel's outbox."""

    __tablename__ = "events"

    conversation_id: Mapped[str] = mapped_column(_reference("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    """`message` or `owner`."""
    message_id: Mapped[str | None] = mapped_column(_reference("messages.id"))
    data: Mapped[Json | None]
    at: Mapped[datetime]


class Delivery(Base):
    """One message on its way to a push channel; the message's id is the idempotency key."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "conversation_id",
            "seq",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    message_id: Mapped[str] = mapped_column(_reference("messages.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(_reference("conversations.id"))
    seq: Mapped[int]
    channel: Mapped[str] = mapped_column(String(32))
    external_user: Mapped[str] = mapped_column(String(EXTERNAL_USER_MAX))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    """Not before; while an attempt runs, when another process may try."""
    ended_at: Mapped[datetime | None]
    delivered: Mapped[bool | None]
    """Nothing while under way; false when the channel refused it for good."""


class Ticket(Base):
    """A conversation's case for a person, with everything the assistant knew."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_conversation_id", "conversation_id"),
        Index("ix_tickets_state_priority_number", "state", "priority", "number"),
        Index("ix_tickets_order_number", "order_number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(_reference("conversations.id"))
    state: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int]
    """Rank: 0 urgent, 1 high, 2 normal, 3 low, so that the queue reads it in order."""
    factors: Mapped[list[Json]]
    reason: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    intent: Mapped[str | None] = mapped_column(String(100))
    summary: Mapped[str | None] = mapped_column(Text)
    slots: Mapped[Json]
    order_number: Mapped[str | None] = mapped_column(String(64))
    order_snapshot: Mapped[Json | None]
    understanding: Mapped[Json | None]
    failed_action: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TicketRequest(Base):
    """An idempotency key already answered, and with which ticket."""

    __tablename__ = "ticket_requests"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket_number: Mapped[int] = mapped_column(_reference("tickets.number"))
    at: Mapped[datetime]


class TicketAudit(Base):
    """Who did what to a ticket."""

    __tablename__ = "ticket_audit"
    __table_args__ = (Index("ix_ticket_audit_ticket_number", "ticket_number"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_number: Mapped[int] = mapped_column(_reference("tickets.number"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(32))
    details: Mapped[Json]


class Attempts(Base):
    """Failures counted against one subject (a conversation, a source, an account)."""

    __tablename__ = "attempts"

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Agent(Base):
    """A person who works at the desk."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class AgentSession(Base):
    """A signed-in agent; only the token's hash is kept."""

    __tablename__ = "agent_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(_reference("agents.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
