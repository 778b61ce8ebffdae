import asyncio
import json
from typing import Any

import pytest

from tests.integration.desk.harness import Running

CASE: dict[str, Any] = {
    "reason": "complaint",
    "language": "zh",
    "intent": "complain",
    "summary": "包裹三天没有更新",
    "slots": {"order_number": "F2026-000101", "failures": 2},
    "order_number": "F2026-000101",
    "order_snapshot": {"number": "F2026-000101", "state": "shipped"},
    "understanding": {"intent": "complain", "confidence": 0.91},
    "failed_action": "action_track_parcel",
}


async def test_a_ticket_holds_all_that_was_known(running: Running) -> None:
    shopper = await running.shopper(locale="zh")
    asked = await shopper.say("快递怎么还不动")
    await running.desk.turns.idle()

    opened = await running.ticket(shopper.id, **CASE)
    read = await running.client.get("/api/tickets/1", headers=running.service)

    assert (
        opened.status_code,
        opened.json(),
    ) == (201, {"number": 1, "state": "new", "position": 1})
    ticket = read.json()
    assert {key: ticket[key] for key in CASE} == CASE
    assert (
        ticket["priority"],
        ticket["factors"],
    ) == ("high", [{"name": "reason:complaint", "points": 50}])
    assert (shopper.id, "queue", "web") == tuple(
        ticket["transcript"][key] for key in ("id", "owner", "channel")
    )
    said, answered, notice = ticket["transcript"]["messages"]
    assert (asked, "shopper", "快递怎么还不动") == (said["id"], said["sender"], said["text"])
    assert tuple(said["understanding"][key] for key in ("intent", "model")) == ("inform", "fake")
    assert (answered["sender"], notice["sender"]) == ("bot", "system")
    assert [(entry["actor"], entry["what"], entry["details"]) for entry in ticket["audit"]] == [
        ("assistant", "opened", {"reason": "complaint"})
    ]


async def test_the_same_key_50_times_at_once_is_one_ticket(running: Running) -> None:
    shopper = await running.shopper()

    responses = await asyncio.gather(*(running.ticket(shopper.id, key="turn-1") for _ in range(50)))

    assert sorted(response.status_code for response in responses) == [200] * 49 + [201]
    assert {1} == {response.json()["number"] for response in responses}
    ticket = (await running.client.get("/api/tickets/1", headers=running.service)).json()
    assert len(ticket["audit"]) == 1
    assert [event.kind for event in await shopper.log(2)] == ["owner", "message"]


async def test_a_conversation_has_one_unfinished_ticket_and_its_facts_grow(
    running: Running,
) -> None:
    shopper = await running.shopper()
    await running.ticket(shopper.id, slots={"a": 1, "b": 2}, summary="first", order_number="F1")

    again = await running.ticket(
        shopper.id, slots={"b": 3, "c": None}, reason="safety", order_number="F2"
    )

    assert (again.status_code, again.json()["number"]) == (200, 1)
    ticket = (await running.client.get("/api/tickets/1", headers=running.service)).json()
    assert ticket["slots"] == {"a": 1, "b": 3}
    assert tuple(ticket[key] for key in ("reason", "priority", "summary", "order_number")) == (
        "safety",
        "urgent",
        "first",
        "F2",
    )
    assert [entry["what"] for entry in ticket["audit"]] == ["opened", "reported_again"]


async def test_another_conversation_cannot_use_a_key(quick: Running) -> None:
    one, two = await quick.shopper(), await quick.shopper()
    await quick.ticket(one.id, key="k")

    refused = await quick.ticket(two.id, key="k")

    assert (refused.status_code, refused.json()["type"]) == (409, "idempotency-key-reused")


async def test_the_position_counts_who_is_worked_first(quick: Running) -> None:
    positions = []
    for reason in ("asked_for_person", "asked_for_person", "safety", "complaint"):
        shopper = await quick.shopper()
        positions.append((await quick.ticket(shopper.id, reason=reason)).json()["position"])

    assert positions == [1, 2, 1, 2]
    ticket = (await quick.client.get("/api/tickets/2", headers=quick.service)).json()
    assert ticket["position"] == 4


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"reason": "boredom"}, 422, "invalid-request"),
        ({"language": "fr"}, 422, "invalid-request"),
        ({"slots": "none"}, 422, "invalid-request"),
        ({"summary": "x" * 4001}, 422, "invalid-request"),
        ({"conversation": "nobody"}, 404, "unknown-conversation"),
        ({"conversation": "\x00"}, 404, "unknown-conversation"),
    ],
)
async def test_a_wrong_report_is_refused(
    shared: Running, change: dict[str, Any], status: int, kind: str
) -> None:
    shopper = await shared.shopper()
    body = {"conversation": shopper.id, **CASE, **change}
    headers = {**shared.service, "Idempotency-Key": "k"}

    response = await shared.client.post("/api/tickets", json=body, headers=headers)

    assert (status, kind) == (response.status_code, response.json()["type"])


