"""A carga that is cut goes on where it was; nothing is written twice, and two never load one empresa at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fakes.examples import NOW, a_factura, clave, vencimientos
from fakes.libro_cargas import libro_of
from operations.test_carga import Lista, cargas_of, renglones

from pmc_soap.domain.carga import CargaGuardada, EstadoCarga, Modo
from pmc_soap.operations import lectura
from pmc_soap.operations.carga import LOOK_S, ArchivoCambiado, Cargas, Escuchas
from pmc_soap.operations.libro_cargas import Lote, OtraEnCurso
from pmc_soap.operations.ports import Loaded, Unavailable


def base(count, **said):
    return Lista(renglones(*(a_factura(f"F{n:03}", f"C{n % 3}") for n in range(count))), **said)


class Cut(Lista):
    """A file whose second reading ends in the middle."""

    def read(self):
        self.readings += 1
        for n, item in enumerate(self.items):
            if self.readings > 1 and n == 25:
                raise Unavailable("cut")
            yield item

    @classmethod
    def of(cls, whole):
        return cls(whole.items, nombre=whole.nombre)


@pytest.fixture(autouse=True)
def small_lotes(monkeypatch):
    monkeypatch.setattr(lectura, "LOTE", 10)


@pytest.fixture
def load(any_world):
    return cargas_of(any_world).load


def test_a_carga_that_was_cut_goes_on_after_its_last_lote(load, any_world):
    whole = base(40)
    with pytest.raises(Unavailable):
        load(Cut.of(whole))
    half = libro_of(any_world.ledger).cargas("AGUA", 1)[0]
    assert (half.estado, half.nuevas, half.hasta_linea) == (EstadoCarga.EN_CURSO, 20, 21)
    any_world.pay("T1", "F000", id_cliente="C0")
    carga = load(whole)
    assert (carga.sigue_desde, carga.loaded, carga.guardada.id) == (21, Loaded(nuevas=40), half.id)
    assert libro_of(any_world.ledger).cargas("AGUA", 10) == [carga.guardada]


def test_what_was_written_before_the_cut_is_not_written_again(load, any_world):
    """What a person changed of it meanwhile stays changed: the file goes on, it does not begin anew."""
    whole = base(40)
    with pytest.raises(Unavailable):
        load(Cut.of(whole))
    changed = a_factura("F000", "C0", vencimientos=vencimientos(7))
    any_world.ledger.write("AGUA", "C0", lambda tx: tx.change_factura(changed, "x", any_world.clock.now()))
    load(whole)
    assert any_world.factura(clave("F000", "C0")).vencimientos == vencimientos(7)


def test_another_file_begins_anew_and_tells_what_was_left_in_the_middle(load):
    with pytest.raises(Unavailable):
        load(Cut.of(base(40, nombre="uno")))
    carga = load(base(30))
    assert (carga.loaded, carga.sigue_desde) == (Loaded(nuevas=10, iguales=20), 0)
    assert (carga.cortada.nombre, carga.cortada.escritas) == ("uno", 20)


def test_a_file_that_changes_while_it_is_read_is_not_whole(load, any_world):
    archivo = base(20)

    def change(_):
        if archivo.readings == 2:
            archivo.items = archivo.items[:-1]

    with pytest.raises(ArchivoCambiado):
        load(archivo, escuchas=Escuchas(on_avance=change))
    assert libro_of(any_world.ledger).cargas("AGUA", 1)[0].estado is EstadoCarga.EN_CURSO


def test_who_finds_that_the_other_lives_leaves_it_alone(any_world):
    libro, paused, told = libro_of(any_world.ledger), [], []
    outer = base(30, nombre="uno")

    def pause(seconds):
        paused.append(seconds)
        libro.write(turno, Lote(facturas=[], hasta_linea=len(paused)), any_world.clock.now())  # it goes on

    cargas = Cargas(any_world.ledger, libro, any_world.empresas, any_world.clock, pause)
    turno = libro.begin(_as_remembered(outer))
    with pytest.raises(OtraEnCurso) as refused:
        cargas.load(base(3, nombre="dos"), escuchas=Escuchas(on_espera=told.append))
    assert (refused.value.carga.nombre, len(told), paused) == ("uno", 1, [LOOK_S])


def test_who_waits_for_one_that_is_gone_looks_until_its_time_is_over(any_world):
    libro, paused = libro_of(any_world.ledger), []
    turno = libro.begin(_as_remembered(base(30, nombre="uno")))

    def pause(seconds):
        paused.append(seconds)
        if len(paused) == 3:
            libro.leave(turno)

    cargas = Cargas(any_world.ledger, libro, any_world.empresas, any_world.clock, pause)
    carga = cargas.load(base(3, nombre="dos"))
    assert (carga.loaded, carga.cortada.nombre, len(paused)) == (Loaded(nuevas=3), "uno", 3)


def test_who_waited_while_the_same_file_became_the_base_does_nothing(any_world):
    libro = libro_of(any_world.ledger)
    turno = libro.begin(replace(_as_remembered(base(30)), sha256=base(30).sha256()))
    pause = lambda _: libro.end(turno, any_world.clock.now())  # noqa: E731
    carga = Cargas(any_world.ledger, libro, any_world.empresas, any_world.clock, pause).load(base(30))
    assert (carga.is_noop, carga.previa.id, len(libro.cargas(None, 9))) == (True, turno.carga.id, 1)


def _as_remembered(archivo):
    return CargaGuardada(
        id=0,
        codigo_empresa="AGUA",
        nombre=archivo.nombre,
        sha256="a" * 64,
        formato="FAC",
        modo=Modo.NOVEDADES,
        parcial=False,
        estado=EstadoCarga.EN_CURSO,
        aceptadas=30,
        rechazadas=0,
        importe_total_centavos=0,
        empezada_utc=NOW,
    )


def test_of_eight_that_load_the_same_file_at_once_it_becomes_the_base_once(sql_world):
    world = sql_world
    cargas = Cargas(world.ledger, world.ledger.libro_cargas, world.empresas, world.clock)

    def load(_):
        try:
            return cargas.load(base(30)).loaded
        except OtraEnCurso:
            return "refused"

    with ThreadPoolExecutor(8) as threads:
        ends = list(threads.map(load, range(8)))
    assert ends.count(Loaded(nuevas=30)) == 1
    assert set(ends) <= {Loaded(nuevas=30), None, "refused"}
    assert len(libro_of(sql_world.ledger).cargas("AGUA", 10)) == 1
