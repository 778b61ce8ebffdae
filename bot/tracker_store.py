"""Where conversations are kept: SQLite or PostgreSQL, from one URL."""

import json
from functools import lru_cache
from typing import Any, Dict, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.pool import QueuePool

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # With WAL a killed process loses nothing; only a power cut may lose the last commits.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=5000",
)

# Rasa asks for the events since the last session start, by time, at every message; without these
# it reads a conversation's whole history to find them.
INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_events_sender_type_time"
    " ON events (sender_id, type_name, timestamp)",
    "CREATE INDEX IF NOT EXISTS ix_events_sender_time ON events (sender_id, timestamp)",
)

STORED = "desk_stored_events"
"""Attribute of a tracker: how many of its events the table has, known without asking again."""

EVENTS = SQLTrackerStore.SQLEvent.__table__


class DeskTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store with an URL, SQLite fit for use, indexes, and without its ORM.

    The table is Rasa's own. Reading a session takes two statements, writing it one.
    """

    def __init__(
        self,
        host: str,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        """Open the database and make its table.

        Args:
            host: a synchronous SQLAlchemy URL (Rasa's name for what `url:` says).
            domain: the assistant's domain, set again when the model is loaded.
            event_broker: none in Frontdesk.
            **kwargs: whatever else `endpoints.yml` says.
        """
        self.engine: sa.engine.Engine
        super().__init__(domain=domain, host=host, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":
            self.engine.dispose()
            self.engine = sa.create_engine(
                host, poolclass=QueuePool, connect_args={"check_same_thread": False}
            )
            sa.event.listen(self.engine, "connect", _set_pragmas)
            self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        with self.engine.begin() as connection:
            for statement in INDEXES:
                connection.execute(sa.text(statement))
        _remember_event_types()

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> Optional[DialogueStateTracker]:
        with self.engine.connect() as connection:
            since = 0.0 if fetch_events_from_all_sessions else _session_start(connection, sender_id)
            # Sorted here: asked to sort by id, PostgreSQL may walk the whole table in that order.
            rows = sorted(
                connection.execute(
                    sa.select(EVENTS.c.id, EVENTS.c.data)
                    .where(EVENTS.c.sender_id == sender_id)
                    .where(EVENTS.c.timestamp >= since)
                ).all()
            )
        if not rows:
            return None
        events = [json.loads(row.data) for row in rows]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        if not fetch_events_from_all_sessions:
            setattr(tracker, STORED, len(rows))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events of `tracker` that are not stored yet, all or none."""
        await self.stream_events(tracker)
        with self.engine.begin() as connection:
            stored = getattr(tracker, STORED, None)
            if stored is None:
                stored = connection.execute(
                    sa.select(sa.func.count())
                    .select_from(EVENTS)
                    .where(EVENTS.c.sender_id == tracker.sender_id)
                    .where(EVENTS.c.timestamp >= _session_start(connection, tracker.sender_id))
                ).scalar_one()
            rows = [_row(tracker.sender_id, event) for event in list(tracker.events)[stored:]]
            if rows:
                connection.execute(sa.insert(EVENTS), rows)
        setattr(tracker, STORED, stored + len(rows))


def _session_start(connection: Any, sender_id: str) -> float:
    """Return the time of the last session's start; 0 before any."""
    query = sa.select(sa.func.max(EVENTS.c.timestamp)).where(
        EVENTS.c.sender_id == sender_id, EVENTS.c.type_name == SessionStarted.type_name
    )
    return connection.execute(query).scalar() or 0.0


def _row(sender_id: str, event: Event) -> Dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)


@lru_cache(maxsize=1)
def _remember_event_types() -> None:
    # Rasa walks all classes of events for every event it reads: a tenth of a message's time.
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
