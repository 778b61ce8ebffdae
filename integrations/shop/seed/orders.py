"""The demo shop's orders, each along its journey."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from integrations.shop.facts import ShopFacts
from integrations.shop.models import (
    Money,
    Order,
    OrderLine,
    OrderState,
    Product,
    Shipment,
    ShipmentState,
)
from integrations.shop.seed.catalogue import CURRENCY
from integrations.shop.seed.journeys import Journey
from integrations.shop.seed.parcels import ENDINGS, Carriers
from integrations.shop.seed.people import Resident

SHOP_TIME = timezone(timedelta(hours=8))
"""Order numbers carry the shop's own date."""
PAYMENT_DUE = timedelta(hours=24)
DISPATCH_DUE = timedelta(hours=48)
PROMISED_DAYS = {"domestic": 5, "america": 7, "abroad": 18}
"""From order to door."""
MOST_LINES = 3
QUANTITIES = (1, 1, 1, 1, 2, 2, 3)

PARCEL_ENDINGS = {
    "moving_split": ("delivered", "moving"),
    "delivered_split": ("delivered", "delivered"),
    "completed_split": ("completed", "completed"),
    "completed_three": ("completed", "completed", "completed"),
}
"""Where the parcels of a journey stand; a journey not named here has one, of its own name."""

UNSHIPPED_HOURS = {
    "unpaid": (0.2, 20),
    "paid": (1, 56),  # some are past the promised dispatch
    "cancelled": (2 * 24, 60 * 24),
    "cancelled_refunded": (2 * 24, 20 * 24),
}
"""How long ago orders without a parcel were placed."""

LINE_STATES = {
    ShipmentState.DELIVERED: OrderState.DELIVERED,
    ShipmentState.INFO_RECEIVED: OrderState.PACKED,
}
"""State of a shipped order's line by that of its parcel; any other is on its way."""


@dataclass
class Checkout:
    """Places orders one after the other."""

    rng: Random
    now: datetime
    products: list[Product]
    carriers: Carriers

    def __post_init__(self) -> None:
        self._serials = iter(self.rng.sample(range(10_000, 100_000), 90_000))

    def place(self, buyer: Resident, journey: Journey, facts: ShopFacts) -> Order:
        """Add an order with its parcels to `facts`; return it."""
        lines = self._lines(journey)
        network = self.carriers.network(buyer.place, through_customs=journey.name == "customs")
        parcels, placed_at = self._parcels(buyer, journey, lines, network)
        number = f"FD{placed_at.astimezone(SHOP_TIME):%Y%m%d}-{next(self._serials)}"
        promise = placed_at + timedelta(days=PROMISED_DAYS[network])
        if journey.name == "late":
            # Whatever the network promises, this one has broken it.
            promise = min(promise, self.now - timedelta(hours=self.rng.uniform(10, 70)))
        paid = journey.order_state is not OrderState.PENDING_PAYMENT
        cancelled = journey.order_state is OrderState.CANCELLED
        customer = buyer.customer
        order = Order(
            number=number,
            customer_id=customer.id,
            state=journey.order_state,
            placed_at=placed_at,
            total=_total(lines),
            phone=customer.phone,
            email=customer.email,
            address=buyer.address,
            lines=_with_states(lines, journey.order_state, parcels),
            payment_due_at=None if paid else placed_at + PAYMENT_DUE,
            ship_by=placed_at + DISPATCH_DUE if paid and not cancelled else None,
            deliver_by=promise.replace(microsecond=0) if paid and not cancelled else None,
            cancelled_at=placed_at + PAYMENT_DUE if cancelled else None,
        )
        facts.orders.append(order)
        facts.shipments.extend(replace(parcel, order_number=number) for parcel in parcels)
        return order

    def _lines(self, journey: Journey) -> list[OrderLine]:
        count = max(journey.parcels, self.rng.randint(1, MOST_LINES))
        chosen = self.rng.sample(self.products, count)
        return [
            OrderLine(
                id=str(at),
                sku=product.sku,
                name=product.name,
                quantity=self.rng.choice(QUANTITIES),
                unit_price=product.price,
                state=journey.order_state,
            )
            for at, product in enumerate(chosen, start=1)
        ]

    def _parcels(
        self, buyer: Resident, journey: Journey, lines: list[OrderLine], network: str
    ) -> tuple[list[Shipment], datetime]:
        """Return an order's parcels and when it must have been placed."""
        if journey.parcels == 0:
            ago = timedelta(hours=self.rng.uniform(*UNSHIPPED_HOURS[journey.name]))
            return [], (self.now - ago).replace(microsecond=0)
        name = journey.name
        if name == "refused" and self.rng.random() < 0.5:
            name = "returning"
        parcels: list[Shipment] = []
        endings = PARCEL_ENDINGS.get(name, (name,))
        ending = ENDINGS[endings[0]]
        for at, each in enumerate(endings):
            if at and each == endings[0]:
                # Parcels of one order travel within days of each other.
                ending = replace(ending, ago=self._near(parcels[0], ENDINGS[each].ago))
            else:
                ending = ENDINGS[each]
            own = [line.id for line in lines[at :: len(endings)]]
            parcels.append(self.carriers.parcel(own, buyer.place, network, ending))
        first_scan = min(parcel.events[-1].at for parcel in parcels)
        before = timedelta(hours=self.rng.uniform(1, 24))
        return parcels, (first_scan - before).replace(microsecond=0)

    def _near(self, parcel: Shipment, ago: tuple[float, float]) -> tuple[float, float]:
        hours = (self.now - parcel.events[0].at) / timedelta(hours=1)
        return max(ago[0], hours - 40), max(ago[0], hours)


def _total(lines: list[OrderLine]) -> Money:
    amount = sum((line.unit_price.amount * line.quantity for line in lines), Decimal())
    return Money(amount, CURRENCY)


def _with_states(
    lines: list[OrderLine], state: OrderState, parcels: list[Shipment]
) -> tuple[OrderLine, ...]:
    """Return the lines, those of a shipped order each in the state of its parcel."""
    if state is not OrderState.SHIPPED:
        return tuple(lines)
    of_parcel = {line_id: parcel.state for parcel in parcels for line_id in parcel.line_ids}
    return tuple(
        replace(line, state=LINE_STATES.get(of_parcel[line.id], OrderState.SHIPPED))
        for line in lines
    )
