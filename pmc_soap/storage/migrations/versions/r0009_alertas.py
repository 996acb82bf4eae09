"""Whether a person has dealt with a notice, and who."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PENDIENTE = sa.text("atendida_utc IS NULL")


def upgrade() -> None:
    """Add who and when, and let those that wait be found."""
    op.add_column("alerta", sa.Column("atendida_utc", sa.DateTime(timezone=True)))
    op.add_column("alerta", sa.Column("atendida_por", sa.String))
    op.create_index(
        "ix_alerta_pendiente",
        "alerta",
        ["codigo_empresa", "id"],
        sqlite_where=PENDIENTE,
        postgresql_where=PENDIENTE,
    )
