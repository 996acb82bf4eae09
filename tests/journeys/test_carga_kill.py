"""Kill -9 a real process in the middle of a file: what was written stays, the rest follows, nothing is there twice."""

import json
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes import bases
from journeys.process import PMC_SOAP
from sqlalchemy import text

from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac import escritura

DAY = date(2026, 3, 10)
COUNT = 12_000


def fac(folder, count=COUNT, first=0):
    """Write a FAC of that many facturas, of one peso each."""
    facturas = (
        Factura(
            clave=ClaveFactura(codigo_empresa="1234", id_cliente=f"{n % 500}", id_factura=f"F-{n}"),
            vencimientos=(Vencimiento(fecha=DAY + timedelta(days=30), importe_centavos=100),),
            mensaje_pantalla="CUOTA",
            mensaje_ticket="CUOTA",
        )
        for n in range(first, first + count)
    )
    path = folder / escritura.nombre("1234", DAY)
    with path.open("wb") as file:
        file.writelines(escritura.write("1234", DAY, facturas))
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return bases.sqlite_url(shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.db"))
    url = request.getfixturevalue("postgres_url")
    bases.empty(url)
    return url


@pytest.fixture
def command(tmp_path, url):
    config = tmp_path / "pmc-soap.toml"
    config.write_text(f'mode = "homologacion"\ndb = "{url}"\n[empresas.1234]\nnombre = "Club"\n', encoding="utf-8")
    return [PMC_SOAP, "--config", str(config)]


def one(url, sql):
    with bases.connected(url) as connection:
        return connection.execute(text(sql)).scalar()


def killed_in_the_middle(command, path, url):
    """Load the file, and kill the process once it has written some of it."""
    loading = begun(command, path, url)
    os.killpg(loading.pid, signal.SIGKILL)
    loading.wait(10)


def begun(command, path, url):
    """Give a process that has begun to load the file."""
    line = [*command, "facturas", "load", str(path)]
    loading = subprocess.Popen(line, start_new_session=True)  # noqa: S603 — our own command
    deadline = time.monotonic() + 30
    while not one(url, "SELECT max(hasta_linea) FROM carga"):
        assert loading.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return loading


def end_lease(url):
    """Let the time pass that who was killed would have renewed."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with bases.connected(url) as connection:
        statement = text("UPDATE carga SET tomada_hasta_utc = :past WHERE estado = 'EN_CURSO'")
        connection.execute(statement, {"past": past if "postgres" in url else past.replace(tzinfo=None)})


def run(command, *args):
    return subprocess.run([*command, *map(str, args)], capture_output=True, text=True, check=False)  # noqa: S603 — ours


def test_a_load_that_is_killed_goes_on_when_the_same_file_is_given_again(command, url, tmp_path):
    path = fac(tmp_path)
    killed_in_the_middle(command, path, url)
    written = one(url, "SELECT count(*) FROM factura")
    assert 0 < written < COUNT
    assert written == one(url, "SELECT nuevas FROM carga")
    end_lease(url)
    again = run(command, "facturas", "load", path, "--json")
    said = json.loads(again.stdout)
    assert (again.returncode, said["nuevas"], said["iguales"], said["cambiadas"]) == (0, COUNT, 0, 0), again.stderr
    assert said["sigue_desde_linea"] == written + 1
    assert one(url, "SELECT count(*) FROM factura") == COUNT
    assert one(url, "SELECT sum(vto1_importe_centavos) FROM factura") == 100 * COUNT
    listed = json.loads(run(command, "cargas", "list", "--json").stdout)["cargas"]
    assert [(carga["estado"], carga["nuevas"]) for carga in listed] == [("COMPLETA", COUNT)]


def test_who_comes_right_after_a_kill_waits_until_it_is_sure_and_then_goes_on(command, url, tmp_path):
    path = fac(tmp_path)
    killed_in_the_middle(command, path, url)
    line = [*command, "facturas", "load", str(path)]
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as again:  # noqa: S603
        assert "Espero hasta" in again.stderr.readline()
        end_lease(url)
        assert "siguió después de la línea" in again.stderr.read()
    assert (again.returncode, one(url, "SELECT count(*) FROM factura")) == (0, COUNT)


def test_two_processes_never_load_one_empresa_at_once(command, url, tmp_path):
    first, other = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    other.mkdir()
    paths = fac(first, 2 * COUNT), fac(other, 100, first=10 * COUNT)
    loading = begun(command, paths[0], url)
    second = run(command, "facturas", "load", paths[1])
    assert loading.wait(60) == 0
    if second.returncode:  # it saw that the first lives; else it waited, and the first was done before it looked again
        assert (second.returncode, "está en curso" in second.stderr) == (4, True), second.stderr
        assert run(command, "facturas", "load", paths[1]).returncode == 0
    assert one(url, "SELECT count(*) FROM factura") == 2 * COUNT + 100
    overlaps = "SELECT count(*) FROM carga a JOIN carga b ON b.id > a.id AND b.empezada_utc < a.terminada_utc"
    assert one(url, overlaps) == 0
