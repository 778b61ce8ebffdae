import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import DeskTrackerStore

DOMAIN = Domain.from_yaml(
    'version: "3.1"\nslots: {language: {type: text, mappings: [{type: custom}]}}'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tracker.db"


@pytest.fixture
def store(path: Path) -> Iterator[DeskTrackerStore]:
    store = DeskTrackerStore(f"sqlite:///{path}", DOMAIN)
    yield store
    store.engine.dispose()


def texts(tracker: DialogueStateTracker) -> list[str]:
    return [e.text for e in tracker.events if isinstance(e, UserUttered) and e.text]


def session(*events: Event) -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), *events]


async def test_an_unknown_conversation_is_nothing(store: DeskTrackerStore) -> None:
    assert await store.retrieve("nobody") is None


async def test_what_was_saved_is_there_after_a_restart(store: DeskTrackerStore, path: Path) -> None:
    tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
    tracker.update_with_events(
        [*session(), UserUttered("你好 👋"), SlotSet("language", "zh")], DOMAIN
    )
    await store.save(tracker)
    other = DeskTrackerStore(f"sqlite:///{path}", DOMAIN)
    read = await other.retrieve("c1")
    other.engine.dispose()
    assert read is not None
    assert texts(read) == ["你好 👋"]
    assert read.get_slot("language") == "zh"


async def test_saving_again_stores_only_what_is_new(store: DeskTrackerStore) -> None:
    tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
    for text in ("one", "two", "three"):
        tracker.update(UserUttered(text))
        await store.save(tracker)
        await store.save(tracker)
    read = await store.retrieve("c1")
    assert read is not None
    assert texts(read) == ["one", "two", "three"]


async def test_a_tracker_from_elsewhere_is_compared_with_the_table(
    store: DeskTrackerStore,
) -> None:
    events = [*session(), UserUttered("one")]
    await store.save(DialogueStateTracker.from_events("c1", events, DOMAIN.slots))
    longer = [*events[1:], UserUttered("two")]
    await store.save(DialogueStateTracker.from_events("c1", longer, DOMAIN.slots))
    read = await store.retrieve("c1")
    assert read is not None
    assert texts(read) == ["one", "two"]


async def test_only_the_last_session_is_read_and_all_of_it_is_kept(
    store: DeskTrackerStore,
) -> None:
    tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
    tracker.update_with_events([*session(), UserUttered("old")], DOMAIN)
    await store.save(tracker)
    tracker.update_with_events([*session(), UserUttered("new")], DOMAIN)
    await store.save(tracker)
    last, full = await store.retrieve("c1"), await store.retrieve_full_tracker("c1")
    assert last is not None
    assert full is not None
    assert texts(last) == ["new"]
    assert texts(full) == ["old", "new"]


async def test_conversations_do_not_mix(store: DeskTrackerStore) -> None:
    for name in ("c1", "c2"):
        tracker = await store.get_or_create_tracker(name, append_action_listen=False)
        tracker.update(UserUttered(name))
        await store.save(tracker)
    read = await store.retrieve("c2")
    assert read is not None
    assert texts(read) == ["c2"]


def test_sqlite_writes_ahead_and_has_the_indexes(store: DeskTrackerStore, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT max(timestamp) FROM events"
            " WHERE sender_id = 'c1' AND type_name = 'session_started'"
        ).fetchall()
    connection.close()
    assert "ix_events_sender_type_time" in str(plan)
