"""The empresa comes for its avisos and confirms them: at least once, in order, and a cursor skips none."""

import random
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from fakes.examples import clave

from pmc_soap.domain.empresa import Servicio
from pmc_soap.domain.entrega import Comprobante, EstadoImputacion
from pmc_soap.domain.resultado import Ending, Rejected, Resultado
from pmc_soap.operations.avisos import LOTE, Confirmacion, Pedido, Retiros
from pmc_soap.operations.ports import Unavailable
from pmc_soap.operations.puente import Imputacion, Puente

REJECTED = Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="No es cliente nuestro")


@pytest.fixture
def retiros(sql_world):
    return Retiros(sql_world.ledger, sql_world.ledger.retiro, sql_world.empresas, sql_world.clock)


def come(retiros, codigo_empresa="AGUA", **said):
    return retiros.pending(Pedido(codigo_empresa=codigo_empresa, **said))


def ids(entregados):
    return [retirado.guardado.id_aviso for retirado in entregados.avisos]


def secuencias(entregados):
    return [retirado.secuencia for retirado in entregados.avisos]


def confirm(retiros, *ids_aviso, comprobante=None, codigo_empresa="AGUA"):
    said = comprobante or Comprobante(nro_comprobante="R-1")
    return retiros.confirm(codigo_empresa, [Confirmacion(id_aviso=each, comprobante=said) for each in ids_aviso])


def pay(world, *numbers):
    """Pay a factura of each number, one for each cliente."""
    for n in numbers:
        world.register(f"F{n}", f"C{n}")
    return [world.pay(f"T{n}", f"F{n}", id_cliente=f"C{n}").id_aviso for n in numbers]


def insist(work, times=20):
    """Ask again where a loaded machine was too slow: that is safe, and an empresa does so too."""
    for _ in range(times - 1):
        try:
            return work()
        except Unavailable:
            continue
    return work()


def test_an_empresa_that_is_owed_nothing_gets_an_empty_list(retiros):
    assert (ids(come(retiros)), come(retiros).ultima_secuencia, come(retiros).hay_mas) == ([], 0, False)
    assert come(retiros, desde=7).ultima_secuencia == 7


def test_avisos_come_in_order_and_the_same_until_they_are_confirmed(sql_world, retiros):
    paid = pay(sql_world, 1, 2, 3)
    first = come(retiros)
    assert (ids(first), secuencias(first), first.ultima_secuencia, first.hay_mas) == (paid, [1, 2, 3], 3, False)
    assert come(retiros) == first
    assert confirm(retiros, paid[1]) == [Ending()]
    assert ids(come(retiros)) == [paid[0], paid[2]]
    assert ids(come(retiros, solo_pendientes=False)) == paid


def test_a_cursor_reads_on_and_is_told_whether_there_is_more(sql_world, retiros):
    paid = pay(sql_world, 1, 2, 3)
    first = come(retiros, maximo=2)
    assert (ids(first), first.ultima_secuencia, first.hay_mas) == (paid[:2], 2, True)
    rest = come(retiros, maximo=2, desde=first.ultima_secuencia)
    assert (ids(rest), rest.ultima_secuencia, rest.hay_mas) == (paid[2:], 3, False)


def test_exactly_as_many_as_asked_for_is_not_more(sql_world, retiros):
    pay(sql_world, 1, 2)
    assert come(retiros, maximo=2).hay_mas is False


def test_a_long_line_is_numbered_in_several_steps(sql_world, retiros, monkeypatch):
    monkeypatch.setattr("pmc_soap.storage.retiro.NUMBERED_MAX", 2)
    paid = pay(sql_world, *range(5))
    assert ids(come(retiros)) == paid
    assert secuencias(come(retiros)) == [1, 2, 3, 4, 5]


def test_a_reversa_names_its_pago_and_carries_what_the_pago_was_assigned_to(sql_world, retiros):
    sql_world.register("F1")
    sql_world.register("F2", "C2")
    pago = sql_world.pay("T1", "F1", canal="PC", nro_control="0042")
    again = sql_world.pay("T2", "F1")
    puente = Puente(sql_world.ledger, sql_world.empresas, sql_world.clock)
    puente.apply(again.id_aviso, Imputacion(id_cliente="C2", id_factura="F2"), motivo="otra", operador="ana")
    reversa = sql_world.reverse(id_transaccion_original="T2")
    told = come(retiros).avisos
    assert [each.guardado.id_aviso for each in told] == [pago.id_aviso, again.id_aviso, reversa.id_aviso]
    assert [(each.id_cliente, each.id_factura, each.moneda) for each in told] == [
        ("C1", "F1", "ARS"),
        ("C2", "F2", "ARS"),
        ("C2", "F2", "ARS"),
    ]
    assert told[2].guardado.original == again.id_aviso


