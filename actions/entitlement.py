"""Who may see which order: decided here and nowhere else."""

from dataclasses import dataclass
from typing import Any

from integrations.shop.keys import number_key
from integrations.shop.models import Order


@dataclass(frozen=True, slots=True)
class Identity:
    """What a shopper has proven to the desk."""

    customer_id: str
    orders: tuple[str, ...] | None
    """The orders proven one by one; None = signed in, every order of the customer."""

    @property
    def is_signed_in(self) -> bool:
        """Whether the shop itself vouches for the shopper."""
        return self.orders is None

    def names(self, number: str) -> bool:
        """Tell whether the order was proven by its number; false for any when signed in."""
        return number_key(number) in {number_key(proven) for proven in self.orders or ()}

    def covers(self, order: Order) -> bool:
        """Tell whether the shopper may see the order."""
        if order.customer_id != self.customer_id:
            return False
        return self.is_signed_in or self.names(order.number)


def identity_of(metadata: dict[str, Any]) -> Identity | None:
    """Read the identity the desk sent with a message; None for an anonymous shopper."""
    sent = metadata.get("identity")
    if not sent:
        return None
    orders = sent.get("orders")
    return Identity(str(sent["customer_id"]), None if orders is None else tuple(orders))
