"""Pesos as whole centavos (int). Only this module knows the decimal point.

Source: contract.md §2, Importe: 12 whole digits and 2 decimals.
"""

import re
from decimal import Decimal

MAX_CENTAVOS = 10**14 - 1
PESOS = "ARS"
_PESOS_ALIASES = frozenset({"ARS", "0", "032"})  # FAC/COB write 0; 032 is ISO 4217's number
_TEXT = re.compile(r"\+?([0-9]{1,12})(?:\.([0-9]{1,2})0*)?")


class ImporteInvalido(ValueError):
    """The text is not an amount of pesos and centavos."""


def parse(text: str) -> int:
    """Read "1500.5" as 150050; a comma, a sign or a third decimal raises ImporteInvalido."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ImporteInvalido
    whole, decimals = match.groups(default="")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def format(centavos: int) -> str:  # noqa: A001 — parse and format are the pair every room uses, always as importe.format
    """Write 150050 as "1500.50"."""
    if not 0 <= centavos <= MAX_CENTAVOS:
        raise ImporteInvalido
    return f"{centavos // 100}.{centavos % 100:02d}"


def format_es(centavos: int) -> str:
    """Write 150050 as a person in Argentina reads it: "$ 1.500,50"."""
    whole = f"{centavos // 100:,}".replace(",", ".")
    return f"$ {whole},{centavos % 100:02d}"


def from_decimal(value: Decimal) -> int:
    """Take a schema-checked xsd:decimal as centavos; anything below a centavo raises ImporteInvalido."""
    centavos = value.scaleb(2)
    if centavos != centavos.to_integral_value() or not 0 <= centavos <= MAX_CENTAVOS:
        raise ImporteInvalido
    return int(centavos)


def to_decimal(centavos: int) -> Decimal:
    """Give centavos as a Decimal with exactly two decimals."""
    return Decimal(centavos).scaleb(-2)


def compact_moneda(text: str) -> str:
    """Name pesos ARS whatever their alias; any other currency comes back as it came, in capitals."""
    moneda = text.strip().upper()
    return PESOS if moneda in _PESOS_ALIASES else moneda
