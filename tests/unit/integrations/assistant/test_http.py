import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from integrations.assistant.errors import AssistantRefused, AssistantTimeout, AssistantUnavailable
from integrations.assistant.http import HttpAssistant
from integrations.assistant.models import AssistantMessage, Choice, Reply

MESSAGE = AssistantMessage(conversation="c", message="m", text="hi", locale="en")
ANSWER: dict[str, Any] = {
    "replies": [
        {
            "text": "Which order?",
            "choices": [{"title": "F1", "payload": '/check_order_status{"order_number":"F1"}'}],
            "card": None,
            "response": "utter_which_order",
        },
        {"text": None, "choices": [], "card": {"type": "order"}, "response": None},
    ],
    "understood": {
        "language": "en",
        "intent": "check_order_status",
        "confidence": 0.93,
        "entities": [{"entity": "order_number", "value": "F1", "start": 0, "end": 2}],
        "ranking": [{"name": "check_order_status", "confidence": 0.93}],
        "model": "abc",
    },
    "failed": ["action_order_status"],
}

Handler = Callable[[httpx.Request], httpx.Response]


def assistant(handler: Handler, seconds: float = 5.0) -> HttpAssistant:
    transport = httpx.MockTransport(handler)
    return HttpAssistant("http://assistant", "token", timeout=seconds, transport=transport)


async def test_an_answer_is_read_as_the_contract_says() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    turn = await assistant(answer).answer(MESSAGE)

    which, card = turn.replies
    payload = '/check_order_status{"order_number":"F1"}'
    assert Reply("Which order?", (Choice("F1", payload),), None, "utter_which_order") == which
    assert (card.card, card.is_empty) == ({"type": "order"}, False)
    assert (
        turn.understood.intent,
        turn.understood.confidence,
        turn.understood.model,
    ) == ("check_order_status", 0.93, "abc")
    assert turn.failed == ("action_order_status",)
    assert seen[0].headers["authorization"] == "Bearer token"
    assert json.loads(seen[0].content) == {
        "conversation": "c",
        "message": "m",
        "text": "hi",
        "locale": "en",
        "identity": None,
        "redelivered": False,
    }


async def test_a_choice_is_sent_instead_of_a_text() -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return httpx.Response(200, json={"replies": []})

    await assistant(answer).answer(AssistantMessage("c", "m", choice="/greet"))

    assert (seen[0]["choice"], "text" in seen[0]) == ("/greet", False)


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (503, b"", AssistantUnavailable),
        (502, b"", AssistantUnavailable),
        (401, b"", AssistantRefused),
        (422, b"", AssistantRefused),
        (500, b"", AssistantRefused),
        (200, b"[]", AssistantRefused),
        (200, b"<html>", AssistantRefused),
        (200, b"{}", AssistantRefused),
        (200, b'{"replies": [{"text": 1}]}', AssistantRefused),
        (200, b'{"replies": [{"text": "\\ud800"}]}', AssistantRefused),
    ],
)
async def test_what_is_no_answer_is_a_typed_fact(
    status: int, content: bytes, error: type[Exception]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=content)

    with pytest.raises(error):
        await assistant(answer).answer(MESSAGE)


async def test_a_broken_connection_is_tried_once_more_as_redelivered() -> None:
    """The server may have handled it before the connection broke."""
    seen: list[bool] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content)["redelivered"])
        if len(seen) == 1:
            raise httpx.RemoteProtocolError("closed")
        return httpx.Response(200, json=ANSWER)

    turn = await assistant(answer).answer(MESSAGE)

    assert (seen, len(turn.replies)) == ([False, True], 2)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    tries: list[int] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        tries.append(1)
        raise httpx.ConnectError("refused")

    with pytest.raises(AssistantUnavailable):
        await assistant(refuse).answer(MESSAGE)
    with pytest.raises(AssistantUnavailable):
        await assistant(refuse).ping()
    assert len(tries) == 3


async def test_a_server_that_takes_too_long_is_a_timeout_and_not_tried_again() -> None:
    tries: list[int] = []

    def hang(request: httpx.Request) -> httpx.Response:
        tries.append(1)
        raise httpx.ReadTimeout("slow")

    with pytest.raises(AssistantTimeout):
        await assistant(hang).answer(MESSAGE)
    assert len(tries) == 1


async def test_the_time_limit_holds_over_all_tries() -> None:
    def break_off(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    with pytest.raises(AssistantTimeout):
        await assistant(break_off, seconds=0.01).answer(MESSAGE)


@pytest.mark.parametrize("status", [503, 401])
async def test_a_channel_without_a_model_is_not_ready(status: int) -> None:
    with pytest.raises(AssistantUnavailable):
        await assistant(lambda request: httpx.Response(status)).ping()


async def test_a_channel_with_a_model_is_ready() -> None:
    await assistant(lambda request: httpx.Response(200, json={"status": "ok"})).ping()
