"""Serve the actions: `python -m actions --host 127.0.0.1 --port 5055`.

One process that ends when it is told to, so that whoever started it can stop, kill and restart it
without a worker left behind on the port. Many machines run several of these.
"""

import argparse
import logging
import signal
import sys
import warnings

from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions.ports import close_ports, open_ports
from integrations.settings import SettingsError


def main() -> None:
    """Serve until told to stop; a wrong setting is one line and exit code 1."""
    # The port answers a moment before Sanic's own handler of the signal stands.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    parser = argparse.ArgumentParser(prog="actions", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    try:
        level = open_ports().log_level.upper()
    except SettingsError as error:
        raise SystemExit(f"frontdesk: {error}") from None
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s")
    serve(arguments.host, arguments.port)


def serve(host: str, port: int) -> None:
    """Serve all journeys at `host:port` in this process, until SIGTERM or SIGINT."""
    from rasa_sdk.endpoint import create_app

    executor = ActionExecutor()
    executor.register_package("actions")
    # Only the assistant calls us; no browser page may.
    app = create_app(executor, cors_origins=[])
    app.register_listener(_close, "after_server_stop")
    app.prepare(host=host, port=port, single_process=True, access_log=False, motd=False)
    # rasa-sdk 3.21 serves Rasa 3.6 (tests/conversations show it), and doubts it at every call.
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    Sanic.serve_single(primary=app)


async def _close(_app: object) -> None:
    await close_ports()


if __name__ == "__main__":
    main()
