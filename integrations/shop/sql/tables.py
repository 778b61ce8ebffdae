"""The shop's tables. All start with `shop_`, so that shop and desk may share one database.

Amounts are whole minor units of the row's currency. `key` columns hold `number_key(...)`.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: timezone-aware UTC in Python, `timestamptz` or SQLite text without offset."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Ask PostgreSQL for a time zone; SQLite has none."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: which moment it means is anyone's guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (the signature is SQLAlchemy's)
    ) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CODE = String(40)
NUMBER = String(64)
"""Order, tracking, return numbers, SKUs and ids of the merchant's systems."""

customers = Table(
    "shop_customers",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("locale", String(2), nullable=False),
    Column("email", String(254), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("tier", CODE, nullable=False),
    Column("points", Integer, nullable=False),
)

products = Table(
    "shop_products",
    metadata,
    Column("sku", NUMBER, primary_key=True),
    Column("name_zh", String(300), nullable=False),
    Column("name_en", String(300), nullable=False),
    Column("category", CODE, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("stock", Integer, nullable=False),
    Column("restock_on", Date),
    Column("warranty_months", Integer),
)

product_attributes = Table(
    "shop_product_attributes",
    metadata,
    Column("sku", NUMBER, ForeignKey(products.c.sku), primary_key=True),
    Column("code", CODE, primary_key=True),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("position", Integer, nullable=False),
)

product_terms = Table(
    "shop_product_terms",
    metadata,
    Column("term", String(64), primary_key=True),
    Column("sku", NUMBER, ForeignKey(products.c.sku), primary_key=True),
    Index(None, "sku"),
)
"""Inverted index of product names; what a term is, `integrations.shop.search` says."""

orders = Table(
    "shop_orders",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("key", NUMBER, nullable=False, unique=True),
    Column("customer_id", NUMBER, ForeignKey(customers.c.id), nullable=False),
    Column("state", CODE, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("email", String(254), nullable=False),
    Column("address", Text, nullable=False),
    Column("payment_due_at", UtcDateTime),
    Column("ship_by", UtcDateTime),
    Column("deliver_by", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    Index(None, "customer_id", "placed_at"),
)

order_lines = Table(
    "shop_order_lines",
    metadata,
    Column("order_number", NUMBER, ForeignKey(orders.c.number), primary_key=True),
    Column("id", NUMBER, primary_key=True),
    # No foreign key to the catalogue: an order outlives the products it named.
    Column("sku", NUMBER, nullable=False),
    Column("name_zh", String(300), nullable=False),
    Column("name_en", String(300), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", CODE, nullable=False),
    Column("position", Integer, nullable=False),
)

shipments = Table(
    "shop_shipments",
    metadata,
    Column("tracking_number", NUMBER, primary_key=True),
    Column("key", NUMBER, nullable=False, unique=True),
    Column("carrier", CODE, nullable=False),
    Column("order_number", NUMBER, ForeignKey(orders.c.number), nullable=False, index=True),
    Column("state", CODE, nullable=False),
    Column("exception_kind", CODE),
    Column("estimated_from", Date),
    Column("estimated_to", Date),
)

shipment_lines = Table(
    "shop_shipment_lines",
    metadata,
    Column("tracking_number", NUMBER, ForeignKey(shipments.c.tracking_number), primary_key=True),
    Column("line_id", NUMBER, primary_key=True),
    Column("position", Integer, nullable=False),
)

shipment_events = Table(
    "shop_shipment_events",
    metadata,
    Column("tracking_number", NUMBER, ForeignKey(shipments.c.tracking_number), primary_key=True),
    # A digest of the event's content: carriers number no events and repeat them.
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("state", CODE, nullable=False),
    Column("description_zh", Text, nullable=False),
    Column("description_en", Text, nullable=False),
    Column("location_zh", String(200)),
    Column("location_en", String(200)),
)

returns = Table(
    "shop_returns",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("order_number", NUMBER, nullable=False),
    Column("line_id", NUMBER, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("state", CODE, nullable=False),
    Column("reason", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    ForeignKeyConstraint(
        ["order_number", "line_id"], [order_lines.c.order_number, order_lines.c.id]
    ),
    Index(None, "order_number", "line_id"),
)

refunds = Table(
    "shop_refunds",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("order_number", NUMBER, ForeignKey(orders.c.number), nullable=False, index=True),
    Column("return_number", NUMBER, ForeignKey(returns.c.number)),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("method", CODE, nullable=False),
    Column("state", CODE, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("promised_by", Date, nullable=False),
    Column("paid_at", UtcDateTime),
)
