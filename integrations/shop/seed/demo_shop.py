"""The whole demo shop, made anew from one number and one moment."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from integrations.shop.facts import ShopFacts
from integrations.shop.seed.catalogue import products
from integrations.shop.seed.journeys import plan
from integrations.shop.seed.orders import Checkout
from integrations.shop.seed.parcels import Carriers
from integrations.shop.seed.people import residents
from integrations.shop.seed.returns import ReturnsDesk


@dataclass(frozen=True)
class Size:
    """How big the demo shop is; the catalogue always has its 300 products."""

    customers: int = 2_000
    orders: int = 10_000
    shipments: int = 12_000


def demo_shop(now: datetime, *, size: Size = Size(), seed: int = 1) -> ShopFacts:
    """Return the demo shop as it stands at `now` (timezone-aware): parcels move up to that moment.

    The same `now`, `size` and `seed` give the same shop.
    """
    rng = Random(seed)  # noqa: S311 (a demo must repeat itself)
    now = now.replace(microsecond=0)
    facts = ShopFacts(products=products(rng, now.date()))
    people = residents(rng, size.customers)
    facts.customers = [person.customer for person in people]
    carriers = Carriers(rng, now)
    checkout = Checkout(rng, now, facts.products, carriers)
    returns = ReturnsDesk(rng, now)
    foreigners = [person for person in people if person.place.country != "CN"]
    for journey in plan(rng, orders=size.orders, shipments=size.shipments):
        buyer = rng.choice(foreigners if journey.name == "customs" else people)
        order = checkout.place(buyer, journey, facts)
        if journey.name == "returned":
            delivered_at = facts.shipments[-1].events[0].at
            returns.take_back(order, delivered_at, buyer.customer.locale, facts)
        elif journey.name == "cancelled_refunded":
            returns.refund_cancelled(order, buyer.customer.locale, facts)
    return facts
