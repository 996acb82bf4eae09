"""What the rules of a factura say, in the words and columns of a planilla."""

from pmc_soap.domain import importe
from pmc_soap.domain.factura import Vencimiento
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.files.planilla.codigos import Codigo, problema
from pmc_soap.files.planilla.columnas import Encabezado
from pmc_soap.files.planilla.fila import columns_of, place_of
from pmc_soap.operations.carga import Problema, Renglon

_RANGO = {
    "TipoImporte": "tipo_importe",
    "ImporteMinimo": "importe_minimo",
    "ImporteMaximo": "importe_maximo",
}


def explain(ending: Ending, renglon: Renglon, encabezado: Encabezado) -> Problema:
    """Put an ending into a code, a column and a value."""
    codigo, campo, valor, named = _at_fault(ending, renglon)
    columna, nombre = place_of(encabezado, campo)
    return problema(codigo, renglon.linea, columna, nombre, valor, **named)


def _at_fault(ending: Ending, renglon: Renglon) -> tuple[Codigo, str, str, dict[str, object]]:
    factura, campo = renglon.factura, ending.campo or ""
    match ending.resultado:
        case Resultado.FACTURA_EXISTENTE:
            return Codigo.FACTURA_REPETIDA, "id_factura", factura.clave.id_factura, {"repite": renglon.repite}
        case Resultado.VENCIMIENTOS_INVALIDOS:
            return (*_vencimiento_at_fault(renglon, campo), {})
        case _ if campo in _RANGO:
            return Codigo.RANGO_INVALIDO, _RANGO[campo], "", {}
    return Codigo.DATO_INVALIDO, "id_factura", campo, {}


def _vencimiento_at_fault(renglon: Renglon, campo: str) -> tuple[Codigo, str, str]:
    """Find which vencimiento broke the rule: its code, its column and what it says."""
    vencimientos = renglon.factura.vencimientos
    previous = (vencimientos[0], *vencimientos)
    for numero, earlier, later in zip(renglon.numeros, previous, vencimientos, strict=False):
        fecha, cuanto = columns_of(numero)
        if campo == "Fecha" and later.fecha < earlier.fecha:
            return Codigo.FECHAS_DESORDENADAS, fecha, f"{later.fecha:%d/%m/%Y}"
        if campo == "Importe":
            codigo = _importe_at_fault(earlier, later)
            if codigo is not None:
                return codigo, cuanto, importe.format_es(later.importe_centavos)
    return Codigo.DATO_INVALIDO, "vencimiento", campo


def _importe_at_fault(earlier: Vencimiento, later: Vencimiento) -> Codigo | None:
    if not later.importe_centavos:
        return Codigo.IMPORTE_CERO
    return Codigo.IMPORTES_DECRECIENTES if later.importe_centavos < earlier.importe_centavos else None
