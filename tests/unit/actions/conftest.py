"""The small shop and desk, anew for each test."""

import pytest

from actions.ports import Ports
from integrations.helpdesk.fake import FakeHelpdesk
from integrations.shop.fake import FakeShop
from tests.conversations.world import make_ports


@pytest.fixture
def world() -> tuple[Ports, FakeShop, FakeHelpdesk]:
    """Return the ports with the fakes behind them."""
    return make_ports()


@pytest.fixture
def ports(world: tuple[Ports, FakeShop, FakeHelpdesk]) -> Ports:
    """Return what the journeys ask."""
    return world[0]


@pytest.fixture
def shop(world: tuple[Ports, FakeShop, FakeHelpdesk]) -> FakeShop:
    """Return the shop behind the ports."""
    return world[1]


@pytest.fixture
def helpdesk(world: tuple[Ports, FakeShop, FakeHelpdesk]) -> FakeHelpdesk:
    """Return the desk behind the ports."""
    return world[2]
