"""The short way to the database finds and leaves what SQLAlchemy's own way does, and names what breaks as it does."""

import gc
import shutil
import weakref
from datetime import timedelta

import pytest
from fakes import bases
from fakes.examples import NOW, TODAY, a_factura, clave, vencimientos
from operations.world import World
from sqlalchemy import Select, UpdateBase, bindparam, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from pmc_soap.domain.aviso import EstadoPago, TipoAviso
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import MotivoBaja, Origen
from pmc_soap.operations.factura import Cambios
from pmc_soap.storage import linea, reading, recording, schema, tables, writing
from pmc_soap.storage.direct import Direct, begun, lend
from pmc_soap.storage.engine import opened
from pmc_soap.storage.ledger import open_ledger

ONLY_OF = {"sqlite": {"_ADD_CONSULTA", "_ADD_COTIZACION"}, "postgresql": {"_ADD_BOTH", "_APPEND_AND_WAKE"}}
COLD = {"_PROMOTE", "_NEXT"}  # an operator's, through SQLAlchemy
PARTS = {"_CON_CLIENTE", "_PAGOS"}  # others are made of them
IDS = ({}, {"id_cliente": "C1"}, {"id_factura": "F1"}, {"codigo_barras": "0123"})


def hot_statements(kind):
    """Name all that is built once and run the short way on that kind of database."""
    others = {name for each, names in ONLY_OF.items() if each != kind for name in names} | COLD | PARTS
    for module in (linea, reading, recording, writing):
        for name, value in vars(module).items():
            if name not in others:
                several = value if isinstance(value, dict) else {"": value}
                yield from (
                    (f"{name}{k}", each) for k, each in several.items() if isinstance(each, Select | UpdateBase)
                )


@pytest.fixture
def take_the_long_way(monkeypatch):
    """Let SQLAlchemy run from now on all that is hot; gives what ran."""
    used = set()

    def all_(direct, statement, values):
        used.add(statement)
        return [dict(row) for row in direct.core.execute(statement, values).mappings()]

    def first(direct, statement, values):
        return next(iter(all_(direct, statement, values)), None)

    def do(direct, statement, values):
        used.add(statement)
        return direct.core.execute(statement.execution_options(preserve_rowcount=True), values).rowcount

    def do_all(direct, statement, several):
        used.add(statement)
        direct.core.execute(statement, several)

    def take():
        for name, run in {"all": all_, "first": first, "do": do, "do_all": do_all}.items():
            monkeypatch.setattr(Direct, name, run)
        return used

    return take


def a_story(ledger):
    """Use all that is hot, and give all that was told."""
    world = World(ledger)
    world.configure(destinos=("erp", "pull"), pagar_en_orden=True)
    due = vencimientos(100, 200, 300)
    world.register("F1", codigo_barras="0123", vencimientos=due, nombre_cliente="Ana", cuit_cliente="27123456780")
    world.register("F2")
    told = [world.ask(id_cliente="C1"), world.ask(id_cliente="C1", id_factura="F9"), world.ask(id_cliente="C2")]
    told += [world.facturas.change(clave("F2"), Cambios(mensaje_ticket="Otro"))]
    told += [world.pay(importe_centavos=100), world.pay("T2", importe_centavos=100), world.pay(canal="PC")]
    told += [world.pay(None, "F2"), world.pay(None, "F2"), world.pay(None, "F2", id_mensaje="M5")]
    told += [world.reverse(id_transaccion_original="T1", importe_centavos=100), world.reverse("R9", id_factura="F7")]
    told += [world.pay("T3", "F7", importe_centavos=150050), world.pay("T1", importe_centavos=100)]
    told += [world.pay("T4", None, codigo_movimiento=1), world.reverse("R8", id_cliente="C3")]
    world.register("F6")
    told += [world.facturas.withdraw(clave("F6"), MotivoBaja.OTRO)]
    ledger.write("AGUA", "C1", lambda tx: told.extend(what_is_left(tx)))
    with ledger.read() as view:
        return told + list(everything(view))


def what_is_left(tx):
    """Write what no aviso, consulta or alta does."""
    tx.add_factura(a_factura("F5", origen=Origen.EMPRESA), "hash", NOW)
    tx.alert("AGUA", "motivo", None, NOW)
    tx.keep_unreadable("AGUA", "P1", b"\x00?", NOW)
    parked = [guardado for guardado, pago in tx.en_puente("AGUA", 9) if pago.estado is EstadoPago.EN_PUENTE]
    tx.apply_pago(parked[0].id_aviso, "C1", clave("F5"))
    assert [tx.alert_once("AGUA", "una vez", parked[0].id_aviso, NOW) for _ in range(2)] == [True, False]
    return [tx.factura(clave("F5")), tx.pago_vivo(clave("F5"))]


