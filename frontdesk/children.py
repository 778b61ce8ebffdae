"""The launcher's child processes: each a process group of its own, watched by the guard."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Self

from frontdesk import guard
from integrations.settings import ROOT

TERM_SECONDS = 15.0
"""From SIGTERM to SIGKILL for a child that we end ourselves."""


KEEP_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
"""Compiling Rasa's imports takes 10 s of processor time: once, whatever the shell says."""


class Children(AbstractAsyncContextManager["Children"]):
    """Starts processes and answers for their end.

    On leaving the context every group that is left is ended. Should the launcher itself be
    killed, the guard (a process of its own, see `frontdesk/guard.py`) does the same.
    """

    def __init__(self, *, held_open: Sequence[int] = ()) -> None:
        """Keep `held_open` file descriptors open in the guard, so that a lock outlives us."""
        self._held_open = tuple(held_open)
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self._guard: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        """Start the guard."""
        self._start_guard()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what is left, then let the guard go."""
        try:
            await asyncio.gather(*(self.end(child) for child in list(self._running.values())))
        finally:
            if self._guard is not None and self._guard.stdin is not None:
                self._guard.stdin.close()
                self._guard.wait()

    async def start(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        output: int,
    ) -> asyncio.subprocess.Process:
        """Start a command in the checkout, standard output and error to `output`.

        Args:
            command: The program and its arguments.
            environment: Variables added to our own.
            output: A file descriptor, or `asyncio.subprocess.PIPE`.

        Raises:
            OSError: the program cannot be started.
        """
        child = await asyncio.create_subprocess_exec(
            *map(str, command),
            cwd=ROOT,
            env={**os.environ, **KEEP_BYTECODE, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._running[child.pid] = child
        self._tell_guard(f"+{child.pid}")
        return child

    async def end(
        self, child: asyncio.subprocess.Process, *, grace_seconds: float = TERM_SECONDS
    ) -> None:
        """End the child's whole group: SIGTERM, then SIGKILL after the grace."""
        if child.pid not in self._running:
            return
        if child.returncode is None:
            guard.send(child.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(child.wait(), grace_seconds)
            except TimeoutError:
                guard.send(child.pid, signal.SIGKILL)
                await child.wait()
        await self.ended(child)

    async def ended(self, child: asyncio.subprocess.Process) -> None:
        """Clear away what a child that has ended left in its group (workers of a killed parent)."""
        guard.send(child.pid, signal.SIGKILL)
        if self._running.pop(child.pid, None) is not None:
            self._tell_guard(f"-{child.pid}")

    def kill_all(self) -> None:
        """End everything at once, without grace."""
        for pid in self._running:
            guard.send(pid, signal.SIGKILL)

    def _start_guard(self) -> None:
        self._guard = subprocess.Popen(  # noqa: S603 (our own interpreter and file)
            [sys.executable, "-S", "-E", guard.__file__],
            stdin=subprocess.PIPE,
            pass_fds=self._held_open,
            start_new_session=True,
            bufsize=0,
        )
        for pid in self._running:
            self._tell_guard(f"+{pid}")

    def _tell_guard(self, line: str) -> None:
        if self._guard is None or self._guard.stdin is None:
            raise RuntimeError("Children is used outside its context")
        try:
            self._guard.stdin.write(f"{line}\n".encode())
        except BrokenPipeError:
            # Somebody ended the guard; a new one learns all that is running.
            self._guard.stdin.close()
            self._guard.wait()
            self._start_guard()
