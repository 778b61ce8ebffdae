"""A desk under test: real HTTP, real database; assistant, shop, channels and clock are fakes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import uvicorn

from integrations.assistant.fake import FakeAssistant
from integrations.assistant.models import AssistantMessage
from integrations.channels.fake import FakePushChannel
from integrations.settings import Settings
from integrations.shop.fake import FakeShop
from ticketing.conversations.log import new_id
from ticketing.web.app import create_app
from ticketing.web.wiring import Desk, Parts

SECRET = "a secret of the tests, long enough for HS256"
PATIENCE = 20.0
"""Seconds after which something that should happen counts as not happening."""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **delta: float) -> None:
        self.time += timedelta(**delta)


class Server(uvicorn.Server):
    """A server that leaves the process's signals alone."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


@dataclass
class Event:
    kind: str
    data: dict[str, Any]
    id: int | None = None


class Stream:
    """An open event stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last: int | None = None

    async def next(self, *kinds: str) -> Event:
        """Return the next event of these kinds (any but typing when none is given)."""
        async with asyncio.timeout(PATIENCE):
            while True:
                event = await self._read()
                if event.id is not None:
                    self.last = event.id
                if event.kind in kinds or (not kinds and event.kind != "typing"):
                    return event

    async def messages(self, count: int) -> list[tuple[str, str]]:
        """Return sender and text of the next messages."""
        found = [await self.next("message") for _ in range(count)]
        return [(event.data["sender"], event.data["text"]) for event in found]

    async def says(self, sender: str) -> str:
        """Return the text of the next message of a sender."""
        while True:
            event = await self.next("message")
            if event.data["sender"] == sender:
                return str(event.data["text"])

    async def _read(self) -> Event:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif not line and "data" in fields:
                number = int(fields["id"]) if "id" in fields else None
                return Event(fields["event"], json.loads(fields["data"]), number)
        raise EOFError("the stream ended")


@dataclass
class Shopper:
    """One conversation on the web page."""

    client: httpx.AsyncClient
    id: str
    token: str
    sent: int = 0

    @property
    def path(self) -> str:
        return f"/chat/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, body: dict[str, Any]) -> httpx.Response:
        return await self.client.post(f"{self.path}/messages", json=body, headers=self.headers)

    async def say(self, text: str, external_id: str | None = None) -> str:
        """Say something; return the desk's message id."""
        self.sent += 1
        response = await self.post({"external_id": external_id or f"e{self.sent}", "text": text})
        assert response.status_code == 202, response.text
        return str(response.json()["message"])

    async def pick(self, choice: str) -> httpx.Response:
        self.sent += 1
        return await self.post({"external_id": f"e{self.sent}", "choice": choice})

    @asynccontextmanager
    async def follow(self, after: int | None = None) -> AsyncIterator[Stream]:
        headers = dict(self.headers)
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        request = self.client.stream("GET", f"{self.path}/events", headers=headers)
        async with request as response:
            assert response.status_code == 200
            yield Stream(response.aiter_lines())

    async def log(self, count: int) -> list[Event]:
        """Return the first events of the conversation."""
        async with self.follow() as stream:
            return [await stream.next() for _ in range(count)]


@dataclass
class Running:
    """A desk that serves."""

    desk: Desk
    client: httpx.AsyncClient
    assistant: FakeAssistant
    shop: FakeShop
    channel: FakePushChannel
    clock: Clock
    service: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {SECRET}"})

    async def shopper(self, **body: Any) -> Shopper:
        response = await self.client.post("/chat/conversations", json=body)
        assert response.status_code == 201, response.text
        started = response.json()
        return Shopper(self.client, started["conversation"], started["token"])

    async def ticket(
        self, conversation: str, *, key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Report a case as the action server does."""
        headers = {**self.service, "Idempotency-Key": key or new_id()}
        said = {"reason": "asked_for_person", "language": "en", **body}
        return await self.client.post(
            "/api/tickets", json={"conversation": conversation, **said}, headers=headers
        )

    def heard(self, shopper: Shopper) -> list[AssistantMessage]:
        """Return what the assistant was given of one conversation."""
        received = self.assistant.received
        return [message for message in received if message.conversation == shopper.id]

    def crash(self) -> None:
        """Let everything this process does for conversations vanish, as kill -9 does."""
        vanish(self.desk)


def vanish(desk: Desk) -> None:
    """End a desk's processing without its saying goodbye."""
    turns = desk.turns
    turns._stopping = True
    for task in [*turns._loops, *turns._running.values()]:
        task.cancel()


def settings_for(database_url: str, **more: Any) -> Settings:
    return Settings(
        **{
            "database_url": database_url,
            "service_token": SECRET,
            "shopper_token_secret": SECRET,
            "assistant_token": SECRET,
            "actions_url": "http://127.0.0.1:9",
            **more,
        }
    )


@asynccontextmanager
async def run_desk(
    settings: Settings,
    *,
    clock: Clock | None = None,
    assistant: FakeAssistant | None = None,
    shop: FakeShop | None = None,
) -> AsyncIterator[Running]:
    """Serve a desk on a free port of the loopback until the block ends."""
    clock = clock or Clock()
    assistant = assistant or FakeAssistant()
    shop = shop or FakeShop()
    channel = FakePushChannel(SECRET, clock)
    parts = Parts(assistant=assistant, shop=shop, channels={"fake": channel}, clock=clock)
    app = create_app(settings, parts)
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=5
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:
            if serving.done():
                await serving
                raise RuntimeError("the desk did not start")
            await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            timeout=PATIENCE,
            limits=httpx.Limits(max_connections=None),
            trust_env=False,
        ) as client:
            yield Running(app.state.desk, client, assistant, shop, channel, clock)
    finally:
        assistant.resume()
        app.state.desk.live.end()
        server.should_exit = True
        await serving


async def until(condition: Any) -> None:
    """Wait until a condition holds; it may be awaitable."""
    async with asyncio.timeout(PATIENCE):
        while True:
            held = condition()
            if asyncio.iscoroutine(held):
                held = await held
            if held:
                return
            await asyncio.sleep(0.005)