def everything(view):
    """Ask each question of the port, in each of its ways."""
    for told in [dict(one.items() | two.items() | three.items()) for one in IDS for two in IDS for three in IDS]:
        search = Busqueda(codigo_empresa="AGUA", **told)
        yield view.matching(search, 10)
        yield view.payable(search, TODAY, 10)
        yield view.payable(search, TODAY, 10, NOW - timedelta(days=1))
    yield [view.written(clave()), view.knows_cliente("AGUA", "C1"), view.factura(clave("F2"))]
    yield [view.en_puente(None, 10), view.en_puente("AGUA", 10), view.pagos_of(clave()), view.pago_vivo(clave("F2"))]
    yield [view.unmet("AGUA", "C3", NOW), view.aviso_by_repeticion("AGUA", TipoAviso.PAGO, "M5")]
    for guardado, _ in view.pagos("AGUA", "C1", 10):
        yield view.avisos_by_huella("AGUA", TipoAviso.PAGO, guardado.huella or "")
        yield view.aviso_by_identidad("AGUA", TipoAviso.PAGO, guardado.identidad)
        yield [view.aviso(guardado.id_aviso), view.pago(guardado.id_aviso), view.reversa_of(guardado.id_aviso)]


def told_and_left(url):
    ledger = open_ledger(url)
    told = a_story(ledger)
    ledger.close()
    with bases.connected(url) as connection:
        left = {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables.metadata.tables}  # noqa: S608
    return told, left


def test_the_short_way_finds_and_leaves_what_sqlalchemys_own_way_does(
    url, sqlite_template, tmp_path, take_the_long_way
):
    short = told_and_left(url)
    kind = url.partition("+")[0].partition(":")[0]
    if kind == "sqlite":
        url = bases.sqlite_url(shutil.copy(sqlite_template, tmp_path / "other.db"))
    else:
        bases.empty(url)
    used = take_the_long_way()
    assert told_and_left(url) == short
    hot = dict(hot_statements(kind))
    assert len(hot) > 50
    assert [name for name, statement in hot.items() if statement not in used] == []


@pytest.fixture
def base(url):
    with opened(url) as base:
        yield base


CLIENTE = {"codigo_empresa": "AGUA", "id_cliente": "C1"}


def test_what_the_database_refuses_has_the_name_that_sqlalchemy_gives_it(base):
    add = tables.cliente.insert()
    for way in (Direct.do, lambda direct, *said: direct.core.execute(*said)):
        with pytest.raises(IntegrityError), begun(base.avisos) as direct:
            assert [way(direct, add, CLIENTE) for _ in range(2)] == []
    with lend(base.reads) as direct:
        assert direct.all(select(tables.cliente), {}) == []


def test_the_two_ways_share_one_transaction(base):
    with begun(base.avisos) as direct:
        direct.do(tables.cliente.insert(), CLIENTE)
        assert direct.core.execute(select(tables.cliente.c.id_cliente)).scalars().all() == ["C1"]
        direct.core.execute(tables.cliente.insert(), CLIENTE | {"id_cliente": "C2"})
        assert [row["id_cliente"] for row in direct.all(select(tables.cliente), {})] == ["C1", "C2"]
    with base.reads.connect() as connection:
        assert len(connection.execute(select(tables.cliente)).all()) == 2


def test_what_was_not_said_is_missed_and_not_taken_for_nothing(base):
    question = select(tables.cliente).where(tables.cliente.c.id_cliente == bindparam("id_cliente"))
    with lend(base.reads) as direct, pytest.raises(LookupError, match="id_cliente"):
        direct.all(question, {})


def test_who_cannot_reach_the_database_is_told_so_by_sqlalchemys_name():
    unreachable = opened("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with unreachable as base, pytest.raises(OperationalError), lend(base.reads):
        pass


def test_a_base_that_is_closed_takes_its_statements_along(tmp_path):
    url = bases.sqlite_url(tmp_path / "one.db")
    schema.migrate(url)
    with opened(url) as base, lend(base.reads) as direct:
        # an instant is written by a function of the dialect's own
        direct.all(select(tables.aviso).where(tables.aviso.c.fecha_hora_utc == bindparam("at")), {"at": NOW})
        dialect = weakref.ref(base.reads.dialect)
    del base, direct
    gc.collect()
    assert dialect() is None
