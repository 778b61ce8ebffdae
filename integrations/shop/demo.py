"""Whom to try the demo shop as: shoppers whose orders each tell something."""

from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.models import OrderState, ShipmentState
from integrations.shop.sql import tables as t
from integrations.shop.sql.engine import one_transaction, run_blocking


class DemoShopper(TypedDict):
    """One shopper to try, with the order that makes them worth it."""

    scenario: str
    customer_id: str
    name: str
    locale: str
    email: str
    phone_last4: str
    order_number: str
    order_state: str
    shipment_state: str | None
    """None when nothing has shipped; of several parcels, the one least far along."""
    tracking_number: str | None


@dataclass(frozen=True)
class Scenario:
    """What the order of a demo shopper looks like."""

    name: str
    locale: str
    order_state: OrderState
    shipment_state: ShipmentState | None = None
    exception: str | None = None
    parcels: int = 1
    least_scans: int = 0
    """Over all its parcels, so that there is a way to look at."""
    refunded: bool = False


SCENARIOS = (
    Scenario("in_transit", "zh", OrderState.SHIPPED, ShipmentState.IN_TRANSIT, least_scans=5),
    Scenario("in_transit", "en", OrderState.SHIPPED, ShipmentState.IN_TRANSIT, least_scans=5),
    Scenario("delivered", "zh", OrderState.DELIVERED, ShipmentState.DELIVERED),
    Scenario("delivered", "en", OrderState.DELIVERED, ShipmentState.DELIVERED),
    Scenario(
        "split", "zh", OrderState.SHIPPED, ShipmentState.IN_TRANSIT, parcels=2, least_scans=12
    ),
    Scenario(
        "split", "en", OrderState.SHIPPED, ShipmentState.IN_TRANSIT, parcels=2, least_scans=12
    ),
    Scenario("lost", "zh", OrderState.SHIPPED, ShipmentState.EXCEPTION, "lost"),
    Scenario("delayed", "en", OrderState.SHIPPED, ShipmentState.EXCEPTION, "delay"),
    Scenario("unpaid", "zh", OrderState.PENDING_PAYMENT, parcels=0),
    Scenario("unpaid", "en", OrderState.PENDING_PAYMENT, parcels=0),
    Scenario("cancelled", "zh", OrderState.CANCELLED, parcels=0),
    Scenario("returned", "en", OrderState.COMPLETED, ShipmentState.DELIVERED, refunded=True),
)


def demo_shoppers(url: str) -> list[DemoShopper]:
    """Return one shopper for each scenario the shop at `url` has, always the same ones.

    Only shoppers with an address at `example.*` are looked at: a merchant's own customers are
    never offered to be tried.

    Raises:
        ShopUnavailable: the database cannot be read.
    """

    async def ask() -> list[DemoShopper]:
        async with one_transaction(url) as connection:
            return await _choose(connection)

    return run_blocking(ask)


async def _choose(connection: AsyncConnection) -> list[DemoShopper]:
    chosen: list[DemoShopper] = []
    for scenario in SCENARIOS:
        shopper = await _shopper(connection, scenario, [entry["customer_id"] for entry in chosen])
        if shopper is not None:
            chosen.append(shopper)
    return chosen


async def _shopper(
    connection: AsyncConnection, scenario: Scenario, taken: list[str]
) -> DemoShopper | None:
    parcels = select(func.count()).where(t.shipments.c.order_number == t.orders.c.number)
    orders = t.orders.alias("theirs")
    owned = select(func.count()).where(orders.c.customer_id == t.customers.c.id)
    query = (
        select(t.orders, t.customers.c.name, t.customers.c.locale)
        .join(t.customers, t.customers.c.id == t.orders.c.customer_id)
        .where(
            t.customers.c.locale == scenario.locale,
            t.customers.c.id.not_in(taken),
            t.orders.c.email.like("%@example.%"),
            t.orders.c.state == scenario.order_state,
            parcels.scalar_subquery() == scenario.parcels,
            # Several orders, so that "my order" is a question; few, so that it is a short one.
            owned.scalar_subquery().between(2, 5),
        )
        .order_by(t.orders.c.number.desc())
    )
    if scenario.shipment_state is not None:
        standing = t.shipments.c.state == scenario.shipment_state
        if scenario.exception is not None:
            standing &= t.shipments.c.exception_kind == scenario.exception
        query = query.where(
            select(t.shipments.c.key)
            .where(t.shipments.c.order_number == t.orders.c.number, standing)
            .exists()
        )
    if scenario.least_scans:
        scans = (
            select(func.count())
            .select_from(t.shipment_events.join(t.shipments))
            .where(t.shipments.c.order_number == t.orders.c.number)
        )
        query = query.where(scans.scalar_subquery() >= scenario.least_scans)
    if scenario.refunded:
        query = query.where(
            select(t.refunds.c.id).where(t.refunds.c.order_number == t.orders.c.number).exists()
        )
    order = (await connection.execute(query.limit(1))).first()
    if order is None:
        return None
    parcel = (
        await connection.execute(
            select(t.shipments)
            .where(t.shipments.c.order_number == order.number)
            .order_by(t.shipments.c.state == ShipmentState.DELIVERED, t.shipments.c.tracking_number)
            .limit(1)
        )
    ).first()
    return DemoShopper(
        scenario=scenario.name,
        customer_id=order.customer_id,
        name=order.name,
        locale=order.locale,
        email=order.email,
        phone_last4=order.phone[-4:],
        order_number=order.number,
        order_state=order.state,
        shipment_state=parcel.state if parcel else None,
        tracking_number=parcel.tracking_number if parcel else None,
    )
