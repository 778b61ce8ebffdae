from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.sessions import MAX_SESSION_EVENTS, last_turn, must_rotate, rotation

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  language: {type: text, mappings: [{type: custom}]}
  count: {type: float, initial_value: 0, max_value: 9, mappings: [{type: custom}]}
forms: {identity_form: {required_slots: []}}
"""
)


def turn(number: int) -> list[Event]:
    return [
        UserUttered("hi", {"name": "greet", "confidence": 1.0}, message_id=f"m{number}"),
        SlotSet("count", number),
        ActionExecuted("utter_greet"),
        BotUttered("hello", metadata={"utter_action": "utter_greet"}),
        ActionExecuted("action_listen"),
    ]


def long_tracker(*more: Event) -> DialogueStateTracker:
    events: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        SlotSet("language", "zh"),
        ActionExecuted("action_listen"),
    ]
    for number in range(1, MAX_SESSION_EVENTS // 5 + 1):
        events += turn(number)
    return tracker_of([*events, *more])


def tracker_of(events: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c1", events, DOMAIN.slots)


@pytest.mark.parametrize(
    "more", [ActiveLoop("identity_form"), ActionExecuted("utter_greet"), ConversationPaused()]
)
def test_a_conversation_in_the_middle_of_something_is_not_rotated(more: Any) -> None:
    assert not must_rotate(long_tracker(more))


def test_a_short_session_is_not_rotated() -> None:
    assert not must_rotate(tracker_of(turn(1)))


def test_a_long_session_between_two_messages_is_rotated() -> None:
    assert must_rotate(long_tracker())


def test_the_new_session_knows_the_slots_and_the_last_turn() -> None:
    old = long_tracker()
    new = tracker_of(rotation(old))
    assert new.current_slot_values() == old.current_slot_values()
    assert [e.type_name for e in last_turn(new)] == [e.type_name for e in last_turn(old)]
    assert new.latest_message is not None
    assert new.latest_message.message_id == old.latest_message.message_id  # type: ignore[union-attr]
    assert new.latest_action_name == "action_listen"


def test_the_new_session_is_far_from_being_rotated_again() -> None:
    assert len(rotation(long_tracker())) < MAX_SESSION_EVENTS / 2


def test_slots_at_their_initial_value_are_not_carried() -> None:
    slots = [e.key for e in rotation(tracker_of([])) if isinstance(e, SlotSet)]
    assert slots == []


def test_no_event_of_the_new_session_is_older_than_its_start() -> None:
    events = rotation(long_tracker())
    start = next(e for e in events if isinstance(e, SessionStarted))
    assert events[0].timestamp < start.timestamp
    assert all(e.timestamp >= start.timestamp for e in events[1:])


def test_an_empty_conversation_has_no_last_turn() -> None:
    assert last_turn(tracker_of([])) == []
