"""`frontdesk shop`, as a person types it."""

from pathlib import Path

import pytest

from frontdesk import __main__ as command_line
from integrations.settings import load_settings
from tests.integration.shop.test_import import FILES, write


@pytest.fixture(autouse=True)
def own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("FRONTDESK_SHOP_DATABASE_URL", raising=False)
    load_settings.cache_clear()


@pytest.fixture
def frontdesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run a command line; return its exit code, output and errors."""

    def run(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["frontdesk", *map(str, arguments)])
        try:
            code: object = command_line.main() or 0
        except SystemExit as ended:
            code = ended.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_an_import_tells_what_became_of_the_rows(frontdesk, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = write(tmp_path / "export", FILES)
    code, said, _ = frontdesk("shop", "import", folder)
    assert code == 0
    assert "orders: 2 new, 0 changed, 0 unchanged" in said
    code, said, _ = frontdesk("shop", "import", folder)
    assert "orders: 0 new, 0 changed, 2 unchanged" in said


def test_a_bad_export_ends_with_every_problem_and_one_line(frontdesk, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    # Lines, parcels and returns refer to these orders; their rows are not bad for it.
    bad = FILES["orders.csv"].replace("938.90", "much").replace("39.90", "more")
    code, said, errors = frontdesk(
        "shop", "import", write(tmp_path / "x", {**FILES, "orders.csv": bad})
    )
    assert (code, said) == (1, "")
    assert "orders.csv:2: total: 'much' is not an amount" in errors
    assert "orders.csv:3: total: 'more' is not an amount" in errors
    assert "frontdesk: 2 problems; nothing was imported" in errors


def test_a_folder_that_is_none_is_one_line(frontdesk, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, _, errors = frontdesk("shop", "import", tmp_path / "nowhere")
    assert code == 1
    assert errors.strip().endswith("is not a folder")
