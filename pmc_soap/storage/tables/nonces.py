"""What may be used once, until it would be refused for its age."""

from sqlalchemy import Column, String, Table

from pmc_soap.storage.columns import Instant, metadata

nonce = Table(
    "nonce",
    metadata,
    Column("huella", String, primary_key=True),
    Column("hasta_utc", Instant, nullable=False, index=True),
)
