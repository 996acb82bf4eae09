"""The guide of SQL, over each database that it says was tried."""

import os
import re
import secrets
from contextlib import contextmanager

import gateway as g
import guias
import pytest
from fakes import bases
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from pmc_soap.config import ConfigError

MARIADB = os.environ.get("PMC_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test")


@contextmanager
def _sqlite(tmp_path):
    yield bases.sqlite_url(tmp_path / "gestion.db"), {"DECIMAL(14, 2)": "TEXT"}


@contextmanager
def _postgres(_tmp_path):
    if not bases.has_postgres():
        pytest.skip(bases.NO_POSTGRES)
    with bases.postgres_schema() as url:
        yield url, {}


@contextmanager
def _mariadb(_tmp_path):
    name = f"pmc_{secrets.token_hex(6)}"
    try:
        _execute(MARIADB, f"CREATE DATABASE {name}")
    except OperationalError:
        pytest.skip("MariaDB not found: set PMC_TEST_MARIADB")
    try:
        yield make_url(MARIADB).set(database=name).render_as_string(hide_password=False), {"TIMESTAMP": "DATETIME"}
    finally:
        _execute(MARIADB, f"DROP DATABASE {name}")


def _execute(url, *statements, **binds):
    with bases.connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement), binds)


@pytest.fixture(params=[_sqlite, _postgres, _mariadb], ids=lambda make: make.__name__.strip("_"))
def gestion(request, tmp_path):
    """The ERP's database, with the tables of the page."""
    with request.param(tmp_path) as (url, types):
        tables = guias.block("conectores/sql.md", "sql")
        for theirs, ours in types.items():
            tables = tables.replace(theirs, ours)
        _execute(url, *(table for table in tables.split(";") if table.strip()))
        for nro, total, barras in (("1000001", "18540.75", "040001"), ("1000002", "100.00", "040002")):
            _execute(
                url,
                "INSERT INTO deuda_pmc VALUES (:nro, :factura, :total, '2026-03-20', 'CUOTA MARZO', :barras)",
                nro=nro,
                factura=f"F-{nro}-1",
                total=total,
                barras=barras,
            )
        yield url


def _cobros(url):
    with bases.connected(url) as connection:
        found = connection.execute(text("SELECT * FROM cobro_pmc ORDER BY tipo")).mappings()
        return [
            (row["id_aviso"], row["tipo"], str(row["importe"]), str(row["fecha_hora"]), row["id_aviso_original"])
            for row in found
        ]


def test_a_database_is_asked_and_gets_one_row_an_aviso(living, gestion):
    with living("conectores/sql.md", secretos={"erp_url": gestion}) as casa:
        answer = casa.consult()
        assert answer.said("MensajePantalla") == "CUOTA MARZO"
        for said in ({"IdFactura": "F-1000001-1"}, {"CodigoBarras": "040001"}):
            found = casa.ask("ConsultaDeuda", **said)
            assert ["1000001"] == [element.text for element in found.root.iter(f"{{{g.NS}}}IdCliente")]
        id_aviso = casa.pay()
        casa.deliver_twice()
        pago = (id_aviso, "PAGO", "18540.75", "2026-03-10 12:30:12", None)
        assert [pago] == _cobros(gestion)
        assert (*guias.IMPUTED, None) == casa.entrega(id_aviso)
        id_reversa = casa.take_back()
        casa.deliver()
        assert [pago, (id_reversa, "REVERSA", "18540.75", "2026-03-10 13:05:00", id_aviso)] == _cobros(gestion)


def test_an_insert_without_existe_is_refused_as_the_page_warns(living):
    toml = re.sub(r"^existe = .*$", "", guias.block("conectores/sql.md", "toml"), flags=re.MULTILINE)
    with (
        pytest.raises(ConfigError, match=r"«empresas\.1234\.destinos\.base\.existe» hace falta"),
        living("conectores/sql.md", toml=toml),
    ):
        pass


def test_an_insert_that_minds_repeats_itself_needs_no_existe_as_the_page_says(living, gestion):
    ignoring = "ON DUPLICATE KEY UPDATE tipo = tipo" if "mysql" in gestion else "ON CONFLICT (id_aviso) DO NOTHING"
    toml = re.sub(
        r"\"\"\"\nexiste = .*$", f'\n{ignoring}"""', guias.block("conectores/sql.md", "toml"), flags=re.MULTILINE
    )
    with living("conectores/sql.md", toml=toml, secretos={"erp_url": gestion}) as casa:
        casa.consult()
        id_aviso = casa.pay()
        casa.deliver_twice()
        assert (*guias.IMPUTED, None) == casa.entrega(id_aviso)
        assert [id_aviso] == [row[0] for row in _cobros(gestion)]
