"""Conversations at the desk of the session's stack."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stack import Shopper, Stack, visit


@pytest_asyncio.fixture
async def guest(stack: Stack) -> AsyncIterator[Shopper]:
    """Somebody who has not said who they are, in Chinese."""
    async with visit(stack, locale="zh") as shopper:
        yield shopper


@pytest_asyncio.fixture
async def customer(stack: Stack) -> AsyncIterator[Shopper]:
    """A signed-in English shopper with a parcel on its way."""
    token = stack.shopper("en")["shopper_token"]
    async with visit(stack, locale="en", shopper_token=token) as shopper:
        yield shopper