def test_each_empresa_has_its_own_numbers_and_sees_only_its_own(sql_world, retiros):
    sql_world.configure("LUCE")
    sql_world.register("F1")
    sql_world.register("F1", codigo_empresa="LUCE")
    of_agua = sql_world.pay("T1").id_aviso
    of_luce = sql_world.pay("T1", codigo_empresa="LUCE").id_aviso
    assert (ids(come(retiros)), secuencias(come(retiros))) == ([of_agua], [1])
    assert (ids(come(retiros, "LUCE")), secuencias(come(retiros, "LUCE"))) == ([of_luce], [1])
    assert confirm(retiros, of_luce) == [Ending(Resultado.PAGO_INEXISTENTE)]
    assert ids(come(retiros, "LUCE")) == [of_luce]


def test_the_first_word_on_an_aviso_stands(sql_world, retiros):
    [paid] = pay(sql_world, 1)
    assert confirm(retiros, paid) == [Ending()]
    assert confirm(retiros, paid) == [Ending(duplicado=True)]
    other = Comprobante(nro_comprobante="R-2")
    assert confirm(retiros, paid, comprobante=other) == [Ending(Resultado.TRANSACCION_DISTINTA)]
    assert confirm(retiros, paid, comprobante=REJECTED) == [Ending(Resultado.TRANSACCION_DISTINTA)]
    [row] = sql_world.rows("entrega")
    assert (row["estado"], row["respuesta"], row["nro_comprobante"]) == ("ENTREGADA", "IMPUTADO", "R-1")
    assert [row["resultado"] for row in sql_world.rows("intento")] == ["IMPUTADO"]


def test_within_one_message_the_first_word_stands_as_well(sql_world, retiros):
    [paid] = pay(sql_world, 1)
    said = [Comprobante(), Comprobante(), REJECTED]
    told = retiros.confirm("AGUA", [Confirmacion(id_aviso=paid, comprobante=each) for each in said])
    assert told == [Ending(), Ending(duplicado=True), Ending(Resultado.TRANSACCION_DISTINTA)]


def test_what_is_rejected_is_alerted_once(sql_world, retiros):
    [paid] = pay(sql_world, 1)
    assert confirm(retiros, paid, comprobante=REJECTED) == [Ending()]
    confirm(retiros, paid, comprobante=REJECTED)
    assert [(row["motivo"], row["id_aviso"]) for row in sql_world.rows("alerta")] == [("ENTREGA_RECHAZADA", paid)]
    [row] = sql_world.rows("entrega")
    assert (row["respuesta"], row["motivo"]) == ("RECHAZADO", "No es cliente nuestro")


def test_each_item_has_its_own_ending_in_the_same_order(sql_world, retiros):
    first, second = pay(sql_world, 1, 2)
    long = Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="x" * 101)
    said = [
        Confirmacion(id_aviso="nunca", comprobante=Comprobante()),
        Confirmacion(id_aviso=second, comprobante=long),
        Confirmacion(id_aviso=first, comprobante=Comprobante()),
    ]
    assert retiros.confirm("AGUA", said) == [
        Ending(Resultado.PAGO_INEXISTENTE),
        Ending(Resultado.DATO_INVALIDO, campo="Motivo"),
        Ending(),
    ]
    assert ids(come(retiros)) == [second]


def test_what_waits_in_the_puente_is_neither_given_nor_confirmed(sql_world, retiros):
    parked = sql_world.pay("T1", "F9").id_aviso
    assert ids(come(retiros)) == []
    assert confirm(retiros, parked) == [Ending(Resultado.PAGO_INEXISTENTE)]


def test_more_confirmations_than_one_transaction_holds_keep_their_order(sql_world, retiros):
    [paid] = pay(sql_world, 1)
    many = [*(["nunca"] * LOTE), paid]
    told = confirm(retiros, *many)
    assert told == [*[Ending(Resultado.PAGO_INEXISTENTE)] * LOTE, Ending()]


def test_a_confirmed_aviso_lets_the_next_of_its_cliente_be_the_first(sql_world, retiros):
    sql_world.register()
    pago = sql_world.pay("T1")
    sql_world.reverse(id_transaccion_original="T1")
    confirm(retiros, pago.id_aviso)
    assert [row["primera"] for row in sorted(sql_world.rows("entrega"), key=lambda row: row["id"])] == [False, True]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"destinos": ("erp",)}, Resultado.SERVICIO_NO_HABILITADO),
        ({"servicios": frozenset({Servicio.ALTA})}, Resultado.SERVICIO_NO_HABILITADO),
        ({"activa": False}, Resultado.EMPRESA_INEXISTENTE),
    ],
)
def test_an_empresa_without_the_service_or_the_destino_is_refused(sql_world, retiros, said, expected):
    sql_world.configure(**said)
    for act in (lambda: come(retiros), lambda: confirm(retiros, "A1")):
        with pytest.raises(Rejected) as refused:
            act()
        assert refused.value.ending.resultado is expected


