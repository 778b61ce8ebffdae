"""Messages that lean on the turn before them: a bare number or name, a bare yes."""

from collections.abc import Iterable
from typing import Any

from actions.base import Journey
from actions.handover import Handover
from actions.order_status import OrderStatus
from actions.orders import OrderJourney
from actions.parcel_tracking import ParcelTracking
from actions.product_question import ProductQuestion
from actions.turn import Event, Turn

PERSON = "/request_human"
ABOUT_ORDERS: dict[str, type[OrderJourney]] = {
    journey.intent: journey for journey in (OrderStatus, ParcelTracking)
}


class Inform(Journey):
    """Takes a bare number or product name for the question it most likely asks."""

    action_name = "action_inform"

    async def answer(self, turn: Turn) -> list[Event]:
        """Answer about the order, the parcel or the product named; else ask what is wanted."""
        if turn.order_number:
            asked = next((name for name in _ranked(turn) if name in ABOUT_ORDERS), "")
            return await ABOUT_ORDERS.get(asked, OrderStatus)(self._ports).answer(turn)
        if turn.tracking_number:
            return await ParcelTracking(self._ports).answer(turn)
        if turn.entities("product"):
            return await ProductQuestion(self._ports).answer(turn)
        turn.say("utter_what_about_it")
        return []


class Affirm(Journey):
    """Takes a bare yes for the person that was just offered, if one was."""

    action_name = "action_affirm"

    async def answer(self, turn: Turn) -> list[Event]:
        """Hand over when a person was among the last message's choices."""
        if PERSON in last_choices(turn.tracker.events):
            return await Handover(self._ports).answer(turn)
        turn.say("utter_affirm")
        return []


def _ranked(turn: Turn) -> list[str]:
    """Return what the message may also have meant, likeliest first."""
    ranking = turn.tracker.latest_message.get("intent_ranking") or []
    return [str(one.get("name")) for one in ranking]


def last_choices(events: Iterable[dict[str, Any]]) -> list[str]:
    """Return the payloads offered in the bot's last message; empty when it offered none."""
    for event in reversed(list(events)):
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            return [button["payload"] for button in buttons]
    return []
