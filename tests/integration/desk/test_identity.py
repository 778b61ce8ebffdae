"""Proving who one is: right proofs open one's orders, wrong ones tell nothing and lock."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrations.channels.web.shopper_token import sign
from integrations.shop.models import Money, Order, OrderState
from tests.integration.desk.harness import SECRET, Running, Shopper

ORDER = Order(
    number="F2026-000101",
    customer_id="C1",
    state=OrderState.SHIPPED,
    placed_at=datetime(2026, 11, 3, tzinfo=UTC),
    total=Money(Decimal("129.00"), "CNY"),
    phone="+8613812345678",
    email="Xiao.Ming@Example.com",
    address="",
    lines=(),
)
SECOND = replace(ORDER, number="F2026-000102")
STRANGERS = replace(ORDER, number="F2026-000900", customer_id="C9", phone="+8613900009999")


@pytest.fixture
async def shopper(running: Running) -> Shopper:
    running.shop.add(ORDER, SECOND, STRANGERS)
    return await running.shopper()


async def prove(running: Running, shopper: Shopper, **body: Any) -> dict[str, Any]:
    body.setdefault("order_number", ORDER.number)
    response = await running.client.post(
        f"/api/conversations/{shopper.id}/identity", json=body, headers=running.service
    )
    assert response.status_code == 200, response.text
    checked: dict[str, Any] = response.json()
    return checked


REFUSED = {"verified": False, "locked_until": None, "identity": None}


async def test_order_number_and_phone_open_that_order_only(
    running: Running, shopper: Shopper
) -> None:
    checked = await prove(running, shopper, order_number="f2026 000101", phone_last4="5678")
    await shopper.say("where is it")
    await running.desk.turns.idle()

    identity = {"customer_id": "C1", "orders": ["F2026-000101"]}
    assert {"verified": True, "locked_until": None, "identity": identity} == checked
    assert identity == running.assistant.received[0].identity


async def test_the_email_of_a_message_proves_as_well_and_the_assistant_never_sees_it(
    running: Running, shopper: Shopper
) -> None:
    message = await shopper.say("it is xiao.ming@EXAMPLE.com, thanks")
    await running.desk.turns.idle()

    checked = await prove(running, shopper, email_message=message)

    assert checked["verified"]
    assert running.assistant.received[0].text == "it is x***@E***.com, thanks"


async def test_proofs_for_orders_of_one_customer_add_up_and_anothers_replaces(
    running: Running, shopper: Shopper
) -> None:
    await prove(running, shopper, phone_last4="5678")
    both = await prove(running, shopper, order_number=SECOND.number, phone_last4="5678")
    other = await prove(running, shopper, order_number=STRANGERS.number, phone_last4="9999")

    assert {"customer_id": "C1", "orders": [ORDER.number, SECOND.number]} == both["identity"]
    assert {"customer_id": "C9", "orders": [STRANGERS.number]} == other["identity"]


async def test_what_is_wrong_is_never_said(running: Running, shopper: Shopper) -> None:
    message = await shopper.say("somebody@example.org")
    of_the_bot = "0" * 32
    wrong: list[dict[str, Any]] = [
        {"phone_last4": "0000"},
        {"order_number": "F2026-999999", "phone_last4": "5678"},
        {"email_message": message},
        {"email_message": of_the_bot},
    ]

    checked = [await prove(running, shopper, **body) for body in wrong]

    assert checked == [REFUSED] * 4


@pytest.mark.parametrize("guess", ["", "678", "５６７８x", "\x00", "*******5679", "5678 or 1=1"])
async def test_no_part_of_a_phone_will_do(running: Running, shopper: Shopper, guess: str) -> None:
    assert await prove(running, shopper, phone_last4=guess) == REFUSED


async def test_an_order_without_a_phone_is_proven_by_none(
    running: Running, shopper: Shopper
) -> None:
    running.shop.add(replace(ORDER, phone="", email=""))
    message = await shopper.say("no address here")

    assert await prove(running, shopper, phone_last4="") == REFUSED
    assert await prove(running, shopper, email_message=message) == REFUSED


async def test_every_answer_takes_whole_steps_of_time(quick: Running) -> None:
    """A look-up that finds nothing is quicker: the time must not tell."""
    quick.shop.add(ORDER)
    shopper = await quick.shopper()
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    quick.desk.identity._pause = pause
    for number in (ORDER.number, "F2026-999999"):
        await prove(quick, shopper, order_number=number, phone_last4="5678")

    assert len(paused) == 2
    assert all(0 <= seconds <= 0.1 for seconds in paused)


async def test_five_failures_lock_conversation_and_source_and_nothing_is_checked(
    running: Running, shopper: Shopper
) -> None:
    for _ in range(4):
        assert await prove(running, shopper, phone_last4="0000") == REFUSED
    fifth = await prove(running, shopper, phone_last4="0000")
    asked = running.shop.calls["order"]

    right = await prove(running, shopper, phone_last4="5678")
    same_source = await prove(running, await running.shopper(), phone_last4="5678")

    until = (running.clock() + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    assert [until] * 3 == [one["locked_until"] for one in (fifth, right, same_source)]
    assert [one["verified"] for one in (fifth, right, same_source)] == [False] * 3
    assert asked == running.shop.calls["order"]

    running.clock.advance(minutes=15)
    assert (await prove(running, shopper, phone_last4="5678"))["verified"]


async def test_many_guesses_at_once_get_no_more_tries_than_in_a_row(
    running: Running, shopper: Shopper
) -> None:
    guesses = [f"{number:04}" for number in range(30)]

    checked = await asyncio.gather(
        *(prove(running, shopper, phone_last4=guess) for guess in guesses)
    )

    assert running.shop.calls["order"] == 5
    assert not any(one["verified"] for one in checked)


async def test_ones_own_order_does_not_buy_new_tries_at_others(
    running: Running, shopper: Shopper
) -> None:
    for _ in range(4):
        await prove(running, shopper, order_number=STRANGERS.number, phone_last4="0000")
    assert (await prove(running, shopper, phone_last4="5678"))["verified"]

    locked = await prove(running, shopper, order_number=STRANGERS.number, phone_last4="0001")

    assert locked["locked_until"] is not None


async def test_a_shop_that_is_away_costs_no_try(running: Running, shopper: Shopper) -> None:
    running.shop.down()
    body = {"order_number": ORDER.number, "phone_last4": "0000"}
    for _ in range(6):
        response = await running.client.post(
            f"/api/conversations/{shopper.id}/identity", json=body, headers=running.service
        )
        assert (response.status_code, response.json()["type"]) == (503, "shop-unavailable")
    running.shop.up()

    assert (await prove(running, shopper, phone_last4="5678"))["verified"]


async def test_only_the_action_server_may_ask(quick: Running) -> None:
    shopper = await quick.shopper()
    path = f"/api/conversations/{shopper.id}/identity"
    body = {"order_number": ORDER.number, "phone_last4": "5678"}

    anonymous = await quick.client.post(path, json=body)
    own = await quick.client.post(path, json=body, headers=shopper.headers)
    unknown = await quick.client.post(
        "/api/conversations/x/identity", json=body, headers=quick.service
    )
    both = await quick.client.post(path, json={**body, "email_message": "m"}, headers=quick.service)

    assert [response.status_code for response in (anonymous, own, unknown, both)] == [
        401,
        401,
        404,
        422,
    ]


async def test_a_signed_in_shopper_is_known_from_the_first_word(running: Running) -> None:
    token = sign("C1", "小明", secret=SECRET, now=running.clock(), lifetime=timedelta(hours=1))
    shopper = await running.shopper(shopper_token=token)
    running.shop.add(ORDER)
    await shopper.say("where is my order")
    await running.desk.turns.idle()
    checked = await prove(running, shopper, phone_last4="5678")

    everything = {"customer_id": "C1", "orders": None}
    assert everything == running.assistant.received[0].identity
    assert everything == checked["identity"]


@pytest.mark.parametrize(
    ("secret", "age"),
    [(SECRET, timedelta(hours=2)), (SECRET, -timedelta(minutes=5)), ("x" * 40, timedelta())],
    ids=["expired", "not yet valid", "forged"],
)
async def test_a_token_the_shop_did_not_sign_for_now_is_refused(
    quick: Running, secret: str, age: timedelta
) -> None:
    token = sign("C1", "x", secret=secret, now=quick.clock() - age, lifetime=timedelta(hours=1))

    response = await quick.client.post("/chat/conversations", json={"shopper_token": token})

    assert (response.status_code, response.json()["type"]) == (401, "invalid-shopper-token")
