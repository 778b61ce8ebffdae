"""The same code on PostgreSQL and Redis, with several desk processes, gives the same answers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.services import PostgresServer
from tests.stack import Stack, visit


@pytest.fixture(scope="module")
def large_stack(
    postgres_server: PostgresServer, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """A stack with two desk processes on PostgreSQL and Redis."""
    names = ("stack_desk", "stack_shop", "stack_tracker")
    for name in names:
        postgres_server.sql(f"CREATE DATABASE {name}")
    desk, shop, tracker = map(postgres_server.url, names)
    folder: Path = tmp_path_factory.mktemp("large")
    stack = Stack(
        folder,
        FRONTDESK_DATABASE_URL=desk,
        FRONTDESK_SHOP_DATABASE_URL=shop,
        FRONTDESK_TRACKER_DATABASE_URL=tracker.replace("+asyncpg", "+psycopg2"),
        FRONTDESK_REDIS_URL=redis_server,
        FRONTDESK_DESK_WORKERS="2",
    )
    stack.start()
    try:
        yield stack
    finally:
        stack.stop()
        assert stack.pids() == []
        for name in names:
            postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)")


async def test_an_order_is_found_whichever_process_is_asked(large_stack: Stack) -> None:
    shopper = large_stack.shopper("en", "delivered")
    for _ in range(4):
        async with visit(
            large_stack, locale="en", shopper_token=shopper["shopper_token"]
        ) as customer:
            answer = await customer.ask(f"what is the status of order {shopper['order_number']}")
            assert shopper["order_number"] in str(answer)


async def test_a_message_sent_to_both_processes_at_once_is_answered_once(
    large_stack: Stack,
) -> None:
    async with visit(large_stack, locale="en") as guest:
        external_id = str(uuid4())
        sent = await asyncio.gather(
            *(guest.post(external_id=external_id, text="hello") for _ in range(50))
        )
        assert {answer.status_code for answer in sent} == {202}
        assert sorted(answer.json()["duplicate"] for answer in sent) == [False] + [True] * 49
        greeted = await guest.answers(external_id)
        thanked = await guest.ask("thank you")
        said = [each for each in guest.messages if each["sender"] != "shopper"]
        assert said == greeted + thanked


async def test_a_person_is_found_over_the_queue(large_stack: Stack) -> None:
    async with visit(large_stack, locale="zh") as guest:
        await guest.ask("转人工")
        await guest.until(lambda: guest.owner == "queue")
