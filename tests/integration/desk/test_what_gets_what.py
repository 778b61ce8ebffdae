"""Each odd thing a client may send gets a clear error or a sensible reply, and the chat goes on."""

import json
from typing import Any

import pytest

from integrations.assistant.errors import AssistantRefused, AssistantTimeout, AssistantUnavailable
from integrations.assistant.fake import understood
from integrations.assistant.models import Reply, Turn
from tests.integration.desk.harness import Running, Shopper, until


async def is_alive(shopper: Shopper) -> bool:
    """Tell whether the conversation answers the next message."""
    await shopper.say("still there?", "alive")
    async with shopper.follow() as stream:
        while await stream.says("bot") != "echo: still there?":
            pass
    return True


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"external_id": "1", "text": "x" * 2001}, 422, "text-too-long"),
        ({"external_id": "1", "text": ""}, 422, "empty-message"),
        ({"external_id": "1", "text": " \n\t "}, 422, "empty-message"),
        ({"external_id": "1", "text": "\x00\x07\x1b\u202e"}, 422, "empty-message"),
        ({"external_id": "1", "choice": "never.0"}, 422, "choice-not-offered"),
        ({"external_id": "1", "choice": "/restart"}, 422, "choice-not-offered"),
        ({"external_id": "1", "choice": "desk:back_to_assistant"}, 422, "choice-not-offered"),
        ({"external_id": "1", "choice": "\x00.0"}, 422, "choice-not-offered"),
        ({"external_id": "1"}, 422, "invalid-request"),
        ({"external_id": "1", "text": "a", "choice": "b.0"}, 422, "invalid-request"),
        ({"external_id": "", "text": "a"}, 422, "invalid-request"),
        ({"external_id": "x" * 201, "text": "a"}, 422, "invalid-request"),
        ({"external_id": "a\x00b", "text": "a"}, 422, "invalid-request"),
        ({"text": "a"}, 422, "invalid-request"),
        ({"external_id": 7, "text": ["a"]}, 422, "invalid-request"),
        ([], 422, "invalid-request"),
        (None, 422, "invalid-request"),
    ],
)
async def test_a_wrong_message_is_refused_by_name(
    shared: Running, body: Any, status: int, kind: str
) -> None:
    shopper = await shared.shopper(locale="en")

    response = await shopper.post(body)

    assert (status, kind) == (response.status_code, response.json()["type"])
    assert response.headers["content-type"] == "application/problem+json"
    assert await is_alive(shopper)
    assert [message.text for message in shared.heard(shopper)] == ["still there?"]


@pytest.mark.parametrize(
    "raw",
    [
        b"{broken",
        b"",
        b"\xff\xfe\x00",
        b'{"external_id": "1", "text": "\\ud800"}',
        b'{"external_id": "\\udfff", "text": "hello"}',
        b"[" * 60_000,
        b'{"external_id": "1", "text": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"external_id": "1", "text": NaN}',
        b'{"external_id": "1", "text": 1e999999}',
    ],
    ids=[
        "broken",
        "empty",
        "no UTF-8",
        "lone surrogate",
        "surrogate in the id",
        "deep",
        "deep and closed",
        "NaN",
        "infinity",
    ],
)
async def test_a_body_that_is_no_message_is_refused(quick: Running, raw: bytes) -> None:
    shopper = await quick.shopper()
    headers = {**shopper.headers, "Content-Type": "application/json"}

    response = await quick.client.post(f"{shopper.path}/messages", content=raw, headers=headers)

    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"
    assert await is_alive(shopper)


async def test_a_body_of_a_million_characters_is_refused_unread(quick: Running) -> None:
    shopper = await quick.shopper()

    declared = await shopper.post({"external_id": "1", "text": "字" * 1_000_000})

    async def pieces() -> Any:
        for _ in range(100):
            yield b"x" * 10_000

    chunked = await quick.client.post(
        f"{shopper.path}/messages", content=pieces(), headers=shopper.headers
    )
    for response in (declared, chunked):
        assert (response.status_code, response.json()["type"]) == (413, "body-too-large")
    assert await is_alive(shopper)


async def test_a_text_of_exactly_the_longest_length_is_taken(shared: Running) -> None:
    """Emoji count as characters, not as bytes: 2,000 of them fit."""
    shopper = await shared.shopper()
    await shopper.say("😀" * 2000)
    await until(lambda: shared.heard(shopper))
    assert shared.heard(shopper)[0].text == "😀" * 2000


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("/restart", "/restart"),
        ('/check_order_status{"order_number":"X"}', '/check_order_status{"order_number":"X"}'),
        ("👍🏽", "👍🏽"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("急急急\x00\x1b[31m", "急急急[31m"),
        ("one\r\ntwo\u2028three", "one\ntwo\u2028three"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE messages; --", "'; DROP TABLE messages; --"),
        ("?", "?"),
    ],
)
async def test_whatever_a_person_types_is_text(shared: Running, said: str, heard: str) -> None:
    shopper = await shared.shopper()
    await shopper.say(said)

    async with shopper.follow() as stream:
        assert heard == await stream.says("shopper")
        assert f"echo: {heard}" == await stream.says("bot")
    request = shared.heard(shopper)[0]
    assert (heard, None) == (request.text, request.choice)


@pytest.mark.parametrize("token", [None, "wrong", "é", "a" * 5000])
async def test_a_wrong_token_opens_nothing(quick: Running, token: str | None) -> None:
    shopper = await quick.shopper()
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    body = {"external_id": "1", "text": "hello"}

    said = await quick.client.post(f"{shopper.path}/messages", json=body, headers=headers)
    read = await quick.client.get(f"{shopper.path}/events", headers=headers)

    for response in (said, read):
        assert (response.status_code, response.json()["type"]) == (401, "wrong-token")
        assert response.headers["www-authenticate"] == "Bearer"
    assert await is_alive(shopper)


