"""Acts as rows, and back; and the Auditoria port, which looks them up."""

import json
from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.operations.auditoria import ActaEscrita, FiltroDeActas
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base

_c = t.auditoria.c


def write_acta(acta: Acta) -> dict[str, object]:
    """Write an act as a row."""
    return {
        "fecha_hora_utc": acta.fecha_hora_utc,
        "operador": acta.operador,
        "accion": acta.accion,
        "codigo_empresa": acta.codigo_empresa,
        "id_aviso": acta.id_aviso,
        "motivo": acta.motivo,
        "antes": json.dumps(acta.antes, ensure_ascii=False),
        "despues": json.dumps(acta.despues, ensure_ascii=False),
    }


def read_acta(row: RowMapping) -> Acta:
    """Read a row as the act that it is."""
    return Acta(
        fecha_hora_utc=row["fecha_hora_utc"],
        operador=row["operador"],
        accion=Accion(row["accion"]),
        codigo_empresa=row["codigo_empresa"],
        id_aviso=row["id_aviso"],
        motivo=row["motivo"],
        antes=json.loads(row["antes"]),
        despues=json.loads(row["despues"]),
    )


class SqlAuditoria:
    """What was done by hand, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def list(self, filtro: FiltroDeActas, limit: int) -> Sequence[ActaEscrita]:
        """Give the newest acts, the newest first."""
        wanted = [
            column == said
            for column, said in (
                (_c.operador, filtro.operador),
                (_c.accion, filtro.accion),
                (_c.codigo_empresa, filtro.codigo_empresa),
                (_c.id_aviso, filtro.id_aviso),
            )
            if said
        ]
        if filtro.since_utc is not None:
            wanted.append(_c.fecha_hora_utc >= filtro.since_utc)
        if filtro.until_utc is not None:
            wanted.append(_c.fecha_hora_utc < filtro.until_utc)
        if filtro.before_id is not None:
            wanted.append(_c.id < filtro.before_id)
        statement = select(t.auditoria).where(*wanted).order_by(_c.id.desc()).limit(limit)
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [ActaEscrita(id=row["id"], acta=read_acta(row)) for row in connection.execute(statement).mappings()]
