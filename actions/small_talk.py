"""Messages that lean on the turn before them: a bare number or name, a bare yes, "the second"."""

from actions.base import Journey
from actions.handover import Handover
from actions.order_status import OrderStatus
from actions.orders import OrderJourney
from actions.parcel_tracking import ParcelTracking
from actions.picking import last_choices, picked
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
        chosen = await answer_picked(self, turn)
        if chosen is not None:
            return chosen
        if turn.order_number:
            return await _likeliest_order_journey(turn)(self.ports).answer(turn)
        if turn.tracking_number:
            return await ParcelTracking(self.ports).answer(turn)
        if turn.entities("product"):
            return await ProductQuestion(self.ports).answer(turn)
        turn.say("utter_what_about_it")
        return []


class Affirm(Journey):
    """Takes a bare yes for the person that was just offered, if one was."""

    action_name = "action_affirm"

    async def answer(self, turn: Turn) -> list[Event]:
        """Hand over when a person was among the last message's choices."""
        if PERSON in last_choices(turn.tracker.events):
            return await Handover(self.ports).answer(turn)
        # A form that is asking asks again by itself.
        if not turn.tracker.active_loop_name:
            turn.say("utter_affirm")
        return []


async def answer_picked(journey: Journey, turn: Turn) -> list[Event] | None:
    """Answer the choice named by its place, as if it had been picked; None when none was."""
    choice = picked(turn.text, last_choices(turn.tracker.events))
    if choice is None or turn.tracker.active_loop_name:
        return None
    if choice.intent in ABOUT_ORDERS:
        turn.order_number = choice.entities.get("order_number")
        turn.tracking_number = choice.entities.get("tracking_number")
        return await ABOUT_ORDERS[choice.intent](journey.ports).answer(turn)
    sku = choice.entities.get("product")
    if sku is None:
        return None
    return await ProductQuestion(journey.ports).answer_about(
        turn, sku, choice.entities.get("topic")
    )


def _likeliest_order_journey(turn: Turn) -> type[OrderJourney]:
    """Return what is asked of the order: its status, unless words beside the number say more."""
    if not any(map(str.isalpha, turn.text_besides("order_number", "tracking_number"))):
        return OrderStatus
    asked = next((name for name in _ranked(turn) if name in ABOUT_ORDERS), "")
    return ABOUT_ORDERS.get(asked, OrderStatus)


def _ranked(turn: Turn) -> list[str]:
    """Return what the message may also have meant, likeliest first."""
    ranking = turn.tracker.latest_message.get("intent_ranking") or []
    return [str(one.get("name")) for one in ranking]
