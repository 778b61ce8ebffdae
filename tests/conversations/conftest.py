"""The trained assistant, really running, with its action server and a small shop behind it.

Started once per session: the assistant as a process of its own on a free port, the action server in
the tests' event loop, so that a test can take the shop down under it.
"""

import asyncio
import inspect
import json
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import Action
from rasa_sdk.utils import all_subclasses
from sanic import Sanic

from actions.entitlement import Identity
from actions.ports import Ports
from frontdesk.training import ensure_model
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.settings import ROOT
from integrations.shop.fake import FakeShop
from tests.conversations.shopper import Language, Shopper
from tests.conversations.world import PRODUCTS, make_ports
from tests.services import free_port

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
START_SECONDS = 180.0
STOP_SECONDS = 10.0
LOG_LINES = 30


# rasa-sdk 3.21 serves Rasa 3.6 (that is what these tests show), and doubts it at every call.
VERSIONS_DIFFER = "ignore:Your versions of rasa and rasa_sdk:UserWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the action server's doubts pass in the conversations, which run in its loop."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(VERSIONS_DIFFER))


class World:
    """What stands behind the assistant; made anew for each test."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin with a shop in which everything works and a desk without tickets."""
        made = make_ports()
        self.ports: Ports = made[0]
        self.shop: FakeShop = made[1]
        self.helpdesk: FakeHelpdesk = made[2]


@pytest_asyncio.fixture(scope="session")
async def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[World, str, str]]:
    """Yield the world, the assistant's address and its token."""
    folder = tmp_path_factory.mktemp("assistant")
    world = World()
    token = secrets.token_hex(16)
    model = await asyncio.to_thread(ensure_model, print)
    async with action_server(world) as webhook, assistant(folder, model, token, webhook) as url:
        yield world, url, token


@asynccontextmanager
async def action_server(world: World) -> AsyncIterator[str]:
    """Serve the actions on `world` in this event loop; yield the webhook's address."""
    executor = ActionExecutor()
    executor.register_package("actions")
    for journey in all_subclasses(Action):
        if journey.__module__.startswith("actions.") and not inspect.isabstract(journey):
            executor.register_action(journey(lambda: world.ports))
    app = create_app(executor, cors_origins=[])
    port = free_port()
    server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    try:
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        server.close()
        await server.wait_closed()
        Sanic.unregister_app(app)


@asynccontextmanager
async def assistant(folder: Path, model: Path, token: str, webhook: str) -> AsyncIterator[str]:
    """Run Rasa with our channel on `model`; yield its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    catalogue = folder / "catalogue.jsonl"
    rows = ({"sku": one.sku, "zh": one.name.zh, "en": one.name.en} for one in PRODUCTS)
    catalogue.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    log = folder / "assistant.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(BOT_PYTHON, "-m", "rasa", "run", "--model", model),
            *("--interface", "127.0.0.1", "--port", str(port)),
            *("--credentials", "credentials.yml", "--endpoints", "endpoints.yml"),
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env={
                **os.environ,
                "FRONTDESK_ASSISTANT_TOKEN": token,
                "FRONTDESK_ACTIONS_WEBHOOK": webhook,
                "FRONTDESK_TRACKER_DATABASE_URL": f"sqlite:///{folder / 'tracker.db'}",
                "FRONTDESK_REDIS_URL": "",
                "FRONTDESK_CATALOGUE": str(catalogue),
                "FRONTDESK_ACTION_TIMEOUT_SECONDS": "8",
                "RASA_TELEMETRY_ENABLED": "false",
                "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
                "TF_CPP_MIN_LOG_LEVEL": "3",
            },
        )
    try:
        await _ready(url, process, log)
        yield url
    finally:
        await _end(process)


async def _ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(trust_env=False) as client:
        while True:
            if process.returncode is not None:
                last = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
                pytest.fail("the assistant ended:\n" + "\n".join(last))
            try:
                health = await client.get(f"{url}/webhooks/desk/health")
            except httpx.TransportError:
                health = None
            if health is not None and health.is_success:
                return
            await asyncio.sleep(0.5)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


@pytest.fixture
def world(running: tuple[World, str, str]) -> World:
    """Return what stands behind the assistant, as new."""
    running[0].reset()
    return running[0]


@pytest.fixture
def shop(world: World) -> FakeShop:
    """Return the shop."""
    return world.shop


@pytest.fixture
def helpdesk(world: World) -> FakeHelpdesk:
    """Return the desk."""
    return world.helpdesk


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    """Return the shopper's language: every scenario is played in both and ends alike."""
    chosen: Language = request.param
    return chosen


NewShopper = Callable[..., Shopper]


@pytest_asyncio.fixture
async def new_shopper(
    running: tuple[World, str, str], world: World, language: Language
) -> AsyncIterator[NewShopper]:
    """Yield a maker of shoppers in a conversation of their own: `new_shopper(identity)`."""
    _, url, token = running
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:

        def make(identity: Identity | None = None) -> Shopper:
            return Shopper(client, world.helpdesk, f"c-{secrets.token_hex(6)}", language, identity)

        yield make
