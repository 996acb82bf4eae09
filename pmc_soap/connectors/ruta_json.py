"""Where something stands in a JSON answer, as a JMESPath expression; no number in it is a binary fraction."""

import json
from decimal import Decimal
from typing import Any

import jmespath
from jmespath.parser import ParsedResult


def compile_path(expression: str) -> ParsedResult:
    """Read an expression; raises JMESPathError, which is a ValueError."""
    path = jmespath.compile(expression)
    _make_exact(path.parsed)
    return path


def _make_exact(node: Any) -> None:
    """Make the literals what the answers hold: next to a Decimal, the `0.1` of a filter would be another number."""
    if node["type"] == "literal":
        node["value"] = json.loads(json.dumps(node["value"], default=float), parse_float=Decimal)
    for child in node["children"]:
        if isinstance(child, dict):
            _make_exact(child)
