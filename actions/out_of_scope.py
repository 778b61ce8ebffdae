"""What we don't do, and what was not understood: said once, then a person, never in circles."""

from collections.abc import Iterable
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Journey
from actions.handover import Handover
from actions.product_question import ProductQuestion
from actions.small_talk import answer_picked
from actions.topics import topic_of
from actions.turn import Event, Turn
from integrations.helpdesk.models import Reason

OFFER_PERSON_AT = 2
HAND_OVER_AT = 3


class OutOfScope(Journey):
    """Declines what is not the shop's business: politely once, then in short with a person."""

    action_name = "action_out_of_scope"

    async def answer(self, turn: Turn) -> list[Event]:
        """Decline, unless it names one of the choices just offered."""
        chosen = await answer_picked(self, turn)
        if chosen is not None:
            return chosen
        count = consecutive(turn, "out_of_scope")
        turn.say("utter_out_of_scope" if count == 1 else "utter_out_of_scope_again")
        return [_counted(turn, "out_of_scope", count)]


class Unsure(Journey):
    """Asks to rephrase, then offers a person, then hands over.

    A question with a product's word in it, about the product just talked about or one the shop
    knows, is answered after all: shoppers ask those in a word or two.
    """

    action_name = "action_unsure"

    async def answer(self, turn: Turn) -> list[Event]:
        """Answer a choice named or a product's question, else take the next of the three steps."""
        chosen = await answer_picked(self, turn)
        if chosen is not None:
            return chosen
        if topic_of(turn.text) and await self._is_about_product(turn):
            return await ProductQuestion(self.ports).answer(turn)
        count = consecutive(turn, "unsure")
        events = [_counted(turn, "unsure", count)]
        if count >= HAND_OVER_AT:
            return events + await Handover(self.ports).hand_over(turn, Reason.NOT_UNDERSTOOD)
        if count >= OFFER_PERSON_AT:
            turn.say("utter_unsure_offer_person")
            turn.offered = Reason.NOT_UNDERSTOOD
        else:
            turn.say("utter_unsure")
        return events

    async def _is_about_product(self, turn: Turn) -> bool:
        if previous_action(turn.tracker.events) == ProductQuestion.action_name:
            return bool(turn.slot("product"))
        return bool(await turn.ports.shop.find_products(turn.text, limit=1))


def previous_action(events: Iterable[dict[str, Any]]) -> str | None:
    """Return what answered the message before this one; None when nothing of ours did."""
    turns: list[list[str]] = [[]]
    for event in events:
        if event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "action" and event["name"] != "action_listen":
            turns[-1].append(event["name"])
    before = turns[-2] if len(turns) > 1 else []
    return before[0] if before else None


def consecutive(turn: Turn, kind: str) -> int:
    """Return the how-many-th message in a row this is that was met with `kind`, from 1."""
    missed: dict[str, Any] = turn.slot("misses") or {}
    said = [event for event in turn.tracker.events if event.get("event") == "user"]
    before = said[-2].get("message_id") if len(said) > 1 else None
    if before and missed.get("message") == before and missed.get("kind") == kind:
        return int(missed["count"]) + 1
    return 1


def _counted(turn: Turn, kind: str, count: int) -> Event:
    missed = {"kind": kind, "count": count, "message": turn.message_id}
    event: Event = SlotSet("misses", missed)
    return event
