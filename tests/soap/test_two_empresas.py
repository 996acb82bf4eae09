"""Two empresas in one installation, each with its own services, policies and words; neither sees the other.

ORDE asks, with its own credential, for all that is DEMO's; and an empresa that changes its code is served under both.
"""

from copy import deepcopy

import gateway as g
import pytest

from pmc_soap import config

ORDE = {"empresa": "ORDE", "token": "demo-orde"}


@pytest.fixture
def opened(world, tmp_path):
    """A gateway with other settings: said changes the tables of the empresas."""
    gateways = []

    def open_(**said):
        settings = deepcopy(g.SETTINGS)
        for codigo, changes in said.items():
            settings["empresas"][codigo] |= changes
        gateways.append(g.gateway_on(world, tmp_path, settings))
        return gateways[-1].__enter__()

    yield open_
    for gateway in gateways:
        gateway.__exit__(None, None, None)


def of(gateway, codigo):
    """Give all rows of an empresa, to see that nothing changed."""
    everything = gateway.everything()
    return {table: [row for row in rows if row.get("codigo_empresa") == codigo] for table, rows in everything.items()}


DEMOS_PAGO = {"IdTransaccion": "TX-1000004"}
ASKED = {
    "ConsultaFactura": ({"IdCliente": "1000001", "IdFactura": "F-1000001-1"}, "04"),
    "ModificacionFactura": ({"IdCliente": "1000001", "IdFactura": "F-1000001-1", "MensajeTicket": "AJENO"}, "04"),
    "BajaFactura": ({"IdCliente": "1000001", "IdFactura": "F-1000001-1", "Motivo": "OTRO"}, "04"),
    "ConsultaPago": (DEMOS_PAGO, "30"),
    "ObtenerAvisos": ({}, "00"),
    "ReversaPago": ({"IdCliente": "1000004", "Importe": "7000.00", "IdTransaccionOriginal": "TX-1000004"}, "30"),
    "ConsultaDeuda": ({"IdCliente": "1000001"}, "03"),
}


@pytest.mark.parametrize("operation", list(ASKED))
def test_what_is_another_empresas_is_not_there_for_this_one(gateway, operation):
    before = of(gateway, "DEMO")
    said, codigo = ASKED[operation]
    caller = {"empresa": "ORDE"} if operation in g.NETWORK_OPERATIONS else ORDE
    answer = gateway.ask(operation, **caller, **said)
    assert (answer.codigo, b"1000004" in answer.body, b"1000001" in answer.body) == (codigo, False, False)
    assert before == of(gateway, "DEMO")


def test_another_empresas_avisos_can_neither_be_seen_by_their_id_nor_confirmed(gateway):
    id_aviso = gateway.ask("ObtenerAvisos").said("IdAviso")
    assert id_aviso
    before = of(gateway, "DEMO")
    seen = gateway.ask("ConsultaPago", **ORDE, IdAviso=id_aviso)
    confirmed = gateway.ask(
        "ConfirmarAvisos", **ORDE, Confirmaciones={"Confirmacion": {"IdAviso": id_aviso, "Estado": "IMPUTADO"}}
    )
    [item] = confirmed.root.iter(f"{{{g.NS}}}ResultadoConfirmacion")
    assert (seen.codigo, item.findtext(f"{{{g.NS}}}Codigo")) == ("30", "30")
    assert before == of(gateway, "DEMO")


def test_the_same_ids_in_two_empresas_are_two_facturas_and_two_pagos(gateway):
    vencimientos = {"Vencimiento": {"Numero": 1, "Fecha": "2025-08-10", "Importe": "99.00"}}
    alta = {**g.VALID["AltaFactura"], "IdCliente": "1000001", "IdFactura": "F-1000001-1", "Vencimientos": vencimientos}
    before = of(gateway, "DEMO")
    assert gateway.ask("AltaFactura", **ORDE, **alta).codigo == "00"
    paid = {"IdCliente": "1000001", "IdFactura": "F-1000001-1", "Moneda": "ARS", "IdTransaccion": "TX-1000004"}
    raw = "<IdTransaccion>TX-1000004</IdTransaccion><IdFactura>F-1000001-1</IdFactura>"
    del paid["IdTransaccion"], paid["IdFactura"]
    answer = gateway.ask("AvisoPago", empresa="ORDE", **paid, Importe="99.00", raw=raw)
    assert (answer.codigo, answer.said("Estado")) == ("00", "APLICADO")
    assert before == of(gateway, "DEMO")
    assert gateway.ask("ConsultaDeuda", IdCliente="1000001").said("ImporteExigible") == "18540.75"


SERVICE_OF = {
    "CONSULTA": ("ConsultaDeuda",),
    "AVISO": ("AvisoPago", "ReversaPago", "ConsultaPago", "ObtenerAvisos", "ConfirmarAvisos"),
    "ALTA": ("AltaFactura", "ModificacionFactura", "BajaFactura", "ConsultaFactura"),
}


