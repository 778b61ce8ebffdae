"""One shopper's conversation against either system, timed per message."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import httpx

REPLY_LIMIT_SECONDS = 60.0


class Client(Protocol):
    """Sends one text and waits for the first reply."""

    async def say(self, text: str) -> float:
        """Return the seconds from sending to the first reply."""


class DeskClient:
    """A shopper on the desk's chat API: POST up, server-sent events down, as the widget does."""

    def __init__(self, http: httpx.AsyncClient, conversation: str, token: str) -> None:
        self._http = http
        self._url = f"/chat/conversations/{conversation}"
        self._token = token
        self._sent = 0
        self._events: AsyncIterator[dict[str, object]] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, base_url: str, shopper_token: str) -> "AsyncIterator[DeskClient]":
        """Open a signed-in conversation and its event stream."""
        async with httpx.AsyncClient(base_url=base_url, timeout=REPLY_LIMIT_SECONDS) as http:
            answer = await http.post("/chat/conversations", json={"shopper_token": shopper_token})
            answer.raise_for_status()
            body = answer.json()
            client = cls(http, body["conversation"], body["token"])
            async with http.stream(
                "GET", f"{client._url}/events", params={"token": client._token}
            ) as stream:
                client._events = client._messages(stream)
                yield client

    async def _messages(self, stream: httpx.Response) -> AsyncIterator[dict[str, object]]:
        event = ""
        async for line in stream.aiter_lines():
            if line.startswith("event:"):
                event = line[6:].strip()
            elif line.startswith("data:") and event == "message":
                yield json.loads(line[5:])

    async def say(self, text: str) -> float:
        """Post the text; wait for the first reply after its own echo in the stream."""
        assert self._events is not None
        self._sent += 1
        external_id = f"bench-{self._sent}"
        started = time.perf_counter()
        answer = await self._http.post(
            f"{self._url}/messages",
            json={"external_id": external_id, "text": text},
            headers={"Authorization": f"Bearer {self._token}"},
        )
        answer.raise_for_status()
        echoed = False
        async for message in self._events:
            if message.get("external_id") == external_id:
                echoed = True
            elif echoed and message["sender"] != "shopper":
                if message["sender"] == "system":
                    raise AssertionError(f"the desk handed over at {text!r}: {message['text']}")
                return time.perf_counter() - started
        raise AssertionError("the event stream ended")


class RestClient:
    """The same shopper on plain Rasa's REST channel."""

    def __init__(self, http: httpx.AsyncClient, sender: str, customer_id: str) -> None:
        self._http = http
        self._sender = sender
        self._customer_id = customer_id
        self._sent = 0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, base_url: str, sender: str, customer_id: str
    ) -> "AsyncIterator[RestClient]":
        """Open an HTTP session for one sender."""
        async with httpx.AsyncClient(base_url=base_url, timeout=REPLY_LIMIT_SECONDS) as http:
            yield cls(http, sender, customer_id)

    async def say(self, text: str) -> float:
        """Post the text; the replies are the answer."""
        self._sent += 1
        started = time.perf_counter()
        metadata = {
            "conversation": self._sender,
            "message": f"bench-{self._sent}",
            "locale": None,
            "identity": {"customer_id": self._customer_id, "orders": None},
        }
        answer = await self._http.post(
            "/webhooks/rest/webhook",
            json={"sender": self._sender, "message": text, "metadata": metadata},
        )
        answer.raise_for_status()
        answer.json()
        return time.perf_counter() - started
