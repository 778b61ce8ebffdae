"""What is delivered more than once, out of turn or all at once."""

import asyncio

from sqlalchemy import func, select

from tests.integration.desk.harness import Running, run_desk, settings_for
from ticketing.db.tables import Message


async def test_the_same_message_delivered_50_times_at_once_is_one_message_and_one_reply(
    running: Running,
) -> None:
    shopper = await running.shopper()

    body = {"external_id": "one", "text": "where is my parcel"}
    responses = await asyncio.gather(*(shopper.post(body) for _ in range(50)))
    async with shopper.follow() as stream:
        first = await stream.messages(2)
        await shopper.say("and then?", "two")
        then = await stream.messages(2)

    assert [response.status_code for response in responses] == [202] * 50
    assert sum(not response.json()["duplicate"] for response in responses) == 1
    assert len({response.json()["message"] for response in responses}) == 1
    assert first == [("shopper", "where is my parcel"), ("bot", "echo: where is my parcel")]
    assert then == [("shopper", "and then?"), ("bot", "echo: and then?")]
    assert len(running.assistant.ran) == 2


async def test_the_same_message_at_two_replicas_at_once_is_one_message_and_one_reply(
    desk_url: str,
) -> None:
    settings = settings_for(desk_url)
    async with run_desk(settings) as one, run_desk(settings) as two:
        shopper = await one.shopper()
        body = {"external_id": "one", "text": "hello"}
        clients = [one.client, two.client] * 15
        responses = await asyncio.gather(
            *(
                client.post(f"{shopper.path}/messages", json=body, headers=shopper.headers)
                for client in clients
            )
        )
        async with shopper.follow() as stream:
            said = await stream.messages(2)
        ran = [*one.assistant.ran, *two.assistant.ran]

    assert {202} == {response.status_code for response in responses}
    assert sum(not response.json()["duplicate"] for response in responses) == 1
    assert said == [("shopper", "hello"), ("bot", "echo: hello")]
    assert len(ran) == 1


async def test_a_message_id_of_another_conversation_suppresses_nothing(quick: Running) -> None:
    """Two pages may both call their first message "1"."""
    one, two = await quick.shopper(), await quick.shopper()

    await one.say("from one", "1")
    second = await two.post({"external_id": "1", "text": "from two"})

    assert {"duplicate": second.json()["duplicate"]} == {"duplicate": False}
    async with two.follow() as stream:
        assert await stream.messages(2) == [("shopper", "from two"), ("bot", "echo: from two")]


async def test_messages_are_answered_one_at_a_time_and_in_order(running: Running) -> None:
    shopper = await running.shopper()
    running.assistant.pause()
    for number in range(10):
        await shopper.say(f"message {number}")
    async with shopper.follow() as stream:
        shown = await stream.messages(10)
        asked_while_paused = len(running.assistant.received)
        running.assistant.resume()
        answered = await stream.messages(10)

    assert [("shopper", f"message {number}") for number in range(10)] == shown
    assert asked_while_paused == 1
    assert [("bot", f"echo: message {number}") for number in range(10)] == answered


async def test_two_replicas_answer_a_conversation_in_order(desk_url: str) -> None:
    settings = settings_for(desk_url)
    async with run_desk(settings) as one, run_desk(settings) as two:
        shopper = await one.shopper()
        for number in range(12):
            client = (one, two)[number % 2].client
            body = {"external_id": f"e{number}", "text": f"message {number}"}
            await client.post(f"{shopper.path}/messages", json=body, headers=shopper.headers)
        async with shopper.follow() as stream:
            said = [await stream.says("bot") for _ in range(12)]
        ran = [*one.assistant.ran, *two.assistant.ran]

    assert [f"echo: message {number}" for number in range(12)] == said
    assert 12 == len(set(ran)) == len(ran)


async def test_many_conversations_do_not_wait_for_a_slow_one(quick: Running) -> None:
    slow = await quick.shopper()
    quick.assistant.pause()
    await slow.say("slow")
    others = [await quick.shopper() for _ in range(10)]

    await asyncio.gather(*(other.say("hello") for other in others))
    while len(quick.assistant.received) < 11:
        await asyncio.sleep(0.01)
    quick.assistant.resume()

    for shopper in (slow, *others):
        async with shopper.follow() as stream:
            assert (await stream.says("bot")).startswith("echo: ")


async def test_a_flood_is_refused_and_the_conversation_goes_on(quick: Running) -> None:
    shopper = await quick.shopper()
    quick.assistant.pause()
    for number in range(20):
        await shopper.say(f"message {number}")

    refused = await shopper.post({"external_id": "too much", "text": "message 20"})
    repeated = await shopper.post({"external_id": "e1", "text": "message 0"})
    quick.assistant.resume()

    assert (refused.status_code, refused.json()["type"]) == (429, "too-many-waiting")
    assert "Retry-After" in refused.headers
    assert (repeated.status_code, repeated.json()["duplicate"]) == (202, True)
    async with shopper.follow() as stream:
        assert [await stream.says("bot") for _ in range(20)][-1] == "echo: message 19"
        await shopper.say("message 20", "too much")
        assert await stream.says("bot") == "echo: message 20"


async def test_a_repeat_says_the_first_message_even_when_its_text_differs(quick: Running) -> None:
    shopper = await quick.shopper()
    first = await shopper.say("one", "same")

    second = await shopper.post({"external_id": "same", "text": "two"})

    assert {"duplicate": True, "message": first} == second.json()
    async with quick.desk.db.read() as session:
        count = select(func.count()).where(Message.sender == "shopper")
        assert await session.scalar(count) == 1
