"""The words of the contract: named simple types with their facets (contract.md §2, rules of interop.md).

Identifiers exclude "&" and "<", which some old clients do not escape. Free text is plain xsd:string: several stacks
enforce maxLength on what they receive; operations check its length instead. Patterns name [0-9], since XSD's class of
digits admits those of every script.
"""

from decimal import Decimal as Amount
from typing import Any

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from spyne import Boolean, Date, DateTime, Decimal, Integer32, Unicode
from spyne.model.primitive import Long

NAMESPACE = "urn:pmc-soap:v1"
_PRINTABLE = "[!-%'-;=-~]([ -%'-;=-~]*[!-%'-;=-~])?"


def _named(base: Any, name: str, **facets: Any) -> Any:
    word = base.customize(type_name=name, **facets)
    word.__namespace__ = NAMESPACE
    return word


def _identifier(name: str, max_length: int) -> Any:
    return _named(Unicode, name, min_len=1, max_len=max_length, pattern=_PRINTABLE)


def _closed(name: str, *values: str) -> Any:
    return _named(Unicode, name, values=list(values))


def _whole(name: str, lowest: int, highest: int) -> Any:
    return _named(Integer32, name, ge=lowest, le=highest)


CodigoEmpresa = _named(Unicode, "CodigoEmpresa", pattern="[A-Z0-9]{4}")
IdCliente = _identifier("IdCliente", 19)
IdFactura = _identifier("IdFactura", 20)
IdMensaje = _identifier("IdMensaje", 36)
IdTransaccion = _identifier("IdTransaccion", 36)
IdConsulta = _identifier("IdConsulta", 36)
IdAviso = _identifier("IdAviso", 36)
CodigoBarras = _identifier("CodigoBarras", 60)
NroControl = _identifier("NroControl", 4)
NroComprobante = _identifier("NroComprobante", 40)
CodigoProvincia = _identifier("CodigoProvincia", 3)
Canal = _identifier("Canal", 2)
Terminal = _identifier("Terminal", 16)
Token = _identifier("Token", 128)
Moneda = _identifier("Moneda", 3)
Cuit = _named(Unicode, "Cuit", pattern="[0-9]{2}-?[0-9]{8}-?[0-9]")
# totalDigits alone would admit 14 whole digits; the contract's 12+2 needs the maximum said
Importe = _named(Decimal, "Importe", total_digits=14, fraction_digits=2, ge=0, le=Amount("999999999999.99"))

NumeroVencimiento = _whole("NumeroVencimiento", 1, 3)
CodigoMovimiento = _whole("CodigoMovimiento", 1, 2)
MaximoFacturas = _whole("MaximoFacturas", 1, 50)
MaximoAvisos = _whole("MaximoAvisos", 1, 500)

TipoImporte = _closed("TipoImporte", "CERRADO", "ABIERTO", "RANGO")
MotivoReversa = _closed("MotivoReversa", "TIMEOUT", "ANULACION", "ERROR", "OTRO")
MotivoBaja = _closed("MotivoBaja", "PAGADA_OTRO_CANAL", "ANULADA", "VENCIDA", "OTRO")
EstadoImputacion = _closed("EstadoImputacion", "IMPUTADO", "RECHAZADO")

Texto = Unicode
Entero = Integer32
Secuencia = Long
Fecha = Date
FechaHora = DateTime
Logico = Boolean


def required(word: Any, doc: str) -> Any:
    """Declare an element that is always present, with its Spanish documentation."""
    return _element(word, doc, min_occurs=1)


def optional(word: Any, doc: str) -> Any:
    """Declare an element that is left out when absent; nothing is ever nil."""
    return _element(word, doc, min_occurs=0)


def many(word: Any, doc: str, *, lowest: int = 0, highest: int | str = "unbounded") -> Any:
    """Declare the repeated element of a list container."""
    return _element(word, doc, min_occurs=lowest, max_occurs=highest)


def _element(word: Any, doc: str, **occurs: Any) -> Any:
    name = {} if hasattr(word, "_type_info") or not is_named(word) else {"type_name": word.__type_name__}
    element = word.customize(nillable=False, doc=doc, **occurs, **name)
    if name:
        element.__namespace__ = NAMESPACE
    return element


def is_named(word: Any) -> bool:
    """Tell a named type of the contract from an XSD built-in."""
    return bool(word.__namespace__ == NAMESPACE)
