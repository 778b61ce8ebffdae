"""The desk's own process, killed with SIGKILL while it works."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.integration.desk.harness import PATIENCE, SECRET, Server, Shopper, until
from tests.services import free_port

START_SECONDS = 60.0


class StubChannel:
    """The assistant's channel over HTTP; like it, it answers a redelivered message once."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.ran: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.app = Starlette(
            routes=[Route("/webhooks/desk/messages", self.answer, methods=["POST"])]
        )

    async def answer(self, request: Request) -> JSONResponse:
        said = await request.json()
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        self.received.append(said)
        if not (said["redelivered"] and said["message"] in self.ran):
            self.ran.append(said["message"])
        await self.open.wait()
        reply = {"text": f"echo: {said['text']}", "choices": [], "card": None, "response": None}
        return JSONResponse({"replies": [reply]})


@asynccontextmanager
async def stub_channel() -> AsyncIterator[tuple[StubChannel, int]]:
    stub = StubChannel()
    config = uvicorn.Config(stub.app, port=0, log_config=None, access_log=False, ws="none")
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield stub, server.servers[0].sockets[0].getsockname()[1]
    finally:
        stub.open.set()
        server.should_exit = True
        await serving


class Process:
    """The desk in a process of its own, on the same port after each start."""

    def __init__(self, url: str, assistant_port: int, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "desk.log"
        self._environment = {
            **os.environ,
            "FRONTDESK_VAR_DIR": str(folder),
            "FRONTDESK_DATABASE_URL": url,
            "FRONTDESK_ASSISTANT_URL": f"http://127.0.0.1:{assistant_port}",
            "FRONTDESK_ASSISTANT_TOKEN": SECRET,
            "FRONTDESK_SERVICE_TOKEN": SECRET,
            "FRONTDESK_SHOPPER_TOKEN_SECRET": SECRET,
            "FRONTDESK_SHOP_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'shop.db'}",
        }
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, client: httpx.AsyncClient) -> None:
        command = ["-m", "uvicorn", "--factory", "ticketing.web.app:create_app"]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *command, "--port", str(self.port)],
                stdout=output,
                stderr=output,
                env=self._environment,
            )
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    await client.get("/health/live")
                except httpx.TransportError:
                    assert self._process.poll() is None, self.log.read_text()
                    await asyncio.sleep(0.05)
                else:
                    return

    async def end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            await asyncio.to_thread(self._process.wait, PATIENCE)
            self._process = None


@pytest.fixture
async def stub() -> AsyncIterator[tuple[StubChannel, int]]:
    async with stub_channel() as running:
        yield running


async def test_kill_9_at_any_moment_loses_nothing_and_repeats_nothing(
    desk_url: str, stub: tuple[StubChannel, int], tmp_path: Path
) -> None:
    channel, port = stub
    process = Process(desk_url, port, tmp_path)
    base = f"http://127.0.0.1:{process.port}"
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, trust_env=False) as client:
        try:
            await process.start(client)
            started = (await client.post("/chat/conversations", json={})).json()
            shopper = Shopper(client, started["conversation"], started["token"])
            said: list[str] = []

            # While the assistant works on it.
            channel.open.clear()
            said.append("during the turn")
            await shopper.say(said[-1])
            await until(lambda: channel.received)
            await process.end(signal.SIGKILL)
            channel.open.set()
            await process.start(client)

            # Right after it was accepted.
            for number in range(5):
                said.append(f"accepted {number}")
                await shopper.say(said[-1])
            await process.end(signal.SIGKILL)
            await process.start(client)

            # While the client does not know whether it was: it says so again.
            said.append("uncertain")
            sending = asyncio.create_task(shopper.say(said[-1], "uncertain"))
            await asyncio.sleep(0.004)
            await process.end(signal.SIGKILL)
            await asyncio.gather(sending, return_exceptions=True)
            await process.start(client)
            await shopper.say(said[-1], "uncertain")

            async with shopper.follow() as stream:
                heard = await stream.messages(2 * len(said))
        finally:
            await process.end(signal.SIGKILL)

    assert [("shopper", text) for text in said] == [one for one in heard if one[0] == "shopper"]
    assert [("bot", f"echo: {text}") for text in said] == [one for one in heard if one[0] == "bot"]
    assert len(said) == len(channel.ran)


async def test_sigterm_ends_the_process_although_streams_are_open(
    sqlite_url: str, stub: tuple[StubChannel, int], tmp_path: Path
) -> None:
    process = Process(sqlite_url, stub[1], tmp_path)
    base = f"http://127.0.0.1:{process.port}"
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE, trust_env=False) as client:
        try:
            await process.start(client)
            started = (await client.post("/chat/conversations", json={})).json()
            shopper = Shopper(client, started["conversation"], started["token"])
            await shopper.say("hello 13812345678")
            async with shopper.follow() as stream:
                await stream.messages(2)
                await process.end(signal.SIGTERM)
        finally:
            await process.end(signal.SIGKILL)

    log = process.log.read_text()
    assert "desk_stopped" in log
    assert started["token"] not in log
    assert "13812345678" not in log
    assert f'"conversation": "{shopper.id}"' in log
