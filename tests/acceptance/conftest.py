"""A real Chromium on the demo shop's page, in front of the whole running stack."""

import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.acceptance.shop_page import ShopVisit, VisitShop
from tests.stack import Stack

ARGS = (
    "--no-sandbox",  # the tests run as root in a container
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)
MISSING = "chromium not found; install it: apt install chromium"
BROWSER_LOCALES = {"zh": "zh-CN", "en": "en-US"}


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium, without a window."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(ARGS))
        yield browser
        await browser.close()


@pytest.fixture
async def visit_shop(browser: Browser, stack: Stack) -> AsyncIterator[VisitShop]:
    """Open the demo shop in a browser of a language; afterwards no page may have failed."""
    contexts: list[BrowserContext] = []
    visits: list[ShopVisit] = []

    async def enter(locale: str) -> ShopVisit:
        options: dict[str, Any] = {"locale": BROWSER_LOCALES[locale], "timezone_id": "UTC"}
        context = await browser.new_context(**options)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(20_000)
        visit = ShopVisit(page)
        visits.append(visit)
        await page.goto(stack.url)
        return visit

    yield enter
    for context in contexts:
        await context.close()
    assert [error for visit in visits for error in visit.errors] == []
