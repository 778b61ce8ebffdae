"""The launcher as an operator meets it: started twice, killed, told to stop."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.settings import ROOT
from tests.stack import Stack, visit

SECOND_START_SECONDS = 60.0


def run(stack: Stack, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on the stack's installation, or a changed one."""
    return subprocess.run(
        [sys.executable, "-m", "frontdesk", *arguments],
        cwd=ROOT,
        env={**stack.environment, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_up_says_that_it_runs_already(stack: Stack) -> None:
    second = run(stack, "up")
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "already running" in second.stderr
    assert stack.url in second.stderr


def test_the_demo_is_printed_for_programs(stack: Stack) -> None:
    demo = json.loads(run(stack, "demo", "--json").stdout)
    assert demo == stack.demo
    assert {shopper["locale"] for shopper in demo["shoppers"]} == {"zh", "en"}
    assert len(demo["shoppers"]) >= 6
    assert demo["agents"]
    assert demo["supervisors"]


def test_the_doctor_finds_a_running_installation_well(stack: Stack) -> None:
    examined = run(stack, "doctor")
    assert examined.returncode == 0, examined.stdout
    assert f"running at {stack.url}" in examined.stdout
    assert "the desk's database is up to date" in examined.stdout
    assert "the shop's database is up to date" in examined.stdout


def test_the_terminal_chat_answers_from_a_pipe(stack: Stack) -> None:
    name = stack.shopper("zh")["name"]
    order = stack.shopper("zh")["order_number"]
    chat = subprocess.run(
        [sys.executable, "-m", "frontdesk", "chat", "--as", name],
        cwd=ROOT,
        env=stack.environment,
        input=f"你好\n订单 {order} 到哪了\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert chat.returncode == 0, chat.stderr
    assert chat.stdout.count(f"─ 订单 {order} ") == 1


def test_a_killed_launcher_leaves_no_process_and_starts_again_in_a_minute(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.stop(signal.SIGKILL) == -signal.SIGKILL
    stack.wait_until(lambda: stack.pids() == [], 20.0, "no process left")
    seconds = stack.start()
    with capsys.disabled():
        sys.stdout.write(f"\nsecond start: ready after {seconds:.1f} s\n")
    assert seconds < SECOND_START_SECONDS


def test_ctrl_c_ends_everything(stack: Stack) -> None:
    code = stack.stop(signal.SIGINT)
    left = stack.pids()
    stack.start()
    assert code == 0
    assert left == []


async def test_conversations_outlive_the_launcher(stack: Stack) -> None:
    async with visit(stack, locale="en") as guest:
        await guest.ask("hello")
        await asyncio.to_thread(stack.stop)
        await asyncio.to_thread(stack.start)
        assert await guest.ask("thank you")
        own = [each["text"] for each in guest.messages if each["sender"] == "shopper"]
        assert own == ["hello", "thank you"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"FRONTDESK_DESK_PORT": "many"}, "FRONTDESK_DESK_PORT"),
        ({"FRONTDESK_ENVIRONMENT": "staging"}, "FRONTDESK_ENVIRONMENT"),
        ({"FRONTDESK_ENVIRONMENT": "production"}, "FRONTDESK_SERVICE_TOKEN"),
        ({"FRONTDESK_ALLOWED_ORIGINS": "shop.example"}, "allowed_origins"),
        ({"FRONTDESK_ASSISTANT_URL": "http://assistant:5005"}, "FRONTDESK_ASSISTANT_URL"),
        ({"FRONTDESK_VAR_DIR": "/proc/frontdesk"}, "FRONTDESK_VAR_DIR"),
        ({"FRONTDESK_DATABASE_URL": "postgresql+asyncpg://127.0.0.1:1/x"}, "the desk's database"),
        ({"FRONTDESK_SHOP_DATABASE_URL": "nonsense"}, "the shop's database"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_stands_in_the_way_is_one_line(
    stack: Stack, tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    other = Stack(tmp_path)
    refused = run(other, "up", **settings)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stdout + refused.stderr
    assert other.pids() == []


def test_a_taken_port_is_one_line(stack: Stack, tmp_path: Path) -> None:
    other = Stack(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = run(other, "up", FRONTDESK_DESK_PORT=port)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"port {port}" in refused.stderr
