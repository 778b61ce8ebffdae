"""The event stream: nothing lost, nothing repeated, for every reader."""

import asyncio
import contextlib

import pytest

from integrations.assistant.fake import understood
from integrations.assistant.models import Reply, Turn
from tests.integration.desk.harness import PATIENCE, Running, Stream
from ticketing.conversations.live import LocalLive
from ticketing.metrics import Metrics
from ticketing.web.chat import sse


async def test_a_reader_that_comes_back_gets_what_it_missed_and_nothing_else(
    running: Running,
) -> None:
    shopper = await running.shopper()
    await shopper.say("one")
    async with shopper.follow() as stream:
        await stream.messages(2)
        last = stream.last
    await shopper.say("two")
    await running.desk.turns.idle()

    async with shopper.follow(after=last) as stream:
        missed = await stream.messages(2)
        await shopper.say("three")
        live = await stream.messages(2)

    assert last == 2
    assert missed == [("shopper", "two"), ("bot", "echo: two")]
    assert live == [("shopper", "three"), ("bot", "echo: three")]


async def test_readers_that_break_off_at_any_number_see_every_event_once(quick: Running) -> None:
    shopper = await quick.shopper()
    for number in range(8):
        await shopper.say(f"m{number}")
    seen: list[int] = []
    while len(seen) < 16:
        async with shopper.follow(after=seen[-1] if seen else None) as stream:
            for _ in range(1 + len(seen) % 3):
                event = await stream.next("message")
                assert event.id is not None
                seen.append(event.id)
                if len(seen) == 16:
                    break

    assert list(range(1, 17)) == seen


async def test_without_a_last_number_everything_is_replayed(quick: Running) -> None:
    shopper = await quick.shopper()
    await shopper.say("one")
    await quick.desk.turns.idle()

    for wrong in ("", "abc", "-1", "1e3", "9" * 40, "٣"):
        request = quick.client.stream(
            "GET",
            f"{shopper.path}/events",
            headers={**shopper.headers, "Last-Event-ID": wrong.encode()},  # type: ignore[dict-item]
        )
        async with request as response:
            stream = Stream(response.aiter_lines())
            assert await stream.messages(2) == [("shopper", "one"), ("bot", "echo: one")]


async def test_several_tabs_see_the_same(quick: Running) -> None:
    shopper = await quick.shopper()
    async with contextlib.AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(shopper.follow()) for _ in range(3)]
        await shopper.say("hello", "mine")
        seen = [[await tab.next(), await tab.next()] for tab in tabs]

    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0].data["external_id"] == "mine"
    assert {"id", "at", "sender", "text"} == set(seen[0][1].data)


async def test_an_event_source_shows_its_token_in_the_address(quick: Running) -> None:
    shopper = await quick.shopper()
    await shopper.say("hello")

    request = quick.client.stream("GET", f"{shopper.path}/events", params={"token": shopper.token})
    async with request as response:
        stream = Stream(response.aiter_lines())
        assert await stream.messages(2) == [("shopper", "hello"), ("bot", "echo: hello")]
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"


async def test_typing_is_shown_once_and_not_replayed(quick: Running) -> None:
    shopper = await quick.shopper()
    quick.assistant.pause()
    async with shopper.follow() as stream:
        await shopper.say("hello")
        typing = await stream.next("typing")
        quick.assistant.resume()
        await stream.says("bot")

    assert (typing.data, typing.id) == ({"sender": "bot"}, None)
    async with shopper.follow() as stream:
        kinds = [(await stream.next("message", "typing")).kind for _ in range(2)]
    assert kinds == ["message", "message"]


async def test_cards_and_texts_of_any_script_come_through(quick: Running) -> None:
    card = {"type": "order", "number": "F1", "lines": [{"name": "保温杯\u2028☕", "quantity": 1}]}
    text = "第一行\nsecond line\r\n\u2028third: data: x\n\nid: 99"
    quick.assistant.script = lambda message: Turn(
        (Reply(text=text), Reply(card=card)), understood("check_order_status", language="zh")
    )
    shopper = await quick.shopper()
    await shopper.say("我的订单")

    log = await shopper.log(3)

    plain = text.replace("\r\n", "\n")
    assert (plain, [1, 2, 3]) == (log[1].data["text"], [event.id for event in log])
    assert ("", card) == (log[2].data["text"], log[2].data["card"])


async def test_a_conversation_of_a_thousand_events_is_replayed_whole(quick: Running) -> None:
    quick.assistant.script = lambda message: Turn(
        tuple(Reply(text=f"{message.text}.{number}") for number in range(120)),
        understood("inform"),
    )
    shopper = await quick.shopper()
    for number in range(5):
        await shopper.say(str(number))

    async with shopper.follow() as stream:
        numbers = [(await stream.next()).id for _ in range(5 * 121)]

    assert list(range(1, 606)) == numbers


async def test_a_silent_stream_sends_a_comment_every_15_seconds(
    quick: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    shopper = await quick.shopper()
    waited: list[float] = []

    async def nothing_happens(waiting: object, seconds: float) -> None:
        waiting.close()  # type: ignore[attr-defined]
        waited.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(sse.asyncio, "wait_for", nothing_happens)
    stream = sse.stream(quick.desk.conversations, LocalLive(), Metrics(), shopper.id, after=0)
    first = [await anext(stream) for _ in range(2)]
    await stream.aclose()

    assert first == [sse.RETRY, b": alive\n\n"]
    assert sum(waited) == 15.0


async def test_a_lost_wake_up_costs_seconds_not_the_message(
    quick: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process stored something and died before it could say so."""
    monkeypatch.setattr(sse, "POLL_SECONDS", 0.05)
    shopper = await quick.shopper()
    stream = sse.stream(quick.desk.conversations, LocalLive(), Metrics(), shopper.id, after=0)
    await anext(stream)
    reading = asyncio.ensure_future(anext(stream))
    await shopper.say("hello")

    assert b'"hello"' in await asyncio.wait_for(reading, PATIENCE)
    await stream.aclose()


async def test_open_streams_are_counted(quick: Running) -> None:
    shopper = await quick.shopper()
    async with shopper.follow() as stream:
        await shopper.say("hello")
        await stream.says("bot")
        during = (await quick.client.get("/metrics")).text
    assert "frontdesk_open_streams 1.0" in during
