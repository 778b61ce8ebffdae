import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.entity_extractor import ShopEntityExtractor
from bot.components.tokenizer import tokens_of

PATTERN = r"(?:FD[ _-]{0,3})?(20\d{6})[ _-]{1,3}(\d{5})|FD[ _-]{0,3}(20\d{6})(\d{5})"
PRODUCTS = [
    {"sku": "AU01-BK", "zh": "云听降噪耳机 黑色", "en": "Cloud Headphones, Black"},
    {"sku": "AU01", "zh": "云听降噪耳机", "en": "Cloud Headphones"},
    {"sku": "CUP-7", "zh": "保温杯", "en": "Thermos Cup 500ml"},
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "catalogue.jsonl"
    path.write_text("\n".join(json.dumps(product) for product in PRODUCTS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def extractor(catalogue: Path) -> ShopEntityExtractor:
    return ShopEntityExtractor(
        {"order_number_pattern": PATTERN, "order_number_format": "FD{}-{}"},
        catalogue,
        clock=lambda zone: datetime(2026, 11, 23, 1, 0, tzinfo=zone),
    )


def found(extractor: ShopEntityExtractor, text: str) -> list[tuple[str, str]]:
    return [(e.entity, e.value) for e in extractor.find(text, tokens_of(text))]


@pytest.mark.parametrize(
    "text",
    ["", "???", "😀", "where is my order", "等了3天了", "x" * 2000, "1" * 2000, "*" * 2000,
     "- " * 1000, "12345", "FD2026", "100%", "cup", "@", "a@b"],
)  # fmt: skip
def test_nothing_is_made_up(extractor: ShopEntityExtractor, text: str) -> None:
    assert found(extractor, text) == []


@pytest.mark.parametrize(
    "text",
    ["FD20261103-48213", "fd20261103-48213", "FD2026110348213", "FD 20261103 48213",
     "20261103-48213", "ＦＤ２０２６１１０３－４８２１３", "FD20261103—48213", "fd_20261103_48213"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "我的订单{}到哪了", "order no. {}, please", "({})"])
def test_an_order_number_is_read_however_it_is_written(
    extractor: ShopEntityExtractor, text: str, around: str
) -> None:
    assert found(extractor, around.format(text)) == [("order_number", "FD20261103-48213")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("订单号：88123456", "88123456"), ("order number is #ab-10023", "AB-10023"),
     ("單號 7700123", "7700123")],
)  # fmt: skip
def test_what_is_called_an_order_number_is_one(
    extractor: ShopEntityExtractor, text: str, value: str
) -> None:
    assert found(extractor, text) == [("order_number", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SF1234567890123", "SF1234567890123"),
        ("sf 1234 5678 90123", "SF1234567890123"),
        ("快递单号YT8812345678901", "YT8812345678901"),
        ("jdva12345678901", "JDVA12345678901"),
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784"),
        ("9400 1000 0000 0000 0000 00", "9400100000000000000000"),
        ("RB123456789CN", "RB123456789CN"),
        ("运单 73103051427634", "73103051427634"),
        ("tracking number 1213033021", "1213033021"),
    ],
)
def test_a_tracking_number_is_read_by_its_carriers_form(
    extractor: ShopEntityExtractor, text: str, value: str
) -> None:
    assert found(extractor, text) == [("tracking_number", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("*******5678", "*******5678"),
        ("我手机*******5678", "*******5678"),
        ("电话*******5678对吗", "*******5678"),
        ("5678", "5678"),
        (" 5678。", "5678"),
        ("尾号5678", "5678"),
        ("手機末四碼是 5678", "5678"),
        ("last four digits are 5678", "5678"),
        ("it ends in 5678", "5678"),
        ("138 1234 5678", "13812345678"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone_is_read_whole_masked_or_by_its_last_four(
    extractor: ShopEntityExtractor, text: str, value: str
) -> None:
    assert found(extractor, text) == [("phone", value)]


@pytest.mark.parametrize("text", ["a***@e***.com", "A***@E***.com", "邮箱是a***@e***.com。"])
def test_an_email_is_read_as_the_desk_masks_it(extractor: ShopEntityExtractor, text: str) -> None:
    assert found(extractor, text) == [("email", "a***@e***.com")]


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("云听降噪耳机有货吗", "AU01"),
        ("云听降噪耳机黑色有货吗", "AU01-BK"),
        ("雲聽降噪耳機", "AU01"),
        ("is the CLOUD headphones, black in stock", "AU01-BK"),
        ("thermos cup 500 ml", "CUP-7"),
        ("cup-7", "CUP-7"),
    ],
)
def test_a_product_is_its_sku_and_the_longest_name_wins(
    extractor: ShopEntityExtractor, text: str, sku: str
) -> None:
    assert ("product", sku) in found(extractor, text)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("昨天", ("date", "2026-11-22")),
        ("大前天下的单", ("date", "2026-11-20")),
        ("11月3日", ("date", "2026-11-03")),
        ("1月5号", ("date", "2027-01-05")),
        ("2026年3月8日", ("date", "2026-03-08")),
        ("day before yesterday", ("date", "2026-11-21")),
        ("on nov 3rd", ("date", "2026-11-03")),
        ("3 November", ("date", "2026-11-03")),
        ("2026-11-03", ("date", "2026-11-03")),
        ("20号", ("date", "2026-11-20")),
        ("129元", ("amount", "129.00 CNY")),
        ("价格129元贵", ("amount", "129.00 CNY")),
        ("¥1,299.00", ("amount", "1299.00 CNY")),
        ("$12.5", ("amount", "12.50 USD")),
        ("两件", ("quantity", "2")),
        ("12 pcs", ("quantity", "12")),
        ("五星", ("rating", "5")),
        ("打4分", ("rating", "4")),
        ("4 out of 5", ("rating", "4")),
        ("two stars", ("rating", "2")),
        ("顺丰", ("carrier", "sf")),
        ("順豐", ("carrier", "sf")),
    ],
)
def test_dates_amounts_quantities_ratings_and_carriers_have_one_form(
    extractor: ShopEntityExtractor, text: str, entity: tuple[str, str]
) -> None:
    assert found(extractor, text) == [entity]


@pytest.mark.parametrize("text", ["2月30日", "31.31.2026", "2026-13-40", "3号楼", "10号线"])
def test_an_impossible_date_is_none(extractor: ShopEntityExtractor, text: str) -> None:
    assert "date" not in dict(found(extractor, text))


def test_order_and_phone_in_one_message_are_both_found(extractor: ShopEntityExtractor) -> None:
    text = "订单FD20261103-48213 尾号5678"
    assert found(extractor, text) == [("order_number", "FD20261103-48213"), ("phone", "5678")]


def test_offsets_are_those_of_the_message_as_written(extractor: ShopEntityExtractor) -> None:
    text = "😀ß 我的ＦＤ２０２６１１０３－４８２１３ 和 雲聽降噪耳機"
    spans = [text[e.start : e.end] for e in extractor.find(text, tokens_of(text))]
    assert spans == ["ＦＤ２０２６１１０３－４８２１３", "雲聽降噪耳機"]


def test_choices_are_left_alone_and_earlier_entities_kept(extractor: ShopEntityExtractor) -> None:
    choice = Message({"text": '/check_order_status{"order_number":"FD20261103-48213"}'})
    text = Message({"text": "5678", "entities": [{"entity": "language", "value": "zh"}]})
    extractor.process([choice, text])
    assert choice.get("entities") is None
    assert [e["entity"] for e in text.get("entities")] == ["language", "phone"]


def test_a_changed_catalogue_is_read_without_training(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.jsonl"
    extractor = ShopEntityExtractor({}, path)
    assert found(extractor, "保温杯") == []
    path.write_text('{"sku":"A","zh":"保温杯","en":"Cup"}\n', encoding="utf-8")
    assert found(extractor, "保温杯") == [("product", "A")]
    path.write_text('{"sku":"B","zh":"保温杯","en":"Cup"}\n', encoding="utf-8")
    os.utime(path, (1, 1))
    assert found(extractor, "保温杯") == [("product", "B")]
    path.unlink()
    assert found(extractor, "保温杯") == []


def test_a_bad_line_costs_only_that_line(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.jsonl"
    lines = ["{", "[]", '{"sku":"X"}', "", '{"sku":"B","zh":"保温杯","en":"Cup"}']
    path.write_text("\n".join(lines), encoding="utf-8")
    assert found(ShopEntityExtractor({}, path), "保温杯") == [("product", "B")]
