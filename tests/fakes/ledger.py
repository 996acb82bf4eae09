"""A Ledger in memory, with the meaning of the real one: the tests of the port run over both."""

# ruff: noqa: ARG002 — the port says more than memory needs

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from pmc_soap.domain.acta import Acta
from pmc_soap.domain.aviso import AvisoGuardado, EstadoAviso, EstadoPago, Pago, TipoAviso, linea_cob_of
from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja, Origen
from pmc_soap.operations.ports import Collision, Escrita, Loaded, Reading, Writing
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage.ledger import ATTEMPTS, DemasiadasColisiones

T = TypeVar("T")


@dataclass
class _State:
    """All there is; a transaction works on a copy that takes its place on commit."""

    clientes: dict[tuple[str, str], tuple[str | None, str | None]] = field(default_factory=dict)
    facturas: dict[ClaveFactura, tuple[Factura, str]] = field(default_factory=dict)
    avisos: dict[str, AvisoGuardado] = field(default_factory=dict)
    written: dict[ClaveFactura, datetime] = field(default_factory=dict)
    pagos: dict[str, tuple[ClaveFactura | None, EstadoPago]] = field(default_factory=dict)
    rows: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    cargas: dict[ClaveFactura, str] = field(default_factory=dict)
    retiradas: dict[ClaveFactura, int] = field(default_factory=dict)

    def copy(self) -> "_State":
        return _State(**{f.name: copy(getattr(self, f.name)) for f in fields(self)})


