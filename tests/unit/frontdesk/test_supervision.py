"""A process that dies or hangs is started again, and a person is told."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from frontdesk import supervision
from frontdesk.children import Children
from frontdesk.errors import StepFailed
from frontdesk.services import Service
from frontdesk.supervision import Backoff, Supervisor

SLEEPS = (sys.executable, "-S", "-c", "import time; time.sleep(600)")


class Health:
    """Answers in place of the process's health endpoint."""

    def __init__(self) -> None:
        self.status = 200

    def __call__(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status)


def service(*command: str, start_seconds: float = 5.0) -> Service:
    return Service("thing", "the thing", command, {}, "http://thing/health", start_seconds)


@asynccontextmanager
async def supervised(what: Service, log_folder: Path, health: Health) -> AsyncIterator[Supervisor]:
    transport = httpx.MockTransport(health)
    async with Children() as children, httpx.AsyncClient(transport=transport) as http:
        yield Supervisor(
            what, children, http, log_folder, changed=lambda: None, backoff=Backoff(0.0)
        )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "READY_POLL_SECONDS", 0.01)
    monkeypatch.setattr(supervision, "LIVENESS_POLL_SECONDS", 0.01)


async def until(said: asyncio.Queue[str], words: str) -> str:
    async with asyncio.timeout(10):
        while True:
            line = await said.get()
            if words in line:
                return line


def test_the_wait_before_a_restart_doubles_up_to_a_minute() -> None:
    backoff, waits = Backoff(), []
    for _ in range(8):
        waits.append(backoff.delay)
        backoff = backoff.after(1.0)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_process_that_was_well_for_long_is_started_again_at_once() -> None:
    assert Backoff(60.0).after(supervision.STEADY_SECONDS) == Backoff()


async def test_a_start_that_fails_shows_the_last_lines_of_the_log(tmp_path: Path) -> None:
    broken = service(sys.executable, "-S", "-c", "import sys; print('no such table'); sys.exit(4)")
    health = Health()
    health.status = 503
    async with supervised(broken, tmp_path, health) as supervisor:
        with pytest.raises(StepFailed, match="exit code 4") as failed:
            await supervisor.start()
    assert failed.value.last_lines == ["no such table"]


async def test_a_process_that_is_never_well_is_ended(tmp_path: Path) -> None:
    health = Health()
    health.status = 503
    slow = service(*SLEEPS, start_seconds=0.05)
    async with supervised(slow, tmp_path, health) as supervisor:
        with pytest.raises(StepFailed, match="not ready"):
            await supervisor.start()
        assert supervisor.pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(supervisor.pid, 0)


async def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    absent = service(str(tmp_path / "absent"))
    async with supervised(absent, tmp_path, Health()) as supervisor:
        with pytest.raises(StepFailed, match="No such file"):
            await supervisor.start()


async def test_a_killed_process_is_started_again_and_said_so(tmp_path: Path) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    async with supervised(service(*SLEEPS), tmp_path, Health()) as supervisor:
        await supervisor.start()
        first = supervisor.pid
        assert first is not None
        keeping = asyncio.create_task(supervisor.keep(said.put_nowait))
        os.kill(first, signal.SIGKILL)
        assert "SIGKILL" in await until(said, "starting it again")
        await until(said, "is back")
        assert supervisor.pid != first
        assert supervisor.restarts == 1
        keeping.cancel()


async def test_a_process_that_no_longer_answers_is_started_again(tmp_path: Path) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    health = Health()
    async with supervised(service(*SLEEPS), tmp_path, health) as supervisor:
        await supervisor.start()
        first = supervisor.pid
        health.status = 500
        keeping = asyncio.create_task(supervisor.keep(said.put_nowait))
        await until(said, "no longer answers")
        health.status = 200
        await until(said, "is back")
        assert supervisor.pid != first
        keeping.cancel()


async def test_one_slow_answer_is_no_reason_to_restart(tmp_path: Path) -> None:
    answers = iter([200] + [500] * (supervision.LIVENESS_FAILURES - 1))
    asked_after = asyncio.Event()

    class Hiccup(Health):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            status = next(answers, None)
            if status is None:
                asked_after.set()
            return httpx.Response(status or 200)

    async with supervised(service(*SLEEPS), tmp_path, Hiccup()) as supervisor:
        await supervisor.start()
        keeping = asyncio.create_task(supervisor.keep(lambda _: None))
        await asyncio.wait_for(asked_after.wait(), 10)
        assert supervisor.restarts == 0
        keeping.cancel()
