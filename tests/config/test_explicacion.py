"""Every key is explained, in the same words by the command line and by the page."""

from pathlib import Path

import pytest

from pmc_soap.config import Settings, explicacion
from pmc_soap.config.catalogo import claves

PAGE = Path(__file__).parents[2] / "docs" / "configuracion.md"
ALL = list(claves(Settings))


def test_every_key_has_a_description_in_a_sentence():
    silent = [clave.path for clave in ALL if not (clave.field.description or "").endswith(".")]
    assert silent == []


def test_every_key_that_is_no_table_has_an_example():
    without = {clave.name for clave in ALL if not clave.field.examples}
    of_tables = {"pagomiscuentas", "calendario", "archivos", "planilla", "columnas", "empresas", "sistema", "destinos"}
    of_tables |= {"sandbox", "intercambios"}
    assert without == of_tables | {"campos", "tipo"}


@pytest.mark.parametrize("name", explicacion.names())
def test_every_key_that_is_named_is_explained_by_that_name(name):
    assert explicacion.explain(name).startswith(f"{name}\n  ")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("gracia_dias", ["empresas.CODIGO.gracia_dias"]),
        ("empresas.1234.gracia_dias", ["empresas.CODIGO.gracia_dias"]),
        ("destinos.json.secreto", ["empresas.CODIGO.destinos.NOMBRE.json.secreto"]),
        ("empresas.1234.destinos.erp.secreto", ["empresas.CODIGO.destinos.NOMBRE.json.secreto"]),
        ("sistema.campos.importe", ["empresas.CODIGO.sistema.json.campos.importe"]),
        (
            "credenciales.hasta",
            ["pagomiscuentas.credenciales.N.hasta", "empresas.CODIGO.credenciales.N.hasta"],
        ),
        ("destinos.erp.cola", ["empresas.CODIGO.destinos.NOMBRE.amqp.cola"]),
    ],
)
def test_a_key_is_found_by_its_last_steps_with_or_without_the_kind(asked, names):
    told = explicacion.explain(asked)
    assert [line for line in told.splitlines() if line and not line.startswith(" ")] == names


def test_an_explanation_tells_what_it_is_its_limits_its_default_and_an_example():
    assert explicacion.explain("gracia_dias") == (
        "empresas.CODIGO.gracia_dias\n"
        "  Días después del último vencimiento en que la factura todavía se puede pagar, al último importe.\n"
        "  Valor: número entero, de 0 a 365\n"
        "  Por defecto: 0\n"
        "  Ejemplo: gracia_dias = 5\n"
        "  En el entorno: PMC_EMPRESAS__CODIGO__GRACIA_DIAS\n"
    )


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("gracia_dia", " ¿Quisiste decir «gracia_dias»?"),
        ("destinos.json.secrto", ""),
        ("", ""),
        ("CODIGO", ""),
        ("x.gracia_dias.y", ""),
        ("1234.gracia_dias", ""),
    ],
)
def test_an_unknown_key_is_told_with_the_near_one(asked, meant):
    with pytest.raises(explicacion.ClaveDesconocida) as unknown:
        explicacion.explain(asked)
    assert str(unknown.value).startswith(f"«{asked}» no es una clave.{meant}")


def test_the_page_says_what_the_command_says():
    head, _, _ = (page := PAGE.read_text(encoding="utf-8")).partition("## Todas las claves\n")
    assert page == head + "\n".join(explicacion.markdown()) + "\n", "corré: pmc-soap config explain --markdown"
