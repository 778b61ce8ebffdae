"""A whole shop's facts at once: what a seed makes and what a store takes in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.shop.models import Customer, Order, Product, Refund, Return, Shipment


@dataclass(slots=True)
class ShopFacts:
    """Facts that fit together: every reference is to something in here."""

    customers: list[Customer] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)

    def __iter__(self) -> Iterator[Customer | Product | Order | Shipment | Return | Refund]:
        """Yield every fact, what is referred to before what refers to it."""
        yield from self.customers
        yield from self.products
        yield from self.orders
        yield from self.shipments
        yield from self.returns
        yield from self.refunds
