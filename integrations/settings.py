"""Every setting of Frontdesk, in one typed class.

Read from `FRONTDESK_*` variables, then `frontdesk.toml`, then files in `var/secrets/` (one file per
secret, named `frontdesk_<setting>`), then the defaults below. A wrong value is one clear line at
start: see `load_settings`.
"""

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableValue

ROOT = Path(__file__).resolve().parent.parent
TOML_FILE = ROOT / "frontdesk.toml"

SECRETS = ("assistant_token", "service_token", "shopper_token_secret")
"""Settings whose value is never shown."""


class SettingsError(Exception):
    """A setting is wrong; the message is one line a person can act on."""


class Settings(BaseSettings):
    """The settings of one installation. Paths are relative to the checkout."""

    model_config = SettingsConfigDict(
        env_prefix="FRONTDESK_",
        toml_file=TOML_FILE,
        secrets_dir=None,
        extra="forbid",
        frozen=True,
    )

    environment: Literal["development", "production"] = "development"
    """Production refuses generated secrets and the demo page."""

    var_dir: Path = ROOT / "var"
    """Databases of the embedded form, logs, generated secrets."""
    models_dir: Path = ROOT / "models"

    desk_host: str = "127.0.0.1"
    desk_port: int = Field(8000, ge=1, le=65535)
    desk_workers: int = Field(1, ge=1, le=64)
    public_url: str | None = None
    """Where shoppers reach the desk; the listening address when unset."""
    assistant_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    allowed_origins: list[str] = Field(default_factory=list)
    """Shop pages that may embed the widget, e.g. `https://shop.example`."""

    database_url: str = ""
    """The desk's database; SQLite under `var_dir` when empty."""
    shop_database_url: str = ""
    """The shop's database of the SQL adapter; SQLite under `var_dir` when empty."""
    tracker_database_url: str = ""
    """Rasa's tracker store (a synchronous SQLAlchemy URL); SQLite under `var_dir` when empty."""
    redis_url: str | None = None
    """Shared locks and live events; in-process when unset (one desk process only)."""

    shop_adapter: Literal["sql", "fake"] = "sql"
    shop_timeout_seconds: float = Field(5.0, gt=0, le=50)
    """One question to the shop; under the action's limit, so that the action can still say so."""

    assistant_token: SecretStr = SecretStr("")
    service_token: SecretStr = SecretStr("")
    """What the action server shows the desk."""
    shopper_token_secret: SecretStr = SecretStr("")
    """The shop's page signs shopper tokens with it (JWT, HS256)."""

    assistant_timeout_seconds: float = Field(15.0, gt=0, le=55)
    """One assistant turn; under Rasa's 60 s lock lifetime."""
    action_timeout_seconds: float = Field(8.0, gt=0, le=50)
    """One custom action, its back-end calls included."""
    identity_attempts: int = Field(5, ge=1, le=100)
    identity_lock_minutes: int = Field(15, ge=1, le=1440)
    message_max_chars: int = Field(2000, ge=1, le=20000)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("var_dir", "models_dir")
    @classmethod
    def _from_the_checkout(cls, path: Path) -> Path:
        """Make a folder absolute: every process means the same one, wherever it was started."""
        return ROOT / path.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the signature is pydantic's)
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, file, secrets."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, toml, file_secret_settings

    def sqlite_url(self, name: str) -> str:
        """Return the async SQLite URL of `var_dir/<name>.db`."""
        return f"sqlite+aiosqlite:///{(self.var_dir / name).with_suffix('.db')}"

    @property
    def desk_database(self) -> str:
        """The desk's database URL (async driver)."""
        return self.database_url or self.sqlite_url("desk")

    @property
    def shop_database(self) -> str:
        """The shop's database URL (async driver)."""
        return self.shop_database_url or self.sqlite_url("shop")

    @property
    def tracker_database(self) -> str:
        """Rasa's tracker database URL (sync driver)."""
        return self.tracker_database_url or f"sqlite:///{self.var_dir / 'tracker.db'}"

    @property
    def desk_url(self) -> str:
        """Where the desk is reached on this machine."""
        return f"http://{self.desk_host}:{self.desk_port}"


def _read() -> Settings:
    # The secrets folder must be known before the settings that name it are read.
    var_dir = Settings.model_fields["var_dir"].default
    if TOML_FILE.exists():
        var_dir = tomllib.loads(TOML_FILE.read_text(encoding="utf-8")).get("var_dir", var_dir)
    var_dir = Path(os.environ.get("FRONTDESK_VAR_DIR") or var_dir).expanduser()
    secrets = ROOT / var_dir / "secrets"
    return Settings(_secrets_dir=secrets if secrets.is_dir() else None)


@lru_cache
def load_settings() -> Settings:
    """Read the settings once per process.

    Raises:
        SettingsError: a value is missing, unknown or out of range; its message names the setting.
    """
    try:
        return _read()
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{TOML_FILE} is not TOML: {error}") from None
    except UnreadableValue as error:
        # Its text names the field and the source; the cause is what is wrong with the value.
        raise SettingsError(f"{error} ({error.__cause__})") from None
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        shown = "" if name in SECRETS else f" (got {first.get('input')!r})"
        raise SettingsError(f"setting FRONTDESK_{name.upper()}: {first['msg']}{shown}") from None
