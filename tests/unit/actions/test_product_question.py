"""Product questions: the record answers, or says that it does not; nothing is made up."""

import dataclasses
from datetime import date

import pytest

from actions.product_question import ProductQuestion
from actions.topics import topic_of, topics
from integrations.shop.fake import FakeShop
from integrations.shop.models import LocalizedText
from tests.conversations.world import EARBUDS, KETTLE
from tests.unit.actions.asking import ask


@pytest.fixture
def journey(ports):
    return ProductQuestion(lambda: ports)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("是正品吗", "is it genuine"),
        ("什么材质的", "what material is it"),
        ("保质期多久", "what is the shelf life"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_what_the_record_does_not_say_is_not_made_up(journey, zh, en, language):
    text = zh if language == "zh" else en
    answer = await ask(journey, "ask_product", text, language=language, product=EARBUDS.sku)
    assert answer.said == ["utter_product_silent"]
    assert answer.slots["offered_because"] == "beyond_assistant"


async def test_features_that_do_not_mention_it_are_no_answer(journey):
    answer = await ask(journey, "ask_product", "is it waterproof", product=KETTLE.sku)
    assert answer.said == ["utter_product_silent"]


async def test_a_shop_that_is_down_is_said(journey, shop: FakeShop):
    shop.down()
    answer = await ask(journey, "ask_product", "is it waterproof", product=EARBUDS.sku)
    assert answer.said == ["utter_back_end_down"]


async def test_a_product_sold_off_since_training_is_not_found(journey):
    answer = await ask(journey, "ask_product", "is it waterproof", product="AU-99")
    assert answer.said == ["utter_product_not_found"]


async def test_without_a_product_it_is_asked_which(journey):
    answer = await ask(journey, "ask_price_or_stock", "how much")
    assert answer.said == ["utter_ask_product"]


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("防水吗", "zh", "IPX4 防溅水"),
        ("can i wear it in the rain", "en", "IPX4 splash-proof"),
        ("续航多久", "zh", "单次续航6小时"),
        ("what is in the box", "en", "Earbuds; charging case"),
    ],
)
async def test_what_the_record_says_is_told(journey, text, language, told):
    answer = await ask(journey, "ask_product", text, language=language, product=EARBUDS.sku)
    assert answer.said == ["utter_product_attribute"]
    assert told in answer.texts[0]
    assert answer.card["sku"] == EARBUDS.sku


async def test_a_question_we_have_no_word_for_gets_the_whole_record(journey):
    answer = await ask(journey, "ask_product", "tell me about it", product=EARBUDS.sku)
    assert answer.said == ["utter_product_overview"]
    assert answer.card["attributes"][1] == {"name": "in the box", "value": "Earbuds; charging case"}


async def test_the_product_talked_about_is_meant_when_none_is_named(journey):
    answer = await ask(journey, "ask_price_or_stock", "多少钱", slots={"product": EARBUDS.sku})
    assert answer.said == ["utter_product_in_stock"]


async def test_a_name_half_right_is_found(journey):
    answer = await ask(journey, "ask_price_or_stock", "水壶有货吗", language="zh")
    assert answer.said == ["utter_product_restock"]
    assert "12月1日" in answer.texts[0]


WHITE = dataclasses.replace(
    EARBUDS,
    sku="AU-02-WH",
    name=LocalizedText("轻羽真无线蓝牙耳机 白色", "Feather True Wireless Earbuds White"),
)


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh", "“轻羽真无线蓝牙耳机”的特点"), ("en", "the Feather True Wireless Earbuds say")],
)
async def test_colours_that_do_not_differ_in_it_are_not_asked_apart(
    journey, shop: FakeShop, language, name
):
    shop.add(WHITE)
    text = "轻羽蓝牙耳机防水吗" if language == "zh" else "are the feather earbuds waterproof"
    answer = await ask(journey, "ask_product", text, language=language)
    assert answer.said == ["utter_product_attribute"]
    assert name in answer.texts[0]


async def test_of_several_products_one_is_picked_and_the_question_stays(journey, shop: FakeShop):
    features = {"features": LocalizedText("IPX7 防水", "IPX7 waterproof")}
    shop.add(dataclasses.replace(WHITE, attributes=features))
    answer = await ask(journey, "ask_product", "are the feather wireless earbuds waterproof")
    assert answer.said == ["utter_which_product"]
    assert answer.choices[0]["payload"] == (
        '/ask_product{"product": "AU-02-BK", "topic": "waterproof"}'
    )
    picked = await ask(
        journey, "ask_product", "/ask_product", product="AU-02-WH", topic="waterproof"
    )
    assert picked.said == ["utter_product_attribute"]


@pytest.mark.parametrize(
    ("stock", "restock_on", "said"),
    [
        (50, None, "utter_product_in_stock"),
        (5, None, "utter_product_few_left"),
        (0, date(2026, 12, 1), "utter_product_restock"),
        (0, date(2026, 11, 1), "utter_product_sold_out"),
        (0, None, "utter_product_sold_out"),
    ],
)
async def test_stock_is_told_as_it_is(journey, shop: FakeShop, stock, restock_on, said):
    shop.add(dataclasses.replace(EARBUDS, stock=stock, restock_on=restock_on))
    answer = await ask(journey, "ask_price_or_stock", "in stock?", product=EARBUDS.sku)
    assert answer.said == [said]


@pytest.mark.parametrize("text", ["有优惠券吗", "any discount", "do you price match"])
async def test_offers_are_not_promised(journey, text):
    answer = await ask(journey, "ask_price_or_stock", text, product=EARBUDS.sku)
    assert answer.said == ["utter_product_in_stock", "utter_product_offers_unknown"]


async def test_the_warranty_is_told_in_months(journey):
    answer = await ask(journey, "ask_product", "保修多久", language="zh", product=EARBUDS.sku)
    assert answer.texts == ["“轻羽真无线蓝牙耳机 黑色”保修 12 个月。"]


async def test_a_product_without_a_warranty_is_not_given_one(journey):
    answer = await ask(journey, "ask_product", "warranty?", product=KETTLE.sku)
    assert answer.said == ["utter_product_silent"]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("能水洗吗", "care"),
        ("175 能穿几码", "size"),
        ("does it work with my iphone", "compatibility"),
        ("is this real or fake", "genuine"),
        ("really nice", None),
        ("谢谢", None),
    ],
)
def test_topics_are_found_by_their_words(text, topic):
    found = topic_of(text)
    assert (found.name if found else None) == topic


def test_every_topic_has_words_and_no_unknown_field():
    assert all(topic.asked for topic in topics())
