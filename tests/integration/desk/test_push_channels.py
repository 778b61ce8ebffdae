"""Messaging platforms: signed webhooks in, an outbox out."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from integrations.assistant.fake import understood
from integrations.assistant.models import Choice, Reply, Turn
from integrations.channels.errors import ChannelRefused, ChannelUnavailable
from tests.integration.desk.harness import Running, run_desk, settings_for, until
from ticketing.db.tables import Delivery, Message
from ticketing.outbox.rules import ATTEMPTS_MAX


async def call(
    running: Running, body: object, *, headers: dict[str, str] | None = None, path: str = "fake"
) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await running.client.post(
        f"/channels/{path}/webhook",
        content=raw,
        headers=running.channel.sign(raw) if headers is None else headers,
    )


def text(user: str, number: int, said: str = "hello") -> dict[str, str]:
    return {"user": user, "id": f"{user}-{number}", "text": said}


async def test_a_repeated_webhook_is_answered_and_does_nothing_twice(running: Running) -> None:
    responses = await asyncio.gather(*(call(running, text("u1", 1)) for _ in range(50)))
    await until(lambda: running.channel.delivered)
    repeated = await call(running, text("u1", 1))
    await running.desk.turns.idle()

    assert [response.status_code for response in responses] == [200] * 50
    assert sum(response.json()["accepted"] for response in responses) == 1
    assert (repeated.status_code, repeated.json()) == (200, {"accepted": 0})
    assert [message.text for message in running.channel.delivered] == ["echo: hello"]


async def test_the_same_webhook_at_two_replicas_is_one_message(desk_url: str) -> None:
    settings = settings_for(desk_url)
    async with run_desk(settings) as one, run_desk(settings) as two:
        responses = await asyncio.gather(
            *(call(desk, text("u1", number % 3)) for number in range(30) for desk in (one, two))
        )
        await until(lambda: len(one.channel.delivered) + len(two.channel.delivered) == 3)

    assert {200} == {response.status_code for response in responses}
    assert sum(response.json()["accepted"] for response in responses) == 3


@pytest.mark.parametrize("fault", ["none", "wrong", "another body", "old", "future", "no time"])
async def test_a_call_without_a_right_signature_is_refused_before_it_is_read(
    quick: Running, fault: str
) -> None:
    raw = b"{not even json"
    headers = {
        "none": {},
        "wrong": {**quick.channel.sign(raw), "x-frontdesk-signature": "sha256=00"},
        "another body": quick.channel.sign(b"{}"),
        "old": quick.channel.sign(raw, quick.clock() - timedelta(minutes=6)),
        "future": quick.channel.sign(raw, quick.clock() + timedelta(minutes=6)),
        "no time": {"x-frontdesk-signature": quick.channel.sign(raw)["x-frontdesk-signature"]},
    }[fault]

    response = await call(quick, raw, headers=headers)

    assert (response.status_code, response.json()["type"]) == (401, "wrong-signature")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{broken",
        [],
        "text",
        {"user": "u"},
        {"user": 1, "id": "x"},
        {"user": "u" * 201, "id": "1", "text": "a"},
        {"user": "u", "id": "1" * 301, "text": "a"},
        {"user": "u\x00", "id": "1", "text": "a"},
        b"[" * 50_000,
    ],
)
async def test_a_signed_call_that_says_nothing_known_is_refused(
    running: Running, body: object
) -> None:
    response = await call(running, body)

    assert (response.status_code, response.json()["type"]) == (422, "unreadable-webhook")


async def test_an_unknown_channel_is_not_found(quick: Running) -> None:
    for name in ("wechat", "web", "..", "x" * 2000):
        assert (await call(quick, text("u", 1), path=name)).status_code == 404


async def test_odd_messages_are_taken_as_well_as_they_can_be(running: Running) -> None:
    """A platform repeats what is refused; so nothing it signed is."""
    long = await call(running, text("u1", 1, "x" * 5000))
    empty = await call(running, text("u1", 2, "\x00"))
    unknown_choice = await call(running, {"user": "u1", "id": "u1-3", "choice": "/restart"})
    await until(lambda: len(running.channel.delivered) == 2)

    assert [response.json()["accepted"] for response in (long, empty, unknown_choice)] == [1, 0, 1]
    assert [message.text for message in running.assistant.received] == ["x" * 2000, "/restart"]
    assert [message.choice for message in running.assistant.received] == [None, None]


async def test_a_choice_offered_on_the_channel_is_taken(quick: Running) -> None:
    quick.assistant.script = lambda message: Turn(
        (Reply(text="Which?", choices=(Choice("One", "/one"),)),), understood("greet")
    )
    await call(quick, text("u1", 1))
    await until(lambda: quick.channel.delivered)
    ((choice, title),) = quick.channel.delivered[0].choices

    await call(quick, {"user": "u1", "id": "u1-2", "choice": choice})
    await until(lambda: len(quick.assistant.received) == 2)

    assert (title, quick.assistant.received[1].choice) == ("One", "/one")


async def test_two_users_are_two_conversations_and_one_user_is_one(running: Running) -> None:
    for user, number in (("u1", 1), ("u2", 1), ("u1", 2)):
        await call(running, text(user, number))
    await until(lambda: len(running.channel.delivered) == 3)

    one, two, again = (message.conversation for message in running.assistant.received)
    assert len({one, two, again}) == 2
    by_user = {message.external_user for message in running.channel.delivered}
    assert {"u1", "u2"} == by_user


async def test_a_platform_that_is_away_gets_everything_later_in_order(running: Running) -> None:
    running.channel.failure = ChannelUnavailable("down")
    for number in range(3):
        await call(running, text("u1", number, f"m{number}"))
    await running.desk.turns.idle()
    await until(lambda: running.channel.attempts)
    for _ in range(3):
        running.clock.advance(minutes=10)
        await running.desk.outbox.deliver_due()
    assert running.channel.delivered == []
    assert len(set(running.channel.attempts)) == 1

    running.channel.failure = None
    running.clock.advance(minutes=10)
    await until(lambda: len(running.channel.delivered) == 3)

    assert [message.text for message in running.channel.delivered] == [
        "echo: m0",
        "echo: m1",
        "echo: m2",
    ]


async def test_waiting_grows_between_attempts(quick: Running) -> None:
    quick.channel.failure = ChannelUnavailable("down")
    await call(quick, text("u1", 1))
    await until(lambda: quick.channel.attempts)
    waits = []
    for _ in range(4):
        await until(lambda: _postponed(quick))
        async with quick.desk.db.read() as session:
            delivery = (await session.scalars(select(Delivery))).one()
        waits.append((delivery.next_at - quick.clock()).total_seconds())
        made = len(quick.channel.attempts)
        quick.clock.time = delivery.next_at
        await until(lambda made=made: len(quick.channel.attempts) > made)

    assert waits == [1, 2, 4, 8]


async def _postponed(running: Running) -> bool:
    """Tell whether the last attempt has been noted: its claim was 30 s."""
    async with running.desk.db.read() as session:
        delivery = (await session.scalars(select(Delivery))).one()
        return (delivery.next_at - running.clock()).total_seconds() != 30


async def test_what_a_platform_refuses_for_good_does_not_hold_up_the_rest(
    running: Running,
) -> None:
    running.channel.failure = ChannelRefused("blocked")
    await call(running, text("u1", 1, "first"))
    await until(lambda: running.channel.attempts)
    await until(lambda: _ended(running))
    running.channel.failure = None
    await call(running, text("u1", 2, "second"))
    await until(lambda: running.channel.delivered)

    assert [message.text for message in running.channel.delivered] == ["echo: second"]
    assert len(running.channel.attempts) == 2


async def _ended(running: Running) -> bool:
    async with running.desk.db.read() as session:
        ended = select(Delivery).where(Delivery.ended_at.is_not(None))
        return bool((await session.scalars(ended)).all())


async def test_a_delivery_whose_process_died_is_made_again_with_the_same_id(
    running: Running,
) -> None:
    """The platform took it, and we died before we knew: its idempotency key must be the same."""
    await call(running, text("u1", 1))
    await until(lambda: _ended(running))
    async with running.desk.db.write() as session:
        delivery = (await session.scalars(select(Delivery))).one()
        delivery.ended_at = None
        delivery.next_at = running.clock()

    await until(lambda: len(running.channel.attempts) == 2)

    assert 1 == len(set(running.channel.attempts)) == len(running.channel.delivered)


async def test_an_hour_of_failures_gives_a_message_up(quick: Running) -> None:
    quick.channel.failure = ChannelUnavailable("down")
    await call(quick, text("u1", 1))
    for _ in range(2 * ATTEMPTS_MAX):
        quick.clock.advance(minutes=10)
        await quick.desk.outbox.deliver_due()
        if await _ended(quick):
            break
    await until(lambda: _ended(quick))

    assert len(quick.channel.attempts) == ATTEMPTS_MAX
    metrics = (await quick.client.get("/metrics")).text
    assert 'frontdesk_deliveries_total{channel="fake",result="failed"} 1.0' in metrics


async def test_the_web_has_no_outbox(quick: Running) -> None:
    shopper = await quick.shopper()
    await shopper.say("hello")
    await quick.desk.turns.idle()

    async with quick.desk.db.read() as session:
        assert (await session.scalars(select(Delivery))).all() == []
        assert len((await session.scalars(select(Message))).all()) == 2
