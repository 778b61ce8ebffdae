"""Order status: own orders told as they stand, anyone else's not at all."""

import dataclasses
from datetime import timedelta

import pytest

from actions.entitlement import Identity
from actions.order_status import OrderStatus
from integrations.shop.fake import FakeShop
from integrations.shop.models import OrderState, RefundState, ShipmentState
from tests.conversations.world import (
    AMY,
    AMY_SIGNED_IN,
    AMYS,
    BOBS_LOST,
    CANCELLED,
    DELIVERED,
    LIN,
    LIN_SIGNED_IN,
    NOBODYS,
    NOW,
    ON_ITS_WAY,
    SPLIT,
    UNPAID,
    order,
)
from tests.unit.actions.asking import ask


@pytest.fixture
def journey(ports):
    return OrderStatus(lambda: ports)


async def test_an_anonymous_shopper_is_asked_for_proof_and_told_nothing(journey):
    answer = await ask(journey, order_number=ON_ITS_WAY)
    assert answer.said == []
    assert answer.followup == "identity_form"
    assert answer.slots["pending_question"] == "action_order_status"


async def test_asking_again_while_the_form_asks_does_not_start_it_twice(journey):
    answer = await ask(journey, loop="identity_form")
    assert answer.followup is None
    assert answer.slots == {"pending_question": "action_order_status"}


async def test_an_order_proven_by_number_does_not_open_another_one(journey):
    answer = await ask(journey, identity=Identity(LIN, (DELIVERED,)), order_number=ON_ITS_WAY)
    assert answer.followup == "identity_form"
    assert answer.messages == []


async def test_anothers_order_and_one_that_does_not_exist_get_the_same_answer(journey):
    anothers = await ask(journey, identity=LIN_SIGNED_IN, order_number=BOBS_LOST)
    nobodys = await ask(journey, identity=LIN_SIGNED_IN, order_number=NOBODYS)
    assert anothers.said == nobodys.said == ["utter_order_not_found"]
    assert anothers.texts[0].replace(BOBS_LOST, NOBODYS) == nobodys.texts[0]
    assert anothers.slots == nobodys.slots


async def test_a_customer_without_orders_is_told_so(journey):
    answer = await ask(journey, identity=Identity("C-NEW", None))
    assert answer.said == ["utter_no_orders"]


async def test_a_slow_shop_is_said_and_a_person_offered(journey, shop: FakeShop):
    shop.slow(60)
    shop._sleep = _at_once
    answer = await ask(journey, identity=LIN_SIGNED_IN)
    assert answer.said == ["utter_back_end_slow"]
    assert answer.slots == {
        "failed_action": "action_order_status",
        "offered_because": "back_end_failed",
    }


async def test_a_shop_that_is_down_is_said_in_other_words(journey, shop: FakeShop):
    shop.down()
    answer = await ask(journey, identity=LIN_SIGNED_IN)
    assert answer.said == ["utter_back_end_down"]


async def test_the_failure_is_forgotten_once_an_answer_succeeds(journey):
    slots = {"failed_action": "action_order_status", "offered_because": "back_end_failed"}
    answer = await ask(journey, identity=AMY_SIGNED_IN, slots=slots)
    assert answer.slots["failed_action"] is None
    assert answer.slots["offered_because"] is None


async def test_the_only_open_order_is_told_without_asking_which(journey):
    answer = await ask(journey, identity=AMY_SIGNED_IN)
    assert answer.said == ["utter_parcel_out_for_delivery"]
    assert answer.card["number"] == AMYS
    assert answer.slots["order_number"] == AMYS


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", f"{UNPAID} · 待付款 · 今天"), ("en", f"{UNPAID} · awaiting payment · today")],
)
async def test_of_several_open_orders_the_shopper_picks_one(journey, language, title):
    answer = await ask(journey, identity=LIN_SIGNED_IN, language=language)
    assert answer.said == ["utter_which_order"]
    assert answer.choices[0]["title"] == title
    assert answer.choices[0]["payload"] == f'/check_order_status{{"order_number": "{UNPAID}"}}'
    assert len(answer.choices) == 3


async def test_a_shopper_with_closed_orders_only_picks_among_them(journey, shop: FakeShop):
    shop.add(order("FD20261001-40001", "C-OLD", OrderState.COMPLETED))
    shop.add(order("FD20261002-40002", "C-OLD", OrderState.CANCELLED))
    answer = await ask(journey, identity=Identity("C-OLD", None))
    assert len(answer.choices) == 2


async def test_proven_orders_are_the_only_ones_offered(journey):
    answer = await ask(journey, identity=Identity(LIN, (ON_ITS_WAY, UNPAID)))
    assert {choice["title"].split(" · ")[0] for choice in answer.choices} == {ON_ITS_WAY, UNPAID}


