"""What a cell says: a day, an importe in centavos, a text. A cell of Excel has a type; one of a CSV is text.

An importe that Excel holds as a number is taken as it is written in the file, to its last digit: with more than two
decimals it is refused, for nobody here rounds money.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from pmc_soap.domain import importe
from pmc_soap.files.planilla.codigos import Codigo
from pmc_soap.files.planilla.columnas import SignoDecimal

Celda: TypeAlias = (
    object  # str, float, bool, date, datetime, time, timedelta (what the reader of Excel gives), or an error
)
CIFRAS_DE_EXCEL = 15  # it rounds what has more

_ESCRITO = {  # with or without its thousands
    SignoDecimal.COMA: re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]+)?"),
    SignoDecimal.PUNTO: re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?"),
}
_SIGNOS = {SignoDecimal.COMA: (".", ","), SignoDecimal.PUNTO: (",", ".")}  # of the thousands, of the decimals
_DUDOSO = re.compile(r"[0-9]+[.,][0-9]{3}")  # thousands, or three decimals
_CIENTIFICO = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+")  # how Excel writes a long number into a CSV: it is lost
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


class CeldaInvalida(ValueError):
    """The cell does not say what its column asks for."""

    def __init__(self, codigo: Codigo) -> None:
        super().__init__(codigo)
        self.codigo = codigo


class CeldaConError:
    """What a formula of Excel that could not be worked out leaves: it is no value, and it is not empty either."""

    def __str__(self) -> str:
        return "#ERROR"


def unguard(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return text[1:] if _GUARDED.match(text) else text


def show(celda: Celda) -> str:
    """Write a cell as a report quotes it."""
    if isinstance(celda, Decimal):
        return format(celda, "f").removesuffix(".0")
    return f"{celda:%Y-%m-%d}" if isinstance(celda, date) else str(celda)


def rewrite(celda: Celda, fecha: str, decimal: SignoDecimal | None) -> str:
    """Write a cell as its reader takes it as text; fecha is strptime's."""
    if isinstance(celda, date):
        return celda.strftime(fecha)
    text = show(celda)
    return text.replace(".", ",") if isinstance(celda, Decimal) and decimal is SignoDecimal.COMA else text


def read_text(celda: Celda) -> str:
    """Read a text or an id; raises CeldaInvalida. A number of more digits than Excel keeps is none."""
    if isinstance(celda, str):
        text = celda.strip()
        if "E+" in text and _CIENTIFICO.fullmatch(text):
            raise CeldaInvalida(Codigo.NUMERO_REDONDEADO)
        return text
    if isinstance(celda, Decimal) and celda.is_finite() and celda == celda.to_integral_value() and celda >= 0:
        if celda >= 10**CIFRAS_DE_EXCEL:
            raise CeldaInvalida(Codigo.NUMERO_REDONDEADO)
        return str(int(celda))
    raise CeldaInvalida(Codigo.DATO_INVALIDO)


def read_fecha(celda: Celda, formatos: Sequence[str]) -> date:
    """Read a day; raises CeldaInvalida. A number is a day only if its digits are one: 20250315."""
    if isinstance(celda, datetime):
        return celda.date()
    if isinstance(celda, date):
        return celda
    fecha = _parse_fecha(show(celda).strip(), tuple(formatos)) if isinstance(celda, str | Decimal) else None
    if fecha is None:
        raise CeldaInvalida(Codigo.FECHA_INVALIDA)
    return fecha


def read_importe(celda: Celda, decimal: SignoDecimal | None) -> int:
    """Read an importe as centavos; raises CeldaInvalida. Without decimal, what can be read in two ways is refused."""
    if isinstance(celda, Decimal):
        return _to_centavos(show(celda))
    if not isinstance(celda, str):
        raise CeldaInvalida(Codigo.IMPORTE_INVALIDO)
    text = re.sub(r"\s", "", celda).removeprefix("$")
    if decimal is None and _DUDOSO.fullmatch(text):
        raise CeldaInvalida(Codigo.IMPORTE_DUDOSO)
    for signo in (decimal,) if decimal else SignoDecimal:
        if _ESCRITO[signo].fullmatch(text):
            miles, decimales = _SIGNOS[signo]
            return _to_centavos(text.replace(miles, "").replace(decimales, "."))
    raise CeldaInvalida(Codigo.IMPORTE_INVALIDO)


def _to_centavos(text: str) -> int:
    if len(text.partition(".")[2].rstrip("0")) > len("00"):
        raise CeldaInvalida(Codigo.IMPORTE_CON_FRACCION)
    try:
        return importe.parse(text)
    except importe.ImporteInvalido:
        raise CeldaInvalida(Codigo.IMPORTE_INVALIDO) from None


@lru_cache(maxsize=4_096)  # a file has few days and many rows
def _parse_fecha(text: str, formatos: tuple[str, ...]) -> date | None:
    if not text.isascii():
        return None
    for formato in formatos:
        try:
            return datetime.strptime(text, formato).date()  # noqa: DTZ007 — a day has no time zone
        except ValueError:
            continue
    return None