def test_an_empresa_that_is_called_by_another_code_gets_what_is_kept_under_its_own(sql_world, retiros):
    paid = pay(sql_world, 1)
    sql_world.empresas["NUEV"] = sql_world.empresas["AGUA"]
    assert ids(come(retiros, "NUEV")) == paid
    assert confirm(retiros, paid[0], codigo_empresa="NUEV") == [Ending()]


CLIENTES, PAGOS, WRITERS = 8, 6, 3


def _write(world, writer, chance):
    """Pay and reverse for clientes that only this writer has, in a random order."""
    clientes = [f"C{n}" for n in range(CLIENTES) if n % WRITERS == writer]
    todo = [(id_cliente, n) for n in range(PAGOS) for id_cliente in chance.sample(clientes, len(clientes))]
    for id_cliente, n in todo:
        name = f"{id_cliente}-{n}"
        insist(lambda name=name, c=id_cliente: world.pay(f"T{name}", None, id_cliente=c, codigo_movimiento=1))
        if n % 3 == 0:
            insist(
                lambda name=name, c=id_cliente: world.reverse(
                    f"R{name}", id_cliente=c, id_transaccion_original=f"T{name}"
                )
            )


def _read_on(retiros, done, seen):
    """Follow the secuencias to the end, as who never looks back."""
    desde = 0
    while True:
        ended = done.is_set()
        page = insist(lambda desde=desde: come(retiros, desde=desde, maximo=7, solo_pendientes=False))
        seen.extend(page.avisos)
        desde = page.ultima_secuencia
        if ended and not page.avisos:
            return


def _pull_and_confirm(retiros, done, told):
    """Take what is pending and confirm it under a name of one's own, until nothing comes any more."""
    me = threading.current_thread().name
    while True:
        ended = done.is_set()
        page = insist(lambda: come(retiros, maximo=5))
        mine = Comprobante(nro_comprobante=me[-40:])
        if page.avisos:
            said = ids(page)
            told.extend(zip(said, insist(partial(confirm, retiros, *said, comprobante=mine)), strict=True))
        elif ended:
            return


def test_with_writers_readers_and_confirmers_at_once_nothing_is_skipped_nor_confirmed_twice(sql_world, retiros):
    for n in range(CLIENTES):
        sql_world.register(f"F{n}", f"C{n}")
    done, told = threading.Event(), []
    seen = [[], []]
    with ThreadPoolExecutor(WRITERS + 5) as threads:
        readers = [threads.submit(_read_on, retiros, done, each) for each in seen]
        confirmers = [threads.submit(_pull_and_confirm, retiros, done, told) for _ in range(3)]
        writers = [threads.submit(_write, sql_world, n, random.Random(n)) for n in range(WRITERS)]  # noqa: S311
        try:
            for writer in writers:
                writer.result()
        finally:
            done.set()
        for each in (*readers, *confirmers):
            each.result()
    owed = {row["id_aviso"]: row for row in sql_world.rows("entrega")}
    assert len(owed) == CLIENTES * PAGOS * 4 // 3
    for avisos in seen:
        assert Counter(each.guardado.id_aviso for each in avisos) == dict.fromkeys(owed, 1)
        numbers = [each.secuencia for each in avisos]
        assert numbers == sorted(numbers) == list(range(1, len(owed) + 1))
        _is_in_order_for_each_cliente(avisos)
    assert {row["estado"] for row in owed.values()} == {"ENTREGADA"}
    assert Counter(id_aviso for id_aviso, ending in told if ending == Ending()) == dict.fromkeys(owed, 1)
    assert len(sql_world.rows("intento")) == len(owed)


def _is_in_order_for_each_cliente(avisos):
    by_cliente = defaultdict(list)
    for each in avisos:
        by_cliente[each.id_cliente].append(each.guardado.secuencia)
    for kept in by_cliente.values():
        assert kept == sorted(kept)


@pytest.mark.postgres
def test_the_numbers_are_those_of_the_commits_and_not_of_the_beginnings(fresh_world):
    """Only on PostgreSQL: SQLite has one writer, so what begins first commits first."""
    with fresh_world("postgres") as world:
        retiros = Retiros(world.ledger, world.ledger.retiro, world.empresas, world.clock)
        for n in (1, 2):
            world.register(f"F{n}", f"C{n}")
        begun, seen = threading.Event(), threading.Event()
        write = world.ledger.write

        def slow_write(codigo_empresa, id_cliente, work):
            def late(tx):
                done = work(tx)
                begun.set()
                assert seen.wait(10)
                return done

            return write(codigo_empresa, id_cliente, late if id_cliente == "C1" else work)

        world.ledger.write = slow_write
        with ThreadPoolExecutor(1) as threads:
            slow = threads.submit(world.pay, "T1", "F1")
            assert begun.wait(10)
            quick = world.pay("T2", "F2", id_cliente="C2")
            assert ids(come(retiros)) == [quick.id_aviso]
            seen.set()
            late = slow.result()
        assert ids(come(retiros, desde=1)) == [late.id_aviso]
        assert world.money(clave("F1")) == ["APLICADO"]
