import json
from typing import Any

import pytest

from bot.request import MAX_TEXT_CHARS, InvalidRequest, chosen, intent_of, parse, typed


def body(**fields: Any) -> bytes:
    data: dict[str, Any] = {"conversation": "c1", "message": "m1", "text": "hi", **fields}
    return json.dumps({key: value for key, value in data.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[1]", "object"),
        (b"null", "object"),
        (body(text=...), "exactly one"),
        (body(choice="/greet"), "exactly one"),
        (body(conversation=...), "conversation"),
        (body(conversation=""), "conversation"),
        (body(conversation=7), "conversation"),
        (body(conversation="c" * 201), "conversation"),
        (body(conversation="c\u0000"), "conversation"),
        (body(message=None), "message"),
        (body(text=5), "text"),
        (body(text=""), "empty"),
        (body(text=" \t\n\u0000\u3000"), "empty"),
        (body(text="x" * (MAX_TEXT_CHARS + 1)), "characters"),
        (body(locale="fr"), "locale"),
        (body(locale=["zh"]), "locale"),
        (body(redelivered="yes"), "redelivered"),
        (body(identity="me"), "identity"),
        (body(identity={"orders": []}), "customer_id"),
        (body(identity={"customer_id": "x", "orders": "all"}), "orders"),
        (body(identity={"customer_id": "x", "orders": [1]}), "orders"),
    ],
)
def test_a_request_off_the_contract_says_what_is_wrong(broken: bytes, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why):
        parse(broken)


@pytest.mark.parametrize(
    "choice", ["greet", "/", "/greet{", '/greet{"a"}', "/greet[1]", "/greet x", 5, "/a" * 20000]
)
def test_a_choice_that_is_no_payload_is_refused(choice: Any) -> None:
    with pytest.raises(InvalidRequest):
        chosen(choice)


@pytest.mark.parametrize("text", ["/restart", "  /restart", "\u0000/greet{}", "/"])
def test_typed_text_is_never_a_command(text: str) -> None:
    assert typed(text).startswith("／")


def test_control_characters_become_spaces_and_lone_surrogates_vanish() -> None:
    assert typed("a\u0000b\nc\ud800d") == "a b c d"


def test_an_emoji_only_text_is_a_text() -> None:
    assert typed("👍🏽") == "👍🏽"


def test_a_payload_names_its_intent() -> None:
    payload = '/check_order_status{"order_number":"FD20261103-48213"}'
    assert chosen(payload) == payload
    assert intent_of(payload) == "check_order_status"
    assert intent_of("hello") == ""


def test_everything_but_the_text_reaches_the_actions() -> None:
    identity = {"customer_id": "u1", "orders": ["FD1"], "extra": "dropped"}
    message = parse(body(locale="zh", identity=identity, redelivered=True))
    assert message.redelivered
    assert message.metadata == {
        "message": "m1",
        "conversation": "c1",
        "locale": "zh",
        "identity": {"customer_id": "u1", "orders": ["FD1"]},
    }
