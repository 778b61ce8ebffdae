"""What all journeys share: the ports, the time limit, and what a failing back end sounds like."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.ports import Ports, open_ports
from actions.turn import Event, Turn
from integrations.helpdesk.errors import HelpdeskError, HelpdeskTimeout
from integrations.helpdesk.models import Reason
from integrations.shop.errors import ShopTimeout, ShopUnavailable

logger = logging.getLogger(__name__)


class Journey(Action, ABC):
    """An action that answers one kind of question.

    A subclass answers in `answer` and lets `ShopUnavailable` and `HelpdeskError` pass: they become
    an apology with a person offered. Anything else that escapes is a defect: the action fails, and
    the desk takes the conversation to its queue.
    """

    action_name: ClassVar[str]

    def __init__(self, ports: Callable[[], Ports] = open_ports) -> None:
        self.ports = ports

    def name(self) -> str:
        """Return the name rules call the action by."""
        return self.action_name

    @abstractmethod
    async def answer(self, turn: Turn) -> list[Event]:
        """Say the answer and return the events that follow from it."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 (the signature is rasa-sdk's)
    ) -> list[Event]:
        """Answer within the time limit, or say that it cannot be answered now."""
        ports = self.ports()
        turn = Turn(dispatcher, tracker, ports)
        failed: str | None = None
        try:
            async with asyncio.timeout(ports.timeout_seconds):
                events = await self.answer(turn)
        except (TimeoutError, ShopTimeout, HelpdeskTimeout) as error:
            events, failed = self._give_up(turn, "utter_back_end_slow", error), self.name()
        except (ShopUnavailable, HelpdeskError) as error:
            events, failed = self._give_up(turn, "utter_back_end_down", error), self.name()
        return [
            *events,
            *_changed(turn, "failed_action", failed),
            *_changed(turn, "offered_because", turn.offered and turn.offered.value),
        ]

    def _give_up(self, turn: Turn, response: str, error: Exception) -> list[Event]:
        logger.warning(
            "back end failed action=%s conversation=%s message=%s error=%s",
            self.name(),
            turn.conversation,
            turn.message_id,
            type(error).__name__,
        )
        # What was said before the failure may be half an answer.
        turn.unsay()
        turn.say(response)
        turn.offered = Reason.BACK_END_FAILED
        return []


def _changed(turn: Turn, slot: str, value: str | None) -> list[Event]:
    return [] if turn.slot(slot) == value else [SlotSet(slot, value)]
