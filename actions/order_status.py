"""Where an order stands: unpaid, packed, sent in one parcel or several, cancelled, refunded."""

from collections import Counter
from datetime import datetime

from rasa_sdk.events import SlotSet

from actions import words
from actions.cards import Card, order_card
from actions.orders import OrderJourney, order_in_question
from actions.parcels import MOVING, Saying, arrival, is_late, parcel_saying
from actions.turn import Choice, Event, Turn, payload
from integrations.shop.models import (
    Order,
    OrderState,
    Refund,
    Shipment,
    ShipmentState,
)

WAITING = (OrderState.PAID, OrderState.PACKED)


class OrderStatus(OrderJourney):
    """Answers `check_order_status`."""

    action_name = "action_order_status"
    intent = "check_order_status"

    async def answer_about_orders(self, turn: Turn) -> list[Event]:
        """Tell where the order in question stands."""
        order = await order_in_question(turn)
        await tell_order(turn, order)
        return [SlotSet("order_number", order.number)]


async def tell_order(turn: Turn, order: Order) -> None:
    """Say where an order stands, with its card."""
    parcels = await turn.ports.shop.shipments_of(order.number)
    card = order_card(order, parcels, turn.language)
    if order.state is OrderState.SHIPPED and len(parcels) > 1:
        _tell_split(turn, order, parcels, card)
    else:
        _saying(turn, order, parcels).to(turn, card=card)
    if order.state is OrderState.SHIPPED:
        _tell_rest(turn, order)
    if order.state is OrderState.CANCELLED:
        for refund in await turn.ports.shop.refunds_of(order.number):
            _refund_saying(turn, refund).to(turn)


def _saying(turn: Turn, order: Order, parcels: list[Shipment]) -> Saying:
    match order.state:
        case OrderState.PENDING_PAYMENT:
            return _unpaid(turn, order)
        case OrderState.PAID | OrderState.PACKED:
            return _waiting(turn, order)
        case OrderState.SHIPPED:
            return _shipped(turn, order, parcels)
        case OrderState.DELIVERED:
            return _delivered(turn, order, parcels)
        case OrderState.COMPLETED:
            return Saying("utter_order_completed", {"number": order.number})
        case OrderState.CANCELLED:
            return _dated(turn, "utter_order_cancelled", order, order.cancelled_at)


def _unpaid(turn: Turn, order: Order) -> Saying:
    due = order.payment_due_at
    if due is None:
        return Saying("utter_order_pending_payment_undated", {"number": order.number})
    left = due - turn.formats.now
    values = {"number": order.number, "deadline": turn.formats.moment(due)}
    if left.total_seconds() <= 0:
        return Saying("utter_order_payment_overdue", values)
    values["left"] = turn.formats.left(left)
    return Saying("utter_order_pending_payment", values)


def _waiting(turn: Turn, order: Order) -> Saying:
    if order.ship_by and order.ship_by < turn.formats.now:
        return _dated(turn, "utter_order_dispatch_late", order, order.ship_by)
    return _dated(turn, f"utter_order_{order.state.value}", order, order.ship_by)


def _shipped(turn: Turn, order: Order, parcels: list[Shipment]) -> Saying:
    if not parcels:
        # Marked shipped before the carrier has told us a number.
        return _dated(turn, "utter_order_packed", order, None)
    parcel = parcels[0]
    if parcel.state not in MOVING or is_late(parcel, turn.formats):
        return parcel_saying(parcel, turn)
    values = {
        "number": order.number,
        "carrier": words.carrier(parcel.carrier, turn.language),
        "eta": arrival(parcel, turn.formats),
    }
    return Saying("utter_order_shipped" if values["eta"] else "utter_order_shipped_undated", values)


def _delivered(turn: Turn, order: Order, parcels: list[Shipment]) -> Saying:
    scans = [event for parcel in parcels for event in parcel.events]
    arrived = [event.at for event in scans if event.state is ShipmentState.DELIVERED]
    return _dated(turn, "utter_order_delivered", order, max(arrived, default=None))


def _dated(turn: Turn, response: str, order: Order, when: datetime | None) -> Saying:
    if when is None:
        return Saying(f"{response}_undated", {"number": order.number})
    return Saying(response, {"number": order.number, "date": turn.formats.plain_day(when)})


def _refund_saying(turn: Turn, refund: Refund) -> Saying:
    paid = refund.paid_at
    return Saying(
        f"utter_order_refund_{refund.state.value}",
        {
            "amount": turn.formats.money(refund.amount),
            "date": turn.formats.plain_day(paid or refund.promised_by),
        },
    )


def _tell_split(turn: Turn, order: Order, parcels: list[Shipment], card: Card) -> None:
    states = Counter(parcel.state for parcel in parcels)
    summary = [words.parcels(count, state, turn.language) for state, count in states.items()]
    turn.say(
        "utter_order_split",
        {
            "number": order.number,
            "count": len(parcels),
            "summary": turn.formats.listed(summary),
        },
        card=card,
        choices=parcel_choices(turn, parcels),
    )


def _tell_rest(turn: Turn, order: Order) -> None:
    waiting = [line for line in order.lines if line.state in WAITING]
    if waiting:
        names = [line.name.in_language(turn.language) for line in waiting]
        turn.say("utter_order_rest_waiting", {"names": turn.formats.listed(names)})


def parcel_choices(turn: Turn, parcels: list[Shipment]) -> tuple[Choice, ...]:
    """Return one choice per parcel, each asking where it is."""
    return tuple(
        Choice(
            title=" · ".join(
                (
                    words.carrier(parcel.carrier, turn.language),
                    parcel.tracking_number,
                    words.shipment_state(parcel.state, turn.language),
                )
            ),
            payload=payload("track_parcel", tracking_number=parcel.tracking_number),
        )
        for parcel in parcels
    )
