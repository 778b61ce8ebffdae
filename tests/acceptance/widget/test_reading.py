"""What the desk tells: cards, states in both languages, the owner, the rating, what is unread."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from integrations.shop.models import ExceptionKind, OrderState, ShipmentState
from tests.acceptance.widget.conftest import VisitShop
from tests.acceptance.widget.server import FakeDesk, eventually

PRICE = {"amount": "199.00", "currency": "CNY"}
ORDER: dict[str, Any] = {
    "type": "order",
    "number": "FD20261119-98097",
    "state": "shipped",
    "placed_at": "2026-11-18T22:22:20Z",
    "deliver_by": "2026-11-25T22:22:20Z",
    "total": {"amount": "278.80", "currency": "CNY"},
    "lines": [
        {"name": "Electric Kettle", "quantity": 1, "price": PRICE, "state": "shipped"},
        {"name": "Ceramic Mug", "quantity": 2, "price": PRICE, "state": "packed"},
    ],
    "parcels": [
        {
            "tracking_number": "1Z3468CY1257181536",
            "carrier": "ups",
            "carrier_name": "UPS",
            "state": "in_transit",
        }
    ],
}
PARCEL: dict[str, Any] = {
    "type": "parcel",
    "tracking_number": "YT6607001152858",
    "carrier": "yto",
    "carrier_name": "YTO Express",
    "order_number": "FD20261121-97841",
    "state": "out_for_delivery",
    "estimated_from": "2026-11-23",
    "estimated_to": "2026-11-24",
    "events": [
        {"at": f"2026-11-2{day}T06:00:00Z", "state": "in_transit", "text": f"Scan {day}"}
        for day in (3, 2, 1, 0)
    ],
}
PRODUCT: dict[str, Any] = {
    "type": "product",
    "sku": "KI01CR",
    "name": "Electric Kettle, Cream",
    "price": PRICE,
    "in_stock": False,
    "restock_on": "2026-12-02",
    "attributes": [{"name": "Material", "value": "Steel <b>316</b>"}],
}


async def test_an_order_card_shows_lines_parcels_total_and_promise(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(attributes={"locale": "en"})
    await visitor.open()
    desk.say("Here it is.", card=ORDER)

    card = visitor.log.get_by_role("group", name="Order")
    await expect(card.locator(".title")).to_have_text("FD20261119-98097")
    await expect(card.locator(".status")).to_have_text(re.compile("ShippedArrives by Nov 26"))
    await expect(card.locator(".line")).to_have_text(
        [
            "Electric Kettle × 1¥199.00",
            "Ceramic Mug × 2Packed¥199.00",
            "UPS1Z3468CY1257181536On its way",
        ]
    )
    await expect(card.locator(".total")).to_have_text("Total¥278.80")


async def test_a_parcel_card_tells_where_it_is_and_unfolds_its_history(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(attributes={"locale": "en"})
    await visitor.open()
    desk.say("Here it is.", card=PARCEL)

    card = visitor.log.get_by_role("group", name="Parcel")
    await expect(card.locator(".headline")).to_have_text("Out for delivery")
    await expect(card).to_contain_text("Expected Nov 23 – 24")
    await expect(card.locator(".done, .now")).to_have_count(3)
    await expect(card.locator(".event .what")).to_have_text(["Scan 3", "Scan 2", "Scan 1"])

    await card.get_by_role("button", name="Show 1 more").click()

    await expect(card.locator(".event .what").last).to_have_text("Scan 0")
    await expect(card.locator(".event").last).to_be_focused()


async def test_a_tracking_number_can_be_copied(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(permissions=["clipboard-read", "clipboard-write"])
    await visitor.open()
    desk.say("Here it is.", card=PARCEL)

    await visitor.button("Copy YT6607001152858").click()

    await expect(visitor.log.locator(".copy .sr")).to_have_text("Copied")
    assert await visitor.page.evaluate("navigator.clipboard.readText()") == "YT6607001152858"


async def test_a_product_card_shows_price_stock_and_facts(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(attributes={"locale": "en"})
    await visitor.open()
    desk.say("Here it is.", card=PRODUCT)

    card = visitor.log.get_by_role("group", name="Product")
    await expect(card.locator(".status")).to_have_text("¥199.00Out of stockBack on Dec 2")
    await expect(card.locator("dd")).to_have_text("Steel <b>316</b>")


@pytest.mark.parametrize(
    "card",
    [{"type": "hologram"}, {"type": "constructor"}, {"type": "parcel", "events": 7}, {}],
    ids=["unknown", "inherited", "broken", "empty"],
)
async def test_a_card_that_cannot_be_drawn_leaves_the_text(
    visit: VisitShop, desk: FakeDesk, card: dict[str, Any]
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("Here it is.", card=card)
    desk.say("And more.")

    await visitor.shows("Here it is.", "And more.")
    await expect(visitor.log.locator(".card")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en", "zh"])
async def test_every_state_has_words_in_both_languages(
    visit: VisitShop, desk: FakeDesk, locale: str
) -> None:
    visitor = await visit(attributes={"locale": locale})
    await visitor.open()
    for order in OrderState:
        desk.say("", card=ORDER | {"state": order, "lines": [], "parcels": []})
    for parcel in ShipmentState:
        desk.say("", card=PARCEL | {"state": parcel, "events": []})
    for kind in ExceptionKind:
        desk.say("", card=PARCEL | {"state": "exception", "exception": kind, "events": []})
    count = len(OrderState) + len(ShipmentState) + len(ExceptionKind)
    names = visitor.log.locator(".status .pill, .headline")
    await expect(names).to_have_count(count)

    said = await names.all_inner_texts()

    pattern = re.compile(r"[A-Z][a-z ]+" if locale == "en" else r"[\u4e00-\u9fff]+")
    assert [text for text in said if not pattern.fullmatch(text)] == []


async def test_the_owner_is_told_and_the_place_in_the_queue(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(attributes={"locale": "en"})
    await visitor.open()
    owner = visitor.panel.locator(".owner")
    strip = visitor.panel.locator(".strip")
    await expect(owner).to_have_text("Assistant, answers at once")
    await expect(strip).to_be_hidden()

    desk.owner("queue", position=3, wait=[4, 8], ticket=12)
    await expect(owner).to_have_text("Waiting for a person")
    await expect(strip).to_contain_text("Number 3 in the queue · about 4–8 min")
    await expect(strip).to_contain_text("Ticket 12.")

    desk.owner("0d2f6a", ticket=12)
    await expect(owner).to_have_text("You are talking to a person")
    await expect(strip).to_be_hidden()


async def test_typing_shows_until_the_answer(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    typing = visitor.log.get_by_role("img", name="Writing…")
    desk.typing()
    await expect(typing).to_be_visible()

    desk.say("There.")

    await expect(typing).to_be_hidden()


async def test_a_rating_is_stored_once_and_stays_over_a_reload(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.survey("s1")
    await visitor.button("4: Good").click()
    await expect(visitor.log).to_contain_text("Thank you for your rating.")
    assert desk.scores == [("s1", {"score": 4})]

    await visitor.page.reload()

    await expect(visitor.log.locator(".lit")).to_have_count(4)
    await expect(visitor.button("5: Very good")).to_be_disabled()


async def test_a_rating_that_could_not_be_stored_can_be_given_again(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.survey("s1")
    desk.refusals = [(503, "unavailable")]
    await visitor.button("4: Good").click()
    await expect(visitor.log).to_contain_text("The rating could not be saved.")

    await visitor.button("5: Very good").click()

    await eventually(lambda: desk.scores == [("s1", {"score": 5})])


async def test_what_came_while_closed_is_counted_on_the_button(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("one")
    await visitor.shows("one")
    await visitor.page.keyboard.press("Escape")
    desk.say("two")
    desk.say("three", sender="agent")

    await expect(visitor.launcher).to_have_text("2")
    await expect(visitor.launcher).to_have_accessible_name("Open chat, unread messages: 2")

    await visitor.page.reload()
    await expect(visitor.launcher).to_have_text("2")
    await visitor.open()
    await expect(visitor.launcher.locator(".badge")).to_be_hidden()


async def test_what_arrives_is_read_from_its_beginning(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.tell("tell me all")
    desk.say("\n".join(f"line {n}" for n in range(60)))
    await expect(visitor.bubbles).to_have_count(2)

    await expect(visitor.button("Latest messages")).to_be_visible()
    await expect(visitor.bubbles.last).to_be_in_viewport()
    await visitor.button("Latest messages").click()

    await expect(visitor.button("Latest messages")).to_be_hidden()
