"""A url or a body with gaps, {id_cliente} {id_factura} {codigo_barras} {codigo_empresa}, and what fills them."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

_GAP = re.compile(r"\{(id_cliente|id_factura|codigo_barras|codigo_empresa)\}")

Valores = Mapping[str, str | None]


def names(template: object) -> frozenset[str]:
    """Name the gaps of a template, in whatever depth."""
    if isinstance(template, str):
        return frozenset(_GAP.findall(template))
    if isinstance(template, Mapping):
        return frozenset().union(*map(names, template.values()))
    if isinstance(template, list | tuple):
        return frozenset().union(*map(names, template))
    return frozenset()


def fill_url(template: str, valores: Valores) -> str | None:
    """Fill a url, percent-encoded; None where an id would lead elsewhere: no encoding keeps ".." from being a step."""
    url = _GAP.sub(lambda gap: quote(valores[gap[1]] or "", safe=""), template)
    return None if {".", ".."} & set(urlsplit(url).path.split("/")) else url


def fill(template: object, valores: Valores) -> object:
    """Fill a body: a text that is one gap and nothing else takes null where there is no value."""
    if isinstance(template, str):
        whole = _GAP.fullmatch(template)
        return valores[whole[1]] if whole else _GAP.sub(lambda gap: valores[gap[1]] or "", template)
    if isinstance(template, Mapping):
        return {key: fill(value, valores) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill(value, valores) for value in template]
    return template
