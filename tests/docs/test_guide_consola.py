"""docs/consola.md says what each role may do as the table of the domain does."""

import guias

from pmc_soap.domain.usuario import PERMISOS, Permiso, Rol
from pmc_soap.web.consola.personas import PERMISO_DICHO


def rows():
    for permiso in Permiso:
        marks = ("sí" if permiso in PERMISOS[rol] else "" for rol in Rol)
        yield f"| {PERMISO_DICHO[permiso]} | {' | '.join(marks)} |"


def test_the_guide_has_the_table_of_roles():
    text = (guias.DOCS / "consola.md").read_text("utf-8")
    assert [row for row in rows() if row not in text] == []
