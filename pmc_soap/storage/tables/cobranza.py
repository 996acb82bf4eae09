"""The COBs that PMC made, their lines with what became of each, and the days that were closed."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from pmc_soap.domain.cob import EstadoCob
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.storage.columns import BIGINT, Instant, metadata, one_of

SIN_DECIDIR = text("desenlace IS NULL")
PARA_VER = text("desenlace IN ('DIF_IMPORTE', 'REVERSADO_PERO_EN_COB', 'DUPLICADO_EN_COB') AND resuelta_utc IS NULL")

cob = Table(
    "cob",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("codigo_archivo", String, nullable=False),
    Column("fecha", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("nombre", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("estado", String, nullable=False),
    Column("cantidad", Integer, nullable=False),
    Column("total_centavos", BIGINT, nullable=False),
    Column("recibido_utc", Instant, nullable=False),
    Column("terminado_utc", Instant),
    UniqueConstraint("codigo_archivo", "fecha", "version"),
    one_of("estado", EstadoCob),
    CheckConstraint("total_centavos >= 0", name="total"),
    Index(None, "codigo_empresa", "fecha"),
    sqlite_autoincrement=True,
)

linea_cob = Table(
    "linea_cob",
    metadata,
    Column("id", BIGINT, primary_key=True),
    # The newest version of the file that has the line; a line of an older one only is to be withdrawn.
    Column("id_cob", BIGINT, ForeignKey("cob.id"), nullable=False),
    Column("codigo_empresa", String, nullable=False),
    Column("clave", String, nullable=False),
    Column("linea", Integer, nullable=False),
    Column("importe_centavos", BIGINT, nullable=False),
    # What the line says, by the names of Cobro; of one that is no cobro only its text and what is wrong with it.
    Column("id_cliente", String),
    Column("id_factura", String),
    Column("primer_vencimiento", Date),
    Column("fecha_aplicacion", Date),
    Column("codigo_movimiento", Integer),
    Column("canal", String),
    Column("nro_control", String),
    Column("codigo_provincia", String),
    Column("texto", String),
    Column("codigos", String),
    Column("desenlace", String),
    Column("regla", String),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), unique=True),  # a pago has one line at most
    Column("alertado", String),
    Column("resuelta_utc", Instant),
    UniqueConstraint("codigo_empresa", "clave"),
    one_of("desenlace", Desenlace),
    CheckConstraint("importe_centavos >= 0", name="importe"),
    CheckConstraint("id_cliente IS NOT NULL OR texto IS NOT NULL", name="dice_algo"),
    Index(None, "id_cob", "linea"),
    Index(None, "codigo_empresa", "id_cliente", "fecha_aplicacion"),
    Index("ix_linea_cob_sin_decidir", "id_cob", "id_cliente", sqlite_where=SIN_DECIDIR, postgresql_where=SIN_DECIDIR),
    Index("ix_linea_cob_para_ver", "codigo_empresa", "id_cliente", sqlite_where=PARA_VER, postgresql_where=PARA_VER),
    sqlite_autoincrement=True,
)

cierre_cob = Table(
    "cierre_cob",
    metadata,
    Column("codigo_empresa", String, primary_key=True),
    Column("fecha", Date, primary_key=True),
    Column("operador", String, nullable=False),
    Column("cerrado_utc", Instant, nullable=False),
)