@pytest.mark.parametrize("alone", list(SERVICE_OF))
def test_an_empresa_with_one_service_alone_is_answered_19_for_all_others_while_its_neighbour_has_them(opened, alone):
    gateway = opened(ORDE={"servicios": [alone]})
    for servicio, operations in SERVICE_OF.items():
        for operation in operations:
            caller = {"empresa": "ORDE"} if operation in g.NETWORK_OPERATIONS else ORDE
            said = dict(g.VALID[operation])
            if operation == "ReversaPago":
                said["IdTransaccionOriginal"] = "TX-OF-NOBODY"
            codigo = gateway.ask(operation, **caller, **said).codigo
            assert (codigo == "19") == (servicio != alone), operation
            assert gateway.ask(operation, **said, IdMensaje="M-DEMO").codigo != "19"


def test_one_follows_its_policy_and_the_other_its_own(opened):
    gateway = opened(DEMO={"politica_importe": "ADMITE_MAYOR", "gracia_dias": 30}, ORDE={"pagar_en_orden": False})
    assert gateway.ask("ConsultaDeuda", IdCliente="1000005").codigo == "00"  # expired 20 days ago
    more = {"IdCliente": "1000001", "Moneda": "ARS", "Importe": "20000.00", "IdFactura": "F-1000001-1"}
    assert gateway.ask("AvisoPago", **more).said("Estado") == "APLICADO"
    more = {"IdCliente": "1", "Moneda": "ARS", "Importe": "1000.01", "IdFactura": "O-1"}
    assert gateway.ask("AvisoPago", empresa="ORDE", **more).said("Estado") == "IMPORTE_DISTINTO"


def test_the_network_is_told_in_the_codes_of_each_empresas_manual_and_the_empresa_in_ours(opened):
    gateway = opened(DEMO={"codigos_resultado": {"03": "NOEX", "04": "77"}})
    told = gateway.ask("ConsultaDeuda", IdCliente="9999999")
    assert (told.codigo, told.said("Severidad"), told.said("Descripcion")) == ("NOEX", "1", "Cliente inexistente")
    assert gateway.ask("ConsultaDeuda", empresa="ORDE", IdCliente="9999999").codigo == "03"
    assert gateway.ask("ConsultaFactura", IdCliente="1", IdFactura="NO").codigo == "04"


CHANGED = {"codigos": [{"codigo": "NUEV"}, {"codigo": "DEMO", "hasta": "2025-07-31"}]}


def test_an_empresa_that_changes_its_code_is_served_under_both_and_its_payments_are_one(opened):
    gateway = opened(DEMO=CHANGED)
    paid = {"IdCliente": "1000001", "Moneda": "ARS", "Importe": "18540.75"}
    raw = "<IdTransaccion>TX-C</IdTransaccion><IdFactura>F-1000001-1</IdFactura>"
    first = gateway.ask("AvisoPago", **paid, raw=raw)
    again = gateway.ask("AvisoPago", empresa="NUEV", **paid, raw=raw)
    assert (first.said("Estado"), again.said("Duplicado")) == ("APLICADO", "true")
    assert first.said("IdAviso") == again.said("IdAviso")
    for empresa in ("DEMO", "NUEV"):
        own = {"empresa": empresa, "token": g.TOKEN_DEMO}
        assert gateway.ask("ConsultaPago", **own, IdTransaccion="TX-C").codigo == "00"
        assert gateway.ask("ConsultaFactura", **own, IdCliente="1000001", IdFactura="F-1000001-1").codigo == "00"
        assert gateway.ask("ObtenerAvisos", **own).said("IdAviso")
        assert gateway.ask("ConsultaDeuda", empresa=empresa, IdCliente="1000002").codigo == "00"
    assert {row["codigo_empresa"] for row in gateway.rows("aviso")} == {"DEMO"}


def test_after_its_last_day_the_old_code_is_unknown_but_no_payment_under_it_is_lost(opened):
    gateway = opened(DEMO=CHANGED)
    gateway.clock.instant = gateway.clock.instant.replace(month=8, day=2)
    assert gateway.ask("ConsultaDeuda", IdCliente="1000002").codigo == "20"
    assert gateway.ask("ConsultaDeuda", empresa="NUEV", IdCliente="1000002").codigo != "20"
    kept = gateway.ask("AvisoPago", IdCliente="1000002", Moneda="ARS", Importe="10.00")
    assert (kept.codigo, kept.said("Estado")) == ("20", "DESCONOCIDA")
    own = {"empresa": "NUEV", "token": g.TOKEN_DEMO}
    assert gateway.ask("ConsultaPago", **own, IdAviso=kept.said("IdAviso")).said("Estado") == "EN_PUENTE"


def test_a_code_belongs_to_one_empresa_only():
    settings = deepcopy(g.SETTINGS)
    settings["empresas"]["DEMO"] |= {"codigos": [{"codigo": "ORDE"}]}
    with pytest.raises(config.ConfigError, match="ORDE"):
        config.check(settings)
