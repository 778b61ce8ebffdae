"""Start, await, weigh and end the processes that are compared."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from integrations.settings import ROOT

START_LIMIT_SECONDS = 300.0
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], *, env: Mapping[str, str], ready_url: str, log: Path
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run a command until the block ends; yield it and the seconds until `ready_url` said 200.

    Raises:
        RuntimeError: it ended, or was not ready within the limit.
    """
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while not _answers(ready_url):
            if process.poll() is not None or time.perf_counter() - started > START_LIMIT_SECONDS:
                raise RuntimeError(f"{command[-1]} did not start; see {log}")
            time.sleep(0.1)
        yield process, time.perf_counter() - started
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def memory_by_process(pid: int) -> dict[str, float]:
    """Return resident MiB of a process and all its descendants, by a short name of each."""
    found: dict[str, float] = {}
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        name = _name(process.cmdline())
        found[name] = found.get(name, 0.0) + process.memory_info().rss / 2**20
    return found


def _name(command: Sequence[str]) -> str:
    line = " ".join(command)
    for mark, name in (
        ("rasa run", "assistant"),
        ("actions", "actions"),
        ("uvicorn", "desk"),
        ("ticketing", "desk"),
        ("frontdesk", "launcher"),
    ):
        if mark in line:
            return name
    return command[0].rsplit("/", 1)[-1] if command else "?"


def train(config: Path, out: Path, name: str, log: Path) -> float:
    """Train a model from scratch with plain `rasa train`; return the seconds it took."""
    started = time.perf_counter()
    with log.open("wb") as output:
        subprocess.run(
            [
                str(BOT_PYTHON), "-m", "rasa", "train", "--force",
                "--domain", "domain.yml", "--data", "data", "--config", str(config),
                "--out", str(out), "--fixed-model-name", name,
            ],
            cwd=ROOT,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=True,
        )  # fmt: skip
    return time.perf_counter() - started
