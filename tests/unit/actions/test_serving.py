"""The action server as a process: where it listens, how it ends, what a wrong setting says."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from integrations.settings import ROOT
from tests.services import free_port

START_SECONDS = 60.0
STOP_SECONDS = 10.0


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "actions", "--host", "127.0.0.1", "--port", str(port)]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    environment = {**os.environ, "FRONTDESK_VAR_DIR": str(tmp_path)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command(port), cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


def wait_until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the action server did not become healthy")


def test_it_listens_where_told_only_has_no_children_and_ends_when_told(served):
    process, port = served
    wait_until_healthy(process, port)
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=1):
        pass
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    assert children == ""
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0


def test_a_wrong_setting_is_one_line():
    environment = {**os.environ, "FRONTDESK_ACTION_TIMEOUT_SECONDS": "soon"}
    ended = subprocess.run(
        command(free_port()), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "FRONTDESK_ACTION_TIMEOUT_SECONDS" in ended.stderr
