"""The Informes port: rows of any number, read as they are asked for, in one transaction. It locks nothing."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, func, literal_column, or_, select

from pmc_soap.domain.aviso import AvisoGuardado, EstadoAviso, EstadoPago, Pago, TipoAviso
from pmc_soap.domain.calendario import to_utc
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.entrega import EstadoEntrega, EstadoImputacion
from pmc_soap.operations.cobranza import LineaInformada
from pmc_soap.operations.informes import EntregaHecha, EntregaPago, PagoInformado
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.conciliado import INFORMADA, read_informada
from pmc_soap.storage.engine import COMMAND_TIMEOUT_S, Base
from pmc_soap.storage.rows import Values, read_aviso_and_pago

AT_ONCE = 1_000  # rows that are in memory together

_a, _p, _e, _c, _b, _l = t.aviso.c, t.pago.c, t.entrega.c, t.consulta.c, t.cob.c, t.linea_cob.c
_reversa = t.aviso.alias("reversa")
EARLY = timedelta(days=2)  # how far before its payment an aviso may have come: a clock of the network that is ahead
MOMENTO = func.coalesce(_a.fecha_hora_pago_utc, _a.fecha_hora_mensaje_utc, type_=_a.fecha_hora_utc.type)
PAGO = (
    select(
        *(_a[name] for name in ("codigo_empresa", "id_aviso", "id_transaccion", "moneda", "canal", "nro_control")),
        *(_a.fecha_hora_utc, _a.linea_cob, MOMENTO.label("momento"), _a.estado.label("juicio")),
        *(_p.id_cliente, _p.id_factura, _p.importe_centavos, _p.estado),
        _reversa.c.fecha_hora_utc.label("reversado_utc"),
        *(_b.nombre.label("archivo_cob"), _l.desenlace),
        *(_e.estado.label("estado_entrega"), _e.respuesta, _e.entregada_utc),
    )
    .join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso)
    .join(
        _reversa,
        and_(
            _reversa.c.original == _a.id_aviso,
            _reversa.c.tipo == TipoAviso.REVERSA.value,
            _reversa.c.estado == EstadoAviso.APLICADO.value,
        ),
        isouter=True,
    )
    .join(t.linea_cob, _l.id_aviso == _a.id_aviso, isouter=True)
    .join(t.cob, _b.id == _l.id_cob, isouter=True)
    .join(t.entrega, _e.id_aviso == _a.id_aviso, isouter=True)
)
_PAGOS = PAGO.where(
    _a.codigo_empresa == bindparam("codigo_empresa"),
    _a.tipo == TipoAviso.PAGO.value,
    _a.fecha_hora_utc >= bindparam("arrived"),
    bindparam("since", type_=MOMENTO.type) <= MOMENTO,
    bindparam("until", type_=MOMENTO.type) > MOMENTO,
).order_by(_a.fecha_hora_utc, _a.secuencia)
# as its index says it, word for word (linea.py)
_waits: ColumnElement[bool] = literal_column("pago.estado = 'EN_PUENTE'")
_EN_PUENTE = (
    select(
        t.aviso,
        _p.estado.label("estado_pago"),
        _p.id_cliente.label("id_cliente_pago"),
        _p.id_factura.label("id_factura_pago"),
    )
    .join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso)
    .where(_waits)
    .order_by(_a.secuencia)
)
_EN_PUENTE_OF = _EN_PUENTE.where(_p.codigo_empresa == bindparam("codigo_empresa"))
_LINEAS = INFORMADA.where(
    _b.codigo_empresa == bindparam("codigo_empresa"),
    _b.fecha.between(bindparam("desde"), bindparam("hasta")),
    or_(_l.desenlace.is_(None), _l.desenlace != Desenlace.RETIRADA.value),
).order_by(_b.fecha, _b.id, _l.linea)
_CAME = (
    _a.codigo_empresa == bindparam("codigo_empresa"),
    _a.fecha_hora_utc >= bindparam("since"),
    _a.fecha_hora_utc < bindparam("until"),
)
_ENTREGAS = (
    select(_a.tipo, _a.fecha_hora_utc, _e.destino, _e.entregada_utc)
    .join_from(t.aviso, t.entrega, _e.id_aviso == _a.id_aviso)
    .where(*_CAME)
)
_CONSULTAS = select(func.count()).where(
    _c.codigo_empresa == bindparam("codigo_empresa"),
    _c.fecha_hora_utc >= bindparam("since"),
    _c.fecha_hora_utc < bindparam("until"),
)
_AVISOS = select(func.count()).where(*_CAME, _a.tipo == bindparam("tipo"), _a.linea_cob.is_(None))

_TAKEN = frozenset({EntregaPago.ENTREGADA, EntregaPago.RECHAZADA})


class SqlInformes:
    """The rows of reports, from a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def pagos(self, codigo_empresa: str, desde: date, hasta: date) -> Iterator[PagoInformado]:
        """Give the pagos made on these days, in the order in which they came."""
        since, until = midnight(desde), midnight(hasta + timedelta(days=1))
        values = {"codigo_empresa": codigo_empresa, "arrived": since - EARLY, "since": since, "until": until}
        with closing(self._rows(_PAGOS, values)) as rows:
            for _, of_pago in groupby(rows, key=itemgetter("id_aviso")):
                yield read_pago(list(of_pago))

    def en_puente(self, codigo_empresa: str | None) -> Iterator[tuple[AvisoGuardado, Pago]]:
        """Give all pagos that wait, of one empresa or of all, the oldest first."""
        asked = (_EN_PUENTE, {}) if codigo_empresa is None else (_EN_PUENTE_OF, {"codigo_empresa": codigo_empresa})
        with closing(self._rows(*asked)) as rows:
            for row in rows:
                yield read_aviso_and_pago(row)

    def lineas(self, codigo_empresa: str, desde: date, hasta: date) -> Iterator[LineaInformada]:
        """Give the lines of the COBs of these days, those that a corrected file has no more left out."""
        values = {"codigo_empresa": codigo_empresa, "desde": desde, "hasta": hasta}
        with closing(self._rows(_LINEAS, values)) as rows:
            for row in rows:
                yield read_informada(row)

    def entregas(self, codigo_empresa: str, dia: date) -> Iterator[EntregaHecha]:
        """Give what was owed to the destinos of the avisos that came that day."""
        with closing(self._rows(_ENTREGAS, _of_day(codigo_empresa, dia))) as rows:
            for row in rows:
                yield EntregaHecha(
                    tipo=TipoAviso(row["tipo"]),
                    destino=row["destino"],
                    recibido_utc=row["fecha_hora_utc"],
                    entregado_utc=row["entregada_utc"],
                )

    def consultas(self, codigo_empresa: str, dia: date) -> int:
        """Count the consultas of that day."""
        return self._count(_CONSULTAS, _of_day(codigo_empresa, dia))

    def avisos(self, codigo_empresa: str, dia: date, tipo: TipoAviso) -> int:
        """Count the avisos of that day, but for those that only a COB told of."""
        return self._count(_AVISOS, _of_day(codigo_empresa, dia) | {"tipo": tipo.value})

    def _count(self, statement: Select[int], values: Values) -> int:
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return int(connection.execute(statement, values).scalar_one())

    def _rows(self, statement: Select[tuple[object, ...]], values: Values) -> Generator[RowMapping, None, None]:
        """Read row by row; the database keeps the rest until it is asked for."""
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            if connection.dialect.name == "postgresql":  # a report may take longer than an answer to the network
                connection.exec_driver_sql(f"SET LOCAL statement_timeout TO '{COMMAND_TIMEOUT_S}s'")
            with connection.execute(statement, values, execution_options={"yield_per": AT_ONCE}) as result:
                yield from result.mappings()


