"""Charts: that what is drawn is what was measured."""

import pytest
from lxml import etree

from pmc_soap.web import grafico
from pmc_soap.web.grafico import Parte, Serie

HORAS = [f"{hour:02d}" for hour in range(24)]


def draw(markup):
    return etree.fromstring(str(markup))


def numbers(element, *names):
    return [float(element.get(name)) for name in names]


def test_columns_of_a_label_stand_one_upon_the_other_and_are_as_high_as_they_count():
    drawn = draw(grafico.columnas("Por hora", ["9", "10"], [Serie("consultas", [6, 0]), Serie("pagos", [3, 5])]))
    first, second, third = [numbers(rect, "y", "height") for rect in drawn.iter("rect")]
    assert first[0] == pytest.approx(second[0] + second[1], abs=0.2)
    assert first[1] / second[1] == pytest.approx(2, abs=0.05)
    assert third[1] / second[1] == pytest.approx(5 / 3, abs=0.05)
    assert third[0] + third[1] == pytest.approx(first[0] + first[1], abs=0.2)


@pytest.mark.parametrize("values", [[], [0] * 24, [None] * 24, [1] + [None] * 23, [10**12] * 24, [0.2] * 24])
def test_nothing_drawn_leaves_its_frame(values):
    rotulos = HORAS[: len(values)]
    for markup in (
        grafico.columnas("c", rotulos, [Serie("a", values), Serie("b", values)]),
        grafico.lineas("l", rotulos, [Serie("a", values)], meta=2000),
        grafico.barras("b", [Parte(str(n), int(value or 0)) for n, value in enumerate(values)]),
        grafico.tira("t", [(str(n), "bien") for n, _ in enumerate(values)]),
    ):
        drawn = draw(markup)
        _, _, width, height = map(float, drawn.get("viewBox").split())
        for rect in drawn.iter("rect"):
            x, y, w, h = numbers(rect, "x", "y", "width", "height")
            assert min(x, y, w, h) >= 0
            assert x + w <= width + 0.2
            assert y + h <= height + 0.2
        for line in drawn.iter("polyline"):
            points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
            assert all(0 <= x <= width and 0 <= y <= height for x, y in points)


def test_a_line_is_broken_where_nothing_was_measured_and_a_lone_hour_is_a_point():
    drawn = draw(grafico.lineas("Tiempos", HORAS, [Serie("p50", [5, 7, None, 9, *[None] * 20])]))
    assert [len(line.get("points").split()) for line in drawn.iter("polyline")] == [2, 1]
    assert len(list(drawn.iter("circle"))) == 1


def test_bars_share_the_whole_as_their_parts_do():
    drawn = draw(grafico.barras("Origen", [Parte("Base", 3, "bien"), Parte("Empresa", 1)]))
    widths = [float(r.get("width")) for r in drawn.iter("rect") if r.get("class") != "riel"]
    assert widths == [grafico.ANCHO * 0.75, grafico.ANCHO * 0.25]
    assert "3 · 75 %" in "".join(drawn.itertext())


@pytest.mark.parametrize(("peak", "top"), [(0, 1), (1, 1), (3, 5), (11, 20), (499, 500), (501, 1000), (10**9, 10**9)])
def test_an_axis_ends_at_a_round_number(peak, top):
    assert grafico.ceiling(peak) == top


def test_a_name_in_a_chart_is_never_markup():
    hostile = '"><script>alert(1)</script>'
    drawn = draw(grafico.barras(hostile, [Parte(hostile, 1)]))
    assert list(drawn.iter("script")) == []
    assert hostile in drawn.get("aria-label")
