"""Drive either system with senders at once and sum up what they saw."""

import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import cycle, islice

from tests.bench.clients import Client
from tests.bench.messages import MIX

Open = Callable[[str], AbstractAsyncContextManager[Client]]
"""Opens the conversation of one named sender."""


@dataclass(frozen=True)
class Load:
    """Latencies in milliseconds and messages per second of one run."""

    senders: int
    messages: int
    p50: float
    p95: float
    throughput: float


async def drive(open_client: Open, *, senders: int, messages_each: int) -> Load:
    """Let `senders` talk at once, each waiting for its reply before the next message."""

    async def talk(number: int) -> list[float]:
        async with open_client(f"load-{senders}-{number}") as client:
            texts = islice(cycle(MIX), number, number + messages_each)
            return [await client.say(text) for text in texts]

    started = time.perf_counter()
    seen = await asyncio.gather(*(talk(number) for number in range(senders)))
    elapsed = time.perf_counter() - started
    times = sorted(1000 * one for each in seen for one in each)
    return Load(
        senders=senders,
        messages=len(times),
        p50=statistics.median(times),
        p95=times[int(0.95 * (len(times) - 1))],
        throughput=len(times) / elapsed,
    )


@dataclass(frozen=True)
class Ageing:
    """Median milliseconds of ten messages around the 10th and the 300th of one conversation."""

    at_10: float
    at_300: float

    @property
    def ratio(self) -> float:
        """What the 300th costs in units of the 10th."""
        return self.at_300 / self.at_10


async def age(open_client: Open) -> Ageing:
    """Talk 305 messages in one conversation; the same ten texts are compared."""
    async with open_client("ageing") as client:
        times = [1000 * await client.say(text) for text in islice(cycle(MIX), 310)]
    return Ageing(at_10=statistics.median(times[5:15]), at_300=statistics.median(times[295:305]))
