"""One transaction of the ledger. Where another transaction was first it raises Collision, and the work is run again."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import String, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from pmc_soap.domain.aviso import AvisoGuardado, EstadoPago
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja
from pmc_soap.operations.ports import Collision, Loaded
from pmc_soap.storage import linea
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import collides
from pmc_soap.storage.cobranza import SqlCobranza
from pmc_soap.storage.direct import Statement
from pmc_soap.storage.lineas import SqlLineas
from pmc_soap.storage.load import know_clientes, load
from pmc_soap.storage.reading import FACTURA, SqlReading
from pmc_soap.storage.rows import Values, read_factura, write_aviso, write_clave, write_factura

log = logging.getLogger("pmc_soap.alerta")

_f, _p = t.factura.c, t.pago.c

# A pago waits here for whoever is changing its factura, and is judged by what that leaves. SQLite has one writer.
_FACTURA_LOCKED = FACTURA.with_for_update(of=t.factura, key_share=True)
# The binds of a WHERE are named of_*: an UPDATE would also set a column of the same name.
_THE_FACTURA = (
    _f.codigo_empresa == bindparam("of_codigo_empresa"),
    _f.id_cliente == bindparam("of_id_cliente"),
    _f.id_factura == bindparam("of_id_factura"),
)
_MOVE_FACTURA = (
    update(t.factura)
    .where(*_THE_FACTURA, _f.estado == bindparam("before"))
    .values(estado=bindparam("after"), motivo_baja=bindparam("motivo"), retirada_por=None)
)
_CHANGE_FACTURA = update(t.factura).where(*_THE_FACTURA, _f.estado == EstadoFactura.PENDIENTE.value)
_MOVE_PAGO = (
    update(t.pago)
    .where(_p.id_aviso == bindparam("of_id_aviso"), _p.estado == bindparam("before"))
    .values(estado=bindparam("after"))
)
_APPLY_PAGO = (
    update(t.pago)
    .where(_p.id_aviso == bindparam("of_id_aviso"), _p.estado == EstadoPago.EN_PUENTE.value)
    .values(
        estado=EstadoPago.APLICADO.value, id_cliente=bindparam("to_id_cliente"), id_factura=bindparam("to_id_factura")
    )
)
_ADD_PAGO = insert(t.pago).from_select(
    ["id_aviso", "codigo_empresa", "id_cliente", "importe_centavos", "id_factura", "estado"],
    select(
        *(t.aviso.c[name] for name in ("id_aviso", "codigo_empresa", "id_cliente", "importe_centavos")),
        bindparam("of_id_factura", type_=String),
        bindparam("after", type_=String),
    ).where(t.aviso.c.id_aviso == bindparam("of_id_aviso")),
)
# inline: nobody asks for the number that the database gave
_ADD_FACTURA, _ADD_AVISO, _ADD_REPETICION, _ADD_ALERTA, _ADD_ILEGIBLE = (
    insert(table).inline() for table in (t.factura, t.aviso, t.repeticion, t.alerta, t.aviso_ilegible)
)

_ALERTED = select(t.alerta.c.id).where(
    t.alerta.c.id_aviso == bindparam("of_id_aviso"), t.alerta.c.motivo == bindparam("of_motivo")
)


@contextmanager
def _colliding() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if collides(error):
            raise Collision from error
        raise


class SqlWriting(SqlReading, SqlLineas, SqlCobranza):
    """One transaction of the ledger, over a connection that has begun it."""

    def factura(self, clave: ClaveFactura) -> Factura | None:
        """Give one factura in any state, which nobody else changes before this transaction ends."""
        row = self._first(_FACTURA_LOCKED, write_clave(clave))
        return read_factura(row) if row else None

    def keep(self, guardado: AvisoGuardado) -> None:
        """Append an aviso; raises Collision if its identity was kept meanwhile."""
        self._do(_ADD_AVISO, write_aviso(guardado))

    def note_repeat(self, id_aviso: str, id_mensaje: str, at_utc: datetime) -> None:
        """Append that the aviso arrived once more."""
        self._do(_ADD_REPETICION, {"id_aviso": id_aviso, "id_mensaje": id_mensaje, "fecha_hora_utc": at_utc})

    def add_pago(self, id_aviso: str, clave: ClaveFactura | None, estado: EstadoPago) -> None:
        """Open the money of an aviso; raises Collision if the factura got a live pago meanwhile."""
        id_factura = clave.id_factura if clave else None
        done = self._do(_ADD_PAGO, {"of_id_aviso": id_aviso, "of_id_factura": id_factura, "after": estado})
        if done != 1:
            raise LookupError(f"there is no aviso {id_aviso} to open the money of")

    def move_pago(self, id_aviso: str, before: EstadoPago, after: EstadoPago) -> None:
        """Move the money from one state to the next; raises Collision if it was not in the state before."""
        self._do_one(_MOVE_PAGO, {"of_id_aviso": id_aviso, "before": before, "after": after})

    def apply_pago(self, id_aviso: str, id_cliente: str, clave: ClaveFactura | None) -> None:
        """Take a pago out of the puente, to a factura or to a cliente's account; raises Collision as the others do."""
        id_factura = clave.id_factura if clave else None
        to = {"of_id_aviso": id_aviso, "to_id_cliente": id_cliente, "to_id_factura": id_factura}
        self._do_one(_APPLY_PAGO, to)

    def move_factura(
        self, clave: ClaveFactura, before: EstadoFactura, after: EstadoFactura, motivo: MotivoBaja | None = None
    ) -> None:
        """Move a factura from one state to the next; raises Collision if it was not in the state before."""
        self._do_one(_MOVE_FACTURA, _of(clave) | {"before": before, "after": after, "motivo": motivo})

    def owe(self, guardado: AvisoGuardado, destinos: Iterable[str], at_utc: datetime) -> None:
        """Owe the aviso to each destino of the empresa, once, after all that its cliente is owed there already."""
        with _colliding():
            linea.append(self._direct, guardado, destinos, at_utc)

    def alert(self, codigo_empresa: str, motivo: str, id_aviso: str | None, at_utc: datetime) -> None:
        """Leave a notice for the operator, in the ledger and in the log."""
        log.warning("motivo=%s empresa=%r aviso=%s", motivo, codigo_empresa, id_aviso)
        self._do(
            _ADD_ALERTA,
            {"codigo_empresa": codigo_empresa, "motivo": motivo, "id_aviso": id_aviso, "fecha_hora_utc": at_utc},
        )

    def alert_once(self, codigo_empresa: str, motivo: str, id_aviso: str, at_utc: datetime) -> bool:
        """Leave a notice for the operator, unless one of that motivo was left before; tell whether it was."""
        if self._first(_ALERTED, {"of_id_aviso": id_aviso, "of_motivo": motivo}) is not None:
            return False
        self.alert(codigo_empresa, motivo, id_aviso, at_utc)
        return True

    def keep_unreadable(self, codigo_empresa: str, id_pedido: str, body: bytes, at_utc: datetime) -> None:
        """Keep the bytes of an authentic aviso that broke the contract."""
        self._do(
            _ADD_ILEGIBLE,
            {"codigo_empresa": codigo_empresa, "id_pedido": id_pedido, "cuerpo": body, "fecha_hora_utc": at_utc},
        )

    def add_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        """Add a factura and make its cliente known; raises Collision if it was added meanwhile."""
        know_clientes(self._connection, [factura])
        self._do(_ADD_FACTURA, write_factura(factura, contenido, at_utc))

    def change_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        """Replace all that a PENDIENTE factura says; raises Collision if it is not PENDIENTE any more."""
        said = write_factura(factura, contenido, at_utc)
        kept = {*write_clave(factura.clave), "estado", "creada_utc"}
        self._do_one(_CHANGE_FACTURA, _of(factura.clave) | {k: v for k, v in said.items() if k not in kept})
        know_clientes(self._connection, [factura])

    def load(self, facturas: Sequence[tuple[Factura, str]], carga: str | None, at_utc: datetime) -> Loaded:
        """Add or replace a batch of facturas, at most one of each clave; what is not PENDIENTE stays as it is."""
        return load(self._connection, facturas, carga, at_utc)

    def _do(self, statement: Statement, values: Values) -> int:
        with _colliding():
            return self._direct.do(statement, values)

    def _do_one(self, statement: Statement, values: Values) -> None:
        if self._do(statement, values) != 1:
            raise Collision


def _of(clave: ClaveFactura) -> Values:
    return {f"of_{name}": value for name, value in write_clave(clave).items()}
