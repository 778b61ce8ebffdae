"""`mapping.toml`: what the merchant's files and columns are called, and how values are written."""

import codecs
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from integrations.shop.importing.problems import ImportRefused
from integrations.shop.importing.values import Customs

MAPPING_FILE = "mapping.toml"
ENDINGS = (".csv", ".jsonl")

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except LookupError:
        raise ValueError(f"no encoding is called {name!r}") from None
    if "\n".encode(found.name) != b"\n":
        raise ValueError(f"{name} is not supported; save the files as UTF-8")
    return found.name


def _zone(name: str) -> str:
    time_zone(name)
    return name


def time_zone(name: str) -> tzinfo:
    """Return the zone of an offset such as `+08:00`, or of a name such as `Asia/Shanghai`."""
    if name.upper() in ("UTC", "Z"):
        return UTC
    if matched := _OFFSET.fullmatch(name):
        sign, hours, minutes = matched.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if sign == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"no time zone is called {name!r}; an offset such as +08:00 works too"
        ) from None


class _Table(BaseModel):
    """What one file is called and how its columns are."""

    model_config = ConfigDict(extra="forbid")

    file: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)


class _File(BaseModel):
    """The whole mapping file."""

    model_config = ConfigDict(extra="forbid")

    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    time_format: str | None = None
    currency: str = Field("CNY", pattern="^[A-Z]{3}$")
    locale: str = Field("zh", pattern="^(zh|en)$")
    country_code: str = Field("", pattern="^[0-9]{0,3}$")
    tables: dict[str, _Table] = Field(default_factory=dict)


@dataclass(frozen=True)
class TableMapping:
    """How one kind of record is exported."""

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our column → theirs, where they differ."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Our column → what it holds in every row, where they have no such column."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Our column → their word → ours."""

    def theirs(self, column: str) -> str:
        """Return what the export calls one of our columns."""
        return self.columns.get(column, column)


@dataclass(frozen=True)
class ExportMapping:
    """How a whole export is to be read."""

    encoding: str
    delimiter: str
    customs: Customs
    defaults: Mapping[str, str]
    """Our column → its value in every file that has none of its own."""
    tables: Mapping[str, TableMapping]
    """By kind of record; only kinds that have a file."""


def read_mapping(folder: Path, kinds: Mapping[str, frozenset[str]]) -> ExportMapping:
    """Return how the export in `folder` is to be read; `kinds` are ours, with their columns.

    Raises:
        ImportRefused: there is nothing to import, or the mapping cannot be understood.
    """
    if not folder.is_dir():
        raise ImportRefused(f"{folder} is not a folder")
    said = _read(folder / MAPPING_FILE, frozenset(kinds))
    tables: dict[str, TableMapping] = {}
    for kind, columns in kinds.items():
        table = said.tables.get(kind, _Table())
        for of in (table.columns, table.constants, table.values):
            for column in of:
                if column not in columns:
                    raise ImportRefused(f"{MAPPING_FILE}: {kind} have no column {column!r}")
        path = _find(folder, kind, table.file)
        if path is not None:
            tables[kind] = TableMapping(path, table.columns, table.constants, table.values)
    if not tables:
        raise ImportRefused(f"{folder} holds none of {', '.join(f'{kind}.csv' for kind in kinds)}")
    _refuse_unclaimed(folder, {table.path for table in tables.values()})
    return ExportMapping(
        encoding=said.encoding,
        delimiter=said.delimiter,
        customs=Customs(time_zone(said.timezone), said.time_format, said.country_code),
        defaults={"currency": said.currency, "locale": said.locale},
        tables=tables,
    )


def _read(path: Path, kinds: frozenset[str]) -> _File:
    if not path.exists():
        return _File()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        # Tables stand at the top level of the file, beside the settings for all of them.
        tables = {name: raw.pop(name) for name in list(raw) if name in kinds}
        return _File(**raw, tables=tables)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "tables")
        raise ImportRefused(f"{path.name}: {where}: {first['msg']}") from error


def _find(folder: Path, kind: str, named: str | None) -> Path | None:
    if named is not None:
        path = folder / named
        if path.suffix not in ENDINGS:
            raise ImportRefused(f"{MAPPING_FILE}: {kind}.file must end with .csv or .jsonl")
        if not path.is_file():
            raise ImportRefused(f"{MAPPING_FILE}: {kind}.file names {named!r}, which is not there")
        return path
    found = [path for ending in ENDINGS if (path := folder / f"{kind}{ending}").is_file()]
    if len(found) > 1:
        raise ImportRefused(f"both {found[0].name} and {found[1].name} are there; keep one")
    return found[0] if found else None


def _refuse_unclaimed(folder: Path, claimed: set[Path]) -> None:
    """Refuse a file nobody reads: more likely a slip in its name than meant to be left out."""
    for path in sorted(folder.iterdir()):
        if path.suffix in ENDINGS and path not in claimed:
            raise ImportRefused(f"nothing says what {path.name} holds; name it in {MAPPING_FILE}")
