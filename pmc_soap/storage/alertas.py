"""The Alertas port."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import ColumnElement, insert, or_, select, update

from pmc_soap.domain.acta import Acta
from pmc_soap.operations.alertas import Alerta
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.storage import tables as t
from pmc_soap.storage.actas import write_acta
from pmc_soap.storage.answering import answering
from pmc_soap.storage.engine import Base

_c = t.alerta.c
_NAMES = [field.name for field in fields(Alerta)]


Wanted = list[ColumnElement[bool]]


class SqlAlertas:
    """The notices, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def list(
        self,
        codigos: Sequence[str],
        limit: int,
        *,
        todas: bool = False,
        motivo: str | None = None,
        before_id: int | None = None,
    ) -> Sequence[Alerta]:
        """Give those that wait, or all, the newest first; those of no empresa too."""
        wanted: Wanted = [_c.codigo_empresa.in_([*codigos, ""])]
        if not todas:
            wanted.append(_c.atendida_utc.is_(None))
        if motivo is not None:
            wanted.append(or_(_c.motivo == motivo, _c.motivo.startswith(f"{motivo}:", autoescape=True)))
        if before_id is not None:
            wanted.append(_c.id < before_id)
        statement = select(*(_c[name] for name in _NAMES)).where(*wanted).order_by(_c.id.desc()).limit(limit)
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return [Alerta(**row) for row in connection.execute(statement).mappings()]

    def attend(self, ids: Sequence[int], acta: Acta) -> int:
        """Note that somebody dealt with these, and tell how many waited."""
        said = {"atendida_utc": acta.fecha_hora_utc, "atendida_por": acta.operador}
        waiting = update(t.alerta).where(_c.id.in_(ids), _c.atendida_utc.is_(None)).values(**said)
        with answering(), ledger_open(), self._base.turn(), self._base.avisos.begin() as connection:
            count = connection.execute(waiting.execution_options(preserve_rowcount=True)).rowcount
            if count:
                connection.execute(insert(t.auditoria), write_acta(acta))
        return int(count)
