"""Which order a question is about, and whether this shopper may know: shared by order journeys."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from rasa_sdk.events import FollowupAction, SlotSet

from actions import words
from actions.base import Journey
from actions.entitlement import Identity
from actions.turn import Choice, Event, Turn, payload
from integrations.shop.errors import NotInShop
from integrations.shop.models import Order, OrderState

IDENTITY_FORM = "identity_form"

OPEN_STATES = (
    OrderState.PENDING_PAYMENT,
    OrderState.PAID,
    OrderState.PACKED,
    OrderState.SHIPPED,
)
"""An order in one of these is still on someone's mind."""

ORDERS_READ = 20
CHOICES_SHOWN = 5
"""More than a phone shows at once helps nobody choose."""


class IdentityUnproven(Exception):
    """The shopper has not proven that the order is theirs."""


class OrderNotTheirs(Exception):
    """No such order among the shopper's: it does not exist, or is someone else's."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class ParcelNotTheirs(Exception):
    """No such parcel among the shopper's orders."""

    def __init__(self, tracking_number: str) -> None:
        super().__init__(tracking_number)
        self.tracking_number = tracking_number


class NoOrders(Exception):
    """The customer has not ordered anything."""


class SeveralOrders(Exception):
    """More than one order may be meant."""

    def __init__(self, orders: Sequence[Order]) -> None:
        super().__init__(len(orders))
        self.orders = tuple(orders)


class OrderJourney(Journey):
    """A journey about the shopper's own orders.

    A subclass answers in `answer_about_orders` and lets the facts above pass: unproven starts the
    identity form, which comes back here; the others have their own words.
    """

    intent: ClassVar[str]
    """What picking an order among several asks again."""

    @abstractmethod
    async def answer_about_orders(self, turn: Turn) -> list[Event]:
        """Say the answer and return the events that follow from it."""

    async def answer(self, turn: Turn) -> list[Event]:
        """Answer about an order the shopper may see."""
        try:
            return await self.answer_about_orders(turn)
        except IdentityUnproven:
            return self._ask_for_proof(turn)
        except OrderNotTheirs as fact:
            turn.say("utter_order_not_found", {"number": fact.number})
            return [SlotSet("order_number", None)]
        except ParcelNotTheirs as fact:
            turn.say("utter_parcel_not_found", {"tracking_number": fact.tracking_number})
            return [SlotSet("tracking_number", None)]
        except NoOrders:
            turn.say("utter_no_orders")
            return []
        except SeveralOrders as fact:
            turn.say("utter_which_order", choices=self._choices(turn, fact.orders))
            return []

    def _ask_for_proof(self, turn: Turn) -> list[Event]:
        question = SlotSet("pending_question", self.name())
        if turn.tracker.active_loop_name == IDENTITY_FORM:
            # The form is asking already; it goes on by itself, and this question waits for it.
            return [question]
        forgotten = [] if turn.order_number else [SlotSet("order_number", None)]
        return [
            question,
            *forgotten,
            SlotSet("contact", None),
            SlotSet("identity_tries", None),
            SlotSet("asked", None),
            SlotSet("identity_problem", None),
            FollowupAction(IDENTITY_FORM),
        ]

    def _choices(self, turn: Turn, orders: Sequence[Order]) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                title=" · ".join(
                    (
                        order.number,
                        words.order_state(order.state, turn.language),
                        turn.formats.day(order.placed_at),
                    )
                ),
                payload=payload(self.intent, order_number=order.number),
            )
            for order in orders[:CHOICES_SHOWN]
        )


async def visible_order(turn: Turn, number: str) -> Order:
    """Return one order the shopper may see.

    Raises:
        IdentityUnproven: an anonymous shopper, or one who has proven other orders only.
        OrderNotTheirs: a signed-in shopper's account has no such order.
    """
    identity = _proven(turn)
    if not identity.is_signed_in and not identity.names(number):
        raise IdentityUnproven
    try:
        order = await turn.ports.shop.order(number)
    except NotInShop:
        raise OrderNotTheirs(number) from None
    if not identity.covers(order):
        raise OrderNotTheirs(number)
    return order


async def order_in_question(turn: Turn, wanted: Sequence[OrderState] = OPEN_STATES) -> Order:
    """Return the order named in the message, or the only one that can be meant.

    Args:
        wanted: the states an order is likely asked about in; the rest come into question only
            when no order is in one of these.

    Raises:
        IdentityUnproven, OrderNotTheirs: as `visible_order`.
        NoOrders: there is none to ask about.
        SeveralOrders: the shopper must choose.
    """
    if turn.order_number:
        return await visible_order(turn, turn.order_number)
    own = await own_orders(turn)
    likely = [order for order in own if order.state in wanted] or own
    if not likely:
        raise NoOrders
    if len(likely) > 1:
        raise SeveralOrders(likely)
    return likely[0]


async def own_orders(turn: Turn) -> list[Order]:
    """Return the orders the shopper may see, newest first.

    Raises:
        IdentityUnproven: an anonymous shopper.
    """
    identity = _proven(turn)
    if identity.orders is None:
        return await turn.ports.shop.orders_of(identity.customer_id, limit=ORDERS_READ)
    found = [await visible_order(turn, number) for number in identity.orders]
    return sorted(found, key=lambda order: order.placed_at, reverse=True)


def _proven(turn: Turn) -> Identity:
    if turn.identity is None:
        raise IdentityUnproven
    return turn.identity
