"""A shop in memory, with the port's whole contract, that can be told to be slow or down."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from integrations.shop import search
from integrations.shop.errors import NotInShop, ShopTimeout, ShopUnavailable
from integrations.shop.keys import number_key
from integrations.shop.models import Customer, Order, Product, Refund, Return, Shipment
from integrations.shop.ordering import first_scan, newest_first
from integrations.shop.ranking import rank

Fact = TypeVar("Fact", Shipment, Return, Refund)


class FakeShop:
    """A shop made of what is added to it.

    `down()` makes every call raise `ShopUnavailable`; `slow(seconds)` makes every call wait first,
    and raise `ShopTimeout` when that is longer than the time limit. `up()` ends both.
    """

    def __init__(
        self,
        *facts: Customer | Product | Order | Shipment | Return | Refund,
        timeout_seconds: float = 5.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Hold `facts`; `sleep` is what `slow` waits with."""
        self.customers: dict[str, Customer] = {}
        self.products: dict[str, Product] = {}
        self.orders: dict[str, Order] = {}
        self.shipments: dict[str, Shipment] = {}
        self.returns: dict[str, Return] = {}
        self.refunds: dict[str, Refund] = {}
        self.calls: Counter[str] = Counter()
        """How often each method was asked."""
        self._timeout = timeout_seconds
        self._sleep = sleep
        self._down = False
        self._delay = 0.0
        self.add(*facts)

    def add(self, *facts: Customer | Product | Order | Shipment | Return | Refund) -> None:
        """Add facts, or replace those of the same number."""
        for fact in facts:
            match fact:
                case Customer():
                    self.customers[fact.id] = fact
                case Product():
                    self.products[fact.sku] = fact
                case Order():
                    self.orders[number_key(fact.number)] = fact
                case Shipment():
                    self.shipments[number_key(fact.tracking_number)] = fact
                case Return():
                    self.returns[fact.number] = fact
                case Refund():
                    self.refunds[fact.id] = fact

    def down(self) -> None:
        """Fail from now on."""
        self._down = True

    def slow(self, seconds: float) -> None:
        """Answer after `seconds` from now on."""
        self._delay = seconds

    def up(self) -> None:
        """Answer at once again."""
        self._down, self._delay = False, 0.0

    async def ping(self) -> None:
        """Raise `ShopUnavailable` when told to be down."""
        await self._answer("ping")

    async def close(self) -> None:
        """Do nothing: there are no connections."""

    async def customer(self, customer_id: str) -> Customer:
        """Return one customer."""
        await self._answer("customer")
        try:
            return self.customers[customer_id]
        except KeyError:
            raise NotInShop("customer", customer_id) from None

    async def order(self, number: str) -> Order:
        """Return one order."""
        await self._answer("order")
        try:
            return self.orders[number_key(number)]
        except KeyError:
            raise NotInShop("order", number) from None

    async def orders_of(self, customer_id: str, *, limit: int = 20) -> list[Order]:
        """Return a customer's orders, newest first."""
        await self._answer("orders_of")
        own = [order for order in self.orders.values() if order.customer_id == customer_id]
        own.sort(key=lambda order: (order.placed_at, order.number), reverse=True)
        return own[:limit]

    async def shipments_of(self, order_number: str) -> list[Shipment]:
        """Return the parcels of an order, first shipped first."""
        await self._answer("shipments_of")
        own = _of(order_number, self.shipments.values())
        return sorted(map(_in_order, own), key=first_scan)

    async def shipment(self, tracking_number: str) -> Shipment:
        """Return one parcel by its tracking number."""
        await self._answer("shipment")
        try:
            return _in_order(self.shipments[number_key(tracking_number)])
        except KeyError:
            raise NotInShop("shipment", tracking_number) from None

    async def returns_of(self, order_number: str) -> list[Return]:
        """Return an order's returns, newest first."""
        await self._answer("returns_of")
        own = _of(order_number, self.returns.values())
        return sorted(own, key=lambda entry: (entry.requested_at, entry.number), reverse=True)

    async def refunds_of(self, order_number: str) -> list[Refund]:
        """Return an order's refunds, newest first."""
        await self._answer("refunds_of")
        own = _of(order_number, self.refunds.values())
        return sorted(own, key=lambda refund: (refund.created_at, refund.id), reverse=True)

    async def product(self, sku: str) -> Product:
        """Return one product."""
        await self._answer("product")
        try:
            return self.products[sku]
        except KeyError:
            raise NotInShop("product", sku) from None

    async def find_products(self, text: str, *, limit: int = 5) -> list[Product]:
        """Return the products whose name is most like `text`, best first."""
        await self._answer("find_products")
        asked = search.query_terms(text)
        having: Counter[str] = Counter()
        shared: list[Product] = []
        for product in self.products.values():
            common = search.product_terms(product) & asked
            having.update(common)
            if common:
                shared.append(product)
        known = search.weights(having, len(self.products))
        return rank(text, shared, known, limit=limit)

    async def catalogue(self) -> AsyncIterator[Product]:
        """Yield every product, in SKU order."""
        await self._answer("catalogue")
        for sku in sorted(self.products):
            yield self.products[sku]

    async def _answer(self, method: str) -> None:
        self.calls[method] += 1
        if self._delay:
            await self._sleep(min(self._delay, self._timeout))
        if self._delay > self._timeout:
            raise ShopTimeout(f"no answer within {self._timeout:g} s")
        if self._down:
            raise ShopUnavailable("told to be down")


def _in_order(parcel: Shipment) -> Shipment:
    return replace(parcel, events=newest_first(parcel.events))


def _of(number: str, facts: Iterable[Fact]) -> list[Fact]:
    key = number_key(number)
    return [fact for fact in facts if number_key(fact.order_number) == key]
