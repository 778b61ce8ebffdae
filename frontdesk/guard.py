"""Ends the launcher's processes when the launcher is gone, however it went.

Run as a script of its own: `python -S -E guard.py`. The launcher holds the other end of standard
input and writes `+GROUP` when a process group starts and `-GROUP` when it has ended. End of file
means that the launcher is gone, even by `kill -9`: whatever groups are left get SIGTERM, then
SIGKILL. Standard library only: it lives as long as the launcher and should weigh nothing.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 10.0
"""From SIGTERM to SIGKILL."""


def alive(group: int) -> bool:
    """Tell whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(group: int, how: signal.Signals) -> None:
    """Send a signal to every process of the group, if there are any."""
    try:
        os.killpg(group, how)
    except (ProcessLookupError, PermissionError):
        return


def end(groups: set[int]) -> None:
    """End the groups: by SIGTERM, and after the grace by SIGKILL."""
    for group in groups:
        send(group, signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    while any(alive(group) for group in groups) and time.monotonic() < until:
        time.sleep(0.1)
    for group in groups:
        send(group, signal.SIGKILL)


def main() -> None:
    """Follow the launcher until its end of the pipe closes."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    end(groups)


if __name__ == "__main__":
    main()
