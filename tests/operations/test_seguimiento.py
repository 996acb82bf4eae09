"""«¿Dónde está mi pago?»: from any id, the whole story in order, and the next step; each empresa sees its own."""

from datetime import timedelta

import pytest
from fakes.destino import FakeDestino
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos
from fakes.sistema import FakeSistema

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.cortacircuito import Cortacircuito
from pmc_soap.domain.empresa import PoliticaConsulta, Servicio
from pmc_soap.domain.entrega import Comprobante, EstadoImputacion, NoEntregado
from pmc_soap.domain.factura import MotivoBaja
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.operations.entrega import Repartidor, Ruta
from pmc_soap.operations.historial import CASOS_MAX
from pmc_soap.operations.operador import Operador
from pmc_soap.operations.puente import Imputacion, Puente
from pmc_soap.operations.seguimiento import Clase, Pregunta, Seguimiento
from pmc_soap.storage.bandeja import SqlBandeja

MINUTE = timedelta(minutes=1)
LATE = vencimientos(150050, first=TODAY + timedelta(days=30))


class Seguidor:
    """Asks about the pagos of a world."""

    def __init__(self, world):
        self.world = world
        self.seguimiento = Seguimiento(world.ledger.historial, world.empresas)

    def find(self, *ids, codigos=("AGUA", "LUZZ")):
        return self.seguimiento.find(codigos, *ids)

    def show(self, codigo_empresa="AGUA", **said):
        return self.seguimiento.show(Pregunta(codigo_empresa=codigo_empresa, **said))

    def deliver(self, destino, nombre="erp"):
        """Let a deliverer bring what is due, by the world's clock."""
        bandeja = SqlBandeja(self.world.ledger._base, self.world.clock.now)  # noqa: SLF001
        breaker = Cortacircuito(sonda_s=0)
        ruta = Ruta(codigo_empresa="AGUA", nombre=nombre, destino=destino, codigo_vigente="AGUA", cortacircuito=breaker)
        Repartidor(bandeja, [ruta], chance=lambda: 0.5).deliver_due()

    def later(self, passed=MINUTE):
        self.world.clock.now_utc += passed


@pytest.fixture
def seguidor(sql_world):
    return Seguidor(sql_world)


def words(historia):
    return [paso.hecho.value for paso in historia.pasos]


def detail(historia, hecho):
    return [paso.detalle for paso in historia.pasos if paso.hecho == hecho]


def classes(hallado):
    return [found.clase for found in hallado.coincidencias]


def ids_of(found):
    return [caso.guardado.id_aviso for caso in found.casos]


def test_the_story_goes_from_the_factura_to_the_books_of_the_empresa_in_order_of_time(sql_world, seguidor):
    sql_world.configure(destinos=("erp",))
    sql_world.register(vencimientos=LATE)
    seguidor.later()
    consulta = sql_world.ask(id_cliente="C1").id_consulta
    seguidor.later()
    id_aviso = sql_world.pay("T1", id_consulta=consulta, canal="HB").id_aviso
    seguidor.later()
    sql_world.pay("T1", id_consulta=consulta, canal="HB", fecha_hora_mensaje_utc=NOW + 2 * MINUTE)
    erp = FakeDestino()
    erp.error = NoEntregado("no contesta")
    seguidor.deliver(erp)
    erp.error = None
    seguidor.later()
    seguidor.deliver(erp)
    told = seguidor.show(id_aviso=id_aviso)
    assert words(told) == [
        "FACTURA_INFORMADA",
        "CONSULTADA",
        "AVISO_RECIBIDO",
        "JUZGADO",
        "EN_BANDEJA",
        "REPETIDO",
        "INTENTO_FALLIDO",
        "ENTREGADO",
    ]
    assert [paso.detalle for paso in told.pasos] == [
        "La empresa dio de alta la factura en línea.",
        f"La consulta {consulta} mostró $ 1.500,50 desde la base que la empresa informó. El aviso la cita.",
        "PagoMisCuentas avisó un pago de $ 1.500,50, hecho el 10/03/2026 12:32 por el canal HB.",
        "Se imputó a la factura F1.",
        "Quedó para entregar a «erp».",
        "El mismo aviso llegó otra vez: no tuvo un nuevo efecto.",
        "No se pudo entregar a «erp»: no contesta.",
        f"Se entregó a «erp» y quedó imputado, con el comprobante C-{id_aviso}.",
    ]
    assert (told.estado, told.proximos) == ("APLICADO", ("Nada que hacer: está imputado y la empresa ya lo tiene.",))
    times = [paso.fecha_hora_utc for paso in told.pasos]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"importe_centavos": 1}, "el importe no es el que se debía"),
        ({"moneda": "USD"}, "no es un pago en pesos"),
        ({"id_factura": "nope"}, "la empresa no informó lo que se pagó"),
        ({"id_factura": "F2"}, "la factura está dada de baja o fue reemplazada por otra"),
        ({"id_factura": "F3"}, "la factura ya estaba paga; es un pago adicional"),
        ({"fecha_hora_pago_utc": NOW + timedelta(days=90)}, "la factura ya había pasado su último vencimiento"),
    ],
)
def test_what_waits_in_the_puente_is_told_with_its_reason_and_what_the_operator_can_do(
    sql_world, seguidor, said, because
):
    for id_factura in ("F1", "F2", "F3"):
        sql_world.register(id_factura, vencimientos=LATE)
    sql_world.facturas.withdraw(clave("F2"), MotivoBaja.ANULADA)
    sql_world.pay("T0", "F3")
    id_aviso = sql_world.pay("T1", **said).id_aviso
    told = seguidor.find("T1").historia
    assert detail(told, "JUZGADO") == [f"Quedó en el puente, sin imputar: {because}."]
    assert told.estado == "EN_PUENTE"
    (step,) = told.proximos
    assert f"pmc-soap puente apply {id_aviso}" in step
    assert f"pmc-soap puente return {id_aviso}" in step


