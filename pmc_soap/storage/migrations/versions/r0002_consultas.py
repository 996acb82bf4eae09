"""The consultas and the quotes that they showed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables."""
    _consulta()
    _cotizacion()


def _consulta() -> None:
    op.create_table(
        "consulta",
        sa.Column("id_consulta", sa.String, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_cliente", sa.String),
        sa.Column("id_factura", sa.String),
        sa.Column("codigo_barras", sa.String),
        sa.Column("id_mensaje", sa.String, nullable=False),
        sa.Column("maximo_facturas", sa.Integer, nullable=False),
        sa.Column("resultado", sa.String, nullable=False),
        sa.Column("campo", sa.String),
        sa.Column("origen", sa.String),
        sa.Column("hay_mas", sa.Boolean, nullable=False),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id_consulta", name=op.f("pk_consulta")),
    )
    op.create_index(op.f("ix_consulta_codigo_empresa_fecha_hora_utc"), "consulta", ["codigo_empresa", "fecha_hora_utc"])


def _cotizacion() -> None:
    op.create_table(
        "cotizacion",
        sa.Column("id_consulta", sa.String, nullable=False),
        sa.Column("orden", sa.Integer, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("id_factura", sa.String, nullable=False),
        sa.Column("numero_vencimiento", sa.Integer, nullable=False),
        sa.Column("importe_centavos", BIGINT, nullable=False),
        sa.CheckConstraint("importe_centavos >= 0", name=op.f("ck_cotizacion_importe")),
        sa.ForeignKeyConstraint(["id_consulta"], ["consulta.id_consulta"], name=op.f("fk_cotizacion_id_consulta")),
        sa.PrimaryKeyConstraint("id_consulta", "orden", name=op.f("pk_cotizacion")),
    )
