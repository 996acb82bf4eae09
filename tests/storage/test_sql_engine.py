"""How the databases are opened, and what they refuse whatever the code does."""

import threading
import time
from contextlib import contextmanager
from operator import attrgetter

import pytest
from fakes import bases
from fakes.examples import NOW, a_factura, a_pago, clave, kept
from sqlalchemy import bindparam, literal_column, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.consulta import Busqueda, Consulta, Respuesta
from pmc_soap.domain.factura import EstadoFactura
from pmc_soap.domain.resultado import Ending
from pmc_soap.operations.ports import Unavailable
from pmc_soap.storage import tables as t
from pmc_soap.storage.direct import begun
from pmc_soap.storage.engine import BaseNoAdmitida, open_base, opened
from pmc_soap.storage.ledger import open_ledger

FULL, NORMAL = 2, 1


@pytest.fixture
def base(url):
    with opened(url) as base:
        yield base


def _setting(engine, sql):
    with engine.connect() as connection:
        return connection.execute(text(sql)).scalar()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_sqlite_syncs_avisos_at_every_commit_and_consultas_at_checkpoints(base):
    assert _setting(base.avisos, "PRAGMA synchronous") == FULL
    assert _setting(base.consultas, "PRAGMA synchronous") == NORMAL
    for engine in (base.avisos, base.consultas, base.reads):
        assert _setting(engine, "PRAGMA journal_mode") == "wal"
        assert _setting(engine, "PRAGMA foreign_keys") == 1
        assert _setting(engine, "PRAGMA busy_timeout") == 3000


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_sqlite_write_has_the_lock_before_its_first_statement(url, base):
    with base.avisos.begin(), bases.connected(url) as other:
        other.execute(text("PRAGMA busy_timeout = 0"))
        with pytest.raises(OperationalError, match="locked"):
            other.execute(text("INSERT INTO cliente (codigo_empresa, id_cliente) VALUES ('AGUA', 'C1')"))


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_postgres_waits_for_the_disk_but_for_consultas(base):
    assert _setting(base.avisos, "SHOW synchronous_commit") == "on"
    assert _setting(base.consultas, "SHOW synchronous_commit") == "off"
    assert _setting(base.avisos, "SHOW synchronous_commit") == "on"
    assert _setting(base.avisos, "SHOW transaction_isolation") == "read committed"
    assert _setting(base.reads, "SHOW transaction_isolation") == "repeatable read"
    assert _setting(base.reads, "SHOW transaction_read_only") == "on"
    assert _setting(base.avisos, "SHOW lock_timeout") == "3s"
    assert _setting(base.avisos, "SHOW statement_timeout") == "3s"


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_an_aviso_waits_for_the_disk_also_in_a_session_that_a_pooler_took_from_a_consulta(base):
    with base.avisos.execution_options(at_begin=None).connect() as connection:
        connection.execute(text("SET synchronous_commit TO off"))
    for _ in range(8):  # psycopg prepares what it hears more often
        assert _setting(base.avisos, "SHOW synchronous_commit") == "on"
    with begun(base.avisos) as direct:
        assert direct.core.execute(text("SHOW synchronous_commit")).scalar() == "on"


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_a_postgres_that_does_not_wait_for_its_disk_is_refused(url):
    careless = url.replace("-csearch_path", "-csynchronous_commit%3Doff -csearch_path")
    ledger = open_ledger(careless)
    with pytest.raises(BaseNoAdmitida, match="synchronous_commit = off"):
        ledger.verify()
    assert not ledger.ready()
    with pytest.raises(BaseNoAdmitida):
        ledger.write("AGUA", "C1", lambda tx: tx.keep(kept(a_pago())))
    ledger.close()
    assert bases.rows(url, "aviso") == []


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_a_postgres_write_gives_up_waiting_for_a_lock(url, sql_ledger):
    sql_ledger.write("AGUA", None, lambda tx: tx.add_factura(a_factura(), "hash", NOW))
    with bases.connected(url) as operator:
        operator.execute(text("SELECT * FROM factura FOR UPDATE"))
        began = time.monotonic()
        with pytest.raises(Unavailable):
            sql_ledger.write("AGUA", "C1", lambda tx: tx.factura(clave()))
        assert time.monotonic() - began < 4


def test_a_database_that_is_not_there_is_not_ready(tmp_path):
    for url in (f"sqlite:///{tmp_path}/none/ledger.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"):
        ledger = open_ledger(url)
        assert not ledger.ready()
        ledger.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://a:secreto@host/b", "postgresql://host/b"])
def test_other_databases_are_refused_and_their_password_is_not_told(url):
    with pytest.raises(BaseNoAdmitida, match="no se admite") as refused:
        open_base(url)
    assert "secreto" not in str(refused.value)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_write_that_breaks_lets_the_next_in_turn_write_at_once(url, sql_ledger):
    @contextmanager
    def turn():
        try:
            yield
        finally:
            with bases.connected(url) as other:
                other.execute(text("PRAGMA busy_timeout = 0"))
                other.execute(text("INSERT INTO cliente (codigo_empresa, id_cliente) VALUES ('AGUA', 'C1')"))

    with pytest.raises(ZeroDivisionError), begun(sql_ledger._base.avisos, turn()) as direct:  # noqa: SLF001
        assert direct.do(t.cliente.insert(), {"codigo_empresa": "AGUA", "id_cliente": "C2"}) / 0
    assert [row["id_cliente"] for row in bases.rows(url, "cliente")] == ["C1"]


