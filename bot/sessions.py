"""Keep a conversation's session short, so that message 300 costs what message 10 costs.

Rasa copies and replays every event of the session several times per message. Between two messages,
when no form is active, a long session is therefore followed by a new one that starts with the
slots' values and the last turn: rules and actions that look one turn back see what they would have
seen, and nothing is said to the shopper.
"""

import time
from typing import List

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MAX_SESSION_EVENTS = 40
"""About five turns; the cost of a message is flat up to there."""

CLOCK_STEP_SECONDS = 1e-6

_NOT_CARRIED = {REQUESTED_SLOT, SESSION_START_METADATA_SLOT}


def must_rotate(tracker: DialogueStateTracker) -> bool:
    """Tell whether a new session should start before the next message."""
    return (
        len(tracker.events) > MAX_SESSION_EVENTS
        and not tracker.active_loop_name
        and tracker.latest_action_name == ACTION_LISTEN_NAME
        and not tracker.is_paused()
    )


def rotation(tracker: DialogueStateTracker) -> List[Event]:
    """Return the events that start a new session with what `tracker` knows now."""
    now = time.time()
    opening: List[Event] = [
        # As after Rasa's own session start, this one belongs to the old session.
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=now - CLOCK_STEP_SECONDS),
        SessionStarted(timestamp=now),
        *(
            SlotSet(slot.name, slot.value, timestamp=now)
            for slot in tracker.slots.values()
            if slot.name not in _NOT_CARRIED and slot.value != slot.initial_value
        ),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=now),
    ]
    return opening + [_at(event, now) for event in last_turn(tracker)]


def last_turn(tracker: DialogueStateTracker) -> List[Event]:
    """Return the events from the last message on; none before the first message."""
    events = list(tracker.events)
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], UserUttered):
            return events[index:]
    return []


def _at(event: Event, timestamp: float) -> Event:
    # The tracker store finds a session's events by time, so the copies must not look older.
    copy = Event.from_parameters({**event.as_dict(), "timestamp": timestamp})
    if copy is None:
        raise ValueError(f"{event.type_name} does not survive its own serialisation")
    return copy
