"""The identifiers of PMC's world: compact (tidy) and validate.

Widths are those of PMC's files (FAC/COB: Nro. Referencia 19, Id. Factura 20). Printable ASCII without "&" and "<",
so that a legacy stack that does not escape still sends well-formed XML (docs/divergencias.md#identificadores).
"""

import re

ID_CLIENTE_MAX = 19
ID_FACTURA_MAX = 20
ID_MAX = 36
CODIGO_BARRAS_MAX = 60

_CODIGO_EMPRESA = re.compile(r"[A-Z0-9]{4}")
_TEXT = re.compile(r"[!-%'-;=-~](?:[ -%'-;=-~]*[!-%'-;=-~])?")


class IdentificadorInvalido(ValueError):
    """The text cannot be an identifier of its kind."""


def compact(text: str) -> str:
    """Drop the padding that files and old callers leave around an identifier."""
    return text.strip()


def validate(text: str, max_length: int) -> str:
    """Return the identifier compacted, or raise IdentificadorInvalido. Leading zeros are kept."""
    identifier = compact(text)
    if len(identifier) > max_length or _TEXT.fullmatch(identifier) is None:
        raise IdentificadorInvalido
    return identifier


def validate_codigo_empresa(text: str) -> str:
    """Return the four-character code of an empresa, or raise IdentificadorInvalido."""
    codigo = compact(text)
    if _CODIGO_EMPRESA.fullmatch(codigo) is None:
        raise IdentificadorInvalido
    return codigo
