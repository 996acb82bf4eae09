"""The checker has teeth: each planted bug turns it red, by the invariant that it breaks; a sound story leaves it green.

Bugs are planted in the tables, past triggers and constraints, as a faulty version or a faulty hand would leave them.
"""

from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from checker import INVARIANTS, Acknowledged, check
from fakes import bases
from fakes.examples import a_factura
from operations.world import World
from sqlalchemy import inspect, text

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.domain.factura import MotivoBaja
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.operations.puente import Imputacion, Puente
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@contextmanager
def _url(kind, tmp_path):
    if kind == "sqlite":
        url = bases.sqlite_url(tmp_path / "ledger.db")
        schema.migrate(url)
        yield url
        return
    if not bases.has_postgres():
        pytest.skip(bases.NO_POSTGRES)
    with bases.migrated_postgres() as url:
        yield url


@contextmanager
def _story(url):
    """Give a world with a bit of everything in it.

    F1 paid (A1), repeated, paid again (A2) · F2 paid (A3) and reversed (A4) · F3 reversed (A5) before it was paid (A6)
    · F4 withdrawn and paid (A7) · A1's transaction with other content (A8) · a pago sin factura (A9).
    """
    ledger = open_ledger(url)
    try:
        world = World(ledger, url)
        for n in range(1, 6):
            world.register(f"F{n}")
        world.pay("T1", "F1")
        world.pay("T1", "F1")
        world.pay("T2", "F1")
        world.pay("T3", "F2")
        world.reverse("R3", id_transaccion_original="T3")
        world.reverse("R4", id_transaccion_original="T4", id_factura="F3")
        world.pay("T4", "F3")
        world.facturas.withdraw(a_factura("F4").clave, MotivoBaja.ANULADA)
        world.pay("T5", "F4")
        world.pay("T1", "F1", importe_centavos=1)
        world.pay("T6", None, codigo_movimiento=1)
        yield world
    finally:
        ledger.close()


