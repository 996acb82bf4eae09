"""The made-up month itself: the same each time, sound where nothing is planted, with every kind of anomaly in it."""

import io
import re
import tracemalloc
from collections import Counter
from datetime import date
from itertools import islice, pairwise

import pytest
from stdnum.ar import cuit

from mundos.anomalias import TIPOS
from mundos.archivos import FALLAS
from mundos.historia import Envio
from mundos.mundo import Mundo
from pmc_soap.config import check
from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations.carga import Renglon
from pmc_soap.wiring import calendario

BANCOS = calendario.build(check({"mode": "demostracion"}).calendario)


@pytest.fixture(scope="module")
def mundo():
    return Mundo(7, 400, BANCOS, por_tipo=2)


def test_the_same_seed_makes_the_same_month_and_another_seed_another(mundo):
    again, other = Mundo(7, 400, BANCOS, por_tipo=2), Mundo(8, 400, BANCOS, por_tipo=2)
    assert b"".join(mundo.fac()) == b"".join(again.fac())
    assert list(mundo.historias()) == list(again.historias())
    assert [envio.data() for envio in mundo.envios] == [envio.data() for envio in again.envios]
    assert b"".join(mundo.fac()) != b"".join(other.fac())


def test_a_factura_has_the_same_story_whatever_was_asked_before(mundo):
    assert mundo.historia(17) == mundo.historia(17)
    assert mundo.historia(17) == list(mundo.historias())[17]


def test_every_kind_of_anomaly_is_there_as_often_as_was_asked_and_they_are_at_least_twenty(mundo):
    assert Counter(mundo.tipos.values()) == dict.fromkeys(TIPOS, 2)
    assert len(TIPOS) + len(FALLAS) >= 40
    assert set(mundo.correo.que.values()) == set(FALLAS)
    assert {historia.tipo for historia in mundo.historias()} == {None, *TIPOS}


def test_a_month_too_small_for_its_anomalies_is_refused():
    with pytest.raises(ValueError, match="no entran"):
        Mundo(1, 20, BANCOS)


def test_the_fac_is_read_back_without_a_problem_and_says_what_the_facturas_say(mundo):
    data = b"".join(mundo.fac())
    nombre = f"FAC1234.{mundo.fecha_fac:%d%m%y}"
    read = list(ArchivoFac(nombre, lambda: io.BytesIO(data)).read())
    assert all(isinstance(each, Renglon) for each in read)
    assert [each.factura.vencimientos for each in read] == [factura.vencimientos for factura in mundo.facturas()]
    assert [each.factura.clave for each in read] == [factura.clave for factura in mundo.facturas()]


def test_every_sound_cob_is_read_back_and_only_planted_lines_cannot_be(mundo):
    rotas = good = 0
    for envio in mundo.envios:
        if envio.curso != "HECHA" or envio.que.endswith("el primero"):
            continue
        data = envio.data()
        read = list(ArchivoCob(envio.nombre, lambda data=data: io.BytesIO(data)).read())
        good += sum(isinstance(each, RenglonCobro) for each in read)
        bad = [each for each in read if not isinstance(each, RenglonCobro)]
        assert {each.codigo for each in bad} <= {"COB-231"}
        rotas += len({each.linea for each in bad})
        assert sum(each.cobro.importe_centavos for each in read if isinstance(each, RenglonCobro)) <= sum(
            suma.centavos for suma in mundo.resumen.cuadros[envio.fecha].values()
        )
    assert rotas == 2
    assert rotas + good == sum(suma.cantidad for cuadro in mundo.resumen.cuadros.values() for suma in cuadro.values())


def test_cobs_come_on_business_days_only_and_all_that_happens_is_in_its_order(mundo):
    assert all(BANCOS.is_habil(envio.fecha) for envio in mundo.envios)
    assert date(2026, 3, 24) not in {envio.fecha for envio in mundo.envios}  # a feriado
    instants = [hecho.at_utc for hecho in mundo.hechos()]
    assert all(one <= other for one, other in pairwise(instants))
    assert sum(isinstance(hecho, Envio) for hecho in mundo.hechos()) == len(mundo.envios)


def test_ids_are_of_every_kind_and_no_two_clientes_share_one(mundo):
    clientes = Counter(factura.clave.id_cliente for factura in mundo.facturas())
    kinds = {
        "cuit": [id_ for id_ in clientes if len(id_) == 11 and cuit.is_valid(id_)],
        "whole width": [id_ for id_ in clientes if re.fullmatch(r"0+\d+", id_) and len(id_) == 19],
        "zeros before": [id_ for id_ in clientes if re.fullmatch(r"00\d{7}", id_)],
        "letters": [id_ for id_ in clientes if re.search("[A-Z]", id_)],
        "plain": [id_ for id_ in clientes if re.fullmatch(r"1\d{6}", id_)],
    }
    assert all(kinds.values())
    assert sum(map(len, kinds.values())) == len(clientes)
    assert set(clientes.values()) == {1, 2}
    assert len({factura.clave for factura in mundo.facturas()}) == 400


def test_people_pay_mostly_by_day_and_some_after_the_first_due_date(mundo):
    pagos = [each.dicho for h in mundo.historias() for each in h.movimientos if isinstance(each.dicho, AvisoPago)]
    hours = Counter(pago.momento_utc.hour for pago in pagos)
    assert sum(hours[hour] for hour in range(3, 9)) < len(pagos) * 0.1  # midnight to six in Argentina
    late = [pago for pago in pagos if pago.fecha_vencimiento and local_day(pago.momento_utc) > pago.fecha_vencimiento]
    assert 0 < len(late) < len(pagos) / 2


def test_a_month_is_made_up_factura_by_factura_in_flat_memory():
    tracemalloc.start()
    try:
        mundo = Mundo(1, 3_000, BANCOS)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for _ in islice(mundo.fac(), 3_000):
            pass
        assert tracemalloc.get_traced_memory()[1] - before < 300_000
    finally:
        tracemalloc.stop()
