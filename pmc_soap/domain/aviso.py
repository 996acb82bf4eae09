"""An aviso: money that has already moved (a pago) or moved back (a reversa), and what makes it the same or another.

Importes are centavos, instants UTC. What is assumed about PMC is in docs/divergencias.md#avisos.
"""

import hashlib
import json
from dataclasses import fields
from datetime import date as Day  # noqa: N812 — `date` is a field's natural word elsewhere
from datetime import datetime, time, timedelta
from enum import StrEnum

from pmc_soap.domain.calendario import local_day, to_utc
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.domain.valor import value

PAGO_SIN_FACTURA = 1
PAGO_CON_FACTURA = 2


class TipoAviso(StrEnum):
    """Whether money came or went back."""

    PAGO = "PAGO"
    REVERSA = "REVERSA"


class EstadoAviso(StrEnum):
    """The judgement of an aviso, fixed when it is kept."""

    APLICADO = "APLICADO"
    YA_PAGADA = "YA_PAGADA"
    IMPORTE_DISTINTO = "IMPORTE_DISTINTO"
    MONEDA_DISTINTA = "MONEDA_DISTINTA"
    BAJA = "BAJA"
    VENCIDA = "VENCIDA"
    DESCONOCIDA = "DESCONOCIDA"
    REVERSADA_ANTES = "REVERSADA_ANTES"
    CONFLICTO = "CONFLICTO"


class EstadoPago(StrEnum):
    """Where the money of an aviso stands. APLICADO is live: at most one for each factura."""

    APLICADO = "APLICADO"
    REVERSADO = "REVERSADO"
    EN_PUENTE = "EN_PUENTE"
    DEVUELTO = "DEVUELTO"


class MotivoReversa(StrEnum):
    """Why PMC takes a pago back."""

    TIMEOUT = "TIMEOUT"
    ANULACION = "ANULACION"
    ERROR = "ERROR"
    OTRO = "OTRO"


@value
class AvisoPago:
    """A payment that PMC tells of: in an aviso, or only in its file of collections (linea_cob names the line there)."""

    codigo_empresa: str
    id_mensaje: str
    fecha_hora_mensaje_utc: datetime
    id_cliente: str
    moneda: str
    importe_centavos: int
    id_transaccion: str | None = None
    id_consulta: str | None = None
    id_factura: str | None = None
    codigo_movimiento: int = PAGO_CON_FACTURA
    fecha_vencimiento: Day | None = None
    fecha_hora_pago_utc: datetime | None = None
    fecha_acreditacion: Day | None = None
    canal: str | None = None
    nro_control: str | None = None
    codigo_provincia: str | None = None
    descripcion: str | None = None
    linea_cob: str | None = None

    @property
    def tipo(self) -> TipoAviso:
        """Say that this is a pago."""
        return TipoAviso.PAGO

    @property
    def clave(self) -> ClaveFactura | None:
        """Name the factura paid, or None for a pago sin factura."""
        return _clave(self)

    @property
    def momento_utc(self) -> datetime:
        """Give the time of the payment by the network's clock, never by ours: a wrong clock here changes no money."""
        return self.fecha_hora_pago_utc or self.fecha_hora_mensaje_utc

    @property
    def entre_utc(self) -> tuple[datetime, datetime]:
        """Give the earliest and the latest that it can have been made: of a line of the COB only the day is known."""
        if self.linea_cob is None:
            return self.momento_utc, self.momento_utc
        midnight = to_utc(datetime.combine(local_day(self.momento_utc), time.min))
        return midnight, midnight + timedelta(days=1, microseconds=-1)


@value
class ReversaPago:
    """A payment that PMC takes back, whole."""

    codigo_empresa: str
    id_mensaje: str
    fecha_hora_mensaje_utc: datetime
    id_cliente: str
    importe_centavos: int
    id_transaccion: str | None = None
    id_transaccion_original: str | None = None
    id_factura: str | None = None
    fecha_hora_original_utc: datetime | None = None
    nro_control_original: str | None = None
    motivo: MotivoReversa | None = None

    @property
    def tipo(self) -> TipoAviso:
        """Say that this is a reversa."""
        return TipoAviso.REVERSA

    @property
    def clave(self) -> ClaveFactura | None:
        """Name the factura that becomes payable again, if the reversa names one."""
        return _clave(self)

    @property
    def ids_original(self) -> tuple[str, ...]:
        """Give the transactions it may mean, best first: some networks repeat the payment's own id in the reversa."""
        return tuple(id_ for id_ in (self.id_transaccion_original, self.id_transaccion) if id_)

    def means(self, pago: AvisoPago) -> bool:
        """Tell whether this reversa speaks of that pago."""
        if pago.codigo_empresa != self.codigo_empresa or pago.id_cliente != self.id_cliente:
            return False
        if self.id_factura is not None and pago.id_factura != self.id_factura:
            return False
        if self.id_transaccion_original is not None and pago.id_transaccion is not None:
            return pago.id_transaccion == self.id_transaccion_original
        if self.id_transaccion is not None and pago.id_transaccion == self.id_transaccion:
            return True
        details = (
            _when_made(self, pago),
            (self.nro_control_original, pago.nro_control),
        )
        told = [(ours, theirs) for ours, theirs in details if ours is not None and theirs is not None]
        other_id = bool(self.ids_original) and pago.id_transaccion is not None
        if not told and other_id:
            return False  # its id is not this pago's, and nothing else speaks for it
        return all(ours == theirs for ours, theirs in told) and pago.entre_utc[0] <= self.fecha_hora_mensaje_utc


