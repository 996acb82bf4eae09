"""The exchanges with the network and the empresas. Times are microseconds; hora counts whole hours since 1970, UTC."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from pmc_soap.storage.columns import BIGINT, Instant, metadata

CON_PROBLEMA, LENTO, OTRO_CODIGO = "severidad >= 2", "us >= 1000000", "codigo <> '00'"
RAROS = (("con_problema", (), CON_PROBLEMA), ("lentos", (), LENTO), ("otro_codigo", ("codigo",), OTRO_CODIGO))

intercambio = Table(
    "intercambio",
    metadata,
    Column("id", BIGINT, primary_key=True),
    Column("id_pedido", String, nullable=False),
    Column("fecha_hora_utc", Instant, nullable=False),
    Column("hora", Integer, nullable=False),
    Column("puerto", String),
    Column("operacion", String),
    Column("codigo_empresa", String),
    Column("codigo", String),
    Column("severidad", Integer, nullable=False),
    Column("falla", String),
    Column("campo", String),
    Column("http", Integer, nullable=False),
    Column("duplicado", Boolean, nullable=False),
    Column("id_cliente", String),
    Column("id_factura", String),
    Column("id_consulta", String),
    Column("id_aviso", String),
    Column("id_transaccion", String),
    Column("us", Integer, nullable=False),
    Column("lectura_us", Integer),
    Column("apertura_us", Integer),
    Column("credencial_us", Integer),
    Column("contrato_us", Integer),
    Column("operacion_us", Integer),
    Column("escritura_us", Integer),
    Column("bytes_in", Integer, nullable=False),
    Column("bytes_out", Integer, nullable=False),
    Column("pedido", LargeBinary),
    Column("respuesta", LargeBinary),
    UniqueConstraint("id_pedido"),
    Index(None, "fecha_hora_utc", "id"),
    # holds all that the figures are made of, in the order that they are made in
    Index("ix_intercambio_cifras", "hora", "operacion", "codigo", "falla", "severidad", "codigo_empresa", "us"),
    *(
        Index(
            f"ix_intercambio_{name}", *of, "fecha_hora_utc", "id", sqlite_where=text(rare), postgresql_where=text(rare)
        )
        for name, of, rare in RAROS
    ),
    *(
        Index(
            f"ix_intercambio_{name}",
            name,
            "fecha_hora_utc",
            "id",
            sqlite_where=text(f"{name} IS NOT NULL"),
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
        for name in ("id_cliente", "id_factura", "id_aviso")
    ),
    sqlite_autoincrement=True,
)
