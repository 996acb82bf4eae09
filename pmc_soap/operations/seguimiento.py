"""«¿Dónde está mi pago?»: any id, and the whole story of a pago with its next step."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, ReversaPago, TipoAviso
from pmc_soap.domain.empresa import Servicio
from pmc_soap.domain.expediente import Expediente
from pmc_soap.domain.factura import ClaveFactura
from pmc_soap.domain.facturable import ConsultaHecha
from pmc_soap.domain.historia import Paso, tell
from pmc_soap.domain.proximo_paso import next_steps
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.domain.valor import value
from pmc_soap.operations.historial import CASOS_MAX, Caso, Historial, Vista
from pmc_soap.operations.ports import Empresas
from pmc_soap.operations.servicio import require


class Clase(StrEnum):
    """What an id may be; the first that it is goes first."""

    ID_AVISO = "IdAviso"
    ID_TRANSACCION = "IdTransaccion"
    ID_CONSULTA = "IdConsulta"
    ID_FACTURA = "IdFactura"
    ID_CLIENTE = "IdCliente"


@value
class Coincidencia:
    """What an id is, and the pagos that it stands for, newest first; none if nobody paid that yet."""

    clase: Clase
    casos: tuple[Caso, ...] = ()
    clave: ClaveFactura | None = None
    consulta: ConsultaHecha | None = None


@value
class Historia:
    """A story, of the aviso that was asked for (caso), and what comes next."""

    caso: Caso | None
    expediente: Expediente
    pasos: tuple[Paso, ...]
    proximos: tuple[str, ...]

    @property
    def estado(self) -> str | None:
        """Give where the money stands; for a reversa, how it was judged."""
        if self.caso is None:
            return None
        pago = self.caso.pago or (self.expediente.pago if self.caso.guardado.aviso.tipo is TipoAviso.PAGO else None)
        return pago.estado if pago else self.caso.guardado.estado


@value
class Hallado:
    """All that an id is, and the story of the pago where it is clear which one is meant."""

    coincidencias: tuple[Coincidencia, ...]
    historia: Historia | None = None


@value
class Pregunta:
    """Which pago an empresa asks about, by one of: IdAviso, IdTransaccion, or cliente and factura."""

    codigo_empresa: str
    id_aviso: str | None = None
    id_transaccion: str | None = None
    id_cliente: str | None = None
    id_factura: str | None = None


class Seguimiento:
    """Follows a pago from the factura to the empresa's books."""

    def __init__(self, historial: Historial, empresas: Empresas) -> None:
        self._historial = historial
        self._empresas = empresas

    def find(self, codigos: Sequence[str], id_: str, id_factura: str | None = None) -> Hallado:
        """Find what an id stands for in those empresas; with id_factura, id_ is a cliente."""
        with self._historial.look() as vista:
            if id_factura is None:
                found = tuple(_everything(vista, codigos, id_))
            else:
                claves = [ClaveFactura(codigo_empresa=c, id_cliente=id_, id_factura=id_factura) for c in codigos]
                found = tuple(_of_claves(vista, Clase.ID_FACTURA, claves))
            return Hallado(coincidencias=found, historia=_told(vista, found))

    def show(self, pregunta: Pregunta) -> Historia:
        """Tell an empresa the story of one of its pagos, or raise Rejected."""
        empresa = require(self._empresas, pregunta.codigo_empresa, Servicio.AVISO)
        _check(pregunta)
        with self._historial.look() as vista:
            caso = _asked(vista, replace(pregunta, codigo_empresa=empresa.codigo_empresa))
            if caso is None or caso.guardado.aviso.codigo_empresa != empresa.codigo_empresa:
                raise Rejected(Resultado.PAGO_INEXISTENTE)
            return _tell(vista, caso)


def _check(pregunta: Pregunta) -> None:
    if pregunta.id_aviso or pregunta.id_transaccion:
        return
    if not (pregunta.id_cliente or pregunta.id_factura):
        raise Rejected(Resultado.DATO_INVALIDO, "IdAviso")
    if not (pregunta.id_cliente and pregunta.id_factura):
        raise Rejected(Resultado.DATO_INVALIDO, "IdFactura" if pregunta.id_cliente else "IdCliente")


