"""The empresa's own database, over SQLite, PostgreSQL and MariaDB: asked for a debt, and given its avisos."""

import os
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from time import monotonic

import pytest
from fakes import bases
from fakes.examples import a_pago, a_reversa, kept
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from pmc_soap.connectors.imputacion import BINDS
from pmc_soap.connectors.sobre import write_aviso
from pmc_soap.connectors.sql import DestinoSql, SistemaSql
from pmc_soap.domain.consulta import Busqueda, Consulta, Deuda, SinRespuesta
from pmc_soap.domain.entrega import Comprobante, Envio, EstadoImputacion, NoEntregado
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.domain.resultado import Resultado

MARIADB = os.environ.get("PMC_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test")
SCHEMA = (
    "CREATE TABLE cliente (nro VARCHAR(19) PRIMARY KEY)",
    "CREATE TABLE deuda (nro VARCHAR(19), comprobante VARCHAR(20), total {DECIMAL}, vence {DATE}, barras VARCHAR(60))",
    """
    CREATE TABLE cobro (id_aviso VARCHAR(36) PRIMARY KEY, tipo VARCHAR(10), importe {DECIMAL}, centavos BIGINT,
     pagado {DATETIME}, acreditado {DATE}, nro_comprobante VARCHAR(20), motivo VARCHAR(20))""",
)
TYPES = {
    "sqlite": {"DECIMAL": "TEXT", "DATE": "TEXT", "DATETIME": "TEXT"},
    "postgresql": {"DECIMAL": "NUMERIC(14, 2)", "DATE": "DATE", "DATETIME": "TIMESTAMP"},
    "mysql": {"DECIMAL": "DECIMAL(14, 2)", "DATE": "DATE", "DATETIME": "DATETIME"},
}
CONSULTA = """
    SELECT nro AS id_cliente, comprobante AS ID_FACTURA, total AS importe, vence AS vencimiento FROM deuda
     WHERE (nro = :id_cliente OR comprobante = :id_factura OR barras = :codigo_barras) ORDER BY vence LIMIT :maximo"""
CLIENTE = "SELECT 1 FROM cliente WHERE nro = :id_cliente"
IMPUTAR = """
    INSERT INTO cobro (id_aviso, tipo, importe, centavos, pagado, acreditado, nro_comprobante)
    VALUES (:id_aviso, :tipo, :importe, :importe_centavos, :fecha_hora, :fecha_acreditacion, 'R-77')"""
EXISTE = "SELECT nro_comprobante FROM cobro WHERE id_aviso = :id_aviso"


@contextmanager
def _sqlite(tmp_path):
    yield bases.sqlite_url(tmp_path / "erp.db")


@contextmanager
def _postgres(_tmp_path):
    if not bases.has_postgres():
        pytest.skip(bases.NO_POSTGRES)
    with bases.postgres_schema() as url:
        yield url


@contextmanager
def _mariadb(_tmp_path):
    name = f"pmc_{secrets.token_hex(6)}"
    try:
        _execute(MARIADB, f"CREATE DATABASE {name}")
    except OperationalError:
        pytest.skip("MariaDB not found: set PMC_TEST_MARIADB")
    try:
        yield make_url(MARIADB).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(MARIADB, f"DROP DATABASE {name}")


def _execute(url, *statements, **binds):
    with bases.connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement), binds)


def _rows(url, query):
    with bases.connected(url) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture(params=[_sqlite, _postgres, _mariadb], ids=lambda make: make.__name__.strip("_"))
def erp(request, tmp_path):
    with request.param(tmp_path) as url:
        kind = TYPES[make_url(url).get_backend_name()]
        _execute(url, *(statement.format(**kind) for statement in SCHEMA))
        yield url


@pytest.fixture
def built():
    """Build connectors that are closed at the end."""
    made = []

    def build(kind, *args, **said):
        made.append(kind(*args, **said))
        return made[-1]

    yield build
    for connector in made:
        connector.close()


