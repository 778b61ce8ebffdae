import json
from typing import Any

import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction, action_for_name_or_text
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import failures
from bot.remote_action import ActionFailed, DeskAction, install, result_schema

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
actions: [action_order_status]
responses:
  utter_order: [{text: "Order {number}"}]
"""
)


async def run(url: str) -> list[Event]:
    action = DeskAction("action_order_status", EndpointConfig(url=url))
    nlg = TemplatedNaturalLanguageGenerator(DOMAIN.responses)
    tracker = DialogueStateTracker("c1", [])
    return await action.run(CollectingOutputChannel(), nlg, tracker, DOMAIN)


async def fails(url: str) -> str:
    with failures.recorded() as failed, pytest.raises(ActionFailed) as error:
        await run(url)
    assert failed == ["action_order_status"]
    return str(error.value)


async def test_a_server_that_is_down_is_a_recorded_failure() -> None:
    assert "127.0.0.1:1" in await fails("http://127.0.0.1:1/webhook")
    await DeskAction.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"error": "boom"}),
        (404, {"error": "no such action"}),
        (200, {"events": "none"}),
        (200, {"events": [{"no": "event"}], "responses": []}),
        (200, {"responses": ["text"]}),
        (200, "this is not JSON"),
        (200, "[]"),
        (200, "null"),
        (400, "[]"),
    ],
)
async def test_a_broken_answer_is_a_recorded_failure(
    action_server: Any, status: int, body: Any
) -> None:
    action_server.answers(body, status)
    await fails(action_server.url)


async def test_an_action_over_its_time_limit_is_a_recorded_failure(
    action_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeskAction, "timeout_seconds", 1e-6)
    assert "Timeout" in await fails(action_server.url)


async def test_a_missing_endpoint_is_a_recorded_failure() -> None:
    action = DeskAction("action_order_status", None)
    nlg = TemplatedNaturalLanguageGenerator({})
    tracker = DialogueStateTracker("c1", [])
    with failures.recorded() as failed, pytest.raises(ActionFailed):
        await action.run(CollectingOutputChannel(), nlg, tracker, DOMAIN)
    assert failed == ["action_order_status"]


async def test_declining_to_run_is_not_a_failure(action_server: Any) -> None:
    action_server.answers({"error": "not now", "action_name": "action_order_status"}, 400)
    with failures.recorded() as failed, pytest.raises(ActionExecutionRejection):
        await run(action_server.url)
    assert failed == []


async def test_a_server_that_never_takes_the_domain_is_a_failure_and_not_a_loop(
    action_server: Any,
) -> None:
    action_server.answers({"error": "domain?"}, 449)
    await fails(action_server.url)
    assert len(action_server.calls) == 2


async def test_the_domain_travels_only_when_it_is_asked_for(action_server: Any) -> None:
    known: list[str] = []

    def answer(call: dict[str, Any]) -> tuple[int, str]:
        if call["domain_digest"] not in known and "domain" not in call:
            return 449, json.dumps({"error": "domain?"})
        known.append(call["domain_digest"])
        return 200, json.dumps({"events": [], "responses": []})

    action_server.answer = answer
    for _ in range(3):
        await run(action_server.url)
    assert ["domain" in call for call in action_server.calls] == [False, True, False, False]
    assert "responses" not in action_server.calls[1]["domain"]


async def test_events_and_utterances_come_back_with_values_filled_in(action_server: Any) -> None:
    card = {"type": "order"}
    action_server.answers(
        {
            "events": [{"event": "slot", "name": "language", "value": "zh", "timestamp": None}],
            "responses": [{"response": "utter_order", "number": "FD1", "custom": card}],
        }
    )
    said, slot = await run(action_server.url)
    assert isinstance(said, BotUttered)
    assert (said.text, said.data["custom"]) == ("Order FD1", card)
    assert said.metadata["utter_action"] == "utter_order"
    assert slot == SlotSet("language", "zh")


def test_the_schema_is_compiled_once() -> None:
    assert result_schema() is result_schema()


def test_nothing_is_replaced_before_it_is_installed() -> None:
    plain = action_for_name_or_text("action_order_status", DOMAIN, None)
    assert type(plain) is RemoteAction


def test_once_installed_every_custom_action_is_ours(installed: None) -> None:
    ours = action_for_name_or_text("action_order_status", DOMAIN, None)
    assert type(ours) is DeskAction


def test_the_call_gets_a_second_more_than_the_action(installed: None) -> None:
    install(timeout_seconds=8)
    assert DeskAction.timeout_seconds == 9
