"""What every table of the configuration is, and the kinds of value that its keys hold."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pmc_soap.config.errores import wrong

PLANTILLA = ("id_cliente", "id_factura", "codigo_barras", "codigo_empresa")  # what the url of a consulta may hold
_GAP = re.compile(r"\{(" + "|".join(PLANTILLA) + r")\}")


class Tabla(BaseModel):
    """A table: no unknown key, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _not_a_truth(said: Any) -> Any:
    if isinstance(said, bool):
        raise wrong("no es válido: tiene que ser un número entero")
    return said


def _not_seconds(said: Any) -> Any:
    if isinstance(said, (int, float)) or getattr(said, "tzinfo", None):
        raise wrong("no es válido: tiene que ser una hora de Argentina, HH:MM:SS, sin comillas")
    return said


def _is_http(said: str) -> str:
    try:
        host, _ = urlsplit(said).hostname, urlsplit(said).port
    except ValueError:
        host = None
    if not host or not re.fullmatch(r"https?://[^\s<>\"]+", said):
        raise wrong("tiene que ser una dirección http:// o https://, con su host")
    return said


def _is_plantilla(said: str) -> str:
    if re.search(r"[{}]", _GAP.sub("", said)):
        raise wrong("admite entre llaves solo " + ", ".join(f"{{{name}}}" for name in PLANTILLA))
    return said


def _is_select(said: str) -> str:
    if not re.match(r"\s*(select|with)\b", said, re.IGNORECASE):
        raise wrong("tiene que ser una consulta SELECT")
    return said


def _is_file(said: Path) -> Path:
    if not said.is_file():
        raise wrong("nombra un archivo que no existe o que no se puede leer")
    return said


Entero = Annotated[int, BeforeValidator(_not_a_truth)]
Hora = Annotated[time, BeforeValidator(_not_seconds), AfterValidator(_not_seconds)]
Texto = Annotated[str, Field(min_length=1)]
Url = Annotated[str, AfterValidator(_is_http)]
UrlPlantilla = Annotated[str, AfterValidator(_is_http), AfterValidator(_is_plantilla)]
Select = Annotated[str, AfterValidator(_is_select)]
Archivo = Annotated[Path, AfterValidator(_is_file)]
