"""The shop as first released"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_customers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_customers")),
    )
    op.create_table(
        "shop_products",
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("restock_on", sa.Date(), nullable=True),
        sa.Column("warranty_months", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_shop_products")),
    )
    op.create_table(
        "shop_orders",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("payment_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deliver_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["shop_customers.id"], name=op.f("fk_shop_orders_customer_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shop_orders")),
        sa.UniqueConstraint("key", name=op.f("uq_shop_orders_key")),
    )
    op.create_index(
        "ix_shop_orders_customer_id_placed_at", "shop_orders", ["customer_id", "placed_at"]
    )

    op.create_table(
        "shop_product_attributes",
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sku"], ["shop_products.sku"], name=op.f("fk_shop_product_attributes_sku")
        ),
        sa.PrimaryKeyConstraint("sku", "code", name=op.f("pk_shop_product_attributes")),
    )
    op.create_table(
        "shop_product_terms",
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["sku"], ["shop_products.sku"], name=op.f("fk_shop_product_terms_sku")
        ),
        sa.PrimaryKeyConstraint("term", "sku", name=op.f("pk_shop_product_terms")),
    )
    op.create_index("ix_shop_product_terms_sku", "shop_product_terms", ["sku"])

    op.create_table(
        "shop_order_lines",
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name=op.f("fk_shop_order_lines_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", "id", name=op.f("pk_shop_order_lines")),
    )
    op.create_table(
        "shop_shipments",
        sa.Column("tracking_number", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("exception_kind", sa.String(length=40), nullable=True),
        sa.Column("estimated_from", sa.Date(), nullable=True),
        sa.Column("estimated_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name=op.f("fk_shop_shipments_order_number")
        ),
        sa.PrimaryKeyConstraint("tracking_number", name=op.f("pk_shop_shipments")),
        sa.UniqueConstraint("key", name=op.f("uq_shop_shipments_key")),
    )
    op.create_index("ix_shop_shipments_order_number", "shop_shipments", ["order_number"])

    op.create_table(
        "shop_returns",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("line_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_number", "line_id"],
            ["shop_order_lines.order_number", "shop_order_lines.id"],
            name=op.f("fk_shop_returns_order_number_line_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shop_returns")),
    )
    op.create_index(
        "ix_shop_returns_order_number_line_id", "shop_returns", ["order_number", "line_id"]
    )

    op.create_table(
        "shop_shipment_events",
        sa.Column("tracking_number", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("location_zh", sa.String(length=200), nullable=True),
        sa.Column("location_en", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["tracking_number"],
            ["shop_shipments.tracking_number"],
            name=op.f("fk_shop_shipment_events_tracking_number"),
        ),
        sa.PrimaryKeyConstraint("tracking_number", "id", name=op.f("pk_shop_shipment_events")),
    )
    op.create_table(
        "shop_shipment_lines",
        sa.Column("tracking_number", sa.String(length=64), nullable=False),
        sa.Column("line_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tracking_number"],
            ["shop_shipments.tracking_number"],
            name=op.f("fk_shop_shipment_lines_tracking_number"),
        ),
        sa.PrimaryKeyConstraint("tracking_number", "line_id", name=op.f("pk_shop_shipment_lines")),
    )
    op.create_table(
        "shop_refunds",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("return_number", sa.String(length=64), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_by", sa.Date(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name=op.f("fk_shop_refunds_order_number")
        ),
        sa.ForeignKeyConstraint(
            ["return_number"], ["shop_returns.number"], name=op.f("fk_shop_refunds_return_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_refunds")),
    )
    op.create_index("ix_shop_refunds_order_number", "shop_refunds", ["order_number"])


def downgrade() -> None:
    op.drop_table("shop_refunds")
    op.drop_table("shop_shipment_lines")
    op.drop_table("shop_shipment_events")
    op.drop_table("shop_returns")
    op.drop_table("shop_shipments")
    op.drop_table("shop_order_lines")
    op.drop_table("shop_product_terms")
    op.drop_table("shop_product_attributes")
    op.drop_table("shop_orders")
    op.drop_table("shop_products")
    op.drop_table("shop_customers")
