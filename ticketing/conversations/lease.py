"""Who processes a conversation: names of processes, and whether one is gone for good."""

import os
import secrets
import socket
from datetime import timedelta
from pathlib import Path

LEASE = timedelta(seconds=10)
"""Time until a conversation of a process that vanished is free."""
HEARTBEAT_SECONDS = 3.0
"""Three heartbeats a lease: one may come late."""
POLL_SECONDS = 2.0
"""How often the unprocessed are looked for; with LEASE, the longest stall after a crash."""

PROC = Path("/proc")


def new_holder() -> str:
    """Return a name for this process: `place/process id/start time/random`."""
    pid = os.getpid()
    return f"{_place()}/{pid}/{_started(pid)}/{secrets.token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Tell whether a holder certainly runs no more: a process of this place that has ended.

    A holder of another machine, or one we cannot look up, may still run: its lease decides.
    """
    place, _, rest = holder.partition("/")
    pid, _, rest = rest.partition("/")
    started = rest.partition("/")[0]
    if place != _place() or not pid.isdecimal() or not started:
        return False
    return _started(int(pid)) != started


def _place() -> str:
    """Return the machine and its namespace of process ids; containers may share the former."""
    try:
        namespace = str((PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        namespace = ""
    return f"{socket.gethostname().replace('/', '_')}:{namespace}"


def _started(pid: int) -> str:
    """Return when a process began, in clock ticks since boot; empty when it does not run.

    Without /proc it is always empty, and then no holder is ever taken for gone.
    """
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    # Field 22 of proc(5); the name in field 2 may hold spaces and brackets.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
