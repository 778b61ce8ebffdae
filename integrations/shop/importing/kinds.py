"""The kinds of records a merchant can import: their columns, and how a row becomes a record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from integrations.shop.importing import records
from integrations.shop.importing import values as v
from integrations.shop.models import (
    ExceptionKind,
    OrderState,
    RefundState,
    ReturnState,
    ShipmentState,
)
from integrations.shop.sql import tables as t
from integrations.shop.sql.rows import Record

LOCALES = ("zh", "en")
TIERS = ("standard", "silver", "gold")
RETURN_KINDS = ("return", "exchange", "repair")

NAME = v.text_of(300)
PARAGRAPH = v.text_of(4_000)
CODE = v.text_of(40)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of record."""

    name: str
    read: v.Reader
    required: bool = False
    default: Any = None
    """What an empty cell means, where it may be empty."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that must name a record of another kind, in the export or already in the shop."""

    columns: tuple[str, ...]
    kind: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of record."""

    name: str
    table: Table
    columns: tuple[Column, ...]
    record: Callable[[dict[str, Any], int], Record]
    """Values by column, and the line they stand on → the table's record."""
    references: tuple[Reference, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one record from another."""
        return tuple(column.name for column in self.table.primary_key)


def _texts(column: str, read: v.Reader) -> tuple[Column, Column]:
    return Column(f"{column}_zh", read), Column(f"{column}_en", read)


CURRENCY = Column("currency", v.currency, required=True)
ORDER = Reference(("order_number",), "orders", ("number",))
PARCEL = Reference(("tracking_number",), "shipments", ("tracking_number",))
LINE = Reference(("order_number", "line_id"), "order_lines", ("order_number", "id"))

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "customers",
            t.customers,
            (
                Column("id", v.number, required=True),
                Column("name", v.text_of(200), default=""),
                Column("locale", v.word_of(LOCALES), required=True),
                Column("email", v.email, default=""),
                Column("phone", v.phone, default=""),
                Column("tier", v.word_of(TIERS), default="standard"),
                Column("points", v.count_from(0), default=0),
            ),
            records.customer_record,
        ),
        Kind(
            "products",
            t.products,
            (
                Column("sku", v.number, required=True),
                *_texts("name", NAME),
                Column("category", CODE, default="other"),
                Column("price", v.amount, required=True),
                CURRENCY,
                Column("stock", v.count_from(0), default=0),
                Column("restock_on", v.day),
                Column("warranty_months", v.count_from(0)),
            ),
            records.product_record,
        ),
        Kind(
            "product_attributes",
            t.product_attributes,
            (
                Column("sku", v.number, required=True),
                Column("code", CODE, required=True),
                *_texts("text", PARAGRAPH),
            ),
            records.attribute_record,
            (Reference(("sku",), "products", ("sku",)),),
        ),
        Kind(
            "orders",
            t.orders,
            (
                Column("number", v.number, required=True),
                Column("customer_id", v.number, required=True),
                Column("state", v.word_of(OrderState), required=True),
                Column("placed_at", v.moment, required=True),
                Column("total", v.amount, required=True),
                CURRENCY,
                Column("phone", v.phone, default=""),
                Column("email", v.email, default=""),
                Column("address", PARAGRAPH, default=""),
                Column("payment_due_at", v.moment),
                Column("ship_by", v.moment),
                Column("deliver_by", v.moment),
                Column("cancelled_at", v.moment),
            ),
            records.order_record,
            (Reference(("customer_id",), "customers", ("id",)),),
        ),
        Kind(
            "order_lines",
            t.order_lines,
            (
                Column("order_number", v.number, required=True),
                Column("id", v.number),
                Column("sku", v.number, required=True),
                *_texts("name", NAME),
                Column("quantity", v.count_from(1), default=1),
                Column("unit_price", v.amount, required=True),
                CURRENCY,
                Column("state", v.word_of(OrderState)),
            ),
            records.order_line_record,
            (ORDER,),
        ),
        Kind(
            "shipments",
            t.shipments,
            (
                Column("tracking_number", v.number, required=True),
                Column("carrier", CODE, required=True),
                Column("order_number", v.number, required=True),
                Column("state", v.word_of(ShipmentState), required=True),
                Column("exception_kind", v.word_of(ExceptionKind)),
                Column("estimated_from", v.day),
                Column("estimated_to", v.day),
            ),
            records.shipment_record,
            (ORDER,),
        ),
        Kind(
            "shipment_lines",
            t.shipment_lines,
            (
                Column("tracking_number", v.number, required=True),
                Column("line_id", v.number, required=True),
            ),
            records.shipment_line_record,
            (PARCEL,),
        ),
        Kind(
            "shipment_events",
            t.shipment_events,
            (
                Column("tracking_number", v.number, required=True),
                Column("at", v.moment, required=True),
                Column("state", v.word_of(ShipmentState), required=True),
                *_texts("description", PARAGRAPH),
                *_texts("location", v.text_of(200)),
            ),
            records.shipment_event_record,
            (PARCEL,),
        ),
        Kind(
            "returns",
            t.returns,
            (
                Column("number", v.number, required=True),
                Column("order_number", v.number, required=True),
                Column("line_id", v.number, required=True),
                Column("kind", v.word_of(RETURN_KINDS), default="return"),
                Column("state", v.word_of(ReturnState), required=True),
                Column("reason", PARAGRAPH, default=""),
                Column("quantity", v.count_from(1), default=1),
                Column("requested_at", v.moment, required=True),
                Column("decided_at", v.moment),
            ),
            records.return_record,
            (LINE,),
        ),
        Kind(
            "refunds",
            t.refunds,
            (
                Column("id", v.number, required=True),
                Column("order_number", v.number, required=True),
                Column("return_number", v.number),
                Column("amount", v.amount, required=True),
                CURRENCY,
                Column("method", CODE, default=""),
                Column("state", v.word_of(RefundState), required=True),
                Column("created_at", v.moment, required=True),
                Column("promised_by", v.day, required=True),
                Column("paid_at", v.moment),
            ),
            records.refund_record,
            (ORDER, Reference(("return_number",), "returns", ("number",))),
        ),
    )
}
"""In an order in which each refers only to those before it."""
