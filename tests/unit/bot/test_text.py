import pytest

from bot.components.text import fold_message, fold_word, half_width, is_payload


def test_half_width_keeps_every_offset() -> None:
    text = "订单ＦＤ２０２６　—５，好"
    assert half_width(text) == "订单FD2026 -5,好"
    assert len(half_width(text)) == len(text)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("請問我的訂單", "请问我的订单"),
        ("急急急", "急"),
        ("谢谢", "谢谢"),
        ("好的好的", "好的好的"),
        ("soooo  LATE???", "so late?"),
        ("ＯＫ", "ok"),
        ("等了15天", "等了00天"),
        ("FD20261103-48213", "№"),
        ("查FD20261103 48213到哪", "查№到哪"),
        ("1Z 999 AA1 01 2345 6784", "№"),
        ("iPhone 15 128g", "iphone 00 000g"),
        ("*******5678", "*0000"),
        (" \t", ""),
    ],
)
def test_different_ways_to_write_it_read_the_same(written: str, folded: str) -> None:
    assert fold_message(written) == folded


def test_a_word_is_matched_without_regard_to_width_case_and_script() -> None:
    assert fold_word("保溫杯ＰＲＯ") == fold_word("保温杯pro")


def test_only_a_leading_slash_makes_a_payload() -> None:
    assert is_payload("/greet")
    assert not is_payload("a/b")
    assert not is_payload("／greet")
    assert not is_payload(None)
