"""A run of a COB is killed in the middle, again and again; taken up, each line is a pago once, no centavo is lost."""

import subprocess
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from checker import check
from fakes import bases
from process import PMC_SOAP

from pmc_soap.domain.cobro import Cobro
from pmc_soap.files.cob.escritura import nombre, write
from pmc_soap.storage import schema

LINEAS, CLIENTES = 4_000, 1_600
KILLS = 2
DIA = date(2025, 3, 18)


@pytest.fixture
def config(tmp_path, base_url):
    schema.migrate(base_url)
    path = tmp_path / "pmc-soap.toml"
    club = '[empresas.1234]\nnombre = "Club Ejemplo"\ncon_base = false\n'
    path.write_text(f'mode = "homologacion"\ndb = "{base_url}"\n{club}', encoding="utf-8")
    return path


@pytest.fixture
def archivo(tmp_path):
    cobros = (
        Cobro(
            id_cliente=f"{n % CLIENTES:05d}",
            fecha_aplicacion=date(2025, 3, 14),
            fecha_acreditacion=DIA,
            importe_centavos=100 + n,
            codigo_movimiento=1,
            canal="PC",
            nro_control=f"{n:04d}",
        )
        for n in range(LINEAS)
    )
    path = tmp_path / nombre("1234", DIA)
    path.write_bytes(b"".join(write("1234", DIA, cobros)))
    return path


def _begin(config: Path, archivo: Path) -> subprocess.Popen:
    command = [PMC_SOAP, "--config", str(config), "conciliacion", "run", str(archivo)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603


def _lines(url: str, decided: str) -> int:
    with bases.connected(url) as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM linea_cob WHERE {decided}").scalar_one()  # noqa: S608


def _kill_once_past(config, archivo, url, decided, more_than):
    """Kill a run once more lines than that are so."""
    run = _begin(config, archivo)
    deadline = time.monotonic() + 30
    while run.poll() is None and time.monotonic() < deadline and _lines(url, decided) <= more_than:
        time.sleep(0.01)
    run.kill()
    run.communicate()


def test_kill_9_in_the_middle_of_a_cob_loses_no_line_and_imputes_none_twice(config, archivo, base_url):
    _kill_once_past(config, archivo, base_url, "1 = 1", 0)
    assert 0 < _lines(base_url, "desenlace IS NULL")
    for _ in range(KILLS):
        done = _lines(base_url, "desenlace IS NOT NULL")
        _kill_once_past(config, archivo, base_url, "desenlace IS NOT NULL", done)
    assert 0 < _lines(base_url, "desenlace IS NOT NULL") < LINEAS, "the kills came too late to show anything"
    last = _begin(config, archivo)
    _, errors = last.communicate(timeout=120)
    assert last.returncode == 0, errors.decode()

    lineas = bases.rows(base_url, "linea_cob")
    assert Counter(row["desenlace"] for row in lineas) == {"SOLO_EN_COB": LINEAS}
    assert len({row["id_aviso"] for row in lineas}) == LINEAS
    [cob] = bases.rows(base_url, "cob")
    assert cob["total_centavos"] == sum(row["importe_centavos"] for row in lineas)
    assert cob["total_centavos"] == sum(row["importe_centavos"] for row in bases.rows(base_url, "pago"))
    assert len(bases.rows(base_url, "aviso")) == len(bases.rows(base_url, "entrega")) == LINEAS
    with bases.connected(base_url) as connection:
        assert check(connection) == []
