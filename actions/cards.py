"""Cards: the facts of an order, a parcel or a product for the widget to draw.

Names are in the shopper's language; states stay codes, which the widget names itself.
"""

from typing import Any

from actions import words
from actions.words import Language
from integrations.shop.models import Money, Order, OrderState, Product, Shipment, ShipmentEvent

Card = dict[str, Any]


def order_card(order: Order, parcels: list[Shipment], language: Language) -> Card:
    """Return an order with its lines and parcels."""
    card: Card = {
        "type": "order",
        "number": order.number,
        "state": order.state.value,
        "placed_at": order.placed_at.isoformat(),
        "total": _money(order.total),
        "lines": [
            {
                "name": line.name.in_language(language),
                "quantity": line.quantity,
                "price": _money(line.unit_price),
                "state": line.state.value,
            }
            for line in order.lines
        ],
        "parcels": [
            {
                "tracking_number": parcel.tracking_number,
                "carrier": parcel.carrier,
                "carrier_name": words.carrier(parcel.carrier, language),
                "state": parcel.state.value,
            }
            for parcel in parcels
        ],
    }
    if order.payment_due_at and order.state is OrderState.PENDING_PAYMENT:
        card["payment_due_at"] = order.payment_due_at.isoformat()
    if order.deliver_by:
        card["deliver_by"] = order.deliver_by.isoformat()
    return card


def parcel_card(parcel: Shipment, language: Language) -> Card:
    """Return a parcel with its timeline, newest event first."""
    card: Card = {
        "type": "parcel",
        "tracking_number": parcel.tracking_number,
        "carrier": parcel.carrier,
        "carrier_name": words.carrier(parcel.carrier, language),
        "order_number": parcel.order_number,
        "state": parcel.state.value,
        "events": [_event(event, language) for event in parcel.events],
    }
    if parcel.exception_kind:
        card["exception"] = parcel.exception_kind.value
    if parcel.estimated_from:
        card["estimated_from"] = parcel.estimated_from.isoformat()
    if parcel.estimated_to:
        card["estimated_to"] = parcel.estimated_to.isoformat()
    return card


def product_card(product: Product, language: Language) -> Card:
    """Return a product with everything its record says."""
    card: Card = {
        "type": "product",
        "sku": product.sku,
        "name": product.name.in_language(language),
        "price": _money(product.price),
        "in_stock": product.stock > 0,
        "attributes": [
            {"name": words.attribute(code, language), "value": value.in_language(language)}
            for code, value in product.attributes.items()
        ],
    }
    if product.restock_on and product.stock <= 0:
        card["restock_on"] = product.restock_on.isoformat()
    return card


def _money(money: Money) -> dict[str, str]:
    return {"amount": str(money.amount), "currency": money.currency}


def _event(event: ShipmentEvent, language: Language) -> dict[str, str]:
    told = {
        "at": event.at.isoformat(),
        "state": event.state.value,
        "text": event.description.in_language(language),
    }
    if event.location:
        told["location"] = event.location.in_language(language)
    return told
