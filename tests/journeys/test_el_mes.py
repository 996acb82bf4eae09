"""A whole month, over SQLite and PostgreSQL: reported by a FAC, paid (some of it over SOAP), conciliated day by day.

Every planted anomaly is found and named, each payment that only the COB told of is healed once, and all adds up to the
centavo. `python bench/mes.py` plays the same with 50,000 facturas.
"""

import shutil
from collections import Counter

import pytest
from click.testing import CliRunner
from fakes import bases
from mundos.anomalias import TIPOS
from mundos.juego import opened
from mundos.mundo import Mundo
from mundos.revision import Revision
from python_calamine import load_workbook

from pmc_soap.cli import cli
from pmc_soap.config import check
from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.wiring import calendario

BANCOS = calendario.build(check({"mode": "demostracion"}).calendario)


@pytest.fixture(scope="module")
def mundo():
    return Mundo(20260301, 300, BANCOS)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture
def played(mundo, url, tmp_path):
    with opened(mundo, url) as juego:
        assert juego.load(tmp_path).loaded.nuevas == 300
        juego.play(soap_cada=5)
        yield juego


def test_every_anomaly_of_a_month_is_found_and_named_and_all_adds_up_to_the_centavo(played, url, tmp_path):
    revision = Revision(played, url)
    assert revision.differences() == []
    assert revision.encontradas == dict.fromkeys(TIPOS, 1)
    assert revision.sanados == 8
    assert played.por_soap > 20
    _hold_the_reports(played.mundo, url, tmp_path)


def _hold_the_reports(mundo, url, tmp_path):
    """What finance takes to Excel is the same money."""
    config = tmp_path / "pmc-soap.toml"
    config.write_text(f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club"\n', encoding="utf-8")

    def report(name, *args):
        path = tmp_path / f"{name}.xlsx"
        done = CliRunner().invoke(cli, ["--config", str(config), "reportes", name, *args, "--xlsx", str(path)])
        assert done.exit_code == 0, done.output
        book = load_workbook(path)
        return {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in book.sheet_names}

    wanted = mundo.resumen
    head, *rows, total = report("pagos", "--mes", "2026-03")["Pagos"]
    assert Counter(row[head.index("Estado del pago")] for row in rows) == {
        estado.value: suma.cantidad for estado, suma in wanted.dinero.items()
    }
    assert round(total[head.index("Importe")] * 100) == sum(suma.centavos for suma in wanted.dinero.values())
    sheets = report("conciliacion", "--desde", "2026-03-01", "--hasta", "2026-04-30")
    head, *_, total = sheets["Líneas"]
    cobrado = sum(suma.centavos for cuadro in wanted.cuadros.values() for suma in cuadro.values())
    assert round(total[head.index("Importe en el COB")] * 100) == cobrado
    head, *_, total = sheets["Días"]
    assert round(total[head.index("Total del COB: importe")] * 100) == cobrado
    assert total[head.index("Solo en avisos: cantidad")] == wanted.sin_linea.total()


BREAKS = {
    "a line that ended otherwise": "UPDATE linea_cob SET desenlace = 'CONCILIADO' WHERE desenlace = 'DIF_IMPORTE'",
    "a centavo": "UPDATE linea_cob SET importe_centavos = importe_centavos + 1 WHERE id = 1",
    "a pago elsewhere": "UPDATE pago SET estado = 'DEVUELTO' WHERE estado = 'EN_PUENTE'",
    "an alert": "DELETE FROM alerta WHERE motivo = 'SOLO_EN_AVISO'",
    "an entrega": "DELETE FROM entrega WHERE id = (SELECT min(id) FROM entrega)",
    "a line that is gone": "DELETE FROM linea_cob WHERE desenlace = 'LINEA_INVALIDA'",
}


@pytest.fixture(scope="module")
def month(mundo, sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mes")
    path = shutil.copy(sqlite_template, folder / "ledger.db")
    with opened(mundo, bases.sqlite_url(path)) as juego:
        juego.load(folder)
        juego.play()
    return path


@pytest.mark.parametrize("what", BREAKS)
def test_whoever_looks_at_the_month_sees(what, mundo, month, tmp_path):
    url = bases.sqlite_url(shutil.copy(month, tmp_path / "ledger.db"))
    with opened(mundo, url) as juego:
        assert Revision(juego, url).differences() == []
    with bases.connected(url) as connection:
        assert connection.exec_driver_sql(BREAKS[what]).rowcount
    with opened(mundo, url) as juego:
        assert Revision(juego, url).differences()


def test_money_that_is_told_of_is_where_it_was_said_to_be(mundo):
    """The month's own figures: of what people paid nothing is left out, and nothing counted twice."""
    money = mundo.resumen.dinero
    assert set(money) == {EstadoPago.APLICADO, EstadoPago.EN_PUENTE, EstadoPago.REVERSADO}
    assert sum(suma.cantidad for suma in money.values()) == mundo.resumen.pagos
