"""The files that became the base, and those that were made of it for PMC; which factura a file retired."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
EN_CURSO = sa.text("estado = 'EN_CURSO'")


def upgrade() -> None:
    """Make the tables."""
    op.add_column("factura", sa.Column("retirada_por", BIGINT))
    _carga()
    _exportacion()
    op.create_table(
        "exportada",
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("id_factura", sa.String, nullable=False),
        sa.Column("contenido", sa.String, nullable=False),
        sa.Column("id_exportacion", BIGINT, nullable=False),
        sa.PrimaryKeyConstraint("codigo_empresa", "id_cliente", "id_factura", name=op.f("pk_exportada")),
        sa.ForeignKeyConstraint(["id_exportacion"], ["exportacion.id"], name=op.f("fk_exportada_id_exportacion")),
    )
    op.create_index(op.f("ix_exportada_id_exportacion"), "exportada", ["id_exportacion"])


def _carga() -> None:
    counts = ("aceptadas", "rechazadas", "hasta_linea", "nuevas", "cambiadas", "iguales", "intocables", "retiradas")
    op.create_table(
        "carga",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("nombre", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("formato", sa.String, nullable=False),
        sa.Column("modo", sa.String, nullable=False),
        sa.Column("parcial", sa.Boolean, nullable=False),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("importe_total_centavos", BIGINT, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.Column("empezada_utc", INSTANT, nullable=False),
        sa.Column("terminada_utc", INSTANT),
        sa.Column("turno", sa.String),
        sa.Column("tomada_hasta_utc", INSTANT),
        sa.CheckConstraint("modo IN ('NOVEDADES', 'REEMPLAZO')", name=op.f("ck_carga_modo")),
        sa.CheckConstraint("estado IN ('EN_CURSO', 'COMPLETA', 'CORTADA', 'RECHAZADA')", name=op.f("ck_carga_estado")),
        sa.CheckConstraint("(estado = 'EN_CURSO') = (terminada_utc IS NULL)", name=op.f("ck_carga_terminada")),
        sa.CheckConstraint("(estado = 'EN_CURSO') = (turno IS NOT NULL)", name=op.f("ck_carga_turno")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carga")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ux_carga_en_curso",
        "carga",
        ["codigo_empresa"],
        unique=True,
        sqlite_where=EN_CURSO,
        postgresql_where=EN_CURSO,
    )
    op.create_index(op.f("ix_carga_codigo_empresa_sha256"), "carga", ["codigo_empresa", "sha256"])


def _exportacion() -> None:
    op.create_table(
        "exportacion",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("codigo_archivo", sa.String, nullable=False),
        sa.Column("fecha", sa.Date, nullable=False),
        sa.Column("numero", sa.Integer, nullable=False),
        sa.Column("nombre", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("novedades", sa.Boolean, nullable=False),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("cantidad", sa.Integer, nullable=False),
        sa.Column("total_centavos", BIGINT, nullable=False),
        sa.Column("generada_utc", INSTANT, nullable=False),
        sa.Column("rechazada_utc", INSTANT),
        sa.Column("rechazo", sa.Text),
        sa.CheckConstraint("estado IN ('EN_CURSO', 'GENERADA', 'RECHAZADA')", name=op.f("ck_exportacion_estado")),
        sa.CheckConstraint(
            "(estado = 'RECHAZADA') = (rechazada_utc IS NOT NULL)", name=op.f("ck_exportacion_rechazada")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exportacion")),
        sa.UniqueConstraint(
            "codigo_archivo", "fecha", "numero", name=op.f("uq_exportacion_codigo_archivo_fecha_numero")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exportacion_codigo_empresa_fecha"), "exportacion", ["codigo_empresa", "fecha"])
