"""Processes die at any point; nothing is lost and nothing is done twice."""

import asyncio
from datetime import timedelta

from integrations.assistant.fake import FakeAssistant
from tests.integration.desk.harness import Clock, Shopper, run_desk, settings_for, until
from ticketing.conversations.lease import LEASE, POLL_SECONDS, new_holder
from ticketing.conversations.repository import lock


async def test_another_replica_takes_over_when_the_lease_has_ended(desk_url: str) -> None:
    clock, assistant = Clock(), FakeAssistant()
    settings = settings_for(desk_url)
    async with (
        run_desk(settings, clock=clock, assistant=assistant) as one,
        run_desk(settings, clock=clock, assistant=assistant) as two,
    ):
        shopper = await one.shopper()
        assistant.pause()
        await shopper.say("are you there")
        await until(lambda: assistant.received)
        one.crash()
        await shopper.say("hello?")

        clock.advance(seconds=LEASE.total_seconds() - 0.1)
        await two.desk.turns.poll()
        before = len(assistant.received)
        clock.advance(seconds=0.1)
        await two.desk.turns.poll()
        assistant.resume()
        shopper.client = two.client
        async with shopper.follow() as stream:
            said = await stream.messages(4)

    assert before == 1
    assert said == [
        ("shopper", "are you there"),
        ("shopper", "hello?"),
        ("bot", "echo: are you there"),
        ("bot", "echo: hello?"),
    ]
    assert [message.redelivered for message in assistant.received] == [False, True, False]
    assert 2 == len(assistant.ran) == len(set(assistant.ran))


def test_a_takeover_comes_within_15_seconds() -> None:
    assert LEASE + timedelta(seconds=POLL_SECONDS) <= timedelta(seconds=15)


async def test_a_holder_that_lives_keeps_its_conversation(desk_url: str) -> None:
    clock, assistant = Clock(), FakeAssistant()
    settings = settings_for(desk_url)
    async with (
        run_desk(settings, clock=clock, assistant=assistant) as one,
        run_desk(settings, clock=clock, assistant=assistant) as two,
    ):
        shopper = await one.shopper()
        assistant.pause()
        await shopper.say("a long question")
        await until(lambda: assistant.received)
        for _ in range(5):
            clock.advance(seconds=LEASE.total_seconds() - 1)
            await one.desk.turns.heartbeat()
            await two.desk.turns.poll()
        await two.desk.turns.idle()
        assistant.resume()
        async with shopper.follow() as stream:
            await stream.says("bot")

    assert len(assistant.received) == 1


async def test_a_holder_that_lost_its_lease_stores_nothing(desk_url: str) -> None:
    """It was only slow, not dead; two answers to one message would be one too many."""
    clock, slow, other = Clock(), FakeAssistant(), FakeAssistant()
    settings = settings_for(desk_url)
    async with (
        run_desk(settings, clock=clock, assistant=slow) as one,
        run_desk(settings, clock=clock, assistant=other) as two,
    ):
        shopper = await one.shopper()
        slow.pause()
        await shopper.say("hello")
        await until(lambda: slow.received)
        clock.advance(seconds=LEASE.total_seconds())
        await two.desk.turns.poll()
        shopper.client = two.client
        async with shopper.follow() as stream:
            first = await stream.messages(2)
            slow.resume()
            await one.desk.turns.idle()
            await shopper.say("next")
            then = await stream.messages(2)

    assert first == [("shopper", "hello"), ("bot", "echo: hello")]
    assert then == [("shopper", "next"), ("bot", "echo: next")]


async def test_a_process_of_this_machine_that_has_ended_is_replaced_at_once(
    desk_url: str,
) -> None:
    place = new_holder().partition("/")[0]
    settings = settings_for(desk_url)
    async with run_desk(settings) as running:
        shopper = await running.shopper()
        running.assistant.pause()
        await shopper.say("hello")
        await until(lambda: running.assistant.received)
        running.crash()
        async with running.desk.db.write() as session:
            conversation = await lock(session, shopper.id)
            assert conversation is not None
            conversation.lease_holder = f"{place}/1/0/dead"

    async with run_desk(settings, assistant=running.assistant) as again:
        shopper.client = again.client
        async with shopper.follow() as stream:
            assert await stream.messages(2) == [("shopper", "hello"), ("bot", "echo: hello")]


async def test_an_orderly_end_leaves_no_lease_behind(desk_url: str) -> None:
    clock, assistant = Clock(), FakeAssistant()
    settings = settings_for(desk_url)
    async with run_desk(settings, clock=clock, assistant=assistant) as one:
        shopper = await one.shopper()
        assistant.pause()
        await shopper.say("hello")
        await until(lambda: assistant.received)
        stopping = asyncio.create_task(one.desk.turns.stop())
        # The turn does not end in time: it is given up.
        for task in list(one.desk.turns._running.values()):
            task.cancel()
        await stopping

    async with run_desk(settings, clock=clock, assistant=assistant) as two:
        shopper.client = two.client
        async with shopper.follow() as stream:
            assert await stream.says("bot") == "echo: hello"
    assert len(assistant.ran) == 1


async def test_a_message_that_breaks_every_turn_goes_to_a_person(desk_url: str) -> None:
    assistant = FakeAssistant()
    settings = settings_for(desk_url)
    shopper: Shopper | None = None
    for attempt in range(3):
        assistant.pause()
        async with run_desk(settings, assistant=assistant) as running:
            if shopper is None:
                shopper = await running.shopper()
                await shopper.say("poison")
            await until(lambda made=attempt: len(assistant.received) > made)
            running.crash()
    assert shopper is not None
    async with run_desk(settings, assistant=assistant) as running:
        shopper.client = running.client
        log = await shopper.log(4)
        ticket = (await running.client.get("/api/tickets/1", headers=running.service)).json()

    assert [event.kind for event in log] == ["message", "message", "owner", "message"]
    assert ticket["reason"] == "back_end_failed"
    assert len(assistant.received) == 3


async def test_a_turn_that_fails_on_the_database_is_taken_up_again(sqlite_url: str) -> None:
    """Its process lives and holds the lease: it must not wait for itself."""
    async with run_desk(settings_for(sqlite_url)) as running:
        shopper = await running.shopper()
        answers = running.desk.turns._answers
        finish, failed = answers.finish, []

        async def broken(*arguments: object) -> bool:
            failed.append(arguments)
            answers.finish = finish  # type: ignore[method-assign]
            raise OSError("disk")

        answers.finish = broken  # type: ignore[method-assign]
        await shopper.say("hello")
        await until(lambda: failed and not running.desk.turns._running)
        await running.desk.turns.poll()
        async with shopper.follow() as stream:
            assert await stream.says("bot") == "echo: hello"
    assert [message.redelivered for message in running.assistant.received] == [False, True]
    assert len(running.assistant.ran) == 1
