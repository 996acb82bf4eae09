"""What a person asks of the ledger reads no whole table: each look-up has an index."""

import re
import shutil
from datetime import UTC, datetime

import pytest
from fakes import bases
from fakes.examples import NOW, a_factura, a_pago, a_reversa, clave, kept
from sqlalchemy import event

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.consulta import Busqueda, Consulta, Oferta, Respuesta
from pmc_soap.domain.factura import Exigible
from pmc_soap.domain.resultado import Ending
from pmc_soap.storage.ledger import open_ledger

SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
WHOLE = re.compile(r"SCAN (aviso|pago|repeticion|entrega|intento|auditoria|consulta|cotizacion|factura)\b")


@pytest.fixture
def ledger(sqlite_template, tmp_path):
    ledger = open_ledger(bases.sqlite_url(shutil.copy(sqlite_template, tmp_path / "ledger.db")))
    yield ledger
    ledger.close()


def fill(ledger):
    """Write a factura, a consulta that showed it, its pago, and the reversa of it."""
    pago, reversa = kept(a_pago(id_consulta="Q1")), kept(a_reversa(), "A2", original="A1")

    def write(tx):
        tx.add_factura(a_factura(), "h", NOW)
        tx.keep(pago)
        tx.add_pago("A1", clave(), EstadoPago.APLICADO)
        tx.owe(pago, ("erp",), NOW)
        tx.keep(reversa)

    ledger.write("AGUA", "C1", write)
    oferta = Oferta(factura=a_factura(), exigible=Exigible(numero=1, importe_centavos=150050))
    respuesta = Respuesta(ending=Ending(), id_consulta="Q1", fecha_hora_utc=NOW, ofertas=(oferta,))
    busqueda = Busqueda(codigo_empresa="AGUA", id_cliente="C1")
    ledger.record_consulta(Consulta(busqueda=busqueda, id_mensaje="M1"), respuesta, 1)


def ask_everything(ledger):
    """Ask each question that there is; give those that found something."""
    codigos = ["AGUA", "LUZZ"]
    with ledger.historial.look() as vista:
        caso, consulta = vista.by_id_aviso("A1"), vista.consulta(codigos, "Q1")
        found = [
            caso,
            consulta,
            vista.by_id_transaccion(codigos, "T1"),
            vista.by_clave(clave()),
            vista.by_cliente(codigos, "C1", 10),
            vista.by_consulta(consulta),
            vista.claves(codigos, "F1"),
            vista.expediente(caso).reversas,
            vista.expediente_of(clave()).consultas,
        ]
        vista.met("A2")
    consultado = ledger.consultado
    return [
        *found,
        consultado.consultas("AGUA", SINCE, UNTIL),
        consultado.consultas_by_id("AGUA", {"Q1"}),
        consultado.pagos("AGUA", SINCE, UNTIL),
        *(
            consultado.recent(codigos, 10, id_cliente, id_factura)
            for id_cliente in (None, "C1")
            for id_factura in (None, "F1")
        ),
    ]


def test_every_question_finds_what_is_there_and_reads_no_whole_table(ledger):
    fill(ledger)
    asked = []

    def note(_conn, cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(ledger._base.reads, "before_cursor_execute", note)  # noqa: SLF001
    assert all(ask_everything(ledger))
    with bases.connected(ledger._base.reads.url.render_as_string()) as connection:  # noqa: SLF001
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert [row.detail for row in plan if WHOLE.match(row.detail)] == [], statement
    assert len(asked) > 20


def test_a_look_changes_nothing_and_sees_one_moment(ledger):
    fill(ledger)
    with ledger.historial.look() as vista:
        before = vista.by_cliente(["AGUA"], "C1", 10)
        later = kept(a_pago("T2", "F2"), "A3")
        ledger.write("AGUA", "C1", lambda tx: tx.keep(later))
        assert vista.by_cliente(["AGUA"], "C1", 10) == before
    with ledger.historial.look() as vista:
        assert len(vista.by_cliente(["AGUA"], "C1", 10)) == len(before) + 1