def _asked(vista: Vista, pregunta: Pregunta) -> Caso | None:
    if pregunta.id_aviso:
        return vista.by_id_aviso(pregunta.id_aviso)
    if pregunta.id_transaccion:
        return _main(vista.by_id_transaccion([pregunta.codigo_empresa], pregunta.id_transaccion))
    clave = ClaveFactura(
        codigo_empresa=pregunta.codigo_empresa,
        id_cliente=pregunta.id_cliente or "",
        id_factura=pregunta.id_factura or "",
    )
    return _main(vista.by_clave(clave), clave)


def _main(casos: Sequence[Caso], clave: ClaveFactura | None = None) -> Caso | None:
    """Choose the live pago of that factura, else the newest, else a reversa that met none."""
    pagos = [caso for caso in casos if caso.guardado.aviso.tipo is TipoAviso.PAGO]
    live = [
        caso
        for caso in pagos
        if caso.pago is not None
        and caso.pago.estado is EstadoPago.APLICADO
        and (clave is None or caso.pago.clave == clave)
    ]
    return next(iter([*live, *pagos, *casos]), None)


def _everything(vista: Vista, codigos: Sequence[str], id_: str) -> Iterator[Coincidencia]:
    aviso = vista.by_id_aviso(id_)
    if aviso is not None and aviso.guardado.aviso.codigo_empresa in codigos:
        yield Coincidencia(clase=Clase.ID_AVISO, casos=(aviso,))
    if casos := vista.by_id_transaccion(codigos, id_):
        yield Coincidencia(clase=Clase.ID_TRANSACCION, casos=_pagos(vista, casos))
    consulta = vista.consulta(codigos, id_)
    if consulta is not None:
        casos = vista.by_consulta(consulta)
        yield Coincidencia(clase=Clase.ID_CONSULTA, casos=_pagos(vista, casos), consulta=consulta)
    yield from _of_claves(vista, Clase.ID_FACTURA, vista.claves(codigos, id_))
    if casos := vista.by_cliente(codigos, id_, CASOS_MAX):
        yield Coincidencia(clase=Clase.ID_CLIENTE, casos=_pagos(vista, casos))


def _of_claves(vista: Vista, clase: Clase, claves: Sequence[ClaveFactura]) -> Iterator[Coincidencia]:
    for clave in claves:
        expediente, casos = vista.expediente_of(clave), vista.by_clave(clave)
        if casos or expediente.informada is not None:
            yield Coincidencia(clase=clase, casos=_pagos(vista, casos), clave=clave)


def _pagos(vista: Vista, casos: Sequence[Caso]) -> tuple[Caso, ...]:
    """Put the pago in the place of its reversas: their story is one."""
    return tuple({(root := _root(vista, caso)).guardado.id_aviso: root for caso in casos}.values())


def _root(vista: Vista, caso: Caso) -> Caso:
    guardado = caso.guardado
    if guardado.estado is EstadoAviso.CONFLICTO:
        return caso
    if not isinstance(guardado.aviso, ReversaPago):  # an aviso without money came after the COB told of its payment
        told = vista.by_id_aviso(guardado.original) if guardado.original is not None and caso.pago is None else None
        return told or caso
    root = vista.met(guardado.id_aviso) if guardado.original is None else vista.by_id_aviso(guardado.original)
    return root or caso


def _told(vista: Vista, found: Sequence[Coincidencia]) -> Historia | None:
    """Tell the story of what the id is first, unless that leaves open which pago is meant."""
    if not found:
        return None
    first = found[0]
    several = len(first.casos) > 1 and first.clave is None
    if several or sum(other.clase is first.clase for other in found) > 1:
        return None
    caso = _main(first.casos, first.clave)
    if caso is not None:
        return _tell(vista, caso)
    if first.clave is None:
        return None
    expediente = vista.expediente_of(first.clave)
    return Historia(caso=None, expediente=expediente, pasos=tell(expediente), proximos=next_steps(expediente))


def _tell(vista: Vista, caso: Caso) -> Historia:
    expediente = vista.expediente(_root(vista, caso))
    return Historia(caso=caso, expediente=expediente, pasos=tell(expediente), proximos=next_steps(expediente))
