"""Every kind of thing that can be odd about a payment, by name: how it comes about, and what must be found of it.

Each is played over a factura of its own. What a kind comes to is docs/conciliacion.md's, told here once more by hand.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from mundos.hilo import ONE_DAY, Hilo
from mundos.historia import Historia, Linea, Movimiento
from pmc_soap.domain.aviso import PAGO_SIN_FACTURA, AvisoPago, EstadoPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.identificador import ID_CLIENTE_MAX

APLICADO, REVERSADO, EN_PUENTE = EstadoPago.APLICADO, EstadoPago.REVERSADO, EstadoPago.EN_PUENTE
SOLO_EN_COB, DIF_IMPORTE, DIF_FECHA = Desenlace.SOLO_EN_COB, Desenlace.DIF_IMPORTE, Desenlace.DIF_FECHA
REVERSADO_EN_COB, DUPLICADO = Desenlace.REVERSADO_PERO_EN_COB, Desenlace.DUPLICADO_EN_COB
CONCILIADO, INVALIDA = Desenlace.CONCILIADO, Desenlace.LINEA_INVALIDA
SOLO_EN_AVISO = "SOLO_EN_AVISO"

TIPOS: dict[str, Callable[[Hilo], Historia]] = {}
HOUR = timedelta(hours=1)


def tipo(nombre: str) -> Callable[[Callable[[Hilo], Historia]], Callable[[Hilo], Historia]]:
    """Add a kind to the table."""

    def add(weave: Callable[[Hilo], Historia]) -> Callable[[Hilo], Historia]:
        TIPOS[nombre] = lambda hilo: replace(weave(hilo), tipo=nombre)
        return weave

    return add


def _told(
    hilo: Hilo,
    movimientos: tuple[Movimiento, ...] = (),
    lineas: tuple[Linea, ...] = (),
    *dinero: tuple[EstadoPago, AvisoPago],
    sin_linea: tuple[AvisoPago, ...] = (),
    alertas: tuple[str, ...] = (),
    entregas: int = 1,
) -> Historia:
    return Historia(
        n=hilo.n,
        factura=hilo.factura,
        movimientos=movimientos,
        lineas=lineas,
        dinero=tuple((estado, pago.importe_centavos) for estado, pago in dinero),
        sin_linea=tuple(pago.importe_centavos for pago in sin_linea),
        alertas=(*alertas, *(SOLO_EN_AVISO for _ in sin_linea)),
        entregas=entregas,
    )


def normal(hilo: Hilo) -> Historia:
    """Weave what is not odd at all: asked, paid, told, and in the COB."""
    pago = hilo.pago(hilo.at(hilo.dia()))
    asked = (hilo.asks(pago.momento_utc),) if hilo.chance.random() < 0.7 else ()
    cita = bool(asked) and hilo.chance.random() < 0.6
    told = (*asked, hilo.tells(pago, cita=cita))
    return _told(hilo, told, (hilo.linea(pago),), (APLICADO, pago))


def impaga(hilo: Hilo) -> Historia:
    """Weave what nobody pays; some look at it."""
    asked = (hilo.asks(hilo.at(hilo.dia())),) if hilo.chance.random() < 0.15 else ()
    return _told(hilo, asked, entregas=0)


# What is missing, and what is there twice ---------------------------------------------------------------------------


@tipo("falta el aviso")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    return _told(hilo, (), (hilo.linea(pago, SOLO_EN_COB),), (APLICADO, pago))


@tipo("falta la línea")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    return _told(hilo, (hilo.tells(pago),), (), (APLICADO, pago), sin_linea=(pago,))


@tipo("línea doble")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    lineas = (hilo.linea(pago), hilo.linea(pago, DUPLICADO))
    return _told(hilo, (hilo.tells(pago),), lineas, (APLICADO, pago), alertas=("DUPLICADO_EN_COB",))


@tipo("línea doble sin aviso")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    lineas = (hilo.linea(pago, SOLO_EN_COB), hilo.linea(pago, DUPLICADO))
    return _told(hilo, (), lineas, (APLICADO, pago), alertas=("DUPLICADO_EN_COB",))


@tipo("la misma línea en dos archivos")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo()))
    first = hilo.linea(pago)
    again = hilo.linea(pago, DUPLICADO, archivo=hilo.dias.archivo(first.archivo))
    return _told(hilo, (hilo.tells(pago),), (first, again), (APLICADO, pago), alertas=("DUPLICADO_EN_COB",))


@tipo("pago doble de verdad")
def _(hilo: Hilo) -> Historia:
    at = hilo.at(hilo.tranquilo(), 11)
    one, other = hilo.pago(at), hilo.pago(at + 3 * HOUR, 2)
    told = (hilo.tells(one), hilo.tells(other))
    dinero = ((APLICADO, one), (EN_PUENTE, other))
    return _told(hilo, told, (hilo.linea(other), hilo.linea(one)), *dinero, alertas=("YA_PAGADA",))


@tipo("pago doble que nadie avisó")
def _(hilo: Hilo) -> Historia:
    at = hilo.at(hilo.tranquilo(), 11)
    one, other = hilo.pago(at), hilo.pago(at + 3 * HOUR, 2)
    lineas = (hilo.linea(one, SOLO_EN_COB), hilo.linea(other, SOLO_EN_COB))
    return _told(hilo, (), lineas, (APLICADO, one), (EN_PUENTE, other), alertas=("YA_PAGADA",))


@tipo("aviso repetido")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    told = tuple(hilo.tells(pago, pago.fecha_hora_mensaje_utc + n * timedelta(seconds=30)) for n in range(3))
    return _told(hilo, told, (hilo.linea(pago),), (APLICADO, pago))


# Importes and days --------------------------------------------------------------------------------------------------


def _off_by(hilo: Hilo, centavos: int) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    linea = hilo.linea(pago, DIF_IMPORTE, importe_centavos=pago.importe_centavos + centavos)
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago), alertas=("DIF_IMPORTE",))


@tipo("un centavo de más en el COB")
def _(hilo: Hilo) -> Historia:
    return _off_by(hilo, 1)


@tipo("un centavo de menos en el COB")
def _(hilo: Hilo) -> Historia:
    return _off_by(hilo, -1)


@tipo("otra fecha")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo()))
    late = hilo.dias.calendario.add_habiles(local_day(pago.momento_utc), 3)
    linea = hilo.linea(pago, DIF_FECHA, aplicado=late)  # by then a person was told that the money had not come
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago), alertas=(SOLO_EN_AVISO,))


def _second(hilo: Hilo) -> AvisoPago:
    first = hilo.factura.vencimientos[0].fecha
    return hilo.pago(hilo.at(first + ONE_DAY * hilo.chance.randint(1, 5)))


@tipo("segundo vencimiento")
def _(hilo: Hilo) -> Historia:
    pago = _second(hilo)
    return _told(hilo, (hilo.tells(pago),), (hilo.linea(pago),), (APLICADO, pago))


@tipo("segundo vencimiento sin aviso")
def _(hilo: Hilo) -> Historia:
    pago = _second(hilo)
    return _told(hilo, (), (hilo.linea(pago, SOLO_EN_COB),), (APLICADO, pago))


def _cash(hilo: Hilo, at: datetime) -> AvisoPago:
    return hilo.pago(at, canal="EF", nro_control=None, codigo_provincia=None)


@tipo("canal de efectivo, un día hábil después")
def _(hilo: Hilo) -> Historia:
    pago = _cash(hilo, hilo.at(hilo.tranquilo()))
    linea = hilo.linea(pago, aplicado=hilo.dias.archivo(local_day(pago.momento_utc)))
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago))


@tipo("fin de semana de por medio")
def _(hilo: Hilo) -> Historia:
    pago = _cash(hilo, hilo.at(hilo.chance.choice(hilo.dias.sabados)))
    linea = hilo.linea(pago, aplicado=hilo.dias.archivo(local_day(pago.momento_utc)))
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago))


@tipo("feriado de por medio")
def _(hilo: Hilo) -> Historia:
    pago = _cash(hilo, hilo.at(hilo.chance.choice(hilo.dias.visperas)))
    linea = hilo.linea(pago, aplicado=hilo.dias.archivo(local_day(pago.momento_utc)))
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago))


@tipo("la línea viene en el archivo del día siguiente")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo()))
    linea = hilo.linea(pago, archivo=hilo.dias.archivo(hilo.dias.archivo(local_day(pago.momento_utc))))
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago))


# Reversas -----------------------------------------------------------------------------------------------------------


@tipo("reversado antes y rendido igual")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo(), 12))
    told = (hilo.tells(pago), hilo.tells(hilo.reversa(pago, pago.momento_utc + HOUR)))
    lineas = (hilo.linea(pago, REVERSADO_EN_COB),)
    return _told(hilo, told, lineas, (REVERSADO, pago), alertas=("REVERSADO_PERO_EN_COB",), entregas=2)


@tipo("reversado después del archivo")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo(), 12))
    linea = hilo.linea(pago, REVERSADO_EN_COB)
    told = (hilo.tells(pago), hilo.tells(hilo.reversa(pago, hilo.at(linea.archivo, 22))))
    return _told(hilo, told, (linea,), (REVERSADO, pago), alertas=("REVERSADO_PERO_EN_COB",), entregas=2)


@tipo("reversado y no rendido")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo(), 12))
    told = (hilo.tells(pago), hilo.tells(hilo.reversa(pago, pago.momento_utc + HOUR)))
    return _told(hilo, told, (), (REVERSADO, pago), entregas=2)


@tipo("reversado y pagado otra vez")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo(), 12))
    again = hilo.pago(pago.momento_utc + 2 * HOUR, 2)
    told = (hilo.tells(pago), hilo.tells(hilo.reversa(pago, pago.momento_utc + HOUR)), hilo.tells(again))
    return _told(hilo, told, (hilo.linea(again),), (REVERSADO, pago), (APLICADO, again), entregas=3)


@tipo("la reversa llegó antes que todo")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo(), 12), id_transaccion=f"T-{hilo.n}-1")
    reversa = hilo.reversa(pago, pago.momento_utc + HOUR)
    told = (hilo.tells(reversa), hilo.tells(pago, pago.momento_utc + 2 * HOUR))
    return _told(hilo, told, (), (REVERSADO, pago), alertas=("DESCONOCIDA", "REVERSADA_ANTES"), entregas=0)


# Late avisos --------------------------------------------------------------------------------------------------------


@tipo("el aviso llega tarde")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo()))
    linea = hilo.linea(pago)  # SOLO_EN_COB until it comes
    late = hilo.tells(pago, hilo.at(linea.archivo + ONE_DAY, 10))
    return _told(hilo, (late,), (linea,), (APLICADO, pago))


@tipo("el aviso llega tarde y después se reversa")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.tranquilo(), 12))
    linea = hilo.linea(pago, REVERSADO_EN_COB)
    told = (
        hilo.tells(pago, hilo.at(linea.archivo + ONE_DAY, 9)),
        hilo.tells(hilo.reversa(pago, hilo.at(linea.archivo + ONE_DAY, 10))),
    )
    return _told(hilo, told, (linea,), (REVERSADO, pago), alertas=("REVERSADO_PERO_EN_COB",), entregas=2)


# Ids, canales, and what was never reported --------------------------------------------------------------------------


def _sin_factura(hilo: Hilo, at: datetime, k: int = 1) -> AvisoPago:
    said = {"id_factura": None, "codigo_movimiento": PAGO_SIN_FACTURA, "fecha_vencimiento": None}
    return hilo.pago(at, k, **said)


@tipo("pago sin factura")
def _(hilo: Hilo) -> Historia:
    pago = _sin_factura(hilo, hilo.at(hilo.dia()))
    return _told(hilo, (hilo.tells(pago),), (hilo.linea(pago),), (APLICADO, pago))


@tipo("pago sin factura que nadie avisó")
def _(hilo: Hilo) -> Historia:
    pago = _sin_factura(hilo, hilo.at(hilo.dia()))
    return _told(hilo, (), (hilo.linea(pago, SOLO_EN_COB),), (APLICADO, pago))


@tipo("dos pagos sin factura iguales")
def _(hilo: Hilo) -> Historia:
    at = hilo.at(hilo.tranquilo(), 11)
    one = replace(_sin_factura(hilo, at), canal=None, nro_control=None, codigo_provincia=None)
    said = {"id_mensaje": f"M-{hilo.n}-2", "id_transaccion": f"T-{hilo.n}-2"}
    other = replace(one, fecha_hora_mensaje_utc=at + HOUR, fecha_hora_pago_utc=at + HOUR, **said)
    told = (hilo.tells(one), hilo.tells(other))
    dinero = ((APLICADO, one), (APLICADO, other))
    return _told(hilo, told, (hilo.linea(one), hilo.linea(one)), *dinero, entregas=2)


@tipo("canal vacío")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()), canal=None, nro_control=None, codigo_provincia=None)
    return _told(hilo, (hilo.tells(pago),), (hilo.linea(pago),), (APLICADO, pago))


@tipo("canal desconocido")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()), canal="ZZ", codigo_provincia=None)
    return _told(hilo, (hilo.tells(pago),), (hilo.linea(pago),), (APLICADO, pago))


def _with_another_zero(id_cliente: str) -> str:
    """Write another cliente's id, which a program that keeps ids as numbers would take for the same."""
    return f"0{id_cliente}" if len(id_cliente) < ID_CLIENTE_MAX else id_cliente[1:]


