"""An aviso: money that has already moved (a pago) or moved back (a reversa), and how it is judged.

An aviso is always kept; judging it only decides whether it is imputed or waits in the puente for a person.
The rules are the two tables JUICIOS and JUICIOS_REVERSA; what they assume about PMC is in docs/divergencias.md#avisos.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date as Day  # noqa: N812 — `date` is a field's natural word elsewhere
from datetime import datetime, timedelta
from enum import StrEnum

from pmc_soap.domain import importe
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura
from pmc_soap.domain.resultado import Ending, Resultado

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


@dataclass(frozen=True, kw_only=True, slots=True)
class AvisoPago:
    """A payment that PMC tells of."""

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
    def huella(self) -> str:
        """Give the fingerprint that tells a repeat from a new payment where no id repeats."""
        return _digest(
            self.codigo_empresa,
            self.id_cliente,
            self.id_factura,
            self.moneda,
            self.importe_centavos,
            self.canal,
            self.nro_control,
            self.fecha_hora_pago_utc,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
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
            (self.fecha_hora_original_utc, pago.fecha_hora_pago_utc),
            (self.nro_control_original, pago.nro_control),
        )
        told = [(ours, theirs) for ours, theirs in details if ours is not None and theirs is not None]
        return all(ours == theirs for ours, theirs in told) and pago.momento_utc <= self.fecha_hora_mensaje_utc


Aviso = AvisoPago | ReversaPago
_OF_THE_ENVELOPE = frozenset({"id_mensaje", "fecha_hora_mensaje_utc"})


def identidad(aviso: Aviso) -> str:
    """Give what makes a repeat a repeat: its IdTransaccion, else its IdMensaje."""
    return identidad_of(aviso.id_transaccion) if aviso.id_transaccion else f"M:{aviso.id_mensaje}"


def identidad_of(id_transaccion: str) -> str:
    """Give the identity of the aviso that has that IdTransaccion."""
    return f"T:{id_transaccion}"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class AvisoGuardado:
    """An aviso as kept, with its judgement and the answer that every repeat gets again.

    secuencia is given by the ledger (0 until then). original is the IdAviso this one speaks of: the pago a reversa
    takes back, the reversa that came before its pago, the aviso whose identity a conflict repeats.
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
    secuencia: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pago:
    """The money of one AvisoPago, named by its IdAviso, and where it stands."""

    id_aviso: str
    estado: EstadoPago


@dataclass(frozen=True, kw_only=True, slots=True)
class Acuse:
    """What PMC is told of an aviso."""

    ending: Ending
    id_aviso: str
    estado: EstadoAviso
    estado_factura: EstadoFactura | None = None


class Situacion(StrEnum):
    """What the ledger knows of the factura that an aviso pays, on the day of the payment."""

    DESCONOCIDA = "DESCONOCIDA"
    SIN_FACTURA = "SIN_FACTURA"
    SIN_BASE = "SIN_BASE"
    PENDIENTE = "PENDIENTE"
    VENCIDA = "VENCIDA"
    PAGADA = "PAGADA"
    BAJA = "BAJA"
    REEMPLAZADA = "REEMPLAZADA"


class Cuadre(StrEnum):
    """How the money of an aviso compares with what was due."""

    EXACTO = "EXACTO"
    OTRO_IMPORTE = "OTRO_IMPORTE"
    OTRA_MONEDA = "OTRA_MONEDA"


