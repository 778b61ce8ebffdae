"""Reading one exported file, row by row, with every bad cell reported where it stands."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from integrations.shop.importing.kinds import Column, Kind
from integrations.shop.importing.mapping import ExportMapping, TableMapping
from integrations.shop.importing.problems import BadValue, Problem, Report
from integrations.shop.sql.rows import Record

Cells = dict[str, str]
"""The export's own column → the cell's text, trimmed."""


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

    def records(self) -> Iterator[Record]:
        """Yield `(line, *values in the order of the table's columns)` for each good row."""
        rows = self._csv_rows if self._mapping.path.suffix == ".csv" else self._json_rows
        readers = [(column, self._source(column)) for column in self._kind.columns]
        for line, cells in rows():
            record = self._record(line, cells, readers)
            if record is not None:
                yield (line, *record)

    def _source(self, column: Column) -> tuple[str, str, dict[str, str]]:
        """Return their name for a column, what stands in it if they have none, their words."""
        mapping = self._mapping
        constant = mapping.constants.get(column.name) or self._export.defaults.get(column.name, "")
        return mapping.theirs(column.name), constant, dict(mapping.values.get(column.name, {}))

    def _record(
        self, line: int, cells: Cells, readers: list[tuple[Column, tuple[str, str, dict[str, str]]]]
    ) -> Record | None:
        row: dict[str, Any] = {}
        customs = self._export.customs
        good = True
        for column, (theirs, constant, words) in readers:
            text = cells.get(theirs) or constant
            if words:
                text = words.get(text, text)
            if not text:
                if column.required:
                    self._report(line, theirs, "empty")
                    good = False
                row[column.name] = column.default
                continue
            try:
                row[column.name] = column.read(text, customs)
            except BadValue as bad:
                self._report(line, theirs, str(bad))
                good = False
        if not good:
            return None
        try:
            return self._kind.record(row, line)
        except BadValue as bad:
            self._report(line, self._mapping.theirs(bad.column or ""), str(bad))
            return None

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
            theirs, constant, _ = self._source(column)
            if column.required and not constant and theirs not in header:
                self._report(line, theirs, f"the file has no such column (for {column.name})")
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
            yield line, _flat(entry)

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
