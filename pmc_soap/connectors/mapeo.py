"""Rows of an empresa's system → Deuda: one row a factura, its columns named by our own words.

id_factura, importe and vencimiento are required; id_cliente is, where the consulta did not say it. A number has no
leading zeros: an id that may have them must come as text. Importes are pesos ("1500.50", a Decimal, an int) unless the
rows are in centavos; never binary floating point.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from pmc_soap.domain import identificador, importe
from pmc_soap.domain.calendario import local_day
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

SIGUIENTES = (("vencimiento_2", "importe_2"), ("vencimiento_3", "importe_3"))
_NUMBER_MAX = 10**36  # no identifier is longer
_ISO_DAY = len("2026-03-20")
_CUIT_PUNCTUATION = str.maketrans("", "", "-. ")

T = TypeVar("T")


def read_deuda(
    filas: Iterable[Mapping[str, object]],
    busqueda: Busqueda,
    *,
    en_centavos: bool = False,
    formato_fecha: str | None = None,
) -> Deuda:
    """Read the facturas; raises SinRespuesta, which names the column that cannot be read and never its value."""
    facturas = tuple(_read_factura(_Fila(fila, en_centavos, formato_fecha), busqueda) for fila in filas)
    return Deuda(facturas=facturas, resultado=Resultado.EXITOSA if facturas else Resultado.SIN_DEUDA)


def fold(text: str, max_length: int) -> str:
    """Make one line of a free text, and cut it: what cannot be printed becomes a space."""
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(printable.split())[:max_length].rstrip()


@dataclass(frozen=True, slots=True)
class _Fila:
    """One row; each reader gives None where the column is absent, null or blank."""

    valores: Mapping[str, object]
    en_centavos: bool
    formato_fecha: str | None

    def text(self, columna: str) -> str | None:
        match self.valores.get(columna):
            case None:
                return None
            case str(text):
                return text.strip() or None
            case bool():
                pass
            case int(number):
                return str(number)
            case Decimal() as number if _is_whole(number):
                return str(int(number))
        raise SinRespuesta(f"la columna «{columna}» no es un texto: convertila en la consulta")

    def identifier(self, columna: str, max_length: int) -> str | None:
        text = self.text(columna)
        try:
            return None if text is None else identificador.validate(text, max_length)
        except identificador.IdentificadorInvalido:
            raise SinRespuesta(
                f"la columna «{columna}» no es un identificador: hasta {max_length} caracteres ASCII, sin «&» ni «<»"
            ) from None

    def folded(self, columna: str, max_length: int) -> str | None:
        return fold(self.text(columna) or "", max_length) or None

    def centavos(self, columna: str) -> int | None:
        valor = self.valores.get(columna)
        if isinstance(valor, float):
            raise SinRespuesta(
                f"la columna «{columna}» es de punto flotante: convertila a DECIMAL o a texto en la consulta"
            )
        if valor is None or (isinstance(valor, str) and not valor.strip()):
            return None
        try:
            return _whole(valor) if self.en_centavos else _pesos(valor)
        except (ValueError, ArithmeticError):
            expected = "centavos enteros, como 150050" if self.en_centavos else "pesos, como 1500.50"
            raise SinRespuesta(f"la columna «{columna}» no es un importe: se esperan {expected}") from None

    def fecha(self, columna: str) -> date | None:
        valor = self.valores.get(columna)
        if isinstance(valor, datetime):
            return local_day(valor) if valor.tzinfo else valor.date()
        if isinstance(valor, date):
            return valor
        text = self.text(columna)
        try:
            if isinstance(valor, int | Decimal) and not (self.formato_fecha or "").startswith("%Y"):
                raise ValueError  # noqa: TRY301 — 1032026 has lost a zero: the 1st or the 10th
            return None if text is None else self._day(text)
        except ValueError:
            expected = self.formato_fecha or "AAAA-MM-DD"
            raise SinRespuesta(f"la columna «{columna}» no es una fecha: se espera {expected}") from None

    def _day(self, text: str) -> date:
        if self.formato_fecha is not None:
            return datetime.strptime(text, self.formato_fecha).date()  # noqa: DTZ007 — the day as it is written
        if text[_ISO_DAY : _ISO_DAY + 1] not in {"", "T", " "}:
            raise ValueError
        return datetime.strptime(text[:_ISO_DAY], "%Y-%m-%d").date()  # noqa: DTZ007 — the day as it is written

    def required(self, columna: str, read: Callable[[str], T | None]) -> T:
        valor = read(columna)
        if valor is None:
            raise SinRespuesta(f"falta la columna «{columna}», o vino vacía")
        return valor


def _is_whole(number: Decimal) -> bool:
    return number.is_finite() and abs(number) < _NUMBER_MAX and number == number.to_integral_value()


def _pesos(valor: object) -> int:
    match valor:
        case str(text):
            return importe.parse(text)
        case bool():
            raise ValueError
        case int() | Decimal():
            return importe.from_decimal(Decimal(valor))
    raise ValueError


def _whole(valor: object) -> int:
    if isinstance(valor, str):
        text = valor.strip()
        if not (text.isascii() and text.isdigit()):
            raise ValueError
        valor = int(text)
    if isinstance(valor, bool) or not isinstance(valor, int | Decimal):
        raise ValueError  # noqa: TRY004 — it is the value that is wrong
    if not 0 <= valor <= importe.MAX_CENTAVOS or valor != int(valor):
        raise ValueError
    return int(valor)


def _read_factura(fila: _Fila, busqueda: Busqueda) -> Factura:
    id_factura = fila.required("id_factura", lambda c: fila.identifier(c, identificador.ID_FACTURA_MAX))
    clave = ClaveFactura(
        codigo_empresa=busqueda.codigo_empresa, id_cliente=_id_cliente(fila, busqueda), id_factura=id_factura
    )
    cuit = fila.text("cuit_cliente")
    return Factura(
        clave=clave,
        vencimientos=_read_vencimientos(fila),
        mensaje_pantalla=fila.folded("mensaje_pantalla", MENSAJE_PANTALLA_MAX)
        or fold(id_factura, MENSAJE_PANTALLA_MAX),
        mensaje_ticket=fila.folded("mensaje_ticket", MENSAJE_TICKET_MAX) or id_factura,
        moneda=importe.compact_moneda(fila.text("moneda") or importe.PESOS),
        tipo_importe=_tipo_importe(fila),
        importe_minimo_centavos=fila.centavos("importe_minimo"),
        importe_maximo_centavos=fila.centavos("importe_maximo"),
        codigo_barras=fila.identifier("codigo_barras", identificador.CODIGO_BARRAS_MAX),
        nombre_cliente=fila.folded("nombre_cliente", NOMBRE_CLIENTE_MAX),
        cuit_cliente=cuit.translate(_CUIT_PUNCTUATION) if cuit else None,
    )


def _id_cliente(fila: _Fila, busqueda: Busqueda) -> str:
    told = fila.identifier("id_cliente", identificador.ID_CLIENTE_MAX) or busqueda.id_cliente
    if told is None:
        raise SinRespuesta("falta la columna «id_cliente»: se preguntó por factura o por código de barras")
    return told


def _read_vencimientos(fila: _Fila) -> tuple[Vencimiento, ...]:
    """Read the one that must be there, and the pairs that are."""
    fecha, centavos = fila.required("vencimiento", fila.fecha), fila.required("importe", fila.centavos)
    vencimientos = [Vencimiento(fecha=fecha, importe_centavos=centavos)]
    for columna_fecha, columna_importe in SIGUIENTES:
        later, amount = fila.fecha(columna_fecha), fila.centavos(columna_importe)
        if (later is None) is not (amount is None):
            raise SinRespuesta(f"las columnas «{columna_fecha}» y «{columna_importe}» van juntas: falta una")
        if later is not None and amount is not None:
            vencimientos.append(Vencimiento(fecha=later, importe_centavos=amount))
    return tuple(vencimientos)


def _tipo_importe(fila: _Fila) -> TipoImporte:
    try:
        return TipoImporte((fila.text("tipo_importe") or TipoImporte.CERRADO).upper())
    except ValueError:
        raise SinRespuesta(f"la columna «tipo_importe» admite {', '.join(TipoImporte)}") from None