@tipo("un cero de más o de menos: es otro cliente")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    linea = hilo.linea(pago, SOLO_EN_COB, id_cliente=_with_another_zero(pago.id_cliente))
    dinero = ((APLICADO, pago), (EN_PUENTE, pago))
    return _told(hilo, (hilo.tells(pago),), (linea,), *dinero, sin_linea=(pago,), alertas=("DESCONOCIDA",))


@tipo("nadie lo avisó y no está en la base")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()), id_factura=f"NADIE-{hilo.n}")
    lineas = (hilo.linea(pago, SOLO_EN_COB),)
    return _told(hilo, (), lineas, (EN_PUENTE, pago), alertas=("DESCONOCIDA",), entregas=0)


@tipo("el aviso espera en el puente")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()), importe_centavos=hilo.factura.vencimientos[0].importe_centavos // 2)
    told, lineas = (hilo.tells(pago),), (hilo.linea(pago),)
    return _told(hilo, told, lineas, (EN_PUENTE, pago), alertas=("IMPORTE_DISTINTO",), entregas=0)


@tipo("pagada después de la baja")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    withdrawn = Movimiento(pago.momento_utc - HOUR, hilo.n, hilo.factura.clave)
    told, lineas = (withdrawn, hilo.tells(pago)), (hilo.linea(pago),)
    return _told(hilo, told, lineas, (EN_PUENTE, pago), alertas=("BAJA",), entregas=0)


@tipo("línea inválida")
def _(hilo: Hilo) -> Historia:
    pago = hilo.pago(hilo.at(hilo.dia()))
    linea = hilo.linea(pago, INVALIDA, rota=True)
    return _told(hilo, (hilo.tells(pago),), (linea,), (APLICADO, pago), sin_linea=(pago,))
