from pathlib import Path

import pytest

from integrations.shop.importing.mapping import read_mapping
from integrations.shop.importing.problems import ImportRefused

KINDS = {
    "customers": frozenset({"id", "name"}),
    "orders": frozenset({"number", "state"}),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").touch()
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_mapping_files_and_columns_have_our_names(folder: Path) -> None:
    mapping = read_mapping(folder, KINDS)
    assert list(mapping.tables) == ["orders"]
    assert mapping.tables["orders"].theirs("number") == "number"


def test_a_mapping_names_files_columns_and_words(folder: Path) -> None:
    (folder / "orders.csv").rename(folder / "订单.csv")
    write(
        folder,
        """
        encoding = "gb18030"
        timezone = "+08:00"
        [orders]
        file = "订单.csv"
        columns = { number = "订单号" }
        values.state = { "待发货" = "paid" }
        """,
    )
    mapping = read_mapping(folder, KINDS)
    orders = mapping.tables["orders"]
    assert (mapping.encoding, orders.path.name) == ("gb18030", "订单.csv")
    assert orders.theirs("number") == "订单号"
    assert orders.values["state"]["待发货"] == "paid"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("encoding = 'utf-16'", "utf-16 is not supported"),
        ("encoding = 'klingon'", "no encoding is called"),
        ("timezone = 'Mars/Base'", "no time zone is called"),
        ("currency = 'yuan'", "currency"),
        ("delimiter = ';;'", "delimiter"),
        ("colour = 'red'", "colour"),
        ("[invoices]\nfile = 'x.csv'", "invoices"),
        ("[orders]\nfile = 'gone.csv'", "gone.csv"),
        ("[orders]\nfile = 'orders.xlsx'", "must end with"),
        ("[orders.columns]\nnumer = 'No'", "no column 'numer'"),
        ("[orders", "mapping.toml"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_reason(folder: Path, text: str, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason) as caught:
        read_mapping(write(folder, text), KINDS)
    assert "\n" not in str(caught.value)


def test_a_folder_without_exports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"holds none of customers\.csv, orders\.csv"):
        read_mapping(tmp_path, KINDS)
    with pytest.raises(ImportRefused, match="is not a folder"):
        read_mapping(tmp_path / "nowhere", KINDS)


def test_a_file_nobody_reads_is_refused(folder: Path) -> None:
    (folder / "cutsomers.csv").touch()
    with pytest.raises(ImportRefused, match=r"nothing says what cutsomers\.csv holds"):
        read_mapping(folder, KINDS)


def test_two_files_of_one_kind_are_refused(folder: Path) -> None:
    (folder / "orders.jsonl").touch()
    with pytest.raises(ImportRefused, match="keep one"):
        read_mapping(folder, KINDS)
