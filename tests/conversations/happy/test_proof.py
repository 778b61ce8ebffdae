"""An anonymous shopper proves an order once and is answered, without asking again."""

from integrations.helpdesk.models import EmailProof, ProvenIdentity
from tests.conversations.world import LIN, ON_ITS_WAY


async def test_the_question_asked_before_the_proof_is_the_one_answered(new_shopper):
    shopper = new_shopper()
    assert await shopper.say("帮我查下物流", "track my parcel") == ["utter_ask_order_number"]
    assert await shopper.say(ON_ITS_WAY, ON_ITS_WAY) == ["utter_ask_contact"]
    assert await shopper.say("5678", "5678") == ["utter_parcel_in_transit"]
    assert shopper.card["tracking_number"] == "SF1000000000001"


async def test_number_and_phone_in_one_message_are_asked_for_no_more(new_shopper):
    shopper = new_shopper()
    await shopper.say("我的订单发货了吗", "has my order shipped")
    said = await shopper.say(
        f"订单{ON_ITS_WAY} 手机尾号5678", f"order {ON_ITS_WAY}, phone ending 5678"
    )
    assert said == ["utter_order_shipped"]


async def test_the_email_on_the_order_proves_it_too(new_shopper, helpdesk):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    proof = EmailProof(shopper.next_message)
    helpdesk.proofs[ON_ITS_WAY, proof] = ProvenIdentity(LIN, (ON_ITS_WAY,))
    assert await shopper.say("x***@e***.org", "x***@e***.org") == ["utter_order_shipped"]


async def test_what_was_proven_stays_proven(new_shopper):
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    await shopper.say(ON_ITS_WAY, ON_ITS_WAY)
    await shopper.say("5678", "5678")
    assert await shopper.say("包裹现在到哪儿了", "where is the parcel now") == [
        "utter_parcel_in_transit"
    ]


async def test_a_first_message_with_everything_in_it_is_answered_at_once(new_shopper):
    said = await new_shopper().say(f"{ON_ITS_WAY} 5678", f"{ON_ITS_WAY} 5678")
    assert said == ["utter_order_shipped"]