JUICIOS: dict[tuple[Situacion, Cuadre], EstadoAviso] = {
    (Situacion.DESCONOCIDA, Cuadre.EXACTO): EstadoAviso.DESCONOCIDA,
    (Situacion.DESCONOCIDA, Cuadre.OTRO_IMPORTE): EstadoAviso.DESCONOCIDA,
    (Situacion.DESCONOCIDA, Cuadre.OTRA_MONEDA): EstadoAviso.DESCONOCIDA,
    (Situacion.SIN_FACTURA, Cuadre.EXACTO): EstadoAviso.APLICADO,
    (Situacion.SIN_FACTURA, Cuadre.OTRO_IMPORTE): EstadoAviso.IMPORTE_DISTINTO,
    (Situacion.SIN_FACTURA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.SIN_BASE, Cuadre.EXACTO): EstadoAviso.APLICADO,
    (Situacion.SIN_BASE, Cuadre.OTRO_IMPORTE): EstadoAviso.IMPORTE_DISTINTO,
    (Situacion.SIN_BASE, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.PENDIENTE, Cuadre.EXACTO): EstadoAviso.APLICADO,
    (Situacion.PENDIENTE, Cuadre.OTRO_IMPORTE): EstadoAviso.IMPORTE_DISTINTO,
    (Situacion.PENDIENTE, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.VENCIDA, Cuadre.EXACTO): EstadoAviso.VENCIDA,
    (Situacion.VENCIDA, Cuadre.OTRO_IMPORTE): EstadoAviso.VENCIDA,
    (Situacion.VENCIDA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.PAGADA, Cuadre.EXACTO): EstadoAviso.YA_PAGADA,
    (Situacion.PAGADA, Cuadre.OTRO_IMPORTE): EstadoAviso.YA_PAGADA,
    (Situacion.PAGADA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.BAJA, Cuadre.EXACTO): EstadoAviso.BAJA,
    (Situacion.BAJA, Cuadre.OTRO_IMPORTE): EstadoAviso.BAJA,
    (Situacion.BAJA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
    (Situacion.REEMPLAZADA, Cuadre.EXACTO): EstadoAviso.BAJA,
    (Situacion.REEMPLAZADA, Cuadre.OTRO_IMPORTE): EstadoAviso.BAJA,
    (Situacion.REEMPLAZADA, Cuadre.OTRA_MONEDA): EstadoAviso.MONEDA_DISTINTA,
}


def judge(
    aviso: AvisoPago, empresa: Empresa, factura: Factura | None, *, paid: bool, knows_cliente: bool
) -> EstadoAviso:
    """Judge the first arrival of an aviso that no reversa came before."""
    situacion = _situate(aviso, empresa, factura, paid=paid, knows_cliente=knows_cliente)
    return JUICIOS[situacion, _compare(aviso, factura)]


def _situate(
    aviso: AvisoPago, empresa: Empresa, factura: Factura | None, *, paid: bool, knows_cliente: bool
) -> Situacion:
    if paid:
        return Situacion.PAGADA
    if aviso.clave is None:
        if aviso.codigo_movimiento != PAGO_SIN_FACTURA:
            return Situacion.DESCONOCIDA
        return Situacion.SIN_FACTURA if knows_cliente or not empresa.con_base else Situacion.DESCONOCIDA
    if factura is None:
        return Situacion.DESCONOCIDA if empresa.con_base else Situacion.SIN_BASE
    if factura.estado is EstadoFactura.PENDIENTE and factura.due_on(local_day(aviso.momento_utc)) is None:
        return Situacion.VENCIDA
    return Situacion(factura.estado)


def _compare(aviso: AvisoPago, factura: Factura | None) -> Cuadre:
    if aviso.moneda != importe.PESOS:
        return Cuadre.OTRA_MONEDA
    if factura is None:
        return Cuadre.EXACTO if aviso.importe_centavos > 0 else Cuadre.OTRO_IMPORTE
    accepted = factura.accepts(aviso.importe_centavos, local_day(aviso.momento_utc))
    return Cuadre.EXACTO if accepted else Cuadre.OTRO_IMPORTE


class SituacionReversa(StrEnum):
    """What the ledger knows of the pago that a reversa takes back."""

    SIN_PAGO = "SIN_PAGO"
    OTRO_IMPORTE = "OTRO_IMPORTE"
    FUERA_DE_TERMINO = "FUERA_DE_TERMINO"
    YA_REVERSADO = "YA_REVERSADO"
    REVERSIBLE = "REVERSIBLE"


JUICIOS_REVERSA: dict[SituacionReversa, tuple[EstadoAviso, Resultado]] = {
    SituacionReversa.SIN_PAGO: (EstadoAviso.DESCONOCIDA, Resultado.PAGO_INEXISTENTE),
    SituacionReversa.OTRO_IMPORTE: (EstadoAviso.IMPORTE_DISTINTO, Resultado.IMPORTE_REVERSA_DISTINTO),
    SituacionReversa.FUERA_DE_TERMINO: (EstadoAviso.VENCIDA, Resultado.REVERSA_FUERA_DE_TERMINO),
    SituacionReversa.YA_REVERSADO: (EstadoAviso.REVERSADA_ANTES, Resultado.EXITOSA),
    SituacionReversa.REVERSIBLE: (EstadoAviso.APLICADO, Resultado.EXITOSA),
}


def judge_reversa(
    reversa: ReversaPago, original: AvisoPago | None, *, reversado: bool, plazo: timedelta
) -> tuple[EstadoAviso, Resultado]:
    """Judge the first arrival of a reversa against the pago it means, if there is one."""
    return JUICIOS_REVERSA[_situate_reversa(reversa, original, reversado=reversado, plazo=plazo)]


def _situate_reversa(
    reversa: ReversaPago, original: AvisoPago | None, *, reversado: bool, plazo: timedelta
) -> SituacionReversa:
    if original is None:
        return SituacionReversa.SIN_PAGO
    if reversa.importe_centavos != original.importe_centavos:
        return SituacionReversa.OTRO_IMPORTE
    if reversado:
        return SituacionReversa.YA_REVERSADO
    if reversa.fecha_hora_mensaje_utc - original.momento_utc > plazo:
        return SituacionReversa.FUERA_DE_TERMINO
    return SituacionReversa.REVERSIBLE
