"""What the desk asks of a shop. Adapters: `sql` (our own tables), `fake` (in memory, for tests)."""

from collections.abc import AsyncIterator
from typing import Protocol

from integrations.shop.models import Customer, Order, Product, Refund, Return, Shipment


class Shop(Protocol):
    """Read side of a shop.

    Every method raises `ShopUnavailable` (or `ShopTimeout`) when the back end fails, and
    `NotInShop` where it names one record that does not exist.
    """

    async def ping(self) -> None:
        """Raise `ShopUnavailable` unless the shop answers."""

    async def customer(self, customer_id: str) -> Customer:
        """Return one customer."""

    async def order(self, number: str) -> Order:
        """Return one order; the number is compared without regard to case, spaces and dashes."""

    async def orders_of(self, customer_id: str, *, limit: int = 20) -> list[Order]:
        """Return a customer's orders, newest first."""

    async def shipments_of(self, order_number: str) -> list[Shipment]:
        """Return the parcels of an order, first shipped first; empty when none has shipped."""

    async def shipment(self, tracking_number: str) -> Shipment:
        """Return one parcel by its tracking number."""

    async def returns_of(self, order_number: str) -> list[Return]:
        """Return an order's returns, newest first."""

    async def refunds_of(self, order_number: str) -> list[Refund]:
        """Return an order's refunds, newest first."""

    async def product(self, sku: str) -> Product:
        """Return one product."""

    async def find_products(self, text: str, *, limit: int = 5) -> list[Product]:
        """Return the products whose name, in either language, is most like `text`, best first."""

    def catalogue(self) -> AsyncIterator[Product]:
        """Yield every product, in SKU order, without holding them all in memory."""

    async def close(self) -> None:
        """Give back connections."""
