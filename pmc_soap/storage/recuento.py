"""The Recuento port: counts for the tablero, each over an index. It locks nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping, String, and_, case, cast, func, select, text

from pmc_soap.domain import importe
from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, TipoAviso
from pmc_soap.domain.carga import CargaGuardada, EstadoCarga, Modo
from pmc_soap.domain.cob import Cob
from pmc_soap.domain.entrega import EstadoEntrega
from pmc_soap.operations.sin_red import ledger_open
from pmc_soap.operations.tablero import Archivo, Codigos, Hora, Montones
from pmc_soap.storage import tables as t
from pmc_soap.storage.answering import answering
from pmc_soap.storage.conciliado import read_cob
from pmc_soap.storage.engine import Base

CARGAS_MAX = 5

_a, _p, _e, _q, _b, _l, _c = t.aviso.c, t.pago.c, t.entrega.c, t.consulta.c, t.cob.c, t.alerta.c, t.carga.c
# as the partial indexes say it, word for word
_POR_ENTREGAR: ColumnElement[bool] = text("estado <> 'ENTREGADA'")  # type: ignore[assignment]
_DETENIDA = case((_e.estado == EstadoEntrega.DETENIDA.value, 1), else_=0)
_EN_PESOS = case((func.coalesce(_a.moneda, importe.PESOS) == importe.PESOS, _a.importe_centavos), else_=0)
_CARGA = [_c[field.name] for field in fields(CargaGuardada)]


class SqlRecuento:
    """Counts, in a database."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def horas(self, codigos: Codigos, desde_utc: datetime, hasta_utc: datetime) -> Mapping[datetime, Hora]:
        """Give what came in each whole hour that had any; pagos that only a COB told of are not of them."""
        found: dict[datetime, dict[str, int]] = {}
        for row in self._ask(self._consultas(codigos, desde_utc, hasta_utc)):
            found.setdefault(_hour(row["hora"]), {})["consultas"] = row["cantidad"]
        for row in self._ask(self._avisos(codigos, desde_utc, hasta_utc)):
            of_hour = found.setdefault(_hour(row["hora"]), {})
            if row["tipo"] == TipoAviso.PAGO:
                of_hour |= {"pagos": row["cantidad"], "centavos": int(row["centavos"])}
            else:
                of_hour["reversas"] = row["cantidad"]
        return {hora: Hora(**counts) for hora, counts in sorted(found.items())}

    def por_entregar(self, codigos: Codigos) -> tuple[Montones, Montones]:
        """Count what was not delivered: what goes by itself, and what is detenida."""
        asked = (
            select(_DETENIDA.label("detenida"), func.count().label("cantidad"), func.min(_e.creada_utc).label("desde"))
            .where(_POR_ENTREGAR, _e.codigo_empresa.in_(sorted(codigos)))
            .group_by(_DETENIDA)
        )
        found = {
            row["detenida"]: Montones(cantidad=row["cantidad"], desde_utc=row["desde"]) for row in self._ask(asked)
        }
        return found.get(0, Montones()), found.get(1, Montones())

    def puente(self, codigos: Codigos, before_utc: datetime | None = None) -> Montones:
        """Count the pagos that wait in the puente, all or those that came before."""
        asked = (
            select(
                func.count().label("cantidad"),
                func.sum(_EN_PESOS).label("centavos"),
                func.min(_a.fecha_hora_utc).label("desde"),
            )
            .join_from(t.pago, t.aviso, _p.id_aviso == _a.id_aviso)
            .where(text(f"pago.estado = '{EstadoPago.EN_PUENTE}'"), _p.codigo_empresa.in_(sorted(codigos)))
        )
        if before_utc is not None:
            asked = asked.where(_a.fecha_hora_utc < before_utc)
        [row] = self._ask(asked)
        return Montones(cantidad=row["cantidad"], centavos=int(row["centavos"] or 0), desde_utc=row["desde"])

    def alertas(self, codigos: Codigos, since_utc: datetime) -> Mapping[str, int]:
        """Count the notices that were left, by motivo, the most frequent first."""
        asked = (
            select(_l.motivo, func.count().label("cantidad"))
            .where(_l.codigo_empresa.in_(sorted(codigos)), _l.fecha_hora_utc >= since_utc)
            .group_by(_l.motivo)
            .order_by(func.count().desc(), _l.motivo)
        )
        return {row["motivo"]: row["cantidad"] for row in self._ask(asked)}

    def ultimos_cob(self, codigos: Codigos) -> Sequence[Cob]:
        """Give the COB of the newest day of each empresa that has any, the one that came last first."""
        newest = (
            select(_b.codigo_empresa, func.max(_b.fecha).label("fecha"))
            .where(_b.codigo_empresa.in_(sorted(codigos)))
            .group_by(_b.codigo_empresa)
            .subquery()
        )
        asked = select(t.cob).join(
            newest, and_(newest.c.codigo_empresa == _b.codigo_empresa, newest.c.fecha == _b.fecha)
        )
        rows = self._ask(asked.order_by(_b.recibido_utc.desc(), _b.id.desc()))
        return list({row["codigo_empresa"]: read_cob(row) for row in reversed(rows)}.values())[::-1]

    def cargas_fallidas(self, codigos: Codigos, since_utc: datetime) -> Sequence[CargaGuardada]:
        """Give the cargas that did not become the base, the newest first."""
        failed = [EstadoCarga.RECHAZADA.value, EstadoCarga.CORTADA.value]
        asked = (
            select(*_CARGA)
            .where(_c.codigo_empresa.in_(sorted(codigos)), _c.estado.in_(failed), _c.empezada_utc >= since_utc)
            .order_by(_c.id.desc())
            .limit(CARGAS_MAX)
        )
        return [
            CargaGuardada(**{**row, "modo": Modo(row["modo"]), "estado": EstadoCarga(row["estado"])})
            for row in self._ask(asked)
        ]

    def archivos(self, codigos: Codigos, nombre: str) -> Sequence[tuple[Archivo, str]]:
        """Name the files that are called exactly so, whatever their case, each kind once."""
        found = []
        for archivo, of in ((Archivo.CARGA, _c), (Archivo.COB, _b)):
            same = func.lower(of.nombre) == nombre.lower().replace("\0", "")
            asked = select(of.nombre).where(of.codigo_empresa.in_(sorted(codigos)), same).order_by(of.id.desc())
            found += [(archivo, str(row["nombre"])) for row in self._ask(asked.limit(1))]
        return found

    def _consultas(self, codigos: Codigos, desde_utc: datetime, hasta_utc: datetime) -> Executable:
        hora = self._hora(_q.fecha_hora_utc)
        return (
            select(hora.label("hora"), func.count().label("cantidad"))
            .where(
                _q.codigo_empresa.in_(sorted(codigos)),
                _q.fecha_hora_utc >= desde_utc,
                _q.fecha_hora_utc < hasta_utc,
            )
            .group_by(hora)
        )

    def _avisos(self, codigos: Codigos, desde_utc: datetime, hasta_utc: datetime) -> Executable:
        hora = self._hora(_a.fecha_hora_utc)
        return (
            select(hora.label("hora"), _a.tipo, func.count().label("cantidad"), func.sum(_EN_PESOS).label("centavos"))
            .where(
                _a.codigo_empresa.in_(sorted(codigos)),
                _a.fecha_hora_utc >= desde_utc,
                _a.fecha_hora_utc < hasta_utc,
                _a.linea_cob.is_(None),
                _a.estado != EstadoAviso.CONFLICTO.value,
            )
            .group_by(hora, _a.tipo)
        )

    def _hora(self, column: Any) -> ColumnElement[str]:
        """Write the hour of an instant as text: the two databases have no other way in common."""
        if self._base.queue is not None:
            return func.substr(cast(column, String), 1, 13)
        return func.to_char(func.timezone("UTC", column), text("'YYYY-MM-DD HH24'"))

    def _ask(self, asked: Executable) -> Sequence[RowMapping]:
        with answering(), ledger_open(), self._base.reads.connect() as connection:
            return connection.execute(asked).mappings().all()


def _hour(said: str) -> datetime:
    return datetime.strptime(said, "%Y-%m-%d %H").replace(tzinfo=UTC)
