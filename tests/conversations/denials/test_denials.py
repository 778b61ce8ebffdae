"""A shopper may say no, stop, or ask for a person instead, at any point."""

import pytest


@pytest.fixture
async def asked(new_shopper):
    """Return a shopper who is being asked for an order number."""
    shopper = new_shopper()
    await shopper.say("查一下我的订单", "check my order status")
    return shopper


async def test_stop_ends_the_form(asked):
    assert await asked.say("算了不查了", "never mind, stop") == ["utter_stopped"]
    assert await asked.say("你好", "hello") == ["utter_greet"]


async def test_who_would_rather_not_prove_is_offered_a_person(asked, helpdesk):
    assert await asked.say("不", "no") == ["utter_identity_declined"]
    assert await asked.pick() == ["utter_handover_next"]
    assert len(helpdesk.tickets) == 1


async def test_a_person_instead_of_the_form_ends_the_form(asked, helpdesk):
    assert await asked.say("转人工", "let me talk to a human") == ["utter_handover_next"]
    assert await asked.say("你好", "hello") == ["utter_greet"]


async def test_no_to_an_offered_person_opens_no_ticket(new_shopper, helpdesk):
    shopper = new_shopper()
    await shopper.say("我要取消订单", "cancel my order")
    assert await shopper.say("不用了", "no") in (["utter_deny"], ["utter_stopped"])
    assert helpdesk.tickets == []
