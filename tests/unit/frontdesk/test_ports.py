"""Where the processes listen, and what is said when they cannot."""

import socket

import pytest

from frontdesk.errors import AddressNotOurs, CannotRun, PortTaken
from frontdesk.ports import Listener, listeners, require_free
from integrations.settings import Settings


def settings(**values: object) -> Settings:
    return Settings(**values)


def test_a_taken_port_is_refused_with_the_setting_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            require_free(Listener("the desk", "127.0.0.1", port, "FRONTDESK_DESK_PORT"))
    assert str(port) in str(refused.value)
    assert "FRONTDESK_DESK_PORT" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_port_is_free_once_its_listener_is_gone() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
    require_free(Listener("the desk", "127.0.0.1", port, "FRONTDESK_DESK_PORT"))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CannotRun, match="FRONTDESK_DESK_PORT"):
        require_free(Listener("the desk", "192.0.2.1", 8000, "FRONTDESK_DESK_PORT"))


@pytest.mark.parametrize(
    "url",
    [
        "http://assistant.internal:5005",
        "https://127.0.0.1:5005",
        "http://127.0.0.1",
        "http://127.0.0.1:99999",
        "nonsense",
    ],
)
def test_up_starts_the_assistant_only_on_a_port_of_the_loopback(url: str) -> None:
    with pytest.raises(AddressNotOurs, match="FRONTDESK_ASSISTANT_URL"):
        listeners(settings(assistant_url=url))


def test_two_processes_cannot_share_a_port() -> None:
    with pytest.raises(CannotRun, match="both given port 5055"):
        listeners(settings(assistant_url="http://127.0.0.1:5055"))


def test_the_three_addresses_come_from_the_settings() -> None:
    found = listeners(
        settings(
            desk_port=1001,
            assistant_url="http://127.0.0.1:1002",
            actions_url="http://localhost:1003",
        )
    )
    assert [listener.port for listener in found] == [1001, 1002, 1003]
