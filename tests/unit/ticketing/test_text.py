import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.text import clean, clean_tree, is_chinese


@pytest.mark.parametrize(
    ("said", "cleaned"),
    [
        ("  hello \n", "hello"),
        ("a\x00\x1b[0m\x7f\x85b", "a[0mb"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("\ud800lone\udfff", "lone"),
        ("abc\u202edef\u2066", "abcdef"),
        ("👨‍👩‍👧 ❤️", "👨‍👩‍👧 ❤️"),
        ("e\u0301", "é"),
        ("你好\u3000", "你好"),
        ("\u200b\u200d\ufe0f", ""),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_only_what_can_be_read_is_left(said: str, cleaned: str) -> None:
    assert cleaned == clean(said)


@given(st.text(st.characters()))
def test_clean_text_stays_clean_and_can_be_stored(said: str) -> None:
    cleaned = clean(said)
    assert cleaned == clean(cleaned)
    assert "\x00" not in cleaned
    cleaned.encode()


def test_a_tree_is_cleaned_to_its_leaves() -> None:
    tree = {"a\x00": ["\x07b", {"c": ("d\x00", 1, None, True)}]}

    assert clean_tree(tree) == {"a": ["b", {"c": ["d", 1, None, True]}]}


@pytest.mark.parametrize(
    ("said", "chinese"), [("ok", False), ("?", False), ("退货", True), ("iPhone15多少钱", True)]
)
def test_chinese_is_told_by_its_characters(said: str, chinese: bool) -> None:
    assert chinese == is_chinese(said)
