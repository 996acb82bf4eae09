"""A consulta and the quotes it showed, written down together: PostgreSQL takes both in one statement.

One statement is a transaction by itself, so nothing else is sent. Importes are centavos, instants UTC.
"""

import json
from contextlib import AbstractContextManager

from sqlalchemy import JSON, Engine, bindparam, cast, column, func, insert, select

from pmc_soap.domain.consulta import Consulta, Respuesta
from pmc_soap.storage import tables as t
from pmc_soap.storage.direct import begun, lend
from pmc_soap.storage.rows import write_consulta, write_cotizaciones

_ADD_CONSULTA, _ADD_COTIZACION = insert(t.consulta).inline(), insert(t.cotizacion).inline()
_columns = [each for each in t.cotizacion.c if each.name != "id_consulta"]
_shown = (
    func.json_to_recordset(cast(bindparam("shown"), JSON))
    .table_valued(*(column(each.name, each.type) for each in _columns))
    .render_derived("shown", with_types=True)
)
_ADD_BOTH = (
    insert(t.cotizacion)
    .from_select(
        ["id_consulta", *(each.name for each in _columns)],
        select(bindparam("of_id_consulta", type_=t.consulta.c.id_consulta.type), *_shown.c),
    )
    .add_cte(
        insert(t.consulta)
        .values({each: bindparam(f"of_{each.name}", type_=each.type) for each in t.consulta.c})
        .inline()
        .cte("added")
    )
)


def record(consultas: Engine, turn: AbstractContextManager[None], consulta: Consulta, respuesta: Respuesta) -> None:
    """Write down both or nothing, when it is our turn where the database has one writer."""
    asked, shown = write_consulta(consulta, respuesta), write_cotizaciones(respuesta)
    if consultas.dialect.name == "postgresql":
        with lend(consultas) as direct:
            direct.do(_ADD_BOTH, {f"of_{name}": value for name, value in asked.items()} | {"shown": json.dumps(shown)})
        return
    with begun(consultas, turn) as direct:
        direct.do(_ADD_CONSULTA, asked)
        if shown:
            direct.do_all(_ADD_COTIZACION, shown)
