"""Where a parcel is, with its timeline."""

from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.cards import parcel_card
from actions.entitlement import Identity
from actions.order_status import parcel_choices, tell_order
from actions.orders import (
    IdentityUnproven,
    OrderJourney,
    OrderNotTheirs,
    ParcelNotTheirs,
    order_in_question,
    visible_order,
)
from actions.parcels import parcel_saying
from actions.turn import Event, Turn
from integrations.shop.errors import NotInShop
from integrations.shop.keys import number_key
from integrations.shop.models import Order, OrderState, Shipment

ON_THE_WAY = (OrderState.SHIPPED,)


class ParcelTracking(OrderJourney):
    """Answers `track_parcel`."""

    action_name = "action_track_parcel"
    intent = "track_parcel"

    async def answer_about_orders(self, turn: Turn) -> list[Event]:
        """Tell where the parcel in question is, or how its order stands if none was sent."""
        if turn.identity is None:
            raise IdentityUnproven
        if turn.tracking_number and not turn.order_number:
            parcel = await _visible_parcel(turn, turn.identity, turn.tracking_number)
            _tell_parcel(turn, parcel)
            return _remembered(parcel.order_number)
        order = await _order(turn)
        parcels = await turn.ports.shop.shipments_of(order.number)
        named = _named(parcels, turn.tracking_number)
        if not parcels:
            await tell_order(turn, order)
        elif len(named) == 1:
            _tell_parcel(turn, named[0])
        else:
            turn.say(
                "utter_which_parcel",
                {"number": order.number, "count": len(parcels)},
                choices=parcel_choices(turn, parcels),
            )
        return _remembered(order.number)


async def _order(turn: Turn) -> Order:
    talked_about = turn.slot("order_number")
    if not turn.order_number and talked_about:
        try:
            return await visible_order(turn, talked_about)
        except (IdentityUnproven, OrderNotTheirs):
            # It was asked about and never proven; the shopper's own orders are meant now.
            pass
    return await order_in_question(turn, ON_THE_WAY)


async def _visible_parcel(turn: Turn, identity: Identity, tracking_number: str) -> Shipment:
    try:
        parcel = await turn.ports.shop.shipment(tracking_number)
        order = await turn.ports.shop.order(parcel.order_number)
    except NotInShop:
        raise ParcelNotTheirs(tracking_number) from None
    if not identity.covers(order):
        raise ParcelNotTheirs(tracking_number)
    return parcel


def _named(parcels: Sequence[Shipment], tracking_number: str | None) -> list[Shipment]:
    key = number_key(tracking_number or "")
    return [parcel for parcel in parcels if number_key(parcel.tracking_number) == key] or list(
        parcels
    )


def _tell_parcel(turn: Turn, parcel: Shipment) -> None:
    parcel_saying(parcel, turn).to(turn, card=parcel_card(parcel, turn.language))


def _remembered(order_number: str) -> list[Event]:
    return [SlotSet("order_number", order_number), SlotSet("tracking_number", None)]
