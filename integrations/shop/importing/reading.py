"""Reading one exported file, row by row, with every bad cell reported where it stands."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.shop.importing.kinds import Column, Kind
from integrations.shop.importing.mapping import ExportMapping, TableMapping
from integrations.shop.importing.problems import BadValue, Problem, Report
from integrations.shop.sql.rows import Record

Cells = dict[str, str]
"""The export's own column → the cell's text, trimmed."""


@dataclass(frozen=True, slots=True)
class Good:
    """A row that makes a record."""

    record: Record
    """The line it stands on, then the values in the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row with a problem, which was reported."""

    key: tuple[str | None, ...]
    """What it would be known by, as far as that could be read."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a column's text comes from."""

    column: Column
    theirs: str
    """Its name in the export."""
    constant: str
    """What stands in for an empty cell."""
    words: Mapping[str, str]


class ExportFile:
    """One file of an export, read once."""

    def __init__(
        self,
        kind: Kind,
        export: ExportMapping,
        *,
        report: Report,
        advance: Callable[[int], None],
    ) -> None:
        """Read the file of `kind`; `advance` is told how many bytes were read since last time."""
        self._kind = kind
        self._export = export
        self._mapping: TableMapping = export.tables[kind.name]
        self._tell = report
        self._advance = advance

    def rows(self) -> Iterator[Good | Bad]:
        """Yield every row, as the record it makes or as the one it was meant to be."""
        rows = self._csv_rows if self._mapping.path.suffix == ".csv" else self._json_rows
        sources = [self._source(column) for column in self._kind.columns]
        for line, cells in rows():
            yield self._row(line, cells, sources)

    def _source(self, column: Column) -> Source:
        mapping = self._mapping
        constant = mapping.constants.get(column.name) or self._export.defaults.get(column.name, "")
        words = mapping.values.get(column.name, {})
        return Source(column, mapping.theirs(column.name), constant, words)

    def _row(self, line: int, cells: Cells, sources: list[Source]) -> Good | Bad:
        row: dict[str, Any] = {}
        customs = self._export.customs
        good = True
        for source in sources:
            column = source.column
            text = cells.get(source.theirs) or source.constant
            if source.words:
                text = source.words.get(text, text)
            if not text:
                if column.required:
                    self._report(line, source.theirs, "empty")
                    good = False
                row[column.name] = column.default
                continue
            try:
                row[column.name] = column.read(text, customs)
            except BadValue as bad:
                self._report(line, source.theirs, str(bad))
                good = False
        if good:
            try:
                return Good((line, *self._kind.record(row, line)))
            except BadValue as bad:
                self._report(line, self._mapping.theirs(bad.column or ""), str(bad))
        return Bad(tuple(row.get(column) for column in self._kind.key))

    def _csv_rows(self) -> Iterator[tuple[int, Cells]]:
        reader = csv.reader(self._lines(), delimiter=self._export.delimiter, strict=True)
        before = 0
        header: list[str] | None = None
        try:
            for row in reader:
                line, before = before + 1, reader.line_num
                if not any(map(str.strip, row)):
                    continue
                if header is None:
                    header = [name.strip() for name in row]
                    if not self._header_is_good(line, header):
                        return
                elif len(row) != len(header):
                    self._report(line, "", f"{len(row)} cells where the header has {len(header)}")
                else:
                    yield line, dict(zip(header, map(str.strip, row), strict=True))
        except csv.Error as error:
            self._report(before + 1, "", f"not readable as CSV from here on: {error}")
        if header is None:
            self._report(1, "", "the file is empty; its first line must name the columns")

    def _header_is_good(self, line: int, header: list[str]) -> bool:
        good = True
        for name in sorted({name for name in header if name and header.count(name) > 1}):
            self._report(line, name, "the header names this column twice")
            good = False
        for column in self._kind.columns:
            source = self._source(column)
            if column.required and not source.constant and source.theirs not in header:
                reason = f"the file has no such column (for {column.name})"
                self._report(line, source.theirs, reason)
                good = False
        return good

    def _json_rows(self) -> Iterator[tuple[int, Cells]]:
        for line, text in enumerate(self._lines(), start=1):
            if not text.strip():
                continue
            try:
                # Numbers stay as they are written: 0.1 is not a float, and ids keep their zeros.
                entry = json.loads(text, parse_float=str, parse_int=str)
            except (json.JSONDecodeError, RecursionError) as error:
                self._report(line, "", f"not JSON: {error}")
                continue
            if not isinstance(entry, dict):
                self._report(line, "", "not a JSON object")
                continue
            cells = _flat(entry)
            if "\\u" in text and not all(map(_storable, cells.values())):
                self._report(line, "", "an escape that stands for no character")
                continue
            yield line, cells

    def _lines(self) -> Iterator[str]:
        encoding = self._export.encoding
        with self._mapping.path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                self._advance(len(raw))
                try:
                    text = raw.decode(encoding)
                except UnicodeDecodeError as error:
                    self._report(number, "", f"byte {error.start + 1} is not {encoding}")
                    text = raw.decode(encoding, "replace")
                if "\0" in text:
                    self._report(number, "", "a zero byte")
                    text = text.replace("\0", "")
                yield text.removeprefix("\ufeff") if number == 1 else text

    def _report(self, line: int, column: str, reason: str) -> None:
        self._tell(Problem(self._mapping.path.name, line, column, reason))


def _flat(entry: dict[str, Any], prefix: str = "") -> Cells:
    """Return an object's values as text, those of objects in it under `outer.inner`."""
    cells: Cells = {}
    for key, value in entry.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            cells |= _flat(value, f"{name}.")
        elif isinstance(value, bool):
            cells[name] = "true" if value else "false"
        elif value is not None:
            # A list is no single value; the column's reader says what it wanted instead.
            cells[name] = str(value).strip()
    return cells


def _storable(text: str) -> bool:
    """Tell whether a database can hold a text: JSON can escape zero bytes and half characters."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
