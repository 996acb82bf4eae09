"""The help's rows, put together from the tables of the edge: what is shown is what is answered."""

import re
from functools import cache
from xml.dom import minidom

from pmc_soap.web.ayuda import Ayuda, Codigo, Error, Limite
from pmc_soap.web.consejos import CASOS, QUE_HACER

_ID_PEDIDO = "00000000000000000000000000000000"
_CAMPO = "IdCliente"
_BLANK = re.compile(r"^\s*\n", re.MULTILINE)


@cache
def read_ayuda() -> Ayuda:
    """Give every error, result code and limit of the edge."""
    # spyne costs half a second to import; the commands that do not ask for this never pay it
    from pmc_soap.soap.codigos import CODIGOS  # noqa: PLC0415
    from pmc_soap.soap.fallas import Causa, FallaSoap, write_fault  # noqa: PLC0415
    from pmc_soap.soap.limites import LIMITES  # noqa: PLC0415

    def read_error(causa: Causa) -> Error:
        falla = causa.value
        example = FallaSoap(causa, _CAMPO if falla.nombra_campo else None)
        return Error(
            codigo=falla.codigo,
            faultcode=falla.faultcode,
            texto=falla.texto,
            que_hacer=falla.que_hacer,
            http=falla.status,
            repetible=falla.repetible,
            nombra_campo=falla.nombra_campo,
            casos=CASOS.get(falla.codigo, ()),
            ejemplo=indent(write_fault(example, _ID_PEDIDO)),
        )

    return Ayuda(
        errores=[read_error(causa) for causa in Causa],
        codigos=[Codigo(*row, que_hacer=QUE_HACER.get(row.codigo, "")) for row in CODIGOS.values()],
        limites=[Limite(row.que, row.maximo, row.unidad, row.causa.value.codigo) for row in LIMITES],
    )


def indent(document: bytes) -> str:
    """Lay out an answer to be read by people."""
    _declaration, _, text = minidom.parseString(document).toprettyxml(indent="  ").partition("\n")  # noqa: S318 — ours
    return _BLANK.sub("", text).strip()
