import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.masking import emails_in, mask


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("mail me: anna.b+x@mail.shop.co.uk!", "mail me: a***@m***.uk!"),
        ("我的邮箱是xiaoming@qq.com谢谢", "我的邮箱是x***@q***.com谢谢"),
        ("ｘｉａｏ＠ｑｑ．ｃｏｍ", "x***@q***.com"),
        ("13812345678", "*******5678"),
        ("手机138 1234 5678尾号", "手机*******5678尾号"),
        ("１３８１２３４５６７８", "*******5678"),
        ("+86 138-1234-5678", "*******5678"),
        ("8613812345678", "*******5678"),
        ("call +1 415-555-0142 or (415) 555-0143", "call *******0142 or *******0143"),
        ("+44 20 7946 0958", "*******0958"),
        ("010-12345678", "*******5678"),
        ("card 4111 1111 1111 1111 ok", "card ****-****-****-1111 ok"),
        ("378282246310005", "****-****-****-0005"),
        ("6212262201023557228", "****-****-****-7228"),
        ("a@b.cn and 13912345678", "a***@b***.cn and *******5678"),
    ],
)
def test_personal_data_is_masked(said: str, masked: str) -> None:
    assert masked == mask(said)


@pytest.mark.parametrize(
    "said",
    [
        "F2026-000101",
        "FD20261103-48213",
        "20261103-48213",
        "SF1234567890123",
        "YT8812345678901",
        "JDVA00123456789",
        "1Z999AA10123456784",
        "9400111899223817428490",
        "773012345678901",
        "75312345678901",
        "432112345678901",
        "138123456789",
        "x13812345678",
        "尾号5678",
        "*******5678",
        "a***@e***.com",
        "价格 1299.00 元，3 件，2026-11-23 12:30",
        "@someone on the page",
        "4111 1111 1111 1112",
        "",
    ],
)
def test_numbers_the_assistant_needs_come_through(said: str) -> None:
    assert said == mask(said)


@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789@.-+ 86１３＠")))
def test_masking_twice_is_masking_once_and_never_fails(said: str) -> None:
    assert mask(said) == mask(mask(said))


@given(st.text(alphabet="a1@.-", max_size=300))
def test_no_text_takes_long(said: str) -> None:
    mask(said * 7)


def test_addresses_are_found_in_lower_case() -> None:
    assert emails_in("A.B@X.com，或者c@y.cn。") == ["a.b@x.com", "c@y.cn"]
