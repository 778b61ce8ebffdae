"""A failing back end is said in plain words, and a person is one yes away."""

from integrations.helpdesk.errors import HelpdeskUnavailable
from tests.conversations.world import LIN_SIGNED_IN, ON_ITS_WAY


async def test_a_shop_that_is_down_is_said_and_the_ticket_knows(new_shopper, shop, helpdesk):
    shop.down()
    shopper = new_shopper(LIN_SIGNED_IN)
    assert await shopper.say(ON_ITS_WAY, ON_ITS_WAY) == ["utter_back_end_down"]
    assert await shopper.say("好的", "yes") == ["utter_handover_next"]
    assert helpdesk.tickets[0].reason == "back_end_failed"
    assert helpdesk.tickets[0].failed_action == "action_inform"


async def test_once_the_shop_is_back_the_question_is_answered(new_shopper, shop):
    shop.down()
    shopper = new_shopper(LIN_SIGNED_IN)
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    shop.up()
    assert await shopper.say(ON_ITS_WAY, ON_ITS_WAY) == ["utter_order_shipped"]


async def test_a_desk_that_takes_no_ticket_is_said_and_may_be_asked_again(new_shopper, helpdesk):
    helpdesk.failure = HelpdeskUnavailable()
    shopper = new_shopper()
    assert await shopper.say("转人工", "let me talk to a human") == ["utter_handover_failed"]
    helpdesk.failure = None
    assert await shopper.pick() == ["utter_handover_next"]


async def test_what_is_general_is_answered_all_the_same(new_shopper, shop):
    shop.down()
    shopper = new_shopper()
    assert await shopper.say("退货规则是什么", "what is your return policy") == [
        "utter_return_policy"
    ]


async def test_not_understanding_leads_to_a_person_in_three_steps(new_shopper, helpdesk):
    shopper = new_shopper()
    assert await shopper.say("😀", "😀") == ["utter_unsure"]
    assert await shopper.say("？？", "??") == ["utter_unsure_offer_person"]
    assert await shopper.say("😶", "😶") == [
        "utter_not_understood_handover",
        "utter_handover_next",
    ]
    assert helpdesk.tickets[0].reason == "not_understood"
