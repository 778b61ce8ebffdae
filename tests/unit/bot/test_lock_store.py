import asyncio

import pytest
from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig

from bot.lock_store import DeskLockStore


@pytest.fixture
def store() -> DeskLockStore:
    return DeskLockStore(EndpointConfig(url=""))


async def test_a_lock_held_too_long_is_an_error_and_not_a_wait_for_ever(
    store: DeskLockStore,
) -> None:
    async with store.lock("c1"):
        with pytest.raises(LockError, match="c1"):
            async with store.lock("c1", lock_lifetime=0.01):
                pass


async def test_an_unreachable_redis_is_a_lock_error() -> None:
    store = DeskLockStore(EndpointConfig(url="redis://127.0.0.1:1/0"))
    with pytest.raises(LockError):
        async with store.lock("c1"):
            pass


async def test_messages_of_one_conversation_take_turns_in_the_order_they_came(
    store: DeskLockStore,
) -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        async with store.lock("c1"):
            await asyncio.sleep(0)
            done.append(number)

    await asyncio.gather(*(work(number) for number in range(20)))
    assert done == list(range(20))


async def test_conversations_do_not_wait_for_each_other(store: DeskLockStore) -> None:
    async with store.lock("c1"), store.lock("c2", lock_lifetime=0.1):
        pass


async def test_a_failed_turn_gives_its_lock_back(store: DeskLockStore) -> None:
    with pytest.raises(ValueError, match="boom"):
        async with store.lock("c1"):
            raise ValueError("boom")
    async with store.lock("c1", lock_lifetime=0.1):
        pass


async def test_locks_of_quiet_conversations_are_forgotten(store: DeskLockStore) -> None:
    async with store.lock("c1"):
        assert len(store._local) == 1
    assert len(store._local) == 0
