"""The avisos as they were told (append-only), and where their money stands."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, TipoAviso
from pmc_soap.storage.columns import BIGINT, Instant, metadata, one_of

aviso = Table(
    "aviso",
    metadata,
    Column("secuencia", BIGINT, primary_key=True),
    Column("id_aviso", String, nullable=False, unique=True),
    Column("codigo_empresa", String, nullable=False),
    Column("tipo", String, nullable=False),
    Column("identidad", String, nullable=False),
    Column("contenido", String, nullable=False),
    Column("huella", String),
    Column("estado", String, nullable=False),
    Column("resultado", String, nullable=False),
    Column("original", String, ForeignKey("aviso.id_aviso")),
    Column("estado_factura", String),
    Column("fecha_hora_utc", Instant, nullable=False),
    # What the aviso says, by the names of AvisoPago and ReversaPago.
    Column("id_mensaje", String, nullable=False),
    Column("fecha_hora_mensaje_utc", Instant, nullable=False),
    Column("id_cliente", String, nullable=False),
    Column("id_factura", String),
    Column("id_transaccion", String),
    Column("importe_centavos", BIGINT, nullable=False),
    Column("moneda", String),
    Column("id_consulta", String),
    Column("codigo_movimiento", Integer),
    Column("fecha_vencimiento", Date),
    Column("fecha_hora_pago_utc", Instant),
    Column("fecha_acreditacion", Date),
    Column("canal", String),
    Column("nro_control", String),
    Column("codigo_provincia", String),
    Column("descripcion", String),
    Column("id_transaccion_original", String),
    Column("fecha_hora_original_utc", Instant),
    Column("nro_control_original", String),
    Column("motivo", String),
    Column("linea_cob", String),
    UniqueConstraint("codigo_empresa", "identidad", "tipo"),
    one_of("tipo", TipoAviso),
    one_of("estado", EstadoAviso),
    CheckConstraint("importe_centavos >= 0", name="importe"),
    Index(None, "codigo_empresa", "id_cliente", "secuencia"),
    Index(None, "codigo_empresa", "tipo", "huella"),
    Index(None, "codigo_empresa", "fecha_hora_utc"),
    Index(None, "original"),
    sqlite_autoincrement=True,
)

_EN_PUENTE = text("estado = 'EN_PUENTE'")
_VIVO = text("estado = 'APLICADO' AND id_factura IS NOT NULL")

pago = Table(
    "pago",
    metadata,
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("id_cliente", String, nullable=False),
    Column("id_factura", String),
    Column("importe_centavos", BIGINT, nullable=False),
    Column("estado", String, nullable=False),
    one_of("estado", EstadoPago),
    CheckConstraint("importe_centavos >= 0", name="importe"),
    Index(None, "codigo_empresa", "id_cliente", "id_factura"),
    Index(
        "ix_pago_en_puente",
        "codigo_empresa",
        "id_aviso",
        sqlite_where=_EN_PUENTE,
        postgresql_where=_EN_PUENTE,
    ),
    # A factura has at most one live pago, whatever the code does (contract.md §8).
    Index(
        "ux_pago_vivo",
        "codigo_empresa",
        "id_cliente",
        "id_factura",
        unique=True,
        sqlite_where=_VIVO,
        postgresql_where=_VIVO,
    ),
)

repeticion = Table(
    "repeticion",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), nullable=False, index=True),
    Column("id_mensaje", String, nullable=False, index=True),
    Column("fecha_hora_utc", Instant, nullable=False),
    sqlite_autoincrement=True,
)

aviso_ilegible = Table(
    "aviso_ilegible",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("id_pedido", String, nullable=False),
    Column("cuerpo", LargeBinary, nullable=False),
    Column("fecha_hora_utc", Instant, nullable=False),
    sqlite_autoincrement=True,
)
