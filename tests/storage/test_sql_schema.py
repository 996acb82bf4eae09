"""Migrations: the way to the newest schema ends at the tables of the code."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fakes import bases
from fakes.examples import NOW, a_pago, kept
from sqlalchemy import inspect, text

from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger
from pmc_soap.storage.tables import metadata

MIGRATE = "import sys; from pmc_soap.storage import schema; print(schema.migrate(sys.argv[1]).at_head)"


def _checks(connection):
    return {
        table: {check["name"]: check["sqltext"] for check in inspect(connection).get_check_constraints(table)}
        for table in metadata.tables
    }


def _set_version(url, version):
    with bases.connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_new_database_is_migrated_to_the_newest_schema(empty_url):
    before = schema.status(empty_url)
    assert before.current is None
    assert not before.at_head
    after = schema.migrate(empty_url)
    assert after.at_head
    assert after == schema.status(empty_url) == schema.migrate(empty_url)


def test_the_migrated_schema_is_the_one_of_the_code(url):
    # SQLite tells no defaults of its own numbering apart.
    opts = {"compare_type": True, "compare_server_default": "sqlite" not in url}
    with bases.connected(url) as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), metadata) == []


def test_the_checks_of_the_migrated_schema_are_those_of_the_code(empty_url):
    with bases.connected(empty_url) as connection:
        metadata.create_all(connection)
        expected = _checks(connection)
        metadata.drop_all(connection)
    schema.migrate(empty_url)
    with bases.connected(empty_url) as connection:
        assert expected == _checks(connection)
    assert sum(map(len, expected.values())) > 15


def test_a_ledger_is_not_ready_before_its_schema(empty_url):
    ledger = open_ledger(empty_url)
    assert not ledger.ready()
    with pytest.raises(schema.EsquemaDistinto, match="migre la base"):
        ledger.verify()
    schema.migrate(empty_url)
    assert ledger.ready()
    ledger.close()


def test_a_schema_of_another_version_is_not_ready(url, sql_ledger):
    _set_version(url, "9999")
    try:
        assert not sql_ledger.ready()
    finally:
        with bases.connected(url) as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :head"), {"head": schema.status(url).head}
            )


def test_processes_that_migrate_at_once_all_find_it_done(empty_url):
    migrations = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
        for _ in range(3)
    ]
    assert [migration.communicate(timeout=30) for migration in migrations] == [(b"True\n", b"")] * 3


def test_a_migration_that_fails_leaves_nothing(empty_url, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(command, "upgrade", _upgrade_then_break)
        with pytest.raises(ZeroDivisionError):
            schema.migrate(empty_url)
    assert schema.status(empty_url).current is None
    with bases.connected(empty_url) as connection:
        assert inspect(connection).get_table_names() == []


def _upgrade_then_break(config, revision):
    config.attributes["connection"].execute(text("CREATE TABLE half (id INTEGER)"))
    raise ZeroDivisionError


_OWED_BEFORE = """
INSERT INTO aviso (secuencia, id_aviso, codigo_empresa, tipo, identidad, contenido, estado, resultado, fecha_hora_utc,
                   id_mensaje, fecha_hora_mensaje_utc, id_cliente, importe_centavos)
VALUES ({n}, 'A{n}', 'AGUA', 'PAGO', 'T:{n}', 'x', 'APLICADO', 'EXITOSA', '2026-03-10 12:00:00',
        'M', '2026-03-10 12:00:00', '{id_cliente}', 100);
INSERT INTO entrega (id, id_aviso, destino, estado, intentos, proximo_intento_utc, creada_utc)
VALUES ({n}, 'A{n}', 'pull', 'PENDIENTE', 0, '2026-03-10 12:00:00', '2026-03-10 12:00:00')
"""


def test_what_was_owed_before_there_were_lines_is_carried_over_in_its_order(empty_url):
    with bases.connected(empty_url) as connection:
        config = schema._config()  # noqa: SLF001 — a release before the newest
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for n, id_cliente in ((1, "C1"), (2, "C2"), (3, "C1")):
            for statement in _OWED_BEFORE.format(n=n, id_cliente=id_cliente).split(";"):
                connection.execute(text(statement))
    schema.migrate(empty_url)
    carried = sorted(bases.rows(empty_url, "entrega"), key=lambda row: row["id"])
    assert [(row["id_aviso"], row["id_cliente"], row["primera"]) for row in carried] == [
        ("A1", "C1", True),
        ("A2", "C2", True),
        ("A3", "C1", False),
    ]
    ledger = open_ledger(empty_url)
    ledger.write("AGUA", "C1", lambda tx: (tx.keep(kept(a_pago(), "A4")), tx.owe(kept(a_pago(), "A4"), ("pull",), NOW)))
    ledger.close()
    assert max(row["id"] for row in bases.rows(empty_url, "entrega")) == 4


def test_revisions_stay_as_released_and_know_no_live_tables():
    versions = Path(schema.MIGRATIONS) / "versions"
    assert all("pmc_soap" not in path.read_text() for path in versions.glob("r*.py"))
    assert len(ScriptDirectory(str(schema.MIGRATIONS)).get_heads()) == 1


def test_the_newest_revision_is_the_one_that_the_migrations_themselves_name(empty_url):
    head = ScriptDirectory(str(schema.MIGRATIONS)).get_current_head()
    assert schema.status(empty_url) == schema.Status(current=None, head=head)
    assert schema.migrate(empty_url) == schema.status(empty_url) == schema.Status(current=head, head=head)
