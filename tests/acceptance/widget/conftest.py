"""A real Chromium on a merchant's page, and the desk behind it that a test scripts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
)

from tests.acceptance.widget.server import FakeDesk, bound_socket, serving, shop_app

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


@dataclass
class Visit:
    """One visitor's page with the widget on it, and what went wrong there."""

    page: Page
    desk: FakeDesk
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("frontdesk-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def field(self) -> Locator:
        return self.panel.locator("textarea")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log")

    @property
    def bubbles(self) -> Locator:
        return self.log.locator(".bubble")

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    async def open(self) -> None:
        """Open the chat and wait until it listens."""
        await self.launcher.click()
        await self.connected()

    async def connected(self) -> None:
        """Wait until the past is there and what comes next is read out."""
        await expect(self.log).to_have_attribute("aria-live", "polite")

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def tell(self, text: str) -> None:
        """Write, and wait until the desk has shown it back."""
        await self.write(text)
        shown = self.log.locator(".shopper:not(.sending, .sent, .failed)", has_text=text)
        await expect(shown).to_have_count(1)

    async def hurry(self, *, until: Callable[[], bool]) -> None:
        """Let the page's pauses pass quickly until the desk has seen something."""
        async with asyncio.timeout(10):
            while not until():
                await self.page.clock.fast_forward(500)

    async def shows(self, *texts: str) -> None:
        """Expect exactly these messages, in this order."""
        await expect(self.bubbles).to_have_text(list(texts))


VisitShop = Callable[..., Awaitable[Visit]]


@pytest.fixture
async def desk() -> AsyncIterator[FakeDesk]:
    """The scripted desk, served with the widget and the demo shop."""
    desk = FakeDesk()
    with bound_socket() as bound:
        async with serving(desk.app(), bound) as url:
            desk.url = url
            yield desk
            desk.drop()


@pytest.fixture
async def shop(desk: FakeDesk) -> AsyncIterator[str]:
    """The address of a merchant's page with the widget, on another origin than the desk."""
    with bound_socket() as bound:
        async with serving(shop_app(desk.url), bound) as url:
            yield url


@pytest.fixture
async def visit(browser: Browser, desk: FakeDesk, shop: str) -> AsyncIterator[VisitShop]:
    """Open pages; afterwards none may have failed, broken its policy or asked another host."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    async def enter(
        address: str = shop,
        *,
        context: BrowserContext | None = None,
        clock: bool = False,
        script: str = "",
        attributes: dict[str, str] | None = None,
        **options: Any,
    ) -> Visit:
        if context is None:
            given = {"locale": "en-US", "timezone_id": "Asia/Shanghai", **options}
            context = await browser.new_context(**given)
            contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        visit = Visit(page, desk)
        visits.append(visit)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on("request", lambda request: visit.hosts.add(urlsplit(request.url).netloc))
        page.on("console", lambda said: _note(visit, said.text))
        if clock:
            await page.clock.install()
        if script:
            await page.add_init_script(script)
        await page.goto(f"{address}/?{urlencode(attributes or {})}")
        await visit.launcher.wait_for()
        return visit

    yield enter
    ours = {urlsplit(url).netloc for url in (desk.url, shop)}
    for seen in visits:
        assert seen.errors == []
        assert seen.hosts <= ours
    for context in contexts:
        await context.close()


def _note(visit: Visit, said: str) -> None:
    if "Content Security Policy" in said or "TrustedHTML" in said:
        visit.errors.append(said)
