"""The database's part of an import: rows are staged, checked as sets, then merged as sets."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.importing.kinds import KINDS, Kind, Reference
from integrations.shop.sql.rows import Record

LINE = "import_line"
"""The staged column that says where in its file a row stands."""
NOT_CONTENT = ("position",)
"""Columns that follow from where a row stands, and do not make two rows differ."""


rejected = Table(
    "import_rejected",
    MetaData(),
    Column("kind", String(40), nullable=False),
    Column("first", String, nullable=False),
    Column("second", String),
    Index("ix_import_rejected", "kind", "first"),
    prefixes=["TEMPORARY"],
)
"""Keys of rows that were reported as bad, so that rows which refer to them are not bad as well."""


def rejected_records(kind: Kind, keys: Iterable[tuple[str | None, ...]]) -> list[Record]:
    """Return what is noted of bad rows; nothing of those without a readable key."""
    return [
        (kind.name, key[0], key[1] if len(key) > 1 else None) for key in keys if key[0] is not None
    ]


def staging_table(kind: Kind) -> Table:
    """Return the temporary table that rows of a kind wait in."""
    return Table(
        f"import_{kind.table.name}",
        MetaData(),
        Column(LINE, Integer, nullable=False),
        *(Column(column.name, column.type) for column in kind.table.columns),
        prefixes=["TEMPORARY"],
    )


class Staged:
    """The rows of one kind that wait to be merged."""

    def __init__(self, connection: AsyncConnection, kind: Kind) -> None:
        """Use temporary tables of `connection`."""
        self._connection = connection
        self.kind = kind
        self.rows = staging_table(kind)

    async def create(self) -> None:
        """Make the table."""
        await self._connection.run_sync(lambda sync: self.rows.create(sync))

    async def settle(self) -> None:
        """Index what was staged, and tell the planner about it."""
        keys = [self.rows.c[name] for name in self.kind.key]
        index = Index(f"ix_{self.rows.name}", *keys, self.rows.c[LINE])
        await self._connection.run_sync(lambda sync: index.create(sync))
        await self._connection.execute(text(f"ANALYZE {self.rows.name}"))

    async def inherit(self, column: str, reference: Reference, *, staged: bool) -> None:
        """Fill an empty column from the record referred to, the export's before the shop's."""
        target = KINDS[reference.kind]
        places = [staging_table(target), target.table] if staged else [target.table]
        theirs = [
            select(place.c[column])
            .where(
                *(
                    place.c[to] == self.rows.c[own]
                    for to, own in zip(reference.to, reference.columns, strict=True)
                )
            )
            .limit(1)
            .scalar_subquery()
            for place in places
        ]
        await self._connection.execute(
            update(self.rows)
            .where(self.rows.c[column].is_(None))
            .values({column: func.coalesce(*theirs) if staged else theirs[0]})
        )

    async def contradictions(self) -> AsyncIterator[tuple[int, int]]:
        """Yield `(line, first line)` of rows that repeat a record with other content."""
        first = self.rows.alias("first_row")
        earliest = (
            select(*(self.rows.c[name] for name in self.kind.key), func.min(self.rows.c[LINE]))
            .group_by(*(self.rows.c[name] for name in self.kind.key))
            .having(func.count() > 1)
            .subquery("repeated")
        )
        columns = list(earliest.c)
        same_key = _same(self.rows, earliest, self.kind.key)
        query = (
            select(self.rows.c[LINE], first.c[LINE])
            .join(earliest, same_key)
            .join(first, and_(_same(first, self.rows, self.kind.key), first.c[LINE] == columns[-1]))
            .where(self.rows.c[LINE] != first.c[LINE], _differs(self.rows, first, self.kind))
            .order_by(self.rows.c[LINE])
        )
        async for line, first_line in await self._connection.stream(query):
            yield line, first_line

    async def drop_repeats(self) -> None:
        """Keep the first of rows that say the same."""
        other = self.rows.alias("earlier")
        earlier = and_(_same(other, self.rows, self.kind.key), other.c[LINE] < self.rows.c[LINE])
        await self._connection.execute(
            delete(self.rows).where(select(other.c[LINE]).where(earlier).exists())
        )

    async def clashes(self) -> AsyncIterator[tuple[int, str]]:
        """Yield `(line, other number)` of rows whose number reads like another record's."""
        if "key" not in self.kind.table.c:
            return
        name = self.kind.key[0]
        for others in (self.rows.alias("others"), self.kind.table):
            query = (
                select(self.rows.c[LINE], others.c[name])
                .join(others, others.c.key == self.rows.c.key)
                .where(others.c[name] != self.rows.c[name])
                .order_by(self.rows.c[LINE])
            )
            async for line, number in await self._connection.stream(query):
                yield line, number

    async def dangling(self, reference: Reference, staged: bool) -> AsyncIterator[tuple[int, str]]:
        """Yield `(line, what it names)` of rows that refer to nothing.

        `staged` tells whether the export has rows of the kind that is referred to.
        """
        own = [self.rows.c[name] for name in reference.columns]
        target = KINDS[reference.kind]
        places: list[Table] = [target.table]
        if staged:
            places.append(staging_table(target))
        known = [
            select(place.c[reference.to[0]])
            .where(*(place.c[to] == mine for to, mine in zip(reference.to, own, strict=True)))
            .exists()
            for place in places
        ]
        bad = [rejected.c.kind == reference.kind, rejected.c.first == own[0]]
        if len(own) > 1:
            bad.append(func.coalesce(rejected.c.second, own[1]) == own[1])
        known.append(select(rejected.c.kind).where(*bad).exists())
        query = (
            select(self.rows.c[LINE], *own)
            .where(own[-1].is_not(None), ~or_(*known))
            .order_by(self.rows.c[LINE])
        )
        async for line, *named in await self._connection.stream(query):
            yield line, " ".join(map(repr, named))

    async def merge(self) -> "Merged":
        """Write the staged rows over those of the shop; those that say the same are not touched."""
        table, staged = self.kind.table, self.rows
        same = _same(table, staged, self.kind.key)
        new = select(func.count()).where(~select(table.c[self.kind.key[0]]).where(same).exists())
        added = await self._connection.scalar(new.select_from(staged)) or 0
        total = await self._connection.scalar(select(func.count()).select_from(staged)) or 0
        names = [column.name for column in table.columns]
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        rows = select(*(staged.c[name] for name in names)).where(true())
        statement = dialect.insert(table).from_select(names, rows)
        content = [name for name in names if name not in self.kind.key]
        if content:
            statement = statement.on_conflict_do_update(
                index_elements=list(self.kind.key),
                set_={name: statement.excluded[name] for name in content},
                where=or_(
                    *(table.c[name].is_distinct_from(statement.excluded[name]) for name in content)
                ),
            )
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(self.kind.key))
        written = (await self._connection.execute(statement)).rowcount
        return Merged(added, written - added, total - written)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows of one kind."""

    added: int
    changed: int
    unchanged: int


def _same(left: FromClause, right: FromClause, columns: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(left.c[name] == right.c[name] for name in columns))


def _differs(left: FromClause, right: FromClause, kind: Kind) -> ColumnElement[bool]:
    return or_(
        *(
            left.c[column.name].is_distinct_from(right.c[column.name])
            for column in kind.table.columns
            if column.name not in (*kind.key, *NOT_CONTENT)
        ),
        false(),
    )