def midnight(day: date) -> datetime:
    """Give the first instant of a day in Argentina."""
    return to_utc(datetime.combine(day, time.min))


def _of_day(codigo_empresa: str, dia: date) -> Values:
    return {
        "codigo_empresa": codigo_empresa,
        "since": midnight(dia),
        "until": midnight(dia + timedelta(days=1)),
    }


def read_pago(rows: Sequence[RowMapping]) -> PagoInformado:
    """Take the rows of one pago, one for each destino that it is owed to."""
    row = rows[0]
    entrega = _read_entrega(rows)
    delivered = [each["entregada_utc"] for each in rows if each["entregada_utc"] is not None]
    return PagoInformado(
        **{name: row[name] for name in ("codigo_empresa", "id_aviso", "id_cliente", "id_factura", "importe_centavos")},
        **{name: row[name] for name in ("moneda", "id_transaccion", "canal", "nro_control", "reversado_utc")},
        recibido_utc=row["fecha_hora_utc"],
        momento_utc=row["momento"],
        estado=EstadoPago(row["estado"]),
        juicio=EstadoAviso(row["juicio"]),
        por_cob=row["linea_cob"] is not None,
        entrega=entrega,
        entregado_utc=max(delivered)
        if delivered and entrega in {EntregaPago.ENTREGADA, EntregaPago.RECHAZADA}
        else None,
        archivo_cob=row["archivo_cob"],
        desenlace=row["desenlace"] and Desenlace(row["desenlace"]),
    )


def _read_entrega(rows: Sequence[RowMapping]) -> EntregaPago:
    estados = {row["estado_entrega"] for row in rows}
    if estados == {None}:
        return EntregaPago.NO_SE_DEBE
    if EstadoEntrega.DETENIDA in estados:
        return EntregaPago.DETENIDA
    if estados != {EstadoEntrega.ENTREGADA.value}:
        return EntregaPago.PENDIENTE
    refused = any(row["respuesta"] == EstadoImputacion.RECHAZADO for row in rows)
    return EntregaPago.RECHAZADA if refused else EntregaPago.ENTREGADA
