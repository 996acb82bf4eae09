"""The exchanges that are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, and what it is searched by."""
    op.create_table(
        "intercambio",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("id_pedido", sa.String, nullable=False),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.Column("hora", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String) for name in ("puerto", "operacion", "codigo_empresa", "codigo")),
        sa.Column("severidad", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String) for name in ("falla", "campo")),
        sa.Column("http", sa.Integer, nullable=False),
        sa.Column("duplicado", sa.Boolean, nullable=False),
        *(sa.Column(f"id_{name}", sa.String) for name in ("cliente", "factura", "consulta", "aviso", "transaccion")),
        sa.Column("us", sa.Integer, nullable=False),
        *(
            sa.Column(f"{name}_us", sa.Integer)
            for name in ("lectura", "apertura", "credencial", "contrato", "operacion", "escritura")
        ),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("bytes_in", "bytes_out")),
        *(sa.Column(name, sa.LargeBinary) for name in ("pedido", "respuesta")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intercambio")),
        sa.UniqueConstraint("id_pedido", name=op.f("uq_intercambio_id_pedido")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_intercambio_fecha_hora_utc_id"), "intercambio", ["fecha_hora_utc", "id"])
    op.create_index(
        "ix_intercambio_cifras",
        "intercambio",
        ["hora", "operacion", "codigo", "falla", "severidad", "codigo_empresa", "us"],
    )
    for name, of, rare in (
        ("con_problema", (), "severidad >= 2"),
        ("lentos", (), "us >= 1000000"),
        ("otro_codigo", ("codigo",), "codigo <> '00'"),
        *((name, (name,), f"{name} IS NOT NULL") for name in ("id_cliente", "id_factura", "id_aviso")),
    ):
        op.create_index(
            f"ix_intercambio_{name}",
            "intercambio",
            [*of, "fecha_hora_utc", "id"],
            sqlite_where=sa.text(rare),
            postgresql_where=sa.text(rare),
        )
