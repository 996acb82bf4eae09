"""The Cobranza port: COBs and their lines in one transaction, alone on the clientes of the lines that it decides."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import (
    insert as upsert,  # SQLite speaks the same ON CONFLICT, and compiles it as well
)
from sqlalchemy.exc import DBAPIError

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import EstadoPago, TipoAviso
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.cob import Cob, EstadoCob, LineaGuardada, LineaLeida
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.conciliacion import FIRMES, Desenlace, PagoConocido, Regla
from pmc_soap.operations.cobranza import Asiento
from pmc_soap.operations.ports import Collision
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import collides
from pmc_soap.storage.conciliado import LAST_COB, read_cob
from pmc_soap.storage.rows import Values

CLAVES_MAX = 500  # in one statement

_a, _p, _b, _l = t.aviso.c, t.pago.c, t.cob.c, t.linea_cob.c
_newer, _late = t.cob.alias("newer"), t.aviso.alias("late")
_OF_COBRO = ("id_cliente", "id_factura", "primer_vencimiento", "fecha_aplicacion", "codigo_movimiento")
_OF_TICKET = ("canal", "nro_control", "codigo_provincia")
_MOMENTO = func.coalesce(_a.fecha_hora_pago_utc, _a.fecha_hora_mensaje_utc, type_=_a.fecha_hora_utc.type)
_MOMENTO_LATE = func.coalesce(_late.c.fecha_hora_pago_utc, _late.c.fecha_hora_mensaje_utc, type_=_a.fecha_hora_utc.type)
_CLIENTES: BindParameter[str] = bindparam("clientes", type_=String, expanding=True)
CORRECTED = exists().where(
    _newer.c.codigo_archivo == _b.codigo_archivo,
    _newer.c.fecha == _b.fecha,
    _newer.c.version > _b.version,
    _newer.c.estado != EstadoCob.LEYENDO.value,
)
_LINEAS = (
    select(
        t.linea_cob,
        _b.nombre,
        _b.fecha,
        _b.estado.label("estado_cob"),
        _p.estado.label("estado_pago"),
        CORRECTED.label("de_baja"),
        exists().where(_late.c.original == _l.id_aviso, _late.c.tipo == TipoAviso.PAGO.value).label("avisada"),
        exists()
        .where(t.cierre_cob.c.codigo_empresa == _l.codigo_empresa, t.cierre_cob.c.fecha == _b.fecha)
        .label("cerrada"),
    )
    .join_from(t.linea_cob, t.cob, _b.id == _l.id_cob)
    .join(t.pago, _p.id_aviso == _l.id_aviso, isouter=True)
    .where(
        _l.codigo_empresa == bindparam("codigo_empresa"),
        _l.id_cliente.in_(_CLIENTES),
        _l.fecha_aplicacion >= bindparam("desde"),
        or_(_l.desenlace.is_(None), _l.desenlace != Desenlace.RETIRADA.value),
    )
    .order_by(_l.id)
)
_CONOCIDOS = (
    select(
        *(_a[name] for name in ("id_aviso", "secuencia", "id_cliente", "id_factura", "importe_centavos")),
        *(_a[name] for name in ("canal", "nro_control", "linea_cob")),
        _MOMENTO.label("momento"),
        _MOMENTO_LATE.label("momento_late"),
        _p.estado.label("estado_pago"),
        _l.id.label("id_linea"),
    )
    .join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso)
    .join(
        _late,
        and_(_late.c.original == _a.id_aviso, _late.c.tipo == TipoAviso.PAGO.value, _a.linea_cob.is_not(None)),
        isouter=True,
    )
    .join(t.linea_cob, _l.id_aviso == _a.id_aviso, isouter=True)
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        _a.id_cliente.in_(_CLIENTES),
        _a.tipo == TipoAviso.PAGO.value,
        _a.moneda == importe.PESOS,
        bindparam("desde", type_=_MOMENTO.type) <= _MOMENTO,
    )
    .order_by(_a.secuencia)
)
_new = upsert(t.linea_cob)
_STAGE = _new.on_conflict_do_update(
    index_elements=["codigo_empresa", "clave"],
    set_={
        "id_cob": _new.excluded.id_cob,
        "linea": _new.excluded.linea,
        # what a file had, a second had no more and a third has again begins anew
        "desenlace": func.nullif(_l.desenlace, Desenlace.RETIRADA.value),
    },
    where=_new.excluded.id_cob > _l.id_cob,
)
_DECIDED = select(_l.desenlace, _l.importe_centavos).where(
    _l.codigo_empresa == bindparam("codigo_empresa"), _l.clave.in_(bindparam("claves", expanding=True))
)
_LEAVE = update(t.linea_cob).where(_l.id == bindparam("of_id"), _l.id_aviso.is_not(None)).values(id_aviso=None)
_SETTLE = update(t.linea_cob).where(_l.id == bindparam("of_id"))
_RESOLVE = _SETTLE.values(resuelta_utc=bindparam("at_utc"))
_MOVE_COB = update(t.cob).where(_b.id == bindparam("of_id"), _b.estado == bindparam("before"))
_NEXT = {EstadoCob.CRUZANDO: EstadoCob.LEYENDO, EstadoCob.LISTO: EstadoCob.CRUZANDO}
_THE_DAY = (
    t.cierre_cob.c.codigo_empresa == bindparam("of_codigo_empresa"),
    t.cierre_cob.c.fecha == bindparam("of_fecha"),
)


class SqlCobranza:
    """COBs and their lines, over a connection that has begun a transaction."""

    @property
    def _connection(self) -> Connection:
        raise NotImplementedError

    def last_cob(self, codigo_archivo: str, fecha: date) -> Cob | None:
        """Give the file that stands of that day."""
        values = {"codigo_archivo": codigo_archivo, "fecha": fecha}
        row = self._connection.execute(LAST_COB, values).mappings().first()
        return read_cob(row) if row else None

    def add_cob(self, cob: Cob) -> Cob:
        """Add a file, and give it with its id; raises Collision if that version was added meanwhile."""
        said = {c.name: getattr(cob, c.name) for c in t.cob.c if c.name != "id"}
        self._colliding(insert(t.cob).inline(), said)
        added = self.last_cob(cob.codigo_archivo, cob.fecha)
        if added is None:
            raise LookupError(cob.nombre)
        return added

    def move_cob(self, cob: Cob, after: EstadoCob, at_utc: datetime) -> bool:
        """Move a file on, and tell so; one that is there already stays."""
        moved = {"estado": after.value} | ({"terminado_utc": at_utc} if after is EstadoCob.LISTO else {})
        done = self._connection.execute(_MOVE_COB.values(**moved), {"of_id": cob.id, "before": _NEXT[after].value})
        return done.rowcount == 1

    def stage(self, cob: Cob, lineas: Sequence[LineaLeida]) -> None:
        """Keep lines of that file; one that an earlier version had becomes this one's, with its desenlace."""
        if lineas:
            self._connection.execute(_STAGE, [_write_leida(cob, each) for each in lineas])

    def lineas(self, codigo_empresa: str, clientes: Collection[str], desde: date) -> Sequence[LineaGuardada]:
        """Give the clientes' lines of payments made since that day, but for those of no file any more."""
        values = {"codigo_empresa": codigo_empresa, "clientes": list(clientes), "desde": desde}
        return [_read_guardada(row) for row in self._connection.execute(_LINEAS, values).mappings()]

    def conocidos(
        self, codigo_empresa: str, clientes: Collection[str], desde_utc: datetime
    ) -> Sequence[tuple[PagoConocido, int | None]]:
        """Give the clientes' pagos in pesos made since then, each with the id of the line that has it."""
        values = {"codigo_empresa": codigo_empresa, "clientes": list(clientes), "desde": desde_utc}
        return [_read_conocido(row) for row in self._connection.execute(_CONOCIDOS, values).mappings()]

    def decided(self, claves: Sequence[str], codigo_empresa: str) -> Sequence[tuple[Desenlace, int]]:
        """Give how these lines ended, each with its importe in centavos."""
        return [
            (Desenlace(row.desenlace), row.importe_centavos)
            for n in range(0, len(claves), CLAVES_MAX)
            for row in self._connection.execute(
                _DECIDED, {"codigo_empresa": codigo_empresa, "claves": claves[n : n + CLAVES_MAX]}
            )
        ]

    def settle_lineas(self, asientos: Sequence[Asiento]) -> None:
        """Write what became of lines; what one leaves another may have at once."""
        if not asientos:
            return
        self._connection.execute(_LEAVE, [{"of_id": each.id_linea} for each in asientos])
        settle = _SETTLE.values({name: bindparam(name) for name in ("desenlace", "regla", "id_aviso", "alertado")})
        self._connection.execute(settle, [_write_asiento(each) for each in asientos])

    def resolve_linea(self, id_linea: int, at_utc: datetime) -> None:
        """Note that a person has dealt with a line."""
        self._connection.execute(_RESOLVE, {"of_id": id_linea, "at_utc": at_utc})

    def is_closed(self, codigo_empresa: str, fecha: date) -> bool:
        """Tell whether that day is closed."""
        values = {"of_codigo_empresa": codigo_empresa, "of_fecha": fecha}
        return self._connection.execute(select(exists().where(*_THE_DAY)), values).scalar_one()

    def close_day(self, codigo_empresa: str, fecha: date, operador: str, at_utc: datetime) -> None:
        """Close a day; raises Collision if it was closed meanwhile."""
        row = {"codigo_empresa": codigo_empresa, "fecha": fecha, "operador": operador, "cerrado_utc": at_utc}
        self._colliding(insert(t.cierre_cob), row)

    def reopen_day(self, codigo_empresa: str, fecha: date) -> None:
        """Open a closed day again."""
        values = {"of_codigo_empresa": codigo_empresa, "of_fecha": fecha}
        self._connection.execute(delete(t.cierre_cob).where(*_THE_DAY), values)

    def _colliding(self, statement: Any, row: Values) -> None:
        try:
            self._connection.execute(statement, row)
        except DBAPIError as error:
            if collides(error):
                raise Collision from error
            raise


