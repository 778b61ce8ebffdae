"""The whole of Frontdesk, brought up once for the tests by the same command a person uses."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from frontdesk.terminal.client import Chat, Event
from integrations.settings import ROOT
from tests.services import free_port

READY_SECONDS = 420.0
"""A first start may train, on a machine that does other things too."""
RECOVERY_SECONDS = 120.0
REPLY_SECONDS = 45.0
STOP_SECONDS = 40.0

Json = dict[str, Any]


class StackFailed(Exception):
    """The stack did not do what was waited for; the message holds what the launcher printed."""


class Stack:
    """One installation in a folder of its own, on free ports; models are the checkout's."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.var_dir = folder / "var"
        self.output = folder / "launcher.txt"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **{key: value for key, value in os.environ.items() if "FRONTDESK_" not in key},
            "FRONTDESK_VAR_DIR": str(self.var_dir),
            "FRONTDESK_DESK_PORT": str(port),
            "FRONTDESK_ASSISTANT_URL": f"http://127.0.0.1:{free_port()}",
            "FRONTDESK_ACTIONS_URL": f"http://127.0.0.1:{free_port()}",
            **settings,
        }
        self.launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Bring it up; return after how many seconds it was ready."""
        began = time.monotonic()
        with self.output.open("ab") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "frontdesk", "up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # As a shell starts it; a signal to the tests' group is not for it.
                start_new_session=True,
            )
        pid = self.launcher.pid
        self.wait_until(
            # A killed launcher leaves its state behind.
            lambda: self.state.get("pid") == pid and self.state["ready"],
            READY_SECONDS,
            "ready",
        )
        return time.monotonic() - began

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal to the launcher alone; return the launcher's exit code."""
        if self.launcher is None:
            return 0
        self.launcher.send_signal(how)
        code = self.launcher.wait(STOP_SECONDS)
        self.launcher = None
        return code

    @property
    def state(self) -> Json:
        """What the launcher tells of its processes; empty when none runs."""
        try:
            state: Json = json.loads((self.var_dir / "up.json").read_text())
        except FileNotFoundError:
            return {}
        return state

    @property
    def demo(self) -> Json:
        """Whom the demo offers to be."""
        demo: Json = json.loads((self.var_dir / "demo.json").read_text())
        return demo

    def shopper(self, locale: str, shipment_state: str = "in_transit", nth: int = 0) -> Json:
        """Return a demo shopper of a language whose parcel is in that state."""
        found = [
            each
            for each in self.demo["shoppers"]
            if each["locale"] == locale and each["shipment_state"] == shipment_state
        ]
        return found[nth]

    @property
    def service_token(self) -> str:
        """What the action server shows the desk."""
        return (self.var_dir / "secrets" / "frontdesk_service_token").read_text()

    def process(self, name: str) -> Json:
        """Return `{pid, state, restarts}` of one of the three."""
        process: Json = self.state["processes"][name]
        return process

    def kill(self, name: str) -> None:
        """`kill -9` one process: its main one, as a crash would."""
        os.kill(self.process(name)["pid"], signal.SIGKILL)

    def wait_restarted(self, name: str, restarts_before: int) -> None:
        """Wait until a killed process is ready again."""

        def again() -> bool:
            process = self.process(name)
            return process["restarts"] > restarts_before and process["state"] == "ready"

        self.wait_until(again, RECOVERY_SECONDS, f"{name} again")

    def pids(self) -> list[int]:
        """Return the processes of this installation that are left, the guard's included."""
        mark = f"FRONTDESK_VAR_DIR={self.var_dir}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal():
                continue
            # A process may end while it is looked at; a zombie has no environment.
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found

    def wait_until(self, happened: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait for something to come true.

        Raises:
            StackFailed: it did not in time, or the launcher ended.
        """
        until = time.monotonic() + seconds
        while not happened():
            ended = self.launcher is not None and self.launcher.poll() is not None
            if ended or time.monotonic() > until:
                why = "the launcher ended" if ended else f"not after {seconds:.0f} s"
                raise StackFailed(f"{what}: {why}\n{self.output.read_text()[-3000:]}")
            time.sleep(0.1)


class Shopper:
    """A shopper in one conversation: everything they see is kept in `events`."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self.url = url
        self.chat = Chat(http, url, sleep=asyncio.sleep)
        self.events: list[Event] = []
        self._news = asyncio.Condition()

    @property
    def conversation(self) -> str:
        return self.chat.conversation

    @property
    def authorization(self) -> dict[str, str]:
        return self.chat.authorization

    @property
    def messages(self) -> list[Json]:
        """Everything said so far, in the order it was shown."""
        return [event.data for event in self.events if event.name == "message"]

    @property
    def owner(self) -> str:
        owners = [event.data["owner"] for event in self.events if event.name == "owner"]
        return owners[-1] if owners else "bot"

    async def follow(self) -> None:
        """Follow the conversation, over lost connections, for ever."""
        async for event in self.chat.events():
            if isinstance(event, Event):
                async with self._news:
                    self.events.append(event)
                    self._news.notify_all()

    async def until(self, happened: Callable[[], bool], seconds: float = REPLY_SECONDS) -> None:
        """Wait until what was shown makes it true."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(happened)
        except TimeoutError:
            shown = "\n".join(f"{each.name} {each.data}" for each in self.events[-12:])
            pytest.fail(f"waited {seconds:.0f} s in vain; shown last:\n{shown}")

    async def post(self, **body: Any) -> httpx.Response:
        """Send a message as it is, once."""
        return await self._http.post(
            f"{self.url}/chat/conversations/{self.conversation}/messages",
            json={"external_id": str(uuid4()), **body},
            headers=self.authorization,
        )

    async def say(self, text: str) -> str:
        """Send a text that the desk takes; return its external id."""
        external_id = str(uuid4())
        answer = await self.post(external_id=external_id, text=text)
        assert answer.status_code == 202, answer.text
        return external_id

    async def ask(self, text: str) -> list[Json]:
        """Send a text, wait for an answer, and return what was said after it."""
        return await self.answers(await self.say(text))

    async def choose(self, title: str) -> list[Json]:
        """Take the latest choice whose title holds these words; return what was said after it."""
        offered = [
            choice
            for message in reversed(self.messages)
            for choice in message.get("choices") or []
            if title in choice["title"]
        ]
        external_id = str(uuid4())
        answer = await self.post(external_id=external_id, choice=offered[0]["id"])
        assert answer.status_code == 202, answer.text
        return await self.answers(external_id)

    async def answers(self, external_id: str, seconds: float = REPLY_SECONDS) -> list[Json]:
        """Wait until a message is answered; return what was said after it so far."""
        await self.until(lambda: bool(self._after(external_id)), seconds)
        return self._after(external_id)

    def _after(self, external_id: str) -> list[Json]:
        own = [
            at for at, each in enumerate(self.messages) if each.get("external_id") == external_id
        ]
        return (
            [each for each in self.messages[own[0] + 1 :] if each["sender"] != "shopper"]
            if own
            else []
        )


@asynccontextmanager
async def visit(
    stack: Stack, *, locale: str = "zh", shopper_token: str | None = None
) -> AsyncIterator[Shopper]:
    """Begin a conversation at the stack's desk and follow it."""
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as http:
        shopper = Shopper(http, stack.url)
        await shopper.chat.open(locale=locale, shopper_token=shopper_token)
        following = asyncio.create_task(shopper.follow())
        try:
            yield shopper
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


@pytest.fixture(scope="session")
def started_stack() -> Iterator[Stack | StackFailed]:
    """The stack, or why there is none: a failed fixture would be tried again by every test."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-stack-") as folder:
        running = Stack(Path(folder))
        try:
            running.start()
        except StackFailed as failed:
            running.stop()
            yield failed
            return
        try:
            yield running
        finally:
            running.stop()
            assert running.pids() == []


@pytest.fixture(scope="session")
def stack(started_stack: Stack | StackFailed) -> Stack:
    """The whole stack, up for the session; a test that stops it starts it again."""
    if isinstance(started_stack, StackFailed):
        pytest.fail(str(started_stack))
    return started_stack
