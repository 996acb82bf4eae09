"""A pago is kept, judged, applied or parked, and owed to the empresa: one way, whether an aviso or a COB told of it."""

from datetime import datetime

from pmc_soap.domain.aviso import AvisoGuardado, AvisoPago, EstadoAviso, EstadoPago, contenido, huella, identidad
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import EstadoFactura, Factura
from pmc_soap.domain.juicio import judge
from pmc_soap.domain.resultado import Resultado
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Writing


@value
class Llegada:
    """A pago that nobody told of before: under which id it is kept, when it came, and how its teller is answered."""

    id_aviso: str
    aviso: AvisoPago
    at_utc: datetime
    resultado: Resultado = Resultado.EXITOSA


def keep_pago(tx: Writing, empresa: Empresa, llegada: Llegada, reversa: AvisoGuardado | None) -> AvisoGuardado:
    """Keep it for good, with its money; reversa is the one that came before it, which it then only meets."""
    aviso = llegada.aviso
    factura = tx.factura(aviso.clave) if aviso.clave else None
    guardado = AvisoGuardado(
        id_aviso=llegada.id_aviso,
        aviso=aviso,
        identidad=identidad(aviso),
        contenido=contenido(aviso),
        huella=huella(aviso),
        estado=EstadoAviso.REVERSADA_ANTES if reversa else _judge(tx, empresa, llegada, factura),
        resultado=llegada.resultado,
        fecha_hora_utc=llegada.at_utc,
        original=reversa.id_aviso if reversa else None,
    )
    tx.keep(guardado)
    if guardado.estado is EstadoAviso.APLICADO:
        _apply(tx, empresa, guardado, factura)
    else:
        tx.add_pago(guardado.id_aviso, aviso.clave, EstadoPago.REVERSADO if reversa else EstadoPago.EN_PUENTE)
        tx.alert(empresa.codigo_empresa, guardado.estado, guardado.id_aviso, guardado.fecha_hora_utc)
    return guardado


def _apply(tx: Writing, empresa: Empresa, guardado: AvisoGuardado, factura: Factura | None) -> None:
    if factura is not None:
        tx.move_factura(factura.clave, EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
    tx.add_pago(guardado.id_aviso, guardado.aviso.clave, EstadoPago.APLICADO)
    tx.owe(guardado, empresa.destinos, guardado.fecha_hora_utc)


def _judge(tx: Writing, empresa: Empresa, llegada: Llegada, factura: Factura | None) -> EstadoAviso:
    if llegada.resultado is not Resultado.EXITOSA:
        return EstadoAviso.DESCONOCIDA
    aviso = llegada.aviso
    clave = aviso.clave
    return judge(
        aviso,
        empresa,
        factura,
        paid=clave is not None and tx.pago_vivo(clave) is not None,
        knows_cliente=clave is None and tx.knows_cliente(aviso.codigo_empresa, aviso.id_cliente),
    )
