"""Importing a merchant's own exports: all of it or, when any row is bad, nothing.

Files are read in a stream and staged in temporary tables, checked against each other and the shop,
and merged in one transaction. Memory does not grow with the files.
"""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.importing import names
from integrations.shop.importing.kinds import KINDS, ORDER
from integrations.shop.importing.mapping import ExportMapping, read_mapping
from integrations.shop.importing.problems import ImportRefused, Problem, Report
from integrations.shop.importing.reading import Bad, ExportFile, Good
from integrations.shop.importing.staging import LINE, Merged, Staged, rejected, rejected_records
from integrations.shop.sql import tables as t
from integrations.shop.sql.bulk import batches, insert_batch
from integrations.shop.sql.engine import one_transaction, run_blocking
from integrations.shop.sql.store import Progress, no_progress

__all__ = ["BadRows", "ImportRefused", "Merged", "Problem", "import_folder"]


class BadRows(Exception):
    """The export has problems, each of which was reported; nothing was imported."""

    def __init__(self, problems: int) -> None:
        super().__init__(f"{problems} problems; nothing was imported")
        self.problems = problems


def import_folder(
    url: str, folder: Path, *, report: Report, progress: Progress = no_progress
) -> dict[str, Merged]:
    """Import the exports in `folder` into the shop at an async SQLAlchemy URL (migrated).

    Args:
        url: where.
        folder: holds CSV or JSON Lines files and perhaps a `mapping.toml`.
        report: told every problem, as it is found.
        progress: told what is being done, how much of it (bytes, then steps), and of how much.

    Returns:
        What became of each kind's rows, in the order of `KINDS`.

    Raises:
        ImportRefused: the folder or its mapping cannot be understood.
        BadRows: there were problems, and nothing was imported.
        ShopUnavailable: the database cannot be written.
    """
    columns = {name: frozenset(c.name for c in kind.columns) for name, kind in KINDS.items()}
    export = read_mapping(folder, columns)

    async def run() -> dict[str, Merged]:
        async with one_transaction(url, write=True) as connection:
            return await _Import(connection, export, report, progress).run()

    return run_blocking(run)


class _Import:
    """One run, in one transaction."""

    def __init__(
        self,
        connection: AsyncConnection,
        export: ExportMapping,
        report: Report,
        progress: Progress,
    ) -> None:
        self._connection = connection
        self._export = export
        self._report = report
        self._progress = progress
        self._problems = 0
        self._staged: Mapping[str, Staged] = {
            name: Staged(connection, KINDS[name]) for name in KINDS if name in export.tables
        }

    async def run(self) -> dict[str, Merged]:
        """Stage, check, merge; raise `BadRows` rather than let a bad row through."""
        await self._stage()
        await self._check()
        self._stop_if_bad()
        merged = await self._merge()
        await self._check_contents()
        self._stop_if_bad()
        return merged

    async def _stage(self) -> None:
        sizes = {name: self._export.tables[name].path.stat().st_size for name in self._staged}
        total, done = sum(sizes.values()), 0
        await self._connection.run_sync(lambda sync: rejected.create(sync))
        for name, staged in self._staged.items():
            path = self._export.tables[name].path

            def advance(size: int, said: str = f"reading {path.name}") -> None:
                nonlocal done
                done += size
                self._progress(said, done, total)

            file = ExportFile(staged.kind, self._export, report=self._found, advance=advance)
            await staged.create()
            for batch in batches(file.rows()):
                good = [row.record for row in batch if isinstance(row, Good)]
                bad = [row.key for row in batch if isinstance(row, Bad)]
                await insert_batch(self._connection, staged.rows, good)
                await insert_batch(self._connection, rejected, rejected_records(staged.kind, bad))

    async def _check(self) -> None:
        for done, (name, staged) in enumerate(self._staged.items()):
            self._progress(f"checking {name}", done, len(self._staged))
            await staged.settle()
            if name == "order_lines":
                await staged.inherit("state", ORDER, staged="orders" in self._staged)
            async for line, first in staged.contradictions():
                self._bad(name, line, staged.kind.key[0], f"says otherwise than line {first}")
            await staged.drop_repeats()
            async for line, number in staged.clashes():
                self._bad(name, line, staged.kind.key[0], f"reads like {number!r}")
            for reference in staged.kind.references:
                also_staged = reference.kind in self._staged
                async for line, named in staged.dangling(reference, also_staged):
                    reason = f"{named} is in neither {reference.kind} nor the shop"
                    self._bad(name, line, reference.columns[-1], reason)

    async def _merge(self) -> dict[str, Merged]:
        merged: dict[str, Merged] = {}
        for done, (name, staged) in enumerate(self._staged.items()):
            self._progress(f"writing {name}", done, len(self._staged))
            if name == "products":
                await names.note_renamed(self._connection, staged.rows)
            merged[name] = await staged.merge()
            if name == "products":
                await names.index_renamed(self._connection)
        return merged

    async def _check_contents(self) -> None:
        """Report parcel contents that are no line of the parcel's order."""
        staged = self._staged.get("shipment_lines")
        if staged is None:
            return
        lines = t.order_lines
        known = (
            select(lines.c.id)
            .where(
                lines.c.order_number == t.shipments.c.order_number,
                lines.c.id == staged.rows.c.line_id,
            )
            .exists()
        )
        query = (
            select(staged.rows.c[LINE], staged.rows.c.line_id, t.shipments.c.order_number)
            .join(t.shipments, t.shipments.c.tracking_number == staged.rows.c.tracking_number)
            .where(~known)
            .order_by(staged.rows.c[LINE])
        )
        async for line, line_id, order in await self._connection.stream(query):
            self._bad("shipment_lines", line, "line_id", f"{line_id!r} is no line of {order}")

    def _bad(self, kind: str, line: int, column: str, reason: str) -> None:
        mapping = self._export.tables[kind]
        self._found(Problem(mapping.path.name, line, mapping.theirs(column), reason))

    def _found(self, problem: Problem) -> None:
        self._problems += 1
        self._report(problem)

    def _stop_if_bad(self) -> None:
        if self._problems:
            raise BadRows(self._problems)
