"""A merchant's exports, on SQLite and PostgreSQL."""

import json
from pathlib import Path

import pytest

from integrations.shop.errors import NotInShop
from integrations.shop.importing import BadRows, Merged, Problem, import_folder
from integrations.shop.models import OrderState, ShipmentState
from integrations.shop.sql.adapter import SqlShop

FILES = {
    "customers.csv": """
        id,name,locale,email,phone
        C1,林梅,zh,mei@example.com,15400001234
        C2,Tom Reed,en,tom@example.org,+1 202-555-0143
    """,
    "products.csv": """
        sku,name_zh,name_en,price,currency,stock
        CUP,陶瓷马克杯,Ceramic Mug,39.90,CNY,5
        COAT,羊毛大衣,Wool Coat,899,CNY,0
    """,
    "product_attributes.csv": """
        sku,code,text_zh,text_en
        COAT,material,80% 羊毛,80 % wool
        COAT,care,仅限干洗,Dry-clean only
    """,
    "orders.csv": """
        number,customer_id,state,placed_at,total,phone,address
        FD-1,C1,shipped,2026-11-01 09:00,938.90,15400001234,"杭州市, 中山路1号"
        FD-2,C2,pending_payment,2026-11-03T08:00:00Z,39.90,+12025550143,1 Elm Street
    """,
    "order_lines.csv": """
        order_number,id,sku,name_zh,name_en,quantity,unit_price,state
        FD-1,1,COAT,羊毛大衣,Wool Coat,1,899,
        FD-1,2,CUP,陶瓷马克杯,,1,39.90,delivered
        FD-2,,CUP,陶瓷马克杯,Ceramic Mug,1,39.90,
    """,
    "shipments.csv": """
        tracking_number,carrier,order_number,state,estimated_to
        SF1390000000001,sf,FD-1,in_transit,2026-11-05
    """,
    "shipment_lines.csv": """
        tracking_number,line_id
        SF1390000000001,1
    """,
    "shipment_events.csv": """
        tracking_number,at,state,description_zh,location_zh
        SF1390000000001,2026-11-02 10:00,in_transit,已揽收,杭州
        SF1390000000001,2026-11-02 10:00,in_transit,已揽收,杭州
        SF1390000000001,2026-11-03 10:00,in_transit,已到达,上海
    """,
    "returns.csv": """
        number,order_number,line_id,state,requested_at
        R1,FD-1,2,requested,2026-11-03
    """,
    "refunds.csv": """
        id,order_number,return_number,amount,state,created_at,promised_by
        F1,FD-1,R1,39.90,pending,2026-11-03,2026-11-10
    """,
}
MAPPING = """
timezone = "+08:00"
currency = "CNY"
country_code = "86"
"""


def write(folder: Path, files: dict[str, str], mapping: str = MAPPING) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    for name, text in files.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write(tmp_path / "export", FILES)


def run(url: str, folder: Path) -> dict[str, Merged]:
    def complain(problem: Problem) -> None:
        raise AssertionError(str(problem))

    return import_folder(url, folder, report=complain)


def problems(url: str, folder: Path) -> list[str]:
    found: list[str] = []
    with pytest.raises(BadRows):
        import_folder(url, folder, report=lambda problem: found.append(str(problem)))
    return found


async def test_what_is_exported_is_what_the_shop_then_says(migrated_url: str, export: Path) -> None:
    run(migrated_url, export)
    shop = SqlShop.open(migrated_url)
    order = await shop.order("fd1")
    assert [(line.id, line.state) for line in order.lines] == [
        ("1", OrderState.SHIPPED),
        ("2", OrderState.DELIVERED),
    ]
    assert order.placed_at.isoformat() == "2026-11-01T01:00:00+00:00"
    assert (order.phone, str(order.total.amount)) == ("+8615400001234", "938.90")
    assert order.lines[1].name.en == "陶瓷马克杯"
    parcel = await shop.shipment("SF1390000000001")
    assert (parcel.state, parcel.line_ids) == (ShipmentState.IN_TRANSIT, ("1",))
    assert [scan.description.zh for scan in parcel.events] == ["已到达", "已揽收"]
    assert list((await shop.product("COAT")).attributes) == ["material", "care"]
    assert [found.sku for found in await shop.find_products("wool coat")] == ["COAT"]
    assert [entry.number for entry in await shop.returns_of("FD-1")] == ["R1"]
    assert [refund.id for refund in await shop.refunds_of("FD-1")] == ["F1"]
    assert [line.id for line in (await shop.order("FD-2")).lines] == ["CUP"]
    await shop.close()


def test_a_repeated_import_changes_nothing(migrated_url: str, export: Path) -> None:
    first = run(migrated_url, export)
    second = run(migrated_url, export)
    assert {name: rows.added for name, rows in first.items()} == {
        name: rows.unchanged for name, rows in second.items()
    }
    assert {(rows.added, rows.changed) for rows in second.values()} == {(0, 0)}


