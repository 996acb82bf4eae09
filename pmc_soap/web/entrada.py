"""How what people write in forms is read: importes as they are written in Argentina, or with the point of a machine."""

import re

from pmc_soap.domain import importe

_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


def pesos(text: str) -> int:
    """Read "$ 1.500,50", "1500,5", "1.500" or "1500.50" as centavos; anything else raises importe.ImporteInvalido."""
    said = text.replace("$", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if "," in said or _THOUSANDS.fullmatch(said):
        said = said.replace(".", "").replace(",", ".")
    return importe.parse(said)


def a_mano(centavos: int) -> str:
    """Write an importe as it would be typed: "1500,50"."""
    return importe.format(centavos).replace(".", ",")
