"""What the port promises, asked of every adapter alike."""

from decimal import Decimal

import pytest

from integrations.shop import Shop
from integrations.shop.errors import NotInShop
from integrations.shop.models import ShipmentState
from tests.integration.shop.facts import (
    COAT,
    FIRST_PARCEL,
    LABEL_ONLY,
    LATER_PARCEL,
    MEI,
    MUG,
    PRODUCTS,
    RETURNED,
    SPLIT,
    TOM,
    UNPAID,
)


async def test_a_shop_that_is_up_answers_ping(shop: Shop) -> None:
    await shop.ping()


async def test_nothing_unknown_is_found(shop: Shop) -> None:
    for question, kind in [
        (shop.customer("C9"), "customer"),
        (shop.order("FD20261101-99999"), "order"),
        (shop.shipment("SF0"), "shipment"),
        (shop.product("NOPE"), "product"),
    ]:
        with pytest.raises(NotInShop) as caught:
            await question
        assert kind == caught.value.kind


async def test_an_unknown_order_or_customer_has_nothing(shop: Shop) -> None:
    assert await shop.orders_of("C9") == []
    assert await shop.shipments_of("FD20261101-99999") == []
    assert await shop.returns_of("FD20261101-99999") == []
    assert await shop.refunds_of("FD20261101-99999") == []


@pytest.mark.parametrize(
    "odd", ["", " ", "'; DROP TABLE shop_orders; --", "%", "\0", "\ud800", "订单" * 500]
)
async def test_odd_numbers_are_not_found_rather_than_fail(shop: Shop, odd: str) -> None:
    with pytest.raises(NotInShop):
        await shop.order(odd)
    with pytest.raises(NotInShop):
        await shop.shipment(odd)
    with pytest.raises(NotInShop):
        await shop.customer(odd)
    with pytest.raises(NotInShop):
        await shop.product(odd)
    assert await shop.find_products(odd) == []
    assert await shop.shipments_of(odd) == []


async def test_a_customer_comes_back_as_stored(shop: Shop) -> None:
    assert await shop.customer("C1") == MEI


@pytest.mark.parametrize(
    "spelling",
    [
        "FD20261101-00001",
        "fd2026110100001",
        " FD 20261101 00001 ",
        "ｆｄ２０２６１１０１－０００01",
        "#FD20261101—00001",
    ],
)
async def test_an_order_is_found_however_its_number_is_spelled(shop: Shop, spelling: str) -> None:
    assert await shop.order(spelling) == SPLIT


async def test_amounts_keep_their_decimal_places(shop: Shop) -> None:
    assert Decimal("938.90") == (await shop.order(SPLIT.number)).total.amount
    assert str((await shop.order(SPLIT.number)).total.amount) == "938.90"


async def test_a_customers_orders_come_newest_first_and_limited(shop: Shop) -> None:
    assert await shop.orders_of(MEI.id) == [UNPAID, SPLIT]
    assert await shop.orders_of(MEI.id, limit=1) == [UNPAID]


async def test_nobody_elses_orders_are_among_them(shop: Shop) -> None:
    assert {TOM.id} == {order.customer_id for order in await shop.orders_of(TOM.id)}


async def test_parcels_come_first_shipped_first_and_unscanned_ones_last(shop: Shop) -> None:
    parcels = await shop.shipments_of(SPLIT.number.lower())
    assert parcels == [FIRST_PARCEL, LATER_PARCEL, LABEL_ONLY]


async def test_scans_come_newest_first(shop: Shop) -> None:
    parcel = await shop.shipment("sf 1390000000001")
    assert [scan.state for scan in parcel.events] == [
        ShipmentState.IN_TRANSIT,
        ShipmentState.INFO_RECEIVED,
    ]


async def test_returns_and_refunds_come_newest_first(shop: Shop) -> None:
    assert [entry.number for entry in await shop.returns_of(RETURNED.number)] == ["R2", "R1"]
    refunds = await shop.refunds_of(RETURNED.number)
    assert [refund.id for refund in refunds] == ["F2", "F1"]
    assert (refunds[0].return_number, refunds[1].return_number) == (None, "R1")


async def test_a_products_attributes_keep_their_order(shop: Shop) -> None:
    found = await shop.product(COAT.sku)
    assert found == COAT
    assert list(found.attributes) == ["material", "care"]


async def test_the_catalogue_is_whole_and_in_sku_order(shop: Shop) -> None:
    assert sorted(PRODUCTS, key=lambda entry: entry.sku) == [
        entry async for entry in shop.catalogue()
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("马克杯", "CUP-350-W"),
        ("有没有白色的马克杯呀", "CUP-350-W"),
        ("羊毛大衣", "COAT-W-M"),
        ("羊毛大衣還有M碼嗎", "COAT-W-M"),
        ("電熱水壺", "KETTLE-17"),
        ("iphone15手机壳", "CASE-IP15"),
        ("苹果15的手机壳多少钱", "CASE-IP15"),
        ("wool coats", "COAT-W-M"),
        ("do you have the wool coat in M", "COAT-W-M"),
        ("ELECTRIC KETTLE", "KETTLE-17"),
        ("electrik ketle", "KETTLE-17"),
        ("gooseneck", "KETTLE-GN"),
        ("sock", "SOCK-3"),
        ("iPhone 15 case", "CASE-IP15"),
        ("cup-350-w", "CUP-350-W"),
        ("is CUP350W in stock?", "CUP-350-W"),
        ("Ceramic Mug 350 ml, White", "CUP-350-W"),
    ],
)
async def test_the_product_meant_is_found_first(shop: Shop, text: str, first: str) -> None:
    found = await shop.find_products(text)
    assert first == (found[0].sku if found else None)


@pytest.mark.parametrize(
    "text",
    ["今天天气怎么样", "what is the weather", "我的快递到哪了", "hello", "???", "😀", "15", "a"],
)
async def test_what_names_no_product_finds_none(shop: Shop, text: str) -> None:
    assert await shop.find_products(text) == []


async def test_a_search_is_limited_and_best_first(shop: Shop) -> None:
    assert len(await shop.find_products("kettle")) == 2
    assert len(await shop.find_products("kettle", limit=1)) == 1
    assert MUG.sku in {found.sku for found in await shop.find_products("mug kettle", limit=5)}
