"""What a report tells of each pago, over SQLite and PostgreSQL: as it stands, once, and not one left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from fakes.examples import NOW, TODAY, vencimientos
from hypothesis import given
from hypothesis import strategies as st
from operations.cobros import MANANA, Caja, a_cobro

from pmc_soap.domain.aviso import EstadoPago, TipoAviso
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.entrega import Comprobante, EstadoImputacion
from pmc_soap.operations.informes import EntregaPago
from pmc_soap.operations.tiempos import Medidas, measure
from pmc_soap.storage import informes as storage

LEASE = timedelta(minutes=1)
REFUSED = Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="No es cliente nuestro")
NIGHT = datetime(2026, 3, 11, 2, 59, 59, tzinfo=UTC)  # still TODAY in Argentina


@pytest.fixture
def informes(sql_world):
    return sql_world.ledger.informes


def deliver(world, destino, comprobante=None):
    """Let a destino take all that it is owed."""
    bandeja = world.ledger.bandeja
    for tomada in bandeja.take("AGUA", destino, 100, LEASE, early=True):
        if comprobante is None:
            bandeja.settle(tomada, Comprobante())
        else:
            bandeja.settle(tomada, comprobante)


def told(informes, desde=TODAY, hasta=TODAY):
    return list(informes.pagos("AGUA", desde, hasta))


def test_a_pago_is_told_as_it_stands(sql_world, informes):
    sql_world.register()
    id_aviso = sql_world.pay(canal="PC", nro_control="A1", fecha_hora_pago_utc=NOW - timedelta(hours=1)).id_aviso
    (pago,) = told(informes)
    assert (pago.id_aviso, pago.id_cliente, pago.id_factura, pago.importe_centavos, pago.moneda) == (
        *(id_aviso, "C1", "F1"),
        *(150050, "ARS"),
    )
    assert (pago.momento_utc, pago.recibido_utc) == (NOW - timedelta(hours=1), NOW)
    assert (pago.estado, pago.entrega, pago.entregado_utc) == (EstadoPago.APLICADO, EntregaPago.PENDIENTE, None)
    assert (pago.canal, pago.nro_control, pago.id_transaccion, pago.por_cob) == ("PC", "A1", "T1", False)
    assert (pago.reversado_utc, pago.desenlace, pago.archivo_cob) == (None, None, None)


def test_a_pago_that_is_owed_to_several_destinos_is_told_once_and_is_delivered_when_all_have_it(sql_world, informes):
    sql_world.configure(destinos=("erp", "otro"))
    sql_world.register()
    sql_world.pay()
    deliver(sql_world, "erp")
    assert [(pago.entrega, pago.entregado_utc) for pago in told(informes)] == [(EntregaPago.PENDIENTE, None)]
    deliver(sql_world, "otro")
    (pago,) = told(informes)
    assert pago.entrega is EntregaPago.ENTREGADA
    assert pago.entregado_utc is not None


def test_a_pago_that_one_destino_refused_is_said_to_be_refused(sql_world, informes):
    sql_world.configure(destinos=("erp", "otro"))
    sql_world.register()
    sql_world.pay()
    deliver(sql_world, "erp", REFUSED)
    deliver(sql_world, "otro")
    assert [pago.entrega for pago in told(informes)] == [EntregaPago.RECHAZADA]


def test_what_waits_in_the_puente_is_owed_to_nobody(sql_world, informes):
    sql_world.pay("T9", "F9")
    (pago,) = told(informes)
    assert (pago.estado, pago.juicio.value, pago.entrega) == (
        EstadoPago.EN_PUENTE,
        "DESCONOCIDA",
        EntregaPago.NO_SE_DEBE,
    )
    assert [guardado.id_aviso for guardado, _ in informes.en_puente(None)] == [pago.id_aviso]
    assert list(informes.en_puente("OTRA")) == []


def test_a_reversed_pago_says_when_and_a_refused_reversa_says_nothing(sql_world, informes):
    sql_world.register()
    sql_world.pay()
    sql_world.reverse("R0", id_transaccion_original="T1", importe_centavos=1)
    assert told(informes)[0].reversado_utc is None
    sql_world.clock.now_utc += timedelta(hours=1)
    sql_world.reverse("R1", id_transaccion_original="T1")
    (pago,) = told(informes)
    assert (pago.estado, pago.reversado_utc) == (EstadoPago.REVERSADO, NOW + timedelta(hours=1))


def test_a_pago_that_the_cob_told_of_names_its_file_and_a_late_aviso_adds_none(sql_world, informes):
    sql_world.register()
    Caja(sql_world).run(a_cobro(nro_control="A1"))
    sql_world.pay(canal="PC", nro_control="A1")
    (pago,) = told(informes)
    assert (pago.por_cob, pago.desenlace, pago.archivo_cob) == (True, Desenlace.SOLO_EN_COB, "COBAGUA.110326")


def test_the_day_is_that_of_the_payment_in_argentina(sql_world, informes):
    sql_world.pay("T1", None, codigo_movimiento=1, fecha_hora_pago_utc=NIGHT)
    sql_world.pay("T2", None, codigo_movimiento=1, fecha_hora_pago_utc=NIGHT + timedelta(seconds=1))
    assert [pago.id_transaccion for pago in told(informes)] == ["T1"]
    assert [pago.id_transaccion for pago in told(informes, MANANA, MANANA)] == ["T2"]
    assert [pago.id_transaccion for pago in told(informes, TODAY, MANANA)] == ["T1", "T2"]


def test_more_rows_than_are_in_memory_are_all_told_and_others_may_write_meanwhile(sql_world, informes, monkeypatch):
    monkeypatch.setattr(storage, "AT_ONCE", 3)
    sent = [sql_world.pay(f"T{n}", None, codigo_movimiento=1).id_aviso for n in range(10)]
    rows = informes.pagos("AGUA", TODAY, TODAY)
    first = next(rows)
    sql_world.pay("T99", None, codigo_movimiento=1)
    assert [first.id_aviso, *(pago.id_aviso for pago in rows)] == sent  # as they were when it was asked
    assert len(told(informes)) == 11


def test_a_report_that_is_left_half_way_gives_its_connection_back(sql_world, informes):
    for n in range(5):
        sql_world.pay(f"T{n}", None, codigo_movimiento=1)
    for _ in range(60):  # more than the pool has
        rows = informes.pagos("AGUA", TODAY, TODAY)
        next(rows)
        rows.close()
    assert len(told(informes)) == 5


def test_the_lines_of_the_cobs_are_all_told_in_their_order(sql_world, informes):
    sql_world.register()
    sql_world.pay()
    caja = Caja(sql_world)
    caja.run(a_cobro(), a_cobro("F2", id_cliente="C2"))
    caja.run(a_cobro(), replace=True)  # the corrected file has one line less
    lineas = list(informes.lineas("AGUA", MANANA, MANANA))
    assert [(linea.linea, linea.desenlace) for linea in lineas] == [(2, Desenlace.CONCILIADO)]
    assert list(informes.lineas("AGUA", TODAY, TODAY)) == []


def test_a_day_counts_its_consultas_its_avisos_and_how_long_each_took_to_its_destino(sql_world, informes):
    sql_world.clock.now_utc = datetime.now(UTC) - timedelta(seconds=5)  # the database has its own clock
    today = local_day(sql_world.clock.now_utc)
    sql_world.register(vencimientos=vencimientos(150050, first=today))
    sql_world.ask(id_cliente="C1")
    sql_world.pay()
    sql_world.pay("T2", "F1")  # waits in the puente: nobody is owed it
    deliver(sql_world, "pull")
    rows = list(measure(informes, "AGUA", [today], {}))
    assert [(row.que, row.cantidad, len(row.medidas)) for row in rows] == [
        ("ConsultaDeuda", 1, 0),
        ("AvisoPago", 2, 0),
        ("Entrega a pull", 1, 1),
    ]
    assert 4_900 <= rows[-1].medidas.percentile(50) < 60_000
    assert informes.avisos("AGUA", today, TipoAviso.REVERSA) == 0
    assert list(measure(informes, "AGUA", [date(2020, 1, 1)], {})) == []


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=60), st.integers(1, 100), st.integers(0, 5_000))
def test_a_percentile_is_a_time_that_was_measured_and_that_part_did_not_exceed_it(times, percent, limit):
    medidas = Medidas()
    for each in times:
        medidas.add(each)
    found = medidas.percentile(percent)
    assert found in times
    assert sum(each <= found for each in times) * 100 >= percent * len(times)
    assert sum(each < found for each in times) * 100 < percent * len(times)
    assert medidas.within(limit) == sum(each <= limit for each in times) * 10_000 // len(times)


def test_of_what_was_not_measured_nothing_is_said():
    assert (Medidas().percentile(99), Medidas().within(2_000)) == (None, None)
