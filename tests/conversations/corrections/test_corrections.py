"""A shopper who gets it wrong may set it right."""

from tests.conversations.world import AMYS, LIN_SIGNED_IN, NOBODYS, ON_ITS_WAY, UNPAID


async def test_a_corrected_order_number_is_the_one_checked(new_shopper, helpdesk):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(AMYS, AMYS)
    said = await shopper.say(f"发错了，是{ON_ITS_WAY}", f"sorry, it's {ON_ITS_WAY}")
    assert said == ["utter_ask_contact_corrected"]
    await shopper.say("5678", "5678")
    assert [check[1] for check in helpdesk.checks] == [ON_ITS_WAY]


async def test_after_a_refusal_the_right_details_are_accepted(new_shopper):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(NOBODYS, NOBODYS)
    assert await shopper.say("5678", "5678") == ["utter_identity_refused"]
    assert await shopper.say(ON_ITS_WAY, ON_ITS_WAY) == ["utter_ask_contact"]
    assert await shopper.say("5678", "5678") == ["utter_order_shipped"]


async def test_an_unusable_answer_may_be_given_again(new_shopper):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    assert await shopper.say("567", "567") == ["utter_contact_unclear"]
    assert await shopper.say("5678", "5678") == ["utter_order_shipped"]


async def test_another_order_than_the_one_picked_is_told_on_asking(new_shopper):
    shopper = new_shopper(LIN_SIGNED_IN)
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    said = await shopper.say(f"不对，是{UNPAID}", f"no, {UNPAID}")
    assert said == ["utter_order_pending_payment"]
