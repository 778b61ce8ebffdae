"""A shopper's real question gets the shop's real answer, in both languages, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from integrations.settings import Settings
from integrations.shop import Shop, open_shop
from tests.acceptance.shop_page import ANSWER_MILLISECONDS, ShopVisit, VisitShop
from tests.stack import Stack


@dataclass(frozen=True)
class Wording:
    """What a shopper of one language writes."""

    locale: Literal["zh", "en"]
    hello: str
    order: str
    parcel: str
    person: str
    prove: str


WORDINGS = (
    Wording(
        locale="zh",
        hello="你好",
        order="订单 {order} 现在什么情况",
        parcel="帮我查一下快递 {tracking}",
        person="转人工",
        prove="订单号 {order}，手机尾号 {phone}",
    ),
    Wording(
        locale="en",
        hello="hello",
        order="what is the status of my order {order}",
        parcel="track my parcel {tracking}",
        person="I want to talk to a person",
        prove="order {order}, phone ends in {phone}",
    ),
)


@pytest.fixture(params=WORDINGS, ids=lambda wording: wording.locale)
def words(request: pytest.FixtureRequest) -> Wording:
    wording: Wording = request.param
    return wording


@pytest_asyncio.fixture
async def shop(stack: Stack) -> AsyncIterator[Shop]:
    """The stack's shop, asked past everything that is tested."""
    shop = open_shop(Settings(var_dir=stack.var_dir))
    yield shop
    await shop.close()


async def answer_shows(visit: ShopVisit, *texts: str) -> None:
    """Expect these in the conversation, in answers."""
    for text in texts:
        await expect(visit.answers.filter(has_text=text).first).to_be_visible(
            timeout=ANSWER_MILLISECONDS
        )


async def is_hidden_from(visit: ShopVisit, shop: Shop, order_number: str) -> None:
    """Nothing of an order is shown: neither its goods nor its parcels nor any card."""
    order = await shop.order(order_number)
    parcels = await shop.shipments_of(order_number)
    shown = await visit.said()
    for secret in (
        *(name for line in order.lines for name in (line.name.zh, line.name.en)),
        *(parcel.tracking_number for parcel in parcels),
        str(order.total.amount),
    ):
        assert secret not in shown
    await expect(visit.cards).to_have_count(0)


async def test_a_signed_in_shopper_gets_the_true_state_of_their_order(
    visit_shop: VisitShop, stack: Stack, shop: Shop, words: Wording
) -> None:
    shopper = stack.shopper(words.locale, "delivered")
    visit = await visit_shop(words.locale)
    await visit.sign_in(shopper["name"])
    await visit.open_chat()
    await visit.ask(words.order.format(order=shopper["order_number"]))
    order = await shop.order(shopper["order_number"])
    assert order.state.value == "delivered"
    await answer_shows(visit, order.number)
    card = visit.cards.last
    await expect(card).to_contain_text(order.number)


async def test_a_signed_in_shopper_follows_their_parcel(
    visit_shop: VisitShop, stack: Stack, shop: Shop, words: Wording
) -> None:
    shopper = stack.shopper(words.locale)
    visit = await visit_shop(words.locale)
    await visit.sign_in(shopper["name"])
    await visit.open_chat()
    await visit.ask(words.parcel.format(tracking=shopper["tracking_number"]))
    parcel = await shop.shipment(shopper["tracking_number"])
    card = visit.cards.last
    await expect(card).to_contain_text(parcel.tracking_number)
    newest = parcel.events[0]
    await expect(card.locator(".event").first).to_contain_text(
        newest.description.in_language(words.locale)
    )


async def test_another_shoppers_order_stays_secret(
    visit_shop: VisitShop, stack: Stack, shop: Shop, words: Wording
) -> None:
    shopper = stack.shopper(words.locale)
    other = stack.shopper("en" if words.locale == "zh" else "zh")
    visit = await visit_shop(words.locale)
    await visit.sign_in(shopper["name"])
    await visit.open_chat()
    await visit.ask(words.order.format(order=other["order_number"]))
    await visit.ask(words.parcel.format(tracking=other["tracking_number"]))
    order = await shop.order(other["order_number"])
    shown = await visit.said()
    for line in order.lines:
        assert line.name.in_language(words.locale) not in shown
    await expect(visit.cards).to_have_count(0)


async def test_a_guest_proves_an_order_by_its_number_and_the_phones_last_four(
    visit_shop: VisitShop, stack: Stack, shop: Shop, words: Wording
) -> None:
    shopper = stack.shopper(words.locale)
    visit = await visit_shop(words.locale)
    await visit.open_chat()
    await visit.ask(words.order.format(order=shopper["order_number"]))
    await is_hidden_from(visit, shop, shopper["order_number"])
    await visit.ask(shopper["phone_last4"])
    await expect(visit.cards.last).to_contain_text(
        shopper["order_number"], timeout=ANSWER_MILLISECONDS
    )


async def test_a_guest_with_the_wrong_phone_learns_nothing(
    visit_shop: VisitShop, stack: Stack, shop: Shop, words: Wording
) -> None:
    shopper = stack.shopper(words.locale)
    wrong = f"{(int(shopper['phone_last4']) + 1) % 10_000:04}"
    visit = await visit_shop(words.locale)
    await visit.open_chat()
    await visit.ask(words.order.format(order=shopper["order_number"]))
    await visit.ask(wrong)
    await is_hidden_from(visit, shop, shopper["order_number"])


async def test_asking_for_a_person_opens_a_ticket_that_knows_the_order(
    visit_shop: VisitShop, stack: Stack, words: Wording
) -> None:
    shopper = stack.shopper(words.locale, nth=1)
    visit = await visit_shop(words.locale)
    await visit.sign_in(shopper["name"])
    await visit.open_chat()
    await visit.ask(words.order.format(order=shopper["order_number"]))
    await visit.ask(words.person)
    await expect(visit.panel.locator(".strip")).to_be_visible(timeout=ANSWER_MILLISECONDS)
    ticket = await asyncio.to_thread(newest_ticket, stack)
    assert ticket["reason"] == "asked_for_person"
    assert ticket["language"] == words.locale
    assert ticket["order_number"] == shopper["order_number"]
    assert ticket["order_snapshot"]["number"] == shopper["order_number"]
    assert ticket["slots"]["order_number"] == shopper["order_number"]
    said = [each["text"] for each in ticket["transcript"]["messages"]]
    assert said[0] == words.order.format(order=shopper["order_number"])
    assert words.person in said


def newest_ticket(stack: Stack) -> dict[str, Any]:
    """Return the newest ticket in full, as a demo agent sees it."""
    with httpx.Client(base_url=stack.url, timeout=30.0, trust_env=False) as http:
        session = http.post("/api/sessions", json=stack.demo["agents"][0]).raise_for_status()
        headers = {"Authorization": f"Bearer {session.json()['token']}"}
        newest = http.get("/api/tickets", headers=headers).raise_for_status().json()["items"][0]
        ticket = http.get(f"/api/tickets/{newest['number']}", headers=headers).raise_for_status()
        found: dict[str, Any] = ticket.json()
    return found
