import pytest

from integrations.shop.errors import ShopTimeout, ShopUnavailable
from integrations.shop.fake import FakeShop


class Sleeper:
    """Counts the seconds it was asked to sleep."""

    def __init__(self) -> None:
        self.slept = 0.0

    async def __call__(self, seconds: float) -> None:
        self.slept += seconds


async def test_a_shop_told_to_be_down_is_unavailable_until_it_is_up() -> None:
    shop = FakeShop()
    shop.down()
    with pytest.raises(ShopUnavailable):
        await shop.orders_of("C1")
    with pytest.raises(ShopUnavailable):
        await anext(shop.catalogue())
    shop.up()
    assert await shop.orders_of("C1") == []


async def test_a_slow_shop_answers_within_its_time_limit() -> None:
    sleep = Sleeper()
    shop = FakeShop(timeout_seconds=5, sleep=sleep)
    shop.slow(3)
    await shop.ping()
    assert sleep.slept == 3


async def test_a_shop_slower_than_its_time_limit_times_out_at_the_limit() -> None:
    sleep = Sleeper()
    shop = FakeShop(timeout_seconds=5, sleep=sleep)
    shop.slow(60)
    with pytest.raises(ShopTimeout):
        await shop.ping()
    assert sleep.slept == 5


async def test_it_tells_what_it_was_asked() -> None:
    shop = FakeShop()
    await shop.orders_of("C1")
    assert shop.calls == {"orders_of": 1}
