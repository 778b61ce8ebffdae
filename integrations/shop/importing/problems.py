"""What is wrong with a merchant's export."""

from collections.abc import Callable
from dataclasses import dataclass


class ImportRefused(Exception):
    """The folder or its mapping file cannot be read as an export; the message is one line."""


class BadValue(ValueError):
    """A cell cannot be what its column is for; the message is the reason."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why nothing was imported."""

    file: str
    line: int
    """Line of the file, from 1, where the row begins."""
    column: str
    """The export's own name of the column; empty when it is about the whole row."""
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.line}", self.column, self.reason)))


Report = Callable[[Problem], None]
"""Told each problem as it is found, so that no number of them fills the memory."""
