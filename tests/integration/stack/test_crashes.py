"""Any process may be killed at any moment: nothing is lost, nothing happens twice."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.stack import RECOVERY_SECONDS, Shopper, Stack


def told_once(shopper: Shopper, said: list[str]) -> None:
    """Every message was kept, in order, once, and answered; nothing was shown twice."""
    ids = [message["id"] for message in shopper.messages]
    assert len(ids) == len(set(ids))
    own = [each["text"] for each in shopper.messages if each["sender"] == "shopper"]
    assert own == said


async def again_with_the_assistant(shopper: Shopper) -> list[str]:
    """Go back to the assistant if the failure had passed the talk on; return what was said."""
    if shopper.owner == "bot":
        return []
    offered = [
        choice["title"]
        for message in reversed(shopper.messages)
        for choice in message.get("choices") or []
    ]
    await shopper.choose(offered[0])
    await shopper.until(lambda: shopper.owner == "bot")
    return [offered[0]]


@pytest.mark.parametrize("name", ["assistant", "actions", "desk"])
async def test_a_killed_process_loses_and_repeats_nothing(
    stack: Stack, customer: Shopper, name: str
) -> None:
    order = stack.shopper("en")["order_number"]
    said = ["hello", f"where is my order {order}"]
    await customer.ask(said[0])
    restarts = stack.process(name)["restarts"]

    external_id = await customer.say(said[1])
    stack.kill(name)
    await customer.answers(external_id, RECOVERY_SECONDS)
    await asyncio.to_thread(stack.wait_restarted, name, restarts)

    said += await again_with_the_assistant(customer)
    said.append(f"where is my order {order}")
    answer = await customer.ask(said[-1])
    cards = [each["card"] for each in answer if each.get("card")]
    assert [card.get("number") or card["order_number"] for card in cards] == [order]
    told_once(customer, said)


async def test_a_message_while_the_assistant_restarts_is_answered(
    stack: Stack, guest: Shopper
) -> None:
    restarts = stack.process("assistant")["restarts"]
    await asyncio.to_thread(stack.kill, "assistant")
    answer = await guest.ask("你们几天发货")
    assert answer[0]["text"]
    await asyncio.to_thread(stack.wait_restarted, "assistant", restarts)
    said = ["你们几天发货", *await again_with_the_assistant(guest), "你们几天发货"]
    assert await guest.ask(said[-1])
    told_once(guest, said)


async def test_a_killed_desk_opens_one_ticket_for_one_request(stack: Stack, guest: Shopper) -> None:
    restarts = stack.process("desk")["restarts"]
    external_id = await guest.say("转人工")
    stack.kill("desk")
    await guest.answers(external_id, RECOVERY_SECONDS)
    await asyncio.to_thread(stack.wait_restarted, "desk", restarts)
    await guest.until(lambda: guest.owner == "queue")
    tickets = await asyncio.to_thread(tickets_of, stack, guest.conversation)
    assert len(tickets) == 1
    told_once(guest, ["转人工"])


def tickets_of(stack: Stack, conversation: str) -> list[dict[str, Any]]:
    """Return a conversation's tickets, as an agent lists them."""
    with httpx.Client(base_url=stack.url, timeout=30.0, trust_env=False) as http:
        login = stack.demo["agents"][0]
        token = http.post("/api/sessions", json=login).raise_for_status().json()["token"]
        listed = http.get("/api/tickets", headers={"Authorization": f"Bearer {token}"})
        items: list[dict[str, Any]] = listed.raise_for_status().json()["items"]
    return [each for each in items if each["conversation"] == conversation]
