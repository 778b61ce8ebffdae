"""`docs/how-to/import-your-shop.md` is true: its example imports, its columns are the code's."""

import re
from pathlib import Path

import pytest

from integrations.settings import ROOT
from integrations.shop.importing import import_folder
from integrations.shop.importing.kinds import KINDS
from integrations.shop.importing.mapping import ENDINGS
from integrations.shop.models import ExceptionKind, OrderState, RefundState, ReturnState
from integrations.shop.sql.adapter import SqlShop

TEXT = (ROOT / "docs" / "how-to" / "import-your-shop.md").read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    for name, content in re.findall(r"```\w+ (\S+)\n(.*?)```", TEXT, re.DOTALL):
        assert name == "mapping.toml" or name.endswith(ENDINGS)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


async def test_the_example_imports_as_it_says(migrated_url: str, example: Path) -> None:
    merged = import_folder(migrated_url, example, report=lambda problem: pytest.fail(str(problem)))
    for kind, rows in merged.items():
        assert f"\n{kind}: {rows.added} new, 0 changed, 0 unchanged\n" in TEXT
    shop = SqlShop.open(migrated_url)
    order = await shop.order("202611010001")
    assert (order.placed_at.isoformat(), len(order.lines)) == ("2026-11-01T01:05:00+00:00", 2)
    assert [parcel.carrier for parcel in await shop.shipments_of(order.number)] == ["sf"]
    await shop.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_are_those_of_the_code(kind: str) -> None:
    row = re.search(rf"^\| `{kind}` \| (.*) \|$", TEXT, re.MULTILINE)
    assert row is not None
    said = re.findall(r"(\*\*)?([a-z_]+)(?:\*\*)?(?: \(.*?\))?(?:, |$)", row[1])
    defaulted = {"currency", "locale"}
    assert [(name, bool(bold)) for bold, name in said] == [
        (column.name, column.required and column.name not in defaulted)
        for column in KINDS[kind].columns
    ]


@pytest.mark.parametrize("words", [OrderState, ExceptionKind, ReturnState, RefundState])
def test_every_word_for_a_state_is_told(words: type[OrderState]) -> None:
    assert " ".join(f"`{word}`" for word in words) in " ".join(TEXT.split())
