"""Proving that an order is the shopper's: the form that asks, and the check by the desk."""

import re
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.base import Journey
from actions.entitlement import Identity
from actions.order_status import OrderStatus
from actions.orders import IDENTITY_FORM, OrderJourney
from actions.parcel_tracking import ParcelTracking
from actions.ports import Ports, open_ports
from actions.turn import Event, Turn
from integrations.helpdesk.models import EmailProof, IdentityCheck, PhoneProof, Proof, Reason
from integrations.shop.keys import number_key

MAX_TRIES = 2
"""Unusable answers and refusals before a person is offered instead of asking again."""

LAST4 = re.compile(r"(?<!\d)\d{4}(?!\d)")
PHONE = re.compile(r"(?<!\d)\+?[\d*][\d*\s-]{5,}\d{4}(?!\d)")
"""A whole phone number, masked by the desk or not: its last four digits count."""
LONGEST_NUMBER_ANSWER = 24
"""Characters; four digits in anything longer are rather a date, a price or another question."""
ORDER_NUMBER = re.compile(r"[A-Za-z]{0,4}[-\s]?\d[\d\s-]{4,}\d")
FEWEST_DIGITS = 5
"""No shop with more than a day's history numbers its orders shorter."""
ANSWERING = ("inform", "nlu_fallback")
"""A message so understood, while the form asks, is meant as the answer even if it is unusable."""

Slots = dict[str, Any]


