"""What a check found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    what: str
    advice: str = ""
    """What to do; empty when all is well."""


def ok(what: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Level.OK, what)


def warn(what: str, advice: str) -> Finding:
    """Return a finding that Frontdesk can run with."""
    return Finding(Level.WARN, what, advice)


def fail(what: str, advice: str) -> Finding:
    """Return a finding that Frontdesk cannot run with."""
    return Finding(Level.FAIL, what, advice)
