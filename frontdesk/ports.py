"""Which ports the processes of one installation listen on, and whether they are free."""

import errno
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from frontdesk.errors import AddressNotOurs, CannotRun, PortTaken
from integrations.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Listener:
    """One address a process of ours listens on."""

    what: str
    host: str
    port: int
    setting: str


def listeners(settings: Settings) -> list[Listener]:
    """Return the desk's, the assistant's and the action server's addresses.

    Raises:
        AddressNotOurs: the assistant or the action server is not given a port of the loopback.
        CannotRun: two of them are given the same port.
    """
    found = [Listener("the desk", settings.desk_host, settings.desk_port, "FRONTDESK_DESK_PORT")]
    for what, url, setting in (
        ("the assistant", settings.assistant_url, "FRONTDESK_ASSISTANT_URL"),
        ("the action server", settings.actions_url, "FRONTDESK_ACTIONS_URL"),
    ):
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = None
        if parts.scheme != "http" or parts.hostname not in LOOPBACK or port is None:
            raise AddressNotOurs(what, url, setting)
        found.append(Listener(what, "127.0.0.1", port, setting))
    taken: dict[int, Listener] = {}
    for listener in found:
        other = taken.setdefault(listener.port, listener)
        if other is not listener:
            raise CannotRun(
                f"{other.what} and {listener.what} were both given port {listener.port}; "
                f"change {other.setting} or {listener.setting}"
            )
    return found


def require_free(listener: Listener) -> None:
    """Check that nobody listens there.

    Raises:
        PortTaken: somebody does.
        CannotRun: the address is none of this machine's, or the port needs more rights.
    """
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: a port in TIME_WAIT after our own last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listener.host, listener.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(
                    listener.what, listener.host, listener.port, listener.setting
                ) from None
            raise CannotRun(
                f"{listener.what} cannot listen on {listener.host}:{listener.port}: "
                f"{error.strerror or error}; see {listener.setting}"
            ) from None
