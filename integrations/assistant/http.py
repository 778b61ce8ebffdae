"""The assistant over HTTP: our input channel inside Rasa."""

import asyncio
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from integrations.assistant.errors import (
    AssistantRefused,
    AssistantTimeout,
    AssistantUnavailable,
)
from integrations.assistant.models import AssistantMessage, Choice, Reply, Turn, Understanding

MESSAGES_PATH = "/webhooks/desk/messages"
HEALTH_PATH = "/webhooks/desk/health"
HEALTH_SECONDS = 2.0
CONNECT_SECONDS = 2.0
"""It listens on this machine or next to it: a connection that takes longer will not come."""
AT_ONCE = 64
"""Turns under way per desk process. Waiting here is not the assistant's fault, so the clock of
a turn starts behind it."""
RECONNECT_AFTER_SECONDS = 0.2
"""A server closes an idle connection just when we use it: one more try tells that from an end."""
TOO_BUSY = (502, 503, 504)


class _ChoiceBody(BaseModel):
    title: str
    payload: str


class _ReplyBody(BaseModel):
    text: str | None = None
    choices: list[_ChoiceBody] = []
    card: dict[str, Any] | None = None
    response: str | None = None


class _UnderstoodBody(BaseModel):
    # `model` is the contract's word, and pydantic guards names that begin so.
    model_config = ConfigDict(protected_namespaces=())

    language: str | None = None
    intent: str | None = None
    confidence: float = 0.0
    entities: list[dict[str, Any]] = []
    ranking: list[dict[str, Any]] = []
    model: str | None = None


class _TurnBody(BaseModel):
    replies: list[_ReplyBody]
    understood: _UnderstoodBody = Field(default_factory=_UnderstoodBody)
    failed: list[str] = []

    def turn(self) -> Turn:
        understood = self.understood
        return Turn(
            replies=tuple(
                Reply(
                    text=reply.text,
                    choices=tuple(Choice(choice.title, choice.payload) for choice in reply.choices),
                    card=reply.card,
                    response=reply.response,
                )
                for reply in self.replies
            ),
            understood=Understanding(
                language=understood.language,
                intent=understood.intent,
                confidence=understood.confidence,
                entities=tuple(understood.entities),
                ranking=tuple(understood.ranking),
                model=understood.model,
            ),
            failed=tuple(self.failed),
        )


class HttpAssistant:
    """Rasa behind our channel.

    Args:
        url: base address, e.g. `http://127.0.0.1:5005`.
        token: what the channel asks for.
        timeout: seconds one turn may take, reconnecting included.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._timeout = timeout
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=AT_ONCE + 4, max_keepalive_connections=AT_ONCE),
            transport=transport,
            trust_env=False,  # a proxy of the machine has no business between the two
        )

    async def answer(self, message: AssistantMessage) -> Turn:
        """Send one message; see the port."""
        async with self._turns:
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._answer(message)
            except TimeoutError:
                raise AssistantTimeout(f"no answer in {self._timeout:g} s") from None

    async def _answer(self, message: AssistantMessage) -> Turn:
        body = _body(message)
        try:
            response = await self._client.post(MESSAGES_PATH, json=body)
        except httpx.TimeoutException as error:
            raise AssistantTimeout(type(error).__name__) from error
        except httpx.TransportError:
            await asyncio.sleep(RECONNECT_AFTER_SECONDS)
            try:
                response = await self._client.post(
                    MESSAGES_PATH, json={**body, "redelivered": True}
                )
            except httpx.TimeoutException as error:
                raise AssistantTimeout(type(error).__name__) from error
            except httpx.TransportError as error:
                raise AssistantUnavailable(type(error).__name__) from error
        return _turn(response)

    async def ping(self) -> None:
        """Ask the channel whether a model is loaded; see the port."""
        try:
            response = await self._client.get(HEALTH_PATH, timeout=HEALTH_SECONDS)
        except httpx.TransportError as error:
            raise AssistantUnavailable(type(error).__name__) from error
        if response.status_code != httpx.codes.OK:
            raise AssistantUnavailable(f"status {response.status_code}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _body(message: AssistantMessage) -> dict[str, Any]:
    said = {"choice": message.choice} if message.choice is not None else {"text": message.text}
    return {
        "conversation": message.conversation,
        "message": message.message,
        **said,
        "locale": message.locale,
        "identity": message.identity,
        "redelivered": message.redelivered,
    }


def _turn(response: httpx.Response) -> Turn:
    if response.status_code in TOO_BUSY:
        raise AssistantUnavailable(f"status {response.status_code}")
    if response.status_code != httpx.codes.OK:
        raise AssistantRefused(f"status {response.status_code}")
    try:
        return _TurnBody.model_validate_json(response.content).turn()
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:3])
        raise AssistantRefused(f"answer outside the contract: {fields}") from None
