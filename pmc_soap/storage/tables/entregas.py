"""What the empresa is owed, each attempt to bring it, what the operator is to look at, and what he did."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from pmc_soap.domain.entrega import EstadoEntrega, EstadoImputacion
from pmc_soap.storage.columns import BIGINT, Instant, metadata, one_of

_PRIMERA = text("primera")
_SIN_ATENDER = text("atendida_utc IS NULL")
_POR_ENTREGAR = text("estado <> 'ENTREGADA'")

entrega = Table(
    "entrega",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), nullable=False),
    Column("codigo_empresa", String, nullable=False),
    Column("id_cliente", String, nullable=False),
    Column("destino", String, nullable=False),
    Column("estado", String, nullable=False),
    # The oldest of its line (empresa, destino, cliente) that was not delivered: the only one that can be taken.
    Column("primera", Boolean, nullable=False),
    Column("intentos", Integer, nullable=False),
    Column("permanentes", Integer, nullable=False),
    Column("proximo_intento_utc", Instant, nullable=False),
    Column("creada_utc", Instant, nullable=False),
    Column("turno", String),
    Column("tomada_hasta_utc", Instant),
    Column("entregada_utc", Instant),
    Column("respuesta", String),
    Column("nro_comprobante", String),
    Column("motivo", String),
    # In the line that an empresa comes for: given when it first comes, so that it is the order of commits.
    Column("numero", BIGINT),
    UniqueConstraint("id_aviso", "destino"),
    UniqueConstraint("codigo_empresa", "destino", "numero"),
    one_of("estado", EstadoEntrega),
    one_of("respuesta", EstadoImputacion),
    CheckConstraint("NOT primera OR estado <> 'ENTREGADA'", name="primera"),
    CheckConstraint("(estado = 'TOMADA') = (turno IS NOT NULL)", name="turno"),
    # No two of a line are ever out at once, whatever the code does.
    Index(
        "ux_entrega_primera",
        "codigo_empresa",
        "destino",
        "id_cliente",
        unique=True,
        sqlite_where=_PRIMERA,
        postgresql_where=_PRIMERA,
    ),
    Index(
        "ix_entrega_por_tomar",
        "codigo_empresa",
        "destino",
        "proximo_intento_utc",
        sqlite_where=_PRIMERA,
        postgresql_where=_PRIMERA,
    ),
    Index(
        "ix_entrega_linea",
        "codigo_empresa",
        "destino",
        "id_cliente",
        "id",
        sqlite_where=_POR_ENTREGAR,
        postgresql_where=_POR_ENTREGAR,
    ),
    sqlite_autoincrement=True,
)

intento = Table(
    "intento",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("id_entrega", BIGINT, ForeignKey("entrega.id"), nullable=False, index=True),
    Column("fecha_hora_utc", Instant, nullable=False),
    Column("resultado", String, nullable=False),
    Column("nro_comprobante", String),
    Column("detalle", String),
    sqlite_autoincrement=True,
)

alerta = Table(
    "alerta",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("codigo_empresa", String, nullable=False),
    Column("motivo", String, nullable=False),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), index=True),
    Column("fecha_hora_utc", Instant, nullable=False),
    Column("atendida_utc", Instant),
    Column("atendida_por", String),
    Index(None, "codigo_empresa", "fecha_hora_utc"),
    Index(
        "ix_alerta_pendiente",
        "codigo_empresa",
        "id",
        sqlite_where=_SIN_ATENDER,
        postgresql_where=_SIN_ATENDER,
    ),
    sqlite_autoincrement=True,
)

auditoria = Table(
    "auditoria",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("fecha_hora_utc", Instant, nullable=False),
    Column("operador", String, nullable=False, index=True),
    Column("accion", String, nullable=False),
    Column("codigo_empresa", String, nullable=False),
    Column("id_aviso", String, ForeignKey("aviso.id_aviso"), index=True),
    Column("motivo", String, nullable=False),
    Column("antes", String, nullable=False),
    Column("despues", String, nullable=False),
    sqlite_autoincrement=True,
)
