import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import rasa.core.actions.action
import rasa.core.actions.forms
from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.core.lock_store import LockError
from rasa.shared.exceptions import RasaException
from sanic import Sanic
from sqlalchemy.exc import OperationalError

from bot import channel
from bot.channel import DeskChannel
from bot.remote_action import DeskAction
from bot.request import MAX_BODY_BYTES

TOKEN = "a-token-of-enough-characters"


class Served:
    """The channel on a free port of loopback."""

    def __init__(self, url: str, app: Sanic, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.app = app
        self.http = http

    async def post(
        self, body: Any, token: str | None = TOKEN, raw: bytes | None = None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        data = json.dumps(body).encode() if raw is None else raw
        async with self.http.post(f"{self.url}/messages", data=data, headers=headers) as response:
            answer = await response.json(content_type=None)
            if response.status != 200:
                assert response.content_type == "application/problem+json"
                assert answer["status"] == response.status
            return response.status, answer


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[tuple[str, Sanic]]:
    """One server for all tests: Sanic 21 can be started once in a process."""
    app = Sanic("desk_channel", configure_logging=False)
    register([DeskChannel(TOKEN, 2)], app, route="/webhooks/")
    # Sanic takes port 0 for "not said" and listens on 8000.
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    original = rasa.core.actions.action.RemoteAction
    await server.before_start()
    assert rasa.core.actions.action.RemoteAction is DeskAction
    rasa.core.actions.action.RemoteAction = original
    rasa.core.actions.forms.RemoteAction = original
    await server.start_serving()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/desk", app
    for connection in list(server.connections):
        connection.abort()
    closing = server.close()
    if closing is not None:
        await asyncio.wait_for(closing, 5)
    await server.after_stop()


@pytest.fixture
async def served(server: tuple[str, Sanic], agent: Agent) -> AsyncIterator[Served]:
    url, app = server
    app.ctx.agent = agent
    async with aiohttp.ClientSession() as http:
        yield Served(url, app, http)


def message(**fields: Any) -> dict[str, Any]:
    data = {"conversation": "c1", "message": "m1", "text": "hi", **fields}
    return {key: value for key, value in data.items() if value is not ...}


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", TOKEN[:-1], "ünïcode"])
async def test_without_the_token_nothing_is_said(
    served: Served, processor: Any, token: str | None
) -> None:
    status, problem = await served.post(message(), token=token)
    assert (status, problem["type"]) == (401, "urn:frontdesk:assistant:unauthorized")
    assert processor.parsed == []


async def test_the_token_is_checked_before_the_body(served: Served) -> None:
    status, _ = await served.post(None, token="wrong", raw=b"{")
    assert status == 401


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"\xff", b'{"conversation": "c1", "message": "m1"}']
)
async def test_a_body_off_the_contract_is_422(served: Served, raw: bytes) -> None:
    status, problem = await served.post(None, raw=raw)
    assert (status, problem["type"]) == (422, "urn:frontdesk:assistant:invalid-request")
    assert problem["detail"]


async def test_a_million_characters_are_413_and_the_server_lives(served: Served) -> None:
    status, problem = await served.post(message(text="x" * 1_000_000))
    assert (status, problem["type"]) == (413, "urn:frontdesk:assistant:too-large")
    assert str(MAX_BODY_BYTES) in problem["detail"]
    assert (await served.post(message()))[0] == 200


async def test_a_choice_of_an_unknown_intent_is_422(served: Served) -> None:
    status, problem = await served.post(message(text=..., choice="/no_such_intent"))
    assert (status, problem["type"]) == (422, "urn:frontdesk:assistant:unknown-intent")


async def test_before_a_model_is_loaded_everything_is_503(
    served: Served, empty_agent: Agent
) -> None:
    served.app.ctx.agent = empty_agent
    assert (await served.post(message()))[0] == 503
    async with served.http.get(f"{served.url}/health") as response:
        assert response.status == 503


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (LockError("busy"), "busy"),
        (OperationalError("SELECT 1", {}, Exception("gone")), "tracker-store"),
        (channel.NotReady(), "not-ready"),
    ],
)
async def test_what_keeps_a_turn_from_happening_is_503(
    served: Served, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str
) -> None:
    async def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(channel, "take_turn", fail)
    status, problem = await served.post(message())
    assert (status, problem["type"]) == (503, f"urn:frontdesk:assistant:{kind}")


async def test_a_turn_is_finished_though_the_desk_hung_up(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, finished = asyncio.Event(), asyncio.Event()
    release = asyncio.Event()

    async def slow(*_: Any) -> None:
        started.set()
        await release.wait()
        finished.set()

    monkeypatch.setattr(channel, "take_turn", slow)
    request = asyncio.ensure_future(served.post(message()))
    await started.wait()
    request.cancel()
    release.set()
    await asyncio.wait_for(finished.wait(), 5)


@pytest.mark.parametrize("token", ["", None, "short"])
def test_a_token_that_is_no_secret_stops_the_start(token: str | None) -> None:
    with pytest.raises(RasaException, match="FRONTDESK_ASSISTANT_TOKEN"):
        DeskChannel.from_credentials({"token": token})


async def test_a_message_gets_replies_and_what_was_understood(served: Served) -> None:
    status, answer = await served.post(message(locale="zh"))
    assert status == 200
    assert set(answer) == {"replies", "understood", "failed"}
    assert answer["replies"][0]["text"] == "您好"
    assert answer["failed"] == []


async def test_a_slash_command_typed_by_a_person_is_understood_as_text(
    served: Served, processor: Any
) -> None:
    status, _ = await served.post(message(text="/check_order_status"))
    assert status == 200
    assert processor.parsed == ["／check_order_status"]


async def test_a_choice_reaches_rasa_as_it_was_offered(served: Served, processor: Any) -> None:
    payload = '/check_order_status{"order_number":"FD1"}'
    assert (await served.post(message(text=..., choice=payload)))[0] == 200
    assert processor.parsed == [payload]


async def test_health_names_the_model(served: Served) -> None:
    async with served.http.get(f"{served.url}/health") as response:
        assert response.status == 200
        assert await response.json() == {"status": "ok", "model": "abc123.tar.gz"}
