"""Each exchange is kept as it ended, over the whole gateway; and no answer depends on that."""

import gateway as g
import pytest
from fakes import bases
from sqlalchemy import text

from pmc_soap.operations.intercambios import Filtro

AVISO = {
    "IdCliente": "1000001",
    "Moneda": "ARS",
    "Importe": "18540.75",
    "IdTransaccion": "TX-9",
    "IdFactura": "F-1000001-1",
}


@pytest.fixture
def kept(gateway):
    """Give what was kept, newest first."""

    def kept(filtro=None):
        gateway.house.grabador.flush()
        return gateway.house.ledger.intercambios.recent(filtro or Filtro())

    return kept


def test_a_consulta_and_an_aviso_are_kept_with_their_ids_and_documents(gateway, kept):
    gateway.ask("ConsultaDeuda", **g.VALID["ConsultaDeuda"])
    answer = gateway.ask("AvisoPago", **AVISO)
    aviso, consulta = kept()
    assert (consulta.operacion, consulta.codigo, consulta.severidad, consulta.http) == ("ConsultaDeuda", "00", 0, 200)
    assert (consulta.id_cliente, consulta.codigo_empresa, consulta.puerto) == ("1000001", "DEMO", "PagoMisCuentas")
    assert consulta.id_consulta
    assert (aviso.id_aviso, aviso.id_factura, aviso.id_transaccion) == (answer.said("IdAviso"), "F-1000001-1", "TX-9")
    assert aviso.fecha_hora_utc == g.NOW
    assert set(aviso.fases_us) == {"lectura", "apertura", "credencial", "contrato", "operacion", "escritura"}
    assert sum(aviso.fases_us.values()) <= aviso.us
    _, documentos = gateway.house.ledger.intercambios.find(aviso.id_pedido)
    assert documentos.respuesta == answer.body
    assert documentos.pedido == g.pedido("AvisoPago", token="***", **AVISO)


def test_faults_are_kept_as_the_callers_or_ours(gateway, kept):
    gateway.ask("AvisoPago", **g.VALID["AvisoPago"] | {"Importe": "dos"})
    gateway.ask("ConsultaDeuda", token="wrong-secret", IdCliente="1000001")
    gateway.post(g.PMC, b"no XML, token=wrong-secret")
    gateway.post("/soap/v1/otra", g.pedido("ConsultaDeuda", **g.VALID["ConsultaDeuda"]))
    no_path, no_xml, no_credential, no_contract = kept()
    said = [(each.falla, each.severidad, each.operacion, each.puerto) for each in kept()]
    assert said == [
        ("PMC-1006", 2, None, None),
        ("PMC-1001", 2, None, "PagoMisCuentas"),
        ("PMC-2002", 2, "ConsultaDeuda", "PagoMisCuentas"),
        ("PMC-1008", 2, "AvisoPago", "PagoMisCuentas"),
    ]
    assert (no_contract.campo, no_contract.id_cliente, no_contract.id_factura) == ("Importe", "1000001", "F-1000001-1")
    for each in (no_xml, no_credential, no_path):
        _, documentos = gateway.house.ledger.intercambios.find(each.id_pedido)
        assert b"wrong-secret" not in (documentos.pedido or b"")
    assert kept(Filtro(id_cliente="1000001", falla="PMC-1008")) == [no_contract]


def test_both_doors_keep_the_same(world, tmp_path):
    said = []
    for door in ("compilada", "spyne"):
        (tmp_path / door).mkdir()
        with g.gateway_on(world, tmp_path / door, g.SETTINGS | {"puerta": door}) as gateway:
            gateway.ask("ConsultaDeuda", **g.VALID["ConsultaDeuda"])
            gateway.ask("AltaFactura", **g.VALID["AltaFactura"])
            gateway.ask("ConsultaDeuda", IdCliente="x" * 99)
            gateway.house.grabador.flush()
            said.append([_unmeasured(each) for each in gateway.house.ledger.intercambios.recent()])
    assert said[0] == said[1]
    assert len(said[0]) == 3


def _unmeasured(each):
    names = set(each.__dataclass_fields__) - {"us", "fases_us", "id_pedido"}
    return {name: getattr(each, name) for name in names}


def test_an_answer_is_the_same_where_exchanges_cannot_be_kept(gateway):
    with bases.connected(gateway.url) as connection:
        connection.execute(text("DROP TABLE intercambio"))
    answer = gateway.ask("AvisoPago", **g.VALID["AvisoPago"])
    gateway.house.grabador.flush()
    assert answer.codigo == "00"


def test_a_recorder_that_breaks_reaches_no_answer(gateway, monkeypatch):
    def broken(_):
        raise RuntimeError

    monkeypatch.setattr(gateway.house.grabador, "_admits_stranger", lambda: broken(None))
    assert gateway.ask("Eco", **g.VALID["Eco"]).said("Mensaje") == "hola"


@pytest.mark.parametrize(("guarda", "rows", "documents"), [("todo", 1, 1), ("sin_xml", 1, 0), ("nada", 0, 0)])
def test_as_much_is_kept_as_the_configuration_says(world, tmp_path, guarda, rows, documents):
    with g.gateway_on(world, tmp_path, g.SETTINGS | {"intercambios": {"guarda": guarda}}) as gateway:
        gateway.ask("ConsultaDeuda", **g.VALID["ConsultaDeuda"])
        gateway.house.close()
        kept = gateway.rows("intercambio")
    assert len(kept) == rows
    assert len([row for row in kept if row["pedido"]]) == documents


def test_closing_the_house_keeps_what_has_not_been_written_yet(gateway):
    for _ in range(3):
        gateway.ask("ConsultaDeuda", **g.VALID["ConsultaDeuda"])
    gateway.house.close()
    assert len(gateway.rows("intercambio")) == 3
