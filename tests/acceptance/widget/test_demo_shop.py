"""The demo shop: choose who is shopping, see what to try, ask."""

from typing import Any

from playwright.async_api import expect

from tests.acceptance.widget.conftest import PHONE, VisitShop
from tests.acceptance.widget.server import DEMO_SHOPPERS, FakeDesk

EMILY: dict[str, Any] = DEMO_SHOPPERS["shoppers"][1]


async def test_a_shopper_is_signed_in_and_stays_so_over_a_reload(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(desk.url)
    await visitor.page.get_by_role("button", name="Emily Carter").click()
    facts = visitor.page.locator("#facts dd")
    await expect(facts).to_have_text(
        [EMILY[key] for key in ("order_number", "phone_last4", "email", "tracking_number")]
    )

    await visitor.page.reload()
    await visitor.open()

    chosen = visitor.page.get_by_role("button", name="Emily Carter")
    await expect(chosen).to_have_attribute("aria-pressed", "true")
    assert [talk.shopper_token for talk in desk.talks.values()] == [EMILY["shopper_token"]]


async def test_a_suggested_question_is_put_into_the_chat(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(desk.url)
    await visitor.page.get_by_role("button", name="Emily Carter").click()

    await visitor.page.get_by_role("button", name="Where is my order?").click()

    await expect(visitor.field).to_have_value("Where is my order?")
    await expect(visitor.field).to_be_focused()


async def test_a_product_can_be_asked_about(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(desk.url)

    await visitor.page.get_by_role("button", name="Is the Retro Radio Speaker in stock?").click()

    await expect(visitor.field).to_have_value("Is the Retro Radio Speaker in stock?")


async def test_a_fact_is_copied(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(desk.url, permissions=["clipboard-read", "clipboard-write"])
    await visitor.page.get_by_role("button", name="Emily Carter").click()

    await visitor.page.get_by_role("button", name=f"Copy {EMILY['order_number']}").click()

    await expect(visitor.page.locator("#copied")).to_have_text(f"Copied: {EMILY['order_number']}")
    assert await visitor.page.evaluate("navigator.clipboard.readText()") == EMILY["order_number"]


async def test_the_page_and_its_chat_change_language_together(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(desk.url)
    await visitor.open()

    await visitor.page.locator("#language").click()

    await expect(visitor.page.get_by_role("heading", name="今天谁来逛？")).to_be_visible()
    await expect(visitor.log.locator("h2")).to_have_text("您好，请问有什么可以帮您？")


async def test_without_demo_shoppers_the_page_says_what_to_do(
    visit: VisitShop, desk: FakeDesk
) -> None:
    desk.shoppers = None
    visitor = await visit(desk.url)

    await expect(visitor.page.locator("#problem")).to_contain_text("make up")
    await visitor.open()


async def test_on_a_phone_nothing_is_wider_than_the_screen(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit(desk.url, **PHONE)
    await visitor.page.get_by_role("button", name="Emily Carter").click()

    width = "document.documentElement.scrollWidth"
    assert await visitor.page.evaluate(width) == PHONE["viewport"]["width"]
