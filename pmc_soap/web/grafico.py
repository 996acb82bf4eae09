"""Charts as SVG that the server makes: numbers in, markup out. No style in line, no script; colours are estilo.css's.

The drawing is 360 wide whatever the screen, so that its words can be read on a narrow one. A value of None is a gap.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from pmc_soap.web.formato import ms, numero, porciento

ANCHO, ALTO = 360, 170
_IZQUIERDA, _DERECHA, _ARRIBA, _ABAJO = 50, 4, 10, 20
_PLANO_X, _PLANO_Y = ANCHO - _IZQUIERDA - _DERECHA, ALTO - _ARRIBA - _ABAJO
_RENGLON = 30  # of a bar: its words, and the bar beneath
_PASOS = (1, 2, 5, 10)
_MIL, _MILLON, _ENTERO = 10_000, 1_000_000, 10_000

Escribir = Callable[[float], str]


class Serie(NamedTuple):
    """What is drawn in one colour: its name, and a value for each label."""

    nombre: str
    valores: Sequence[float | None]


class Parte(NamedTuple):
    """A part of a whole: what it is, how many, and how it stands (bien, ojo, mal; nada)."""

    rotulo: str
    cantidad: int
    tono: str = "nada"


def columnas(titulo: str, rotulos: Sequence[str], series: Sequence[Serie]) -> Markup:
    """Draw counts: a column for each label, its series one upon the other."""
    alturas = [sum(serie.valores[n] or 0 for serie in series) for n in range(len(rotulos))]
    tope = ceiling(max(alturas, default=0))
    paso = _PLANO_X / max(len(rotulos), 1)
    drawn = [_ejes(tope, rotulos, _corto)]
    for n, rotulo in enumerate(rotulos):
        base = 0.0
        for clase, serie in enumerate(series, 1):
            value = serie.valores[n] or 0
            if value:
                x, top = _IZQUIERDA + paso * n, _y(base + value, tope)
                said = f"{rotulo}: {numero(int(value))} {serie.nombre}"
                drawn.append(
                    _tag("rect", clase=f"serie-{clase}", x=x + paso * 0.12, y=top, width=paso * 0.76)
                    % (f' height="{_n(_y(base, tope) - top)}"', f"<title>{escape(said)}</title>")
                )
            base += value
    return _svg(titulo, f"{_rango(rotulos)}; el máximo es {numero(int(max(alturas, default=0)))}.", drawn)


def lineas(titulo: str, rotulos: Sequence[str], series: Sequence[Serie], meta: float | None = None) -> Markup:
    """Draw times in milliseconds: a line for each series, broken where it has none; meta: what is to be kept under."""
    known = [value for serie in series for value in serie.valores if value is not None]
    peak = max(known, default=0)
    tope = ceiling(peak)
    drawn = [_ejes(tope, rotulos, lambda value: ms(value) if value else "0")]
    if meta is not None and meta <= tope:
        level = _n(_y(meta, tope))
        drawn.append(f'<line class="meta" x1="{_IZQUIERDA}" x2="{ANCHO - _DERECHA}" y1="{level}" y2="{level}"/>')
    for clase, serie in enumerate(series, 1):
        for points in _tramos(serie.valores, tope):
            at = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
            drawn.append(f'<polyline class="linea-{clase}" points="{at}"/>')
            if len(points) == 1:
                [(x, y)] = points
                drawn.append(f'<circle class="serie-{clase}" cx="{_n(x)}" cy="{_n(y)}" r="2.5"/>')
    return _svg(titulo, f"{_rango(rotulos)}; el máximo es {ms(peak if known else None)}.", drawn)


def barras(titulo: str, partes: Sequence[Parte]) -> Markup:
    """Draw which share each part has of them all."""
    total = sum(parte.cantidad for parte in partes)
    drawn = []
    for n, parte in enumerate(partes):
        share = parte.cantidad * _ENTERO // total if total else 0
        y = _RENGLON * n
        largo = ANCHO * parte.cantidad / total if total else 0
        drawn.append(
            f'<text x="0" y="{y + 12}">{escape(parte.rotulo)}</text>'
            f'<text class="fuerte" x="{ANCHO}" y="{y + 12}" text-anchor="end">'
            f"{numero(parte.cantidad)} · {porciento(share)}</text>"
            f'<rect class="riel" x="0" y="{y + 17}" width="{ANCHO}" height="7" rx="3"/>'
            f'<rect class="tono-{parte.tono}" x="0" y="{y + 17}" width="{_n(largo)}" height="7" rx="3"/>'
        )
    return _svg(titulo, f"De {numero(total)} en total.", drawn, alto=max(_RENGLON * len(partes), 1))


def tira(titulo: str, casillas: Sequence[tuple[str, str]]) -> Markup:
    """Draw a strip of boxes, each with what it says and how it stands: the hours of a day at a glance."""
    paso = ANCHO / max(len(casillas), 1)
    drawn = [
        _tag("rect", clase=f"tono-{tono}", x=paso * n, y=0, width=paso * 0.86)
        % (' height="18" rx="2"', f"<title>{escape(said)}</title>")
        for n, (said, tono) in enumerate(casillas)
    ]
    return _svg(titulo, f"{len(casillas)} casillas.", drawn, alto=18)


def franja(titulo: str, partes: Sequence[tuple[str, float]], total: float) -> Markup:
    """Draw the parts of a time one beside the other, in milliseconds; what no part tells of stays empty."""
    total = max(total, sum(value for _, value in partes)) or 1
    drawn, x = [f'<rect class="riel" x="0" y="0" width="{ANCHO}" height="14" rx="3"/>'], 0.0
    for clase, (rotulo, value) in enumerate(partes, 1):
        width = ANCHO * value / total
        said = f"<title>{escape(rotulo)}: {ms(value)}</title>"
        drawn.append(_tag("rect", clase=f"serie-{clase}", x=x, y=0, width=width) % (' height="14"', said))
        x += width
    return _svg(titulo, "; ".join(f"{rotulo}, {ms(value)}" for rotulo, value in partes) + ".", drawn, alto=14)


def ceiling(peak: float) -> float:
    """Give the round number that an axis ends at: 1, 2 or 5 with noughts, no less than the peak."""
    scale = 1.0
    while scale * _PASOS[-1] < peak:
        scale *= 10
    return next((step * scale for step in _PASOS if step * scale >= peak), scale)


def _ejes(tope: float, rotulos: Sequence[str], escribir: Escribir) -> str:
    drawn = []
    for part in (0.0, 0.5, 1.0):
        y = _y(tope * part, tope)
        drawn.append(
            f'<line class="eje" x1="{_IZQUIERDA}" x2="{ANCHO - _DERECHA}" y1="{_n(y)}" y2="{_n(y)}"/>'
            f'<text x="{_IZQUIERDA - 5}" y="{_n(y + 4)}" text-anchor="end">{escape(escribir(tope * part))}</text>'
        )
    paso = _PLANO_X / max(len(rotulos), 1)
    every = max(len(rotulos) // 6, 1)
    drawn += [
        f'<text x="{_n(_IZQUIERDA + paso * (n + 0.5))}" y="{ALTO - 5}" text-anchor="middle">{escape(rotulo)}</text>'
        for n, rotulo in enumerate(rotulos)
        if n % every == 0
    ]
    return "".join(drawn)


def _tramos(valores: Sequence[float | None], tope: float) -> Iterator[Sequence[tuple[float, float]]]:
    """Give the points of each unbroken stretch."""
    paso = _PLANO_X / max(len(valores), 1)
    points: list[tuple[float, float]] = []
    for n, value in enumerate(valores):
        if value is None:
            if points:
                yield points
            points = []
        else:
            points.append((_IZQUIERDA + paso * (n + 0.5), _y(value, tope)))
    if points:
        yield points


def _y(value: float, tope: float) -> float:
    return _ARRIBA + _PLANO_Y * (1 - value / tope)


def _n(value: float) -> str:
    return f"{value:.1f}"


def _corto(value: float) -> str:
    """Write a count in the little room beside an axis."""
    if value >= _MILLON:
        return f"{value / _MILLON:.0f} M"
    if value >= _MIL:
        return f"{value / 1000:.0f} mil"
    return numero(int(value)) if value == int(value) else f"{value:.1f}".replace(".", ",")


def _rango(rotulos: Sequence[str]) -> str:
    return f"De {rotulos[0]} a {rotulos[-1]}" if rotulos else "Sin datos"


def _tag(name: str, clase: str, **at: float) -> str:
    said = " ".join(f'{key}="{_n(value)}"' for key, value in at.items())
    return f'<{name} class="{clase}" {said}%s>%s</{name}>'


def _svg(titulo: str, texto: str, drawn: Sequence[str], alto: int = ALTO) -> Markup:
    return Markup(  # noqa: S704 — every text in it was escaped
        f'<svg viewBox="0 0 {ANCHO} {alto}" role="img" aria-label="{escape(titulo)}. {escape(texto)}">'
        f"{''.join(drawn)}</svg>"
    )