def _disarm(connection):
    """Drop what keeps the tables honest: triggers, foreign keys, unique indexes and checks that plants would meet."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("DROP INDEX ux_pago_vivo, ux_entrega_primera"))
        for table, column in (("entrega", "id_aviso"), ("aviso", "codigo_empresa")):
            for unique in inspect(connection).get_unique_constraints(table):
                if unique["column_names"][0] == column and len(unique["column_names"]) > 1:
                    connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {unique['name']}"))
        return
    for table in ("aviso", "entrega", "repeticion", "auditoria"):  # a copy has no triggers, no constraints
        connection.exec_driver_sql(f"CREATE TABLE plain AS SELECT * FROM {table}")  # noqa: S608
        connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql(f"ALTER TABLE plain RENAME TO {table}")
    connection.exec_driver_sql("DROP INDEX ux_pago_vivo")


_AVISO_COLUMNS = """codigo_empresa, tipo, contenido, huella, resultado, original, fecha_hora_utc, id_mensaje,
    fecha_hora_mensaje_utc, id_cliente, id_factura, id_transaccion, importe_centavos, moneda, codigo_movimiento"""
_DOUBLE_AVISO = f"""INSERT INTO aviso (secuencia, id_aviso, identidad, estado, {_AVISO_COLUMNS})
    SELECT 99, 'A99', identidad, estado, {_AVISO_COLUMNS} FROM aviso WHERE id_aviso = 'A2'"""  # noqa: S608
_DOUBLE_PAGO = """INSERT INTO pago (id_aviso, codigo_empresa, id_cliente, id_factura, importe_centavos, estado)
    SELECT 'A99', codigo_empresa, id_cliente, id_factura, importe_centavos, estado FROM pago WHERE id_aviso = 'A2'"""
_DOUBLE_ENTREGA = """INSERT INTO entrega
    (id, id_aviso, codigo_empresa, id_cliente, destino, estado, primera, intentos, permanentes, proximo_intento_utc,
     creada_utc)
    SELECT 99, {id_aviso}, codigo_empresa, id_cliente, {destino}, estado, false, intentos, permanentes,
           proximo_intento_utc, creada_utc FROM entrega
    WHERE id_aviso = 'A1'"""

PLANTED = {
    "an acknowledged aviso is lost": ("acknowledged_is_kept", "DELETE FROM aviso WHERE id_aviso = 'A2'"),
    "an acknowledged aviso is kept with another importe": (
        "acknowledged_is_kept",
        "UPDATE aviso SET contenido = 'x', huella = 'x' WHERE id_aviso = 'A2'",
    ),
    "the kept answer is not the one that was given": (
        "same_question_same_answer",
        "UPDATE aviso SET estado = 'BAJA' WHERE id_aviso = 'A2'",
    ),
    "the kept code is not the one that was given": (
        "same_question_same_answer",
        "UPDATE aviso SET resultado = 'EMPRESA_INEXISTENTE' WHERE id_aviso = 'A7'",
    ),
    "a repeat was not written down": ("same_question_same_answer", "DELETE FROM repeticion"),
    "an aviso was changed after it was kept": (
        "kept_is_as_it_was_said",
        "UPDATE aviso SET importe_centavos = importe_centavos + 1 WHERE id_aviso = 'A9'",
    ),
    "an aviso has the identity of another transaction": (
        "kept_is_as_it_was_said",
        "UPDATE aviso SET identidad = 'T:T9' WHERE id_aviso = 'A9'",
    ),
    "a conflict was told 00": (
        "kept_is_as_it_was_said",
        "UPDATE aviso SET resultado = 'EXITOSA' WHERE id_aviso = 'A8'",
    ),
    "an aviso is kept twice": ("identities_are_unique", _DOUBLE_AVISO),
    "the money of an aviso is nowhere": ("each_pago_has_its_money", "DELETE FROM pago WHERE id_aviso = 'A7'"),
    "money is a centavo less than was told": (
        "each_pago_has_its_money",
        "UPDATE pago SET importe_centavos = importe_centavos - 1 WHERE id_aviso = 'A9'",
    ),
    "money stands at another cliente": (
        "each_pago_has_its_money",
        "UPDATE pago SET id_cliente = 'C2' WHERE id_aviso = 'A2'",
    ),
    "money stands at another factura": (
        "each_pago_has_its_money",
        "UPDATE pago SET id_factura = 'F5' WHERE id_aviso = 'A2'",
    ),
    "money comes from no aviso": ("each_pago_has_its_money", _DOUBLE_PAGO),
    "a reversed pago is live again": (
        "money_is_where_its_avisos_put_it",
        "UPDATE pago SET estado = 'APLICADO' WHERE id_aviso = 'A3'",
    ),
    "an imputed pago fell back into the puente": (
        "money_is_where_its_avisos_put_it",
        "UPDATE pago SET estado = 'EN_PUENTE' WHERE id_aviso = 'A9'",
    ),
    "a pago that was reversed before it came waits in the puente": (
        "money_is_where_its_avisos_put_it",
        "UPDATE pago SET estado = 'EN_PUENTE' WHERE id_aviso = 'A6'",
    ),
    "parked money was reversed by nobody": (
        "money_is_where_its_avisos_put_it",
        "UPDATE pago SET estado = 'REVERSADO' WHERE id_aviso = 'A7'",
    ),
    "parked money that was told is counted nowhere": ("sums_agree", "DELETE FROM pago WHERE id_aviso = 'A2'"),
    "money appears that nobody told of": (
        "sums_agree",
        "UPDATE pago SET importe_centavos = importe_centavos + 100 WHERE id_aviso = 'A1'",
    ),
    "a factura is paid twice": (
        "at_most_one_live_pago",
        "UPDATE pago SET estado = 'APLICADO' WHERE id_aviso = 'A2'",
    ),
    "a paid factura is payable": (
        "paid_means_a_live_pago",
        "UPDATE factura SET estado = 'PENDIENTE' WHERE id_factura = 'F1'",
    ),
    "a factura that nobody paid is paid": (
        "paid_means_a_live_pago",
        "UPDATE factura SET estado = 'PAGADA' WHERE id_factura = 'F5'",
    ),
    "a reversed factura stayed paid": (
        "a_factura_is_the_fold_of_its_avisos",
        "UPDATE factura SET estado = 'PAGADA' WHERE id_factura = 'F2'",
    ),
    "a paid factura was withdrawn": (
        "a_factura_is_the_fold_of_its_avisos",
        "UPDATE factura SET estado = 'BAJA' WHERE id_factura = 'F1'",
    ),
    "a reversa took back another pago": (
        "reversas_take_back_what_they_mean",
        "UPDATE aviso SET original = 'A1' WHERE id_aviso = 'A4'",
    ),
    "a reversa took back nothing": (
        "reversas_take_back_what_they_mean",
        "UPDATE aviso SET original = NULL WHERE id_aviso = 'A4'",
    ),
    "a reversa took back a part": (
        "reversas_take_back_what_they_mean",
        "UPDATE aviso SET importe_centavos = 1 WHERE id_aviso = 'A4'",
    ),
    "a pago met a reversa that had found its own": (
        "reversas_take_back_what_they_mean",
        "UPDATE aviso SET original = 'A4' WHERE id_aviso = 'A6'",
    ),
    "the empresa is not owed an imputed pago": (
        "each_debt_of_news_is_owed_once",
        "DELETE FROM entrega WHERE id_aviso = 'A1'",
    ),
    "the empresa is not owed a reversa": (
        "each_debt_of_news_is_owed_once",
        "DELETE FROM entrega WHERE id_aviso = 'A4'",
    ),
    "the empresa is owed a pago twice": (
        "each_debt_of_news_is_owed_once",
        _DOUBLE_ENTREGA.format(id_aviso="'A1'", destino="'pull'"),
    ),
    "the empresa is owed a parked pago": (
        "each_debt_of_news_is_owed_once",
        _DOUBLE_ENTREGA.format(id_aviso="'A2'", destino="'pull'"),
    ),
    "a pago is owed to nobody we know": (
        "each_debt_of_news_is_owed_once",
        _DOUBLE_ENTREGA.format(id_aviso="'A1'", destino="'elsewhere'"),
    ),
    "nobody can take what a cliente is owed": (
        "each_line_has_one_first",
        "UPDATE entrega SET primera = false WHERE id_aviso = 'A1'",
    ),
    "a newer one can be taken before an older": (
        "each_line_has_one_first",
        "UPDATE entrega SET primera = true WHERE id_aviso = 'A4'",
    ),
    "parked money has no alert": ("what_is_parked_is_alerted", "DELETE FROM alerta WHERE id_aviso = 'A7'"),
    "an alert names another reason": (
        "what_is_parked_is_alerted",
        "UPDATE alerta SET motivo = 'VENCIDA' WHERE id_aviso = 'A7'",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_story_breaks_no_invariant(kind, tmp_path):
    with _url(kind, tmp_path) as url, _story(url) as world:
        assert {row["estado"] for row in bases.rows(url, "aviso")} == {
            "APLICADO",
            "YA_PAGADA",
            "REVERSADA_ANTES",
            "DESCONOCIDA",
            "BAJA",
            "CONFLICTO",
        }
        world.check()


@pytest.mark.parametrize("kind", KINDS)
def test_every_planted_bug_turns_the_checker_red(kind, tmp_path):
    with _url(kind, tmp_path) as url, _story(url) as world:
        with bases.connected(url) as connection:
            _disarm(connection)
            assert check(connection, world.acknowledged) == []
        for bug, (invariant, plant) in PLANTED.items():
            with _undone(url) as connection:
                assert connection.execute(text(plant)).rowcount == 1, bug
                breaches = check(connection, world.acknowledged)
            assert invariant in {breach.partition(":")[0] for breach in breaches}, bug


def test_every_invariant_has_a_planted_bug():
    named = {invariant.__name__ for invariant in INVARIANTS} | {"sums_agree"}
    assert {invariant for invariant, _ in PLANTED.values()} == named


def test_what_callers_were_told_is_held_against_what_is_kept(tmp_path):
    with _url("sqlite", tmp_path) as url, _story(url) as world:
        aviso, acuse = world.acknowledged[0]
        for bug in (
            Acknowledged(aviso, replace(acuse, id_aviso="A0")),
            Acknowledged(replace(aviso, importe_centavos=2), acuse),
            Acknowledged(aviso, replace(acuse, id_aviso="A2", estado=EstadoAviso.YA_PAGADA)),
            Acknowledged(aviso, replace(acuse, ending=Ending(Resultado.ERROR_INTERNO))),
        ):
            with bases.connected(url) as connection:
                assert check(connection, [*world.acknowledged, bug]) != [], bug


def test_an_empresa_is_owed_what_goes_to_each_of_its_destinos(tmp_path):
    with _url("sqlite", tmp_path) as url, _story(url) as world, bases.connected(url) as connection:
        assert check(connection, world.acknowledged, {"AGUA": ("pull", "soap")}) != []


def test_a_fingerprint_is_content_enough_for_a_repeat_without_ids(tmp_path):
    with _url("sqlite", tmp_path) as url, _story(url) as world:
        world.pay(None, None, codigo_movimiento=1, nro_control="1")
        world.pay(None, None, codigo_movimiento=1, nro_control="1", descripcion="otra vez")
        world.check()


OF_THE_OPERATOR = {
    "a pago that was applied by hand is not owed": (
        "each_debt_of_news_is_owed_once",
        "DELETE FROM entrega WHERE id_aviso = 'A2'",
    ),
    "a pago that was given back is owed": (
        "each_debt_of_news_is_owed_once",
        _DOUBLE_ENTREGA.format(id_aviso="'A8'", destino="'pull'"),
    ),
    "a pago stands elsewhere than the operator said": (
        "each_pago_has_its_money",
        "UPDATE pago SET id_factura = 'F3' WHERE id_aviso = 'A2'",
    ),
    "a pago left the puente without an acta": (
        "money_is_where_its_avisos_put_it",
        "DELETE FROM auditoria WHERE id_aviso = 'A8'",
    ),
    "a pago that was given back waits again": (
        "money_is_where_its_avisos_put_it",
        "UPDATE pago SET estado = 'EN_PUENTE' WHERE id_aviso = 'A8'",
    ),
    "a factura that was paid by hand is payable": (
        "a_factura_is_the_fold_of_its_avisos",
        "UPDATE factura SET estado = 'PENDIENTE' WHERE id_factura = 'F5'",
    ),
    "a factura that was paid as withdrawn is payable": (
        "paid_means_a_live_pago",
        "UPDATE factura SET estado = 'PAGADA' WHERE id_factura = 'F2'",
    ),
}


def test_what_an_operator_did_is_held_against_the_tables(tmp_path):
    by_ana = {"motivo": "lo pidió", "operador": "ana"}
    with _url("sqlite", tmp_path) as url, _story(url) as world:
        puente = Puente(world.ledger, world.empresas, world.clock)
        puente.apply("A2", Imputacion(id_factura="F5"), **by_ana)
        puente.apply("A7", Imputacion(), **by_ana)
        puente.return_("A8", **by_ana)
        world.check()
        with bases.connected(url) as connection:
            _disarm(connection)
        for bug, (invariant, plant) in OF_THE_OPERATOR.items():
            with _undone(url) as connection:
                assert connection.execute(text(plant)).rowcount == 1, bug
                breaches = check(connection, world.acknowledged)
            assert invariant in {breach.partition(":")[0] for breach in breaches}, (bug, breaches)


class _Undo(Exception):
    """Roll back what was planted."""


@contextmanager
def _undone(url):
    with suppress(_Undo), bases.connected(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        yield connection
        raise _Undo
