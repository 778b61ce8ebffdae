"""The logs of the launcher's children: appended to, bounded, and quoted when a child fails."""

import os
import shutil
from pathlib import Path

KEEP_BYTES = 20 * 2**20
"""A log that has grown past this is moved to `<name>.log.1` (and what was there, dropped)."""

LAST_LINES = 12


def open_log(path: Path) -> int:
    """Open a log for appending, moved aside first when it is too long; return a descriptor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bound(path)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)


def bound(path: Path) -> None:
    """Cut a log that is too long, also while a process writes to it.

    The writers' descriptors stay valid: the content is copied and the file emptied in place. Lines
    written between the two are lost, which is the price of not asking children to reopen.
    """
    if not path.exists() or path.stat().st_size <= KEEP_BYTES:
        return
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)


def last_lines(path: Path, count: int = LAST_LINES) -> list[str]:
    """Return the last lines of a log that say something."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 16 * 1024))
            tail = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    lines = [line.rstrip() for line in tail.replace("\r", "\n").splitlines()]
    return [line for line in lines if line][-count:]
