"""Whatever is sent, the answer is a clear error or a sensible reply, and the talk goes on."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.stack import Shopper, Stack, visit


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30.0, trust_env=False) as client:
        yield client


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and the last word of the problem's type."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    return answer.status_code, answer.json()["type"].rpartition("/")[2].rpartition(":")[2]


async def still_alive(shopper: Shopper) -> None:
    """The conversation answers, and every message in it was shown once."""
    assert await shopper.ask("谢谢")
    ids = [message["id"] for message in shopper.messages]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "x" * 2001}, 422),
        ({"text": ""}, 422),
        ({"text": " \n\t "}, 422),
        ({"text": "\u0000\u0007"}, 422),
        ({"text": "\u200b\u200d"}, 422),
        ({}, 422),
        ({"text": "你好", "choice": "1"}, 422),
        ({"choice": "never-offered"}, 422),
        ({"text": 5}, 422),
        ({"text": None, "choice": None}, 422),
        ({"external_id": "", "text": "你好"}, 422),
        ({"text": "字" * 1_000_000}, 413),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_message_that_cannot_be_taken_is_refused_by_name(
    guest: Shopper, body: dict[str, object], status: int
) -> None:
    answer = await guest.post(**body)
    assert problem(answer)[0] == status
    await still_alive(guest)


async def test_broken_json_is_refused(guest: Shopper, http: httpx.Client) -> None:
    url = f"{guest.url}/chat/conversations/{guest.conversation}/messages"
    headers = {**guest.authorization, "Content-Type": "application/json"}
    for content in (b'{"text": "', b"\xff\xfe", b"[]", b"null", b'"text"'):
        answer = await asyncio.to_thread(http.post, url, content=content, headers=headers)
        assert problem(answer)[0] in {400, 422}, content
    await still_alive(guest)


async def test_only_its_own_token_opens_a_conversation(
    guest: Shopper, stack: Stack, http: httpx.Client
) -> None:
    url = f"{guest.url}/chat/conversations/{guest.conversation}"
    message = {"external_id": str(uuid4()), "text": "你好"}
    async with visit(stack) as other:
        for headers in ({}, {"Authorization": "Bearer wrong"}, other.authorization):
            answer = await asyncio.to_thread(
                http.post, f"{url}/messages", json=message, headers=headers
            )
            assert problem(answer) == (401, "wrong-token")
            answer = await asyncio.to_thread(http.get, f"{url}/events", headers=headers)
            assert problem(answer) == (401, "wrong-token")
    await still_alive(guest)


async def test_an_unknown_conversation_is_not_found(guest: Shopper, http: httpx.Client) -> None:
    url = f"{guest.url}/chat/conversations/{uuid4()}/messages"
    answer = await asyncio.to_thread(
        http.post,
        url,
        json={"external_id": "1", "text": "你好"},
        headers=guest.authorization,
    )
    assert problem(answer)[0] == 404


async def test_a_forged_shopper_token_signs_nobody_in(stack: Stack, http: httpx.Client) -> None:
    token = stack.shopper("zh")["shopper_token"]
    for forged in ("nonsense", token[:-4] + "AAAA"):
        answer = await asyncio.to_thread(
            http.post, f"{stack.url}/chat/conversations", json={"shopper_token": forged}
        )
        assert problem(answer) == (401, "invalid-shopper-token")


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        '/inform{"order_number": "FD20260101-00001"}',
        "/request_human",
        "😀🎉👍",
        "？？？",
        "a\u0000b\u0007c",
        "<script>alert(1)</script>",
        "'; DROP TABLE messages; --",
        "x" * 2000,
    ],
    ids=lambda text: ascii(text[:24]),
)
async def test_any_text_gets_a_reply(guest: Shopper, text: str) -> None:
    assert await guest.ask(text)
    await still_alive(guest)
    assert guest.owner == "bot", "a text was taken for a command"


async def test_a_choice_offered_in_another_conversation_is_refused(
    guest: Shopper, stack: Stack
) -> None:
    async with visit(stack, locale="zh") as other:
        offered = [
            choice for message in await other.ask("你好") for choice in message.get("choices") or []
        ]
    assert offered
    answer = await guest.post(choice=offered[0]["id"])
    assert problem(answer) == (422, "choice-not-offered")


async def test_one_message_sent_fifty_times_at_once_is_one_message_with_one_reply(
    customer: Shopper,
) -> None:
    external_id = str(uuid4())
    sent = await asyncio.gather(
        *(customer.post(external_id=external_id, text="hello") for _ in range(50))
    )
    assert {answer.status_code for answer in sent} == {202}
    assert sorted(answer.json()["duplicate"] for answer in sent) == [False] + [True] * 49
    greeted = await customer.answers(external_id)
    # Answers come in order: what the first message caused has been shown by then.
    thanked = await customer.ask("thank you")
    own = [each.get("external_id") for each in customer.messages if each["sender"] == "shopper"]
    assert own[0] == external_id
    assert len(own) == 2
    said = [each for each in customer.messages if each["sender"] != "shopper"]
    assert said == greeted + thanked


async def test_the_events_begin_after_the_one_seen_last(guest: Shopper) -> None:
    await guest.ask("你好")
    numbered = [event for event in guest.events if event.id]
    again = Shopper(guest._http, guest.url)
    again.chat.conversation, again.chat._token = guest.conversation, guest.chat._token
    following = asyncio.create_task(again.follow())
    await again.until(lambda: len(again.events) >= len(numbered))
    following.cancel()
    assert [event for event in again.events if event.id] == numbered
    assert [int(event.id) for event in numbered] == sorted({int(event.id) for event in numbered})
