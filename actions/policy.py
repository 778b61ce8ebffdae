"""What the shop promises on delivery and returns, read from `data/policy.toml`."""

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from integrations.settings import ROOT, SettingsError
from integrations.shop.models import LocalizedText, Money

POLICY_FILE = ROOT / "data" / "policy.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Domestic(_Strict):
    """Delivery within the country."""

    days: str
    carriers: tuple[str, ...] = Field(min_length=1)
    fee: Money
    free_over: Money


class Abroad(_Strict):
    """Delivery to other countries."""

    days: str
    carriers: tuple[str, ...] = Field(min_length=1)
    fee: Money


class Delivery(_Strict):
    """When and how goods go out."""

    cutoff: str
    """Time of day; what is paid by then is dispatched the same day."""
    domestic: Domestic
    abroad: Abroad


class Returns(_Strict):
    """What may come back, and for how long after delivery."""

    return_days: int = Field(ge=0)
    exchange_days: int = Field(ge=0)
    refund_days: int = Field(ge=0)
    """Working days after the goods are back."""
    not_returnable: LocalizedText


class ShopPolicy(_Strict):
    """The whole file."""

    timezone: str
    """Dates and times are told in it."""
    order_number_example: str
    delivery: Delivery
    returns: Returns

    @field_validator("timezone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"no such time zone: {name}") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)


def load_policy(path: Path = POLICY_FILE) -> ShopPolicy:
    """Read the policy file.

    Raises:
        SettingsError: it is missing, no TOML, or a value in it is missing or wrong; one line.
    """
    try:
        with path.open("rb") as file:
            return ShopPolicy.model_validate(tomllib.load(file))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{path}: {name}: {first['msg']}") from None