def _owe(url, *facturas):
    for nro, comprobante, total, barras in facturas:
        _execute(
            url,
            "INSERT INTO deuda VALUES (:nro, :comprobante, :total, '2026-03-20', :barras)",
            nro=nro,
            comprobante=comprobante,
            total=total,
            barras=barras,
        )


def _asking(maximo=20, **said):
    return Consulta(busqueda=Busqueda(codigo_empresa="AGUA", **said), id_mensaje="M1", maximo_facturas=maximo)


def _envio(aviso=None, id_aviso="A1"):
    aviso = aviso or a_pago(fecha_acreditacion=date(2026, 3, 12))
    return Envio(codigo_empresa="AGUA", guardado=kept(aviso, id_aviso), aviso=aviso)


def _closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_the_debt_is_what_the_empresas_own_query_says(erp, built):
    _owe(erp, ("0042", "F1", "1500.50", "779"), ("7", "F2", "1.00", None))
    sistema = built(SistemaSql, erp, CONSULTA)
    expected = Factura(
        clave=ClaveFactura(codigo_empresa="AGUA", id_cliente="0042", id_factura="F1"),
        vencimientos=(Vencimiento(fecha=date(2026, 3, 20), importe_centavos=150050),),
        mensaje_pantalla="F1",
        mensaje_ticket="F1",
    )
    for asked in ({"id_cliente": "0042"}, {"id_factura": "F1"}, {"codigo_barras": "779"}):
        assert sistema.find_deuda(_asking(**asked), 4) == Deuda(facturas=(expected,))


def test_no_row_is_no_debt_and_an_unknown_cliente_is_told_where_the_empresa_can_tell(erp, built):
    _execute(erp, "INSERT INTO cliente VALUES ('7')")
    sistema = built(SistemaSql, erp, CONSULTA, cliente=CLIENTE)
    assert sistema.find_deuda(_asking(id_cliente="7"), 4).resultado is Resultado.SIN_DEUDA
    assert sistema.find_deuda(_asking(id_cliente="8"), 4).resultado is Resultado.CLIENTE_INEXISTENTE
    assert sistema.find_deuda(_asking(id_factura="F9"), 4).resultado is Resultado.SIN_DEUDA


def test_that_there_are_more_facturas_than_asked_for_is_told(erp, built):
    _owe(erp, *(("7", f"F{n}", "10.00", None) for n in range(3)))
    sistema = built(SistemaSql, erp, CONSULTA)
    two, three = (sistema.find_deuda(_asking(maximo, id_cliente="7"), 4) for maximo in (2, 3))
    assert (len(two.facturas), two.hay_mas, len(three.facturas), three.hay_mas) == (2, True, 3, False)


def test_a_query_may_leave_out_what_was_not_asked(erp, built):
    _owe(erp, ("7", "F1", "10.00", None))
    only = CONSULTA.replace("(nro = :id_cliente OR", "(:id_cliente IS NULL OR nro = :id_cliente) AND (1 = 1 OR")
    assert len(built(SistemaSql, erp, only).find_deuda(_asking(id_factura="F1"), 4).facturas) == 1
    assert built(SistemaSql, erp, only).find_deuda(_asking(id_cliente="8"), 4).facturas == ()


def test_nothing_that_a_query_writes_stays_and_no_connection_is_left_open(erp, built):
    _owe(erp, ("7", "F1", "10.00", None))
    writing = "INSERT INTO cobro (id_aviso) VALUES (:id_factura) RETURNING 'F1' AS id_factura, 1 AS importe,"
    sistema = built(SistemaSql, erp, f"{writing} '2026-03-20' AS vencimiento, '7' AS id_cliente", conexiones=1)
    for _ in range(3):
        assert len(sistema.find_deuda(_asking(id_factura="X"), 4).facturas) == 1
    assert _rows(erp, "SELECT * FROM cobro") == []


