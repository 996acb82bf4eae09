"""The exchanges that are kept: the port and its book, over the fake and both databases alike."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes.intercambios import FakeIntercambios, an_intercambio

from pmc_soap.domain.factura import Origen
from pmc_soap.operations.cifras import figures
from pmc_soap.operations.intercambios import Documentos, Filtro

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SIN_XML = Documentos()


@pytest.fixture
def libro(ledger):
    return getattr(ledger, "intercambios", None) or FakeIntercambios()


def add(libro, *intercambios):
    libro.add([(each, SIN_XML) for each in intercambios])


def numbers(found):
    return [int(each.id_pedido, 16) for each in found]


def test_an_exchange_comes_back_as_it_was_with_its_documents(libro):
    said = an_intercambio(
        1, NOON, id_cliente="C1", id_factura="F1", id_consulta="Q", id_aviso="A", id_transaccion="T", duplicado=True
    )
    documentos = Documentos(pedido=b"<a>" + bytes(range(1, 256)) * 40 + b"</a>", respuesta=b"<b/>")
    libro.add([(said, documentos), (an_intercambio(2, NOON), SIN_XML)])
    found, kept = libro.find(said.id_pedido)
    assert (found.id_pedido, kept) == (said.id_pedido, documentos)
    assert {**vars_of(found), "id": 0} == vars_of(said)
    assert libro.find(f"{2:032x}")[1] == SIN_XML
    assert libro.find("nothing") is None
    assert [*libro.ids(f" {1:032X} "), *libro.ids("1"), *libro.ids("\0")] == [said.id_pedido]


def vars_of(intercambio):
    return {name: getattr(intercambio, name) for name in intercambio.__dataclass_fields__}


def test_pages_give_each_exchange_once_the_newest_first_whatever_came_in_between(libro):
    add(libro, *(an_intercambio(n, NOON + (n % 3) * MINUTE) for n in range(1, 8)))
    first = libro.recent(limit=3)
    add(libro, an_intercambio(9, NOON + HOUR))
    second = libro.recent(before_id=first[-1].id, limit=3)
    third = libro.recent(before_id=second[-1].id, limit=3)
    assert [numbers(page) for page in (first, second, third)] == [[5, 2, 7], [4, 1, 6], [3]]
    assert numbers(libro.after(first[0].id)) == [6, 7, 9]
    assert libro.after(libro.last_id()) == []


@pytest.mark.parametrize(
    ("filtro", "expected"),
    [
        (Filtro(), [8, 7, 6, 5, 4, 3, 2, 1]),
        (Filtro(codigos_empresa=frozenset({"AGUA"})), [2]),
        (Filtro(codigos_empresa=frozenset()), []),
        (Filtro(operacion="AvisoPago"), [4, 3]),
        (Filtro(codigo="03"), [5]),
        (Filtro(codigo="00"), [8, 4, 3, 2, 1]),
        (Filtro(falla="PMC-9002"), [7]),
        (Filtro(con_problemas=True), [7, 6]),
        (Filtro(id_cliente="C1"), [3]),
        (Filtro(id_factura="F1"), [4]),
        (Filtro(id_aviso="A1"), [3]),
        (Filtro(id_cliente="\0"), []),
        (Filtro(minimo_ms=500), [8, 1]),
        (Filtro(minimo_ms=2000), [8]),
        (Filtro(minimo_ms=10**12), []),
        (Filtro(puerto="Empresa"), [5]),
        (Filtro(desde_utc=NOON + 2 * MINUTE, hasta_utc=NOON + 4 * MINUTE), [3, 2]),
    ],
)
def test_a_filter_gives_what_fits_and_nothing_else(libro, filtro, expected):
    differing = [
        {"us": 500_000},
        {"codigo_empresa": "AGUA"},
        {"operacion": "AvisoPago", "id_cliente": "C1", "id_aviso": "A1"},
        {"operacion": "AvisoPago", "id_factura": "F1"},
        {"codigo": "03", "severidad": 1, "puerto": "Empresa"},
        {"codigo": "91", "severidad": 2},
        {"codigo": None, "falla": "PMC-9002", "severidad": 3, "http": 500},
        {"us": 2_000_000},
    ]
    add(libro, *(an_intercambio(n, NOON + n * MINUTE, **said) for n, said in enumerate(differing, 1)))
    assert numbers(libro.recent(filtro)) == expected


FALLA = {"codigo": None, "falla": "PMC-9002", "severidad": 3, "http": 500}
MAL_PEDIDO = {"codigo": None, "falla": "PMC-1008", "severidad": 2, "http": 500}


def test_the_figures_are_those_counted_by_hand(libro):
    add(
        libro,
        *(an_intercambio(n, NOON, us=n * 1000) for n in range(1, 101)),
        an_intercambio(101, NOON + HOUR, operacion="AvisoPago", us=3_000_000),
        an_intercambio(102, NOON + HOUR, operacion="AvisoPago", us=2_000_000, codigo="24", severidad=2),
        an_intercambio(103, NOON + HOUR + MINUTE, operacion="AvisoPago", us=1_000, **FALLA),
        an_intercambio(104, NOON + HOUR + MINUTE, us=1_000, **MAL_PEDIDO),
        an_intercambio(105, NOON + HOUR + MINUTE, operacion="AltaFactura", us=1_000),
        an_intercambio(106, NOON + 2 * HOUR, codigo_empresa="AGUA"),
        an_intercambio(107, NOON + 5 * HOUR),
    )
    cifras = figures(libro, NOON, NOON + 3 * HOUR, frozenset({"DEMO"}))
    consultas = cifras.por_hora[NOON, "ConsultaDeuda"]
    assert (consultas.cantidad, consultas.bien, consultas.hasta_2_s) == (100, 100, 10_000)
    assert (consultas.p50_ms, consultas.p95_ms, consultas.p99_ms) == (50, 95, 99)
    avisos = cifras.por_hora[NOON + HOUR, "AvisoPago"]
    assert (avisos.cantidad, avisos.bien, avisos.fallas, avisos.hasta_2_s) == (3, 2, 1, 6_666)
    assert cifras.codigos == {"00": 102, "24": 1, "PMC-9002": 1, "PMC-1008": 1}
    assert list(cifras.horas) == [NOON, NOON + HOUR]
    sla = cifras.sla
    assert (sla.cifra.cantidad, sla.cifra.bien, sla.cifra.hasta_2_s) == (103, 102, 9_902)
    assert (sla.minutos_caidos, sla.cumple) == (1, True)
    assert figures(libro, NOON, NOON + 9 * HOUR).total.cantidad == 107


def test_a_span_without_any_has_no_figures(libro):
    cifras = figures(libro, NOON, NOON + HOUR)
    assert (cifras.total.cantidad, cifras.total.p50_ms, cifras.total.hasta_2_s, cifras.sla.cumple) == (
        0,
        None,
        None,
        None,
    )
    assert (cifras.por_hora, cifras.codigos, cifras.origenes, cifras.sla.minutos_caidos) == ({}, {}, {}, 0)


def test_a_minute_is_down_when_every_answer_to_the_network_in_it_failed(libro):
    add(
        libro,
        an_intercambio(1, NOON, **FALLA),
        an_intercambio(2, NOON + 59 * timedelta(seconds=1)),  # one that was answered: not down
        an_intercambio(3, NOON + MINUTE, **FALLA),
        an_intercambio(4, NOON + MINUTE, **FALLA),
        an_intercambio(5, NOON + MINUTE, **MAL_PEDIDO),  # says nothing of us
        an_intercambio(6, NOON + MINUTE, operacion="AltaFactura"),  # not the network
        an_intercambio(7, NOON + MINUTE, codigo_empresa="AGUA"),
        an_intercambio(8, NOON + 2 * MINUTE),
        an_intercambio(9, NOON + 3 * MINUTE, operacion="AltaFactura", **FALLA),
        an_intercambio(10, NOON + HOUR, **FALLA),
    )
    assert libro.minutes_down(NOON, NOON + HOUR, frozenset({"DEMO"})) == 1
    assert libro.minutes_down(NOON, NOON + HOUR) == 0
    assert libro.minutes_down(NOON, NOON + 2 * HOUR) == 1


def test_what_is_too_old_goes_in_small_steps_the_oldest_first(libro):
    add(libro, *(an_intercambio(n, NOON + n * MINUTE) for n in (3, 1, 2, 4)))
    assert libro.purge(NOON + 4 * MINUTE, 2) == 2
    assert numbers(libro.recent()) == [4, 3]
    assert [libro.purge(NOON + 4 * MINUTE, 2), libro.purge(NOON + 4 * MINUTE, 2)] == [1, 0]
    assert numbers(libro.recent()) == [4]


def test_the_origins_are_those_of_the_consultas_of_the_span(gateway_of_consultas):
    intercambios, at_utc = gateway_of_consultas
    assert intercambios.origins(at_utc, at_utc + HOUR) == {Origen.BASE: 2}
    assert intercambios.origins(at_utc + HOUR, at_utc + 2 * HOUR) == {}
    assert intercambios.origins(at_utc, at_utc + HOUR, frozenset({"AGUA"})) == {Origen.BASE: 2}
    assert intercambios.origins(at_utc, at_utc + HOUR, frozenset({"LUZ"})) == {}


@pytest.fixture
def gateway_of_consultas(sql_ledger):
    from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta
    from pmc_soap.domain.resultado import Ending

    consulta = Consulta(busqueda=Busqueda(codigo_empresa="AGUA", id_cliente="C1"), id_mensaje="M")
    for n, origen in enumerate((Origen.BASE, Origen.BASE, None)):
        respuesta = Respuesta(ending=Ending(), id_consulta=f"Q{n}", fecha_hora_utc=NOON, origen=origen)
        sql_ledger.record_consulta(consulta, respuesta, 3)
    return sql_ledger.intercambios, NOON
