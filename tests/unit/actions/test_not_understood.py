"""Out of scope and not understood: said once, then a person, never in circles."""

import pytest

from actions.out_of_scope import OutOfScope, Unsure, previous_action
from actions.small_talk import Inform
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.helpdesk.models import Reason
from tests.conversations.world import AMY_SIGNED_IN, AMYS, EARBUDS, LIN_SIGNED_IN, ON_ITS_WAY
from tests.unit.actions.asking import ask

BEFORE = ({"event": "user", "text": "…", "message_id": "m-0"},)


def missed(count: int, kind: str = "unsure", message: str = "m-0") -> dict[str, object]:
    return {"misses": {"kind": kind, "count": count, "message": message}}


@pytest.fixture
def unsure(ports):
    return Unsure(lambda: ports)


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, ["utter_unsure"]),
        (missed(1), ["utter_unsure_offer_person"]),
        (missed(2), ["utter_not_understood_handover", "utter_handover_next"]),
        (missed(2, message="m-earlier"), ["utter_unsure"]),
        (missed(2, kind="out_of_scope"), ["utter_unsure"]),
    ],
    ids=["first", "second in a row", "third in a row", "not in a row", "other kind"],
)
async def test_each_time_in_a_row_goes_one_step_further(unsure, slots, said):
    answer = await ask(unsure, "nlu_fallback", "zzzz", slots=slots, before=BEFORE)
    assert answer.said == said


async def test_the_ticket_says_that_we_did_not_understand(unsure, helpdesk: FakeHelpdesk):
    await ask(unsure, "nlu_fallback", "zzzz", slots=missed(2), before=BEFORE)
    assert helpdesk.tickets[0].reason is Reason.NOT_UNDERSTOOD


async def test_a_word_about_the_product_just_talked_about_is_answered(unsure):
    product = ({"event": "action", "name": "action_product_question"},)
    answer = await ask(
        unsure,
        "nlu_fallback",
        "what's in the box",
        slots={"product": EARBUDS.sku},
        before=BEFORE + product,
    )
    assert answer.said == ["utter_product_attribute"]


async def test_a_product_talked_about_long_ago_is_not_meant(unsure):
    thanks = ({"event": "action", "name": "utter_thank"},)
    answer = await ask(
        unsure, "nlu_fallback", "large", slots={"product": EARBUDS.sku}, before=BEFORE + thanks
    )
    assert answer.said == ["utter_unsure"]


async def test_out_of_scope_is_declined_in_full_once_only(ports):
    journey = OutOfScope(lambda: ports)
    first = await ask(journey, "out_of_scope")
    second = await ask(journey, "out_of_scope", slots=missed(1, "out_of_scope"), before=BEFORE)
    assert first.said == ["utter_out_of_scope"]
    assert second.said == ["utter_out_of_scope_again"]


def test_the_action_before_is_that_of_the_turn_before():
    listen = {"event": "action", "name": "action_listen"}
    events = [
        *BEFORE,
        {"event": "action", "name": "utter_greet"},
        listen,
        *BEFORE,
        {"event": "action", "name": "action_unsure"},
    ]
    assert previous_action(events) == "utter_greet"
    assert previous_action([]) is None


async def test_a_bare_order_number_asks_for_its_status(ports):
    answer = await ask(
        Inform(lambda: ports), "inform", AMYS, identity=AMY_SIGNED_IN, order_number=AMYS
    )
    assert answer.said == ["utter_parcel_out_for_delivery"]
    assert answer.card["type"] == "order"


async def test_a_bare_tracking_number_asks_for_the_parcel(ports):
    answer = await ask(
        Inform(lambda: ports),
        "inform",
        "SF1000000000001",
        identity=LIN_SIGNED_IN,
        tracking_number="SF1000000000001",
    )
    assert answer.card["order_number"] == ON_ITS_WAY


async def test_a_bare_product_name_shows_the_product(ports):
    answer = await ask(Inform(lambda: ports), "inform", "earbuds", product=EARBUDS.sku)
    assert answer.said == ["utter_product_overview"]


async def test_a_number_that_says_nothing_is_asked_about(ports):
    answer = await ask(Inform(lambda: ports), "inform", "42")
    assert answer.said == ["utter_what_about_it"]
