"""Every kind of file that is read or written here, for who has to make or to understand one: from its own tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pmc_soap.files.cob import codigos as cob_codigos
from pmc_soap.files.cob import registros as cob
from pmc_soap.files.fac import codigos as fac_codigos
from pmc_soap.files.fac.registros import DETAILS, HEADERS, TOTAL_WIDTH, Variante, trailer
from pmc_soap.files.planilla.codigos import TEXTOS as PLANILLA_TEXTOS
from pmc_soap.files.planilla.columnas import COLUMNAS, Columna
from pmc_soap.files.problemas import Texto
from pmc_soap.files.registro import Campo, Registro, Tipo

RELLENO = {Tipo.N: "ceros a la izquierda", Tipo.AN: "espacios a la derecha"}


@dataclass(frozen=True, slots=True)
class Diseno:
    """One kind of file. textos: all that it can have wrong."""

    nombre: str
    que_es: str
    se_llama: str
    ejemplo: str
    textos: Sequence[tuple[str, Texto]]
    registros: Mapping[str, Registro] = field(default_factory=dict)
    columnas: Mapping[str, Columna] = field(default_factory=dict)

    def problemas(self) -> Iterator[tuple[str, str, str]]:
        """Give each code, what it means and what to do; what a text names where it is told is left out."""
        for codigo, texto in sorted(self.textos):
            yield str(codigo), re.sub(r"\{\w+\}", "…", texto.que_pasa), texto.que_hacer


def relleno(campo: Campo) -> str:
    """Say what fills a field."""
    if campo.name.startswith("filler"):
        return "ceros" if campo.tipo is Tipo.N else "espacios"
    return RELLENO[campo.tipo]


def _fac(variante: Variante) -> Mapping[str, Registro]:
    return {
        "Encabezado": HEADERS[variante],
        "Factura": DETAILS[variante],
        "Cierre": trailer(TOTAL_WIDTH[variante], variante),
    }


_FAC_NAME = "FAC, código de empresa, punto y día: FAC1234.100325. El segundo del día, FAC1234.100325.02"
_TEXTOS_FAC = tuple(fac_codigos.TEXTOS.items())
DISENOS: Mapping[str, Diseno] = {
    diseno.nombre: diseno
    for diseno in (
        Diseno(
            nombre="FAC",
            que_es="Las facturas que la empresa le informa a PagoMisCuentas: 280 columnas por línea.",
            se_llama=_FAC_NAME,
            ejemplo="fixtures/archivos/FAC1234.100325",
            textos=_TEXTOS_FAC,
            registros=_fac(Variante.CLASICA),
        ),
        Diseno(
            nombre="FAC-ancha",
            que_es="El FAC con importes de 14 dígitos en lugar de 11; al leerlo se reconoce solo.",
            se_llama=_FAC_NAME,
            ejemplo="fixtures/archivos/bien_ancha/FAC1234.100325",
            textos=_TEXTOS_FAC,
            registros=_fac(Variante.ANCHA),
        ),
        Diseno(
            nombre="COB",
            que_es="Lo que PagoMisCuentas cobró y acredita un día: 100 columnas por línea.",
            se_llama="COB, código de empresa, punto y día: COB1234.180325",
            ejemplo="fixtures/cob/COB1234.180325",
            textos=tuple(cob_codigos.TEXTOS.items()),
            registros={"Encabezado": cob.HEADER, "Pago": cob.DETAIL, "Cierre": cob.TRAILER},
        ),
        Diseno(
            nombre="planilla",
            que_es="Las facturas en una planilla, CSV o Excel (.xlsx): una fila con los nombres y una por factura.",
            se_llama="Como quieras; de quién es se dice con --empresa, si hay varias.",
            ejemplo="fixtures/planillas/deuda.csv",
            textos=tuple(PLANILLA_TEXTOS.items()),
            columnas=COLUMNAS,
        ),
    )
}


def find(asked: str) -> Diseno | None:
    """Give the kind of file of that name, in capitals or not."""
    return next((diseno for name, diseno in DISENOS.items() if name.casefold() == asked.strip().casefold()), None)
