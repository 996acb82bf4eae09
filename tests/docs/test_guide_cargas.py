"""docs/cargas.md says of the files what the code does: its numbers and its codes."""

import guias

from pmc_soap.domain import exportacion
from pmc_soap.domain.calendario import CORTE
from pmc_soap.domain.empresa import Empresa
from pmc_soap.files.entrada import UNFINISHED
from pmc_soap.files.fac.salida import REPAROS
from pmc_soap.operations.lectura import LOTE
from pmc_soap.operations.libro_cargas import LEASE

PAGE = (guias.DOCS / "cargas.md").read_text(encoding="utf-8")


def test_every_code_of_what_does_not_go_into_a_fac_is_on_the_page_and_no_other():
    told = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `EXP-")}
    assert told == {texto.codigo for texto in REPAROS.values()}


def test_the_limits_are_those_of_the_code():
    assert (exportacion.FACTURAS_MAX, exportacion.ARCHIVOS_MAX, LOTE) == (15_000, 9, 1_000)
    assert "15.000 facturas por archivo y 9 archivos por día" in PAGE
    assert "de a mil facturas" in PAGE
    assert f"espera hasta {LEASE.seconds} segundos" in PAGE
    assert f"corte = {CORTE}" in PAGE
    assert Empresa(codigo_empresa="1234", nombre="").retiro_maximo_porciento == 50
    assert "más de la mitad" in PAGE
    assert {".tmp", ".part"} < set(UNFINISHED)
