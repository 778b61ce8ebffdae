"""Another question in between is answered, and then the form goes on."""

import pytest

from tests.conversations.world import ON_ITS_WAY


@pytest.mark.parametrize(
    ("zh", "en", "said"),
    [
        ("退货规则是什么", "what is your return policy", "utter_return_policy"),
        ("谢谢", "thanks", "utter_thank"),
        ("你是机器人吗", "are you a bot", "utter_bot_challenge"),
    ],
)
async def test_the_form_comes_back_after_another_question(new_shopper, zh, en, said):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    assert await shopper.say(zh, en) == [said, "utter_ask_contact_again"]
    assert await shopper.say("5678", "5678") == ["utter_order_shipped"]


async def test_the_last_question_about_the_order_is_the_one_answered(new_shopper):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    said = await shopper.say("帮我查下物流", "track my parcel")
    assert said == ["utter_ask_order_number_again"]
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    assert await shopper.say("5678", "5678") == ["utter_parcel_in_transit"]


async def test_a_digression_is_no_failed_try(new_shopper):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    for _ in range(3):
        await shopper.say("退货规则是什么", "what is your return policy")
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    assert await shopper.say("5678", "5678") == ["utter_order_shipped"]


async def test_what_is_not_our_business_is_declined_once_in_full(new_shopper):
    shopper = new_shopper()
    assert await shopper.say("今天天气怎么样", "book me a flight to paris") == [
        "utter_out_of_scope"
    ]
    assert await shopper.say("推荐一部电影", "recommend a movie") == ["utter_out_of_scope_again"]
