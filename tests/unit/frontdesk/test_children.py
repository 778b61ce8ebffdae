"""Nothing we started outlives us."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from frontdesk import children as children_module
from frontdesk import guard, logs
from frontdesk.children import Children

WITH_A_WORKER = """
import subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
print(worker.pid, flush=True)
time.sleep(600)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""
LAUNCHER = """
import asyncio, os, sys
from frontdesk.children import Children

async def main():
    async with Children() as children:
        child = await children.start(
            [sys.executable, "-S", "-c", sys.argv[1]],
            environment={},
            output=asyncio.subprocess.PIPE,
        )
        print(child.pid, (await child.stdout.readline()).decode().strip(), flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def gone(pid: int) -> bool:
    """Tell whether a process has ended; one that waits to be reaped has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def until_gone(*pids: int) -> None:
    async with asyncio.timeout(10):
        while not all(map(gone, pids)):
            await asyncio.sleep(0.02)


async def started(children: Children, code: str) -> tuple[asyncio.subprocess.Process, str]:
    child = await children.start(
        [sys.executable, "-S", "-c", code], environment={}, output=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    return child, (await child.stdout.readline()).decode().strip()


async def test_leaving_ends_children_and_their_workers() -> None:
    async with Children() as children:
        child, worker = await started(children, WITH_A_WORKER)
    await until_gone(child.pid, int(worker))


async def test_a_worker_whose_parent_was_killed_is_ended_before_a_restart(tmp_path: Path) -> None:
    said = tmp_path / "said"
    async with Children() as children:
        with said.open("wb") as output:
            child = await children.start(
                [sys.executable, "-S", "-c", WITH_A_WORKER], environment={}, output=output.fileno()
            )
        async with asyncio.timeout(10):
            while not said.read_text().endswith("\n"):
                await asyncio.sleep(0.02)
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        await children.end(child)
        await until_gone(int(said.read_text()))


async def test_a_child_that_ignores_the_request_is_ended_by_force() -> None:
    async with Children() as children:
        child, _ = await started(children, STUBBORN)
        await children.end(child, grace_seconds=0.05)
        assert child.returncode == -signal.SIGKILL


async def test_children_of_a_killed_launcher_are_ended(tmp_path: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, WITH_A_WORKER], stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    child, worker = map(int, launcher.stdout.readline().split())
    launcher.kill()
    launcher.communicate()
    await until_gone(child, worker)


async def test_children_are_guarded_again_after_the_guard_was_killed() -> None:
    async with Children() as children:
        assert children._guard is not None
        children._guard.kill()
        children._guard.wait()
        child, worker = await started(children, WITH_A_WORKER)
        assert children._guard.poll() is None
        await children.end(child)
        await until_gone(int(worker))


def test_the_guard_ends_stubborn_groups_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "GRACE_SECONDS", 0.05)
    stubborn = subprocess.Popen(
        [sys.executable, "-S", "-c", STUBBORN],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    guard.end({stubborn.pid})
    stubborn.communicate()
    assert stubborn.returncode == -signal.SIGKILL


def test_a_log_that_grew_too_long_is_moved_aside_under_its_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "KEEP_BYTES", 10)
    path = tmp_path / "log" / "thing.log"
    writer = logs.open_log(path)
    os.write(writer, b"a line of the past\n")
    logs.bound(path)
    os.write(writer, b"new\n")
    os.close(writer)
    assert path.read_bytes() == b"new\n"
    assert path.with_name("thing.log.1").read_bytes() == b"a line of the past\n"


def test_a_log_that_does_not_exist_has_no_last_lines(tmp_path: Path) -> None:
    assert logs.last_lines(tmp_path / "absent") == []


def test_the_grace_for_our_own_children_covers_the_desks() -> None:
    # The desk gives its open streams 5 s.
    assert children_module.TERM_SECONDS > 5
