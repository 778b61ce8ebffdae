"""Keeps one process running: waits until it is well, watches it, starts it again when it is not."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import NoReturn

import httpx

from frontdesk import logs
from frontdesk.children import Children
from frontdesk.errors import StepFailed
from frontdesk.services import Service

READY_POLL_SECONDS = 0.25
LIVENESS_POLL_SECONDS = 5.0
LIVENESS_TIMEOUT_SECONDS = 10.0
LIVENESS_FAILURES = 6
"""So many probes in a row must fail before a process counts as hung: a machine may be just slow."""

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0
STEADY_SECONDS = 120.0
"""A process that ran this long before it ended starts its backoff anew."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Backoff:
    """How long to wait before the next start: doubled each time, up to a minute."""

    delay: float = FIRST_DELAY_SECONDS

    def after(self, ran_seconds: float) -> "Backoff":
        """Return the backoff after a process has ended that had been well for so long."""
        if ran_seconds >= STEADY_SECONDS:
            return Backoff()
        return Backoff(min(self.delay * 2, LONGEST_DELAY_SECONDS))


class Ended(Exception):
    """A process ended or hung; the message says how, to follow its name."""


class Supervisor:
    """One service, kept running.

    `start` brings it up once and fails when it cannot; `keep` then never gives up on it.
    """

    def __init__(
        self,
        service: Service,
        children: Children,
        http: httpx.AsyncClient,
        log_folder: Path,
        *,
        changed: Callable[[], None],
        backoff: Backoff = Backoff(),
    ) -> None:
        self.service = service
        self.state = "starting"
        self.restarts = 0
        self._children = children
        self._http = http
        self._log = log_folder / f"{service.name}.log"
        self._changed = changed
        self._backoff = backoff
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process's id, which is also its group's."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Start the process and wait until it is well.

        Raises:
            StepFailed: it ended, or was not well in time.
        """
        try:
            await self._launch()
            await self._until_well()
        except Ended as reason:
            raise StepFailed(
                f"{self.service.label} {reason}: its start", self._log, logs.last_lines(self._log)
            ) from None

    async def keep(self, say: Say) -> NoReturn:
        """Watch the process for ever, starting it again whenever it ended or hangs."""
        backoff = self._backoff
        while True:
            well_since = monotonic()
            reason: Ended | None = await self._until_ended()
            well_seconds = monotonic() - well_since
            while reason is not None:
                say(
                    f"{self.service.label} {reason}; starting it again in {backoff.delay:.0f} s "
                    f"(its log: {self._log})"
                )
                self._set("down")
                await self._end()
                await asyncio.sleep(backoff.delay)
                backoff = backoff.after(well_seconds)
                well_seconds = 0.0
                reason = await self._restart()
            say(f"{self.service.label} is back")

    async def end(self) -> None:
        """End the process gracefully, then by force."""
        self._set("ending")
        await self._end()

    async def _restart(self) -> Ended | None:
        self.restarts += 1
        try:
            await self._launch()
            await self._until_well()
        except Ended as reason:
            return reason
        return None

    async def _launch(self) -> None:
        try:
            log = logs.open_log(self._log)
            try:
                self._child = await self._children.start(
                    self.service.command, environment=self.service.environment, output=log
                )
            finally:
                os.close(log)
        except OSError as error:
            raise Ended(f"cannot be started ({error.strerror or error})") from None
        self._set("starting")

    async def _until_well(self) -> None:
        until = monotonic() + self.service.start_seconds
        while not await self._well(within=2.0):
            self._require_alive()
            if monotonic() > until:
                await self._end()
                raise Ended(f"was not ready after {self.service.start_seconds:.0f} s")
            await asyncio.sleep(READY_POLL_SECONDS)
        # Somebody else's process answering on our port is not ours being well.
        self._require_alive()
        self._set("ready")

    async def _until_ended(self) -> Ended:
        """Return how the process ended, once it has ended or hangs."""
        failures = 0
        while failures < LIVENESS_FAILURES:
            await self._ended_within(LIVENESS_POLL_SECONDS)
            try:
                self._require_alive()
            except Ended as reason:
                return reason
            logs.bound(self._log)
            well = await self._well(within=LIVENESS_TIMEOUT_SECONDS)
            failures = 0 if well else failures + 1
        return Ended("no longer answers")

    async def _ended_within(self, seconds: float) -> None:
        if self._child is None:
            return
        try:
            await asyncio.wait_for(self._child.wait(), seconds)
        except TimeoutError:
            return

    async def _well(self, *, within: float) -> bool:
        try:
            answer = await self._http.get(self.service.health_url, timeout=within)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    def _require_alive(self) -> None:
        code = self._child.returncode if self._child else None
        if code is None:
            return
        if code < 0:
            raise Ended(f"was ended by {signal.Signals(-code).name}")
        raise Ended(f"ended with exit code {code}")

    async def _end(self) -> None:
        if self._child is not None:
            await self._children.end(self._child)

    def _set(self, state: str) -> None:
        self.state = state
        self._changed()
