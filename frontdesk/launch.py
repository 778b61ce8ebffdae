"""Brings a whole installation up, keeps it up, and takes it down again."""

import asyncio
import signal
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from frontdesk import installation, logs, services
from frontdesk.children import Children
from frontdesk.display import Display
from frontdesk.errors import CannotRun, StepFailed
from frontdesk.ports import listeners, require_free
from frontdesk.prepare import EXIT_EXPLAINED
from frontdesk.supervision import Supervisor
from frontdesk.training import model_path, train_if_needed
from frontdesk.welcome import welcome
from integrations.settings import Settings

ALL_READY_SECONDS = 60.0
"""How long the desk may take to see the assistant and the action server once each is well."""


def up(settings: Settings, display: Display, *, demo: bool) -> None:
    """Bring everything up and keep it so until a signal ends it.

    Args:
        settings: Whose ports are used and in whose `var_dir` everything is kept.
        display: Where progress is told.
        demo: Whether an empty shop is filled with demo data, and demo logins are made.

    Raises:
        CannotRun: something stands in the way; nothing is left running.
    """
    installation.check_environments()
    installation.prepare_folder(settings.var_dir, "FRONTDESK_VAR_DIR")
    with installation.held(settings.var_dir) as lock:
        for listener in listeners(settings):
            require_free(listener)
        settings = installation.prepare_secrets(settings)
        asyncio.run(_Launch(settings, display, demo=demo, lock=lock).run())


class _Launch:
    """One run of the launcher."""

    def __init__(self, settings: Settings, display: Display, *, demo: bool, lock: int) -> None:
        self._settings = settings
        self._display = display
        self._demo = demo and settings.environment == "development"
        self._children = Children(held_open=(lock,))
        self._supervisors: list[Supervisor] = []
        self._ready = False
        self._began = monotonic()
        self._log_folder = settings.var_dir / "log"

    async def run(self) -> None:
        """Run until a signal comes.

        Raises:
            CannotRun: it could not be brought up.
        """
        ask_to_end = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal, ask_to_end)
        async with self._children, httpx.AsyncClient(trust_env=False) as http:
            self._http = http
            work = asyncio.create_task(self._bring_up_and_keep())
            asked = asyncio.create_task(ask_to_end.wait())
            await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
            if not work.done():
                work.cancel()
                self._display.event("stopping", style="cyan")
            try:
                await work
            except asyncio.CancelledError:
                # Asked for; what it left running is ended now.
                pass
            finally:
                await self._end()
        self._display.event("stopped", style="cyan")

    def _on_signal(self, ask_to_end: asyncio.Event) -> None:
        if ask_to_end.is_set():
            # Asked twice: no grace.
            self._children.kill_all()
        ask_to_end.set()

    async def _end(self) -> None:
        # The desk first: it finishes the turns it waits for while the others still answer.
        for supervisor in reversed(self._supervisors):
            await supervisor.end()

    async def _bring_up_and_keep(self) -> None:
        try:
            with self._display.running():
                await self._bring_up()
        except ExceptionGroup as several:
            known = several.subgroup(CannotRun)
            if known is None:
                raise
            raise _first(known) from None
        self._ready = True
        self._tell_state()
        welcome(self._display, self._settings, monotonic() - self._began, demo=self._demo)
        await asyncio.gather(*(each.keep(self._display.event) for each in self._supervisors))

    async def _bring_up(self) -> None:
        settings = self._settings
        async with asyncio.TaskGroup() as first:
            trained = first.create_task(self._train())
            seed = ["--seed"] if self._demo else []
            first.create_task(self._prepare("shop", "preparing the shop's data", *seed))
            first.create_task(self._prepare("desk", "preparing the desk's data"))
        assistant = self._supervise(services.assistant(settings, trained.result()))
        actions = self._supervise(services.actions(settings))
        desk = self._supervise(services.desk(settings))
        # The assistant needs half a minute; everything else happens in its shadow.
        async with asyncio.TaskGroup() as rest:
            rest.create_task(self._start(assistant, "the assistant loads its model"))
            rest.create_task(self._start(desk, "the desk starts"))
            rest.create_task(self._start(actions, "the action server starts"))
            if self._demo:
                rest.create_task(self._prepare("demo", "making the demo logins"))
        with self._display.step("the desk meets the others", "all ready"):
            await self._until_all_ready()

    async def _train(self) -> Path:
        if model_path().exists():
            return model_path()
        with self._display.step("training the assistant", "assistant trained") as step:
            return await train_if_needed(self._children, step.say)

    async def _start(self, supervisor: Supervisor, label: str) -> None:
        with self._display.step(label, f"{supervisor.service.label} is ready"):
            await supervisor.start()

    def _supervise(self, service: services.Service) -> Supervisor:
        supervisor = Supervisor(
            service, self._children, self._http, self._log_folder, changed=self._tell_state
        )
        self._supervisors.append(supervisor)
        return supervisor

    async def _prepare(self, part: str, label: str, *options: str) -> None:
        """Run one part of `frontdesk/prepare.py` as a child, so that it can be ended and overlap.

        Raises:
            CannotRun: it could not be done, and the part says why in one line.
            StepFailed: it failed in a way it did not foresee.
        """
        log = self._log_folder / f"prepare-{part}.log"
        said: list[str] = []
        with self._display.step(label) as step:
            child = await self._children.start(
                [installation.PYTHON, "-m", "frontdesk.prepare", part, *options],
                environment={"FRONTDESK_VAR_DIR": str(self._settings.var_dir)},
                output=asyncio.subprocess.PIPE,
            )
            if child.stdout is None:
                raise RuntimeError("the step has no output to follow")
            self._log_folder.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as file:
                async for line in child.stdout:
                    file.write(line)
                    file.flush()
                    said.append(line.decode("utf-8", "replace").strip())
                    step.say(said[-1])
            code = await child.wait()
            await self._children.ended(child)
            if code == EXIT_EXPLAINED:
                raise CannotRun(said[-1])
            if code != 0:
                raise StepFailed(label, log, logs.last_lines(log))

    async def _until_all_ready(self) -> None:
        until = monotonic() + ALL_READY_SECONDS
        url = f"{self._settings.desk_url}/health/ready"
        answer: httpx.Response | None = None
        while monotonic() < until:
            try:
                answer = await self._http.get(url, timeout=5.0)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 200:
                return
            await asyncio.sleep(0.25)
        said = [answer.text] if answer is not None else []
        raise StepFailed(f"waiting for {url}", self._log_folder / "desk.log", said)

    def _tell_state(self) -> None:
        processes: dict[str, Any] = {
            each.service.name: {"pid": each.pid, "state": each.state, "restarts": each.restarts}
            for each in self._supervisors
        }
        state = {"url": self._settings.desk_url, "ready": self._ready, "processes": processes}
        try:
            installation.write_state(self._settings.var_dir, state)
        except OSError as error:
            # What runs matters more than the note of it.
            self._display.event(f"cannot write {error.filename}: {error.strerror}")


def _first(several: BaseExceptionGroup[CannotRun]) -> CannotRun:
    """Return the first of the errors: one clear line is told, not a tree."""
    first = several.exceptions[0]
    return first if isinstance(first, CannotRun) else _first(first)
