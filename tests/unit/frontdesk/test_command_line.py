"""The command line starts fast, and says in one line what stands in the way."""

import subprocess
import sys

import pytest

from frontdesk.__main__ import COMMANDS
from integrations.settings import ROOT

HEAVY = ("sqlalchemy", "httpx", "fastapi", "asyncpg", "rasa_sdk")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "frontdesk", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_help_names_every_command() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    assert [command for command in COMMANDS if command not in shown.stdout] == []


def test_an_unknown_command_is_refused() -> None:
    assert run("down").returncode == 2


def test_the_help_loads_nothing_heavy() -> None:
    code = f"""
import sys
sys.argv = ["frontdesk", "--help"]
from frontdesk.__main__ import main
try:
    main()
except SystemExit:
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    sys.exit(f"loaded: {{loaded}}" if loaded else 0)
"""
    imported = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert imported.returncode == 0, imported.stderr


@pytest.mark.parametrize("command", ["up", "doctor", "demo", "chat", "train"])
def test_a_wrong_setting_is_one_line(command: str) -> None:
    refused = run(command, FRONTDESK_DESK_PORT="many")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "FRONTDESK_DESK_PORT" in refused.stderr


def test_the_demo_before_the_first_start_is_one_line(tmp_path: object) -> None:
    refused = run("demo", FRONTDESK_VAR_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert "make up" in refused.stderr
    assert refused.stderr.count("\n") == 1
