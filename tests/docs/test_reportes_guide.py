"""docs/reportes.md names every column of every report, as it is."""

import guias
import pytest

from pmc_soap.cli import informe_tiempos
from pmc_soap.files.informe import conciliacion, facturables, pagos, puente

INFORMES = {
    "Pagos": pagos.PAGOS,
    "Conciliación": conciliacion.LINEAS,
    "Tiempos": informe_tiempos.COLUMNAS,
    "Facturables": facturables.COLUMNAS,
    "Puente": puente.COLUMNAS,
}


@pytest.mark.parametrize("informe", INFORMES)
def test_the_guide_lists_the_columns_of_each_report(informe):
    text = (guias.DOCS / "reportes.md").read_text("utf-8")
    section = text.partition(f"\n## {informe}\n")[2].partition("\n## ")[0]
    listed = [line for line in section.splitlines() if line.startswith("| `") and line.count("|") == 3]
    wanted = [f"| `{columna.nombre}` | {columna.titulo} |" for columna in INFORMES[informe]]
    assert [line for line in listed if line in wanted] == wanted


@pytest.mark.parametrize("informe", INFORMES)
def test_no_two_columns_of_a_report_have_one_name(informe):
    for said in ("nombre", "titulo"):
        names = [getattr(columna, said) for columna in INFORMES[informe]]
        assert len(set(names)) == len(names)
