"""A file that is the whole base retires what it does not name; what is paid, or no file told of, is not for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fakes.examples import a_factura, clave, vencimientos
from fakes.libro_cargas import libro_of
from operations.test_carga import Lista, cargas_of, free, renglones

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.carga import EstadoCarga, Modo
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.operations import lectura, reemplazo
from pmc_soap.operations.carga import Avance, Escuchas, Fase
from pmc_soap.operations.ports import Loaded
from pmc_soap.operations.reemplazo import Retiro

REEMPLAZO = Modo.REEMPLAZO
YES = Escuchas(may_retire=lambda _: True)


def base(*numbers, **said):
    return Lista(renglones(*(a_factura(f"F{n}", f"C{n % 3}") for n in numbers)), **said)


@pytest.fixture
def load(any_world):
    return cargas_of(any_world).load


@pytest.fixture
def estados(any_world):
    def estados(*numbers):
        return [any_world.estado(clave(f"F{n}", f"C{n % 3}")).value for n in numbers]

    return estados


def test_what_the_file_does_not_name_is_retired_after_the_rest_is_written(load, estados):
    load(base(*range(10)))
    carga = load(base(*range(3, 12)), modo=REEMPLAZO)
    assert (carga.loaded, carga.retiro) == (Loaded(nuevas=2, iguales=7), Retiro(retiradas=3, informadas=10))
    assert estados(*range(12)) == ["BAJA"] * 3 + ["PENDIENTE"] * 9
    assert (carga.guardada.retiradas, carga.guardada.modo) == (3, REEMPLAZO)


def test_with_novedades_what_the_file_does_not_name_stays(load, estados):
    load(base(0, 1))
    assert load(base(2)).retiro is None
    assert estados(0, 1, 2) == ["PENDIENTE"] * 3


def test_what_a_reemplazo_retired_and_a_later_file_names_is_owed_again(load, estados, any_world):
    load(base(0, 1, 2))
    load(base(0, 1), modo=REEMPLAZO)
    assert any_world.ask(id_factura="F2", id_cliente="C2").ending.resultado.value == "FACTURA_BAJA"
    assert load(base(2)).loaded == Loaded(cambiadas=1)
    assert estados(0, 1, 2) == ["PENDIENTE"] * 3
    assert any_world.pay("T1", "F2", id_cliente="C2").estado is EstadoAviso.APLICADO


def test_what_a_reemplazo_retired_is_owed_again_by_alta(load, estados, any_world):
    load(base(0, 1, 2))
    load(base(0, 1), modo=REEMPLAZO)
    assert any_world.register("F2", "C2").estado is EstadoFactura.PENDIENTE
    assert estados(2) == ["PENDIENTE"]


def test_what_was_paid_is_not_retired_and_what_came_by_alta_is_not_for_a_file(load, estados, any_world):
    load(base(0, 1, 2, 3))
    any_world.pay("T1", "F1", id_cliente="C1")
    any_world.register("F9", "C0")
    carga = load(base(3, 2), modo=REEMPLAZO)
    assert (estados(0, 1, 2, 3, 9), carga.retiro.retiradas) == (
        ["BAJA", "PAGADA", "PENDIENTE", "PENDIENTE", "PENDIENTE"],
        1,
    )


def test_a_pago_of_a_retired_factura_is_kept_and_waits_for_a_person(load, any_world):
    load(base(0, 1, 2))
    load(base(0, 1), modo=REEMPLAZO)
    assert any_world.pay("T1", "F2", id_cliente="C2").estado is EstadoAviso.BAJA
    assert any_world.money(clave("F2", "C2")) == ["EN_PUENTE"]


def test_a_factura_that_moves_to_a_new_id_is_not_counted_as_retired(load):
    load(Lista(renglones(*(a_factura(f"F{n}", "old") for n in range(4)))))
    moved = Lista(renglones(*(a_factura(f"F{n}", "new", referencia_anterior="old") for n in range(4))))
    carga = load(moved, modo=REEMPLAZO)
    assert (carga.loaded, carga.retiro, carga.sin_permiso) == (
        Loaded(nuevas=4),
        Retiro(retiradas=0, informadas=4),
        False,
    )


@pytest.mark.parametrize(("named", "asked"), [(2, True), (3, False)])
def test_more_than_the_share_is_asked_before_anything_is_written(load, estados, named, asked):
    load(base(*range(6)))
    carga = load(base(*range(named), 9), modo=REEMPLAZO)
    assert carga.sin_permiso is asked
    assert (carga.loaded is None) is asked
    assert estados(*range(6)) == (["PENDIENTE"] * 6 if asked else ["PENDIENTE"] * 3 + ["BAJA"] * 3)


def test_the_share_is_the_empresas_own(any_world):
    empresas = {"AGUA": Empresa(codigo_empresa="AGUA", nombre="", retiro_maximo_porciento=10)}
    cargas_of(any_world).load(base(*range(9)))
    assert cargas_of(any_world, empresas).load(base(*range(8)), modo=REEMPLAZO).sin_permiso


def test_an_empty_base_is_loaded_if_somebody_says_so(load, estados):
    load(base(0, 1))
    assert load(Lista([]), modo=REEMPLAZO).sin_permiso
    assert load(Lista([]), modo=REEMPLAZO, escuchas=YES).retiro == Retiro(retiradas=2, informadas=2)
    assert estados(0, 1) == ["BAJA", "BAJA"]


def test_a_dry_run_tells_how_many_would_be_retired_asks_nobody_and_changes_nothing(load, estados):
    load(base(0, 1, 2))
    carga = load(base(0), modo=REEMPLAZO, dry_run=True)
    assert (carga.retiro, carga.sin_permiso, carga.loaded) == (
        Retiro(retiradas=2, informadas=3),
        False,
        Loaded(iguales=1),
    )
    assert estados(0, 1, 2) == ["PENDIENTE"] * 3


def test_a_file_with_a_bad_line_retires_nothing(load, estados):
    load(base(0, 1))
    carga = load(Lista(renglones(a_factura("F0", "C0"), free(a_factura("F1", "C1")))), modo=REEMPLAZO)
    assert (carga.loaded, carga.guardada.estado) == (None, EstadoCarga.RECHAZADA)
    assert estados(0, 1) == ["PENDIENTE"] * 2


def test_a_part_of_a_file_cannot_replace_the_base(load):
    with pytest.raises(ValueError, match="whole or not at all"):
        load(base(0), modo=REEMPLAZO, partial=True)


def test_the_retirement_is_told_as_the_last_phase(load):
    told = []
    load(base(0, 1, 2))
    load(base(0, 1), modo=REEMPLAZO, escuchas=Escuchas(on_avance=told.append))
    assert told[-1] == Avance(Fase.RETIRO, 1, 1)


@pytest.fixture
def small_lotes(monkeypatch):
    """Make many transactions of few facturas, so that what comes meanwhile comes between them."""
    monkeypatch.setattr(lectura, "LOTE", 5)
    monkeypatch.setattr(reemplazo, "LOTE", 5)


def test_of_a_reemplazo_and_the_avisos_that_come_meanwhile_each_factura_has_one_fate(sql_world, small_lotes):
    """Half of the facturas are not named any more; a payer of each comes while the file is loaded."""
    count = 60
    cargas_of(sql_world).load(base(*range(count)))
    together = Barrier(3)

    def pay(half):
        together.wait(10)
        return [sql_world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n % 3}") for n in range(half, count, 2)]

    def replace():
        together.wait(10)
        return cargas_of(sql_world).load(base(*range(count // 2, count)), modo=REEMPLAZO, escuchas=YES)

    with ThreadPoolExecutor(3) as threads:
        payers = [threads.submit(pay, half) for half in (0, 1)]
        carga = threads.submit(replace).result()
        acuses = [acuse.estado for payer in payers for acuse in payer.result()]
    states = {n: sql_world.estado(clave(f"F{n}", f"C{n % 3}")) for n in range(count)}
    money = {n: sql_world.money(clave(f"F{n}", f"C{n % 3}")) for n in range(count)}
    assert set(acuses) <= {EstadoAviso.APLICADO, EstadoAviso.BAJA}
    for n in range(count):
        paid = states[n] is EstadoFactura.PAGADA
        assert money[n] == (["APLICADO"] if paid else ["EN_PUENTE"])
    retired = [n for n, estado in states.items() if estado is EstadoFactura.BAJA]
    assert set(retired) <= set(range(count // 2))
    assert carga.retiro.retiradas == len(retired) == acuses.count(EstadoAviso.BAJA)


def test_a_changed_factura_never_covers_a_pago_that_comes_meanwhile(sql_world, small_lotes):
    """The file changes the importe of each factura while each is paid as it was: one or the other is first."""
    count = 60
    cargas_of(sql_world).load(base(*range(count)))
    newer = [a_factura(f"F{n}", f"C{n % 3}", vencimientos=vencimientos(1)) for n in range(count)]
    together = Barrier(2)

    def pay():
        together.wait(10)
        return [sql_world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n % 3}").estado for n in range(count)]

    def load():
        together.wait(10)
        return cargas_of(sql_world).load(Lista(renglones(*newer)))

    with ThreadPoolExecutor(2) as threads:
        loading, paying = threads.submit(load), threads.submit(pay)
        carga, estados = loading.result(), paying.result()
    for n, estado in enumerate(estados):
        kept = sql_world.factura(clave(f"F{n}", f"C{n % 3}"))
        if estado is EstadoAviso.APLICADO:
            assert (kept.estado, kept.vencimientos) == (EstadoFactura.PAGADA, a_factura().vencimientos)
        else:
            assert (estado, kept.estado) == (EstadoAviso.IMPORTE_DISTINTO, EstadoFactura.PENDIENTE)
    assert carga.loaded == Loaded(
        cambiadas=estados.count(EstadoAviso.IMPORTE_DISTINTO), intocables=estados.count(EstadoAviso.APLICADO)
    )
    assert libro_of(sql_world.ledger).cargas("AGUA", 1)[0].intocables == estados.count(EstadoAviso.APLICADO)
