"""The book of the cargas, over the fake, SQLite and PostgreSQL alike."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes import bases
from fakes.examples import NOW, a_factura, clave, vencimientos
from fakes.ledger import FakeLedger
from fakes.libro_cargas import FakeLibro, libro_of

from pmc_soap.domain.carga import CargaGuardada, EstadoCarga, Modo
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja
from pmc_soap.operations.factura import contenido
from pmc_soap.operations.libro_cargas import Lote, OtraEnCurso, TurnoPerdido, YaCargada
from pmc_soap.operations.ports import Loaded
from pmc_soap.storage import tables


def a_carga(nombre="FAC1", sha256="a" * 64, **said):
    values = {
        "id": 0,
        "codigo_empresa": "AGUA",
        "nombre": nombre,
        "sha256": sha256,
        "formato": "FAC",
        "modo": Modo.NOVEDADES,
        "parcial": False,
        "estado": EstadoCarga.EN_CURSO,
        "aceptadas": 3,
        "rechazadas": 0,
        "importe_total_centavos": 100,
        "empezada_utc": NOW,
    }
    return CargaGuardada(**values | said)


def lote(*facturas, hasta_linea=2):
    return Lote(facturas=[(factura, contenido(factura)) for factura in facturas], hasta_linea=hasta_linea)


@pytest.fixture
def libro(ledger):
    return libro_of(ledger)


@pytest.fixture
def cut(ledger, libro):
    """Have the lease of whoever is loading end, as if the process had been killed a while ago."""

    def cut():
        past = datetime.now(UTC) - timedelta(seconds=1)
        if isinstance(ledger, FakeLedger):
            turnos = FakeLibro(ledger)._state["turnos"]  # noqa: SLF001 — the fake's own
            for id_carga, (llave, _) in list(turnos.items()):
                turnos[id_carga] = (llave, past)
            return
        with bases.connected(ledger.url) as connection:
            carga = tables.carga
            connection.execute(
                carga.update().where(carga.c.estado == EstadoCarga.EN_CURSO.value).values(tomada_hasta_utc=past)
            )

    return cut


def test_a_carga_is_remembered_from_its_beginning_to_its_end(libro, read):
    turno = libro.begin(a_carga())
    assert (turno.sigue, turno.cortada, turno.carga.id) == (False, None, 1)
    libro.write(turno, lote(a_factura("F1"), hasta_linea=2), NOW)
    libro.write(turno, lote(a_factura("F1"), a_factura("F2"), hasta_linea=4), NOW)
    ended = libro.end(turno, NOW + timedelta(seconds=1))
    assert (ended.estado, ended.hasta_linea, ended.nuevas, ended.iguales) == (EstadoCarga.COMPLETA, 4, 2, 1)
    assert (ended.escritas, ended.terminada_utc) == (3, NOW + timedelta(seconds=1))
    assert libro.carga(1) == ended == libro.find_completa("AGUA", "a" * 64, Modo.NOVEDADES)
    assert [
        libro.find_completa("AGUA", "a" * 64, Modo.REEMPLAZO),
        libro.find_completa("LUZ1", "a" * 64, Modo.NOVEDADES),
    ]
    assert read(lambda r: r.factura(clave("F2"))).estado is EstadoFactura.PENDIENTE


def test_only_the_same_bytes_of_the_same_empresa_in_the_same_way_were_loaded_before(libro):
    libro.end(libro.begin(a_carga()), NOW)
    asked = [("AGUA", "b" * 64, Modo.NOVEDADES), ("LUZ1", "a" * 64, Modo.NOVEDADES), ("AGUA", "a" * 64, Modo.REEMPLAZO)]
    assert [libro.find_completa(*each) for each in asked] == [None, None, None]


def test_the_same_bytes_are_loaded_once_more_only_if_asked(libro):
    first = libro.end(libro.begin(a_carga()), NOW)
    with pytest.raises(YaCargada) as refused:
        libro.begin(a_carga("otro nombre"))
    assert refused.value.carga == first
    assert libro.begin(a_carga(), again=True).carga.id == 2


def test_a_second_file_of_the_empresa_is_refused_while_the_first_is_on_its_way(libro):
    libro.begin(a_carga("uno"))
    with pytest.raises(OtraEnCurso) as refused:
        libro.begin(a_carga("dos", "b" * 64))
    assert (refused.value.carga.nombre, 0 < refused.value.wait_s <= 15) == ("uno", True)
    assert libro.begin(a_carga(codigo_empresa="LUZ1")).carga.id == 2


def test_the_same_file_goes_on_after_its_last_lote_once_who_loaded_it_is_gone(libro, cut):
    libro.write(libro.begin(a_carga()), lote(a_factura("F1"), hasta_linea=7), NOW)
    cut()
    turno = libro.begin(a_carga(aceptadas=9))
    assert (turno.sigue, turno.carga.id, turno.carga.hasta_linea, turno.carga.nuevas) == (True, 1, 7, 1)


def test_who_lost_the_turn_writes_nothing_more(libro, cut, read):
    lost = libro.begin(a_carga())
    cut()
    libro.begin(a_carga())
    for act in (
        lambda: libro.write(lost, lote(a_factura("late")), NOW),
        lambda: libro.retire(lost, [clave("F1")]),
        lambda: libro.end(lost, NOW),
    ):
        with pytest.raises(TurnoPerdido):
            act()
    libro.leave(lost)
    with pytest.raises(OtraEnCurso):
        libro.begin(a_carga())
    assert read(lambda r: r.factura(clave("late"))) is None


def test_who_lets_go_in_the_middle_keeps_nobody_waiting(libro):
    turno = libro.begin(a_carga())
    libro.leave(turno)
    assert libro.begin(a_carga()).sigue


@pytest.mark.parametrize(
    "other", [{"sha256": "b" * 64}, {"modo": Modo.REEMPLAZO}, {"parcial": True}], ids=["bytes", "modo", "parcial"]
)
def test_another_file_leaves_the_one_before_it_cut_for_good(libro, cut, other):
    libro.begin(a_carga("uno"))
    cut()
    turno = libro.begin(a_carga("dos", **other))
    assert (turno.sigue, turno.cortada.nombre) == (False, "uno")
    assert [carga.estado for carga in libro.cargas("AGUA", 10)] == [EstadoCarga.EN_CURSO, EstadoCarga.CORTADA]


def test_a_refused_file_is_remembered_and_was_not_loaded(libro):
    refused = libro.reject(a_carga(estado=EstadoCarga.RECHAZADA, terminada_utc=NOW))
    assert libro.cargas(None, 10) == [refused]
    assert libro.find_completa("AGUA", "a" * 64, Modo.NOVEDADES) is None


def test_the_newest_are_listed_first_and_of_one_empresa_if_asked(libro):
    for n, codigo in enumerate(("AGUA", "LUZ1", "AGUA")):
        libro.end(libro.begin(a_carga(f"F{n}", f"{n}" * 64, codigo_empresa=codigo)), NOW)
    assert [carga.nombre for carga in libro.cargas(None, 2)] == ["F2", "F1"]
    assert [carga.nombre for carga in libro.cargas("AGUA", 10)] == ["F2", "F0"]
    assert libro.carga(99) is None


def test_what_files_told_of_and_is_owed_is_given_and_nothing_else(libro, ledger, write):
    turno = libro.begin(a_carga())
    facturas = [a_factura(f"F{n:04}", f"C{n % 7}") for n in range(2_003)]
    for start in range(0, len(facturas), 1_000):
        libro.write(turno, lote(*facturas[start : start + 1_000]), NOW)
    write(lambda tx: tx.move_factura(clave("F0000", "C0"), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))
    ledger.write("AGUA", "C1", lambda tx: tx.add_factura(a_factura("alta", "C1"), "x", NOW))
    libro.write(libro.begin(a_carga(codigo_empresa="LUZ1")), lote(a_factura("otra", codigo_empresa="LUZ1")), NOW)
    assert {factura.clave for factura in facturas[1:]} == set(libro.informadas("AGUA"))
    assert len(list(libro.informadas("AGUA"))) == 2_002


def test_a_factura_of_an_alta_that_a_file_names_is_of_the_files_from_then_on(libro, write):
    write(lambda tx: tx.add_factura(a_factura(), contenido(a_factura()), NOW))
    assert libro.write(libro.begin(a_carga()), lote(a_factura()), NOW) == Loaded(iguales=1)
    assert list(libro.informadas("AGUA")) == [clave()]


def test_what_is_retired_is_baja_and_what_is_paid_or_came_by_alta_stays(libro, read, write):
    turno = libro.begin(a_carga())
    libro.write(turno, lote(*(a_factura(f"F{n}") for n in range(3))), NOW)
    write(lambda tx: tx.move_factura(clave("F1"), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA))
    write(lambda tx: tx.add_factura(a_factura("alta"), "x", NOW))
    assert libro.retire(turno, [clave("F1"), clave("F2"), clave("alta"), clave("nadie")]) == 1
    estados = {f: read(lambda r, f=f: r.factura(clave(f))).estado.value for f in ("F0", "F1", "F2", "alta")}
    assert estados == {"F0": "PENDIENTE", "F1": "PAGADA", "F2": "BAJA", "alta": "PENDIENTE"}
    assert read(lambda r: r.written(clave("F2"))).retirada
    assert libro.end(turno, NOW).retiradas == 1


@pytest.fixture
def retired(libro):
    """Load one factura and retire it."""
    turno = libro.begin(a_carga())
    libro.write(turno, lote(a_factura()), NOW)
    libro.retire(turno, [clave()])
    libro.end(turno, NOW)


@pytest.mark.parametrize("said", [{}, {"vencimientos": vencimientos(1, 2)}], ids=["equal", "changed"])
def test_what_a_later_file_names_again_is_owed_again(libro, read, retired, said):
    turno = libro.begin(a_carga(sha256="b" * 64))
    assert libro.write(turno, lote(a_factura(**said)), NOW) == Loaded(cambiadas=1)
    assert read(lambda r: r.factura(clave())) == a_factura(**said)
    assert not read(lambda r: r.written(clave())).retirada
    assert libro.retire(turno, [clave()]) == 1


def test_what_the_empresa_withdrew_after_a_file_retired_it_stays_withdrawn(libro, read, write, retired):
    write(lambda tx: tx.move_factura(clave(), EstadoFactura.BAJA, EstadoFactura.BAJA, MotivoBaja.ANULADA))
    assert libro.write(libro.begin(a_carga(sha256="b" * 64)), lote(a_factura()), NOW) == Loaded(intocables=1)
    assert read(lambda r: r.factura(clave())).estado is EstadoFactura.BAJA
