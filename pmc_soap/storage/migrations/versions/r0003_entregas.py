"""The lines of entregas, their attempts, what an operator did, and which instance told of a factura."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
PRIMERA = sa.text("primera")
EN_PUENTE = sa.text("estado = 'EN_PUENTE'")
POR_ENTREGAR = sa.text("estado <> 'ENTREGADA'")
ORIGEN = "origen IN ('BASE', 'EMPRESA')"

REFUSAL = "solo se agrega, nunca se cambia ni se borra"
TRIGGER_POSTGRES = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} EXECUTE FUNCTION solo_se_agrega()"
TRIGGER_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table}: {refusal}'); END"
)
# Until now an entrega was only ever owed: all of them are PENDIENTE, and the oldest of each line is its first.
CARRY_OVER = """
INSERT INTO entrega (id, id_aviso, codigo_empresa, id_cliente, destino, estado, primera, intentos, permanentes,
                     proximo_intento_utc, creada_utc)
SELECT e.id, e.id_aviso, a.codigo_empresa, a.id_cliente, e.destino, 'PENDIENTE',
       e.id = MIN(e.id) OVER (PARTITION BY a.codigo_empresa, e.destino, a.id_cliente), 0, 0,
       e.proximo_intento_utc, e.creada_utc
FROM entrega_antes e JOIN aviso a ON a.id_aviso = e.id_aviso
"""


def upgrade() -> None:
    """Make the new tables, and carry over what is owed."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    _origen(on_sqlite=on_sqlite)
    op.create_index(op.f("ix_aviso_codigo_empresa_fecha_hora_utc"), "aviso", ["codigo_empresa", "fecha_hora_utc"])
    op.create_index(
        op.f("ix_consulta_codigo_empresa_id_cliente_fecha_hora_utc"),
        "consulta",
        ["codigo_empresa", "id_cliente", "fecha_hora_utc"],
    )
    op.create_index(
        "ix_pago_en_puente",
        "pago",
        ["codigo_empresa", "id_aviso"],
        sqlite_where=EN_PUENTE,
        postgresql_where=EN_PUENTE,
    )
    op.execute("CREATE TABLE entrega_antes AS SELECT * FROM entrega")
    op.drop_table("entrega")
    _entrega()
    op.execute(CARRY_OVER)
    op.drop_table("entrega_antes")
    if not on_sqlite:
        op.execute("SELECT setval(pg_get_serial_sequence('entrega', 'id'), (SELECT MAX(id) + 1 FROM entrega), false)")
    _intento()
    _auditoria(on_sqlite=on_sqlite)


def _origen(*, on_sqlite: bool) -> None:
    if on_sqlite:  # it can add a column with its check, but not a check alone
        op.execute(
            f"ALTER TABLE factura ADD COLUMN origen VARCHAR NOT NULL DEFAULT 'BASE'"
            f" CONSTRAINT ck_factura_origen CHECK ({ORIGEN})"
        )
        return
    op.add_column("factura", sa.Column("origen", sa.String, nullable=False, server_default="BASE"))
    op.alter_column("factura", "origen", server_default=None)
    op.create_check_constraint(op.f("ck_factura_origen"), "factura", ORIGEN)


def _entrega() -> None:
    op.create_table(
        "entrega",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("id_aviso", sa.String, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("destino", sa.String, nullable=False),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("primera", sa.Boolean, nullable=False),
        sa.Column("intentos", sa.Integer, nullable=False),
        sa.Column("permanentes", sa.Integer, nullable=False),
        sa.Column("proximo_intento_utc", INSTANT, nullable=False),
        sa.Column("creada_utc", INSTANT, nullable=False),
        sa.Column("turno", sa.String),
        sa.Column("tomada_hasta_utc", INSTANT),
        sa.Column("entregada_utc", INSTANT),
        sa.Column("respuesta", sa.String),
        sa.Column("nro_comprobante", sa.String),
        sa.Column("motivo", sa.String),
        sa.Column("numero", BIGINT),
        sa.CheckConstraint(
            "estado IN ('PENDIENTE', 'TOMADA', 'ENTREGADA', 'DETENIDA')", name=op.f("ck_entrega_estado")
        ),
        sa.CheckConstraint("respuesta IN ('IMPUTADO', 'RECHAZADO')", name=op.f("ck_entrega_respuesta")),
        sa.CheckConstraint("NOT primera OR estado <> 'ENTREGADA'", name=op.f("ck_entrega_primera")),
        sa.CheckConstraint("(estado = 'TOMADA') = (turno IS NOT NULL)", name=op.f("ck_entrega_turno")),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_entrega_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrega")),
        sa.UniqueConstraint("id_aviso", "destino", name=op.f("uq_entrega_id_aviso_destino")),
        sa.UniqueConstraint(
            "codigo_empresa", "destino", "numero", name=op.f("uq_entrega_codigo_empresa_destino_numero")
        ),
        sqlite_autoincrement=True,
    )
    line = ["codigo_empresa", "destino", "id_cliente"]
    op.create_index("ux_entrega_primera", "entrega", line, unique=True, sqlite_where=PRIMERA, postgresql_where=PRIMERA)
    op.create_index(
        "ix_entrega_por_tomar",
        "entrega",
        ["codigo_empresa", "destino", "proximo_intento_utc"],
        sqlite_where=PRIMERA,
        postgresql_where=PRIMERA,
    )
    op.create_index(
        "ix_entrega_linea", "entrega", [*line, "id"], sqlite_where=POR_ENTREGAR, postgresql_where=POR_ENTREGAR
    )


def _intento() -> None:
    op.create_table(
        "intento",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("id_entrega", BIGINT, nullable=False),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.Column("resultado", sa.String, nullable=False),
        sa.Column("nro_comprobante", sa.String),
        sa.Column("detalle", sa.String),
        sa.ForeignKeyConstraint(["id_entrega"], ["entrega.id"], name=op.f("fk_intento_id_entrega")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intento")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_intento_id_entrega"), "intento", ["id_entrega"])


def _auditoria(*, on_sqlite: bool) -> None:
    op.create_table(
        "auditoria",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.Column("operador", sa.String, nullable=False),
        sa.Column("accion", sa.String, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_aviso", sa.String),
        sa.Column("motivo", sa.String, nullable=False),
        sa.Column("antes", sa.String, nullable=False),
        sa.Column("despues", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_auditoria_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auditoria")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_auditoria_id_aviso"), "auditoria", ["id_aviso"])
    for verb in ("update", "delete"):
        trigger = TRIGGER_SQLITE if on_sqlite else TRIGGER_POSTGRES
        op.execute(trigger.format(table="auditoria", verb=verb, refusal=REFUSAL))
    if not on_sqlite:
        op.execute(TRIGGER_POSTGRES.format(table="auditoria", verb="truncate"))
