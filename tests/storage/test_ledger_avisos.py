"""Avisos, their money and what follows from them, over the fake, SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from fakes.examples import NOW, a_factura, a_pago, a_reversa, clave, kept, vencimientos

from pmc_soap.domain.aviso import EstadoAviso, EstadoPago, MotivoReversa, Pago, TipoAviso, huella
from pmc_soap.domain.consulta import Busqueda, Consulta, Oferta, Origen, Respuesta
from pmc_soap.domain.factura import Exigible
from pmc_soap.domain.importe import MAX_CENTAVOS
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.ports import Collision
from pmc_soap.storage.ledger import DemasiadasColisiones

ARGENTINE = datetime(2026, 3, 10, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-3)))
FULL_PAGO = a_pago(
    id_consulta="Q1",
    importe_centavos=MAX_CENTAVOS,
    codigo_movimiento=2,
    fecha_vencimiento=date(2026, 3, 20),
    fecha_hora_pago_utc=ARGENTINE,
    fecha_acreditacion=date(2026, 3, 12),
    canal="HB",
    nro_control="0042",
    codigo_provincia="C",
    descripcion="débito",
)
FULL_REVERSA = a_reversa(
    id_transaccion_original="T1",
    id_factura="F1",
    fecha_hora_original_utc=ARGENTINE,
    nro_control_original="0042",
    motivo=MotivoReversa.TIMEOUT,
)


def _keep(tx, aviso, id_aviso="A1", estado=EstadoPago.APLICADO, **said):
    tx.keep(kept(aviso, id_aviso, **said))
    if aviso.tipo is TipoAviso.PAGO:
        tx.add_pago(id_aviso, aviso.clave, estado)


@pytest.mark.parametrize("aviso", [FULL_PAGO, FULL_REVERSA, a_pago(None, None), a_reversa()])
def test_an_aviso_comes_back_as_it_was_kept(write, read, aviso):
    guardado = kept(aviso, estado=EstadoAviso.IMPORTE_DISTINTO, resultado=Resultado.IMPORTE_REVERSA_DISTINTO)
    write(lambda tx: tx.keep(guardado))
    found = read(lambda r: r.aviso_by_identidad("AGUA", aviso.tipo, guardado.identidad))
    assert found == replace(guardado, secuencia=found.secuencia)
    assert found.fecha_hora_utc.utcoffset() == timedelta()
    assert found.secuencia > 0


def test_the_ledger_numbers_avisos_in_the_order_kept(write, read):
    for n in range(3):
        write(lambda tx, n=n: _keep(tx, a_pago(f"T{n}", None), f"A{n}"))
    numbers = [guardado.secuencia for guardado, _ in read(lambda r: r.pagos("AGUA", "C1", 10))]
    assert sorted(set(numbers), reverse=True) == numbers


def test_an_identity_is_kept_once_for_each_empresa_and_tipo(ledger, write, read):
    write(lambda tx: tx.keep(kept(a_pago("T1"))))
    write(lambda tx: tx.keep(kept(a_reversa("T1"), "A2", original="A1")))
    ledger.write("LUZZ", "C1", lambda tx: tx.keep(kept(a_pago("T1", codigo_empresa="LUZZ"), "A3")))
    with pytest.raises(DemasiadasColisiones):
        write(lambda tx: tx.keep(kept(a_pago("T1"), "A4")))
    assert read(lambda r: r.aviso_by_identidad("AGUA", TipoAviso.PAGO, "T:T1")).id_aviso == "A1"
    assert read(lambda r: r.aviso_by_identidad("AGUA", TipoAviso.REVERSA, "T:T1")).id_aviso == "A2"
    assert read(lambda r: r.aviso_by_identidad("AGUA", TipoAviso.PAGO, "T:T9")) is None


def test_the_fingerprint_finds_the_newest_aviso_without_id_of_its_tipo(write, read):
    anonymous = a_pago(None)
    for n in range(3):
        write(lambda tx, n=n: tx.keep(kept(replace(anonymous, id_mensaje=f"M{n}"), f"A{n}")))
    write(lambda tx: tx.keep(kept(a_pago("T1"), "with id")))
    assert read(lambda r: r.avisos_by_huella("AGUA", TipoAviso.PAGO, huella(anonymous)))[0].id_aviso == "A2"
    assert read(lambda r: r.avisos_by_huella("AGUA", TipoAviso.REVERSA, huella(anonymous))) == []
    assert read(lambda r: r.avisos_by_huella("LUZZ", TipoAviso.PAGO, huella(anonymous))) == []


def test_the_money_of_an_aviso_is_found_by_its_id(write, read):
    write(lambda tx: _keep(tx, a_pago("T1"), "A1"))
    assert read(lambda r: r.pago("A1")) == Pago(id_aviso="A1", estado=EstadoPago.APLICADO, clave=clave())
    assert read(lambda r: r.pago("A9")) is None


def test_what_waits_for_its_pago_are_the_reversas_that_met_none_oldest_first(write, read):
    unknown = {"estado": EstadoAviso.DESCONOCIDA, "resultado": Resultado.PAGO_INEXISTENTE}
    write(lambda tx: tx.keep(kept(a_reversa("R1"), "A1", **unknown)))
    write(lambda tx: tx.keep(kept(a_reversa("R2"), "A2", **unknown)))
    write(lambda tx: tx.keep(kept(a_reversa("R3"), "A3")))
    write(lambda tx: tx.keep(kept(a_reversa("R4", id_cliente="C2"), "A4", **unknown)))
    assert [g.id_aviso for g in read(lambda r: r.unmet("AGUA", "C1", NOW))] == ["A1", "A2"]
    write(lambda tx: tx.keep(kept(a_pago("T1"), "A5", original="A1")))
    write(lambda tx: tx.keep(kept(a_reversa("R5"), "A6", original="A2")))
    assert [g.id_aviso for g in read(lambda r: r.unmet("AGUA", "C1", NOW))] == ["A2"]


def test_a_factura_has_at_most_one_live_pago(write, read):
    write(lambda tx: _keep(tx, a_pago("T1"), "A1"))
    with pytest.raises(DemasiadasColisiones):
        write(lambda tx: _keep(tx, a_pago("T2"), "A2"))
    write(lambda tx: _keep(tx, a_pago("T3"), "A3", EstadoPago.EN_PUENTE))
    with pytest.raises(DemasiadasColisiones):
        write(lambda tx: tx.move_pago("A3", EstadoPago.EN_PUENTE, EstadoPago.APLICADO))
    assert read(lambda r: r.pago_vivo(clave())).id_aviso == "A1"
    assert read(lambda r: r.aviso_by_identidad("AGUA", TipoAviso.PAGO, "T:T2")) is None


def test_a_factura_can_be_paid_again_after_a_reversa(write, read):
    write(lambda tx: _keep(tx, a_pago("T1"), "A1"))
    write(lambda tx: tx.move_pago("A1", EstadoPago.APLICADO, EstadoPago.REVERSADO))
    assert read(lambda r: r.pago_vivo(clave())) is None
    write(lambda tx: _keep(tx, a_pago("T2"), "A2"))
    assert read(lambda r: r.pago_vivo(clave())).id_aviso == "A2"
    assert [(guardado.id_aviso, pago.estado) for guardado, pago in read(lambda r: r.pagos_of(clave()))] == [
        ("A1", EstadoPago.REVERSADO),
        ("A2", EstadoPago.APLICADO),
    ]


def test_a_cliente_pays_any_number_of_times_without_factura(write, read):
    for n in range(3):
        write(lambda tx, n=n: _keep(tx, a_pago(f"T{n}", None), f"A{n}"))
    write(lambda tx: _keep(tx, a_pago("other", None, id_cliente="C2"), "A9"))
    assert [guardado.id_aviso for guardado, _ in read(lambda r: r.pagos("AGUA", "C1", 2))] == ["A2", "A1"]
    assert {EstadoPago.APLICADO} == {pago.estado for _, pago in read(lambda r: r.pagos("AGUA", "C1", 9))}


def test_a_pago_moves_only_from_the_state_it_is_in(write):
    write(lambda tx: _keep(tx, a_pago("T1"), "A1", EstadoPago.EN_PUENTE))

    def twice(tx):
        tx.move_pago("A1", EstadoPago.EN_PUENTE, EstadoPago.DEVUELTO)
        with pytest.raises(Collision):
            tx.move_pago("A1", EstadoPago.EN_PUENTE, EstadoPago.APLICADO)

    write(twice)


def test_money_without_an_aviso_is_refused(write):
    with pytest.raises(LookupError):
        write(lambda tx: tx.add_pago("nobody", None, EstadoPago.APLICADO))


def test_an_aviso_is_owed_once_to_each_destination(ledger, write):
    write(lambda tx: tx.keep(kept(a_pago())))
    write(lambda tx: tx.owe(kept(a_pago()), ("pull", "erp", "pull"), NOW))
    owed = [(row["id_aviso"], row["destino"], row["estado"]) for row in ledger.rows("entrega")]
    assert owed == [("A1", "pull", "PENDIENTE"), ("A1", "erp", "PENDIENTE")]
    with pytest.raises(DemasiadasColisiones):
        write(lambda tx: tx.owe(kept(a_pago()), ("erp",), NOW))


def test_an_empresa_without_destinations_is_owed_nothing(ledger, write):
    write(lambda tx: tx.keep(kept(a_pago())))
    write(lambda tx: tx.owe(kept(a_pago()), (), NOW))
    assert ledger.rows("entrega") == []


def test_repeats_alerts_and_unreadable_avisos_are_written_down(ledger, write):
    write(lambda tx: tx.keep(kept(a_pago())))
    write(lambda tx: tx.note_repeat("A1", "M7", NOW))
    write(lambda tx: tx.note_repeat("A1", "M8", NOW))
    write(lambda tx: tx.alert("AGUA", "CONFLICTO", "A1", NOW))
    write(lambda tx: tx.alert("AGUA", "ILEGIBLE", None, NOW))
    write(lambda tx: tx.keep_unreadable("AGUA", "P1", b"\x00<\xff", NOW))
    assert [row["id_mensaje"] for row in ledger.rows("repeticion")] == ["M7", "M8"]
    assert [(r["motivo"], r["id_aviso"]) for r in ledger.rows("alerta")] == [("CONFLICTO", "A1"), ("ILEGIBLE", None)]
    assert [(r["cuerpo"], r["fecha_hora_utc"]) for r in ledger.rows("aviso_ilegible")] == [(b"\x00<\xff", NOW)]


def test_a_consulta_leaves_its_quotes(ledger):
    consulta = Consulta(busqueda=Busqueda(codigo_empresa="AGUA", id_cliente="C1"), id_mensaje="M1")
    ofertas = tuple(
        Oferta(
            factura=a_factura(f"F{n}", vencimientos=vencimientos(n)), exigible=Exigible(numero=1, importe_centavos=n)
        )
        for n in (7, 8)
    )
    ledger.record_consulta(
        consulta,
        Respuesta(ending=Ending(), id_consulta="Q1", fecha_hora_utc=NOW, ofertas=ofertas, origen=Origen.BASE),
        1,
    )
    nothing = Ending(Resultado.SIN_DEUDA, campo="IdCliente")
    ledger.record_consulta(consulta, Respuesta(ending=nothing, id_consulta="Q2", fecha_hora_utc=NOW), 1)
    assert {r["id_consulta"]: r["resultado"] for r in ledger.rows("consulta")} == {"Q1": "EXITOSA", "Q2": "SIN_DEUDA"}
    assert [(row["id_consulta"], row["orden"], row["importe_centavos"]) for row in ledger.rows("cotizacion")] == [
        ("Q1", 1, 7),
        ("Q1", 2, 8),
    ]
