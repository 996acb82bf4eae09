"""The tables of the ledger, as the newest migration leaves them.

Importes are whole centavos, instants are UTC, days are those of Argentina. Texts carry no length here: the contract
limits them at the edge, and a database that refuses a long text would lose an aviso. The triggers that make aviso,
repeticion and aviso_ilegible append-only are in the migrations.
"""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, TipoAviso
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.domain.factura import EstadoFactura, TipoImporte


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, on databases with time zones and on SQLite, which has none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take any aware instant to UTC; a naive one is a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime is no instant: {value!r}")
        at_utc = value.astimezone(UTC)
        return at_utc.replace(tzinfo=None) if dialect.name == "sqlite" else at_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC, whatever the session's time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


# SQLite gives numbers of its own only to a column that is exactly INTEGER, which there has 64 bits as well.
BIGINT = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


cliente = Table(
    "cliente",
    metadata,
    Column("codigo_empresa", String, primary_key=True),
    Column("id_cliente", String, primary_key=True),
    Column("nombre", String),
    Column("cuit", String),
)

factura = Table(
    "factura",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("id_cliente", String, nullable=False),
    Column("id_factura", String, nullable=False),
    Column("vto1_fecha", Date, nullable=False),
    Column("vto1_importe_centavos", BIGINT, nullable=False),
    Column("vto2_fecha", Date),
    Column("vto2_importe_centavos", BIGINT),
    Column("vto3_fecha", Date),
    Column("vto3_importe_centavos", BIGINT),
    Column("ultimo_vencimiento", Date, nullable=False),
    Column("tipo_importe", String, nullable=False),
    Column("importe_minimo_centavos", BIGINT),
    Column("importe_maximo_centavos", BIGINT),
    Column("mensaje_pantalla", String, nullable=False),
    Column("mensaje_ticket", String, nullable=False),
    Column("codigo_barras", String),
    Column("moneda", String, nullable=False),
    Column("referencia_anterior", String),
    Column("estado", String, nullable=False),
    Column("motivo_baja", String),
    Column("contenido", String, nullable=False),
    Column("carga", String),
    Column("creada_utc", Instant, nullable=False),
    Column("actualizada_utc", Instant, nullable=False),
    UniqueConstraint("codigo_empresa", "id_cliente", "id_factura"),
    ForeignKeyConstraint(["codigo_empresa", "id_cliente"], ["cliente.codigo_empresa", "cliente.id_cliente"]),
    _one_of("estado", EstadoFactura),
    _one_of("tipo_importe", TipoImporte),
    # A comparison with NULL is neither true nor false, and a CHECK lets it pass: absent vencimientos need no clause.
    CheckConstraint("vto1_importe_centavos >= 0", name="vto1"),
    CheckConstraint("vto2_fecha >= vto1_fecha AND vto2_importe_centavos >= vto1_importe_centavos", name="vto2"),
    CheckConstraint("vto3_fecha >= vto2_fecha AND vto3_importe_centavos >= vto2_importe_centavos", name="vto3"),
    CheckConstraint("(vto2_fecha IS NULL) = (vto2_importe_centavos IS NULL)", name="vto2_whole"),
    CheckConstraint("(vto3_fecha IS NULL) = (vto3_importe_centavos IS NULL)", name="vto3_whole"),
    CheckConstraint("vto2_fecha IS NOT NULL OR vto3_fecha IS NULL", name="vto3_after_vto2"),
    CheckConstraint("ultimo_vencimiento = COALESCE(vto3_fecha, vto2_fecha, vto1_fecha)", name="ultimo_vencimiento"),
    CheckConstraint("importe_minimo_centavos >= 0", name="importe_minimo"),
    CheckConstraint("importe_maximo_centavos >= importe_minimo_centavos", name="importe_maximo"),
    Index(None, "codigo_empresa", "id_factura"),
    Index(None, "codigo_empresa", "codigo_barras"),
    sqlite_autoincrement=True,
)

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
    UniqueConstraint("codigo_empresa", "identidad", "tipo"),
    _one_of("tipo", TipoAviso),
    _one_of("estado", EstadoAviso),
    CheckConstraint("importe_centavos >= 0", name="importe"),
    Index(None, "codigo_empresa", "id_cliente", "secuencia"),
    Index(None, "codigo_empresa", "tipo", "huella"),
    Index(None, "original"),
    sqlite_autoincrement=True,
)

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
    _one_of("estado", EstadoPago),
    CheckConstraint("importe_centavos >= 0", name="importe"),
    Index(None, "codigo_empresa", "id_cliente", "id_factura"),
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

entrega = Table(
    "entrega",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), nullable=False),
    Column("destino", String, nullable=False),
    Column("estado", String, nullable=False),
    Column("intentos", Integer, nullable=False),
    Column("proximo_intento_utc", Instant, nullable=False),
    Column("creada_utc", Instant, nullable=False),
    UniqueConstraint("id_aviso", "destino"),
    _one_of("estado", EstadoEntrega),
    Index(None, "destino", "estado", "proximo_intento_utc"),
    sqlite_autoincrement=True,
)

alerta = Table(
    "alerta",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("motivo", String, nullable=False),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso")),
    Column("fecha_hora_utc", Instant, nullable=False),
    Index(None, "codigo_empresa", "fecha_hora_utc"),
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

consulta = Table(
    "consulta",
    metadata,
    Column("id_consulta", String, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("id_cliente", String),
    Column("id_factura", String),
    Column("codigo_barras", String),
    Column("id_mensaje", String, nullable=False),
    Column("maximo_facturas", Integer, nullable=False),
    Column("resultado", String, nullable=False),
    Column("campo", String),
    Column("origen", String),
    Column("hay_mas", Boolean, nullable=False),
    Column("fecha_hora_utc", Instant, nullable=False),
    Index(None, "codigo_empresa", "fecha_hora_utc"),
)

cotizacion = Table(
    "cotizacion",
    metadata,
    Column("id_consulta", String, ForeignKey("consulta.id_consulta"), primary_key=True),
    Column("orden", Integer, primary_key=True),
    Column("id_cliente", String, nullable=False),
    Column("id_factura", String, nullable=False),
    Column("numero_vencimiento", Integer, nullable=False),
    Column("importe_centavos", BIGINT, nullable=False),
    CheckConstraint("importe_centavos >= 0", name="importe"),
)
