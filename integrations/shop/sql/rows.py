"""Between table rows and the shop's facts, in both directions."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Row

from integrations.shop.keys import number_key
from integrations.shop.models import (
    Customer,
    ExceptionKind,
    LocalizedText,
    Order,
    OrderLine,
    OrderState,
    Product,
    Refund,
    RefundState,
    Return,
    ReturnState,
    Shipment,
    ShipmentEvent,
    ShipmentState,
)
from integrations.shop.money import from_minor, to_minor
from integrations.shop.ordering import newest_first

Word = TypeVar("Word", bound=StrEnum)
Record = tuple[Any, ...]
"""Values in the order of a table's columns."""


class UnknownWord(Exception):
    """The database holds a state we have no name for."""


def _word(kind: type[Word], value: str) -> Word:
    try:
        return kind(value)
    except ValueError:
        raise UnknownWord(f"{kind.__name__} {value!r}") from None


def event_digest(number: str, at: datetime, state: str, zh: str, en: str) -> str:
    """Return an event's id: a digest of its content, the same at each import of it."""
    content = "\0".join((number, at.astimezone(UTC).isoformat(), state, zh, en))
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def _pair(text: LocalizedText) -> tuple[str, str]:
    return text.zh, text.en


def to_customer(row: Row[Any]) -> Customer:
    """Read one customer."""
    return Customer(row.id, row.name, row.locale, row.email, row.phone, row.tier, row.points)


def to_product(row: Row[Any], attributes: Iterable[Row[Any]]) -> Product:
    """Read one product with its attributes in their order."""
    return Product(
        sku=row.sku,
        name=LocalizedText(row.name_zh, row.name_en),
        category=row.category,
        price=from_minor(row.price, row.currency),
        stock=row.stock,
        restock_on=row.restock_on,
        attributes={entry.code: LocalizedText(entry.zh, entry.en) for entry in attributes},
        warranty_months=row.warranty_months,
    )


def to_order(row: Row[Any], lines: Iterable[Row[Any]]) -> Order:
    """Read one order with its lines in their order."""
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        state=_word(OrderState, row.state),
        placed_at=row.placed_at,
        total=from_minor(row.total, row.currency),
        phone=row.phone,
        email=row.email,
        address=row.address,
        lines=tuple(
            OrderLine(
                id=line.id,
                sku=line.sku,
                name=LocalizedText(line.name_zh, line.name_en),
                quantity=line.quantity,
                unit_price=from_minor(line.unit_price, line.currency),
                state=_word(OrderState, line.state),
            )
            for line in lines
        ),
        payment_due_at=row.payment_due_at,
        ship_by=row.ship_by,
        deliver_by=row.deliver_by,
        cancelled_at=row.cancelled_at,
    )


def to_shipment(row: Row[Any], lines: Iterable[Row[Any]], events: Iterable[Row[Any]]) -> Shipment:
    """Read one parcel with its contents and scans."""
    return Shipment(
        tracking_number=row.tracking_number,
        carrier=row.carrier,
        order_number=row.order_number,
        state=_word(ShipmentState, row.state),
        line_ids=tuple(line.line_id for line in lines),
        events=newest_first(
            ShipmentEvent(
                at=event.at,
                state=_word(ShipmentState, event.state),
                description=LocalizedText(event.description_zh, event.description_en),
                location=_place(event.location_zh, event.location_en),
            )
            for event in events
        ),
        exception_kind=row.exception_kind and _word(ExceptionKind, row.exception_kind),
        estimated_from=row.estimated_from,
        estimated_to=row.estimated_to,
    )


def _place(zh: str | None, en: str | None) -> LocalizedText | None:
    known = zh or en
    return LocalizedText(zh or known, en or known) if known else None


def to_return(row: Row[Any]) -> Return:
    """Read one return."""
    return Return(
        number=row.number,
        order_number=row.order_number,
        line_id=row.line_id,
        kind=row.kind,
        state=_word(ReturnState, row.state),
        reason=row.reason,
        quantity=row.quantity,
        requested_at=row.requested_at,
        decided_at=row.decided_at,
    )


def to_refund(row: Row[Any]) -> Refund:
    """Read one refund."""
    return Refund(
        id=row.id,
        order_number=row.order_number,
        return_number=row.return_number,
        amount=from_minor(row.amount, row.currency),
        method=row.method,
        state=_word(RefundState, row.state),
        created_at=row.created_at,
        promised_by=row.promised_by,
        paid_at=row.paid_at,
    )


def customer_record(c: Customer) -> Record:
    """Write one customer."""
    return (c.id, c.name, c.locale, c.email, c.phone, c.tier, c.points)


def product_record(p: Product) -> Record:
    """Write one product, without its attributes."""
    return (
        *(p.sku, p.name.zh, p.name.en, p.category, to_minor(p.price), p.price.currency),
        *(p.stock, p.restock_on, p.warranty_months),
    )


def attribute_records(p: Product) -> Iterator[Record]:
    """Write a product's attributes."""
    for position, (code, text) in enumerate(p.attributes.items()):
        yield (p.sku, code, text.zh, text.en, position)


def order_record(o: Order) -> Record:
    """Write one order, without its lines."""
    return (
        *(o.number, number_key(o.number), o.customer_id, o.state, o.placed_at),
        *(to_minor(o.total), o.total.currency, o.phone, o.email, o.address),
        *(o.payment_due_at, o.ship_by, o.deliver_by, o.cancelled_at),
    )


def line_records(o: Order) -> Iterator[Record]:
    """Write an order's lines."""
    for position, line in enumerate(o.lines):
        yield (
            *(o.number, line.id, line.sku, *_pair(line.name), line.quantity),
            *(to_minor(line.unit_price), line.unit_price.currency, line.state, position),
        )


def shipment_record(s: Shipment) -> Record:
    """Write one parcel, without its contents and scans."""
    return (
        *(s.tracking_number, number_key(s.tracking_number), s.carrier, s.order_number, s.state),
        *(s.exception_kind, s.estimated_from, s.estimated_to),
    )


def content_records(s: Shipment) -> Iterator[Record]:
    """Write which order lines a parcel holds."""
    for position, line_id in enumerate(s.line_ids):
        yield (s.tracking_number, line_id, position)


def event_records(s: Shipment) -> Iterator[Record]:
    """Write a parcel's scans."""
    for event in s.events:
        place: Sequence[str | None] = _pair(event.location) if event.location else (None, None)
        texts = _pair(event.description)
        digest = event_digest(s.tracking_number, event.at, event.state, *texts)
        yield (s.tracking_number, digest, event.at, event.state, *texts, *place)


def return_record(r: Return) -> Record:
    """Write one return."""
    return (
        *(r.number, r.order_number, r.line_id, r.kind, r.state, r.reason, r.quantity),
        *(r.requested_at, r.decided_at),
    )


def refund_record(r: Refund) -> Record:
    """Write one refund."""
    return (
        *(r.id, r.order_number, r.return_number, to_minor(r.amount), r.amount.currency),
        *(r.method, r.state, r.created_at, r.promised_by, r.paid_at),
    )
