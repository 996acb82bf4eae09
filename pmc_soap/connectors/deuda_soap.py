"""The answer to a ConsultaDeuda of our own contract, as plain dicts → Deuda."""

from collections.abc import Mapping
from typing import Any

from pmc_soap.connectors.mapeo import fold
from pmc_soap.domain import importe
from pmc_soap.domain.consulta import Busqueda, Deuda, SinRespuesta
from pmc_soap.domain.factura import (
    MENSAJE_PANTALLA_MAX,
    MENSAJE_TICKET_MAX,
    NOMBRE_CLIENTE_MAX,
    ClaveFactura,
    Factura,
    TipoImporte,
    Vencimiento,
)
from pmc_soap.domain.resultado import Resultado

_RESULTADOS = {
    "00": Resultado.EXITOSA,
    "02": Resultado.SIN_DEUDA,
    "03": Resultado.CLIENTE_INEXISTENTE,
    "04": Resultado.FACTURA_INEXISTENTE,
    "05": Resultado.FACTURA_VENCIDA,
    "06": Resultado.FACTURA_PAGADA,
    "07": Resultado.FACTURA_BAJA,
    "08": Resultado.PAGAR_ANTERIOR,
}
_PAGABLES = frozenset({"PENDIENTE", "VENCIDA", None})  # whether it is vencida is ours to say, on the empresa's rules


def read_deuda(answer: Mapping[str, Any], busqueda: Busqueda) -> Deuda:
    """Read what is owed, or why nothing is; raises SinRespuesta."""
    if "Fault" in answer:
        raise SinRespuesta("el sistema de la empresa contestó con un error")
    codigo = str((answer.get("Resultado") or {}).get("Codigo") or "sin código").strip()
    resultado = _RESULTADOS.get(codigo)
    if resultado is None:
        raise SinRespuesta(f"el sistema de la empresa contestó {fold(codigo, 10)}")
    if resultado is not Resultado.EXITOSA:
        return Deuda(resultado=resultado)
    try:
        facturas = tuple(
            _read_factura(said, busqueda, answer.get("NombreCliente"))
            for said in (answer.get("Facturas") or {}).get("Factura") or ()
            if said["Estado"] in _PAGABLES
        )
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise SinRespuesta("el sistema de la empresa contestó una factura que no se puede leer") from error
    if not facturas:
        return Deuda(resultado=Resultado.SIN_DEUDA)
    return Deuda(facturas=facturas, hay_mas=bool(answer.get("HayMas")))


def _read_factura(said: Mapping[str, Any], busqueda: Busqueda, nombre_cliente: str | None) -> Factura:
    return Factura(
        clave=ClaveFactura(
            codigo_empresa=busqueda.codigo_empresa,
            id_cliente=_text(said["IdCliente"]),
            id_factura=_text(said["IdFactura"]),
        ),
        vencimientos=tuple(
            Vencimiento(fecha=_present(due["Fecha"]), importe_centavos=importe.from_decimal(_present(due["Importe"])))
            for due in said["Vencimientos"]["Vencimiento"]
        ),
        mensaje_pantalla=fold(said["MensajePantalla"] or "", MENSAJE_PANTALLA_MAX),
        mensaje_ticket=fold(said["MensajeTicket"] or "", MENSAJE_TICKET_MAX),
        moneda=importe.compact_moneda(_text(said["Moneda"])),
        tipo_importe=TipoImporte(said["TipoImporte"] or TipoImporte.CERRADO),
        importe_minimo_centavos=_centavos(said["ImporteMinimo"]),
        importe_maximo_centavos=_centavos(said["ImporteMaximo"]),
        codigo_barras=said["CodigoBarras"],
        nombre_cliente=fold(nombre_cliente or "", NOMBRE_CLIENTE_MAX) or None,
    )


def _centavos(value: Any) -> int | None:
    return None if value is None else importe.from_decimal(value)


def _text(value: Any) -> str:
    text: str = _present(value).strip()
    if not text:
        raise ValueError
    return text


def _present(value: Any) -> Any:
    if value is None:
        raise ValueError
    return value
