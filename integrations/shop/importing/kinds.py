"""The kinds of records a merchant can import: their columns, and how a row becomes a record."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Table

from integrations.shop.importing import values as v
from integrations.shop.importing.problems import BadValue
from integrations.shop.keys import number_key
from integrations.shop.models import (
    ExceptionKind,
    Money,
    OrderState,
    RefundState,
    ReturnState,
    ShipmentState,
)
from integrations.shop.money import TooManyDecimals, to_minor
from integrations.shop.sql import tables as t
from integrations.shop.sql.rows import Record, event_digest

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


def _minor(row: dict[str, Any], column: str) -> int:
    amount: Decimal = row[column]
    try:
        return to_minor(Money(amount, row["currency"]))
    except TooManyDecimals:
        reason = f"{amount} is finer than the smallest unit of {row['currency']}"
        raise BadValue(reason, column) from None


def _both(row: dict[str, Any], column: str, *, otherwise: str | None = None) -> tuple[str, str]:
    """Return a text in both languages; the one that is missing is the other's."""
    zh, en = row[f"{column}_zh"], row[f"{column}_en"]
    known = zh or en or otherwise
    if known is None:
        raise BadValue("empty in both languages", f"{column}_zh")
    return zh or known, en or known


def _key(number: str, column: str) -> str:
    key = number_key(number)
    if not 0 < len(key) <= v.LONGEST_NUMBER:
        raise BadValue(f"{number!r} is not a number anyone could ask for", column)
    return key


def _customer(row: dict[str, Any], _: int) -> Record:
    return (
        *(row["id"], row["name"], row["locale"], row["email"], row["phone"]),
        *(row["tier"], row["points"]),
    )


def _product(row: dict[str, Any], _: int) -> Record:
    return (
        *(row["sku"], *_both(row, "name"), row["category"], _minor(row, "price")),
        *(row["currency"], row["stock"], row["restock_on"], row["warranty_months"]),
    )


def _attribute(row: dict[str, Any], line: int) -> Record:
    return (row["sku"], row["code"], *_both(row, "text"), line)


def _order(row: dict[str, Any], _: int) -> Record:
    if not row["phone"] and not row["email"]:
        # Shoppers prove that an order is theirs with one of the two.
        raise BadValue("neither phone nor e-mail", "phone")
    return (
        *(row["number"], _key(row["number"], "number"), row["customer_id"], row["state"]),
        *(row["placed_at"], _minor(row, "total"), row["currency"], row["phone"], row["email"]),
        *(row["address"], row["payment_due_at"], row["ship_by"], row["deliver_by"]),
        row["cancelled_at"],
    )


def _order_line(row: dict[str, Any], line: int) -> Record:
    return (
        *(row["order_number"], row["id"] or row["sku"], row["sku"]),
        *(*_both(row, "name", otherwise=row["sku"]), row["quantity"]),
        *(_minor(row, "unit_price"), row["currency"], row["state"], line),
    )


def _shipment(row: dict[str, Any], _: int) -> Record:
    number, kind = row["tracking_number"], row["exception_kind"]
    if kind and row["state"] != ShipmentState.EXCEPTION:
        raise BadValue(f"the parcel is {row['state']}, not an exception", "exception_kind")
    return (
        *(number, _key(number, "tracking_number"), row["carrier"], row["order_number"]),
        *(row["state"], kind, row["estimated_from"], row["estimated_to"]),
    )


def _shipment_line(row: dict[str, Any], line: int) -> Record:
    return (row["tracking_number"], row["line_id"], line)


def _shipment_event(row: dict[str, Any], _: int) -> Record:
    texts = _both(row, "description", otherwise=row["state"])
    number, at, state = row["tracking_number"], row["at"], row["state"]
    zh, en = row["location_zh"], row["location_en"]
    digest = event_digest(number, at, state, *texts)
    return (number, digest, at, state, *texts, zh or en, en or zh)


def _return(row: dict[str, Any], _: int) -> Record:
    return (
        *(row["number"], row["order_number"], row["line_id"], row["kind"], row["state"]),
        *(row["reason"], row["quantity"], row["requested_at"], row["decided_at"]),
    )


def _refund(row: dict[str, Any], _: int) -> Record:
    return (
        *(row["id"], row["order_number"], row["return_number"], _minor(row, "amount")),
        *(row["currency"], row["method"], row["state"], row["created_at"]),
        *(row["promised_by"], row["paid_at"]),
    )


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
            _customer,
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
            _product,
        ),
        Kind(
            "product_attributes",
            t.product_attributes,
            (
                Column("sku", v.number, required=True),
                Column("code", CODE, required=True),
                *_texts("text", PARAGRAPH),
            ),
            _attribute,
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
            _order,
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
            _order_line,
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
            _shipment,
            (ORDER,),
        ),
        Kind(
            "shipment_lines",
            t.shipment_lines,
            (
                Column("tracking_number", v.number, required=True),
                Column("line_id", v.number, required=True),
            ),
            _shipment_line,
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
            _shipment_event,
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
            _return,
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
            _refund,
            (ORDER, Reference(("return_number",), "returns", ("number",))),
        ),
    )
}
"""In an order in which each refers only to those before it."""
