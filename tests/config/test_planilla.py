"""How an empresa's files are written: what its tables say reaches who reads and writes them."""

import pytest
import tablas

from pmc_soap.config import PlanillaSettings, check
from pmc_soap.config.planilla import ColumnasSettings
from pmc_soap.files.fac.registros import Variante
from pmc_soap.files.planilla.columnas import COLUMNAS, Planilla, SignoDecimal


def of(**said):
    return check(tablas.empresa(**said)).empresas["1234"]


def test_what_is_not_said_is_what_the_reader_takes_without_configuration():
    assert of().planilla.planilla == Planilla(columnas={})


def test_what_is_said_reaches_the_reader():
    said = {
        "columnas": {"importe": "Total", "id_cliente": "Nro. de socio"},
        "decimal": "COMA",
        "formatos_fecha": ["%d/%m/%y"],
        "separador": "\t",
        "codificacion": "windows-1252",
        "hoja": "Deuda",
    }
    assert of(planilla=said).planilla.planilla == Planilla(
        columnas={"importe": "Total", "id_cliente": "Nro. de socio"},
        decimal=SignoDecimal.COMA,
        fechas=("%d/%m/%y",),
        separador="\t",
        codificacion="windows-1252",
        hoja="Deuda",
    )


def test_every_column_can_be_named_and_no_other():
    assert list(ColumnasSettings.model_fields) == list(COLUMNAS)
    assert PlanillaSettings().columnas.model_dump(exclude_none=True) == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"columnas": {"importe": "Total", "importe_2": "TOTAL"}},
            ".columnas» usa el nombre «TOTAL» para dos columnas.",
        ),
        ({"columnas": {"importe": "Vencimiento"}}, ".columnas» usa el nombre «Vencimiento» para dos columnas."),
        ({"columnas": {"improte": "Total"}}, ".columnas.improte» no existe. ¿Quisiste decir «importe»?"),
        ({"decimal": "coma"}, ".decimal» admite 'COMA' o 'PUNTO'."),
        ({"separador": ";;"}, ".separador» no tiene la forma esperada"),
        ({"codificacion": "utf-16"}, ".codificacion» admite 'utf-8' o 'windows-1252'."),
        ({"formatos_fecha": []}, ".formatos_fecha» no es válido: no puede estar vacía."),
        ({"formatos_fecha": ["%m/%Y"]}, ".formatos_fecha.0» tiene que decir día, mes y año"),
    ],
)
def test_what_cannot_be_is_told_by_its_key(said, told):
    (problem,) = tablas.problems(tablas.empresa(planilla=said))
    assert problem.startswith(f"«empresas.1234.planilla{told}")


def test_the_fac_is_written_as_the_empresa_says():
    archivos = of(archivos={"variante": "ANCHA", "trailer_total_width": 16}).archivos
    assert (archivos.variante, archivos.trailer_total_width) == (Variante.ANCHA, 16)
    assert (of().archivos.variante, of().archivos.trailer_total_width) == (Variante.CLASICA, None)


@pytest.mark.parametrize("said", [{"variante": "ANGOSTA"}, {"trailer_total_width": 12}])
def test_a_fac_that_nobody_writes_is_refused(said):
    assert len(tablas.problems(tablas.empresa(archivos=said))) == 1
