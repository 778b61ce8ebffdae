"""What keeps Frontdesk from running, as facts a person can act on.

Each message is one line: what is wrong and what to do about it.
"""

from pathlib import Path


class CannotRun(Exception):
    """Something on this machine stands in the way; the message is one line."""


class PortTaken(CannotRun):
    """Another program listens where one of our processes should."""

    def __init__(self, what: str, host: str, port: int, setting: str) -> None:
        super().__init__(
            f"port {port} on {host} (for {what}) is taken by another program; "
            f"end it or choose another port with {setting}"
        )


class AddressNotOurs(CannotRun):
    """A process of this machine was given an address that is not of this machine."""

    def __init__(self, what: str, url: str, setting: str) -> None:
        super().__init__(
            f"`frontdesk up` starts {what} on this machine, but {setting} is {url}; "
            "make it http://127.0.0.1:PORT"
        )


class AlreadyRunning(CannotRun):
    """Another `frontdesk up` holds this installation."""

    def __init__(self, pid: int | None, url: str | None, var_dir: Path) -> None:
        who = f" (process {pid})" if pid else ""
        where = f" at {url}" if url else ""
        super().__init__(f"already running{who}{where}, with its files in {var_dir}")


class FolderUnusable(CannotRun):
    """A folder we must write to cannot be written."""

    def __init__(self, folder: Path, reason: str, setting: str) -> None:
        super().__init__(f"cannot write to {folder}: {reason}; see {setting}")


class DiskFull(CannotRun):
    """Less room is left than a run needs."""

    def __init__(self, folder: Path, free: int, needed: int) -> None:
        super().__init__(
            f"the disk of {folder} is full: {free // 2**20} MB free, "
            f"{needed // 2**20} MB needed; make room or move FRONTDESK_VAR_DIR"
        )


class EnvironmentMissing(CannotRun):
    """A Python environment of the checkout is not there."""

    def __init__(self, what: str, interpreter: Path) -> None:
        super().__init__(f"{what} is missing ({interpreter}); run `make up`, which installs it")


class SecretsMissing(CannotRun):
    """Production was started without its secrets."""

    def __init__(self, names: list[str]) -> None:
        variables = ", ".join(f"FRONTDESK_{name.upper()}" for name in names)
        super().__init__(f"production needs secrets of its own: set {variables}")


class StepFailed(CannotRun):
    """A step of the start ended with an error; its last words are shown under the line."""

    def __init__(self, step: str, log: Path, last_lines: list[str]) -> None:
        self.last_lines = last_lines
        super().__init__(f"{step} failed; everything it said is in {log}")


class NotRunning(CannotRun):
    """A command needs a running Frontdesk."""

    def __init__(self, url: str) -> None:
        super().__init__(f"nothing answers at {url}; start Frontdesk with `make up`")
