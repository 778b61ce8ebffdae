import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.utils.endpoints import EndpointConfig

from bot.request import DeskMessage
from bot.tracker_store import DeskTrackerStore
from bot.turn import NotReady, take_turn

Make = Callable[..., DeskMessage]


class BrokenStore(InMemoryTrackerStore):
    async def retrieve(self, sender_id: str) -> Any:
        raise ConnectionError("the database is gone")


async def test_without_a_model_there_is_no_turn(empty_agent: Agent, message: Make) -> None:
    with pytest.raises(NotReady):
        await take_turn(empty_agent, message())


async def test_a_lost_database_is_an_error_and_not_an_empty_memory(
    agent: Agent, processor: Any, message: Make
) -> None:
    processor.tracker_store = FailSafeTrackerStore(BrokenStore(processor.domain))
    with pytest.raises(ConnectionError):
        await take_turn(agent, message())


async def test_a_failed_action_is_reported_and_the_turn_still_ends(
    scripted: Any, message: Make, installed: None, action_server: Any
) -> None:
    action_server.answers({}, 500)
    processor = scripted(InMemoryTrackerStore(Domain.empty()), EndpointConfig(action_server.url))
    processor.actions = ["action_order_status", "utter_greet"]
    agent = Agent()
    agent.processor, agent.domain = processor, processor.domain
    result = await take_turn(agent, message())
    assert result.failed == ["action_order_status"]
    assert [reply["text"] for reply in result.replies] == ["Hello"]
    again = await take_turn(agent, message(redelivered=True))
    assert again == result


async def test_a_redelivered_message_gets_the_stored_replies_and_runs_nothing(
    agent: Agent, processor: Any, message: Make
) -> None:
    first = await take_turn(agent, message("m1"))
    await take_turn(agent, message("m2", "more"))
    again = await take_turn(agent, message("m1", redelivered=True))
    assert again == first
    assert processor.parsed == ["hi", "more"]


async def test_a_redelivered_message_nobody_has_seen_is_handled(
    agent: Agent, message: Make
) -> None:
    result = await take_turn(agent, message(redelivered=True))
    assert len(result.replies) == 1


async def test_messages_of_one_conversation_are_handled_one_after_the_other(
    agent: Agent, processor: Any, message: Make
) -> None:
    await asyncio.gather(*(take_turn(agent, message(f"m{n}", str(n))) for n in range(8)))
    tracker = await processor.tracker_store.retrieve("c1")
    shape = [e.type_name for e in tracker.events if e.type_name in ("user", "bot")]
    assert shape == ["user", "bot"] * 8


async def test_a_new_conversation_speaks_the_language_of_the_page(
    agent: Agent, message: Make
) -> None:
    result = await take_turn(agent, message(locale="zh"))
    assert result.understood["language"] == "zh"
    assert result.replies == [
        {
            "text": "您好",
            "choices": [{"title": "查订单", "payload": "/check_order_status"}],
            "card": None,
            "response": "utter_greet",
        }
    ]


async def test_a_detected_language_beats_the_page(
    agent: Agent, processor: Any, message: Make
) -> None:
    processor.parse["entities"] = [{"entity": "language", "value": "zh", "start": 0, "end": 2}]
    result = await take_turn(agent, message(locale="en"))
    assert result.understood["language"] == "zh"
    assert result.understood["entities"] == []
    assert result.replies[0]["text"] == "您好"
    processor.parse["entities"] = []
    later = await take_turn(agent, message("m2", locale="en"))
    assert later.replies[0]["text"] == "您好"


async def test_what_was_understood_comes_back(agent: Agent, processor: Any, message: Make) -> None:
    number = {"entity": "order_number", "value": "FD1", "start": 0, "end": 3, "extractor": "x"}
    processor.parse = {
        "intent": {"name": "check_order_status", "confidence": 0.8},
        "intent_ranking": [{"name": f"i{n}", "confidence": 0.1} for n in range(5)],
        "entities": [number],
    }
    understood = (await take_turn(agent, message())).understood
    assert understood["intent"] == "check_order_status"
    assert understood["confidence"] == 0.8
    assert understood["entities"] == [
        {"entity": "order_number", "value": "FD1", "start": 0, "end": 3}
    ]
    assert len(understood["ranking"]) == 3
    assert understood["model"] == "abc123"


async def test_the_metadata_reaches_the_tracker(
    agent: Agent, processor: Any, message: Make
) -> None:
    identity = {"customer_id": "u1", "orders": None}
    await take_turn(agent, message(identity=identity))
    tracker = await processor.tracker_store.retrieve("c1")
    assert tracker.latest_message.metadata["identity"] == identity
    assert tracker.latest_message.metadata["message"] == "m1"


async def test_a_hundred_messages_stay_in_short_sessions_and_none_is_said_or_done_twice(
    scripted: Any, message: Make, tmp_path: Path
) -> None:
    processor = scripted(DeskTrackerStore(f"sqlite:///{tmp_path / 'tracker.db'}"))
    agent = Agent()
    agent.processor, agent.domain = processor, processor.domain
    longest = 0
    for number in range(100):
        result = await take_turn(agent, message(f"m{number}", locale="zh"))
        assert len(result.replies) == 1
        tracker = await processor.tracker_store.retrieve("c1")
        longest = max(longest, len(tracker.events))
        assert tracker.get_slot("language") == "zh"
    full = await processor.tracker_store.retrieve_full_tracker("c1")
    assert longest < 60
    processor.tracker_store.engine.dispose()
    assert sum(isinstance(e, SessionStarted) for e in full.events) > 5