class ValidateIdentityForm(FormValidationAction):
    """Reads what the shopper gives while `identity_form` asks.

    `order_number` is a number as written; `contact` becomes `{"phone_last4"}` or
    `{"email_message"}`. A message that gives neither is left to the other journeys, after which the
    form asks again.
    """

    def __init__(self, ports: Callable[[], Ports] = open_ports) -> None:
        self._ports = ports

    def name(self) -> str:
        """Return the name Rasa calls the form's validation by."""
        return f"validate_{IDENTITY_FORM}"

    def extract_order_number(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 (the signature is rasa-sdk's)
    ) -> Slots:
        """Take the text itself where no order number was recognised in it."""
        turn = self._turn(dispatcher, tracker)
        if _is_checked(turn) or turn.order_number or turn.slot(REQUESTED_SLOT) != "order_number":
            return {}
        found = ORDER_NUMBER.search(turn.text)
        if found and not turn.tracking_number:
            return {"order_number": number_key(found[0])}
        # A contact given ahead of its turn is kept, and is no failed answer.
        unusable = turn.text and turn.intent in ANSWERING and not _gives_contact(turn)
        return {"order_number": turn.text} if unusable else {}

    def extract_contact(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 (the signature is rasa-sdk's)
    ) -> Slots:
        """Take a phone number, its last four digits or an e-mail from the message."""
        turn = self._turn(dispatcher, tracker)
        if _is_checked(turn):
            return {}
        if turn.entity("email"):
            return {"contact": {"email_message": turn.message_id}}
        asked = turn.slot(REQUESTED_SLOT) == "contact"
        numbered = bool(turn.order_number or turn.tracking_number)
        # Four digits beside an order number are its phone's; elsewhere they may be anything.
        beside = turn.text_besides("order_number", "tracking_number") if asked or numbered else ""
        last4 = _last4(turn.entity("phone") or "") or _last4(beside)
        if last4:
            return {"contact": {"phone_last4": last4}}
        # A corrected order number answers another question than the one asked.
        unusable = asked and turn.text and not numbered and turn.intent in ANSWERING
        return {"contact": turn.text} if unusable else {}

    def validate_order_number(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 (the signature is rasa-sdk's)
    ) -> Slots:
        """Accept anything that can be an order number; whether it exists is not said here."""
        # Rasa also validates a slot that was only just emptied.
        if value is None or _can_be_order_number(str(value)):
            return {"order_number": value}
        return {"order_number": None, **_unusable(self._turn(dispatcher, tracker))}

    def validate_contact(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 (the signature is rasa-sdk's)
    ) -> Slots:
        """Accept what `extract_contact` could read."""
        if value is None or isinstance(value, dict):
            return {"contact": value}
        return {"contact": None, **_unusable(self._turn(dispatcher, tracker))}

    def _turn(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Turn:
        return Turn(dispatcher, tracker, self._ports())


class Ask(Journey):
    """Asks for one of the two, in words that fit why it is asked: first, again, or once more."""

    slot: ClassVar[str]
    problems: ClassVar[dict[str, str]]
    """Why it must be asked again → the response that says so and asks."""

    async def answer(self, turn: Turn) -> list[Event]:
        """Ask."""
        problem = turn.slot("identity_problem")
        values = {
            "example": turn.ports.policy.order_number_example,
            "number": turn.slot("order_number"),
        }
        turn.say(self.problems.get(problem) or self.response(turn), values)
        return [SlotSet("asked", self.slot), SlotSet("identity_problem", None)]

    @abstractmethod
    def response(self, turn: Turn) -> str:
        """Return the words where nothing went wrong."""
        return f"utter_ask_{self.slot}" + ("_again" if turn.slot("asked") == self.slot else "")


class AskOrderNumber(Ask):
    """Asks for the order number."""

    action_name = f"action_ask_{IDENTITY_FORM}_order_number"
    slot = "order_number"
    problems: ClassVar[dict[str, str]] = {
        "unclear": "utter_order_number_unclear",
        "refused": "utter_identity_refused",
    }

    def response(self, turn: Turn) -> str:
        """Return the plain question, or the one that comes back to it."""
        return super().response(turn)


class AskContact(Ask):
    """Asks for the phone's last four digits or the e-mail."""

    action_name = f"action_ask_{IDENTITY_FORM}_contact"
    slot = "contact"
    problems: ClassVar[dict[str, str]] = {"unclear": "utter_contact_unclear"}

    def response(self, turn: Turn) -> str:
        """Return the plain question, the one after a correction, or the one that comes back."""
        if turn.slot("asked") == self.slot and turn.order_number:
            return "utter_ask_contact_corrected"
        return super().response(turn)


class CheckIdentity(Journey):
    """Has the desk check what the form collected, then answers the question that waited."""

    action_name = "action_check_identity"

    async def answer(self, turn: Turn) -> list[Event]:
        """Answer the waiting question, ask once more, or offer a person."""
        proof = _proof(turn.slot("contact"))
        number = turn.slot("order_number")
        if proof is None or not number:
            return self._offer_person(turn)
        check = await turn.ports.helpdesk.check_identity(turn.conversation, number, proof)
        if check.identity is None:
            return self._refused(turn, check)
        turn.identity = Identity(check.identity.customer_id, check.identity.orders)
        turn.order_number = number
        turn.tracking_number = turn.slot("tracking_number")
        answered = await self._waiting_journey(turn).answer(turn)
        return [*_forgotten(turn, keep_order=True), *answered]

    def _waiting_journey(self, turn: Turn) -> OrderJourney:
        for journey in (ParcelTracking, OrderStatus):
            if turn.slot("pending_question") == journey.action_name:
                return journey(self.ports)
        return OrderStatus(self.ports)

    def _refused(self, turn: Turn, check: IdentityCheck) -> list[Event]:
        if check.locked_until is not None:
            turn.say("utter_identity_locked", {"time": turn.formats.clock(check.locked_until)})
            turn.offered = Reason.IDENTITY_LOCKED
            return _forgotten(turn)
        tries = (turn.slot("identity_tries") or 0.0) + 1
        if tries >= MAX_TRIES:
            return self._offer_person(turn)
        return [
            SlotSet("identity_problem", "refused"),
            SlotSet("order_number", None),
            SlotSet("contact", None),
            SlotSet("identity_tries", tries),
            # Not by FollowupAction: activating the form anew would read the same message again.
            ActiveLoop(IDENTITY_FORM),
        ]

    def _offer_person(self, turn: Turn) -> list[Event]:
        turn.say("utter_identity_gave_up")
        turn.offered = Reason.BEYOND_ASSISTANT
        return _forgotten(turn)


def _forgotten(turn: Turn, *, keep_order: bool = False) -> list[Event]:
    slots = ["contact", "pending_question", "identity_tries", "asked", "identity_problem"]
    if not keep_order:
        slots += ["order_number", "tracking_number"]
    return [SlotSet(slot, None) for slot in slots if turn.slot(slot) is not None]


def _unusable(turn: Turn) -> Slots:
    tries = (turn.slot("identity_tries") or 0.0) + 1
    if tries >= MAX_TRIES:
        # Ends the form; the check that follows finds nothing to check and offers a person.
        return {"identity_tries": tries, REQUESTED_SLOT: None}
    return {"identity_tries": tries, "identity_problem": "unclear"}


def _gives_contact(turn: Turn) -> bool:
    return bool(turn.entity("email") or turn.entity("phone"))


def _is_checked(turn: Turn) -> bool:
    """Tell whether this message was checked and refused: it is not to be read once more."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") == CheckIdentity.action_name:
            return True
    return False


def _can_be_order_number(value: str) -> bool:
    key = number_key(value)
    digits = sum(character.isdigit() for character in key)
    return key.isascii() and key.isalnum() and digits >= FEWEST_DIGITS


def _last4(text: str) -> str | None:
    """Return the phone's last four digits given in a text, None when it gives none for sure."""
    whole = PHONE.search(text)
    if whole:
        return whole[0][-4:]
    found = LAST4.findall(text) if len(text) <= LONGEST_NUMBER_ANSWER else []
    return found[0] if len(found) == 1 else None


def _proof(contact: Any) -> Proof | None:
    if not isinstance(contact, dict):
        return None
    if "phone_last4" in contact:
        return PhoneProof(contact["phone_last4"])
    return EmailProof(contact["email_message"])
