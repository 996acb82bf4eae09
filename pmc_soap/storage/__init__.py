"""The ledger on SQLAlchemy Core: SQLite embedded, PostgreSQL by URL."""
