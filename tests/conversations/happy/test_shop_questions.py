"""Questions anyone may ask: the shop's rules, its products, and small talk."""

import pytest


@pytest.mark.parametrize(
    ("zh", "en", "said"),
    [
        ("你好", "hello", ["utter_greet"]),
        ("退货规则是什么", "what is your return policy", ["utter_return_policy"]),
        ("下单后几天能到", "how long does delivery take", ["utter_delivery"]),
        ("谢谢", "thank you", ["utter_thank"]),
        ("再见", "bye", ["utter_goodbye"]),
        ("你是机器人吗", "are you a bot", ["utter_bot_challenge"]),
    ],
)
async def test_a_general_question_is_answered_to_anyone(new_shopper, zh, en, said):
    assert await new_shopper().say(zh, en) == said


async def test_a_product_is_told_about_and_then_meant(new_shopper):
    shopper = new_shopper()
    said = await shopper.say(
        "轻羽真无线蓝牙耳机防水吗", "are the Feather True Wireless Earbuds waterproof"
    )
    assert said == ["utter_product_attribute"]
    assert await shopper.say("多少钱", "how much is it") == ["utter_product_in_stock"]


async def test_what_the_record_does_not_say_ends_with_a_person_offered(new_shopper):
    shopper = new_shopper()
    await shopper.say("轻羽真无线蓝牙耳机多少钱", "how much are the Feather True Wireless Earbuds")
    assert await shopper.say("是正品吗", "is it genuine") == ["utter_product_silent"]
    assert await shopper.pick() == ["utter_handover_next"]


async def test_the_language_of_the_answer_follows_the_question(new_shopper):
    shopper = new_shopper()
    await shopper.say("what is your return policy", "退货规则是什么")
    assert ("days" in shopper.text) == (shopper.language == "zh")
