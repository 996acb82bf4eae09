"""What a result code or an error means, and how it stands, in the words of the help."""

from typing import NamedTuple

from pmc_soap.web.ayuda import Ayuda

_TONOS = ("bien", "nada", "ojo", "mal")
_DE_NUESTRO_LADO = "PMC-9"


class Dicho(NamedTuple):
    """A code, what it means, and how that stands (bien, nada, ojo, mal)."""

    codigo: str
    texto: str
    tono: str


def told(ayuda: Ayuda, codigo: str | None) -> Dicho:
    """Say what a code means; what is no code of ours stands for itself."""
    said = codigo or ""
    found = ayuda.find_codigo(said)
    if found is not None:
        return Dicho(said, found.descripcion, _TONOS[found.severidad])
    error = ayuda.find(said)
    tono = "mal" if said.startswith(_DE_NUESTRO_LADO) else "ojo"
    return Dicho(said or "—", error.texto if error else "", tono)
