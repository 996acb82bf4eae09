"""An aviso's identity, its content and its fingerprint; and which pago a reversa means."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from fakes.examples import NOW, a_pago, a_reversa, clave

from pmc_soap.domain.aviso import (
    AvisoPago,
    EstadoAviso,
    MotivoReversa,
    ReversaPago,
    TipoAviso,
    contenido,
    huella,
    identidad,
)
from pmc_soap.domain.juicio import judge_reversa
from pmc_soap.domain.valor import value

ENVELOPE = {"id_mensaje": "otro", "fecha_hora_mensaje_utc": NOW + timedelta(minutes=1)}
OTHER_PAGO = {
    "codigo_empresa": "LUZZ",
    "id_cliente": "C2",
    "moneda": "USD",
    "importe_centavos": 150051,
    "id_transaccion": "T2",
    "id_consulta": "Q1",
    "id_factura": "F2",
    "codigo_movimiento": 1,
    "fecha_vencimiento": date(2026, 3, 10),
    "fecha_hora_pago_utc": NOW,
    "fecha_acreditacion": date(2026, 3, 12),
    "canal": "PC",
    "nro_control": "A1B2",
    "codigo_provincia": "C01",
    "descripcion": "Pago",
}
OTHER_REVERSA = {
    "codigo_empresa": "LUZZ",
    "id_cliente": "C2",
    "importe_centavos": 150051,
    "id_transaccion": "R2",
    "id_transaccion_original": "T1",
    "id_factura": "F1",
    "fecha_hora_original_utc": NOW,
    "nro_control_original": "A1B2",
    "motivo": MotivoReversa.TIMEOUT,
}
OF_THE_HUELLA = {
    "codigo_empresa",
    "id_cliente",
    "id_factura",
    "moneda",
    "importe_centavos",
    "canal",
    "nro_control",
    "fecha_hora_pago_utc",
}
WHOLE = a_pago(**OTHER_PAGO)


def test_every_field_of_an_aviso_is_mutated_below():
    assert OTHER_PAGO.keys() | ENVELOPE.keys() | {"linea_cob"} == {f.name for f in fields(AvisoPago)}
    assert OTHER_REVERSA.keys() | ENVELOPE.keys() == {f.name for f in fields(ReversaPago)}


@pytest.mark.parametrize("name", OTHER_PAGO)
def test_each_field_of_a_pago_changes_its_content(name):
    assert contenido(replace(a_pago(), **{name: OTHER_PAGO[name]})) != contenido(a_pago())


@pytest.mark.parametrize("name", OTHER_REVERSA)
def test_each_field_of_a_reversa_changes_its_content(name):
    assert contenido(replace(a_reversa(), **{name: OTHER_REVERSA[name]})) != contenido(a_reversa())


@pytest.mark.parametrize("name", ENVELOPE)
@pytest.mark.parametrize("aviso", [a_pago(), a_reversa()], ids=["pago", "reversa"])
def test_the_envelope_does_not_change_the_content(aviso, name):
    assert contenido(replace(aviso, **{name: ENVELOPE[name]})) == contenido(aviso)


def test_two_fields_that_swap_their_values_are_another_content():
    assert contenido(a_pago(canal="A1", nro_control=None)) != contenido(a_pago(canal=None, nro_control="A1"))


def test_the_content_that_was_kept_years_ago_is_still_the_content_of_the_same_aviso():
    kept = "2a56"  # what the first version keeps: a hash that changes makes every late repeat a conflict
    assert contenido(WHOLE)[:4] == kept


def test_a_field_that_a_later_version_adds_changes_no_content_that_does_not_tell_it():
    @value
    class Later(AvisoPago):
        nuevo: str | None = None

    said = {f.name: getattr(a_pago(), f.name) for f in fields(AvisoPago)}
    assert contenido(Later(**said)) == contenido(a_pago())
    assert contenido(Later(**said, nuevo="x")) != contenido(a_pago())


def test_an_instant_has_one_content_whatever_the_zone_it_was_read_in():
    argentine = NOW.astimezone(timezone(timedelta(hours=-3))).astimezone(UTC)
    assert contenido(a_pago(fecha_hora_pago_utc=argentine)) == contenido(a_pago(fecha_hora_pago_utc=NOW))


@pytest.mark.parametrize("name", [name for name in OTHER_PAGO if name != "id_transaccion"])
def test_the_fingerprint_is_of_the_fields_that_name_a_payment_and_of_no_other(name):
    changed = replace(a_pago(None), **{name: OTHER_PAGO[name]})
    assert (huella(changed) != huella(a_pago(None))) == (name in OF_THE_HUELLA)


@pytest.mark.parametrize("aviso", [a_pago("T1"), a_reversa("R1")])
def test_an_aviso_with_an_idtransaccion_needs_no_fingerprint(aviso):
    assert huella(aviso) is None


def test_a_reversa_without_an_id_has_a_fingerprint_of_the_pago_that_it_names():
    assert huella(a_reversa(None)) == huella(a_reversa(None, **ENVELOPE))
    assert huella(a_reversa(None)) != huella(a_reversa(None, id_transaccion_original="T1"))


def test_an_aviso_is_identified_by_its_transaction_else_by_its_message():
    assert identidad(a_pago("T1")) == "T:T1"
    assert identidad(a_pago(None)) == "M:M1"
    assert identidad(a_reversa("")) == "M:M2"


def test_a_transaction_is_never_taken_for_a_message_of_the_same_id():
    assert identidad(a_pago("X")) != identidad(a_pago(None, id_mensaje="X"))


def test_the_moment_of_a_payment_is_what_the_network_says_of_it_else_when_it_said_so():
    earlier = datetime(2026, 3, 1, tzinfo=UTC)
    assert a_pago(fecha_hora_pago_utc=earlier).momento_utc == earlier
    assert a_pago().momento_utc == NOW


def test_an_aviso_names_its_factura_or_none():
    assert (a_pago().clave, a_pago(id_factura=None).clave) == (clave(), None)
    assert (a_reversa(id_factura="F1").clave, a_reversa().clave) == (clave(), None)
    assert (a_pago().tipo, a_reversa().tipo) == (TipoAviso.PAGO, TipoAviso.REVERSA)


def test_a_reversa_may_name_its_pago_by_either_id_the_original_first():
    assert a_reversa("R1", id_transaccion_original="T1").ids_original == ("T1", "R1")
    assert a_reversa(None).ids_original == ()


@pytest.mark.parametrize(
    ("reversa", "pago", "means"),
    [
        ({"id_transaccion": None}, {}, True),
        ({}, {"id_transaccion": None}, True),
        ({}, {}, False),  # another id, and nothing else that speaks for this pago
        ({"codigo_empresa": "LUZZ"}, {}, False),
        ({"id_cliente": "C2"}, {}, False),
        ({"id_factura": "F1", "id_transaccion": None}, {}, True),
        ({"id_factura": "F1"}, {}, False),
        ({"id_factura": "F2"}, {}, False),
        ({"id_factura": "F1"}, {"id_factura": None}, False),
        ({"id_transaccion_original": "T1"}, {}, True),
        ({"id_transaccion_original": "T2"}, {}, False),
        ({"id_transaccion_original": "T2", "id_transaccion": "T1"}, {}, False),
        ({"id_transaccion_original": "T2"}, {"id_transaccion": None}, True),
        ({"id_transaccion": "T1", "nro_control_original": "1"}, {"nro_control": "2"}, True),
        ({"nro_control_original": "1"}, {"nro_control": "1"}, True),
        ({"nro_control_original": "1"}, {"nro_control": "2"}, False),
        ({"nro_control_original": "1"}, {"nro_control": None}, False),
        ({"nro_control_original": "1", "id_transaccion": None}, {"nro_control": None}, True),
        ({"fecha_hora_original_utc": NOW}, {"fecha_hora_pago_utc": NOW}, True),
        ({"fecha_hora_original_utc": NOW}, {"fecha_hora_pago_utc": NOW.replace(microsecond=1)}, True),
        ({"fecha_hora_original_utc": NOW}, {"fecha_hora_pago_utc": NOW - timedelta(seconds=1)}, False),
        (
            {"fecha_hora_original_utc": NOW, "nro_control_original": "1"},
            {"fecha_hora_pago_utc": NOW, "nro_control": "2"},
            False,
        ),
        ({}, {"fecha_hora_pago_utc": NOW + timedelta(seconds=1)}, False),
        ({"id_transaccion": "T1"}, {"fecha_hora_pago_utc": NOW + timedelta(days=1)}, True),
        ({"importe_centavos": 1, "id_transaccion": None}, {}, True),
    ],
)
def test_a_reversa_means_a_pago_that_nothing_it_says_rules_out(reversa, pago, means):
    assert a_reversa(**reversa).means(a_pago(**pago)) is means


def by_cob(**said):
    """Give a pago that only a COB told of, at noon of its day in Argentina."""
    noon = datetime(2026, 3, 10, 15, tzinfo=UTC)
    return a_pago(None, **{"linea_cob": "AGUA:20260311:abc:1", "fecha_hora_mensaje_utc": noon, **said})


def test_a_pago_of_the_cob_is_named_by_its_line_and_is_nobodys_repeat():
    assert identidad(by_cob()) == "C:AGUA:20260311:abc:1"
    assert huella(by_cob()) is None
    assert contenido(by_cob()) != contenido(by_cob(linea_cob="AGUA:20260311:abc:2"))


def test_of_a_pago_of_the_cob_only_the_day_is_known():
    since, until = by_cob().entre_utc
    assert since == datetime(2026, 3, 10, 3, tzinfo=UTC)
    assert until == datetime(2026, 3, 11, 3, tzinfo=UTC) - timedelta(microseconds=1)
    assert a_pago().entre_utc == (NOW, NOW)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"fecha_hora_mensaje_utc": datetime(2026, 3, 10, 4, tzinfo=UTC)}, True),
        ({"fecha_hora_mensaje_utc": datetime(2026, 3, 10, 2, tzinfo=UTC)}, False),
        ({"fecha_hora_original_utc": datetime(2026, 3, 11, 2, 59, tzinfo=UTC)}, True),
        ({"fecha_hora_original_utc": datetime(2026, 3, 11, 3, tzinfo=UTC)}, False),
        ({"id_transaccion_original": "T1"}, True),
        ({"nro_control_original": "B2"}, False),
    ],
)
def test_a_reversa_means_a_pago_of_the_cob_by_its_day(said, expected):
    reversa = a_reversa(**{"fecha_hora_mensaje_utc": NOW + timedelta(days=1), **said})
    assert reversa.means(by_cob(nro_control="A1")) is expected


@pytest.mark.parametrize(("hour", "expected"), [(2, EstadoAviso.APLICADO), (4, EstadoAviso.VENCIDA)])
def test_the_term_of_a_reversa_begins_at_the_end_of_the_day_that_a_cob_tells(hour, expected):
    reversa = a_reversa(fecha_hora_mensaje_utc=datetime(2026, 3, 14, hour, tzinfo=UTC))
    assert judge_reversa(reversa, by_cob(), reversado=False, plazo=timedelta(hours=72))[0] is expected
