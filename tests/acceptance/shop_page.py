"""The demo shop's page, as a visitor uses it."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

ANSWER_MILLISECONDS = 45_000


class ShopVisit:
    """One visitor of the demo shop's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log")

    @property
    def answers(self) -> Locator:
        """What assistant, agents and the desk said."""
        return self.log.locator(".row:not(.shopper)")

    @property
    def cards(self) -> Locator:
        return self.log.locator(".card")

    async def sign_in(self, name: str) -> None:
        """Be one of the demo shoppers."""
        await self.page.locator("#people button", has_text=name).click()
        await expect(self.page.locator("#facts-title")).to_contain_text(name)

    async def open_chat(self) -> None:
        await self.page.locator("frontdesk-chat .launcher").click()
        await expect(self.log).to_have_attribute("aria-live", "polite")

    async def ask(self, text: str) -> Locator:
        """Write a message; return the last answer once there is a new one."""
        before = await self.answers.count()
        await self.panel.locator("textarea").fill(text)
        await self.panel.locator("textarea").press("Enter")
        await self.answers.nth(before).wait_for(timeout=ANSWER_MILLISECONDS)
        return self.answers.last

    async def said(self) -> str:
        """Return everything the conversation shows."""
        return await self.log.inner_text()


VisitShop = Callable[[str], Awaitable[ShopVisit]]
"""Opens the page in a browser of a language, `zh` or `en`."""
