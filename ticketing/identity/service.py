"""Proving who a shopper is by order number and phone or e-mail."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from integrations.shop.errors import NotInShop, ShopError
from integrations.shop.keys import number_key
from integrations.shop.models import Order
from integrations.shop.port import Shop
from ticketing.clock import Clock
from ticketing.conversations import repository as conversations
from ticketing.conversations.errors import UnknownConversation
from ticketing.conversations.rules import Sender
from ticketing.db.engine import Database
from ticketing.identity.errors import ShopAway
from ticketing.identity.rules import last_four, proven, same, same_any
from ticketing.lockout.rules import Limit
from ticketing.lockout.service import Lockout
from ticketing.masking import emails_in

log = structlog.get_logger()

STEP_SECONDS = 0.1
"""Every answer takes a whole number of these, so that its time does not tell what was found."""
SHOP_SECONDS = 2.5
"""Within the 3 s the action server waits for the answer."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check ended in."""

    verified: bool
    locked_until: datetime | None
    identity: dict[str, Any] | None


class Identity:
    """Checks proofs against the shop.

    Args of the constructor: `attempts` failures lock a conversation and its source for
    `lock_minutes`; `pause` waits so many seconds (tests pass their own).
    """

    def __init__(
        self,
        db: Database,
        shop: Shop,
        clock: Clock,
        *,
        attempts: int,
        lock_minutes: int,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._db = db
        self._shop = shop
        self._lockout = Lockout(db, clock)
        self._limit = Limit(attempts, timedelta(minutes=lock_minutes))
        self._pause = pause

    async def check(
        self,
        conversation_id: str,
        *,
        order_number: str,
        phone_last4: str | None,
        email_message: str | None,
    ) -> Result:
        """Check one proof; a right one is kept with the conversation.

        Raises:
            UnknownConversation: there is none.
            ShopAway: the shop could not be asked; the attempt does not count.
        """
        began = time.monotonic()
        try:
            return await self._check(conversation_id, order_number, phone_last4, email_message)
        finally:
            passed = time.monotonic() - began
            await self._pause(math.ceil(passed / STEP_SECONDS) * STEP_SECONDS - passed)

    async def _check(
        self,
        conversation_id: str,
        order_number: str,
        phone_last4: str | None,
        email_message: str | None,
    ) -> Result:
        async with self._db.read() as session:
            conversation = await conversations.find(session, conversation_id)
            if conversation is None:
                raise UnknownConversation
            said = email_message and await conversations.message(
                session, conversation_id, email_message
            )
        emails = emails_in(said.text) if said and said.sender == Sender.SHOPPER else []
        mine = f"identity:conversation:{conversation_id}"
        source = f"identity:source:{conversation.source}"
        locked = await self._lockout.reserve({mine: self._limit, source: self._limit})
        if locked is not None:
            log.info("identity_locked", conversation=conversation_id)
            return Result(False, locked, conversation.identity)
        order = await self._find(order_number, mine, source)
        if order is None or not _proves(order, order_number, phone_last4, emails):
            log.info("identity_refused", conversation=conversation_id)
            until = await self._lockout.locked(mine, source)
            return Result(False, until, conversation.identity)
        await self._lockout.clear(mine)
        # One's own order must not buy new tries at others': the source keeps its failures.
        await self._lockout.give_back(source)
        identity = await self._keep(conversation_id, order)
        log.info("identity_proven", conversation=conversation_id)
        return Result(True, None, identity)

    async def _find(self, order_number: str, *subjects: str) -> Order | None:
        try:
            async with asyncio.timeout(SHOP_SECONDS):
                return await self._shop.order(order_number)
        except NotInShop:
            return None
        except (ShopError, TimeoutError) as error:
            await self._lockout.give_back(*subjects)
            raise ShopAway(type(error).__name__) from error

    async def _keep(self, conversation_id: str, order: Order) -> dict[str, Any]:
        async with self._db.write() as session:
            conversation = await conversations.lock(session, conversation_id)
            if conversation is None:
                raise UnknownConversation
            conversation.identity = proven(conversation.identity, order.customer_id, order.number)
            return conversation.identity


def _proves(order: Order, number: str, phone_last4: str | None, emails: list[str]) -> bool:
    """Compare everything, whatever the first comparison said."""
    known_number = number_key(order.number)
    facts = [same(number_key(number), known_number)]
    if phone_last4 is not None:
        facts.append(same(last_four(phone_last4), last_four(order.phone)))
    else:
        facts.append(same_any(emails, order.email.strip().lower()))
    return all(facts)
