import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.language_detector import LanguageDetector, language_of, reading_language


@pytest.mark.parametrize(
    "text",
    ["", "?", "😀", "12345", "FD20261103-48213", "a***@e***.com", "*******5678", "ok",
     "iphone 15", "dónde está mi pedido", "wo ist meine bestellung", "ありがとう",
     "注文はどこですか", "감사합니다"],
)  # fmt: skip
def test_what_does_not_say_its_language_has_none(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "我的订单到哪了",
        "請問什麼時候出貨",
        "在吗",
        "iphone 15 pro max 有货吗",
        "帮我 cancel 一下 order",
    ],
)
def test_chinese_with_foreign_words_is_chinese(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    ["where is my order", "refund", "Hi", "still not shipped?", "plz cancel",
     "cod available in delhi", "where is the 蓝牙耳机 i ordered", "I’M WAITING",
     "order FD20261103-48213 status"],
)  # fmt: skip
def test_english_is_english_even_around_a_chinese_name(text: str) -> None:
    assert language_of(text) == "en"


def test_a_message_of_no_language_is_read_by_its_script() -> None:
    assert reading_language("ok") == "en"
    assert reading_language("注文はどこ") == "zh"


def test_the_entity_spans_the_message_and_choices_have_none() -> None:
    text, choice = Message({"text": "你好"}), Message({"text": "/check_order_status"})
    found = {"entity": "phone", "value": "5678", "start": 0, "end": 4}
    text.set("entities", [found])
    LanguageDetector().process([text, choice])
    assert text.get("entities")[0] == found
    language = text.get("entities")[1]
    assert (language["entity"], language["value"]) == ("language", "zh")
    assert (language["start"], language["end"]) == (0, 2)
    assert choice.get("entities") is None
