import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.tokenizer import MixedTokenizer, tokens_of


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_visible_gives_no_token(text: str) -> None:
    assert tokens_of(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我的iPhone15呢?", ["我", "的", "iPhone", "15", "呢", "?"]),
        ("don't ship", ["don't", "ship"]),
        ("1,299.00元", ["1,299.00", "元"]),
        ("Café à 3€", ["Café", "à", "3", "€"]),
        ("ＦＤ２０２６", ["ＦＤ", "２０２６"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("👍👍", ["👍", "👍"]),
        ("a_b", ["a", "_", "b"]),
    ],
)
def test_chinese_is_split_into_characters_and_the_rest_into_words(
    text: str, words: list[str]
) -> None:
    assert [token.text for token in tokens_of(text)] == words


@pytest.mark.parametrize(
    "text", ["订单 FD20261103—48213 到哪了？", " x  你好\u3000ＯＫ 😀!", "e\u0301a"]
)
def test_a_token_is_what_stands_between_its_offsets(text: str) -> None:
    tokens = tokens_of(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    covered = "".join(token.text for token in tokens)
    assert covered == "".join(text.split())


def test_rasa_gets_the_tokens_of_the_text() -> None:
    tokenizer = MixedTokenizer(MixedTokenizer.get_default_config())
    message = Message({"text": "查订单"})
    tokenizer.process([message])
    assert [token.text for token in message.get("text_tokens")] == ["查", "订", "单"]