def test_a_floating_point_importe_is_refused_with_the_way_to_mend_it(erp, built):
    _execute(erp, "CREATE TABLE vieja (total DOUBLE PRECISION)", "INSERT INTO vieja VALUES (0.1)")
    query = "SELECT 'F1' AS id_factura, total AS importe, '2026-03-20' AS vencimiento FROM vieja"
    with pytest.raises(SinRespuesta, match="«importe» es de punto flotante"):
        built(SistemaSql, erp, query).find_deuda(_asking(id_cliente="7"), 4)


SLOW = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
    "mysql": "SELECT SLEEP(30)",
}


def test_a_query_that_takes_too_long_is_given_up_and_the_next_one_answered(erp, built):
    slow = SLOW[make_url(erp).get_backend_name()]
    sistema = built(SistemaSql, erp, CONSULTA, cliente=slow, conexiones=1, timeout_s=0.2)
    began = monotonic()
    with pytest.raises(SinRespuesta, match="la base de la empresa"):
        sistema.find_deuda(_asking(id_cliente="7"), 4)
    assert monotonic() - began < 5
    assert sistema.find_deuda(_asking(id_factura="F1"), 4).resultado is Resultado.SIN_DEUDA


def test_a_wrong_statement_is_told_by_its_name_and_code_and_by_nothing_else(erp, built, caplog):
    sistema = built(SistemaSql, erp, "SELECT * FROM nada WHERE x = :id_cliente")
    destino = built(DestinoSql, erp, "INSERT INTO nada VALUES (:id_cliente)")
    with pytest.raises(SinRespuesta) as refused:
        sistema.find_deuda(_asking(id_cliente="SECRETO"), 4)
    with pytest.raises(NoEntregado) as undelivered:
        destino.deliver(_envio(a_pago(id_cliente="SECRETO")))
    assert "la sentencia «consulta» (código" in refused.value.motivo
    assert "la sentencia «imputar» (código" in undelivered.value.motivo
    assert not undelivered.value.permanente
    assert "SECRETO" not in caplog.text + refused.value.motivo
    assert "nada" not in caplog.text + refused.value.motivo + undelivered.value.motivo


def test_an_aviso_is_imputed_with_its_importe_exact_and_its_moments_argentine(erp, built):
    comprobante = built(DestinoSql, erp, IMPUTAR).deliver(_envio())
    assert comprobante == Comprobante()
    ((importe, centavos, pagado, acreditado),) = _rows(erp, "SELECT importe, centavos, pagado, acreditado FROM cobro")
    expected = (Decimal("1500.50"), 150050, datetime(2026, 3, 10, 12, 30, 12), date(2026, 3, 12))  # noqa: DTZ001
    if "sqlite" in erp:
        expected = ("1500.50", 150050, "2026-03-10 12:30:12", "2026-03-12")
    assert (importe, centavos, pagado, acreditado) == expected


def test_a_repeat_is_found_and_adds_nothing(erp, built):
    destino = built(DestinoSql, erp, IMPUTAR, existe=EXISTE)
    assert destino.deliver(_envio()) == Comprobante()
    for _ in range(2):
        assert destino.deliver(_envio()) == Comprobante(nro_comprobante="R-77")
    assert len(_rows(erp, "SELECT * FROM cobro")) == 1


def test_deliverers_that_meet_impute_once_and_all_know_it(erp, built):
    destino = built(DestinoSql, erp, IMPUTAR, existe=EXISTE)
    with ThreadPoolExecutor(8) as threads:
        comprobantes = list(threads.map(destino.deliver, [_envio()] * 16))
    assert {comprobante.estado for comprobante in comprobantes} == {EstadoImputacion.IMPUTADO}
    assert len(_rows(erp, "SELECT * FROM cobro")) == 1


def test_without_a_way_to_find_it_a_repeat_that_the_key_refuses_waits_for_a_person(erp, built):
    destino = built(DestinoSql, erp, IMPUTAR)
    destino.deliver(_envio())
    with pytest.raises(NoEntregado, match="no admite los datos") as refused:
        destino.deliver(_envio())
    assert refused.value.permanente
    assert "A1" not in refused.value.motivo


