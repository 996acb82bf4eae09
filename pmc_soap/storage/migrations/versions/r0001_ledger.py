"""The ledger: facturas, avisos, their money, and what the empresa is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIGINT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
VIVO = sa.text("estado = 'APLICADO' AND id_factura IS NOT NULL")
APPEND_ONLY = ("aviso", "repeticion", "aviso_ilegible")

REFUSAL = "solo se agrega, nunca se cambia ni se borra"
REFUSE_POSTGRES = f"""
CREATE FUNCTION solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: {REFUSAL}', TG_TABLE_NAME; END $$
"""
TRIGGER_POSTGRES = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} EXECUTE FUNCTION solo_se_agrega()"
TRIGGER_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table}: {refusal}'); END"
)


def upgrade() -> None:
    """Create all tables."""
    for create in (_cliente, _factura, _aviso, _pago, _repeticion, _entrega, _alerta, _aviso_ilegible):
        create()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_POSTGRES)
    for table in APPEND_ONLY:
        _make_append_only(table)


def _make_append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(TRIGGER_SQLITE.format(table=table, verb=verb, refusal=REFUSAL))
        return
    for verb in ("update", "delete", "truncate"):
        op.execute(TRIGGER_POSTGRES.format(table=table, verb=verb))


def _cliente() -> None:
    op.create_table(
        "cliente",
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("nombre", sa.String),
        sa.Column("cuit", sa.String),
        sa.PrimaryKeyConstraint("codigo_empresa", "id_cliente", name=op.f("pk_cliente")),
    )


def _factura() -> None:
    op.create_table(
        "factura",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("id_factura", sa.String, nullable=False),
        sa.Column("vto1_fecha", sa.Date, nullable=False),
        sa.Column("vto1_importe_centavos", BIGINT, nullable=False),
        sa.Column("vto2_fecha", sa.Date),
        sa.Column("vto2_importe_centavos", BIGINT),
        sa.Column("vto3_fecha", sa.Date),
        sa.Column("vto3_importe_centavos", BIGINT),
        sa.Column("ultimo_vencimiento", sa.Date, nullable=False),
        sa.Column("tipo_importe", sa.String, nullable=False),
        sa.Column("importe_minimo_centavos", BIGINT),
        sa.Column("importe_maximo_centavos", BIGINT),
        sa.Column("mensaje_pantalla", sa.String, nullable=False),
        sa.Column("mensaje_ticket", sa.String, nullable=False),
        sa.Column("codigo_barras", sa.String),
        sa.Column("moneda", sa.String, nullable=False),
        sa.Column("referencia_anterior", sa.String),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("motivo_baja", sa.String),
        sa.Column("contenido", sa.String, nullable=False),
        sa.Column("carga", sa.String),
        sa.Column("creada_utc", INSTANT, nullable=False),
        sa.Column("actualizada_utc", INSTANT, nullable=False),
        sa.CheckConstraint("estado IN ('PENDIENTE', 'PAGADA', 'BAJA', 'REEMPLAZADA')", name=op.f("ck_factura_estado")),
        sa.CheckConstraint("tipo_importe IN ('CERRADO', 'ABIERTO', 'RANGO')", name=op.f("ck_factura_tipo_importe")),
        sa.CheckConstraint(
            "(vto2_fecha IS NULL) = (vto2_importe_centavos IS NULL)", name=op.f("ck_factura_vto2_whole")
        ),
        sa.CheckConstraint(
            "(vto3_fecha IS NULL) = (vto3_importe_centavos IS NULL)", name=op.f("ck_factura_vto3_whole")
        ),
        sa.CheckConstraint(
            "importe_maximo_centavos >= importe_minimo_centavos", name=op.f("ck_factura_importe_maximo")
        ),
        sa.CheckConstraint("importe_minimo_centavos >= 0", name=op.f("ck_factura_importe_minimo")),
        sa.CheckConstraint(
            "ultimo_vencimiento = COALESCE(vto3_fecha, vto2_fecha, vto1_fecha)",
            name=op.f("ck_factura_ultimo_vencimiento"),
        ),
        sa.CheckConstraint("vto1_importe_centavos >= 0", name=op.f("ck_factura_vto1")),
        sa.CheckConstraint(
            "vto2_fecha >= vto1_fecha AND vto2_importe_centavos >= vto1_importe_centavos", name=op.f("ck_factura_vto2")
        ),
        sa.CheckConstraint("vto2_fecha IS NOT NULL OR vto3_fecha IS NULL", name=op.f("ck_factura_vto3_after_vto2")),
        sa.CheckConstraint(
            "vto3_fecha >= vto2_fecha AND vto3_importe_centavos >= vto2_importe_centavos", name=op.f("ck_factura_vto3")
        ),
        sa.ForeignKeyConstraint(
            ["codigo_empresa", "id_cliente"],
            ["cliente.codigo_empresa", "cliente.id_cliente"],
            name=op.f("fk_factura_codigo_empresa_id_cliente"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factura")),
        sa.UniqueConstraint(
            "codigo_empresa", "id_cliente", "id_factura", name=op.f("uq_factura_codigo_empresa_id_cliente_id_factura")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_factura_codigo_empresa_codigo_barras"), "factura", ["codigo_empresa", "codigo_barras"])
    op.create_index(op.f("ix_factura_codigo_empresa_id_factura"), "factura", ["codigo_empresa", "id_factura"])


def _aviso() -> None:
    op.create_table(
        "aviso",
        sa.Column("secuencia", BIGINT, nullable=False),
        sa.Column("id_aviso", sa.String, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("tipo", sa.String, nullable=False),
        sa.Column("identidad", sa.String, nullable=False),
        sa.Column("contenido", sa.String, nullable=False),
        sa.Column("huella", sa.String),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("resultado", sa.String, nullable=False),
        sa.Column("original", sa.String),
        sa.Column("estado_factura", sa.String),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.Column("id_mensaje", sa.String, nullable=False),
        sa.Column("fecha_hora_mensaje_utc", INSTANT, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("id_factura", sa.String),
        sa.Column("id_transaccion", sa.String),
        sa.Column("importe_centavos", BIGINT, nullable=False),
        sa.Column("moneda", sa.String),
        sa.Column("id_consulta", sa.String),
        sa.Column("codigo_movimiento", sa.Integer),
        sa.Column("fecha_vencimiento", sa.Date),
        sa.Column("fecha_hora_pago_utc", INSTANT),
        sa.Column("fecha_acreditacion", sa.Date),
        sa.Column("canal", sa.String),
        sa.Column("nro_control", sa.String),
        sa.Column("codigo_provincia", sa.String),
        sa.Column("descripcion", sa.String),
        sa.Column("id_transaccion_original", sa.String),
        sa.Column("fecha_hora_original_utc", INSTANT),
        sa.Column("nro_control_original", sa.String),
        sa.Column("motivo", sa.String),
        sa.CheckConstraint(
            "estado IN ('APLICADO', 'YA_PAGADA', 'IMPORTE_DISTINTO', 'MONEDA_DISTINTA', 'BAJA', 'VENCIDA',"
            " 'DESCONOCIDA', 'REVERSADA_ANTES', 'CONFLICTO')",
            name=op.f("ck_aviso_estado"),
        ),
        sa.CheckConstraint("tipo IN ('PAGO', 'REVERSA')", name=op.f("ck_aviso_tipo")),
        sa.CheckConstraint("importe_centavos >= 0", name=op.f("ck_aviso_importe")),
        sa.ForeignKeyConstraint(["original"], ["aviso.id_aviso"], name=op.f("fk_aviso_original")),
        sa.PrimaryKeyConstraint("secuencia", name=op.f("pk_aviso")),
        sa.UniqueConstraint("codigo_empresa", "identidad", "tipo", name=op.f("uq_aviso_codigo_empresa_identidad_tipo")),
        sa.UniqueConstraint("id_aviso", name=op.f("uq_aviso_id_aviso")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_aviso_codigo_empresa_tipo_huella"), "aviso", ["codigo_empresa", "tipo", "huella"])
    op.create_index(
        op.f("ix_aviso_codigo_empresa_id_cliente_secuencia"), "aviso", ["codigo_empresa", "id_cliente", "secuencia"]
    )
    op.create_index(op.f("ix_aviso_original"), "aviso", ["original"])


def _pago() -> None:
    op.create_table(
        "pago",
        sa.Column("id_aviso", sa.String, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_cliente", sa.String, nullable=False),
        sa.Column("id_factura", sa.String),
        sa.Column("importe_centavos", BIGINT, nullable=False),
        sa.Column("estado", sa.String, nullable=False),
        sa.CheckConstraint("estado IN ('APLICADO', 'REVERSADO', 'EN_PUENTE', 'DEVUELTO')", name=op.f("ck_pago_estado")),
        sa.CheckConstraint("importe_centavos >= 0", name=op.f("ck_pago_importe")),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_pago_id_aviso")),
        sa.PrimaryKeyConstraint("id_aviso", name=op.f("pk_pago")),
    )
    op.create_index(
        op.f("ix_pago_codigo_empresa_id_cliente_id_factura"), "pago", ["codigo_empresa", "id_cliente", "id_factura"]
    )
    op.create_index(
        "ux_pago_vivo",
        "pago",
        ["codigo_empresa", "id_cliente", "id_factura"],
        unique=True,
        sqlite_where=VIVO,
        postgresql_where=VIVO,
    )


def _repeticion() -> None:
    op.create_table(
        "repeticion",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("id_aviso", sa.String, nullable=False),
        sa.Column("id_mensaje", sa.String, nullable=False),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_repeticion_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeticion")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_repeticion_id_aviso"), "repeticion", ["id_aviso"])
    op.create_index(op.f("ix_repeticion_id_mensaje"), "repeticion", ["id_mensaje"])


def _entrega() -> None:
    op.create_table(
        "entrega",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("id_aviso", sa.String, nullable=False),
        sa.Column("destino", sa.String, nullable=False),
        sa.Column("estado", sa.String, nullable=False),
        sa.Column("intentos", sa.Integer, nullable=False),
        sa.Column("proximo_intento_utc", INSTANT, nullable=False),
        sa.Column("creada_utc", INSTANT, nullable=False),
        sa.CheckConstraint(
            "estado IN ('PENDIENTE', 'TOMADA', 'ENTREGADA', 'DETENIDA')", name=op.f("ck_entrega_estado")
        ),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_entrega_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrega")),
        sa.UniqueConstraint("id_aviso", "destino", name=op.f("uq_entrega_id_aviso_destino")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_entrega_destino_estado_proximo_intento_utc"), "entrega", ["destino", "estado", "proximo_intento_utc"]
    )


def _alerta() -> None:
    op.create_table(
        "alerta",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("motivo", sa.String, nullable=False),
        sa.Column("id_aviso", sa.String),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["id_aviso"], ["aviso.id_aviso"], name=op.f("fk_alerta_id_aviso")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerta")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alerta_codigo_empresa_fecha_hora_utc"), "alerta", ["codigo_empresa", "fecha_hora_utc"])


def _aviso_ilegible() -> None:
    op.create_table(
        "aviso_ilegible",
        sa.Column("id", BIGINT, nullable=False),
        sa.Column("codigo_empresa", sa.String, nullable=False),
        sa.Column("id_pedido", sa.String, nullable=False),
        sa.Column("cuerpo", sa.LargeBinary, nullable=False),
        sa.Column("fecha_hora_utc", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aviso_ilegible")),
        sqlite_autoincrement=True,
    )