async def test_only_what_differs_is_changed(migrated_url: str, export: Path) -> None:
    run(migrated_url, export)
    text = FILES["products.csv"].replace("Ceramic Mug", "Porcelain Cup") + "HAT,帽子,Hat,20,CNY,1"
    write(export, {"products.csv": text})
    assert run(migrated_url, export)["products"] == Merged(added=1, changed=1, unchanged=1)
    shop = SqlShop.open(migrated_url)
    assert [found.sku for found in await shop.find_products("porcelain cup")] == ["CUP"]
    assert await shop.find_products("ceramic") == []
    await shop.close()


async def test_one_bad_row_keeps_everything_out(migrated_url: str, export: Path) -> None:
    write(export, {"refunds.csv": FILES["refunds.csv"].replace("39.90", "a lot")})
    assert problems(migrated_url, export) == ["refunds.csv:2: amount: 'a lot' is not an amount"]
    shop = SqlShop.open(migrated_url)
    with pytest.raises(NotInShop):
        await shop.order("FD-1")
    assert [product async for product in shop.catalogue()] == []
    await shop.close()


def test_every_bad_cell_is_reported_where_it_stands(migrated_url: str, export: Path) -> None:
    mapping = MAPPING + '[orders.columns]\nplaced_at = "下单时间"\n'
    orders = """
        number,customer_id,state,下单时间,total,phone
        FD-1,C1,sent,2026-11-31,1.005,15400001234
        FD-2,C2,paid,2026-11-03

        ,C1,paid,2026-11-03,5,15400001234
        FD-4,C1,paid,2026-11-03,1.005,15400001234
        FD-5,C1,paid,2026-11-03,1,
    """
    write(export, {"orders.csv": orders}, mapping)
    found = problems(migrated_url, export)
    states = "pending_payment, paid, packed, shipped, delivered, completed, cancelled"
    assert [entry for entry in found if entry.startswith("orders.csv")] == [
        f"orders.csv:2: state: 'sent' is none of {states}",
        "orders.csv:2: 下单时间: '2026-11-31' is not a time like 2026-11-03 09:05:00",
        "orders.csv:3: 4 cells where the header has 6",
        "orders.csv:5: number: empty",
        "orders.csv:6: total: 1.005 is finer than the smallest unit of CNY",
        "orders.csv:7: phone: neither phone nor e-mail",
    ]


def test_what_refers_to_nothing_is_reported(migrated_url: str, export: Path) -> None:
    write(
        export,
        {
            "orders.csv": FILES["orders.csv"].replace("FD-2,C2", "FD-2,C9"),
            "shipment_lines.csv": FILES["shipment_lines.csv"] + "SF0,1\n",
            "returns.csv": FILES["returns.csv"].replace("R1,FD-1,2", "R1,FD-1,7"),
        },
    )
    assert problems(migrated_url, export) == [
        "orders.csv:3: customer_id: 'C9' is in neither customers nor the shop",
        "shipment_lines.csv:3: tracking_number: 'SF0' is in neither shipments nor the shop",
        "returns.csv:2: line_id: 'FD-1' '7' is in neither order_lines nor the shop",
    ]


def test_a_parcel_cannot_hold_another_orders_line(migrated_url: str, export: Path) -> None:
    write(export, {"shipment_lines.csv": FILES["shipment_lines.csv"] + "SF1390000000001,CUP\n"})
    assert problems(migrated_url, export) == [
        "shipment_lines.csv:3: line_id: 'CUP' is no line of FD-1"
    ]


def test_rows_may_refer_to_what_the_shop_already_has(migrated_url: str, export: Path) -> None:
    run(migrated_url, export)
    for name in FILES:
        if name != "shipment_events.csv":
            (export / name).unlink()
    more = FILES["shipment_events.csv"] + "SF1390000000001,2026-11-04 10:00,delivered,已签收,上海\n"
    write(export, {"shipment_events.csv": more})
    assert run(migrated_url, export) == {"shipment_events": Merged(1, 0, 2)}


def test_a_record_told_twice_alike_is_one_and_told_otherwise_is_an_error(
    migrated_url: str, export: Path
) -> None:
    again = FILES["customers.csv"].splitlines()[2]
    write(export, {"customers.csv": FILES["customers.csv"] + again})
    assert run(migrated_url, export)["customers"].added == 2
    write(export, {"customers.csv": FILES["customers.csv"] + again.replace("梅", "美")})
    assert problems(migrated_url, export) == ["customers.csv:4: id: says otherwise than line 2"]


def test_two_order_numbers_that_read_alike_are_an_error(migrated_url: str, export: Path) -> None:
    write(export, {"orders.csv": FILES["orders.csv"].replace("FD-2", "fd 1")})
    write(export, {"order_lines.csv": FILES["order_lines.csv"].replace("FD-2", "fd 1")})
    assert problems(migrated_url, export) == [
        "orders.csv:2: number: reads like 'fd 1'",
        "orders.csv:3: number: reads like 'FD-1'",
    ]


