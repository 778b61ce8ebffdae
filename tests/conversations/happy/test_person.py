"""Who asks for a person gets one in one turn, with everything known."""

from tests.conversations.world import LIN_SIGNED_IN, ON_ITS_WAY


async def test_a_person_is_one_turn_away(new_shopper, helpdesk):
    shopper = new_shopper()
    assert await shopper.say("转人工", "let me talk to a human") == ["utter_handover_next"]
    assert helpdesk.tickets[0].reason == "asked_for_person"
    assert helpdesk.tickets[0].language == shopper.language


async def test_the_ticket_has_the_order_that_was_talked_about(new_shopper, helpdesk):
    shopper = new_shopper(LIN_SIGNED_IN)
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    await shopper.say("转人工", "let me talk to a human")
    assert helpdesk.tickets[0].order_snapshot["number"] == ON_ITS_WAY


async def test_a_complaint_is_heard_and_handed_over(new_shopper, helpdesk):
    shopper = new_shopper()
    assert await shopper.say("我要投诉你们", "terrible service, i want to complain") == [
        "utter_complaint_heard",
        "utter_handover_next",
    ]
    assert helpdesk.tickets[0].reason == "complaint"


async def test_what_only_a_person_can_do_is_offered_and_taken_with_a_yes(new_shopper, helpdesk):
    shopper = new_shopper()
    assert await shopper.say("我要取消订单", "cancel my order") == ["utter_beyond_cancel_order"]
    assert await shopper.say("好的", "yes") == ["utter_handover_next"]
    assert helpdesk.tickets[0].reason == "beyond_assistant"
    assert helpdesk.tickets[0].intent == "cancel_order"
