"""The charts of one day, and their tables: 24 hours by the clock of Argentina."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from pmc_soap.domain.factura import Origen
from pmc_soap.operations.cifras import META_CENTESIMOS, Cifra, Cifras
from pmc_soap.operations.tablero import Hora
from pmc_soap.operations.tiempos import META_MS
from pmc_soap.web import grafico
from pmc_soap.web.ayuda import Ayuda
from pmc_soap.web.consola.codigos import Dicho, told
from pmc_soap.web.formato import numero
from pmc_soap.web.grafico import Parte, Serie

ORIGENES = {Origen.BASE: "De la base", Origen.EMPRESA: "Del sistema de la empresa"}
CODIGOS_MAX = 8
_HOUR = timedelta(hours=1)


class Renglon(NamedTuple):
    """One hour: its label, what came in it, and the figures of its exchanges."""

    rotulo: str
    hora: Hora
    cifra: Cifra | None


class Dia(NamedTuple):
    """What the page shows of a day. codigos: each with how many; origenes: likewise."""

    renglones: Sequence[Renglon]
    movimiento: Markup
    tiempos: Markup
    disponibilidad: Markup
    origen: Markup
    origenes: Mapping[str, int]
    codigo: Markup
    codigos: Sequence[tuple[Dicho, int]]


def draw(ayuda: Ayuda, desde_utc: datetime, horas: Mapping[datetime, Hora], cifras: Cifras) -> Dia:
    """Draw a day that begins at that instant."""
    starts = [desde_utc + _HOUR * n for n in range(24)]
    rows = [Renglon(f"{n:02d}", horas.get(at, Hora()), cifras.horas.get(at)) for n, at in enumerate(starts)]
    labels = [row.rotulo for row in rows]
    codigos = [(told(ayuda, codigo), count) for codigo, count in cifras.codigos.items()]
    origenes = {texto: cifras.origenes.get(origen, 0) for origen, texto in ORIGENES.items()}
    return Dia(
        renglones=[row for row in rows if row.cifra or row.hora != Hora()],
        movimiento=grafico.columnas(
            "Consultas y pagos por hora",
            labels,
            [
                Serie("consultas", [row.hora.consultas for row in rows]),
                Serie("pagos", [row.hora.pagos for row in rows]),
            ],
        ),
        tiempos=grafico.lineas("Tiempo de respuesta por hora", labels, _percentiles(rows), meta=META_MS),
        disponibilidad=grafico.tira("Disponibilidad por hora", [_box(row) for row in rows]),
        origen=grafico.barras("Origen de lo mostrado", [Parte(*each) for each in origenes.items()]),
        origenes=origenes,
        codigo=grafico.barras("Códigos de respuesta", _parts(codigos)),
        codigos=codigos,
    )


def _percentiles(rows: Sequence[Renglon]) -> Sequence[Serie]:
    cifras = [row.cifra for row in rows]
    return (
        Serie("p50", [None if cifra is None else cifra.p50_ms for cifra in cifras]),
        Serie("p95", [None if cifra is None else cifra.p95_ms for cifra in cifras]),
        Serie("p99", [None if cifra is None else cifra.p99_ms for cifra in cifras]),
    )


def _box(row: Renglon) -> tuple[str, str]:
    if row.cifra is None or row.cifra.disponible is None:
        return f"{row.rotulo} h: sin pedidos", "vacio"
    said = f"{row.rotulo} h: {numero(row.cifra.bien)} de {numero(row.cifra.cantidad)} sin falla técnica"
    if not row.cifra.fallas:
        return said, "bien"
    return said, "ojo" if row.cifra.disponible >= META_CENTESIMOS else "mal"


def _parts(codigos: Sequence[tuple[Dicho, int]]) -> Sequence[Parte]:
    parts = [Parte(f"{dicho.codigo} {dicho.texto}"[:44], count, dicho.tono) for dicho, count in codigos[:CODIGOS_MAX]]
    rest = sum(count for _, count in codigos[CODIGOS_MAX:])
    return [*parts, Parte("Los demás", rest)] if rest else parts
