"""Writes a kept document for a person: indented, and without names and CUITs for who may not see them.

No parser: a document that broke everything is the one that somebody wants to look at.
"""

import re
from collections.abc import Iterator

from pmc_soap.soap.secretos import MASK

_INDENT = "  "
_DEPTH_MAX = 40  # of the indents: deeper ones are written as deep
_PERSONAL = re.compile(
    r"<((?:[\w.-]{1,60}:)?[\w.-]{0,60}?(?:nombre|apellido|cuit|cuil|dni|documento|domicilio|email|correo|telefono)"
    r"[\w.-]{0,60})((?:\s[^<>]*)?)(?<!/)>(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<])+",
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<[^<>]+>|[^<]+|<", re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def present(documento: bytes, *, con_datos_personales: bool) -> str:
    """Write it; never fails. What is no XML is written as it is, characters that cannot be shown replaced."""
    text = _UNPRINTABLE.sub("\ufffd", documento.decode("utf-8", "replace"))
    if not con_datos_personales:
        text = _PERSONAL.sub(rf"<\1\2>{MASK}", text)
    return "\n".join(_lines(text)) if text.lstrip().startswith("<") else text


def _lines(text: str) -> Iterator[str]:
    """Put each element on a line of its own; one that holds a text only is one line."""
    depth, line = 0, ""
    for token in _TOKEN.findall(text):
        opens = token[0] == "<" and token[1:2] not in {"/", "?", "!", ""} and not token.endswith("/>")
        if token.startswith("</"):
            depth = max(0, depth - 1)
            yield f"{line}{token}" if line else f"{_indent(depth)}{token}"
            line = ""
        elif opens or token.startswith(("<?", "<!--")) or token.endswith("/>"):
            if line:
                yield line
            line = f"{_indent(depth)}{token}"
            depth += opens
            if not opens:
                yield line
                line = ""
        elif token.strip():
            line = f"{line}{token.strip()}" if line else f"{_indent(depth)}{token.strip()}"
    if line:
        yield line


def _indent(depth: int) -> str:
    return _INDENT * min(depth, _DEPTH_MAX)
