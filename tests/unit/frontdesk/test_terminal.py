"""The terminal chat: nothing is lost over a broken line, and every state has a word."""

import json
from collections.abc import AsyncIterator, Callable
from io import StringIO
from typing import Any

import httpx
import pytest
from rich.console import Console

from frontdesk.errors import NotRunning
from frontdesk.terminal import render
from frontdesk.terminal.client import Chat, Event, Lost, Refused, parse
from frontdesk.terminal.render import Words
from integrations.shop.models import ExceptionKind, OrderState, ShipmentState

Answer = Callable[[httpx.Request], httpx.Response]


async def no_sleep(_: float) -> None:
    return


def chat_with(answer: Answer) -> Chat:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Chat(http, "http://desk/", sleep=no_sleep)


async def lines(text: str) -> AsyncIterator[str]:
    for line in text.split("\n"):
        yield line


def event(number: int, text: str) -> str:
    return f"id: {number}\nevent: message\ndata: {json.dumps({'text': text})}\n\n"


async def test_events_are_read_as_the_standard_says() -> None:
    text = (
        ': hello\n\nevent: typing\ndata: {"sender":\ndata: "bot"}\n\nid:7\ndata:{}\n\ndata: {"torn'
    )
    assert [each async for each in parse(lines(text))] == [
        Event("typing", {"sender": "bot"}),
        Event("message", {}, "7"),
    ]


async def test_a_lost_stream_goes_on_after_the_event_seen_last() -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("Last-Event-ID"))
        if len(asked) == 2:
            raise httpx.ConnectError("restarting")
        if len(asked) == 3:
            return httpx.Response(503)
        return httpx.Response(200, text=event(len(asked), f"message {len(asked)}"))

    seen: list[Event | Lost] = []
    async for each in chat_with(answer).events():
        seen.append(each)
        if len(seen) == 3:
            break
    assert seen == [
        Event("message", {"text": "message 1"}, "1"),
        Lost(),
        Event("message", {"text": "message 4"}, "4"),
    ]
    assert asked == [None, "1", "1", "1"]


async def test_a_conversation_that_is_gone_ends_the_chat() -> None:
    chat = chat_with(lambda _: httpx.Response(404, json={"title": "There is no such conversation"}))
    with pytest.raises(Refused, match="no such conversation"):
        async for _ in chat.events():
            pass


async def test_a_message_is_sent_until_the_desk_has_it_under_one_id() -> None:
    posted: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(json.loads(request.content)["external_id"])
        if len(posted) == 1:
            raise httpx.ReadError("cut")
        return httpx.Response(502 if len(posted) == 2 else 202)

    await chat_with(answer).say("hello")
    assert len(posted) == 3
    assert len(set(posted)) == 1


async def test_a_refused_message_is_not_sent_again() -> None:
    posted: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(request)
        return httpx.Response(429, json={"detail": "too many wait"})

    with pytest.raises(Refused, match="too many wait"):
        await chat_with(answer).say("hello")
    assert len(posted) == 1


async def test_without_a_desk_the_way_to_start_one_is_told() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(NotRunning, match="make up"):
        await chat_with(answer).open(locale="zh", shopper_token=None)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_state_has_a_word(locale: str) -> None:
    words = Words(locale)
    codes = [*OrderState, *ShipmentState, *ExceptionKind]
    assert [
        code for code in codes if words.state(code.value) == code.value and locale == "zh"
    ] == []
    assert [code for code in codes if "_" in words.state(code.value)] == []


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_all_wording_is_there_in_both_languages(locale: str) -> None:
    catalogue = render._catalogue()
    entries = [*catalogue.values(), *catalogue["state"].values()]
    assert all(locale in entry for entry in entries if entry is not catalogue["state"])


def shown(data: dict[str, Any], locale: str = "en") -> str:
    console = Console(file=StringIO(), width=100, color_system=None)
    console.print(render.message({"sender": "bot", "text": "Here:", **data}, Words(locale)))
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


ORDER = {
    "type": "order",
    "number": "FD20260101-00001",
    "state": "shipped",
    "placed_at": "2026-01-01T08:00:00+00:00",
    "total": {"amount": "129.00", "currency": "CNY"},
    "lines": [
        {
            "name": "Kettle [1.7 L]",
            "quantity": 2,
            "price": {"amount": "64.50", "currency": "CNY"},
            "state": "cancelled",
        }
    ],
    "parcels": [
        {"tracking_number": "SF1", "carrier": "sf", "carrier_name": "SF", "state": "in_transit"}
    ],
    "payment_due_at": "2026-01-02T08:00:00+00:00",
}
PARCEL = {
    "type": "parcel",
    "tracking_number": "SF1",
    "carrier": "sf",
    "carrier_name": "SF",
    "order_number": "FD20260101-00001",
    "state": "exception",
    "exception": "lost",
    "estimated_from": "2026-01-03",
    "events": [
        {"at": "2026-01-02T08:00:00+00:00", "state": "exception", "text": "Lost at the depot"},
        {
            "at": "2026-01-01T08:00:00+00:00",
            "state": "in_transit",
            "text": "Picked up",
            "location": "Hangzhou",
        },
    ],
}
PRODUCT = {
    "type": "product",
    "sku": "K-1",
    "name": "Kettle",
    "price": {"amount": "64.50", "currency": "CNY"},
    "in_stock": False,
    "restock_on": "2026-02-01",
    "attributes": [{"name": "Volume", "value": "1.7 L"}],
}


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (
            ORDER,
            ["FD20260101-00001", "shipped", "Kettle [1.7 L]", "129.00 CNY", "SF1", "cancelled"],
        ),
        (PARCEL, ["SF1", "problem (lost)", "Lost at the depot", "Hangzhou", "2026-01-03"]),
        (PRODUCT, ["Kettle", "64.50 CNY", "Out of stock", "2026-02-01", "1.7 L"]),
        ({"type": "hologram", "depth": 3}, ["hologram", "depth: 3"]),
    ],
)
def test_a_card_shows_its_facts(card: dict[str, Any], words: list[str]) -> None:
    text = shown({"card": card})
    assert [word for word in words if word not in text] == []


def test_choices_are_numbered() -> None:
    text = shown({"choices": [{"id": "a", "title": "Track"}, {"id": "b", "title": "[Person]"}]})
    assert "1  Track" in text
    assert "2  [Person]" in text


def test_the_place_in_the_queue_is_told() -> None:
    assert "3" in render.owner({"owner": "queue", "position": 3}, Words("zh"))
    assert "None" not in render.owner({"owner": "queue"}, Words("zh"))