def test_what_the_statement_returns_is_the_comprobante(erp, built):
    destino = built(DestinoSql, erp, f"{IMPUTAR} RETURNING 4711 AS NRO_COMPROBANTE")
    assert destino.deliver(_envio()) == Comprobante(nro_comprobante="4711")
    assert len(_rows(erp, "SELECT * FROM cobro")) == 1


def test_an_empresa_that_refuses_an_aviso_keeps_what_it_wrote_of_it(erp, built):
    answer = "RETURNING 'RECHAZADO' AS estado, 'cuenta cerrada' AS motivo"
    comprobante = built(DestinoSql, erp, f"{IMPUTAR} {answer}").deliver(_envio())
    assert comprobante == Comprobante(estado=EstadoImputacion.RECHAZADO, motivo="cuenta cerrada")
    assert len(_rows(erp, "SELECT * FROM cobro")) == 1


def test_an_answer_that_nobody_understands_is_undone(erp, built):
    with pytest.raises(NoEntregado, match="ni RECHAZADO") as refused:
        built(DestinoSql, erp, f"{IMPUTAR} RETURNING 'CASI' AS estado").deliver(_envio())
    assert refused.value.permanente
    assert _rows(erp, "SELECT * FROM cobro") == []


def test_an_update_that_finds_nothing_is_no_imputation(erp, built):
    destino = built(
        DestinoSql, erp, "UPDATE deuda SET total = '0' WHERE comprobante = :id_factura AND nro = :id_cliente"
    )
    with pytest.raises(NoEntregado, match="ninguna fila") as refused:
        destino.deliver(_envio())
    assert refused.value.permanente
    _owe(erp, ("C1", "F1", "0", None))
    assert [destino.deliver(_envio()) for _ in range(2)] == [Comprobante()] * 2  # the same value again is a row found


def test_a_reversa_runs_its_own_statement_where_there_is_one(erp, built):
    reversa = _envio(a_reversa(), "A2")
    built(DestinoSql, erp, IMPUTAR).deliver(_envio())
    built(DestinoSql, erp, IMPUTAR, reversar="DELETE FROM cobro").deliver(reversa)
    assert _rows(erp, "SELECT * FROM cobro") == []
    built(DestinoSql, erp, IMPUTAR).deliver(reversa)
    assert _rows(erp, "SELECT id_aviso, tipo, nro_comprobante FROM cobro") == [("A2", "REVERSA", "R-77")]


PROCEDURES = {
    "postgresql": (
        """
        CREATE FUNCTION cobrar(aviso TEXT, pesos NUMERIC) RETURNS TABLE (nro_comprobante TEXT) LANGUAGE sql AS
         $$ INSERT INTO cobro (id_aviso, importe) VALUES (aviso, pesos) RETURNING 'P-1' $$""",
        "SELECT * FROM cobrar(:id_aviso, :importe)",
    ),
    "mysql": (
        """
        CREATE PROCEDURE cobrar(aviso VARCHAR(36), pesos DECIMAL(14, 2)) BEGIN
         INSERT INTO cobro (id_aviso, importe) VALUES (aviso, pesos); SELECT 'P-1' AS nro_comprobante; END""",
        "CALL cobrar(:id_aviso, :importe)",
    ),
}


def test_a_stored_procedure_imputes_and_says_its_comprobante(erp, built):
    if "sqlite" in erp:
        pytest.skip("SQLite has no procedures")
    create, call = PROCEDURES[make_url(erp).get_backend_name()]
    _execute(erp, create)
    destino = built(DestinoSql, erp, call, existe=EXISTE, conexiones=1)
    for n in range(3):
        assert destino.deliver(_envio(id_aviso=f"A{n}")) == Comprobante(nro_comprobante="P-1")
    assert _rows(erp, "SELECT importe FROM cobro") == [(Decimal("1500.50"),)] * 3


