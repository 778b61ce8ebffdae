"""The outside world of the actions, wired lazily and in this one place."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from actions.policy import ShopPolicy, load_policy
from integrations.helpdesk import open_helpdesk
from integrations.helpdesk.port import Helpdesk
from integrations.settings import load_settings
from integrations.shop import Shop, open_shop


def utc_now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Ports:
    """What a journey may ask."""

    shop: Shop
    helpdesk: Helpdesk
    policy: ShopPolicy
    timeout_seconds: float = 8.0
    """One action, all its back-end calls included."""
    now: Callable[[], datetime] = field(default=utc_now)
    log_level: str = "info"


@lru_cache
def open_ports() -> Ports:
    """Return the ports of this installation; connections are made at the first question.

    Raises:
        SettingsError: a setting or the policy file is wrong.
    """
    settings = load_settings()
    return Ports(
        shop=open_shop(settings),
        helpdesk=open_helpdesk(settings),
        policy=load_policy(),
        timeout_seconds=settings.action_timeout_seconds,
        log_level=settings.log_level,
    )


async def close_ports() -> None:
    """Give back all connections, if any were made."""
    if open_ports.cache_info().currsize:
        ports = open_ports()
        await asyncio.gather(ports.shop.close(), ports.helpdesk.close())
        open_ports.cache_clear()