def _when_made(reversa: ReversaPago, pago: AvisoPago) -> tuple[datetime | Day | None, datetime | Day | None]:
    """Give when either says that the pago was made: to the second, or by the day where the COB told of it."""
    original_utc = reversa.fecha_hora_original_utc
    if pago.linea_cob is None:
        return _to_the_second(original_utc), _to_the_second(pago.fecha_hora_pago_utc)
    return local_day(original_utc) if original_utc else None, local_day(pago.momento_utc)


def _to_the_second(instant_utc: datetime | None) -> datetime | None:
    """Cut what not every message of a network carries."""
    return instant_utc.replace(microsecond=0) if instant_utc else None


Aviso = AvisoPago | ReversaPago
_OF_THE_ENVELOPE = frozenset({"id_mensaje", "fecha_hora_mensaje_utc"})
_OF_BOTH = ("codigo_empresa", "id_cliente", "id_factura", "importe_centavos")
_HUELLA = {
    TipoAviso.PAGO: (*_OF_BOTH, "moneda", "canal", "nro_control", "fecha_hora_pago_utc"),
    TipoAviso.REVERSA: (*_OF_BOTH, "id_transaccion_original", "fecha_hora_original_utc", "nro_control_original"),
}


def identidad(aviso: Aviso) -> str:
    """Give what makes a repeat a repeat: its IdTransaccion, else its IdMensaje; of a line of the COB, the line."""
    linea_cob = linea_cob_of(aviso)
    if linea_cob is not None:
        return f"C:{linea_cob}"
    return identidad_of(aviso.id_transaccion) if aviso.id_transaccion else f"M:{aviso.id_mensaje}"


def linea_cob_of(aviso: Aviso) -> str | None:
    """Name the line of the COB that told of it, or None: an aviso of the network did."""
    return aviso.linea_cob if isinstance(aviso, AvisoPago) else None


def identidad_of(id_transaccion: str) -> str:
    """Give the identity of the aviso that has that IdTransaccion."""
    return f"T:{id_transaccion}"


def huella(aviso: Aviso) -> str | None:
    """Give the fingerprint that tells a repeat from a new one where no id repeats; an IdTransaccion needs none.

    Nor does a line of the COB: an aviso of the same payment is no repeat of it, but news.
    """
    if aviso.id_transaccion or linea_cob_of(aviso):
        return None
    return _digest([getattr(aviso, name) for name in _HUELLA[aviso.tipo]])


def apart(one: Aviso, other: Aviso) -> timedelta:
    """Tell how far apart the network sent them; our clock, which may jump, has no say in what is a repeat."""
    return abs(one.fecha_hora_mensaje_utc - other.fecha_hora_mensaje_utc)


def contenido(aviso: Aviso) -> str:
    """Give the hash of all that the aviso says, but not of the envelope it came in.

    What it does not say is left out, so that a field which a later version adds changes no hash that was kept.
    """
    said = {f.name: getattr(aviso, f.name) for f in fields(aviso) if f.name not in _OF_THE_ENVELOPE}
    return _digest({name: value for name, value in said.items() if value is not None})


def _digest(*values: object) -> str:
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()


def _clave(aviso: Aviso) -> ClaveFactura | None:
    if aviso.id_factura is None:
        return None
    return ClaveFactura(codigo_empresa=aviso.codigo_empresa, id_cliente=aviso.id_cliente, id_factura=aviso.id_factura)


@value
class AvisoGuardado:
    """An aviso as kept, with its judgement and the answer that every repeat gets again.

    secuencia is given by the ledger (0 until then). original is the IdAviso this one speaks of: the pago a reversa
    takes back, the reversa that came before its pago, the aviso whose identity a conflict repeats, the pago that the
    COB had told of before this aviso of it came.
    estado_factura is what the answer to a reversa told.
    """

    id_aviso: str
    aviso: Aviso
    identidad: str
    contenido: str
    huella: str | None
    estado: EstadoAviso
    resultado: Resultado
    fecha_hora_utc: datetime
    original: str | None = None
    estado_factura: EstadoFactura | None = None
    secuencia: int = 0


@value
class Pago:
    """The money of one AvisoPago, named by its IdAviso, where it stands, and the factura it pays if it pays one."""

    id_aviso: str
    estado: EstadoPago
    clave: ClaveFactura | None = None


@value
class Acuse:
    """What PMC is told of an aviso."""

    ending: Ending
    id_aviso: str
    estado: EstadoAviso
    estado_factura: EstadoFactura | None = None
