"""A chat between the person at the terminal and the desk."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from rich.console import Console

from frontdesk.terminal import render
from frontdesk.terminal.client import Chat, Event, Lost, Refused
from frontdesk.terminal.render import Words

PROMPT = "> "
REPLY_SECONDS = 60.0
"""How long lines from a pipe wait for the answer to the one before."""
QUIET_SECONDS = 0.7
"""An answer is whole when nothing more comes for so long."""

_CLEAR_LINE = "\r\x1b[K"


class Session:
    """Shows what happens in a conversation and sends what is typed.

    On a terminal, messages appear above the line being typed. Lines that come from a pipe are sent
    one by one, each after the answer to the one before.
    """

    def __init__(self, chat: Chat, console: Console, words: Words) -> None:
        self._chat = chat
        self._console = console
        self._words = words
        self._choices: list[dict[str, Any]] = []
        self._owner = "bot"
        self._answered = asyncio.Event()
        self._interactive = sys.stdin.isatty() and console.is_terminal
        self._prompting = False

    async def run(self) -> None:
        """Chat until the input ends.

        Raises:
            Refused: the conversation is gone.
        """
        self._console.print(self._words("welcome"), style="dim")
        async with asyncio.TaskGroup() as both:
            following = both.create_task(self._follow())
            async for line in self._typed():
                if line.strip():
                    await self._send(line.strip())
            following.cancel()

    async def _follow(self) -> None:
        async for event in self._chat.events():
            self._show(event)

    async def _send(self, line: str) -> None:
        self._answered.clear()
        try:
            if line.isdecimal() and 1 <= int(line) <= len(self._choices):
                await self._chat.choose(self._choices[int(line) - 1]["id"])
            else:
                await self._chat.say(line)
        except Refused as refusal:
            self._print(str(refusal), style="red")
            return
        if not self._interactive:
            await self._until_answered()

    async def _until_answered(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), REPLY_SECONDS)
            while True:
                self._answered.clear()
                await asyncio.wait_for(self._answered.wait(), QUIET_SECONDS)

    def _show(self, event: Event | Lost) -> None:
        if isinstance(event, Lost):
            self._print(self._words("lost"), style="yellow")
        elif event.name == "message":
            self._show_message(event.data)
        elif event.name == "owner":
            self._show_owner(event.data)

    def _show_message(self, data: dict[str, Any]) -> None:
        own = data["sender"] == "shopper"
        self._choices = [] if own else list(data.get("choices") or [])
        # What was typed stands on the terminal already; what came from a pipe does not.
        if not (own and self._interactive):
            self._print(render.message(data, self._words))
        if not own:
            self._answered.set()

    def _show_owner(self, data: dict[str, Any]) -> None:
        changed, self._owner = data["owner"] != self._owner, data["owner"]
        if changed or data["owner"] == "queue":
            self._print(render.owner(data, self._words), style="yellow")
            self._answered.set()

    def _print(self, what: Any, *, style: str | None = None) -> None:
        if self._prompting:
            self._console.file.write(_CLEAR_LINE)
        self._console.print(what, style=style)
        if self._prompting:
            self._console.file.write(PROMPT + _line_being_typed())
            self._console.file.flush()

    async def _typed(self) -> AsyncIterator[str]:
        """Yield the lines typed; reading blocks, so a thread of its own does it."""
        if self._interactive:
            # Gives the prompt history and editing.
            import readline  # noqa: F401

        loop = asyncio.get_running_loop()
        lines: asyncio.Queue[str | None] = asyncio.Queue()

        def read() -> None:
            while True:
                try:
                    line = input(PROMPT) if self._interactive else input()
                except EOFError:
                    loop.call_soon_threadsafe(lines.put_nowait, None)
                    return
                loop.call_soon_threadsafe(lines.put_nowait, line)

        self._prompting = self._interactive
        # A daemon: nobody waits for a person who left by Ctrl-C.
        threading.Thread(target=read, daemon=True).start()
        while (line := await lines.get()) is not None:
            yield line
        self._prompting = False


def _line_being_typed() -> str:
    import readline

    return readline.get_line_buffer()
