"""For everyone: keyboard, screen readers, small screens, poor sight, two languages."""

import pytest
from playwright.async_api import expect

from tests.acceptance.widget.conftest import PHONE, VisitShop
from tests.acceptance.widget.server import FakeDesk
from tests.acceptance.widget.test_reading import ORDER, PARCEL, PRODUCT

NAMELESS = """panel => [...panel.querySelectorAll("button, textarea, [role=group], [role=img]")]
  .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim()))
  .map((node) => node.className)"""

CONTRASTS = """root => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (; node instanceof Element; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
  };
  const poor = [];
  for (const node of root.querySelectorAll("*")) {
    const text = [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    if (!text || !node.checkVisibility() || node.disabled || node.matches(".sr")) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${node.className} ${node.textContent}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


async def test_the_keyboard_alone_is_enough(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    keys = visitor.page.keyboard
    await visitor.page.get_by_role("button", name="Buy").focus()
    await keys.press("Tab")
    await expect(visitor.launcher).to_be_focused()
    await keys.press("Enter")
    await expect(visitor.field).to_be_focused()
    await visitor.connected()

    await keys.type("hello")
    await keys.press("Enter")
    await visitor.shows("hello")
    await expect(visitor.field).to_be_focused()

    desk.say("What next?", choices=[{"id": "c1", "title": "A person"}])
    await expect(visitor.button("A person")).to_be_enabled()
    await keys.press("Shift+Tab")
    await expect(visitor.button("A person")).to_be_focused()
    await keys.press("Enter")
    await visitor.shows("hello", "What next?", "A person")
    await expect(visitor.field).to_be_focused()

    await keys.press("Escape")
    await expect(visitor.panel).to_be_hidden()
    await expect(visitor.launcher).to_be_focused()


async def test_a_reload_does_not_take_the_focus_from_the_page(visit: VisitShop) -> None:
    visitor = await visit()
    await visitor.open()

    await visitor.page.reload()
    await expect(visitor.panel).to_be_visible()

    assert await visitor.page.evaluate("document.activeElement.tagName") == "BODY"


async def test_messages_are_read_out_with_who_said_them(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    await visitor.tell("mine")
    desk.say("yours")
    desk.say("theirs", sender="agent")

    await expect(visitor.log.locator(".row")).to_contain_text(
        ["You: mine", "Assistant: yours", "Customer service: theirs"]
    )


async def test_everything_that_can_be_used_has_a_name(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit()
    await visitor.open()
    for card in (ORDER, PARCEL, PRODUCT):
        desk.say("", card=card, choices=[{"id": "c1", "title": "A person"}])
    desk.survey("s1")
    await expect(visitor.log.locator(".star")).to_have_count(5)

    assert await visitor.panel.evaluate(NAMELESS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_contrasts_with_what_is_behind_it(
    visit: VisitShop, desk: FakeDesk, scheme: str
) -> None:
    visitor = await visit(color_scheme=scheme)
    await visitor.open()
    await visitor.tell("see https://shop.example")
    for state in ("exception", "expired", "delivered", "pending", "in_transit"):
        desk.say("see https://shop.example", card=PARCEL | {"state": state})
    for card in (ORDER, ORDER | {"state": "pending_payment"}, PRODUCT):
        desk.say("", card=card)
    desk.say("You are number 3.", sender="system", choices=[{"id": "c1", "title": "Back"}])
    desk.owner("queue", position=3, ticket=12)
    desk.survey("s1")
    desk.refusals = [(422, "text-too-long")]
    await visitor.write("refused")
    await visitor.field.fill("a" * 2001)
    await expect(visitor.log.get_by_role("alert")).to_be_visible()
    # Colours fade in; what is measured is how they stand in the end.
    await visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    assert await visitor.panel.evaluate(CONTRASTS) == []


async def test_reduced_motion_stops_all_motion(visit: VisitShop, desk: FakeDesk) -> None:
    visitor = await visit(reduced_motion="reduce")
    await visitor.open()
    desk.typing()
    dot = visitor.log.locator(".typing i").first
    await expect(dot).to_be_visible()

    assert await dot.evaluate("dot => getComputedStyle(dot).animationName") == "none"
    assert await visitor.panel.evaluate("it => getComputedStyle(it).animationName") == "none"


async def test_on_a_phone_the_chat_fills_the_screen_and_holds_the_page_still(
    visit: VisitShop,
) -> None:
    visitor = await visit(**PHONE)
    await visitor.open()

    assert await visitor.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page = visitor.page.locator("html")
    await expect(page).to_have_css("overflow", "hidden")
    await expect(visitor.panel).to_have_attribute("aria-modal", "true")

    await visitor.button("Close chat").click()
    await expect(page).to_have_css("overflow", "visible")


async def test_on_a_phone_opening_does_not_bring_the_keyboard_up(visit: VisitShop) -> None:
    visitor = await visit(**PHONE)
    await visitor.open()

    await expect(visitor.panel).to_be_focused()


async def test_on_a_phone_the_soft_keyboard_leaves_the_field_in_sight(visit: VisitShop) -> None:
    visitor = await visit(**PHONE)
    await visitor.open()
    await visitor.page.evaluate(
        "Object.defineProperty(visualViewport, 'height', {get: () => 420});"
        "Object.defineProperty(visualViewport, 'offsetTop', {get: () => 60});"
        "visualViewport.dispatchEvent(new Event('resize'))"
    )

    assert await visitor.panel.bounding_box() == {"x": 0, "y": 60, "width": 390, "height": 420}


async def test_on_a_phone_the_focus_stays_in_the_chat(visit: VisitShop) -> None:
    visitor = await visit(**PHONE)
    await visitor.open()
    keys = visitor.page.keyboard
    inside = "document.activeElement === document.querySelector('frontdesk-chat')"
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            await keys.press(key)
            assert await visitor.page.evaluate(inside)


@pytest.mark.parametrize(
    ("page", "attributes", "browser_locale", "hello"),
    [
        ("zh-CN", {}, "en-US", "您好，请问有什么可以帮您？"),
        ("en", {"locale": "zh"}, "en-US", "您好，请问有什么可以帮您？"),
        ("fr", {}, "zh-CN", "您好，请问有什么可以帮您？"),
        ("en-GB", {}, "zh-CN", "Hello! How can we help?"),
        ("fr", {}, "fr-FR", "Hello! How can we help?"),
    ],
    ids=["page", "attribute", "browser", "page-before-browser", "neither"],
)
async def test_the_language_is_the_pages_before_the_browsers(
    visit: VisitShop, page: str, attributes: dict[str, str], browser_locale: str, hello: str
) -> None:
    visitor = await visit(attributes={"lang": page, **attributes}, locale=browser_locale)
    await visitor.open()

    await expect(visitor.log.locator("h2")).to_have_text(hello)


async def test_the_language_follows_the_page_and_then_the_shopper(
    visit: VisitShop, desk: FakeDesk
) -> None:
    visitor = await visit()
    await visitor.open()
    desk.say("", card=PARCEL)
    headline = visitor.log.locator(".headline")
    await expect(headline).to_have_text("Out for delivery")

    await visitor.page.evaluate("document.documentElement.lang = 'zh-CN'")
    await expect(headline).to_have_text("派送中")
    await expect(visitor.field).to_have_attribute("placeholder", "输入消息…")

    await visitor.button("Switch to English").click()
    await expect(headline).to_have_text("Out for delivery")
    await visitor.page.reload()
    await expect(headline).to_have_text("Out for delivery")
