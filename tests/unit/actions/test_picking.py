"""Picking by words: what names a place among the choices, and what only sounds so."""

import pytest

from actions.out_of_scope import OutOfScope, Unsure
from actions.picking import Picked, last_choices, picked
from actions.small_talk import Inform
from tests.conversations.world import LIN_SIGNED_IN, ON_ITS_WAY, UNPAID
from tests.unit.actions.asking import ask

OFFERED = [
    f'/check_order_status{{"order_number": "{UNPAID}"}}',
    f'/check_order_status{{"order_number": "{ON_ITS_WAY}"}}',
]
OFFER = ({"event": "bot", "data": {"buttons": [{"title": "", "payload": one} for one in OFFERED]}},)


@pytest.mark.parametrize(
    "text",
    [
        "第三个",
        "3",
        "0",
        "the third one",
        "两件都要退，第二天就寄回去，运费谁出啊你们说说看吧",
        "hello",
        "",
        "2 kettles",
    ],
)
def test_what_names_no_offered_place_picks_nothing(text):
    assert picked(text, OFFERED) is None


@pytest.mark.parametrize(
    "text", ["第二个", "第2笔", "2", "2nd", "the second one", "最后一个", "the last one"]
)
def test_the_second_is_picked_however_it_is_said(text):
    assert picked(text, OFFERED) == Picked("check_order_status", {"order_number": ON_ITS_WAY})


@pytest.mark.parametrize("text", ["最近那个", "第一个", "the latest", "No. 1", "top one"])
def test_the_first_is_picked_however_it_is_said(text):
    assert picked(text, OFFERED) == Picked("check_order_status", {"order_number": UNPAID})


def test_nothing_is_picked_where_nothing_was_offered():
    assert picked("1", []) is None
    assert last_choices([{"event": "bot", "data": {"buttons": None}}]) == []


@pytest.mark.parametrize("journey", [Inform, Unsure, OutOfScope])
async def test_a_place_named_is_answered_whatever_it_was_taken_for(ports, journey):
    answer = await ask(journey(lambda: ports), text="第二个", identity=LIN_SIGNED_IN, before=OFFER)
    assert answer.said == ["utter_order_shipped"]
    assert answer.card["number"] == ON_ITS_WAY


async def test_while_the_form_asks_a_digit_is_no_pick(ports):
    answer = await ask(Inform(lambda: ports), text="2", before=OFFER, loop="identity_form")
    assert answer.said == ["utter_what_about_it"]
