"""The plain form of an aviso: the same keys always, whole centavos, nothing that JSON cannot carry exactly."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import servers
from fakes.examples import a_pago, a_reversa

from pmc_soap.connectors.sobre import write_aviso
from pmc_soap.domain.aviso import MotivoReversa

A_PAGO = a_pago(
    importe_centavos=18_540_75,
    canal="HB",
    nro_control="0042",
    codigo_provincia="B",
    descripcion="Cuota de marzo — última",
    fecha_vencimiento=date(2026, 3, 20),
    fecha_acreditacion=date(2026, 3, 11),
    fecha_hora_pago_utc=datetime(2026, 3, 11, 1, 5, 6, 789, tzinfo=UTC),
)


def test_a_pago_is_written_whole():
    assert write_aviso(servers.an_envio(A_PAGO, codigo_empresa="AG02")) == {
        "tipo": "PAGO",
        "id_aviso": "A-1",
        "codigo_empresa": "AG02",
        "id_cliente": "C1",
        "id_factura": "F1",
        "importe": "18540.75",
        "importe_centavos": 1854075,
        "moneda": "ARS",
        "fecha_hora": "2026-03-10T22:05:06-03:00",
        "id_transaccion": "T1",
        "id_aviso_original": None,
        "id_transaccion_original": None,
        "canal": "HB",
        "nro_control": "0042",
        "codigo_movimiento": 2,
        "fecha_vencimiento": "2026-03-20",
        "fecha_acreditacion": "2026-03-11",
        "codigo_provincia": "B",
        "descripcion": "Cuota de marzo — última",
        "motivo": None,
        "estado": "APLICADO",
    }


def test_a_reversa_tells_the_factura_and_the_moneda_of_its_pago():
    told = write_aviso(servers.a_reversal(A_PAGO, motivo=MotivoReversa.TIMEOUT))
    assert (told["tipo"], told["id_factura"], told["moneda"], told["importe"]) == ("REVERSA", "F1", "ARS", "1500.50")
    assert (told["id_aviso_original"], told["id_transaccion_original"], told["motivo"]) == ("A-0", "T1", "TIMEOUT")
    assert (told["canal"], told["codigo_movimiento"]) == (None, None)


def test_a_reversa_of_an_unknown_pago_says_what_it_knows():
    told = write_aviso(servers.a_reversal(None, id_transaccion_original="T9"))
    assert (told["id_factura"], told["moneda"], told["id_aviso_original"]) == (None, None, None)
    assert told["id_transaccion_original"] == "T9"


def test_the_factura_that_an_operator_assigned_is_the_one_that_is_told():
    envio = servers.an_envio(a_pago(id_factura=None))
    assert write_aviso(replace(envio, aviso=a_pago(id_factura="F9")))["id_factura"] == "F9"


@pytest.mark.parametrize("envio", [servers.an_envio(A_PAGO), servers.a_reversal(A_PAGO), servers.a_reversal(None)])
def test_every_aviso_has_the_same_keys_and_is_json_without_a_float(envio):
    told = write_aviso(envio)
    assert told.keys() == write_aviso(servers.an_envio()).keys()
    assert json.loads(json.dumps(told)) == told
    assert {type(value) for value in told.values()} <= {str, int, type(None)}


def test_the_moment_of_a_reversa_is_that_of_its_message():
    aviso = a_reversa(fecha_hora_mensaje_utc=datetime(2026, 3, 10, 15, 30, tzinfo=UTC))
    assert write_aviso(servers.an_envio(aviso))["fecha_hora"] == "2026-03-10T12:30:00-03:00"
