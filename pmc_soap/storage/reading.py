"""What can be asked of the ledger. Statements are built once: each is compiled a single time (direct.py)."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import product

from sqlalchemy import ColumnElement, Select, bindparam, exists, literal_column, or_, select

from pmc_soap.domain.aviso import AvisoGuardado, EstadoAviso, Pago, TipoAviso
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, Origen
from pmc_soap.operations.ports import Escrita
from pmc_soap.storage import tables as t
from pmc_soap.storage.direct import Direct
from pmc_soap.storage.rows import (
    READ_OF_FACTURA,
    Row,
    Values,
    read_aviso,
    read_aviso_and_pago,
    read_factura,
    read_pago,
    write_clave,
)

_f, _a, _p = t.factura.c, t.aviso.c, t.pago.c
HUELLA_MAX = 100  # equal payments without ids within one window: more than a person can make
_IDS = ("id_cliente", "id_factura", "codigo_barras")

_CON_CLIENTE = select(*(_f[name] for name in READ_OF_FACTURA), t.cliente.c.nombre, t.cliente.c.cuit).join_from(
    t.factura, t.cliente
)
FACTURA = _CON_CLIENTE.where(
    _f.codigo_empresa == bindparam("codigo_empresa"),
    _f.id_cliente == bindparam("id_cliente"),
    _f.id_factura == bindparam("id_factura"),
)


def _by_busqueda(*told: bool) -> Select[tuple[object, ...]]:
    wanted = [_f[name] == bindparam(name) for name, is_told in zip(_IDS, told, strict=True) if is_told]
    return _CON_CLIENTE.where(_f.codigo_empresa == bindparam("codigo_empresa"), *wanted).limit(bindparam("limit"))


_MATCHING = {told: _by_busqueda(*told).order_by(_f.id.desc()) for told in product((False, True), repeat=len(_IDS))}
_PAYABLE = {
    (told, with_learned): _by_busqueda(*told)
    .where(
        _f.estado == EstadoFactura.PENDIENTE.value,
        _f.ultimo_vencimiento >= bindparam("day"),
        or_(_f.origen == Origen.BASE.value, _f.actualizada_utc >= bindparam("learned_since"))
        if with_learned
        else _f.origen == Origen.BASE.value,
    )
    .order_by(_f.vto1_fecha, _f.id)
    for told in _MATCHING
    for with_learned in (False, True)
}
_WRITTEN = select(_f.contenido, _f.actualizada_utc, _f.estado, _f.origen, _f.retirada_por).where(
    _f.codigo_empresa == bindparam("codigo_empresa"),
    _f.id_cliente == bindparam("id_cliente"),
    _f.id_factura == bindparam("id_factura"),
)
_CLIENTE = select(t.cliente.c.id_cliente).where(
    t.cliente.c.codigo_empresa == bindparam("codigo_empresa"), t.cliente.c.id_cliente == bindparam("id_cliente")
)
_AVISO = select(t.aviso).where(_a.id_aviso == bindparam("id_aviso"))
_AVISO_BY_IDENTIDAD = select(t.aviso).where(
    _a.codigo_empresa == bindparam("codigo_empresa"),
    _a.identidad == bindparam("identidad"),
    _a.tipo == bindparam("tipo"),
)
_AVISOS_BY_HUELLA = (
    select(t.aviso)
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        _a.huella == bindparam("huella"),
        _a.tipo == bindparam("tipo"),
    )
    .order_by(_a.secuencia.desc())
    .limit(HUELLA_MAX)
)
_AVISO_BY_REPETICION = (
    select(t.aviso)
    .join_from(t.repeticion, t.aviso, _a.id_aviso == t.repeticion.c.id_aviso)
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        t.repeticion.c.id_mensaje == bindparam("id_mensaje"),
        _a.tipo == bindparam("tipo"),
        _a.id_transaccion.is_(None),
    )
    .order_by(_a.secuencia)
    .limit(1)
)
_REVERSA_OF = select(t.aviso).where(
    _a.original == bindparam("id_aviso"),
    _a.tipo == TipoAviso.REVERSA.value,
    _a.estado == EstadoAviso.APLICADO.value,
)
_PAGO = select(t.pago).where(_p.id_aviso == bindparam("id_aviso"))
_met = t.aviso.alias("met")
_UNMET = (
    select(t.aviso)
    .where(
        _a.codigo_empresa == bindparam("codigo_empresa"),
        _a.id_cliente == bindparam("id_cliente"),
        or_(
            (_a.tipo == TipoAviso.REVERSA.value) & (_a.estado == EstadoAviso.DESCONOCIDA.value),
            _a.linea_cob.is_not(None) & (_a.fecha_hora_mensaje_utc >= bindparam("since")),
        ),
        ~exists().where(_met.c.original == _a.id_aviso, _met.c.tipo == TipoAviso.PAGO.value),
    )
    .order_by(_a.secuencia)
)
_PAGOS = select(
    t.aviso,
    _p.estado.label("estado_pago"),
    _p.id_cliente.label("id_cliente_pago"),
    _p.id_factura.label("id_factura_pago"),
).join_from(t.aviso, t.pago, _p.id_aviso == _a.id_aviso)
_PAGOS_OF_CLIENTE = (
    _PAGOS.where(_a.codigo_empresa == bindparam("codigo_empresa"), _a.id_cliente == bindparam("id_cliente"))
    .order_by(_a.secuencia.desc())
    .limit(bindparam("limit"))
)
_PAGOS_OF_FACTURA = _PAGOS.where(
    _p.codigo_empresa == bindparam("codigo_empresa"),
    _p.id_cliente == bindparam("id_cliente"),
    _p.id_factura == bindparam("id_factura"),
).order_by(_a.secuencia)
# as its index says it, word for word (linea.py)
_waits: ColumnElement[bool] = literal_column("pago.estado = 'EN_PUENTE'")
_EN_PUENTE = _PAGOS.where(_waits).order_by(_a.secuencia).limit(bindparam("limit"))
_EN_PUENTE_OF = _EN_PUENTE.where(_p.codigo_empresa == bindparam("codigo_empresa"))
# there is one at most; a bound word would make SQLite plan it anew each time, for a partial index may fit it
_vivo: ColumnElement[bool] = literal_column("pago.estado = 'APLICADO'")
_PAGO_VIVO = _PAGOS_OF_FACTURA.where(_vivo).order_by(None)


class SqlReading:
    """One moment's view of the ledger, over a connection that has begun it."""

    def __init__(self, direct: Direct) -> None:
        self._direct = direct

    def payable(
        self, busqueda: Busqueda, day: date, limit: int, learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        """Give the facturas PENDIENTE whose last due date is that day or later, oldest first due date first.

        Those that only the empresa's own system told of count if it did so since learned_since; None: never.
        """
        told, values = _told(busqueda)
        values |= {"day": day, "limit": limit}
        if learned_since is not None:
            values["learned_since"] = learned_since
        return [read_factura(row) for row in self._all(_PAYABLE[told, learned_since is not None], values)]

    def matching(self, busqueda: Busqueda, limit: int) -> Sequence[Factura]:
        """Give the facturas in any state, the newest first."""
        told, values = _told(busqueda)
        return [read_factura(row) for row in self._all(_MATCHING[told], values | {"limit": limit})]

    def factura(self, clave: ClaveFactura) -> Factura | None:
        """Give one factura in any state."""
        row = self._first(FACTURA, write_clave(clave))
        return read_factura(row) if row else None

    def written(self, clave: ClaveFactura) -> Escrita | None:
        """Tell what a factura said when it was last added, changed or loaded."""
        row = self._first(_WRITTEN, write_clave(clave))
        if row is None:
            return None
        estado, origen = EstadoFactura(row["estado"]), Origen(row["origen"])
        retirada = estado is EstadoFactura.BAJA and row["retirada_por"] is not None
        return Escrita(row["contenido"], row["actualizada_utc"], estado, origen, retirada)

    def knows_cliente(self, codigo_empresa: str, id_cliente: str) -> bool:
        """Tell whether the empresa ever reported that cliente."""
        return self._first(_CLIENTE, {"codigo_empresa": codigo_empresa, "id_cliente": id_cliente}) is not None

    def aviso(self, id_aviso: str) -> AvisoGuardado | None:
        """Give one aviso by the id that it was given."""
        row = self._first(_AVISO, {"id_aviso": id_aviso})
        return read_aviso(row) if row else None

    def aviso_by_identidad(self, codigo_empresa: str, tipo: TipoAviso, identidad: str) -> AvisoGuardado | None:
        """Give the aviso of that identity."""
        values = {"codigo_empresa": codigo_empresa, "tipo": tipo, "identidad": identidad}
        row = self._first(_AVISO_BY_IDENTIDAD, values)
        return read_aviso(row) if row else None

    def aviso_by_repeticion(self, codigo_empresa: str, tipo: TipoAviso, id_mensaje: str) -> AvisoGuardado | None:
        """Give the aviso without IdTransaccion that once arrived again under that IdMensaje."""
        values = {"codigo_empresa": codigo_empresa, "tipo": tipo, "id_mensaje": id_mensaje}
        row = self._first(_AVISO_BY_REPETICION, values)
        return read_aviso(row) if row else None

    def avisos_by_huella(self, codigo_empresa: str, tipo: TipoAviso, huella: str) -> Sequence[AvisoGuardado]:
        """Give the avisos without IdTransaccion of that fingerprint, newest first."""
        values = {"codigo_empresa": codigo_empresa, "tipo": tipo, "huella": huella}
        return [read_aviso(row) for row in self._all(_AVISOS_BY_HUELLA, values)]

    def reversa_of(self, id_aviso: str) -> AvisoGuardado | None:
        """Give the reversa that took back the pago of that aviso."""
        row = self._first(_REVERSA_OF, {"id_aviso": id_aviso})
        return read_aviso(row) if row else None

    def unmet(self, codigo_empresa: str, id_cliente: str, since_utc: datetime) -> Sequence[AvisoGuardado]:
        """Give what waits for a pago of that cliente to be told of, oldest first.

        Reversas that found no pago and met none since; and pagos made since then that only the COB told of.
        """
        values = {"codigo_empresa": codigo_empresa, "id_cliente": id_cliente, "since": since_utc}
        return [read_aviso(row) for row in self._all(_UNMET, values)]

    def pagos(self, codigo_empresa: str, id_cliente: str, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give the cliente's pagos in any state, newest first."""
        values = {"codigo_empresa": codigo_empresa, "id_cliente": id_cliente, "limit": limit}
        return [read_aviso_and_pago(row) for row in self._all(_PAGOS_OF_CLIENTE, values)]

    def pago(self, id_aviso: str) -> Pago | None:
        """Give the money of one aviso; None if it moved none."""
        row = self._first(_PAGO, {"id_aviso": id_aviso})
        return read_pago(row) if row else None

    def en_puente(self, codigo_empresa: str | None, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give the pagos that wait in the puente, of one empresa or of all, oldest first."""
        if codigo_empresa is None:
            rows = self._all(_EN_PUENTE, {"limit": limit})
        else:
            rows = self._all(_EN_PUENTE_OF, {"codigo_empresa": codigo_empresa, "limit": limit})
        return [read_aviso_and_pago(row) for row in rows]

    def pago_vivo(self, clave: ClaveFactura) -> AvisoGuardado | None:
        """Give the aviso whose pago is APLICADO on that factura."""
        row = self._first(_PAGO_VIVO, write_clave(clave))
        return read_aviso(row) if row else None

    def pagos_of(self, clave: ClaveFactura) -> Sequence[tuple[AvisoGuardado, Pago]]:
        """Give all pagos of one factura, oldest first."""
        return [read_aviso_and_pago(row) for row in self._all(_PAGOS_OF_FACTURA, write_clave(clave))]

    def _all(self, statement: Select[tuple[object, ...]], values: Values) -> Sequence[Row]:
        return self._direct.all(statement, values)

    def _first(self, statement: Select[tuple[object, ...]], values: Values) -> Row | None:
        return self._direct.first(statement, values)


def _told(busqueda: Busqueda) -> tuple[tuple[bool, ...], Values]:
    told = {name: getattr(busqueda, name) for name in _IDS}
    values = {name: value for name, value in told.items() if value}
    return tuple(name in values for name in _IDS), values | {"codigo_empresa": busqueda.codigo_empresa}
