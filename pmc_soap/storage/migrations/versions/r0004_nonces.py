"""What may be used once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "nonce",
        sa.Column("huella", sa.String(), nullable=False),
        sa.Column("hasta_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("huella", name=op.f("pk_nonce")),
    )
    op.create_index(op.f("ix_nonce_hasta_utc"), "nonce", ["hasta_utc"])
