"""Why an aviso was judged as it was, in a Spanish sentence."""

from pmc_soap.domain.aviso import AvisoGuardado, AvisoPago, EstadoAviso
from pmc_soap.domain.resultado import Resultado

_WAITS = {
    EstadoAviso.YA_PAGADA: "la factura ya estaba paga; es un pago adicional",
    EstadoAviso.IMPORTE_DISTINTO: "el importe no es el que se debía",
    EstadoAviso.MONEDA_DISTINTA: "no es un pago en pesos",
    EstadoAviso.BAJA: "la factura está dada de baja o fue reemplazada por otra",
    EstadoAviso.VENCIDA: "la factura ya había pasado su último vencimiento",
    EstadoAviso.DESCONOCIDA: "la empresa no informó lo que se pagó",
    EstadoAviso.CONFLICTO: "repite la identificación de otro aviso, con otros datos",
}
_NOT_ADMITTED = {
    Resultado.SERVICIO_NO_HABILITADO: "la empresa no tiene habilitado el servicio de avisos",
    Resultado.EMPRESA_INEXISTENTE: "la empresa no existe o no está activa",
}
_REVERSA = {
    EstadoAviso.DESCONOCIDA: "No había un pago que reversar: si llega después, no se imputará.",
    EstadoAviso.IMPORTE_DISTINTO: "La reversa no tuvo efecto: su importe no es el del pago.",
    EstadoAviso.VENCIDA: "La reversa no tuvo efecto: llegó fuera de término.",
    EstadoAviso.REVERSADA_ANTES: "La reversa no tuvo un nuevo efecto: el pago ya estaba sin efecto.",
    EstadoAviso.CONFLICTO: "La reversa no tuvo efecto: repite la identificación de otra, con otros datos.",
}


def explain_pago(guardado: AvisoGuardado, aviso: AvisoPago) -> str:
    """Say what was decided about a pago when it came."""
    match guardado.estado:
        case EstadoAviso.APLICADO if aviso.id_factura is not None:
            return f"Se imputó a la factura {aviso.id_factura}."
        case EstadoAviso.APLICADO:
            return "Se imputó a cuenta del cliente: es un pago sin factura."
        case EstadoAviso.REVERSADA_ANTES:
            return "No se imputó: su reversa había llegado antes."
    reason = _NOT_ADMITTED.get(guardado.resultado, _WAITS[guardado.estado])
    return f"Quedó en el puente, sin imputar: {reason}."


def explain_reversa(guardado: AvisoGuardado) -> str:
    """Say why a reversa took nothing back."""
    return _REVERSA.get(guardado.estado, "La reversa no tuvo efecto.")
