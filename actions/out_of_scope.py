"""What we don't do, and what was not understood: said once, then a person, never in circles."""

from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Journey
from actions.handover import Handover
from actions.turn import Event, Turn
from integrations.helpdesk.models import Reason

OFFER_PERSON_AT = 2
HAND_OVER_AT = 3


class OutOfScope(Journey):
    """Declines what is not the shop's business: politely once, then in short with a person."""

    action_name = "action_out_of_scope"

    async def answer(self, turn: Turn) -> list[Event]:
        """Decline."""
        count = consecutive(turn, "out_of_scope")
        turn.say("utter_out_of_scope" if count == 1 else "utter_out_of_scope_again")
        return [_counted(turn, "out_of_scope", count)]


class Unsure(Journey):
    """Asks to rephrase, then offers a person, then hands over."""

    action_name = "action_unsure"

    async def answer(self, turn: Turn) -> list[Event]:
        """Take the next step of the three."""
        count = consecutive(turn, "unsure")
        events = [_counted(turn, "unsure", count)]
        if count >= HAND_OVER_AT:
            return events + await Handover(self._ports).hand_over(turn, Reason.NOT_UNDERSTOOD)
        if count >= OFFER_PERSON_AT:
            turn.say("utter_unsure_offer_person")
            turn.offered = Reason.NOT_UNDERSTOOD
        else:
            turn.say("utter_unsure")
        return events


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