async def test_a_report_without_a_key_or_token_is_refused(quick: Running) -> None:
    shopper = await quick.shopper()
    body = {"conversation": shopper.id, **CASE}

    no_key = await quick.client.post("/api/tickets", json=body, headers=quick.service)
    no_token = await quick.client.post("/api/tickets", json=body, headers={"Idempotency-Key": "k"})
    shoppers = await quick.client.post(
        "/api/tickets", json=body, headers={**shopper.headers, "Idempotency-Key": "k"}
    )

    assert no_key.status_code == 422
    assert [
        (response.status_code, response.json()["type"]) for response in (no_token, shoppers)
    ] == [(401, "not-signed-in")] * 2


async def test_characters_a_database_refuses_are_taken_out(running: Running) -> None:
    shopper = await running.shopper()

    body = {
        **CASE,
        "conversation": shopper.id,
        "summary": "a\x00b",
        "slots": {"k\x00": ["\ud800x", {"d": "\x07"}]},
        "intent": "\x00",
    }

    opened = await running.client.post(
        "/api/tickets",
        content=json.dumps(body),
        headers={
            **running.service,
            "Idempotency-Key": "k",
            "Content-Type": "application/json",
        },
    )
    read = await running.client.get("/api/tickets/1", headers=running.service)

    assert (opened.status_code, read.status_code) == (201, 200)
    assert (read.json()["summary"], read.json()["slots"]) == ("ab", {"k": ["x", {"d": ""}]})


async def test_a_turn_of_another_conversation_does_not_hold_up_the_handover(
    quick: Running,
) -> None:
    one, two = await quick.shopper(), await quick.shopper()
    quick.assistant.pause()
    turn = await two.say("hello")

    await quick.ticket(one.id, turn=turn)

    assert (await one.log(1))[0].kind == "owner"


async def test_listing_pages_through_everything_once_newest_first(running: Running) -> None:
    for _ in range(7):
        await running.ticket((await running.shopper()).id)

    seen: list[int] = []
    cursor = None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (
            await running.client.get("/api/tickets", params=params, headers=running.service)
        ).json()
        seen += [ticket["number"] for ticket in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == [7, 6, 5, 4, 3, 2, 1]


FILTERS: tuple[tuple[dict[str, str], list[int]], ...] = (
    ({}, [3, 2, 1]),
    ({"state": "new"}, [3, 2, 1]),
    ({"state": "closed"}, []),
    ({"priority": "urgent"}, [3]),
    ({"reason": "complaint"}, [2]),
    ({"q": "2"}, [2]),
    ({"q": "#2"}, [2]),
    ({"q": "f-77"}, [1]),
    ({"q": "LOST"}, [2]),
    ({"q": "%"}, []),
    ({"q": "_"}, []),
    ({"q": "\x00"}, [3, 2, 1]),
    ({"q": "9" * 100}, []),
    ({"priority": "urgent", "q": "lost"}, []),
)


async def test_listing_filters(running: Running) -> None:
    for case in (
        {"order_number": "F-77"},
        {"reason": "complaint", "summary": "parcel lost"},
        {"reason": "safety"},
    ):
        await running.ticket((await running.shopper()).id, **case)

    for params, found in FILTERS:
        response = await running.client.get("/api/tickets", params=params, headers=running.service)
        assert found == [ticket["number"] for ticket in response.json()["items"]], params


@pytest.mark.parametrize("cursor", ["!", "bjE", "MTI", "bi0x", "é", "bjk5OTk5OTk5OTk5OTk5OQ"])
async def test_a_cursor_is_ours_or_refused(shared: Running, cursor: str) -> None:
    response = await shared.client.get(
        "/api/tickets", params={"cursor": cursor}, headers=shared.service
    )

    expected = 200 if cursor == "bjE" else 422
    assert expected == response.status_code
    if expected != 200:
        assert response.json()["type"] == "bad-cursor"


@pytest.mark.parametrize(
    ("number", "status"), [("999999", 404), ("0", 404), ("-1", 404), (str(2**70), 404), ("x", 422)]
)
async def test_a_ticket_that_is_not_there(shared: Running, number: str, status: int) -> None:
    response = await shared.client.get(f"/api/tickets/{number}", headers=shared.service)

    assert status == response.status_code
