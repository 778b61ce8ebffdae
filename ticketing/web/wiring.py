"""Everything the desk is made of, put together in one place."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from integrations.assistant.http import HttpAssistant
from integrations.assistant.port import Assistant
from integrations.channels.port import PushChannel
from integrations.settings import Settings
from integrations.shop import open_shop
from integrations.shop.port import Shop
from ticketing import clock as clocks
from ticketing.agents.service import Agents
from ticketing.clock import Clock
from ticketing.conversations.answers import Answers
from ticketing.conversations.lease import new_holder
from ticketing.conversations.live import Live, LocalLive
from ticketing.conversations.service import Conversations
from ticketing.conversations.turns import Turns
from ticketing.db.engine import Database
from ticketing.identity.service import Identity
from ticketing.metrics import Metrics
from ticketing.outbox.worker import Outbox
from ticketing.tickets.service import Tickets


@dataclass(frozen=True)
class Parts:
    """What tests put in place of the real thing; nothing given means as the settings say."""

    assistant: Assistant | None = None
    shop: Shop | None = None
    channels: Mapping[str, PushChannel] = field(default_factory=dict)
    clock: Clock = clocks.now


class Desk:
    """One process of the desk service. `start` begins its work, `stop` ends it."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self.clock = parts.clock
        self.metrics = Metrics()
        self.db = Database(settings.desk_database)
        self.live = _open_live(settings.redis_url)
        self.channels = parts.channels
        self.assistant = parts.assistant or HttpAssistant(
            settings.assistant_url,
            settings.assistant_token.get_secret_value(),
            timeout=settings.assistant_timeout_seconds,
        )
        self.shop = parts.shop or open_shop(settings)
        self.http = httpx.AsyncClient(trust_env=False)
        """For asking the parts on this machine how they are."""
        answers = Answers(self.db, self.live, self.clock, self.metrics, holder=new_holder())
        self.turns = Turns(self.db, answers, self.assistant, self.live, self.clock, self.metrics)
        self.conversations = Conversations(
            self.db,
            self.live,
            self.clock,
            self.metrics,
            claim=answers.claim,
            process=self.turns.wake,
            message_max_chars=settings.message_max_chars,
        )
        self.tickets = Tickets(self.db, self.live, self.clock, self.metrics)
        self.outbox = Outbox(self.db, self.channels, self.live, self.clock, self.metrics)
        self.identity = Identity(
            self.db,
            self.shop,
            self.clock,
            attempts=settings.identity_attempts,
            lock_minutes=settings.identity_lock_minutes,
        )
        self.agents = Agents(self.db, self.clock)

    async def start(self) -> None:
        """Begin to process, deliver and listen."""
        self.live.start()
        self.turns.start()
        self.outbox.start()

    async def stop(self) -> None:
        """End work in hand, then give everything back."""
        self.live.end()
        await self.turns.stop()
        await self.outbox.stop()
        await self.live.close()
        await self.assistant.close()
        for channel in self.channels.values():
            await channel.close()
        await self.shop.close()
        await self.http.aclose()
        await self.db.close()

    def now(self) -> datetime:
        """Return the desk's time."""
        return self.clock()

    def source(self, where: str) -> str:
        """Return a keyed hash of an address or account, so that the lock-out stores neither."""
        key = self.settings.service_token.get_secret_value().encode()
        return hmac.new(key, where.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _open_live(redis_url: str | None) -> Live:
    if redis_url is None:
        return LocalLive()
    # The embedded form starts without loading Redis' client.
    from ticketing.conversations.live_redis import RedisLive

    return RedisLive(redis_url)