def test_the_work_of_a_write_is_rolled_back_on_the_connection_it_used(sql_ledger):
    with pytest.raises(ZeroDivisionError):
        sql_ledger.write("AGUA", None, lambda tx: (tx.add_factura(a_factura(), "hash", NOW), 1 / 0))
    sql_ledger.write("AGUA", None, lambda tx: tx.add_factura(a_factura(), "hash", NOW))


@pytest.mark.parametrize("table", ["aviso", "repeticion", "aviso_ilegible"])
@pytest.mark.parametrize("change", ["UPDATE {} SET fecha_hora_utc = fecha_hora_utc", "DELETE FROM {}"])
def test_what_was_kept_is_never_changed_nor_deleted(url, sql_ledger, table, change):
    def work(tx):
        tx.keep(kept(a_pago()))
        tx.note_repeat("A1", "M2", NOW)
        tx.keep_unreadable("AGUA", "P1", b"?", NOW)

    sql_ledger.write("AGUA", "C1", work)
    before = bases.rows(url, table)
    with pytest.raises(DBAPIError, match="solo se agrega"), bases.connected(url) as operator:
        operator.execute(text(change.format(table)))
    assert before == bases.rows(url, table)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_avisos_are_not_truncated(url):
    with pytest.raises(DBAPIError, match="solo se agrega"), bases.connected(url) as operator:
        operator.execute(text("TRUNCATE aviso CASCADE"))


def test_the_database_itself_refuses_a_second_live_pago(url, sql_ledger):
    def work(tx):
        for n, estado in enumerate((EstadoPago.APLICADO, EstadoPago.EN_PUENTE)):
            tx.keep(kept(a_pago(f"T{n}"), f"A{n}"))
            tx.add_pago(f"A{n}", clave(), estado)

    sql_ledger.write("AGUA", "C1", work)
    with pytest.raises(IntegrityError), bases.connected(url) as operator:
        operator.execute(text("UPDATE pago SET estado = 'APLICADO'"))


@pytest.mark.parametrize(
    "change",
    [
        "estado = 'OTRO'",
        "vto1_importe_centavos = -1",
        "vto2_fecha = '2026-03-11'",
        "vto2_fecha = '2000-01-01', vto2_importe_centavos = 99999999999",
        "vto2_fecha = '2026-03-11', vto2_importe_centavos = 1, ultimo_vencimiento = '2026-03-11'",
        "vto3_fecha = '2026-03-11', vto3_importe_centavos = 99999999999, ultimo_vencimiento = '2026-03-11'",
        "ultimo_vencimiento = '2030-01-01'",
        "importe_minimo_centavos = 2, importe_maximo_centavos = 1",
        "id_cliente = 'a cliente nobody knows'",
    ],
)
def test_the_database_itself_refuses_an_impossible_factura(url, sql_ledger, change):
    sql_ledger.write("AGUA", "C1", lambda tx: tx.add_factura(a_factura(), "hash", NOW))
    impossible = text(f"UPDATE factura SET {change}")  # noqa: S608 — the examples above
    with opened(url) as base, pytest.raises(IntegrityError), base.avisos.begin() as connection:
        connection.execute(impossible)


def test_a_batch_and_a_pago_of_one_factura_do_not_mix(url, sql_ledger):
    sql_ledger.write("AGUA", "C1", lambda tx: tx.add_factura(a_factura(), "hash", NOW))
    judged, loaded = threading.Event(), []

    def load():
        judged.wait(5)
        batch = [(a_factura(mensaje_ticket="other"), "other hash")]
        loaded.append(sql_ledger.write("AGUA", None, lambda tx: tx.load(batch, "carga", NOW)))

    def pay(tx):
        assert tx.factura(clave()) == a_factura()
        judged.set()
        time.sleep(0.2)
        tx.keep(kept(a_pago()))
        tx.move_factura(clave(), EstadoFactura.PENDIENTE, EstadoFactura.PAGADA)
        tx.add_pago("A1", clave(), EstadoPago.APLICADO)

    thread = threading.Thread(target=load)
    thread.start()
    sql_ledger.write("AGUA", "C1", pay)
    thread.join()
    assert loaded[0].intocables == 1
    with sql_ledger.read() as reading:
        assert reading.factura(clave()).mensaje_ticket == a_factura().mensaje_ticket


def test_an_open_view_does_not_stop_writers(sql_ledger):
    with sql_ledger.read() as reading:
        assert not reading.knows_cliente("AGUA", "C1")
        sql_ledger.write("AGUA", "C1", lambda tx: tx.add_factura(a_factura(), "hash", NOW))
        respuesta = Respuesta(ending=Ending(), id_consulta="Q1", fecha_hora_utc=NOW)
        sql_ledger.record_consulta(Consulta(busqueda=Busqueda(codigo_empresa="AGUA"), id_mensaje="M"), respuesta, 1)


def test_a_naive_datetime_is_refused(sql_ledger):
    with pytest.raises(ValueError, match="naive"):
        sql_ledger.write("AGUA", "C1", lambda tx: tx.alert("AGUA", "m", None, NOW.replace(tzinfo=None)))


@pytest.mark.parametrize("way", ["core.execute", "all"])
def test_what_was_sent_is_not_in_the_text_of_an_error(sql_ledger, way):
    nada = select(literal_column("1")).select_from(text("nada")).where(literal_column("x") == bindparam("secreto"))
    with pytest.raises((DBAPIError, Unavailable)) as broken, sql_ledger.read() as reading:
        attrgetter(way)(reading._direct)(nada, {"secreto": "27-12345678-0"})  # noqa: SLF001
    assert "nada" in f"{broken.value} {broken.value.__cause__}"
    assert "27-12345678-0" not in f"{broken.value} {broken.value.__cause__}"
