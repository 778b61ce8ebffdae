"""One installation's own folder, `var/`: room on its disk, its secrets, who holds it."""

import errno
import fcntl
import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from frontdesk.errors import (
    AlreadyRunning,
    DiskFull,
    EnvironmentMissing,
    FolderUnusable,
    SecretsMissing,
)
from integrations.settings import ROOT, SECRETS, Settings, load_settings

PYTHON = Path(sys.executable)
"""The interpreter of `.venv`, which runs the desk, the action server and this launcher."""
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
"""The interpreter of the assistant's environment."""

ROOM_BYTES = 300 * 2**20
"""What a run needs: databases, logs, and Rasa's unpacked model in the temporary folder."""

HANDOVER_SECONDS = 15.0
"""How long the processes of a killed launcher may take to end (the guard's grace, and a margin)."""


def check_environments() -> None:
    """Check that both environments are installed.

    Raises:
        EnvironmentMissing: one is not.
    """
    if not os.access(BOT_PYTHON, os.X_OK):
        raise EnvironmentMissing("the assistant's environment", BOT_PYTHON)


def prepare_folder(folder: Path, setting: str) -> None:
    """Make a folder and check that it takes a file and has room for a run.

    Raises:
        FolderUnusable: it cannot be made or written.
        DiskFull: it can, but there is no room left.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            probe.write(b"probe")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(folder, 0, ROOM_BYTES) from None
        raise FolderUnusable(folder, error.strerror or str(error), setting) from None
    free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES:
        raise DiskFull(folder, free, ROOM_BYTES)


def prepare_secrets(settings: Settings) -> Settings:
    """Return settings in which every secret is set.

    In development those that are missing are made and kept in `var/secrets/`, readable by the
    owner alone.

    Raises:
        SecretsMissing: in production, where a secret must be given.
    """
    missing = [name for name in SECRETS if not getattr(settings, name).get_secret_value()]
    if not missing:
        return settings
    if settings.environment == "production":
        raise SecretsMissing(missing)
    folder = settings.var_dir / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in missing:
        write_private(folder / f"frontdesk_{name}", secrets.token_urlsafe(32))
    load_settings.cache_clear()
    return load_settings()


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by the owner alone."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)


@contextmanager
def held(var_dir: Path) -> Iterator[int]:
    """Hold the installation for this process; yield the lock's file descriptor.

    The guard inherits the descriptor, so the lock lasts until the processes of a killed launcher
    are gone; a start in that time waits for them.

    Raises:
        AlreadyRunning: another launcher holds it.
    """
    with (var_dir / "up.lock").open("a+") as lock:
        until = time.monotonic() + HANDOVER_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                state = read_state(var_dir)
                if state or time.monotonic() > until:
                    raise AlreadyRunning(state.get("pid"), state.get("url"), var_dir) from None
                time.sleep(0.2)
        try:
            yield lock.fileno()
        finally:
            (var_dir / "up.json").unlink(missing_ok=True)


def write_state(var_dir: Path, state: dict[str, Any]) -> None:
    """Tell others what this process runs.

    Args:
        var_dir: Whose installation.
        state: `{url, ready, processes: {name: {pid, state, restarts}}}`.
    """
    write_private(var_dir / "up.json", json.dumps({"pid": os.getpid(), **state}))


def read_state(var_dir: Path) -> dict[str, Any]:
    """Return what `write_state` told last, and by which `pid`; empty when nothing runs."""
    try:
        state: dict[str, Any] = json.loads((var_dir / "up.json").read_text())
    except (OSError, ValueError):
        return {}
    # A launcher that was killed leaves its state behind.
    return state if _alive(state["pid"]) else {}


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