def test_a_procedure_that_breaks_leaves_nothing_and_is_tried_again(erp, built):
    broken = IMPUTAR.replace("'R-77'", "(SELECT nro FROM deuda)")  # more than one row: an error, or the first of them
    if "sqlite" in erp:
        pytest.skip("SQLite takes the first row")
    _owe(erp, ("1", "F1", "1", None), ("2", "F2", "1", None))
    with pytest.raises(NoEntregado) as failed:
        built(DestinoSql, erp, broken).deliver(_envio())
    assert not failed.value.permanente
    assert _rows(erp, "SELECT * FROM cobro") == []


KILL = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'",
    "mysql": "SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()",
}


def test_a_connection_that_the_database_closed_while_idle_is_opened_again(erp, built):
    url = make_url(erp)
    if url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no connections to lose")
    name = url.database if "mysql" in erp else f"pmc_{secrets.token_hex(4)}"
    ours = erp if "mysql" in erp else url.update_query_dict({"application_name": name}).render_as_string(False)
    destino = built(DestinoSql, ours, IMPUTAR, conexiones=1)
    destino.deliver(_envio(id_aviso="A1"))
    killed = _rows(erp, KILL[url.get_backend_name()].format(name=name))
    if "mysql" in erp:
        _execute(erp, *(f"KILL {id_}" for (id_,) in killed))
    assert len(killed) == 1
    assert destino.deliver(_envio(id_aviso="A2")) == Comprobante()


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_database_that_is_away_is_waited_for(built, driver):
    url = f"{driver}://usuario:SECRETO@127.0.0.1:{_closed_port()}/erp"
    with pytest.raises(SinRespuesta, match="no hay conexión con la base de la empresa") as refused:
        built(SistemaSql, url, CONSULTA).find_deuda(_asking(id_cliente="7"), 4)
    with pytest.raises(NoEntregado, match="no hay conexión con la base de la empresa") as undelivered:
        built(DestinoSql, url, IMPUTAR).deliver(_envio())
    assert not undelivered.value.permanente
    assert "SECRETO" not in refused.value.motivo + undelivered.value.motivo


@pytest.mark.parametrize("tipo", [a_pago(), a_reversa()])
def test_a_statement_may_name_all_that_an_aviso_says(tipo):
    assert set(write_aviso(_envio(tipo))) == BINDS


def test_a_statement_that_asks_for_what_there_is_not_is_refused_when_it_is_configured(tmp_path):
    url = bases.sqlite_url(tmp_path / "erp.db")
    with pytest.raises(ValueError, match="«existe» pide «:id_pago», que no existe"):
        DestinoSql(url, IMPUTAR, existe="SELECT 1 WHERE :id_pago = 1")
    with pytest.raises(ValueError, match="«consulta» pide «:cliente», que no existe"):
        SistemaSql(url, "SELECT 1 WHERE :cliente = '10:30'")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql+otro://u:SECRETO@h/b", "no se admite la base «mysql\\+otro»"),
        ("otra://u:SECRETO@h/b", "no se entiende"),
        ("u:SECRETO@h", "no se entiende"),
        ("mysql+mysqldb://u:SECRETO@h/b", "no se admite la base «mysql\\+mysqldb»"),
        ("sqlite://", "tiene que ser un archivo"),
    ],
)
def test_a_database_that_we_do_not_know_is_refused_when_it_is_configured(url, said):
    with pytest.raises(ValueError, match=said) as refused:
        SistemaSql(url, CONSULTA)
    assert "SECRETO" not in str(refused.value)


def test_a_driver_that_is_not_installed_is_told_with_its_command(monkeypatch):
    monkeypatch.setattr("pmc_soap.connectors.sql.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"falta instalar «pymssql»: pip install 'pmc-soap\[sqlserver\]'"):
        SistemaSql("mssql+pymssql://u@h/b", CONSULTA)
