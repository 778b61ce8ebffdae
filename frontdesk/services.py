"""The three processes of an installation: how each starts, and where it tells that it is well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from frontdesk.installation import BOT_PYTHON, PYTHON
from integrations.settings import Settings


@dataclass(frozen=True)
class Service:
    """One long-running process."""

    name: str
    """Also the name of its log."""
    label: str
    """As a person is told."""
    command: tuple[str | Path, ...]
    environment: Mapping[str, str] = field(repr=False)
    """Holds secrets."""
    health_url: str
    start_seconds: float
    """How long it may take until it is well, on a slow machine."""


def catalogue_path(settings: Settings) -> Path:
    """Return where the assistant reads the shop's products from."""
    return settings.var_dir / "catalogue.jsonl"


def assistant(settings: Settings, model: Path) -> Service:
    """Return how Rasa is run: on the loopback, with our channel only."""
    port = urlsplit(settings.assistant_url).port
    return Service(
        name="assistant",
        label="the assistant",
        command=(
            *(BOT_PYTHON, "-m", "rasa", "run", "--model", model),
            *("--interface", "127.0.0.1", "--port", str(port)),
            *("--credentials", "credentials.yml", "--endpoints", "endpoints.yml"),
        ),
        environment={
            **_common(settings),
            "FRONTDESK_ASSISTANT_TOKEN": settings.assistant_token.get_secret_value(),
            "FRONTDESK_ACTIONS_WEBHOOK": f"{settings.actions_url}/webhook",
            "FRONTDESK_TRACKER_DATABASE_URL": settings.tracker_database,
            "FRONTDESK_REDIS_URL": settings.redis_url or "",
            "FRONTDESK_CATALOGUE": str(catalogue_path(settings)),
            "FRONTDESK_ACTION_TIMEOUT_SECONDS": str(settings.action_timeout_seconds),
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        health_url=f"{settings.assistant_url}/webhooks/desk/health",
        start_seconds=180,
    )


def actions(settings: Settings) -> Service:
    """Return how the action server is run."""
    port = urlsplit(settings.actions_url).port
    return Service(
        name="actions",
        label="the action server",
        command=(PYTHON, "-m", "actions", "--host", "127.0.0.1", "--port", str(port)),
        environment=_common(settings),
        health_url=f"{settings.actions_url}/health",
        start_seconds=60,
    )


def desk(settings: Settings) -> Service:
    """Return how the desk service is run."""
    return Service(
        name="desk",
        label="the desk",
        command=(
            *(PYTHON, "-m", "uvicorn", "--factory", "ticketing.web.app:create_app"),
            *("--host", settings.desk_host, "--port", str(settings.desk_port)),
            *("--workers", str(settings.desk_workers)),
            # Shoppers' event streams never end by themselves.
            *("--timeout-graceful-shutdown", "5"),
            # The desk writes its own, structured log.
            *("--no-access-log", "--log-level", "warning"),
        ),
        environment=_common(settings),
        health_url=f"{settings.desk_url}/health/live",
        start_seconds=60,
    )


def _common(settings: Settings) -> dict[str, str]:
    return {
        "FRONTDESK_VAR_DIR": str(settings.var_dir),
        "PYTHONUNBUFFERED": "1",
    }
