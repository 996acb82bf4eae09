"""Alembic runs this to migrate; schema.py opened the connection, began the transaction and ends it."""

from alembic import context

from pmc_soap.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
