"""How the values of an exported row become a table's record.

Each function takes the values by column and the line they stand on, and raises `BadValue`.
"""

from decimal import Decimal
from typing import Any

from integrations.shop.importing.problems import BadValue
from integrations.shop.importing.values import LONGEST_NUMBER
from integrations.shop.keys import number_key
from integrations.shop.models import Money, ShipmentState
from integrations.shop.money import TooManyDecimals, to_minor
from integrations.shop.sql.rows import Record, event_digest


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
    if not 0 < len(key) <= LONGEST_NUMBER:
        raise BadValue(f"{number!r} is not a number anyone could ask for", column)
    return key


def customer_record(row: dict[str, Any], _: int) -> Record:
    """Return a customer."""
    return (
        *(row["id"], row["name"], row["locale"], row["email"], row["phone"]),
        *(row["tier"], row["points"]),
    )


def product_record(row: dict[str, Any], _: int) -> Record:
    """Return a product."""
    return (
        *(row["sku"], *_both(row, "name"), row["category"], _minor(row, "price")),
        *(row["currency"], row["stock"], row["restock_on"], row["warranty_months"]),
    )


def attribute_record(row: dict[str, Any], line: int) -> Record:
    """Return an attribute of a product; attributes keep the order of the file."""
    return (row["sku"], row["code"], *_both(row, "text"), line)


def order_record(row: dict[str, Any], _: int) -> Record:
    """Return an order."""
    if not row["phone"] and not row["email"]:
        # Shoppers prove that an order is theirs with one of the two.
        raise BadValue("neither phone nor e-mail", "phone")
    return (
        *(row["number"], _key(row["number"], "number"), row["customer_id"], row["state"]),
        *(row["placed_at"], _minor(row, "total"), row["currency"], row["phone"], row["email"]),
        *(row["address"], row["payment_due_at"], row["ship_by"], row["deliver_by"]),
        row["cancelled_at"],
    )


def order_line_record(row: dict[str, Any], line: int) -> Record:
    """Return an order line; without an id it is known by its SKU."""
    return (
        *(row["order_number"], row["id"] or row["sku"], row["sku"]),
        *(*_both(row, "name", otherwise=row["sku"]), row["quantity"]),
        *(_minor(row, "unit_price"), row["currency"], row["state"], line),
    )


def shipment_record(row: dict[str, Any], _: int) -> Record:
    """Return a parcel."""
    number, kind = row["tracking_number"], row["exception_kind"]
    if kind and row["state"] != ShipmentState.EXCEPTION:
        raise BadValue(f"the parcel is {row['state']}, not an exception", "exception_kind")
    return (
        *(number, _key(number, "tracking_number"), row["carrier"], row["order_number"]),
        *(row["state"], kind, row["estimated_from"], row["estimated_to"]),
    )


def shipment_line_record(row: dict[str, Any], line: int) -> Record:
    """Return which order line a parcel holds."""
    return (row["tracking_number"], row["line_id"], line)


def shipment_event_record(row: dict[str, Any], _: int) -> Record:
    """Return a scan; its id is a digest of what it says."""
    texts = _both(row, "description", otherwise=row["state"])
    number, at, state = row["tracking_number"], row["at"], row["state"]
    zh, en = row["location_zh"], row["location_en"]
    digest = event_digest(number, at, state, *texts)
    return (number, digest, at, state, *texts, zh or en, en or zh)


def return_record(row: dict[str, Any], _: int) -> Record:
    """Return a return."""
    return (
        *(row["number"], row["order_number"], row["line_id"], row["kind"], row["state"]),
        *(row["reason"], row["quantity"], row["requested_at"], row["decided_at"]),
    )


def refund_record(row: dict[str, Any], _: int) -> Record:
    """Return a refund."""
    return (
        *(row["id"], row["order_number"], row["return_number"], _minor(row, "amount")),
        *(row["currency"], row["method"], row["state"], row["created_at"]),
        *(row["promised_by"], row["paid_at"]),
    )
