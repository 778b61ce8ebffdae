"""Keeping the index of product names in step with the products an import wrote."""

from sqlalchemy import Column, MetaData, String, Table, and_, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from integrations.shop.search import name_terms
from integrations.shop.sql import tables as t
from integrations.shop.sql.bulk import insert_all

PAGE = 2_000
"""Products whose terms are held in memory at a time."""

_renamed = Table(
    "import_renamed_products",
    MetaData(),
    Column("sku", String(64), primary_key=True),
    prefixes=["TEMPORARY"],
)


async def note_renamed(connection: AsyncConnection, staged: Table) -> None:
    """Note which staged products are new or called otherwise; before they are merged."""
    await connection.run_sync(lambda sync: _renamed.create(sync))
    known = t.products
    renamed = or_(
        known.c.sku.is_(None),
        known.c.name_zh != staged.c.name_zh,
        known.c.name_en != staged.c.name_en,
    )
    found = select(staged.c.sku).outerjoin(known, and_(known.c.sku == staged.c.sku)).where(renamed)
    await connection.execute(insert(_renamed).from_select(["sku"], found))


async def index_renamed(connection: AsyncConnection) -> None:
    """Index the products noted anew; after they were merged."""
    chosen = select(_renamed.c.sku)
    await connection.execute(delete(t.product_terms).where(t.product_terms.c.sku.in_(chosen)))
    after = ""
    while True:
        query = (
            select(t.products.c.sku, t.products.c.name_zh, t.products.c.name_en)
            .where(t.products.c.sku.in_(chosen), t.products.c.sku > after)
            .order_by(t.products.c.sku)
            .limit(PAGE)
        )
        page = (await connection.execute(query)).all()
        if not page:
            return
        await insert_all(
            connection,
            t.product_terms,
            ((term, sku) for sku, zh, en in page for term in sorted(name_terms(sku, zh, en))),
        )
        after = page[-1].sku
