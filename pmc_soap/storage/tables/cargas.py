"""The files that became the base, and those that were made of it for PMC."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pmc_soap.domain.carga import EstadoCarga, Modo
from pmc_soap.domain.exportacion import EstadoExportacion
from pmc_soap.storage.columns import BIGINT, Instant, metadata, one_of

_EN_CURSO = text("estado = 'EN_CURSO'")

carga = Table(
    "carga",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("nombre", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("formato", String, nullable=False),
    Column("modo", String, nullable=False),
    Column("parcial", Boolean, nullable=False),
    Column("estado", String, nullable=False),
    Column("aceptadas", Integer, nullable=False),
    Column("rechazadas", Integer, nullable=False),
    Column("importe_total_centavos", BIGINT, nullable=False),
    Column("hasta_linea", Integer, nullable=False),
    Column("nuevas", Integer, nullable=False),
    Column("cambiadas", Integer, nullable=False),
    Column("iguales", Integer, nullable=False),
    Column("intocables", Integer, nullable=False),
    Column("retiradas", Integer, nullable=False),
    Column("empezada_utc", Instant, nullable=False),
    Column("terminada_utc", Instant),
    Column("turno", String),
    Column("tomada_hasta_utc", Instant),
    one_of("modo", Modo),
    one_of("estado", EstadoCarga),
    CheckConstraint("(estado = 'EN_CURSO') = (terminada_utc IS NULL)", name="terminada"),
    CheckConstraint("(estado = 'EN_CURSO') = (turno IS NOT NULL)", name="turno"),
    # Two files at once would leave a base that is neither's.
    Index("ux_carga_en_curso", "codigo_empresa", unique=True, sqlite_where=_EN_CURSO, postgresql_where=_EN_CURSO),
    Index(None, "codigo_empresa", "sha256"),
    sqlite_autoincrement=True,
)

exportacion = Table(
    "exportacion",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("codigo_archivo", String, nullable=False),
    Column("fecha", Date, nullable=False),
    Column("numero", Integer, nullable=False),
    Column("nombre", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("novedades", Boolean, nullable=False),
    Column("estado", String, nullable=False),
    Column("cantidad", Integer, nullable=False),
    Column("total_centavos", BIGINT, nullable=False),
    Column("generada_utc", Instant, nullable=False),
    Column("rechazada_utc", Instant),
    Column("rechazo", Text),
    UniqueConstraint("codigo_archivo", "fecha", "numero"),
    one_of("estado", EstadoExportacion),
    CheckConstraint("(estado = 'RECHAZADA') = (rechazada_utc IS NOT NULL)", name="rechazada"),
    Index(None, "codigo_empresa", "fecha"),
    sqlite_autoincrement=True,
)

# What PMC was last told of each factura: its contenido then, and the file that told it.
exportada = Table(
    "exportada",
    metadata,
    Column("codigo_empresa", String, primary_key=True),
    Column("id_cliente", String, primary_key=True),
    Column("id_factura", String, primary_key=True),
    Column("contenido", String, nullable=False),
    Column("id_exportacion", BIGINT, ForeignKey("exportacion.id"), nullable=False, index=True),
)
