"""The identity check: what counts as an answer, what is checked, and what a refusal gives away."""

from datetime import timedelta

import pytest

from actions.entitlement import identity_of
from actions.identity import AskContact, AskOrderNumber, CheckIdentity, ValidateIdentityForm
from actions.ports import Ports
from integrations.helpdesk.errors import HelpdeskTimeout, HelpdeskUnavailable
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.helpdesk.models import EmailProof, ProvenIdentity
from tests.conversations.world import BOBS_LOST, LIN, NOBODYS, NOW, ON_ITS_WAY
from tests.unit.actions.asking import ask

RIGHT = {"order_number": ON_ITS_WAY, "contact": {"phone_last4": "5678"}}


@pytest.fixture
def check(ports):
    return CheckIdentity(lambda: ports)


@pytest.fixture
def form(ports):
    return FormAsked(ports)


class FormAsked:
    """The form, asking for one of its slots."""

    def __init__(self, ports: Ports) -> None:
        self.validation = ValidateIdentityForm(lambda: ports)

    async def get(self, slot: str, text: str, intent: str = "inform", **more: object):
        slots = {"requested_slot": slot, **more.pop("slots", {})}
        answer = await ask(self.validation, intent, text, loop="identity_form", slots=slots, **more)
        return answer.slots


@pytest.fixture(autouse=True)
def form_in_domain(monkeypatch):
    monkeypatch.setattr(
        ValidateIdentityForm, "domain_slots", lambda *_: ["order_number", "contact"]
    )


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        (ON_ITS_WAY, {"phone_last4": "0000"}),
        (BOBS_LOST, {"phone_last4": "5678"}),
        (NOBODYS, {"phone_last4": "5678"}),
        (ON_ITS_WAY, {"email_message": "m-0"}),
    ],
    ids=["wrong phone", "anothers order", "no such order", "wrong email"],
)
async def test_all_refusals_are_the_same(check, number, contact):
    answer = await ask(check, slots={"order_number": number, "contact": contact})
    assert answer.said == []
    assert answer.slots == {
        "identity_problem": "refused",
        "order_number": None,
        "contact": None,
        "identity_tries": 1.0,
    }
    assert {"event": "active_loop", "timestamp": None, "name": "identity_form"} in answer.events


async def test_a_second_refusal_ends_in_the_offer_of_a_person(check):
    wrong = {"order_number": NOBODYS, "contact": {"phone_last4": "1111"}, "identity_tries": 1.0}
    answer = await ask(check, slots=wrong)
    assert answer.said == ["utter_identity_gave_up"]
    assert answer.slots["offered_because"] == "beyond_assistant"
    assert answer.slots["order_number"] is None


@pytest.mark.parametrize("number", [ON_ITS_WAY, NOBODYS])
async def test_while_locked_even_the_right_answer_opens_nothing(check, helpdesk, number):
    helpdesk.locked_until = NOW + timedelta(minutes=15)
    answer = await ask(check, slots={**RIGHT, "order_number": number})
    assert answer.said == ["utter_identity_locked"]
    assert "10:15" in answer.texts[0]
    assert answer.slots["offered_because"] == "identity_locked"
    assert helpdesk.checks == []


@pytest.mark.parametrize(
    ("failure", "said"),
    [(HelpdeskTimeout(), "utter_back_end_slow"), (HelpdeskUnavailable(), "utter_back_end_down")],
)
async def test_a_desk_that_cannot_check_is_said(check, helpdesk, failure, said):
    helpdesk.failure = failure
    answer = await ask(check, slots=RIGHT)
    assert answer.said == [said]


async def test_a_shop_that_fails_after_the_proof_is_said_and_the_proof_is_not_lost(
    check, shop, helpdesk: FakeHelpdesk
):
    shop.down()
    answer = await ask(check, slots=RIGHT)
    assert answer.said == ["utter_back_end_down"]
    assert helpdesk.identities["c-1"].orders == (ON_ITS_WAY,)


@pytest.mark.parametrize(
    ("pending", "said"),
    [
        ("action_order_status", "utter_order_shipped"),
        ("action_track_parcel", "utter_parcel_in_transit"),
        (None, "utter_order_shipped"),
    ],
)
async def test_after_the_proof_the_waiting_question_is_answered(check, pending, said):
    answer = await ask(check, slots={**RIGHT, "pending_question": pending})
    assert answer.said == [said]
    assert answer.slots["order_number"] == ON_ITS_WAY
    assert answer.slots["contact"] is None


async def test_an_email_is_checked_by_the_message_it_was_given_in(check, helpdesk: FakeHelpdesk):
    helpdesk.proofs[ON_ITS_WAY, EmailProof("m-7")] = ProvenIdentity(LIN, (ON_ITS_WAY,))
    answer = await ask(
        check, slots={"order_number": ON_ITS_WAY, "contact": {"email_message": "m-7"}}
    )
    assert answer.said == ["utter_order_shipped"]


