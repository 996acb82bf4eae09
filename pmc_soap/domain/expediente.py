"""All that is written down about one pago, before it is told as a story (historia.py)."""

from collections.abc import Iterator
from datetime import datetime

from pmc_soap.domain.aviso import AvisoGuardado, Pago
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.entrega import Entrega
from pmc_soap.domain.factura import ClaveFactura, Origen
from pmc_soap.domain.valor import value


@value
class Informada:
    """When the factura became known, and by whom: carga names the file that told of it last."""

    fecha_hora_utc: datetime
    origen: Origen
    carga: str | None


@value
class Consultada:
    """A consulta that may have led to the pago: what it showed of it, and whether the aviso quotes it."""

    id_consulta: str
    fecha_hora_utc: datetime
    origen: Origen | None
    importe_centavos: int | None
    citada: bool


@value
class Intento:
    """One attempt to deliver, and what came of it."""

    fecha_hora_utc: datetime
    resultado: str
    detalle: str | None
    nro_comprobante: str | None = None


@value
class Debida:
    """An entrega with its attempts. primera tells that nothing of its cliente goes before it."""

    entrega: Entrega
    primera: bool
    intentos: tuple[Intento, ...]


@value
class Acto:
    """What an operator did, in his own words, and the cliente and factura that a pago went to."""

    fecha_hora_utc: datetime
    operador: str
    accion: str
    motivo: str
    id_cliente: str | None = None
    id_factura: str | None = None


@value
class Conciliada:
    """The line of a COB that a pago has; what became of it is told by its desenlace."""

    fecha_hora_utc: datetime
    archivo: str
    linea: int
    desenlace: Desenlace
    importe_centavos: int


@value
class Suceso:
    """One aviso, when it came again, what is owed because of it, and what operators did with it."""

    guardado: AvisoGuardado
    repeticiones: tuple[datetime, ...] = ()
    debidas: tuple[Debida, ...] = ()
    actos: tuple[Acto, ...] = ()


@value
class Expediente:
    """What is known of one pago; or of a factura, consulta or reversa that no pago belongs to.

    suceso is the pago, or a reversa that met none; reversas are those of the pago, conflictos the avisos with its
    identity and other content. tardios: avisos of it that came after the COB had told of it. conciliada: its line.
    """

    codigo_empresa: str
    clave: ClaveFactura | None = None
    suceso: Suceso | None = None
    pago: Pago | None = None
    informada: Informada | None = None
    consultas: tuple[Consultada, ...] = ()
    reversas: tuple[Suceso, ...] = ()
    conflictos: tuple[AvisoGuardado, ...] = ()
    tardios: tuple[Suceso, ...] = ()
    conciliada: Conciliada | None = None

    @property
    def debidas(self) -> Iterator[Debida]:
        """Go through all that is owed because of it."""
        for suceso in (self.suceso, *self.reversas):
            yield from suceso.debidas if suceso else ()
