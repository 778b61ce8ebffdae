"""One turn of a conversation: a message in, replies and what was understood out.

The steps are those of Rasa's `MessageProcessor.handle_message`, its private ones called one by one,
so that one read of the tracker serves everything the channel needs: was the message handled
already, must the session rotate, what was understood, what was said.
"""

import logging
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import failures
from bot.request import DeskMessage
from bot.sessions import must_rotate, rotation

logger = logging.getLogger(__name__)

LANGUAGE = "language"
RANKING_LENGTH = 3
FAILED = "failed"
"""Key under which a message's metadata keeps the turn's failed actions, for a redelivery."""


class NotReady(Exception):
    """No model is loaded."""


@dataclass(frozen=True)
class TurnResult:
    """What the desk gets back."""

    replies: List[Dict[str, Any]]
    understood: Dict[str, Any]
    failed: List[str]


class SilentOutput(OutputChannel):
    """Sends nothing: the replies are read from the tracker's events."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, by which responses can vary."""
        return "desk"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Do nothing."""


async def take_turn(agent: Agent, message: DeskMessage) -> TurnResult:
    """Handle a message, or find what it was answered before.

    Raises:
        NotReady: no model is loaded.
        LockError: another message of the conversation holds the lock for too long.
        SQLAlchemyError: the tracker store cannot be used.
    """
    processor = agent.processor
    if processor is None:
        raise NotReady
    _fail_closed(agent, processor)
    async with agent.lock_store.lock(message.conversation):
        tracker = await processor.get_tracker(message.conversation)
        turn = await _handled_before(processor, tracker, message) if message.redelivered else None
        if turn is None:
            await _handle(processor, tracker, message)
            turn = _find_turn(tracker, message.message)
        if turn is None:
            raise RuntimeError(f"message {message.message} left no trace in its tracker")
        return _result(tracker, turn, processor)


async def _handle(
    processor: MessageProcessor, tracker: DialogueStateTracker, message: DeskMessage
) -> None:
    output = SilentOutput()
    if must_rotate(tracker):
        tracker.update_with_events(rotation(tracker), processor.domain)
    else:
        await processor._update_tracker_session(tracker, output)  # noqa: SLF001
    if message.locale and LANGUAGE in tracker.slots and tracker.get_slot(LANGUAGE) is None:
        tracker.update(SlotSet(LANGUAGE, message.locale), processor.domain)
    user_message = UserMessage(
        message.text,
        output,
        message.conversation,
        input_channel=output.name(),
        message_id=message.message,
        metadata=message.metadata,
    )
    with failures.recorded() as failed:
        await processor._handle_message_with_tracker(user_message, tracker)  # noqa: SLF001
        tracker = await processor.run_action_extract_slots(output, tracker)
        await processor._run_prediction_loop(output, tracker)  # noqa: SLF001
    if failed and tracker.latest_message is not None:
        logger.warning("actions failed in message %s: %s", message.message, ", ".join(failed))
        tracker.latest_message.metadata[FAILED] = failed
    await processor.save_tracker(tracker)


Turn = Tuple[UserUttered, List[Event]]
"""A message and the events that followed it."""


async def _handled_before(
    processor: MessageProcessor, tracker: DialogueStateTracker, message: DeskMessage
) -> Optional[Turn]:
    """Return the turn of a message that came before, in this session or an earlier one."""
    turn = _find_turn(tracker, message.message)
    if turn is not None:
        return turn
    full = await processor.tracker_store.retrieve_full_tracker(message.conversation)
    return _find_turn(full, message.message) if full is not None else None


def _find_turn(tracker: DialogueStateTracker, message_id: str) -> Optional[Turn]:
    """Return the turn that message started, None when it is not among the events."""
    events = list(tracker.events)
    for start in range(len(events) - 1, -1, -1):
        event = events[start]
        if isinstance(event, UserUttered) and event.message_id == message_id:
            rest = events[start + 1 :]
            end = next((i for i, e in enumerate(rest) if isinstance(e, UserUttered)), len(rest))
            return event, rest[:end]
    return None


def _result(tracker: DialogueStateTracker, turn: Turn, processor: MessageProcessor) -> TurnResult:
    said, after = turn
    return TurnResult(
        replies=[_reply(event) for event in after if isinstance(event, BotUttered)],
        understood=_understood(said, tracker, processor.model_filename),
        failed=list(said.metadata.get(FAILED, [])),
    )


def _reply(event: BotUttered) -> Dict[str, Any]:
    data = event.data or {}
    return {
        "text": event.text,
        "choices": [
            {"title": button["title"], "payload": button["payload"]}
            for button in [*(data.get("buttons") or []), *(data.get("quick_replies") or [])]
        ],
        "card": data.get("custom"),
        "response": event.metadata.get("utter_action"),
    }


def _understood(said: UserUttered, tracker: DialogueStateTracker, model: str) -> Dict[str, Any]:
    ranking = (said.parse_data or {}).get("intent_ranking") or []
    detected = next((e["value"] for e in said.entities if e["entity"] == LANGUAGE), None)
    known = tracker.get_slot(LANGUAGE) if LANGUAGE in tracker.slots else None
    return {
        "language": detected or known,
        "intent": said.intent_name or "",
        "confidence": float(said.intent.get("confidence", 0.0)),
        "entities": [
            {key: entity.get(key) for key in ("entity", "value", "start", "end")}
            for entity in said.entities
            if entity["entity"] != LANGUAGE
        ],
        "ranking": [
            {"name": item["name"], "confidence": float(item["confidence"])}
            for item in ranking[:RANKING_LENGTH]
        ],
        "model": model.removesuffix(".tar.gz"),
    }


def _fail_closed(agent: Agent, processor: MessageProcessor) -> None:
    # When its database fails, Rasa goes on in memory and forgets all conversations without a word.
    # The desk must hear of it instead.
    store = processor.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        agent.tracker_store = processor.tracker_store = store._tracker_store  # noqa: SLF001
