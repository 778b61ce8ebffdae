"""A shopper the shop vouches for asks, and is answered about their own orders."""

from tests.conversations.world import AMY_SIGNED_IN, AMYS, LIN_SIGNED_IN, ON_ITS_WAY, SPLIT


async def test_the_only_open_order_is_told_at_once(new_shopper):
    amy = new_shopper(AMY_SIGNED_IN)
    assert await amy.say("我的订单到哪了", "where is my order") == ["utter_parcel_out_for_delivery"]
    assert AMYS in str(amy.card)


async def test_of_several_orders_one_is_picked_and_told(new_shopper):
    lin = new_shopper(LIN_SIGNED_IN)
    assert await lin.say("帮我查一下订单状态", "check my order status please") == [
        "utter_which_order"
    ]
    split = next(i for i, choice in enumerate(lin.choices) if SPLIT in choice["title"])
    assert await lin.pick(split) == ["utter_order_split", "utter_order_rest_waiting"]


async def test_a_parcel_of_a_split_order_is_followed_by_picking_it(new_shopper):
    lin = new_shopper(LIN_SIGNED_IN)
    await lin.say(f"{SPLIT} 发货了吗", f"has {SPLIT} shipped yet")
    assert await lin.pick(1) == ["utter_parcel_in_transit_undated"]
    assert lin.card["type"] == "parcel"
    assert lin.card["events"]


async def test_a_question_on_the_parcel_means_the_order_just_told(new_shopper):
    lin = new_shopper(LIN_SIGNED_IN)
    await lin.say("FD20261120-10001", "FD20261120-10001")
    assert await lin.say("包裹现在到哪儿了", "where is the parcel now") == [
        "utter_parcel_in_transit"
    ]


async def test_an_order_is_picked_by_saying_which(new_shopper):
    lin = new_shopper(LIN_SIGNED_IN)
    assert await lin.say("帮我查一下订单状态", "check my order status please") == [
        "utter_which_order"
    ]
    assert await lin.say("第二个", "the second one") == ["utter_order_shipped"]
    assert lin.card["number"] == ON_ITS_WAY
