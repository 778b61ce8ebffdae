"""Where conversations are kept: SQLite or PostgreSQL, from one URL."""

from typing import Any, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
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


class DeskTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store with an URL, SQLite fit for use, and indexes."""

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


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
