"""A file becomes the base: all of it is checked before anything is written, and the same again changes nothing."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from fakes.examples import a_factura
from fakes.libro_cargas import libro_of

from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, MotivoBaja, Vencimiento
from pmc_soap.domain.resultado import Resultado
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations import carga as carga_module
from pmc_soap.operations.carga import Avance, Cargas, Escuchas, Fase, Gravedad, Problema, Renglon
from pmc_soap.operations.ports import Loaded
from pmc_soap.operations.vistas import Vistas

ARCHIVOS = Path(__file__).parents[2] / "fixtures" / "archivos"


def a_problema(codigo, linea, gravedad=Gravedad.LINEA):
    return Problema(
        linea=linea, columna=1, campo="", valor="", codigo=codigo, que_pasa="", que_hacer="", gravedad=gravedad
    )


@dataclass
class Lista:
    """An Archivo that is a list; counts how often it was read."""

    items: list
    nombre: str = "lista"
    formato: str = "LISTA"
    codigo_empresa: str | None = "AGUA"
    filas_estimadas: int = 0
    readings: int = 0
    explained: list = field(default_factory=list)

    def read(self):
        self.readings += 1
        yield from self.items

    def sha256(self):
        return hashlib.sha256(repr(self.items).encode()).hexdigest()

    def explain(self, ending, renglon):
        self.explained.append((ending.resultado, ending.campo, renglon and renglon.linea, renglon and renglon.repite))
        gravedad = Gravedad.LINEA if renglon else Gravedad.ARCHIVO
        return a_problema(ending.resultado, renglon.linea if renglon else 1, gravedad)


def renglones(*facturas):
    return [Renglon(linea=n, factura=factura) for n, factura in enumerate(facturas, start=2)]


def many(count):
    return renglones(*(a_factura(id_factura=f"F{n}") for n in range(count)))


def free(factura):
    """Make a factura that costs nothing, which no file may say."""
    return replace(factura, vencimientos=(Vencimiento(fecha=date(2026, 8, 1), importe_centavos=0),))


def cargas_of(world, empresas=None):
    return Cargas(world.ledger, libro_of(world.ledger), world.empresas if empresas is None else empresas, world.clock)


@pytest.fixture
def load(any_world):
    return cargas_of(any_world).load


@pytest.fixture
def estado(any_world):
    def estado(factura):
        with any_world.ledger.read() as reading:
            known = reading.factura(factura.clave)
        return known and known.estado

    return estado


def test_a_good_file_becomes_payable(load, estado):
    first, second = a_factura(id_factura="F1"), a_factura(id_factura="F2")
    carga = load(Lista(renglones(first, second)))
    assert carga.loaded == Loaded(nuevas=2)
    assert (carga.aceptadas, carga.rechazadas, carga.total_problemas) == (2, 0, 0)
    assert estado(first) is estado(second) is EstadoFactura.PENDIENTE


def test_the_same_file_again_is_nothing_and_names_the_first(load):
    first = load(Lista(many(3)))
    again = load(Lista(many(3), nombre="otro nombre"))
    assert (again.loaded, again.is_noop, again.previa) == (None, True, first.guardada)


def test_the_same_file_is_loaded_once_more_if_asked_and_changes_nothing(load):
    load(Lista(many(3)))
    again = load(Lista(many(3)), again=True)
    assert (again.loaded, again.is_noop) == (Loaded(iguales=3), False)


def test_what_a_file_loaded_is_a_repeat_for_alta_de_factura(load, any_world):
    load(Lista(renglones(a_factura())))
    registro = any_world.facturas.register(a_factura())
    assert (registro.ending.resultado, registro.ending.duplicado) == (Resultado.EXITOSA, True)


def test_a_factura_that_was_withdrawn_stays_so(load, estado, any_world):
    load(Lista(renglones(a_factura())))
    any_world.facturas.withdraw(a_factura().clave, MotivoBaja.ANULADA)
    assert load(Lista(renglones(a_factura())), again=True).loaded == Loaded(intocables=1)
    assert estado(a_factura()) is EstadoFactura.BAJA


def test_one_bad_line_keeps_all_from_being_written(load, estado):
    archivo = Lista(renglones(a_factura(id_factura="F1"), free(a_factura(id_factura="F2"))))
    carga = load(archivo)
    assert (carga.loaded, carga.aceptadas, carga.rechazadas) == (None, 1, 1)
    assert estado(a_factura(id_factura="F1")) is None
    assert archivo.explained == [(Resultado.VENCIMIENTOS_INVALIDOS, "Importe", 3, 0)]


def test_the_good_lines_are_loaded_if_asked(load, estado):
    good, bad = a_factura(id_factura="F1"), free(a_factura(id_factura="F2"))
    carga = load(Lista(renglones(good, bad)), partial=True)
    assert (carga.loaded, carga.total_problemas) == (Loaded(nuevas=1), 1)
    assert (estado(good), estado(bad)) == (EstadoFactura.PENDIENTE, None)


def test_a_file_that_cannot_be_trusted_is_never_written_not_even_in_part(load, estado):
    items = [*renglones(a_factura()), a_problema("TOTAL", 3, Gravedad.ARCHIVO)]
    carga = load(Lista(items), partial=True)
    assert (carga.loaded, carga.archivo_rechazado) == (None, True)
    assert estado(a_factura()) is None


@pytest.mark.parametrize("empresas", [{}, {"AGUA": Empresa(codigo_empresa="AGUA", nombre="", activa=False)}])
def test_only_an_active_empresa_can_load(any_world, empresas):
    archivo = Lista(renglones(a_factura()))
    carga = cargas_of(any_world, empresas).load(archivo, partial=True)
    assert carga.loaded is None
    assert archivo.explained == [(Resultado.EMPRESA_INEXISTENTE, "CodigoEmpresa", None, None)]


def test_an_empresa_without_the_online_services_can_still_load(any_world):
    empresas = {"AGUA": Empresa(codigo_empresa="AGUA", nombre="", servicios=frozenset())}
    carga = cargas_of(any_world, empresas).load(Lista(renglones(a_factura())))
    assert carga.loaded == Loaded(nuevas=1)


def test_a_dry_run_tells_what_would_change_and_changes_nothing(load, estado):
    load(Lista(renglones(a_factura(id_factura="F1"))))
    again = renglones(a_factura(id_factura="F1"), a_factura(id_factura="F2"))
    assert load(Lista(again), dry_run=True).loaded == Loaded(nuevas=1, iguales=1)
    assert estado(a_factura(id_factura="F2")) is None
    assert load(Lista(again)).loaded == Loaded(nuevas=1, iguales=1)


def test_of_a_clave_named_twice_the_first_stands_and_the_second_is_told(load, any_world):
    first = a_factura(id_factura="F1")
    second = replace(first, mensaje_pantalla="OTRA")
    archivo = Lista(renglones(first, a_factura(id_factura="F2"), second))
    carga = load(archivo, partial=True)
    assert carga.loaded == Loaded(nuevas=2)
    assert archivo.explained[0] == (Resultado.FACTURA_EXISTENTE, "IdFactura", 4, 2)
    with any_world.ledger.read() as reading:
        assert reading.factura(first.clave).mensaje_pantalla == first.mensaje_pantalla


def test_many_problems_are_all_counted_and_told_but_not_all_kept(world):
    told = []
    items = [a_problema("X", linea) for linea in range(2, 2 + carga_module.PROBLEMAS_MAX + 5)]
    cargar = cargas_of(world)
    carga = cargar.load(Lista(items), escuchas=Escuchas(on_problema=told.append))
    assert len(carga.problemas) == carga_module.PROBLEMAS_MAX
    assert carga.total_problemas == carga.rechazadas == len(told) == carga_module.PROBLEMAS_MAX + 5


def test_a_line_with_two_problems_is_one_line(world):
    items = [a_problema("X", 2), a_problema("Y", 2)]
    carga = cargas_of(world).load(Lista(items))
    assert (carga.rechazadas, carga.total_problemas) == (1, 2)


def test_the_progress_is_told_for_each_reading(world):
    told = []
    cargas_of(world).load(Lista(many(1_500), filas_estimadas=1_400), escuchas=Escuchas(on_avance=told.append))
    assert told == [
        Avance(Fase.REVISION, 1_000, 1_400),
        Avance(Fase.REVISION, 1_500, 1_500),
        Avance(Fase.CARGA, 1_000, 1_500),
        Avance(Fase.CARGA, 1_500, 1_500),
    ]


def test_a_file_that_is_only_checked_is_read_once(world):
    archivo = Lista(renglones(free(a_factura())))
    cargas_of(world).load(archivo)
    assert archivo.readings == 1


def test_the_total_is_that_of_the_first_vencimientos(world):
    carga = cargas_of(world).load(Lista(many(3)))
    assert carga.importe_total_centavos == 3 * a_factura().vencimientos[0].importe_centavos


def test_the_reference_fac_is_loaded_and_a_repeated_factura_in_it_refused(any_world):
    empresas = {"1234": Empresa(codigo_empresa="1234", nombre="Club")}
    cargar = cargas_of(any_world, empresas)
    assert cargar.load(ArchivoFac.at(ARCHIVOS / "FAC1234.100325")).loaded == Loaded(nuevas=2)
    (problema,) = cargar.load(ArchivoFac.at(ARCHIVOS / "factura_repetida" / "FAC1234.100325")).problemas
    assert (problema.codigo, problema.linea, problema.columna) == ("FAC-223", 4, 21)
    assert "línea 2" in problema.que_pasa


def test_a_fac_of_an_empresa_that_is_not_here_is_refused(world):
    archivo = ArchivoFac.at(ARCHIVOS / "FAC1234.100325")
    (problema,) = cargas_of(world).load(archivo).problemas
    assert (problema.codigo, problema.columna, problema.valor) == ("FAC-108", 5, "1234")


def test_ten_thousand_claves_are_told_apart():
    vistas = Vistas()
    claves = [ClaveFactura(codigo_empresa="AGUA", id_cliente=f"C{n}", id_factura="F") for n in range(10_000)]
    assert [vistas.note(clave, linea) for linea, clave in enumerate(claves, start=2)] == [0] * 10_000
    assert [vistas.note(clave, 0) for clave in claves] == list(range(2, 10_002))
