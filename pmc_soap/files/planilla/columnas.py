"""The columns of a planilla: what each says, and how the header of a file is met with them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple

from pmc_soap.domain.valor import value

FECHAS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%Y%m%d")


class Columna(NamedTuple):
    """One column. also: other names that it goes by, without any configuration."""

    about: str
    required: bool = False
    also: tuple[str, ...] = ()


COLUMNAS: Mapping[str, Columna] = {
    "id_cliente": Columna("El id del cliente: lo que escribe quien paga; hasta 19 caracteres", required=True),
    "id_factura": Columna("El id que la empresa le da a la factura; hasta 20 caracteres", required=True),
    "vencimiento": Columna("El primer día en que vence", required=True, also=("vencimiento_1",)),
    "importe": Columna("Lo que se paga hasta ese día, en pesos", required=True, also=("importe_1",)),
    "vencimiento_2": Columna("El segundo vencimiento, si hay"),
    "importe_2": Columna("Lo que se paga hasta el segundo, no menos que antes"),
    "vencimiento_3": Columna("El tercero, si hay segundo"),
    "importe_3": Columna("Lo que se paga hasta el tercero, no menos que antes"),
    "mensaje_ticket": Columna("Lo que se imprime en el ticket; hasta 40 caracteres"),
    "mensaje_pantalla": Columna("Lo que se ve al elegir la factura; hasta 15 caracteres"),
    "codigo_barras": Columna("El código de barras; hasta 60 caracteres"),
    "nombre_cliente": Columna("El nombre del cliente; hasta 40 caracteres"),
    "cuit_cliente": Columna("El CUIT del cliente, con o sin guiones"),
    "referencia_anterior": Columna("El id anterior del cliente, una vez, si cambió"),
    "moneda": Columna("ARS, o nada: pesos"),
    "tipo_importe": Columna("CERRADO, o nada; ABIERTO; o RANGO, con los dos importes que siguen"),
    "importe_minimo": Columna("Lo menos que se puede pagar, si el importe es un RANGO"),
    "importe_maximo": Columna("Lo más que se puede pagar, si el importe es un RANGO"),
}
PEDIDAS = tuple(name for name, columna in COLUMNAS.items() if columna.required)


class SignoDecimal(StrEnum):
    """What stands before the centavos."""

    COMA = "COMA"
    PUNTO = "PUNTO"


@value
class Planilla:
    """How the planillas of an empresa are written; what is None is found out file by file.

    columnas: what an empresa calls a column of ours. fechas: strptime's formats of a day that is written as text.
    """

    columnas: Mapping[str, str] | None = None
    decimal: SignoDecimal | None = None
    fechas: tuple[str, ...] = FECHAS
    separador: str | None = None
    codificacion: str | None = None
    hoja: str | None = None

    def name_of(self, campo: str) -> str:
        """Give what this empresa calls a column of ours."""
        return (self.columnas or {}).get(campo, campo)


class Encabezado(NamedTuple):
    """The header of a file. places: column of ours → where it stands, from 0; of what is known twice, the first.

    repeated and missing name columns of ours; alike, headers that are none but look like one that is missing.
    """

    names: tuple[str, ...]
    places: Mapping[str, int]
    repeated: tuple[str, ...]
    missing: tuple[str, ...]
    alike: tuple[tuple[int, str], ...]


def read_encabezado(planilla: Planilla, cells: Sequence[str]) -> Encabezado:
    """Meet the cells of a header with the columns that there are; what it names besides is nobody's business."""
    known = {_bare(name): campo for campo in COLUMNAS for name in _names(planilla, campo)}
    found = [known.get(_bare(cell)) for cell in cells]
    places: dict[str, int] = {}
    for place, campo in enumerate(found):
        if campo is not None:
            places.setdefault(campo, place)
    unmet = {name: campo for name, campo in known.items() if campo not in places}
    alike = []
    for place, cell in enumerate(cells):
        is_other = (
            found[place] is None and _bare(cell) not in _OURS
        )  # by our name for what this empresa calls otherwise
        close = get_close_matches(_bare(cell), unmet, n=1, cutoff=0.8) if is_other else []
        alike += [(place, planilla.name_of(unmet[name])) for name in close]
    return Encabezado(
        names=tuple(cells),
        places=places,
        repeated=tuple(campo for campo in places if found.count(campo) > 1),
        missing=tuple(campo for campo in PEDIDAS if campo not in places),
        alike=tuple(alike),
    )


def find_clash(planilla: Planilla) -> str | None:
    """Give a name that would be of two columns; None if there is none."""
    seen: set[str] = set()
    for campo in COLUMNAS:
        for name in _names(planilla, campo):
            if _bare(name) in seen:
                return name
            seen.add(_bare(name))
    return None


def _names(planilla: Planilla, campo: str) -> tuple[str, ...]:
    """Give what a column may be called; one that the empresa named answers to that name only."""
    said = planilla.name_of(campo)
    return (said,) if said != campo else (campo, *COLUMNAS[campo].also)


def _bare(name: str) -> str:
    """Bring a name to what matters of it: "Id. Cliente", "ID_CLIENTE" and "id cliente" are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


# A column that the empresa calls otherwise, and has one by our name besides, is not taken for a slip of the pen.
_OURS = {_bare(name) for campo, columna in COLUMNAS.items() for name in (campo, *columna.also)}