def test_another_currency_is_named(sql_world, seguidor):
    sql_world.pay("T1", moneda="USD")
    (told,) = detail(seguidor.find("T1").historia, "AVISO_RECIBIDO")
    assert "un pago de USD 1.500,50" in told


def test_a_reversa_is_part_of_the_story_of_its_pago_from_whichever_id_it_is_asked(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    pago = sql_world.pay("T1")
    seguidor.later()
    reversa = sql_world.reverse("R1", id_transaccion_original="T1")
    by_pago, by_reversa = seguidor.show(id_aviso=pago.id_aviso), seguidor.show(id_aviso=reversa.id_aviso)
    assert by_pago.pasos == by_reversa.pasos
    assert words(by_pago)[-3:] == ["REVERSA_RECIBIDA", "REVERSADO", "EN_BANDEJA"]
    assert (by_pago.estado, by_reversa.estado) == ("REVERSADO", "APLICADO")
    assert (by_pago.caso.guardado.id_aviso, by_reversa.caso.guardado.id_aviso) == (pago.id_aviso, reversa.id_aviso)
    assert ids_of(seguidor.find("R1").coincidencias[0]) == [pago.id_aviso]


def test_a_reversa_that_came_before_its_pago_is_alone_until_the_pago_comes(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    sql_world.reverse("R1", id_transaccion_original="T1")
    alone = seguidor.find("R1").historia
    assert (words(alone), alone.estado) == (["REVERSA_RECIBIDA", "JUZGADO"], "DESCONOCIDA")
    assert "Nada que hacer: si el pago llega más tarde" in alone.proximos[0]
    seguidor.later()
    sql_world.pay("T1", fecha_hora_pago_utc=NOW)
    for id_ in ("R1", "T1"):
        together = seguidor.find(id_).historia
        assert words(together)[:2] == ["FACTURA_INFORMADA", "REVERSA_RECIBIDA"]
        assert detail(together, "JUZGADO")[-1] == "No se imputó: su reversa había llegado antes."


def test_a_reversa_without_effect_says_why_and_whom_to_ask(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    id_aviso = sql_world.pay("T1").id_aviso
    sql_world.reverse("R1", id_transaccion_original="T1", importe_centavos=1)
    told = seguidor.show(id_aviso=id_aviso)
    assert detail(told, "JUZGADO")[-1] == "La reversa no tuvo efecto: su importe no es el del pago."
    assert told.proximos[0] == "Aclarar con PagoMisCuentas el importe: la reversa no tuvo efecto."


def test_a_conflict_is_told_in_the_story_of_the_pago_whose_identity_it_took(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    first = sql_world.pay("T1")
    conflict = sql_world.pay("T1", importe_centavos=1)
    assert conflict.estado is EstadoAviso.CONFLICTO
    told = seguidor.show(id_aviso=first.id_aviso)
    assert conflict.id_aviso in detail(told, "CONFLICTO")[0]
    own = seguidor.show(id_aviso=conflict.id_aviso)
    assert own.estado == "EN_PUENTE"
    assert detail(own, "JUZGADO") == [
        "Quedó en el puente, sin imputar: repite la identificación de otro aviso, con otros datos."
    ]


def test_what_the_empresa_comes_for_waits_for_the_empresa(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    sql_world.pay("T1")
    told = seguidor.find("T1").historia
    assert detail(told, "EN_BANDEJA") == ["Quedó en la bandeja, para que la empresa lo retire."]
    assert told.proximos == ("La empresa tiene que retirarlo con ObtenerAvisos y confirmarlo con ConfirmarAvisos.",)


def test_what_could_not_be_delivered_says_when_it_is_tried_again_and_who_goes_before(sql_world, seguidor):
    sql_world.configure(destinos=("erp",))
    for id_factura in ("F1", "F2"):
        sql_world.register(id_factura, vencimientos=LATE)
    sql_world.pay("T1")
    sql_world.pay("T2", "F2")
    erp = FakeDestino()
    erp.error = NoEntregado("no contesta", retry_after=10 * MINUTE)
    seguidor.deliver(erp)
    assert seguidor.find("T1").historia.proximos == (
        "Esperar: el próximo intento de entrega a «erp» es el 10/03/2026 12:40:12.",
    )
    assert seguidor.find("T2").historia.proximos == ("Esperar: para «erp», antes va otro aviso del mismo cliente.",)


def test_what_was_stopped_names_the_command_that_sends_it_again(sql_world, seguidor):
    sql_world.configure(destinos=("erp",))
    sql_world.register(vencimientos=LATE)
    id_aviso = sql_world.pay("T1").id_aviso
    erp = FakeDestino()
    erp.error = NoEntregado("no la quiere", permanente=True)
    for _ in range(3):
        seguidor.deliver(erp)
        seguidor.later(timedelta(hours=1))
    told = seguidor.find("T1").historia
    assert words(told)[-1] == "DETENIDO"
    operador = Operador(sql_world.ledger, sql_world.ledger.mostrador, sql_world.empresas, sql_world.clock)
    operador.resend(id_aviso, motivo="ya la quiere", operador="ana")
    assert words(seguidor.find("T1").historia)[-2:] == ["DETENIDO", "OPERADOR"]  # what happened stays told
    assert len(detail(told, "INTENTO_FALLIDO")) == 3
    again = f"pmc-soap avisos resend {id_aviso} --destino erp"
    assert told.proximos == (f"Resolver por qué se detuvo y volver a enviarlo: {again}",)


def test_what_was_delivered_once_keeps_its_comprobante_when_it_is_delivered_again(sql_world, seguidor):
    sql_world.configure(destinos=("erp",))
    sql_world.register(vencimientos=LATE)
    id_aviso = sql_world.pay("T1").id_aviso
    seguidor.deliver(FakeDestino())
    operador = Operador(sql_world.ledger, sql_world.ledger.mostrador, sql_world.empresas, sql_world.clock)
    operador.resend(id_aviso, motivo="se perdió", operador="ana")
    seguidor.later()
    first = f"Se entregó a «erp» y quedó imputado, con el comprobante C-{id_aviso}."
    assert detail(seguidor.find("T1").historia, "ENTREGADO") == [first]


def test_who_takes_an_aviso_without_imputing_it_yet_is_not_said_to_have_imputed_it(sql_world, seguidor):
    sql_world.configure(destinos=("cola",))
    sql_world.register(vencimientos=LATE)
    sql_world.pay("T1")

    class Queue:
        def deliver(self, envio):  # noqa: ARG002 — the port says more than a queue needs
            return Comprobante(motivo="la empresa lo imputa cuando lo toma")

    seguidor.deliver(Queue(), "cola")
    told = seguidor.find("T1").historia
    assert detail(told, "ENTREGADO") == ["Se entregó a «cola»: la empresa lo imputa cuando lo toma."]


def test_what_the_empresa_refused_is_told_with_its_reason(sql_world, seguidor):
    sql_world.configure(destinos=("erp",))
    sql_world.register(vencimientos=LATE)
    sql_world.pay("T1")

    class Refusing:
        def deliver(self, envio):  # noqa: ARG002 — the port says more than a refusal needs
            return Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="cuenta cerrada")

    seguidor.deliver(Refusing())
    told = seguidor.find("T1").historia
    assert detail(told, "RECHAZADO_POR_LA_EMPRESA") == ["Se entregó a «erp», y la empresa lo rechazó: cuenta cerrada."]
    assert "Aclarar con la empresa por qué lo rechazó" in told.proximos[0]


def test_a_long_outage_is_told_by_its_ends(sql_world, seguidor):
    sql_world.configure(destinos=("erp",))
    sql_world.register(vencimientos=LATE)
    sql_world.pay("T1")
    erp = FakeDestino()
    for n in range(1, 10):
        erp.error = NoEntregado(f"motivo {n}")
        seguidor.deliver(erp)
        seguidor.later(timedelta(hours=8))
    told = detail(seguidor.find("T1").historia, "INTENTO_FALLIDO")
    assert [text.partition(": ")[2] for text in told] == [
        "motivo 1.",
        "motivo 2.",
        "motivo 3.",
        "motivo 7. Antes fallaron 3 intentos más.",
        "motivo 8.",
        "motivo 9.",
    ]


def test_what_an_operator_did_is_told_in_his_words_and_his_name_is_beside_them(sql_world, seguidor):
    sql_world.register("F1", vencimientos=LATE)
    puente = Puente(sql_world.ledger, sql_world.empresas, sql_world.clock)
    applied, returned = (sql_world.pay(id_, "nope").id_aviso for id_ in ("T1", "T2"))
    seguidor.later()
    puente.apply(applied, Imputacion(id_factura="F1"), motivo="lo pidió el cliente", operador="ana")
    puente.return_(returned, motivo="no era suyo", operador="ana")
    told = seguidor.show(id_aviso=applied)
    (step,) = [paso for paso in told.pasos if paso.hecho == "OPERADOR"]
    assert (step.operador, "lo pidió el cliente" in step.detalle, "ana" in step.detalle) == ("ana", True, False)
    assert told.estado == "APLICADO"
    assert words(told)[0] == "FACTURA_INFORMADA"  # the factura that it was applied to
    assert seguidor.show(id_aviso=returned).proximos == ("Nada que hacer: el dinero se devolvió.",)
    assert seguidor.show(id_cliente="C1", id_factura="F1").caso.guardado.id_aviso == applied


def test_the_second_instance_is_named_as_who_told_of_the_factura(sql_world, seguidor):
    sql_world.configure(politica_consulta=PoliticaConsulta.EMPRESA_LUEGO_BASE)
    sql_world.connect(FakeSistema(a_factura(vencimientos=LATE)))
    sql_world.ask(id_cliente="C1")
    sql_world.pay("T1")
    told = seguidor.find("T1").historia
    assert detail(told, "FACTURA_INFORMADA") == ["El sistema de la empresa informó la factura al ser consultado."]
    assert "desde el sistema de la empresa" in detail(told, "CONSULTADA")[0]


def test_each_id_finds_the_story_and_says_what_it_is(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    consulta = sql_world.ask(id_cliente="C1").id_consulta
    id_aviso = sql_world.pay("T1").id_aviso
    for id_, clase in (
        (id_aviso, Clase.ID_AVISO),
        ("T1", Clase.ID_TRANSACCION),
        (consulta, Clase.ID_CONSULTA),
        ("F1", Clase.ID_FACTURA),
        ("C1", Clase.ID_CLIENTE),
    ):
        found = seguidor.find(id_)
        assert classes(found) == [clase]
        assert found.historia.caso.guardado.id_aviso == id_aviso
    assert seguidor.find("C1", "F1").historia.caso.guardado.id_aviso == id_aviso
    assert seguidor.find("nope") == seguidor.find("C1", "nope")
    assert seguidor.find("nope").coincidencias == ()


def test_an_id_that_is_several_things_is_first_the_aviso_then_the_transaccion_and_so_on(sql_world, seguidor):
    sql_world.register("A3", "A3", vencimientos=LATE)
    sql_world.register("A1", vencimientos=LATE)
    first = sql_world.pay("A2", "A1").id_aviso  # A1
    sql_world.pay("A3", "A3", id_cliente="A3")  # A2
    third = sql_world.pay("T3", "nope").id_aviso  # A3
    assert classes(seguidor.find("A1")) == [Clase.ID_AVISO, Clase.ID_FACTURA]
    assert classes(seguidor.find("A2")) == [Clase.ID_AVISO, Clase.ID_TRANSACCION]
    found = seguidor.find("A3")
    assert classes(found) == [Clase.ID_AVISO, Clase.ID_TRANSACCION, Clase.ID_FACTURA, Clase.ID_CLIENTE]
    assert found.historia.caso.guardado.id_aviso == third
    assert seguidor.find("A1").historia.caso.guardado.id_aviso == first


def test_of_a_cliente_with_many_pagos_the_newest_are_listed_and_none_is_told(sql_world, seguidor):
    paid = [sql_world.pay(f"T{n}", f"F{n}").id_aviso for n in range(CASOS_MAX + 2)]
    found = seguidor.find("C1")
    assert found.historia is None
    assert ids_of(found.coincidencias[0]) == paid[::-1][:CASOS_MAX]


def test_of_a_factura_that_was_paid_twice_the_live_pago_is_told_and_the_other_is_listed(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    live, extra = sql_world.pay("T1").id_aviso, sql_world.pay("T2").id_aviso
    found = seguidor.find("F1")
    assert (found.historia.caso.guardado.id_aviso, ids_of(found.coincidencias[0])) == (live, [extra, live])
    assert seguidor.show(id_cliente="C1", id_factura="F1").caso.guardado.id_aviso == live
    sql_world.reverse("R1", id_transaccion_original="T1")
    assert seguidor.show(id_cliente="C1", id_factura="F1").caso.guardado.id_aviso == extra


def test_a_factura_and_a_consulta_that_nobody_paid_have_a_story_too(sql_world, seguidor):
    sql_world.register(vencimientos=LATE)
    consulta = sql_world.ask(id_factura="F1").id_consulta
    unpaid = seguidor.find("F1")
    assert words(unpaid.historia) == ["FACTURA_INFORMADA", "CONSULTADA"]
    assert unpaid.historia.proximos == ("Nada que hacer: todavía no llegó ningún pago.",)
    found = seguidor.find(consulta)
    assert (classes(found), found.coincidencias[0].casos, found.historia) == ([Clase.ID_CONSULTA], (), None)


def test_a_consulta_finds_the_pago_that_quotes_it_else_those_of_its_24_hours(sql_world, seguidor):
    for id_factura in ("F1", "F2"):
        sql_world.register(id_factura, vencimientos=LATE)
    consulta = sql_world.ask(id_cliente="C1").id_consulta
    guessed = sql_world.pay("T1", "F1").id_aviso
    assert ids_of(seguidor.find(consulta).coincidencias[0]) == [guessed]
    seguidor.later(timedelta(days=3))
    quoting = sql_world.pay("T2", "F2", id_consulta=consulta).id_aviso
    assert ids_of(seguidor.find(consulta).coincidencias[0]) == [quoting]


def test_two_empresas_cannot_see_each_other(sql_world, seguidor):
    sql_world.configure("LUZZ")
    sql_world.register(vencimientos=LATE)
    consulta = sql_world.ask(id_cliente="C1").id_consulta
    id_aviso = sql_world.pay("T1").id_aviso
    for said in (
        {"id_aviso": id_aviso},
        {"id_transaccion": "T1"},
        {"id_cliente": "C1", "id_factura": "F1"},
    ):
        with pytest.raises(Rejected) as refused:
            seguidor.show("LUZZ", **said)
        assert refused.value.ending.resultado is Resultado.PAGO_INEXISTENTE
        assert seguidor.show("AGUA", **said).caso.guardado.id_aviso == id_aviso
    for ids in ((id_aviso,), ("T1",), (consulta,), ("F1",), ("C1",), ("C1", "F1")):
        assert seguidor.find(*ids, codigos=["LUZZ"]).coincidencias == ()
        assert seguidor.find(*ids).coincidencias != ()


def test_a_quote_of_anothers_consulta_tells_nothing_of_it(sql_world, seguidor):
    sql_world.configure("LUZZ")
    sql_world.register(codigo_empresa="LUZZ", vencimientos=LATE)
    theirs = sql_world.ask(codigo_empresa="LUZZ", id_cliente="C1").id_consulta
    sql_world.pay("T1", id_consulta=theirs)
    assert detail(seguidor.find("T1").historia, "CONSULTADA") == []


@pytest.mark.parametrize(
    ("said", "campo"),
    [({}, "IdAviso"), ({"id_cliente": "C1"}, "IdFactura"), ({"id_factura": "F1"}, "IdCliente")],
)
def test_a_question_without_an_id_names_the_one_that_is_missing(seguidor, said, campo):
    with pytest.raises(Rejected) as refused:
        seguidor.show(**said)
    assert (refused.value.ending.resultado, refused.value.ending.campo) == (Resultado.DATO_INVALIDO, campo)


def test_an_empresa_without_the_service_is_told_so_before_anything_else(sql_world, seguidor):
    sql_world.configure("LUZZ", servicios=frozenset({Servicio.ALTA}))
    for codigo, resultado in (
        ("LUZZ", Resultado.SERVICIO_NO_HABILITADO),
        ("NADA", Resultado.EMPRESA_INEXISTENTE),
    ):
        with pytest.raises(Rejected) as refused:
            seguidor.show(codigo)
        assert refused.value.ending.resultado is resultado
