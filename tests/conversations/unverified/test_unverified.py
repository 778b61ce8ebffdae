"""Who has not proven an order learns nothing of it, not even whether it exists."""

from datetime import timedelta

import pytest

from actions.entitlement import Identity
from tests.conversations.world import (
    BOBS_LOST,
    LIN,
    LIN_SIGNED_IN,
    NOBODYS,
    NOW,
    ON_ITS_WAY,
    UNPAID,
)


async def refusal(shopper, number: str, contact: str) -> str:
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(number, number)
    await shopper.say(contact, contact)
    return shopper.text


async def test_refusals_do_not_tell_why(new_shopper):
    wrong_phone = await refusal(new_shopper(), ON_ITS_WAY, "0000")
    anothers = await refusal(new_shopper(), BOBS_LOST, "5678")
    nobodys = await refusal(new_shopper(), NOBODYS, "5678")
    assert wrong_phone == anothers == nobodys


async def test_after_two_refusals_a_person_is_offered(new_shopper):
    shopper = new_shopper()
    await refusal(shopper, NOBODYS, "0000")
    await shopper.say(NOBODYS, NOBODYS)
    assert await shopper.say("1111", "1111") == ["utter_identity_gave_up"]
    assert [choice["payload"] for choice in shopper.choices] == [
        "/check_order_status",
        "/request_human",
    ]


async def test_trying_again_after_giving_up_begins_anew(new_shopper):
    shopper = new_shopper()
    await refusal(shopper, NOBODYS, "0000")
    await shopper.say(NOBODYS, NOBODYS)
    await shopper.say("1111", "1111")
    assert await shopper.pick() == ["utter_ask_order_number"]
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    assert await shopper.say("5678", "5678") == ["utter_order_shipped"]


async def test_while_locked_nothing_is_opened_and_a_person_is_offered(new_shopper, helpdesk):
    helpdesk.locked_until = NOW + timedelta(minutes=15)
    shopper = new_shopper()
    await refusal(shopper, ON_ITS_WAY, "5678")
    assert "10:15" in shopper.text
    assert await shopper.pick() == ["utter_handover_next"]
    assert helpdesk.tickets[0].reason == "identity_locked"


@pytest.mark.parametrize("number", [BOBS_LOST, NOBODYS])
async def test_a_signed_in_shopper_sees_their_own_orders_only(new_shopper, number):
    shopper = new_shopper(LIN_SIGNED_IN)
    assert await shopper.say(number, number) == ["utter_order_not_found"]


async def test_one_proven_order_does_not_open_the_next(new_shopper):
    shopper = new_shopper(Identity(LIN, (ON_ITS_WAY,)))
    assert await shopper.say(UNPAID, UNPAID) == ["utter_ask_contact"]
    assert await shopper.say("5678", "5678") == ["utter_order_pending_payment"]


async def test_a_tracking_number_alone_opens_nothing(new_shopper):
    shopper = new_shopper()
    assert await shopper.say("SF1000000000001", "SF1000000000001") == ["utter_ask_order_number"]
