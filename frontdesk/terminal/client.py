"""A client of the chat API: sends messages once, follows the events without losing any."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from frontdesk.errors import CannotRun, NotRunning

RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Between attempts while the desk cannot be reached; the last one is kept."""

SILENCE_SECONDS = 45.0
"""The desk writes a comment every 15 s; three missed ones mean that the connection is dead."""


class Refused(CannotRun):
    """The desk refused a request; the message is its own reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Event:
    """One server-sent event; `id` is empty for those that are not replayed."""

    name: str
    data: dict[str, Any]
    id: str = ""


@dataclass(frozen=True)
class Lost:
    """The connection to the desk was lost and is being made again."""


class Chat:
    """One conversation at a desk."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        *,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._sleep = sleep
        self.conversation = ""
        self._token = ""

    async def open(self, *, locale: str, shopper_token: str | None) -> None:
        """Begin a conversation.

        Raises:
            NotRunning: nothing answers there.
            Refused: the desk does not take the shopper's token.
        """
        body = {"locale": locale}
        if shopper_token:
            body["shopper_token"] = shopper_token
        try:
            answer = await self._http.post(f"{self._url}/chat/conversations", json=body)
        except httpx.TransportError:
            raise NotRunning(self._url) from None
        _accept(answer)
        begun = answer.json()
        self.conversation, self._token = begun["conversation"], begun["token"]

    async def say(self, text: str) -> None:
        """Send a message.

        Raises:
            Refused: the desk does not take it.
        """
        await self._post({"text": text})

    async def choose(self, choice: str) -> None:
        """Take one of the offered choices.

        Raises:
            Refused: the desk no longer offers it.
        """
        await self._post({"choice": choice})

    async def events(self) -> AsyncIterator[Event | Lost]:
        """Follow the conversation from its beginning, over lost connections, for ever.

        Raises:
            Refused: the conversation is not there (any more).
        """
        last, attempt = "", 0
        while True:
            headers = {**self.authorization, "Accept": "text/event-stream"}
            if last:
                headers["Last-Event-ID"] = last
            try:
                async with self._http.stream(
                    "GET",
                    f"{self._url}/chat/conversations/{self.conversation}/events",
                    headers=headers,
                    timeout=httpx.Timeout(10.0, read=SILENCE_SECONDS),
                ) as stream:
                    if stream.is_client_error:
                        await stream.aread()
                    if not stream.is_server_error:
                        _accept(stream)
                        attempt = 0
                        async for event in parse(stream.aiter_lines()):
                            last = event.id or last
                            yield event
            except httpx.TransportError:
                # Told below, as is a stream that ended by itself.
                pass
            if attempt == 0:
                yield Lost()
            await self._wait(attempt)
            attempt += 1

    async def _post(self, body: dict[str, str]) -> None:
        """Send until the desk has it: the external id makes a repetition harmless."""
        body = {"external_id": str(uuid4()), **body}
        url = f"{self._url}/chat/conversations/{self.conversation}/messages"
        attempt = 0
        while True:
            try:
                answer = await self._http.post(url, json=body, headers=self.authorization)
            except httpx.TransportError:
                answer = None
            if answer is not None and not answer.is_server_error:
                _accept(answer)
                return
            await self._wait(attempt)
            attempt += 1

    async def _wait(self, attempt: int) -> None:
        await self._sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])

    @property
    def authorization(self) -> dict[str, str]:
        """The header that opens this conversation."""
        return {"Authorization": f"Bearer {self._token}"}


async def parse(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """Read server-sent events, as the HTML standard defines them, with JSON data."""
    name, number = "message", ""
    data: list[str] = []
    async for line in lines:
        if not line:
            if data:
                yield Event(name, json.loads("\n".join(data)), number)
            name, data, number = "message", [], ""
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            number = value


def _accept(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    reason = problem.get("detail") or problem.get("title") or f"the desk answered {answer}"
    raise Refused(answer.status_code, reason)
