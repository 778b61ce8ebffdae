"""Runs the shop's migrations on the connection `integrations.shop.migrate` hands over."""

from alembic import context

from integrations.shop.sql.migrate import VERSION_TABLE
from integrations.shop.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
