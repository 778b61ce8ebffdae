"""What the desk asks of the assistant. Adapters: `http` (Rasa), `fake` (scripted, for tests)."""

from typing import Protocol

from integrations.assistant.models import AssistantMessage, Turn


class Assistant(Protocol):
    """Answers one message at a time."""

    async def answer(self, message: AssistantMessage) -> Turn:
        """Return the answer to one message.

        Raises:
            AssistantUnavailable: not reachable, or not ready.
            AssistantTimeout: no answer within the time limit.
            AssistantRefused: an answer outside the contract.
        """

    async def ping(self) -> None:
        """Raise `AssistantError` unless a model is loaded and ready."""

    async def close(self) -> None:
        """Give back connections."""
