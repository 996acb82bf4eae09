"""Which rutas have something to take now: the question that every deliverer asks again and again."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, TextClause, bindparam, text

from pmc_soap.storage.columns import Instant


def _ask(codigo_empresa: str, destino: str, rutas: str) -> TextClause:
    """Ask each ruta by itself: that costs nothing, however many of one ruta wait for later."""
    statement = f"""
        SELECT {codigo_empresa} AS codigo_empresa, {destino} AS destino FROM {rutas} WHERE EXISTS (
            SELECT 1 FROM entrega WHERE codigo_empresa = {codigo_empresa} AND destino = {destino}
            AND primera AND estado IN ('PENDIENTE', 'TOMADA') AND proximo_intento_utc <= :now)
    """  # noqa: S608 — no value, only the words of a dialect
    return text(statement).bindparams(bindparam("now", type_=Instant))


_DUE = {
    "sqlite": _ask("json_extract(r.value, '$[0]')", "json_extract(r.value, '$[1]')", "json_each(:of_rutas) r"),
    "postgresql": _ask("(r ->> 0)", "(r ->> 1)", "json_array_elements(CAST(:of_rutas AS json)) r"),
}


def due(connection: Connection, rutas: Collection[tuple[str, str]], now_utc: datetime) -> Sequence[tuple[str, str]]:
    """Name those (codigo_empresa, destino) where something can be taken at that instant."""
    if not rutas:
        return []
    rows = connection.execute(_DUE[connection.dialect.name], {"of_rutas": json.dumps(sorted(rutas)), "now": now_utc})
    return [(row.codigo_empresa, row.destino) for row in rows]
