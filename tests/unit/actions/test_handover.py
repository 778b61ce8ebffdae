"""The handover: a ticket with everything known, and a shopper who knows where they stand."""

import pytest

from actions.handover import BeyondAssistant, Handover, last_matter
from actions.small_talk import Affirm
from integrations.helpdesk.errors import HelpdeskRefused, HelpdeskTimeout, HelpdeskUnavailable
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.helpdesk.models import Reason
from tests.conversations.world import BOBS_LOST, LIN_SIGNED_IN, ON_ITS_WAY
from tests.unit.actions.asking import ask

BEYOND = (
    "report_delivery_problem",
    "change_order",
    "cancel_order",
    "request_return",
    "check_refund",
    "ask_payment_or_invoice",
    "request_repair",
    "ask_account",
)


@pytest.fixture
def journey(ports):
    return Handover(lambda: ports)


def said_before(text: str, intent: str) -> tuple[dict, ...]:
    return ({"event": "user", "text": text, "parse_data": {"intent": {"name": intent}}},)


@pytest.mark.parametrize(
    "failure",
    [HelpdeskUnavailable(), HelpdeskTimeout(), HelpdeskRefused(409, "urn:frontdesk:closed")],
)
async def test_a_desk_that_fails_is_said_and_may_be_asked_again(journey, helpdesk, failure):
    helpdesk.failure = failure
    answer = await ask(journey, "complain")
    assert answer.said == ["utter_handover_failed"]
    assert answer.slots == {"offered_because": "complaint"}


async def test_a_shop_that_is_down_does_not_keep_the_ticket_from_being_opened(
    journey, shop, helpdesk
):
    shop.down()
    await ask(journey, "request_human", identity=LIN_SIGNED_IN, slots={"order_number": ON_ITS_WAY})
    assert helpdesk.tickets[0].order_snapshot is None
    assert helpdesk.tickets[0].order_number == ON_ITS_WAY


@pytest.mark.parametrize("identity", [None, LIN_SIGNED_IN])
async def test_an_order_that_is_not_proven_is_not_in_the_ticket(journey, helpdesk, identity):
    await ask(journey, "request_human", identity=identity, slots={"order_number": BOBS_LOST})
    assert helpdesk.tickets[0].order_snapshot is None


async def test_the_ticket_holds_what_is_known(journey, helpdesk: FakeHelpdesk):
    answer = await ask(
        journey,
        "request_human",
        "转人工",
        language="zh",
        identity=LIN_SIGNED_IN,
        before=said_before("盒子破了", "report_delivery_problem"),
        slots={"order_number": ON_ITS_WAY, "contact": {"phone_last4": "5678"}},
        message="m-9",
    )
    ticket = helpdesk.tickets[0]
    assert (ticket.conversation, ticket.turn, ticket.language) == ("c-1", "m-9", "zh")
    assert ticket.reason is Reason.ASKED_FOR_PERSON
    assert (ticket.intent, ticket.summary) == ("report_delivery_problem", "盒子破了")
    assert ticket.slots == {"order_number": ON_ITS_WAY}
    assert ticket.order_snapshot is not None
    assert ticket.order_snapshot["number"] == ON_ITS_WAY
    assert ticket.understanding["intent"] == "request_human"
    assert answer.said == ["utter_handover_next"]


async def test_the_reason_is_what_led_to_the_offer(journey, helpdesk: FakeHelpdesk):
    slots = {"offered_because": "back_end_failed", "failed_action": "action_order_status"}
    answer = await ask(journey, "request_human", slots=slots)
    assert helpdesk.tickets[0].reason is Reason.BACK_END_FAILED
    assert helpdesk.tickets[0].failed_action == "action_order_status"
    assert answer.slots == {"offered_because": None, "failed_action": None}


async def test_a_complaint_is_heard_before_anything_else(journey, helpdesk: FakeHelpdesk):
    answer = await ask(journey, "complain", slots={"offered_because": "not_understood"})
    assert answer.said == ["utter_complaint_heard", "utter_handover_next"]
    assert helpdesk.tickets[0].reason is Reason.COMPLAINT


async def test_with_others_waiting_the_shopper_hears_how_many(journey, helpdesk: FakeHelpdesk):
    helpdesk.waiting = 3
    answer = await ask(journey, "request_human")
    assert answer.said == ["utter_handover"]
    assert "3 ahead of you" in answer.texts[0]


async def test_the_form_that_was_asking_ends_with_the_handover(journey):
    answer = await ask(journey, "request_human", loop="identity_form")
    assert {"event": "active_loop", "timestamp": None, "name": None} in answer.events


@pytest.mark.parametrize("intent", BEYOND)
async def test_what_only_a_person_can_do_is_said_and_a_person_offered(ports, helpdesk, intent):
    answer = await ask(BeyondAssistant(lambda: ports), intent)
    assert answer.said == [f"utter_beyond_{intent}"]
    assert answer.slots["offered_because"] == "beyond_assistant"
    assert helpdesk.tickets == []


async def test_yes_to_the_offer_of_a_person_hands_over(ports, helpdesk):
    offer = {"event": "bot", "data": {"buttons": [{"title": "", "payload": "/request_human"}]}}
    answer = await ask(Affirm(lambda: ports), "affirm", before=(offer,))
    assert answer.said == ["utter_handover_next"]
    assert len(helpdesk.tickets) == 1


async def test_yes_to_nothing_hands_nothing_over(ports, helpdesk):
    answer = await ask(Affirm(lambda: ports), "affirm")
    assert answer.said == ["utter_affirm"]
    assert helpdesk.tickets == []


def test_the_matter_is_the_last_message_that_says_one():
    events = (
        *said_before("where is my parcel", "track_parcel"),
        *said_before("thanks", "thank"),
        *said_before("human please", "request_human"),
    )
    assert last_matter(events) == ("track_parcel", "where is my parcel")


def test_a_picked_choice_gives_the_matter_but_no_words():
    events = said_before("/check_refund", "check_refund")
    assert last_matter(events) == ("check_refund", None)


def test_small_talk_is_no_matter():
    assert last_matter(said_before("hi", "greet")) == (None, None)
