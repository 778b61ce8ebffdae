"""Finding products of the demo catalogue by what shoppers write."""

from datetime import date
from random import Random

import pytest

from integrations.shop import search
from integrations.shop.chinese import to_simplified
from integrations.shop.fake import FakeShop
from integrations.shop.ranking import head
from integrations.shop.seed.catalogue import products


@pytest.fixture(scope="module")
def shop() -> FakeShop:
    return FakeShop(*products(Random(1), date(2026, 11, 3)))


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("is the wool coat true to size", "CL01"),
        ("do the earbuds work with android", "AU02"),
        ("tent for two waterproof?", "OU01"),
        ("is the toothbrush waterproof", "BE03"),
        ("what comes in the box of the air fryer", "KI04"),
        ("power bank on plane?", "PH07"),
        ("kids headphones volume", "AU09"),
        ("sleping bag", "OU02"),
        ("这件羊毛大衣偏大吗", "CL01"),
        ("猫粮多大的猫能吃", "PE01"),
        ("防晒霜孕妇能用吗", "BE05"),
        ("充电器能充笔记本吗", "PH05"),
        ("空气炸锅盒子里有什么", "KI04"),
        ("iphone16壳", "PH01"),
        ("鍵盤是什麼軸", "CO02"),
        ("沒有降噪的耳機嗎", "AU01"),
        ("面膜一周用几次", "BE08"),
    ],
)
async def test_a_question_finds_the_product_it_is_about(
    shop: FakeShop, text: str, model: str
) -> None:
    found = await shop.find_products(text, limit=1)
    assert [product.sku.split("-")[0] for product in found] == [model]


@pytest.mark.parametrize(
    "text",
    [
        "book a flight to paris",
        "my cat is ill",
        "how do I fix my car",
        "i lost my phone",
        "do you like coffee",
        "how to cook rice",
        "what time is it in London",
        "where is my parcel",
        "wrong size sent",
        "我的手机丢了",
        "猫生病了",
        "你喜欢喝咖啡吗",
        "帮我订机票",
        "怎么煮饭",
        "什么时候发货",
        "发票怎么开",
    ],
)
async def test_a_word_in_passing_finds_no_product(shop: FakeShop, text: str) -> None:
    assert await shop.find_products(text) == []


async def test_the_variant_asked_for_comes_first(shop: FakeShop) -> None:
    assert [found.sku for found in await shop.find_products("wool coat size m", limit=1)] == [
        "CL01-M"
    ]
    assert [found.sku for found in await shop.find_products("跑鞋41码", limit=1)] == ["SH01-41"]


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("Ceramic Mug 350 ml, White", "mug"),
        ("Cotton Ankle Socks 3 Pairs, Black", "sock"),
        ("Clear Shockproof Phone Case, for iPhone 15", "case"),
        ("云感缓震跑鞋 41码", "跑鞋"),
        ("补水面膜十片装 两件装", "面膜"),
        ("纯棉圆领短袖T恤 L码", "恤"),
        ("42", ""),
    ],
)
def test_the_head_of_a_name_says_what_the_thing_is(name: str, thing: str) -> None:
    assert head(name) == thing


def test_a_word_that_is_known_whole_is_not_also_searched_in_pieces() -> None:
    asked = search.query_terms("kettle")
    known = search.weights(dict.fromkeys(asked, 1), products=10)
    assert not [term for term in known if term.startswith("~")]


def test_common_terms_are_not_read_out_when_rare_ones_tell_more() -> None:
    having = {"cup": 90_000, "gooseneck": 3}
    assert search.rarest(having, search.weights(having, 100_000)) == ["gooseneck"]


def test_traditional_characters_read_as_simplified() -> None:
    assert to_simplified("還有電熱水壺嗎，紅色的") == "还有电热水壶吗，红色的"
