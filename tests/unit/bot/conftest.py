"""What the bot's tests share: a processor that decides by script instead of by a model."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import structlog
from aiohttp import web
from rasa.core.actions.action import ActionListen, action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import remote_action
from bot.lock_store import DeskLockStore
from bot.request import DeskMessage

# Rasa logs every step of every message unless it is told not to.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

DOMAIN = """
version: "3.1"
intents: [greet, check_order_status]
entities: [language, order_number]
slots:
  language:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: language}]
  order_number:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: order_number}]
actions: [action_order_status, action_other]
responses:
  utter_greet:
    - text: 您好
      condition: [{type: slot, name: language, value: zh}]
      buttons: [{title: 查订单, payload: /check_order_status}]
    - text: Hello
"""


class ScriptedProcessor(MessageProcessor):
    """Rasa's processor with the model replaced: what is understood and done comes from a test."""

    def __init__(self, store: TrackerStore, endpoint: EndpointConfig | None = None) -> None:
        self.domain = Domain.from_yaml(DOMAIN)
        store.domain = self.domain
        self.tracker_store = store
        self.nlg = TemplatedNaturalLanguageGenerator(self.domain.responses)
        self.action_endpoint = endpoint
        self.max_number_of_predictions = 10
        self.on_circuit_break = None
        self.model_filename = "abc123.tar.gz"
        self.model_metadata = type("Metadata", (), {"model_id": "m", "assistant_id": "a"})()
        self.actions: list[str] = ["utter_greet"]
        self.parsed: list[str] = []
        self.parse: dict[str, Any] = {"intent": {"name": "greet", "confidence": 0.9}}

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        self.parsed.append(message.text)
        return {"text": message.text, "entities": [], "intent_ranking": [], **self.parse}

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Any, PolicyPrediction]:
        names = [*self.actions, "action_listen"]
        done = 0
        for event in reversed(tracker.events):
            if event.type_name == "user":
                break
            done += event.type_name == "action"
        name = names[done]
        prediction = PolicyPrediction.for_action_name(self.domain, name, "Scripted", 1.0)
        action = (
            ActionListen()
            if name == "action_listen"
            else action_for_name_or_text(name, self.domain, self.action_endpoint)
        )
        return action, prediction


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    # Sanic sets uvloop's, whose servers do not close while a client keeps its connection.
    return asyncio.DefaultEventLoopPolicy()


@pytest.fixture
def processor() -> ScriptedProcessor:
    return ScriptedProcessor(InMemoryTrackerStore(Domain.empty()))


@pytest.fixture
def agent(processor: ScriptedProcessor) -> Agent:
    return agent_of(processor)


def agent_of(processor: ScriptedProcessor | None) -> Agent:
    agent = Agent(lock_store=DeskLockStore(EndpointConfig(url="")))
    if processor is not None:
        agent.processor = processor
        agent.domain = processor.domain
        agent.tracker_store = processor.tracker_store
    return agent


@pytest.fixture
def empty_agent() -> Agent:
    return agent_of(None)


@pytest.fixture
def message() -> Callable[..., DeskMessage]:
    def make(message: str = "m1", text: str = "hi", **fields: Any) -> DeskMessage:
        values: dict[str, Any] = {
            "conversation": "c1",
            "locale": None,
            "identity": None,
            "redelivered": False,
            **fields,
        }
        return DeskMessage(message=message, text=text, **values)

    return make


class ActionServer:
    """An action server on loopback whose answers a test sets; keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, str]] = lambda _call: (
            200,
            json.dumps({"events": [], "responses": []}),
        )
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.calls.append(call)
        status, body = self.answer(call)
        return web.Response(status=status, text=body, content_type="application/json")

    def answers(self, body: Any, status: int = 200) -> None:
        self.answer = lambda _call: (status, body if isinstance(body, str) else json.dumps(body))


@pytest.fixture
async def action_server() -> AsyncIterator[ActionServer]:
    server = ActionServer()
    app = web.Application(client_max_size=10**8)
    app.router.add_post("/webhook", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    server.url = f"http://127.0.0.1:{port}/webhook"
    yield server
    await remote_action.DeskAction.close()
    await runner.cleanup()


@pytest.fixture
def installed() -> Iterator[None]:
    """Install `DeskAction` for a test and put Rasa's own back after it."""
    import rasa.core.actions.action
    import rasa.core.actions.forms

    original = rasa.core.actions.action.RemoteAction
    timeout = remote_action.DeskAction.timeout_seconds
    remote_action.install(timeout_seconds=2)
    yield
    rasa.core.actions.action.RemoteAction = original
    rasa.core.actions.forms.RemoteAction = original
    remote_action.DeskAction.timeout_seconds = timeout


@pytest.fixture
def scripted() -> Callable[..., ScriptedProcessor]:
    return ScriptedProcessor
