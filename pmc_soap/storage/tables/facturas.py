"""What the empresa reported, and its clientes."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, Index, String, Table, UniqueConstraint

from pmc_soap.domain.factura import EstadoFactura, Origen, TipoImporte
from pmc_soap.storage.columns import BIGINT, Instant, metadata, one_of

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
    # The carga that named it no more: a later file that names it again makes it payable again.
    Column("retirada_por", BIGINT),
    Column("origen", String, nullable=False),
    Column("creada_utc", Instant, nullable=False),
    Column("actualizada_utc", Instant, nullable=False),
    UniqueConstraint("codigo_empresa", "id_cliente", "id_factura"),
    ForeignKeyConstraint(["codigo_empresa", "id_cliente"], ["cliente.codigo_empresa", "cliente.id_cliente"]),
    one_of("estado", EstadoFactura),
    one_of("tipo_importe", TipoImporte),
    one_of("origen", Origen),
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
