"""Parcel tracking: the parcel's timeline for its owner, nothing for anyone else."""

import dataclasses
from datetime import date

import pytest

from actions.entitlement import Identity
from actions.parcel_tracking import ParcelTracking
from integrations.shop.fake import FakeShop
from integrations.shop.models import ExceptionKind, OrderState, ShipmentState
from tests.conversations.world import (
    AMY,
    AMY_SIGNED_IN,
    AMYS,
    LIN,
    LIN_SIGNED_IN,
    ON_ITS_WAY,
    SPLIT,
    order,
)
from tests.unit.actions.asking import ask

LINS_PARCEL = "SF1000000000001"
BOBS_PARCEL = "SF1000000000009"
NO_PARCEL = "SF1999999999999"


@pytest.fixture
def journey(ports):
    return ParcelTracking(lambda: ports)


async def test_an_anonymous_shopper_with_a_tracking_number_is_asked_for_proof(journey, shop):
    answer = await ask(journey, "track_parcel", tracking_number=LINS_PARCEL)
    assert answer.said == []
    assert answer.followup == "identity_form"
    assert not shop.calls, "the shop is not even asked"


async def test_anothers_parcel_and_one_that_does_not_exist_get_the_same_answer(journey):
    anothers = await ask(
        journey, "track_parcel", identity=LIN_SIGNED_IN, tracking_number=BOBS_PARCEL
    )
    nobodys = await ask(journey, "track_parcel", identity=LIN_SIGNED_IN, tracking_number=NO_PARCEL)
    assert anothers.said == nobodys.said == ["utter_parcel_not_found"]
    assert anothers.texts[0].replace(BOBS_PARCEL, NO_PARCEL) == nobodys.texts[0]
    assert anothers.slots == nobodys.slots


async def test_an_order_proven_by_number_does_not_open_the_customers_other_parcels(journey):
    answer = await ask(
        journey, "track_parcel", identity=Identity(LIN, (SPLIT,)), tracking_number=LINS_PARCEL
    )
    assert answer.said == ["utter_parcel_not_found"]


async def test_a_number_asked_about_but_never_proven_does_not_stand_in_the_way(journey):
    slots = {"order_number": "FD20261112-30001"}
    answer = await ask(journey, "track_parcel", identity=AMY_SIGNED_IN, slots=slots)
    assert answer.card["order_number"] == AMYS


async def test_a_slow_shop_is_said(journey, shop: FakeShop):
    shop.down()
    answer = await ask(journey, "track_parcel", identity=LIN_SIGNED_IN)
    assert answer.said == ["utter_back_end_down"]
    assert answer.slots["failed_action"] == "action_track_parcel"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "包裹在路上了，预计 11月24日至25日 送到。最新动态：11月22日 22:00 到达上海分拨中心"),
        (
            "en",
            "Your parcel is on the move and should arrive Nov 24 – 25. "
            "Latest: Nov 22, 22:00 Arrived at the Shanghai hub",
        ),
    ],
)
async def test_the_owner_hears_where_it_is_and_when_it_comes(journey, language, words):
    answer = await ask(
        journey,
        "track_parcel",
        identity=LIN_SIGNED_IN,
        tracking_number=LINS_PARCEL,
        language=language,
    )
    assert " ".join(answer.texts[0].split()) == words
    assert answer.slots["order_number"] == ON_ITS_WAY


async def test_the_card_has_the_timeline_in_the_shoppers_language(journey):
    answer = await ask(
        journey, "track_parcel", identity=LIN_SIGNED_IN, order_number=ON_ITS_WAY, language="zh"
    )
    assert answer.card["carrier_name"] == "顺丰"
    assert [event["text"] for event in answer.card["events"]] == ["到达上海分拨中心", "商家已下单"]
    assert answer.card["estimated_to"] == "2026-11-25"


async def test_of_a_split_order_the_parcel_is_picked(journey):
    answer = await ask(journey, "track_parcel", identity=LIN_SIGNED_IN, order_number=SPLIT)
    assert answer.said == ["utter_which_parcel"]
    assert answer.choices[0]["title"] == "SF Express · SF1000000000002 · delivered"


async def test_an_order_without_a_parcel_is_told_as_an_order(journey, shop: FakeShop):
    shop.add(order("FD20261115-10009", LIN, OrderState.PAID))
    answer = await ask(
        journey, "track_parcel", identity=LIN_SIGNED_IN, order_number="FD20261115-10009"
    )
    assert answer.said == ["utter_order_paid_undated"]


async def test_a_parcel_past_its_day_is_said_to_be_late(journey, shop: FakeShop):
    late = dataclasses.replace(shop.shipments[LINS_PARCEL], estimated_to=date(2026, 11, 21))
    shop.add(dataclasses.replace(late, estimated_from=date(2026, 11, 20)))
    answer = await ask(journey, "track_parcel", identity=LIN_SIGNED_IN, tracking_number=LINS_PARCEL)
    assert answer.said == ["utter_parcel_late"]
    assert "by Nov 21 and is running late" in answer.texts[0]


async def test_an_arrival_interval_does_not_begin_in_the_past(journey, shop: FakeShop):
    parcel = dataclasses.replace(
        shop.shipments[LINS_PARCEL],
        estimated_from=date(2026, 11, 20),
        estimated_to=date(2026, 11, 23),
    )
    shop.add(parcel)
    answer = await ask(journey, "track_parcel", identity=LIN_SIGNED_IN, tracking_number=LINS_PARCEL)
    assert "should arrive today" in answer.texts[0]


@pytest.mark.parametrize("state", [one for one in ShipmentState if one.value != "exception"])
async def test_every_state_of_a_parcel_has_its_words(journey, shop: FakeShop, state):
    parcel = dataclasses.replace(shop.shipments["1Z999AA10123456784"], state=state, events=())
    shop.add(parcel)
    answer = await ask(journey, "track_parcel", identity=Identity(AMY, (AMYS,)))
    assert len(answer.messages) == 1


@pytest.mark.parametrize("kind", [*ExceptionKind, None])
async def test_every_exception_has_its_words(journey, shop: FakeShop, kind):
    parcel = dataclasses.replace(
        shop.shipments["1Z999AA10123456784"], state=ShipmentState.EXCEPTION, exception_kind=kind
    )
    shop.add(parcel)
    answer = await ask(journey, "track_parcel", identity=AMY_SIGNED_IN)
    assert answer.said[0].startswith("utter_parcel_exception")