async def test_a_form_that_ended_without_an_answer_checks_nothing(check, helpdesk: FakeHelpdesk):
    answer = await ask(check, slots={"order_number": ON_ITS_WAY, "identity_tries": 2.0})
    assert answer.said == ["utter_identity_gave_up"]
    assert helpdesk.checks == []


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("5678", {"phone": "5678"}),
        ("5678", {}),
        ("尾号是 5678", {}),
        ("it ends in 5678", {}),
        ("*******5678", {"phone": "*******5678"}),
        ("+86 138 0000 5678", {}),
        ("我的电话 *******5678 谢谢", {"phone": "*******5678"}),
    ],
)
async def test_four_digits_are_read_however_they_are_given(form, text, entities):
    assert await form.get("contact", text, **entities) == {"contact": {"phone_last4": "5678"}}


async def test_an_email_counts_as_contact_even_before_it_is_asked(form):
    slots = await form.get("order_number", "a***@e***.com", email="a***@e***.com", message="m-3")
    assert slots == {"contact": {"email_message": "m-3"}}


@pytest.mark.parametrize(
    "text",
    ["我不知道", "no idea", "56", "5678 or 8765", "it was on 2026 11 20 in the morning, no?"],
)
async def test_an_answer_without_four_digits_is_one_try(form, text):
    assert await form.get("contact", text) == {
        "contact": None,
        "identity_tries": 1.0,
        "identity_problem": "unclear",
    }


async def test_a_second_unusable_answer_ends_the_form(form):
    slots = await form.get("contact", "no idea", slots={"identity_tries": 1.0})
    assert slots["requested_slot"] is None
    assert slots["contact"] is None


@pytest.mark.parametrize("asked", ["order_number", "contact"])
async def test_another_question_is_left_to_its_own_journey(form, asked):
    assert await form.get(asked, "退货规则是什么", "ask_return_policy") == {}


async def test_a_corrected_order_number_is_not_taken_for_a_phone(form):
    slots = await form.get("contact", f"sorry, {ON_ITS_WAY}", order_number=ON_ITS_WAY)
    assert "contact" not in slots


@pytest.mark.parametrize("text", ["a1234567", "No. 2026-1234567", "１２３４５６７８"])
async def test_a_number_in_no_format_we_know_is_still_checked(form, text):
    slots = await form.get("order_number", text)
    assert slots["order_number"]
    assert "identity_problem" not in slots


@pytest.mark.parametrize("text", [f"{ON_ITS_WAY} 5678", f"订单{ON_ITS_WAY}，手机5678"])
async def test_four_digits_beside_the_order_number_are_its_phones(form, text):
    slots = await form.get("order_number", text, order_number=ON_ITS_WAY)
    assert slots["contact"] == {"phone_last4": "5678"}


@pytest.mark.parametrize("text", ["上周买的那个", "the blue one", "12"])
async def test_what_cannot_be_an_order_number_is_one_try(form, text):
    slots = await form.get("order_number", text)
    assert slots["order_number"] is None
    assert slots["identity_problem"] == "unclear"


async def test_a_slot_emptied_when_the_form_begins_is_no_failed_try(form):
    emptied = tuple(
        {"event": "slot", "name": slot, "value": None} for slot in ("order_number", "contact")
    )
    slots = await form.get("order_number", "/check_order_status", "", after=emptied)
    assert slots == {"order_number": None, "contact": None}


async def test_the_message_that_was_refused_is_not_read_once_more(form):
    refused = {"event": "action", "name": "action_check_identity"}
    slots = await form.get("order_number", "5678", phone="5678", after=(refused,))
    assert slots == {}


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, "utter_ask_contact"),
        ({"asked": "order_number"}, "utter_ask_contact"),
        ({"asked": "contact"}, "utter_ask_contact_again"),
        ({"asked": "contact", "identity_problem": "unclear"}, "utter_contact_unclear"),
    ],
)
async def test_asking_again_is_not_worded_as_asking_first(ports, slots, said):
    answer = await ask(AskContact(lambda: ports), slots={"order_number": ON_ITS_WAY, **slots})
    assert answer.said == [said]
    assert answer.slots["asked"] == "contact"
    assert answer.slots.get("identity_problem") is None


async def test_a_correction_is_confirmed_when_asking_on(ports):
    answer = await ask(
        AskContact(lambda: ports), slots={"asked": "contact"}, order_number=ON_ITS_WAY
    )
    assert answer.said == ["utter_ask_contact_corrected"]
    assert ON_ITS_WAY in answer.texts[0]


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, "utter_ask_order_number"),
        ({"asked": "order_number"}, "utter_ask_order_number_again"),
        ({"asked": "order_number", "identity_problem": "unclear"}, "utter_order_number_unclear"),
        ({"asked": "contact", "identity_problem": "refused"}, "utter_identity_refused"),
    ],
)
async def test_the_order_number_is_asked_in_words_that_fit(ports, slots, said):
    answer = await ask(AskOrderNumber(lambda: ports), slots=slots)
    assert answer.said == [said]


@pytest.mark.parametrize("metadata", [{}, {"identity": None}])
def test_without_an_identity_from_the_desk_a_shopper_is_anonymous(metadata):
    assert identity_of(metadata) is None
