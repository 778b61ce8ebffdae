"""Several replicas that share a Redis."""

import asyncio

from tests.integration.desk.harness import run_desk, settings_for, until
from ticketing.conversations.live_redis import RedisLive


async def test_an_answer_made_by_one_replica_reaches_readers_of_another_at_once(
    desk_url: str, redis_url: str
) -> None:
    settings = settings_for(desk_url, redis_url=redis_url)
    async with run_desk(settings) as one, run_desk(settings) as two:
        shopper = await one.shopper()
        reader = await two.shopper()
        reader.id, reader.token = shopper.id, shopper.token
        async with reader.follow() as stream:
            await until(lambda: two.desk.live._local._watches)  # type: ignore[attr-defined]
            async with asyncio.timeout(4):  # less than the safety poll
                await shopper.say("hello")
                assert await stream.says("bot") == "echo: hello"


async def test_typing_crosses_replicas(sqlite_url: str, redis_url: str) -> None:
    settings = settings_for(sqlite_url, redis_url=redis_url)
    async with run_desk(settings) as one, run_desk(settings) as two:
        shopper = await one.shopper()
        one.assistant.pause()
        reader = await two.shopper()
        reader.id, reader.token = shopper.id, shopper.token
        async with reader.follow() as stream:
            await until(lambda: two.desk.live._local._watches)  # type: ignore[attr-defined]
            await shopper.say("hello")
            assert (await stream.next("typing")).data == {"sender": "bot"}


async def test_without_redis_the_chat_goes_on(sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, redis_url="redis://127.0.0.1:9/0")
    async with run_desk(settings) as running:
        shopper = await running.shopper()
        async with shopper.follow() as stream:
            await shopper.say("hello")
            assert await stream.says("bot") == "echo: hello"


async def test_a_listener_finds_its_way_back(redis_url: str) -> None:
    live = RedisLive(redis_url)
    live.start()
    try:
        with live.watch("c") as watch:
            other = RedisLive(redis_url)
            await until(lambda: _heard(other, watch))
            async with live._redis.client() as client:
                await client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
            watch.changed.clear()
            await until(lambda: _heard(other, watch))
            await other.close()
    finally:
        await live.close()


async def _heard(live: RedisLive, watch: object) -> bool:
    await live.publish("c")
    return bool(watch.changed.is_set())  # type: ignore[attr-defined]