async def test_another_conversations_token_opens_nothing(quick: Running) -> None:
    mine, other = await quick.shopper(), await quick.shopper()
    body = {"external_id": "1", "text": "hello"}

    said = await quick.client.post(f"{other.path}/messages", json=body, headers=mine.headers)
    read = await quick.client.get(f"{other.path}/events", params={"token": mine.token})

    assert (said.status_code, read.status_code) == (401, 401)
    assert await is_alive(mine)
    assert await is_alive(other)


@pytest.mark.parametrize(
    "unknown",
    ["nobody", "0" * 32, "%00", "a" * 3000, "..%2F..", "é"],
    ids=["word", "zeros", "NUL", "long", "path", "accent"],
)
async def test_an_unknown_conversation_is_not_found(shared: Running, unknown: str) -> None:
    headers = {"Authorization": "Bearer anything"}
    path = f"/chat/conversations/{unknown}"

    said = await shared.client.post(
        f"{path}/messages", json={"external_id": "1", "text": "a"}, headers=headers
    )
    read = await shared.client.get(f"{path}/events", headers=headers)

    assert (said.status_code, read.status_code) == (404, 404)
    assert read.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("shopper_token", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_wrong_shopper_token_starts_nothing(quick: Running, shopper_token: str) -> None:
    response = await quick.client.post("/chat/conversations", json={"shopper_token": shopper_token})

    assert (response.status_code, response.json()["type"]) == (401, "invalid-shopper-token")


@pytest.mark.parametrize("locale", ["zh-Hant-TW", "fr", "", None, "\x00", "😀"])
async def test_any_locale_starts_a_conversation(shared: Running, locale: str | None) -> None:
    assert await is_alive(await shared.shopper(locale=locale))


@pytest.mark.parametrize(
    ("failure", "locale", "text", "apology"),
    [
        (AssistantUnavailable("refused"), "en", "hello", "the assistant can't answer"),
        (AssistantTimeout("15 s"), "zh", "你好", "暂时无法回答"),
        (AssistantRefused("500"), None, "你好", "暂时无法回答"),
        (AssistantRefused("500"), None, "hello", "the assistant can't answer"),
    ],
)
async def test_a_failing_assistant_means_an_apology_and_a_ticket(
    running: Running, failure: Exception, locale: str | None, text: str, apology: str
) -> None:
    shopper = await running.shopper(locale=locale)
    running.assistant.failure = failure  # type: ignore[assignment]

    asked = await shopper.say(text)
    said, sorry, owner, _ = await shopper.log(4)

    assert text == said.data["text"]
    assert sorry.data["sender"] == "system"
    assert apology in sorry.data["text"]
    assert owner.data == {"owner": "queue", "position": 1, "ticket": 1}
    ticket = (await running.client.get("/api/tickets/1", headers=running.service)).json()
    assert (ticket["reason"], ticket["priority"]) == ("back_end_failed", "high")
    assert asked == ticket["transcript"]["messages"][0]["id"]


@pytest.mark.parametrize("replies", [(), (Reply(text=None),), (Reply(text="  "),)])
async def test_an_empty_answer_counts_as_a_failure(
    quick: Running, replies: tuple[Reply, ...]
) -> None:
    quick.assistant.script = lambda message: Turn(replies, understood("greet"))
    shopper = await quick.shopper()

    await shopper.say("hello")

    _, sorry, owner, _ = await shopper.log(4)
    assert sorry.data["sender"] == "system"
    assert owner.data["owner"] == "queue"
    ticket = (await quick.client.get("/api/tickets/1", headers=quick.service)).json()
    assert ticket["intent"] == "greet"


async def test_a_ticket_the_turn_made_before_it_failed_is_the_one_that_stays(
    quick: Running,
) -> None:
    shopper = await quick.shopper()
    quick.assistant.pause()
    turn = await shopper.say("help")
    await until(lambda: quick.assistant.received)
    await quick.ticket(shopper.id, key=turn, turn=turn, reason="complaint", summary="knows more")
    quick.assistant.script = lambda message: Turn((), understood("complain"))
    quick.assistant._answered[turn] = Turn((), understood("complain"))
    quick.assistant.resume()
    await quick.desk.turns.idle()

    page = (await quick.client.get("/api/tickets", headers=quick.service)).json()
    assert [(ticket["reason"], ticket["summary"]) for ticket in page["items"]] == [
        ("complaint", "knows more")
    ]


async def test_no_error_is_a_500_and_none_tells_what_was_sent(quick: Running) -> None:
    shopper = await quick.shopper()

    response = await shopper.post({"external_id": 7, "text": {"phone": "13812345678"}})

    assert response.status_code == 422
    assert "13812345678" not in json.dumps(response.json())


async def test_a_message_of_each_kind_while_the_assistant_is_away_is_kept(
    quick: Running,
) -> None:
    """While it restarts, the first message gets an apology and the next wait for a person."""
    shopper = await quick.shopper()
    quick.assistant.failure = AssistantUnavailable("restarting")
    for number in range(3):
        await shopper.say(f"message {number}")
    await quick.desk.turns.idle()
    quick.assistant.failure = None

    ticket = (await quick.client.get("/api/tickets/1", headers=quick.service)).json()
    shoppers = [
        message["text"]
        for message in ticket["transcript"]["messages"]
        if message["sender"] == "shopper"
    ]
    assert shoppers == ["message 0", "message 1", "message 2"]
    notice = next(message for message in ticket["transcript"]["messages"] if message["choices"])
    await shopper.pick(notice["choices"][0]["id"])
    assert await is_alive(shopper)
