"""Giving the conversation to a person, with everything already known."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.base import Journey
from actions.cards import Card, order_card
from actions.product_question import ProductQuestion
from actions.topics import topic_of
from actions.turn import Event, Turn
from integrations.helpdesk.errors import HelpdeskError
from integrations.helpdesk.models import Reason, TicketRequest
from integrations.shop.errors import ShopError

logger = logging.getLogger(__name__)

SNAPSHOT_SECONDS = 2.0
"""The order's facts are worth this long a wait; the ticket is not to fail for want of them."""
RANKING_LENGTH = 3
SUMMARY_CHARS = 500
TOLD = ("order_number", "tracking_number", "product")
"""Slots an agent is told; contact data are not among them."""
NO_MATTER = {
    "request_human",
    "affirm",
    "deny",
    "greet",
    "thank",
    "goodbye",
    "bot_challenge",
    "chitchat",
    "nlu_fallback",
}
"""Intents that say nothing on what the shopper needs."""


class Handover(Journey):
    """Opens the conversation's ticket and tells the shopper where they stand."""

    action_name = "action_handover"

    async def answer(self, turn: Turn) -> list[Event]:
        """Hand over for the reason a person was offered, or the one the message gives."""
        return await self.hand_over(turn, _reason(turn))

    async def hand_over(self, turn: Turn, reason: Reason) -> list[Event]:
        """Open the ticket for `reason`; a desk that fails is said, with another try offered."""
        request = await _request(turn, reason)
        try:
            ticket = await turn.ports.helpdesk.open_ticket(request)
        except HelpdeskError as error:
            logger.warning(
                "ticket not opened conversation=%s message=%s error=%s",
                turn.conversation,
                turn.message_id,
                type(error).__name__,
            )
            turn.unsay()
            turn.say("utter_handover_failed")
            turn.offered = reason
            return []
        if reason is Reason.COMPLAINT:
            turn.say("utter_complaint_heard")
        if reason is Reason.NOT_UNDERSTOOD:
            turn.say("utter_not_understood_handover")
        ahead = ticket.position - 1
        response = "utter_handover" if ahead > 0 else "utter_handover_next"
        turn.say(response, {"ticket": ticket.number, "ahead": ahead})
        if turn.tracker.active_loop_name:
            return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        return []


class BeyondAssistant(Journey):
    """Says what only a person can do for now, and offers one."""

    action_name = "action_beyond_assistant"

    async def answer(self, turn: Turn) -> list[Event]:
        """Offer a person for what was asked; facts given with it are kept for the ticket.

        How long a product's warranty is stands in its record.
        """
        topic = topic_of(turn.text) if turn.intent == "request_repair" else None
        if (
            topic
            and topic.name == "warranty"
            and (turn.entities("product") or turn.slot("product"))
        ):
            return await ProductQuestion(self.ports).answer(turn)
        turn.say(f"utter_beyond_{turn.intent}")
        turn.offered = Reason.BEYOND_ASSISTANT
        return []


def last_matter(events: Iterable[dict[str, Any]]) -> tuple[str | None, str | None]:
    """Return the intent and the words of the last message that says what the shopper needs.

    Args:
        events: Rasa's events of the session, oldest first. Words are None where a choice was
            picked, and the intent is None where nothing of substance was said.
    """
    said = [event for event in events if event.get("event") == "user"]
    for event in reversed(said):
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        if intent and intent not in NO_MATTER:
            text = str(event.get("text") or "")
            return intent, None if text.startswith("/") else text[:SUMMARY_CHARS] or None
    return None, None


def _reason(turn: Turn) -> Reason:
    if turn.intent == "complain":
        return Reason.COMPLAINT
    offered = turn.slot("offered_because")
    return Reason(offered) if offered else Reason.ASKED_FOR_PERSON


async def _request(turn: Turn, reason: Reason) -> TicketRequest:
    intent, summary = last_matter(turn.tracker.events)
    return TicketRequest(
        conversation=turn.conversation,
        turn=turn.message_id,
        reason=reason,
        language=turn.language,
        intent=intent or turn.intent or None,
        summary=summary,
        slots={slot: turn.slot(slot) for slot in TOLD if turn.slot(slot)},
        order_number=turn.slot("order_number"),
        order_snapshot=await _snapshot(turn),
        understanding=_understanding(turn),
        failed_action=turn.slot("failed_action"),
    )


async def _snapshot(turn: Turn) -> Card | None:
    number = turn.slot("order_number")
    if not number or turn.identity is None:
        return None
    shop = turn.ports.shop
    try:
        async with asyncio.timeout(SNAPSHOT_SECONDS):
            order = await shop.order(number)
            if not turn.identity.covers(order):
                return None
            return order_card(order, await shop.shipments_of(number), turn.language)
    except (TimeoutError, ShopError):
        return None


def _understanding(turn: Turn) -> dict[str, Any]:
    message = turn.tracker.latest_message
    intent = message.get("intent") or {}
    ranking = message.get("intent_ranking") or []
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "ranking": [
            {"name": one.get("name"), "confidence": one.get("confidence")}
            for one in ranking[:RANKING_LENGTH]
        ],
        "entities": [
            {"entity": one.get("entity"), "value": one.get("value")}
            for one in message.get("entities") or []
        ],
    }
