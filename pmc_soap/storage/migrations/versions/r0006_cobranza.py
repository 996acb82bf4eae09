"""The COBs, their lines and the days that were closed; and the line that a pago was made of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SIN_DECIDIR = sa.text("desenlace IS NULL")
PARA_VER = sa.text("desenlace IN ('DIF_IMPORTE', 'REVERSADO_PERO_EN_COB', 'DUPLICADO_EN_COB') AND resuelta_utc IS NULL")
DESENLACES = (
    "desenlace IN ('CONCILIADO', 'SOLO_EN_COB', 'DIF_IMPORTE', 'DIF_FECHA', 'REVERSADO_PERO_EN_COB',"
    " 'DUPLICADO_EN_COB', 'LINEA_INVALIDA', 'RETIRADA')"
)


def upgrade() -> None:
    """Make the tables, and let an aviso name a line."""
    op.add_column("aviso", sa.Column("linea_cob", sa.String))
    op.create_index(op.f("ix_alerta_id_aviso"), "alerta", ["id_aviso"])
    _cob()
    _linea_cob()
    op.create_table(
        "cierre_cob",
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("fecha", sa.Date, nullable=False),
        sa.Column("operador", sa.String, nullable=False),
        sa.Column("cerrado_utc", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("codigo_empresa", "fecha", name=op.f("pk_cierre_cob")),
    )


def _cob() -> None:
    op.create_table(
        "cob",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("codigo_archivo", sa.String, nullable=False),
        sa.Column("fecha", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("nombre", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("cantidad", sa.Integer, nullable=False),
        sa.Column("total_centavos", BIGINT, nullable=False),
        sa.Column("recibido_utc", INSTANT, nullable=False),
        sa.Column("terminado_utc", INSTANT),
        sa.CheckConstraint("estado IN ('LEYENDO', 'CRUZANDO', 'LISTO')", name=op.f("ck_cob_estado")),
        sa.CheckConstraint("total_centavos >= 0", name=op.f("ck_cob_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cob")),
        sa.UniqueConstraint("codigo_archivo", "fecha", "version", name=op.f("uq_cob_codigo_archivo_fecha_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cob_codigo_empresa_fecha"), "cob", ["codigo_empresa", "fecha"])


def _linea_cob() -> None:
    op.create_table(
        "linea_cob",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("id_cob", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("clave", sa.String, nullable=False),
        sa.Column("linea", sa.Integer, nullable=False),
        sa.Column("importe_centavos", BIGINT, nullable=False),
        sa.Column("id_cliente", sa.String),
        sa.Column("id_factura", sa.String),
        sa.Column("primer_vencimiento", sa.Date),
        sa.Column("fecha_aplicacion", sa.Date),
        sa.Column("codigo_movimiento", sa.Integer),
        sa.Column("canal", sa.String),
        sa.Column("nro_control", sa.String),
        sa.Column("codigo_provincia", sa.String),
        sa.Column("texto", sa.String),
        sa.Column("codigos", sa.String),
        sa.Column("desenlace", sa.String),
        sa.Column("regla", sa.String),
        sa.Column("id_aviso", sa.String),
        sa.Column("alertado", sa.String),
        sa.Column("resuelta_utc", INSTANT),
        sa.CheckConstraint(DESENLACES, name=op.f("ck_linea_cob_desenlace")),
        sa.CheckConstraint("importe_centavos >= 0", name=op.f("ck_linea_cob_importe")),
        sa.CheckConstraint("id_cliente IS NOT NULL OR texto IS NOT NULL", name=op.f("ck_linea_cob_dice_algo")),
        sa.ForeignKeyConstraint(["id_cob"], ["cob.id"], name=op.f("fk_linea_cob_id_cob")),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_linea_cob_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linea_cob")),
        sa.UniqueConstraint("id_aviso", name=op.f("uq_linea_cob_id_aviso")),
        sa.UniqueConstraint("codigo_empresa", "clave", name=op.f("uq_linea_cob_codigo_empresa_clave")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_linea_cob_id_cob_linea"), "linea_cob", ["id_cob", "linea"])
    op.create_index(
        op.f("ix_linea_cob_codigo_empresa_id_cliente_fecha_aplicacion"),
        "linea_cob",
        ["codigo_empresa", "id_cliente", "fecha_aplicacion"],
    )
    op.create_index(
        "ix_linea_cob_sin_decidir",
        "linea_cob",
        ["id_cob", "id_cliente"],
        sqlite_where=SIN_DECIDIR,
        postgresql_where=SIN_DECIDIR,
    )
    op.create_index(
        "ix_linea_cob_para_ver",
        "linea_cob",
        ["codigo_empresa", "id_cliente"],
        sqlite_where=PARA_VER,
        postgresql_where=PARA_VER,
    )
