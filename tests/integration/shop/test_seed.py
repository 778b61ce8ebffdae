"""The demo shop in a database, and whom to try it as."""

from datetime import UTC, datetime
from time import process_time

import pytest
from sqlalchemy import func, select, update

from integrations.settings import Settings
from integrations.shop import migrate, open_shop
from integrations.shop.demo import demo_shoppers
from integrations.shop.fake import FakeShop
from integrations.shop.models import ShipmentState
from integrations.shop.seed import ShopNotEmpty, Size, demo_shop, is_empty, seed
from integrations.shop.sql import tables as t
from integrations.shop.sql.adapter import SqlShop
from integrations.shop.sql.engine import one_transaction

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SMALL = Size(customers=200, orders=1_000, shipments=1_200)
SEED_SECONDS = 20.0
"""What a first start may spend on it: of this process's time, which other tests don't take."""


async def test_a_shop_is_empty_until_it_is_seeded(migrated_url: str) -> None:
    assert is_empty(migrated_url)
    seed(migrated_url, now=NOW, size=SMALL)
    assert not is_empty(migrated_url)


async def test_a_seed_is_read_back_as_it_was_made(migrated_url: str) -> None:
    seed(migrated_url, now=NOW, size=SMALL)
    facts = demo_shop(NOW, size=SMALL)
    shop = SqlShop.open(migrated_url)
    for order in facts.orders[:30]:
        assert order == await shop.order(order.number)
    for parcel in facts.shipments[:30]:
        assert parcel == await shop.shipment(parcel.tracking_number)
    assert sorted(facts.products, key=lambda product: product.sku) == [
        product async for product in shop.catalogue()
    ]
    await shop.close()


async def test_a_shop_that_holds_data_is_not_seeded_over(migrated_url: str) -> None:
    seed(migrated_url, now=NOW, size=SMALL)
    with pytest.raises(ShopNotEmpty):
        seed(migrated_url, now=NOW, size=SMALL)
    seed(migrated_url, now=NOW, size=SMALL, replace=True)


async def test_the_whole_demo_shop_is_seeded_in_time(database_url: str) -> None:
    migrate(database_url)
    began = process_time()
    seed(database_url, now=NOW)
    assert process_time() - began < SEED_SECONDS
    async with one_transaction(database_url) as connection:
        counts = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (t.customers, t.products, t.orders, t.shipments)
        ]
    assert counts == [2_000, 300, 10_000, 12_000]
    shoppers = demo_shoppers(database_url)
    assert len(shoppers) == 12
    assert len({shopper["customer_id"] for shopper in shoppers}) == 12


async def test_demo_shoppers_are_telling_and_always_the_same(migrated_url: str) -> None:
    seed(migrated_url, now=NOW, size=Size(customers=400, orders=2_000, shipments=2_400))
    shoppers = demo_shoppers(migrated_url)
    assert shoppers == demo_shoppers(migrated_url)
    assert {"zh", "en"} == {shopper["locale"] for shopper in shoppers}
    assert len(shoppers) >= 6
    assert {"in_transit", "delivered", "split", "unpaid"} <= {each["scenario"] for each in shoppers}
    shop = SqlShop.open(migrated_url)
    for shopper in shoppers:
        order = await shop.order(shopper["order_number"])
        assert order.customer_id == shopper["customer_id"]
        assert order.phone.endswith(shopper["phone_last4"])
        assert order.email == shopper["email"]
        assert order.state == shopper["order_state"]
        assert shopper["name"] == (await shop.customer(order.customer_id)).name
        if shopper["tracking_number"] is not None:
            parcel = await shop.shipment(shopper["tracking_number"])
            assert (parcel.order_number, parcel.state) == (order.number, shopper["shipment_state"])
    await shop.close()


async def test_a_merchants_own_customers_are_never_offered(migrated_url: str) -> None:
    seed(migrated_url, now=NOW, size=SMALL)
    async with one_transaction(migrated_url, write=True) as connection:
        await connection.execute(update(t.orders).values(email="someone@shop.invalid"))
    assert demo_shoppers(migrated_url) == []


async def test_the_settings_choose_the_adapter(migrated_url: str) -> None:
    shop = open_shop(Settings(shop_database_url=migrated_url))
    assert isinstance(shop, SqlShop)
    await shop.ping()
    await shop.close()


async def test_the_fake_of_the_settings_is_a_small_demo_shop() -> None:
    shop = open_shop(Settings(shop_adapter="fake"))
    assert isinstance(shop, FakeShop)
    states = {parcel.state for parcel in shop.shipments.values()}
    assert ShipmentState.IN_TRANSIT in states
