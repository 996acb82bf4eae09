"""AvisoPago: the money has moved; it is kept, judged and owed in one transaction, and a repeat adds nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes.examples import NOW, a_pago, clave, vencimientos

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.factura import EstadoFactura, MotivoBaja, TipoImporte
from pmc_soap.domain.resultado import Ending, Resultado

MINUTE = timedelta(minutes=1)
SIN_FACTURA = {"id_factura": None, "codigo_movimiento": 1}


def _sin_ids(**said):
    return {"id_transaccion": None, **SIN_FACTURA, **said}


def test_an_exact_pago_pays_its_factura_and_is_owed_once_to_each_destino(any_world):
    any_world.configure(destinos=("pull", "soap", "pull"))
    any_world.register()
    acuse = any_world.pay()
    assert (acuse.ending, acuse.estado) == (Ending(), EstadoAviso.APLICADO)
    assert (any_world.estado(clave()), any_world.money(clave())) == (EstadoFactura.PAGADA, ["APLICADO"])
    owed = [(row["id_aviso"], row["destino"], row["estado"]) for row in any_world.rows("entrega")]
    assert sorted(owed) == [(acuse.id_aviso, "pull", "PENDIENTE"), (acuse.id_aviso, "soap", "PENDIENTE")]
    assert any_world.rows("alerta") == []


def test_what_cannot_be_imputed_is_acknowledged_parked_and_alerted_with_its_reason(any_world):
    any_world.register("F1")
    any_world.register("F2")
    any_world.facturas.withdraw(clave("F2"), MotivoBaja.ANULADA)
    parked = [
        any_world.pay("T1", "F1", importe_centavos=1),
        any_world.pay("T2", "F1", moneda="USD"),
        any_world.pay("T3", "F2"),
        any_world.pay("T4", "F3"),
        any_world.pay("T5", "F1", fecha_hora_pago_utc=NOW + timedelta(days=30)),
    ]
    assert {acuse.ending for acuse in parked} == {Ending()}
    assert [acuse.estado for acuse in parked] == [
        EstadoAviso.IMPORTE_DISTINTO,
        EstadoAviso.MONEDA_DISTINTA,
        EstadoAviso.BAJA,
        EstadoAviso.DESCONOCIDA,
        EstadoAviso.VENCIDA,
    ]
    assert any_world.money_of_cliente() == ["EN_PUENTE"] * 5
    alerts = [(row["motivo"], row["id_aviso"]) for row in any_world.rows("alerta")]
    assert alerts == [(acuse.estado, acuse.id_aviso) for acuse in parked]
    assert any_world.rows("entrega") == []
    assert any_world.estado(clave("F1")) is EstadoFactura.PENDIENTE


def test_a_different_pago_of_a_paid_factura_is_kept_as_adicional(any_world):
    any_world.register()
    any_world.pay("T1")
    acuse = any_world.pay("T2")
    assert (acuse.ending, acuse.estado) == (Ending(), EstadoAviso.YA_PAGADA)
    assert any_world.money(clave()) == ["APLICADO", "EN_PUENTE"]


@pytest.mark.parametrize("step", ["keep", "add_pago", "move_factura", "owe"])
def test_a_failure_at_any_step_leaves_nothing_and_the_repeat_begins_anew(any_world, monkeypatch, step):
    any_world.register()
    with any_world.ledger.read() as reading:
        (writing,) = type(reading).__subclasses__()

    def fail(*_):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(writing, step, fail)
        with pytest.raises(RuntimeError):
            any_world.pay()
    assert (any_world.rows("entrega"), any_world.money_of_cliente()) == ([], [])
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE
    assert any_world.pay().ending == Ending()


def test_a_failure_to_alert_leaves_nothing_parked(any_world, monkeypatch):
    with any_world.ledger.read() as reading:
        (writing,) = type(reading).__subclasses__()

    def fail(*_):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(writing, "alert", fail)
        with pytest.raises(RuntimeError):
            any_world.pay()
    assert any_world.money_of_cliente() == []


def test_the_same_id_transaccion_has_one_effect_and_one_answer_years_later(any_world):
    any_world.register()
    first = any_world.pay("T1")
    any_world.clock.now_utc += timedelta(days=800)
    for _ in range(3):
        assert any_world.pay("T1") == replace(first, ending=Ending(duplicado=True))
    assert any_world.money(clave()) == ["APLICADO"]
    assert len(any_world.rows("repeticion")) == 3


def test_without_id_transaccion_the_id_mensaje_is_the_identity(any_world):
    any_world.register()
    first = any_world.pay(None, id_mensaje="M")
    any_world.clock.now_utc += timedelta(days=800)
    assert any_world.pay(None, id_mensaje="M") == replace(first, ending=Ending(duplicado=True))
    conflict = any_world.pay(None, id_mensaje="M", importe_centavos=1)
    assert (conflict.ending, conflict.estado) == (Ending(Resultado.TRANSACCION_DISTINTA), EstadoAviso.CONFLICTO)


def test_other_content_under_the_same_identity_is_kept_parked_and_alerted(any_world):
    any_world.register()
    any_world.pay("T1")
    conflict = any_world.pay("T1", importe_centavos=1)
    assert (conflict.ending, conflict.estado) == (Ending(Resultado.TRANSACCION_DISTINTA), EstadoAviso.CONFLICTO)
    assert any_world.money(clave()) == ["APLICADO", "EN_PUENTE"]
    assert [row["motivo"] for row in any_world.rows("alerta")] == ["CONFLICTO"]
    again = any_world.pay("T1", importe_centavos=1)
    assert again == replace(conflict, ending=Ending(Resultado.TRANSACCION_DISTINTA, duplicado=True))
    assert any_world.pay("T1", importe_centavos=2).id_aviso not in {conflict.id_aviso, again.id_aviso}
    assert any_world.pay("T1").estado is EstadoAviso.APLICADO


def test_one_id_transaccion_of_two_empresas_is_two_avisos(any_world):
    any_world.configure("LUZZ")
    any_world.register()
    any_world.register(codigo_empresa="LUZZ")
    told = [any_world.pay("T1"), any_world.pay("T1", codigo_empresa="LUZZ")]
    assert [acuse.estado for acuse in told] == [EstadoAviso.APLICADO] * 2


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("ours", [timedelta(), timedelta(hours=1), timedelta(days=-30), timedelta(days=1)])
def test_without_ids_the_same_pago_within_ten_minutes_of_the_network_is_a_repeat(any_world, way, ours):
    any_world.register()
    first = any_world.pay(**_sin_ids(fecha_hora_mensaje_utc=NOW))
    any_world.clock.now_utc += ours
    within, beyond = NOW + way * 10 * MINUTE, NOW + way * (10 * MINUTE + timedelta(seconds=1))
    again = any_world.pay(**_sin_ids(fecha_hora_mensaje_utc=within, descripcion="otra vez"))
    assert (again.ending, again.id_aviso) == (Ending(duplicado=True), first.id_aviso)
    assert any_world.pay(**_sin_ids(fecha_hora_mensaje_utc=beyond)).ending == Ending()
    assert any_world.money_of_cliente() == ["APLICADO", "APLICADO"]


def test_without_ids_a_message_that_was_taken_as_a_repeat_stays_one_when_it_comes_again_late(any_world):
    any_world.register()
    first = any_world.pay(**_sin_ids(id_mensaje="M1"))
    repeat = _sin_ids(id_mensaje="M2", fecha_hora_mensaje_utc=NOW + 9 * MINUTE)
    assert any_world.pay(**repeat).id_aviso == first.id_aviso
    any_world.clock.now_utc += timedelta(days=2)
    assert any_world.pay(**repeat).id_aviso == first.id_aviso
    assert any_world.money_of_cliente() == ["APLICADO"]


@pytest.mark.parametrize(
    "other",
    [
        {"importe_centavos": 1},
        {"id_cliente": "C2"},
        {"canal": "HB"},
        {"nro_control": "0001"},
        {"moneda": "USD"},
        {"fecha_hora_pago_utc": NOW},
    ],
)
def test_without_ids_a_pago_that_differs_in_its_fingerprint_is_another(any_world, other):
    any_world.pay(**_sin_ids())
    assert any_world.pay(**_sin_ids(**other)).ending == Ending()


def test_the_fingerprint_does_not_touch_a_pago_with_an_id_of_its_own(any_world):
    any_world.register()
    told = [any_world.pay(id_transaccion, **SIN_FACTURA) for id_transaccion in ("T1", "T2", None)]
    assert [acuse.ending for acuse in told] == [Ending()] * 3


def test_a_second_pago_without_ids_outside_the_window_of_a_paid_factura_is_adicional(any_world):
    any_world.register()
    any_world.pay(None)
    late = any_world.pay(None, fecha_hora_mensaje_utc=NOW + 11 * MINUTE)
    assert (late.ending, late.estado) == (Ending(), EstadoAviso.YA_PAGADA)


def test_the_window_is_the_empresas(world):
    world.configure(ventana_duplicado=timedelta(hours=2))
    world.register()
    world.pay(**_sin_ids())
    assert world.pay(**_sin_ids(fecha_hora_mensaje_utc=NOW + 120 * MINUTE)).ending == Ending(duplicado=True)


def test_a_pago_sin_factura_of_a_known_cliente_is_imputed_each_time(any_world):
    any_world.register()
    told = [any_world.pay(f"T{n}", **SIN_FACTURA) for n in range(2)]
    assert [acuse.estado for acuse in told] == [EstadoAviso.APLICADO] * 2
    assert any_world.estado(clave()) is EstadoFactura.PENDIENTE
    assert len(any_world.rows("entrega")) == 2


def test_a_pago_sin_factura_of_an_unknown_cliente_waits_unless_the_empresa_works_without_a_base(any_world):
    any_world.configure("LUZZ", con_base=False)
    assert any_world.pay("T1", **SIN_FACTURA).estado is EstadoAviso.DESCONOCIDA
    assert any_world.pay("T1", **SIN_FACTURA, codigo_empresa="LUZZ").estado is EstadoAviso.APLICADO
    assert any_world.pay("T2", None).estado is EstadoAviso.DESCONOCIDA


def test_an_empresa_without_a_base_is_taken_at_its_word_once_for_each_factura(any_world):
    any_world.configure(con_base=False)
    told = [any_world.pay("T1", importe_centavos=77), any_world.pay("T2", importe_centavos=77)]
    assert [acuse.estado for acuse in told] == [EstadoAviso.APLICADO, EstadoAviso.YA_PAGADA]
    assert any_world.pay("T3", "F2", importe_centavos=0).estado is EstadoAviso.IMPORTE_DISTINTO
    assert any_world.money(clave()) == ["APLICADO", "EN_PUENTE"]


def test_a_factura_that_is_reported_after_its_pago_is_not_shown_as_payable(any_world):
    any_world.configure(con_base=False)
    any_world.pay("T1")
    assert any_world.register().estado is EstadoFactura.PAGADA
    assert any_world.ask(id_cliente="C1").ending == Ending(Resultado.SIN_DEUDA)
    assert any_world.reverse(id_transaccion_original="T1", id_factura="F1").estado_factura is EstadoFactura.PENDIENTE


@pytest.mark.parametrize(
    ("switched", "resultado"),
    [
        ({"activa": False}, Resultado.EMPRESA_INEXISTENTE),
        ({"servicios": frozenset()}, Resultado.SERVICIO_NO_HABILITADO),
        (None, Resultado.EMPRESA_INEXISTENTE),
    ],
)
def test_money_for_nobody_is_kept_parked_and_told_so_each_time(any_world, switched, resultado):
    any_world.register()
    if switched is None:
        del any_world.empresas["AGUA"]
    else:
        any_world.configure(**switched)
    first = any_world.pay("T1")
    assert (first.ending, first.estado) == (Ending(resultado), EstadoAviso.DESCONOCIDA)
    any_world.configure()
    assert any_world.pay("T1") == replace(first, ending=Ending(resultado, duplicado=True))
    assert any_world.money(clave()) == ["EN_PUENTE"]
    assert len(any_world.rows("alerta")) == 1


def test_the_day_of_the_payment_decides_what_was_due_not_the_day_it_arrives(any_world):
    any_world.register(vencimientos=vencimientos(100, 200))
    any_world.clock.now_utc += timedelta(days=300)
    assert any_world.pay(fecha_hora_pago_utc=NOW + timedelta(days=10), importe_centavos=200).estado is (
        EstadoAviso.APLICADO
    )


def test_without_a_payment_time_the_time_of_the_message_counts(world):
    world.register(vencimientos=vencimientos(100, 200))
    late = {"fecha_hora_mensaje_utc": NOW + timedelta(days=1)}
    assert world.pay("T1", importe_centavos=100, **late).estado is EstadoAviso.IMPORTE_DISTINTO
    assert world.pay("T2", importe_centavos=200, **late).estado is EstadoAviso.APLICADO


@pytest.mark.parametrize(
    ("importe", "abierto", "rango"),
    [
        (0, "IMPORTE_DISTINTO", "IMPORTE_DISTINTO"),
        (1, "APLICADO", "IMPORTE_DISTINTO"),
        (50, "APLICADO", "APLICADO"),
        (200000, "APLICADO", "APLICADO"),
        (200001, "APLICADO", "IMPORTE_DISTINTO"),
    ],
)
def test_open_and_ranged_importes_are_taken_within_their_limits(world, importe, abierto, rango):
    world.register("F1", tipo_importe=TipoImporte.ABIERTO)
    limits = {"importe_minimo_centavos": 50, "importe_maximo_centavos": 200000}
    world.register("F2", tipo_importe=TipoImporte.RANGO, **limits)
    told = [world.pay("T1", "F1", importe_centavos=importe), world.pay("T2", "F2", importe_centavos=importe)]
    assert [acuse.estado for acuse in told] == [abierto, rango]


def test_an_aviso_is_kept_with_every_word_it_said(any_world):
    said = {
        "id_consulta": "Q1",
        "fecha_vencimiento": NOW.date(),
        "fecha_hora_pago_utc": NOW,
        "fecha_acreditacion": NOW.date(),
        "canal": "PC",
        "nro_control": "A1B2",
        "codigo_provincia": "C01",
        "descripcion": "Pago",
    }
    any_world.pay("T1", **said)
    with any_world.ledger.read() as reading:
        ((kept, _),) = reading.pagos("AGUA", "C1", 1)
    assert kept.aviso == replace(a_pago("T1", **said), id_mensaje=kept.aviso.id_mensaje)


def test_a_message_answered_as_a_repeat_stays_one_whenever_it_comes_again(any_world):
    any_world.register()
    first = any_world.pay(None, None, codigo_movimiento=1)
    assert any_world.pay(None, None, codigo_movimiento=1, id_mensaje="B").id_aviso == first.id_aviso
    any_world.clock.now_utc += timedelta(minutes=30)
    again = any_world.pay(None, None, codigo_movimiento=1, id_mensaje="B")
    assert (again.ending, again.id_aviso) == (Ending(duplicado=True), first.id_aviso)
    assert any_world.money_of_cliente() == ["APLICADO"]


def _retire_the_code(world, old="RIOS"):
    """Let AGUA be called by a code no longer, that it was called by until yesterday."""
    world.empresas.former[old] = world.empresas["AGUA"]


def test_a_pago_repeated_under_a_code_that_is_accepted_no_more_is_the_same_pago(any_world):
    any_world.register()
    first = any_world.pay("T1")
    _retire_the_code(any_world)
    again = any_world.pay("T1", codigo_empresa="RIOS")
    assert (again.ending.resultado, again.ending.duplicado) == (Resultado.EXITOSA, True)
    assert again.id_aviso == first.id_aviso
    any_world.acknowledged.pop()  # the checker knows avisos by the code they are kept under


def test_a_reversa_under_a_code_that_is_accepted_no_more_takes_its_pago_back(any_world):
    any_world.register()
    any_world.pay("T1")
    _retire_the_code(any_world)
    any_world.reverse(id_transaccion_original="T1", codigo_empresa="RIOS")
    assert any_world.money(clave()) == ["REVERSADO"]
    any_world.acknowledged.pop()


def test_a_new_pago_under_a_code_that_is_accepted_no_more_waits_in_the_puente_of_its_empresa(any_world):
    _retire_the_code(any_world)
    acuse = any_world.pay("T1", codigo_empresa="RIOS")
    assert (acuse.ending.resultado, acuse.estado) == (Resultado.EMPRESA_INEXISTENTE, EstadoAviso.DESCONOCIDA)
    assert any_world.money_of_cliente() == ["EN_PUENTE"]
    any_world.acknowledged.pop()
