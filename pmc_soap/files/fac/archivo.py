"""Read a FAC of either variante. It is an operations.carga.Archivo."""

import re
from collections.abc import Mapping
from functools import cached_property

from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.files.archivo import ArchivoDePmc
from pmc_soap.files.fac.codigos import Codigo, problema
from pmc_soap.files.fac.cuerpo import DetallesFac
from pmc_soap.files.fac.registros import ANCHO, DETAILS, HEADER, Variante
from pmc_soap.files.fac.variante import Dudosa, find_variante
from pmc_soap.files.formato import Formato
from pmc_soap.files.lineas import read_lineas
from pmc_soap.operations.carga import Problema, Renglon

FORMATO = Formato(
    prefijo="FAC",
    ancho=ANCHO,
    nombre=re.compile(r"FAC([A-Z0-9]{4})\.([0-9]{6})(?:\.[0-9]{1,2})?", re.IGNORECASE),
    header=HEADER,
    codigos=Codigo,
    problema=problema,
)


class ArchivoFac(ArchivoDePmc[Renglon]):
    """A FAC that can be opened again and again."""

    _tablas = FORMATO

    @cached_property
    def variante(self) -> Variante:
        """Tell which variante all of it is of; raises Dudosa where nothing tells."""
        with self._open() as file:
            return find_variante(read_lineas(file, ANCHO))

    def explain(self, ending: Ending, renglon: Renglon | None) -> Problema:
        """Put an ending into the words and columns of the FAC."""
        if renglon is None:
            return self.explain_empresa()
        factura, campos = renglon.factura, DETAILS[self.variante].campos
        match ending.resultado:
            case Resultado.FACTURA_EXISTENTE:
                id_factura = factura.clave.id_factura
                campo = campos["id_factura"]
                return problema(Codigo.FACTURA_REPETIDA, renglon.linea, campo, id_factura, repite=renglon.repite)
            case Resultado.VENCIMIENTOS_INVALIDOS:
                codigo, name, valor = _vencimiento_at_fault(renglon, ending.campo)
                campo = campos[name]
                return problema(codigo, renglon.linea, campo, valor.zfill(campo.length))
        return problema(Codigo.DATO_INVALIDO, renglon.linea, valor=ending.campo or "")

    def _detalles(self, header: Mapping[str, str]) -> DetallesFac | Problema:
        try:
            return DetallesFac(header.get("codigo_empresa", ""), self.variante)
        except Dudosa as dudosa:
            (numero,) = dudosa.args
            return problema(Codigo.VARIANTE_DUDOSA, numero)


def _vencimiento_at_fault(renglon: Renglon, campo: str | None) -> tuple[Codigo, str, str]:
    """Find which vencimiento broke the rule: its code, its field in the file and what it says."""
    vencimientos = renglon.factura.vencimientos
    previous = (vencimientos[0], *vencimientos)
    for numero, earlier, later in zip(renglon.numeros, previous, vencimientos, strict=False):
        if campo == "Fecha" and later.fecha < earlier.fecha:
            return Codigo.FECHAS_DESORDENADAS, f"fecha_{numero}", f"{later.fecha:%Y%m%d}"
        if campo == "Importe" and not later.importe_centavos:
            return Codigo.IMPORTE_CERO, f"importe_{numero}", "0"
        if campo == "Importe" and later.importe_centavos < earlier.importe_centavos:
            return Codigo.IMPORTES_DECRECIENTES, f"importe_{numero}", str(later.importe_centavos)
    return Codigo.DATO_INVALIDO, "fecha_1", ""
