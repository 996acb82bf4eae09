"""The consultas and the quotes that they showed."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from pmc_soap.storage.columns import BIGINT, Instant, metadata

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
    Index(None, "codigo_empresa", "id_cliente", "fecha_hora_utc"),
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
