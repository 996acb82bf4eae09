"""The counts of the tablero, on both databases."""

from datetime import timedelta

import pytest
from fakes.examples import NOW, a_pago, a_reversa, kept

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago
from pmc_soap.operations.tablero import Hora, Montones

AGUA = ["AGUA"]
HOUR = NOW.replace(minute=0, second=0, microsecond=0)
DAY = (HOUR - timedelta(hours=12), HOUR + timedelta(hours=12))


def keep(ledger, *avisos):
    def write(tx):
        for each in avisos:
            tx.keep(each)

    ledger.write("AGUA", "C1", write)


def test_what_came_is_counted_by_its_hour_and_added_up_in_pesos_alone(sql_ledger):
    keep(
        sql_ledger,
        kept(a_pago("T1"), "A1"),
        kept(a_pago("T2", moneda="USD"), "A2"),
        kept(a_pago("T3"), "A3", fecha_hora_utc=NOW + timedelta(hours=1)),
        kept(a_pago("T4"), "A4", estado=EstadoAviso.CONFLICTO, identidad="otra"),
        kept(a_reversa("R1"), "A5"),
    )
    assert sql_ledger.recuento.horas(AGUA, *DAY) == {
        HOUR: Hora(pagos=2, reversas=1, centavos=150050),
        HOUR + timedelta(hours=1): Hora(pagos=1, centavos=150050),
    }
    assert sql_ledger.recuento.horas(["OTRA"], *DAY) == {}
    assert sql_ledger.recuento.horas([], *DAY) == {}


def test_the_puente_tells_how_much_waits_and_since_when(sql_ledger):
    def park(tx):
        for id_aviso, came in (("A1", NOW), ("A2", NOW - timedelta(days=3))):
            tx.keep(kept(a_pago(f"T{id_aviso}"), id_aviso, fecha_hora_utc=came))
            tx.add_pago(id_aviso, None, EstadoPago.EN_PUENTE)

    sql_ledger.write("AGUA", "C1", park)
    counted = sql_ledger.recuento
    assert counted.puente(AGUA) == Montones(cantidad=2, centavos=300100, desde_utc=NOW - timedelta(days=3))
    assert counted.puente(AGUA, NOW - timedelta(days=1)).cantidad == 1
    assert counted.puente(["OTRA"]) == Montones()


def test_what_is_not_delivered_waits_since_its_oldest(sql_ledger):
    def owe(tx):
        guardado = kept(a_pago("T1"), "A1")
        tx.keep(guardado)
        tx.owe(guardado, ["pull", "erp"], NOW)

    sql_ledger.write("AGUA", "C1", owe)
    por_entregar, detenidas = sql_ledger.recuento.por_entregar(AGUA)
    assert (por_entregar, detenidas) == (Montones(cantidad=2, desde_utc=NOW), Montones())


def test_alertas_are_counted_by_their_motivo(sql_ledger):
    def alert(tx):
        for motivo, at in (("UNO", NOW), ("DOS", NOW), ("DOS", NOW), ("DOS", NOW - timedelta(days=2))):
            tx.alert("AGUA", motivo, None, at)

    sql_ledger.write("AGUA", None, alert)
    assert list(sql_ledger.recuento.alertas(AGUA, NOW - timedelta(days=1)).items()) == [("DOS", 2), ("UNO", 1)]


@pytest.mark.parametrize("nombre", ["nada", "", "\0", "%"])
def test_where_nothing_came_nothing_is_found(sql_ledger, nombre):
    counted = sql_ledger.recuento
    assert counted.archivos(AGUA, nombre) == []
    assert counted.ultimos_cob(AGUA) == []
    assert counted.cargas_fallidas(AGUA, NOW) == []
