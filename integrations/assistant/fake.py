"""A scripted assistant for tests and for building clients without Rasa."""

import asyncio
from collections.abc import Callable

from integrations.assistant.errors import AssistantError
from integrations.assistant.models import AssistantMessage, Reply, Turn, Understanding

Script = Callable[[AssistantMessage], Turn]


def echo(message: AssistantMessage) -> Turn:
    """Answer with what was said."""
    return Turn((Reply(text=f"echo: {message.text or message.choice}"),), understood("inform"))


def understood(
    intent: str, *, language: str | None = "en", confidence: float = 0.9
) -> Understanding:
    """Return an understanding as a model would give it."""
    ranking = ({"name": intent, "confidence": confidence},)
    return Understanding(language, intent, confidence, ranking=ranking, model="fake")


class FakeAssistant:
    """Answers by a script; can be paused, or made to fail.

    Like the real one, it answers a redelivered message it has already handled with the stored
    answer and runs nothing.
    """

    def __init__(self, script: Script = echo) -> None:
        self.script = script
        self.received: list[AssistantMessage] = []
        """Every request, in order of arrival."""
        self.ran: list[str] = []
        """Ids of the messages the script was run for."""
        self.failure: AssistantError | None = None
        """Raised instead of an answer while set."""
        self._open = asyncio.Event()
        self._open.set()
        self._answered: dict[str, Turn] = {}

    def pause(self) -> None:
        """Hold back every answer until `resume`."""
        self._open.clear()

    def resume(self) -> None:
        """Let answers go."""
        self._open.set()

    async def answer(self, message: AssistantMessage) -> Turn:
        """Answer by the script; see the port."""
        self.received.append(message)
        if self.failure is not None:
            raise self.failure
        if not (message.redelivered and message.message in self._answered):
            self.ran.append(message.message)
            self._answered[message.message] = self.script(message)
        await self._open.wait()
        return self._answered[message.message]

    async def ping(self) -> None:
        """Raise the failure while one is set."""
        if self.failure is not None:
            raise self.failure

    async def close(self) -> None:
        """Nothing to give back."""