async def test_an_unpaid_order_says_how_long_there_is_left_rounded_down(journey):
    chinese = await ask(journey, language="zh", identity=LIN_SIGNED_IN, order_number=UNPAID)
    english = await ask(journey, identity=LIN_SIGNED_IN, order_number=UNPAID)
    assert "还剩 5小时20分钟" in chinese.texts[0]
    assert "5 hours 20 minutes left" in english.texts[0]
    assert "15:20" in english.texts[0]
    assert english.card["payment_due_at"] == "2026-11-23T07:20:40+00:00"


async def test_an_unpaid_order_past_its_time_is_not_promised_any_more(journey, shop: FakeShop):
    late = dataclasses.replace(await shop.order(UNPAID), payment_due_at=NOW - timedelta(minutes=1))
    shop.add(late)
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number=UNPAID)
    assert answer.said == ["utter_order_payment_overdue"]


async def test_an_order_late_to_leave_is_apologised_for(journey, shop: FakeShop):
    paid = order("FD20261115-10009", LIN, OrderState.PAID, ship_by=NOW - timedelta(days=2))
    shop.add(paid)
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number=paid.number)
    assert answer.said == ["utter_order_dispatch_late"]


@pytest.mark.parametrize("state", [OrderState.PAID, OrderState.PACKED])
async def test_an_order_on_time_says_when_it_leaves(journey, shop: FakeShop, state):
    shop.add(order("FD20261115-10009", LIN, state, ship_by=NOW + timedelta(days=2)))
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number="FD20261115-10009")
    assert answer.said == [f"utter_order_{state.value}"]
    assert "Nov 25" in answer.texts[0]


async def test_an_order_on_its_way_says_carrier_and_arrival(journey):
    chinese = await ask(journey, language="zh", identity=LIN_SIGNED_IN, order_number=ON_ITS_WAY)
    english = await ask(journey, identity=LIN_SIGNED_IN, order_number=ON_ITS_WAY)
    assert chinese.said == english.said == ["utter_order_shipped"]
    assert "顺丰" in chinese.texts[0]
    assert "11月24日至25日" in chinese.texts[0]
    assert "SF Express" in english.texts[0]
    assert english.card["parcels"][0]["carrier_name"] == "SF Express"


async def test_a_lost_parcel_is_not_told_as_on_its_way(journey):
    answer = await ask(journey, identity=Identity("C-BOB", None), order_number=BOBS_LOST)
    assert answer.said == ["utter_parcel_exception_lost"]


async def test_a_split_order_tells_its_parcels_and_what_is_still_here(journey):
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number=SPLIT)
    assert answer.said == ["utter_order_split", "utter_order_rest_waiting"]
    assert "1 delivered and 1 on its way" in answer.texts[0]
    assert "Morning Mist Kettle" in answer.texts[1]
    assert answer.choices[1]["payload"] == '/track_parcel{"tracking_number": "YT1000000000003"}'


async def test_a_delivered_order_says_when(journey):
    answer = await ask(journey, language="zh", identity=LIN_SIGNED_IN, order_number=DELIVERED)
    assert answer.said == ["utter_order_delivered"]
    assert "11月22日" in answer.texts[0]


async def test_a_cancelled_order_says_what_becomes_of_the_money(journey):
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number=CANCELLED)
    assert answer.said == ["utter_order_cancelled", "utter_order_refund_pending"]
    assert "CN¥299.00" in answer.texts[1]
    assert "Nov 27" in answer.texts[1]


@pytest.mark.parametrize("state", list(RefundState))
async def test_every_state_of_a_refund_has_its_words(journey, shop: FakeShop, state):
    refund = dataclasses.replace(shop.refunds["R-1"], state=state, paid_at=NOW)
    shop.add(refund)
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number=CANCELLED)
    assert answer.said[1] == f"utter_order_refund_{state.value}"


@pytest.mark.parametrize("state", list(OrderState))
async def test_every_state_of_an_order_has_its_words(journey, shop: FakeShop, state):
    shop.add(order("FD20261115-10009", LIN, state))
    answer = await ask(journey, identity=LIN_SIGNED_IN, order_number="FD20261115-10009")
    assert len(answer.messages) == 1


@pytest.mark.parametrize("state", list(ShipmentState))
async def test_an_order_has_words_for_every_state_of_its_parcel(journey, shop: FakeShop, state):
    shop.add(dataclasses.replace(shop.shipments["1Z999AA10123456784"], state=state))
    answer = await ask(journey, identity=Identity(AMY, (AMYS,)))
    assert len(answer.messages) == 1


async def _at_once(_seconds: float) -> None:
    return
