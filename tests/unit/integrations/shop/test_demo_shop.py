"""The made-up shop is whole, plausible and always the same."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from integrations.shop.facts import ShopFacts
from integrations.shop.models import ExceptionKind, OrderState, ShipmentState
from integrations.shop.seed.demo_shop import Size, demo_shop
from integrations.shop.seed.journeys import ShipmentsDoNotFit

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SMALL = Size(customers=200, orders=1_000, shipments=1_200)


@pytest.fixture(scope="module")
def shop() -> ShopFacts:
    return demo_shop(NOW)


def test_it_has_the_size_it_is_said_to_have(shop: ShopFacts) -> None:
    assert (*(len(shop.customers), len(shop.products), len(shop.orders), len(shop.shipments)),) == (
        2_000,
        300,
        10_000,
        12_000,
    )


def test_the_same_moment_gives_the_same_shop() -> None:
    assert demo_shop(NOW, size=SMALL) == demo_shop(NOW, size=SMALL)


def test_another_moment_moves_it_and_keeps_its_people() -> None:
    one, other = demo_shop(NOW, size=SMALL), demo_shop(NOW + timedelta(days=30), size=SMALL)
    assert one.customers == other.customers
    assert [order.customer_id for order in one.orders] == [
        order.customer_id for order in other.orders
    ]


def test_sizes_that_cannot_be_met_are_refused() -> None:
    with pytest.raises(ShipmentsDoNotFit):
        demo_shop(NOW, size=Size(customers=10, orders=1_000, shipments=9_000))


def test_numbers_are_unique(shop: ShopFacts) -> None:
    for numbers in (
        [order.number for order in shop.orders],
        [parcel.tracking_number for parcel in shop.shipments],
        [product.sku for product in shop.products],
        [customer.email for customer in shop.customers],
    ):
        assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"FD\d{8}-\d{5}", order.number) for order in shop.orders)


def test_everything_refers_to_something_that_is_there(shop: ShopFacts) -> None:
    lines = {order.number: {line.id for line in order.lines} for order in shop.orders}
    customers = {customer.id for customer in shop.customers}
    assert {order.customer_id for order in shop.orders} <= customers
    assert all(parcel.line_ids for parcel in shop.shipments)
    assert all(set(parcel.line_ids) <= lines[parcel.order_number] for parcel in shop.shipments)
    assert all(entry.line_id in lines[entry.order_number] for entry in shop.returns)
    assert {refund.return_number for refund in shop.refunds} - {None} <= {
        entry.number for entry in shop.returns
    }


def test_every_line_of_a_shipped_order_is_in_exactly_one_parcel(shop: ShopFacts) -> None:
    held = Counter(
        (parcel.order_number, line_id) for parcel in shop.shipments for line_id in parcel.line_ids
    )
    assert set(held.values()) == {1}
    shipped = [order for order in shop.orders if order.state is OrderState.SHIPPED]
    assert all((order.number, line.id) in held for order in shipped for line in order.lines)


def test_every_kind_of_trouble_is_among_it(shop: ShopFacts) -> None:
    assert {parcel.exception_kind for parcel in shop.shipments} == {None, *ExceptionKind}
    assert {parcel.state for parcel in shop.shipments} == set(ShipmentState) - {
        ShipmentState.PENDING
    }
    assert {order.state for order in shop.orders} == set(OrderState)
    parcels = Counter(parcel.order_number for parcel in shop.shipments)
    assert {1, 2, 3} == set(parcels.values())
    late = [
        order
        for order in shop.orders
        if order.state is OrderState.SHIPPED and order.deliver_by and order.deliver_by < NOW
    ]
    assert len(late) > 100
    carriers = {parcel.carrier for parcel in shop.shipments}
    assert {"sf", "yto", "zto", "jd", "ups", "fedex", "usps", "dhl"} == carriers


def test_a_parcel_is_in_the_state_of_its_newest_scan_and_time_runs_one_way(
    shop: ShopFacts,
) -> None:
    placed = {order.number: order.placed_at for order in shop.orders}
    for parcel in shop.shipments:
        times = [scan.at for scan in parcel.events]
        assert times == sorted(times, reverse=True)
        assert parcel.state == parcel.events[0].state
        assert placed[parcel.order_number] <= times[-1]
        assert times[0] <= NOW


def test_nothing_happens_after_now_or_before_its_order(shop: ShopFacts) -> None:
    assert all(order.placed_at <= NOW for order in shop.orders)
    assert all(entry.requested_at <= NOW for entry in shop.returns)
    assert all((entry.decided_at or NOW) <= NOW for entry in shop.returns)
    assert all(refund.created_at <= (refund.paid_at or NOW) <= NOW for refund in shop.refunds)
    assert all((order.cancelled_at or NOW) <= NOW for order in shop.orders)
    unpaid = [order for order in shop.orders if order.state is OrderState.PENDING_PAYMENT]
    assert all(order.payment_due_at and order.payment_due_at > NOW for order in unpaid)


def test_parcels_move_today(shop: ShopFacts) -> None:
    moving = [parcel for parcel in shop.shipments if parcel.state is ShipmentState.IN_TRANSIT]
    fresh = [parcel for parcel in moving if NOW - parcel.events[0].at < timedelta(hours=14)]
    assert len(fresh) > 1_000


def test_nobody_in_it_can_be_real(shop: ShopFacts) -> None:
    fictional = re.compile(r"\+1\d{3}55501\d{2}|\+447700900\d{3}|\+86154\d{8}")
    assert all(fictional.fullmatch(customer.phone) for customer in shop.customers)
    assert all(re.search(r"@example\.(com|org|net)$", each.email) for each in shop.customers)


def test_both_languages_are_told_apart(shop: ShopFacts) -> None:
    for product in shop.products:
        assert re.search("[\u4e00-\u9fff]", product.name.zh)
        assert not re.search("[\u4e00-\u9fff]", product.name.en)
    texts = {scan.description for parcel in shop.shipments for scan in parcel.events}
    assert not any(re.search("[\u4e00-\u9fff{}]", text.en) for text in texts)
    assert all(re.search("[\u4e00-\u9fff]", text.zh) and "{" not in text.zh for text in texts)


def test_products_say_what_shoppers_ask(shop: ShopFacts) -> None:
    by_category: dict[str, set[str]] = {}
    for product in shop.products:
        assert {"material", "features", "in_the_box"} <= set(product.attributes)
        by_category.setdefault(product.category, set()).update(product.attributes)
    assert len(by_category) >= 8
    assert "size_advice" in by_category["clothing"] & by_category["shoes"]
    assert "compatibility" in by_category["phone"]
    assert any(product.stock == 0 and product.restock_on for product in shop.products)


def test_totals_are_the_sum_of_their_lines(shop: ShopFacts) -> None:
    for order in shop.orders:
        assert order.total.amount == sum(
            line.unit_price.amount * line.quantity for line in order.lines
        )
