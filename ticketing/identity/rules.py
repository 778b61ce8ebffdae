"""Comparing proofs, and what a proof opens. Pure."""

import hmac
from typing import Any


def last_four(phone: str) -> str:
    """Return the last four digits of a phone number, empty when it has fewer."""
    digits = "".join(character for character in phone if character in "0123456789")
    return digits[-4:] if len(digits) >= 4 else ""


def same(given: str, known: str) -> bool:
    """Compare in a time that does not tell how much was right; nothing equals nothing known."""
    equal = hmac.compare_digest(given.encode(), known.encode())
    return equal and bool(known)


def same_any(given: list[str], known: str) -> bool:
    """Tell whether one of several proofs is right; all are compared."""
    found = [same(one, known) for one in given]
    return any(found)


def proven(old: dict[str, Any] | None, customer_id: str, order_number: str) -> dict[str, Any]:
    """Return the identity after a proof for one order.

    Orders of one customer add up. A proof for somebody else's order replaces the identity: one
    conversation never holds two customers' orders at once.
    """
    if old is None or old["customer_id"] != customer_id:
        return {"customer_id": customer_id, "orders": [order_number]}
    if old["orders"] is None or order_number in old["orders"]:
        return old
    return {"customer_id": customer_id, "orders": [*old["orders"], order_number]}