def _write_leida(cob: Cob, leida: LineaLeida) -> Values:
    cobro = leida.cobro
    return {name: getattr(cobro, name) if cobro else None for name in (*_OF_COBRO, *_OF_TICKET)} | {
        "id_cob": cob.id,
        "codigo_empresa": cob.codigo_empresa,
        "clave": leida.clave,
        "linea": leida.linea,
        "importe_centavos": leida.importe_centavos,
        "texto": leida.texto,
        "codigos": leida.codigos,
        "desenlace": None if cobro else Desenlace.LINEA_INVALIDA.value,
    }


def _write_asiento(asiento: Asiento) -> Values:
    return {
        "of_id": asiento.id_linea,
        "desenlace": asiento.desenlace.value,
        "regla": asiento.regla and asiento.regla.value,
        "id_aviso": asiento.id_aviso,
        "alertado": asiento.alertado and asiento.alertado.value,
    }


def _read_guardada(row: RowMapping) -> LineaGuardada:
    desenlace = row["desenlace"] and Desenlace(row["desenlace"])
    taken_back = desenlace in FIRMES and row["estado_pago"] == EstadoPago.REVERSADO
    said = {name: row[name] for name in (*_OF_COBRO, *_OF_TICKET)}
    return LineaGuardada(
        id=row["id"],
        clave=row["clave"],
        linea=row["linea"],
        nombre=row["nombre"],
        fecha=row["fecha"],
        cobro=Cobro(**said, fecha_acreditacion=row["fecha"], importe_centavos=row["importe_centavos"]),
        desenlace=desenlace,
        regla=row["regla"] and Regla(row["regla"]),
        id_aviso=row["id_aviso"],
        alertado=row["alertado"] and Desenlace(row["alertado"]),
        resuelta=row["resuelta_utc"] is not None,
        lista=row["estado_cob"] != EstadoCob.LEYENDO,
        de_baja=bool(row["de_baja"]),
        reversada=taken_back,
        avisada=desenlace is Desenlace.SOLO_EN_COB and bool(row["avisada"]),
        cerrada=bool(row["cerrada"]),
    )


def _read_conocido(row: RowMapping) -> tuple[PagoConocido, int | None]:
    told = {name: row[name] for name in ("id_aviso", "secuencia", "id_cliente", "id_factura", "importe_centavos")}
    late = row["momento_late"]
    pago = PagoConocido(
        **told,
        dia=local_day(late or row["momento"]),
        canal=row["canal"],
        nro_control=row["nro_control"],
        reversado=row["estado_pago"] == EstadoPago.REVERSADO,
        linea_cob=row["linea_cob"],
        por_cob=row["linea_cob"] is not None and late is None,
    )
    return pago, row["id_linea"]