def test_one_flat_file_can_hold_orders_and_their_lines(migrated_url: str, tmp_path: Path) -> None:
    flat = """
        No,Buyer,Mail,Created,Total,Item,Title,Price,Status
        1001,C1,mei@example.com,2026-11-01,30.00,CUP,杯子,10.00,已发货
        1001,C1,mei@example.com,2026-11-01,30.00,HAT,帽子,20.00,已发货
    """
    mapping = """
        [customers]
        file = "flat.csv"
        columns = { id = "Buyer", email = "Mail" }
        [orders]
        file = "flat.csv"
        values.state = { "已发货" = "shipped" }
        [orders.columns]
        number = "No"
        customer_id = "Buyer"
        email = "Mail"
        placed_at = "Created"
        total = "Total"
        state = "Status"
        [order_lines]
        file = "flat.csv"
        columns = { order_number = "No", sku = "Item", name_zh = "Title", unit_price = "Price" }
    """
    merged = run(migrated_url, write(tmp_path / "flat", {"flat.csv": flat}, mapping))
    assert {name: rows.added for name, rows in merged.items()} == {
        "customers": 1,
        "orders": 1,
        "order_lines": 2,
    }


async def test_json_lines_keep_numbers_as_they_are_written(
    migrated_url: str, tmp_path: Path
) -> None:
    product = {"sku": 42, "name": {"zh": "帽子", "en": "Hat"}, "price": 0.10, "stock": None}
    folder = tmp_path / "json"
    folder.mkdir()
    (folder / "products.jsonl").write_text(json.dumps(product) + "\n\n", encoding="utf-8")
    (folder / "mapping.toml").write_text(
        '[products]\ncolumns = { name_zh = "name.zh", name_en = "name.en" }\n', encoding="utf-8"
    )
    run(migrated_url, folder)
    shop = SqlShop.open(migrated_url)
    hat = await shop.product("42")
    assert (str(hat.price.amount), hat.name.zh, hat.stock) == ("0.10", "帽子", 0)
    await shop.close()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("customers.csv", b"", "customers.csv:1: the file is empty"),
        ("customers.csv", b"id,name\nC1,x,y\n", "customers.csv:2: 3 cells where"),
        ("customers.csv", b"name\nx\n", "customers.csv:1: id: the file has no such column"),
        ("customers.csv", b"id,id\nC1,C1\n", "customers.csv:1: id: the header names this column"),
        ("customers.csv", b'id,name\nC1,"x\n', "customers.csv:2: not readable as CSV"),
        ("customers.csv", b"id,name\nC1,\xff\xfe\n", "customers.csv:2: byte 4 is not utf-8"),
        ("customers.csv", b"id,name\nC1,a\0b\n", "customers.csv:2: a zero byte"),
        ("customers.jsonl", b'{"id": "C1"\n', "customers.jsonl:1: not JSON"),
        ("customers.jsonl", b'{"id": "C1", "name": "\\ud800"}\n', "customers.jsonl:1: an escape"),
        ("customers.jsonl", b'{"id": "C1", "name": "\\u0000"}\n', "customers.jsonl:1: an escape"),
        ("customers.jsonl", b'["C1"]\n', "customers.jsonl:1: not a JSON object"),
        ("customers.jsonl", b'{"id": "C1", "points": [1]}\n', "customers.jsonl:1: points: "),
    ],
)
def test_a_broken_file_is_reported_with_its_line(
    migrated_url: str, tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / name).write_bytes(content)
    found = problems(migrated_url, tmp_path / "broken")
    assert any(entry.startswith(problem) for entry in found), found


async def test_a_spreadsheets_byte_order_mark_and_chinese_encoding_are_understood(
    migrated_url: str, tmp_path: Path
) -> None:
    (tmp_path / "bom").mkdir()
    (tmp_path / "bom" / "customers.csv").write_text("id,name\nC1,林梅\n", encoding="utf-8-sig")
    run(migrated_url, tmp_path / "bom")
    (tmp_path / "gb").mkdir()
    (tmp_path / "gb" / "customers.csv").write_text("id,name\nC2,陈静\n", encoding="gb18030")
    (tmp_path / "gb" / "mapping.toml").write_text('encoding = "gb18030"\n', encoding="utf-8")
    run(migrated_url, tmp_path / "gb")
    shop = SqlShop.open(migrated_url)
    assert [(await shop.customer(key)).name for key in ("C1", "C2")] == ["林梅", "陈静"]
    await shop.close()


def test_progress_goes_from_the_first_byte_to_the_last(migrated_url: str, export: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_folder(
        migrated_url,
        export,
        report=lambda problem: None,
        progress=lambda what, done, of: told.append((what, done, of)),
    )
    reading = [(done, of) for what, done, of in told if what.startswith("reading")]
    assert reading == sorted(reading)
    assert reading[-1][0] == reading[-1][1] == sum((export / name).stat().st_size for name in FILES)