class _View:
    def __init__(self, state: _State) -> None:
        self._state = state

    def payable(
        self, busqueda: Busqueda, day: date, limit: int, learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        found = [
            factura
            for factura in reversed(self.matching(busqueda, len(self._state.facturas)))
            if factura.estado is EstadoFactura.PENDIENTE
            and factura.ultimo_vencimiento >= day
            and (
                factura.origen is Origen.BASE
                or (learned_since is not None and self._state.written[factura.clave] >= learned_since)
            )
        ]
        return sorted(found, key=lambda factura: factura.vencimientos[0].fecha)[:limit]

    def matching(self, busqueda: Busqueda, limit: int) -> Sequence[Factura]:
        wanted = {name: value for name, value in asdict(busqueda).items() if value}
        found = [self.factura(clave) for clave in reversed(self._state.facturas)]
        return [
            factura
            for factura in found
            if factura and wanted.items() <= (asdict(factura.clave) | {"codigo_barras": factura.codigo_barras}).items()
        ][:limit]

    def factura(self, clave: ClaveFactura) -> Factura | None:
        if clave not in self._state.facturas:
            return None
        nombre, cuit = self._state.clientes[clave.codigo_empresa, clave.id_cliente]
        return replace(self._state.facturas[clave][0], nombre_cliente=nombre, cuit_cliente=cuit)

    def written(self, clave: ClaveFactura) -> Escrita | None:
        if clave not in self._state.facturas:
            return None
        factura, contenido = self._state.facturas[clave]
        retirada = clave in self._state.retiradas
        return Escrita(contenido, self._state.written[clave], factura.estado, factura.origen, retirada)

    def informadas(self, codigo_empresa: str) -> list[ClaveFactura]:
        """Give what is PENDIENTE and a file told of."""
        return [
            clave
            for clave, (factura, _) in self._state.facturas.items()
            if clave.codigo_empresa == codigo_empresa and clave in self._state.cargas and _is_owed(factura)
        ]

    def knows_cliente(self, codigo_empresa: str, id_cliente: str) -> bool:
        return (codigo_empresa, id_cliente) in self._state.clientes

    def aviso(self, id_aviso: str) -> AvisoGuardado | None:
        return self._state.avisos.get(id_aviso)

    def aviso_by_identidad(self, codigo_empresa: str, tipo: TipoAviso, identidad: str) -> AvisoGuardado | None:
        return next((g for g in self._avisos(codigo_empresa, tipo) if g.identidad == identidad), None)

    def aviso_by_repeticion(self, codigo_empresa: str, tipo: TipoAviso, id_mensaje: str) -> AvisoGuardado | None:
        repeated = {
            row["id_aviso"] for row in self._state.rows.get("repeticion", ()) if row["id_mensaje"] == id_mensaje
        }
        anonymous = (g for g in self._avisos(codigo_empresa, tipo) if g.aviso.id_transaccion is None)
        return next((guardado for guardado in anonymous if guardado.id_aviso in repeated), None)

    def avisos_by_huella(self, codigo_empresa: str, tipo: TipoAviso, huella: str) -> Sequence[AvisoGuardado]:
        return [guardado for guardado in self._avisos(codigo_empresa, tipo) if guardado.huella == huella][::-1]

    def reversa_of(self, id_aviso: str) -> AvisoGuardado | None:
        reversas = (g for g in self._state.avisos.values() if g.aviso.tipo is TipoAviso.REVERSA)
        applied = (g for g in reversas if g.estado is EstadoAviso.APLICADO)
        return next((guardado for guardado in applied if guardado.original == id_aviso), None)

    def unmet(self, codigo_empresa: str, id_cliente: str, since_utc: datetime) -> Sequence[AvisoGuardado]:
        met = {guardado.original for guardado in self._avisos(codigo_empresa, TipoAviso.PAGO)}
        return [
            guardado
            for guardado in self._state.avisos.values()
            if (guardado.aviso.codigo_empresa, guardado.aviso.id_cliente) == (codigo_empresa, id_cliente)
            and guardado.id_aviso not in met
            and _waits(guardado, since_utc)
        ]

    def pagos(self, codigo_empresa: str, id_cliente: str, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        found = [
            (guardado, self._pago(guardado.id_aviso))
            for guardado in self._avisos(codigo_empresa, TipoAviso.PAGO)
            if guardado.aviso.id_cliente == id_cliente and guardado.id_aviso in self._state.pagos
        ]
        return found[::-1][:limit]

    def pago(self, id_aviso: str) -> Pago | None:
        return self._pago(id_aviso) if id_aviso in self._state.pagos else None

    def _pago(self, id_aviso: str) -> Pago:
        clave, estado = self._state.pagos[id_aviso]
        return Pago(id_aviso=id_aviso, estado=estado, clave=clave)

    def en_puente(self, codigo_empresa: str | None, limit: int) -> Sequence[tuple[AvisoGuardado, Pago]]:
        found = [(self._state.avisos[id_aviso], self._pago(id_aviso)) for id_aviso in self._state.pagos]
        return [
            (guardado, pago)
            for guardado, pago in found
            if pago.estado is EstadoPago.EN_PUENTE and codigo_empresa in {None, guardado.aviso.codigo_empresa}
        ][:limit]

    def pago_vivo(self, clave: ClaveFactura) -> AvisoGuardado | None:
        return next((g for g, pago in self.pagos_of(clave) if pago.estado is EstadoPago.APLICADO), None)

    def pagos_of(self, clave: ClaveFactura) -> Sequence[tuple[AvisoGuardado, Pago]]:
        found = [(guardado, self.pago(id_aviso)) for id_aviso, guardado in self._state.avisos.items()]
        return [(guardado, pago) for guardado, pago in found if pago is not None and pago.clave == clave]

    def _avisos(self, codigo_empresa: str, tipo: TipoAviso) -> Iterator[AvisoGuardado]:
        for guardado in self._state.avisos.values():
            if guardado.aviso.codigo_empresa == codigo_empresa and guardado.aviso.tipo is tipo:
                yield guardado


def _waits(guardado: AvisoGuardado, since_utc: datetime) -> bool:
    if guardado.aviso.tipo is TipoAviso.REVERSA:
        return guardado.estado is EstadoAviso.DESCONOCIDA
    return linea_cob_of(guardado.aviso) is not None and guardado.aviso.fecha_hora_mensaje_utc >= since_utc


class _Transaction(_View):
    def keep(self, guardado: AvisoGuardado) -> None:
        said = guardado.aviso
        if self.aviso_by_identidad(said.codigo_empresa, said.tipo, guardado.identidad):
            raise Collision
        if guardado.id_aviso in self._state.avisos:
            raise Collision
        self._state.avisos[guardado.id_aviso] = replace(guardado, secuencia=len(self._state.avisos) + 1)

    def note_repeat(self, id_aviso: str, id_mensaje: str, at_utc: datetime) -> None:
        self.add_row("repeticion", id_aviso=id_aviso, id_mensaje=id_mensaje, fecha_hora_utc=at_utc)

    def add_pago(self, id_aviso: str, clave: ClaveFactura | None, estado: EstadoPago) -> None:
        if id_aviso not in self._state.avisos:
            raise LookupError(id_aviso)
        if id_aviso in self._state.pagos:
            raise Collision
        self._set_pago(id_aviso, clave, estado)

    def move_pago(self, id_aviso: str, before: EstadoPago, after: EstadoPago) -> None:
        clave, estado = self._state.pagos.get(id_aviso, (None, None))
        if estado is not before:
            raise Collision
        self._set_pago(id_aviso, clave, after)

    def apply_pago(self, id_aviso: str, id_cliente: str, clave: ClaveFactura | None) -> None:
        if self._state.pagos.get(id_aviso, (None, None))[1] is not EstadoPago.EN_PUENTE:
            raise Collision
        self._set_pago(id_aviso, clave, EstadoPago.APLICADO)

    def audit(self, acta: Acta) -> None:
        row = asdict(acta)
        self.add_row("auditoria", **row | {name: json.dumps(row[name]) for name in ("antes", "despues")})

    def move_factura(
        self, clave: ClaveFactura, before: EstadoFactura, after: EstadoFactura, motivo: MotivoBaja | None = None
    ) -> None:
        factura, contenido = self._state.facturas.get(clave, (None, ""))
        if factura is None or factura.estado is not before:
            raise Collision
        self._state.facturas[clave] = replace(factura, estado=after), contenido
        self._state.retiradas.pop(clave, None)

    def owe(self, guardado: AvisoGuardado, destinos: Iterable[str], at_utc: datetime) -> None:
        id_aviso = guardado.id_aviso
        for destino in dict.fromkeys(destinos):
            owed = {(row["id_aviso"], row["destino"]) for row in self._state.rows.get("entrega", ())}
            if (id_aviso, destino) in owed:
                raise Collision
            self.add_row("entrega", id_aviso=id_aviso, destino=destino, estado="PENDIENTE", proximo_intento_utc=at_utc)

    def alert(self, codigo_empresa: str, motivo: str, id_aviso: str | None, at_utc: datetime) -> None:
        self.add_row("alerta", codigo_empresa=codigo_empresa, motivo=motivo, id_aviso=id_aviso, fecha_hora_utc=at_utc)

    def keep_unreadable(self, codigo_empresa: str, id_pedido: str, body: bytes, at_utc: datetime) -> None:
        self.add_row(
            "aviso_ilegible", codigo_empresa=codigo_empresa, id_pedido=id_pedido, cuerpo=body, fecha_hora_utc=at_utc
        )

    def add_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        if factura.clave in self._state.facturas:
            raise Collision
        self._set_factura(factura, contenido, at_utc)

    def change_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        known = self.factura(factura.clave)
        if known is None or known.estado is not EstadoFactura.PENDIENTE:
            raise Collision
        self._set_factura(replace(factura, estado=known.estado), contenido, at_utc)

    def load(self, facturas: Sequence[tuple[Factura, str]], carga: str | None, at_utc: datetime) -> Loaded:
        loaded = Loaded()
        for factura, contenido in facturas:
            fate = self._load(factura, contenido, {factura.clave for factura, _ in facturas}, at_utc)
            if carga is not None and not fate.intocables:
                adopted = self._state.cargas.get(factura.clave) if fate.iguales else None
                self._state.cargas[factura.clave] = adopted or carga
            loaded += fate
        return loaded

    def retire(self, claves: Iterable[ClaveFactura], id_carga: int) -> int:
        """Take out of PMC what a file was to name and did not."""
        owed = set(claves) & {clave for clave in self._state.cargas if _is_owed(self._state.facturas[clave][0])}
        for clave in owed:
            self.move_factura(clave, EstadoFactura.PENDIENTE, EstadoFactura.BAJA)
            self._state.retiradas[clave] = id_carga
        return len(owed)

    def _load(self, factura: Factura, contenido: str, batch: set[ClaveFactura], at_utc: datetime) -> Loaded:
        anterior = self._anterior(factura)
        known = self.factura(factura.clave)
        if factura.clave in self._state.retiradas and known is not None:
            self.move_factura(factura.clave, EstadoFactura.BAJA, EstadoFactura.PENDIENTE)
            self._load(factura, contenido, batch, at_utc)
            if self.pago_vivo(factura.clave) is not None and _is_owed(self.factura(factura.clave)):
                self.move_factura(factura.clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
            return Loaded(cambiadas=1)
        if known is not None and known.estado is not EstadoFactura.PENDIENTE:
            return Loaded(intocables=1)
        if known is None and anterior is not None and anterior.estado is EstadoFactura.PAGADA:
            return Loaded(intocables=1)
        said = self.written(factura.clave)
        reported = said is not None and said.origen is Origen.BASE
        if said is not None and reported and said.contenido == contenido:
            return Loaded(iguales=1)
        self._set_factura(replace(factura, origen=Origen.BASE) if reported else factura, contenido, at_utc)
        if self.pago_vivo(factura.clave) is not None:
            self.move_factura(factura.clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
        if anterior is not None and anterior.estado is EstadoFactura.PENDIENTE and anterior.clave not in batch:
            self.move_factura(anterior.clave, EstadoFactura.PENDIENTE, EstadoFactura.REEMPLAZADA)
        return Loaded(cambiadas=1) if known else Loaded(nuevas=1)

    def _anterior(self, factura: Factura) -> Factura | None:
        old = factura.referencia_anterior
        return self.factura(replace(factura.clave, id_cliente=old)) if old else None

    def _set_factura(self, factura: Factura, contenido: str, at_utc: datetime) -> None:
        self._state.written[factura.clave] = at_utc
        cliente = factura.clave.codigo_empresa, factura.clave.id_cliente
        nombre, cuit = self._state.clientes.get(cliente, (None, None))
        self._state.clientes[cliente] = factura.nombre_cliente or nombre, factura.cuit_cliente or cuit
        self._state.facturas[factura.clave] = factura, contenido

    def _set_pago(self, id_aviso: str, clave: ClaveFactura | None, estado: EstadoPago) -> None:
        if estado is EstadoPago.APLICADO and clave is not None and self.pago_vivo(clave) is not None:
            raise Collision
        self._state.pagos[id_aviso] = clave, estado

    def add_row(self, table: str, **row: Any) -> None:
        self._state.rows[table] = (*self._state.rows.get(table, ()), row)


def _is_owed(factura: Factura) -> bool:
    return factura.estado is EstadoFactura.PENDIENTE and factura.origen is Origen.BASE


class FakeLedger:
    """Writers one at a time; a reader keeps the state it began with."""

    def __init__(self) -> None:
        self._state = _State()
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Reading]:
        with ledger_open():
            yield _View(self._state)

    def payable(
        self, busqueda: Busqueda, day: date, limit: int, learned_since: datetime | None = None
    ) -> Sequence[Factura]:
        with self.read() as reading:
            return reading.payable(busqueda, day, limit, learned_since)

    def write(self, codigo_empresa: str, id_cliente: str | Sequence[str] | None, work: Callable[[Writing], T]) -> T:
        with self._writing, ledger_open():
            for _ in range(ATTEMPTS):
                state = self._state.copy()
                try:
                    done = work(_Transaction(state))
                except Collision:
                    continue
                self._state = state
                return done
        raise DemasiadasColisiones

    def record_consulta(self, consulta: Consulta, respuesta: Respuesta, timeout_s: float) -> None:
        with self._writing:
            state = self._state.copy()
            tx = _Transaction(state)
            tx.add_row("consulta", id_consulta=respuesta.id_consulta, resultado=respuesta.ending.resultado)
            for orden, oferta in enumerate(respuesta.ofertas, start=1):
                tx.add_row("cotizacion", id_consulta=respuesta.id_consulta, orden=orden, **asdict(oferta.exigible))
            self._state = state

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Give what the ledger only writes, by the names of the real table (not all of its columns)."""
        return list(self._state.rows.get(table, ()))

    def ready(self) -> bool:
        return True

    def close(self) -> None:
        pass
