"""Kill -9 a real process in the middle of a file: what was written stays, the rest follows, nothing is there twice."""

import json
import os
import signal
import subprocess
import time

from archivos import COUNT, end_lease, fac, one, run


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


def test_a_load_that_is_killed_goes_on_when_the_same_file_is_given_again(pmc_soap, db_url, tmp_path):
    path = fac(tmp_path)
    killed_in_the_middle(pmc_soap, path, db_url)
    written = one(db_url, "SELECT count(*) FROM factura")
    assert 0 < written < COUNT
    assert written == one(db_url, "SELECT nuevas FROM carga")
    end_lease(db_url)
    again = run(pmc_soap, "facturas", "load", path, "--json")
    said = json.loads(again.stdout)
    assert (again.returncode, said["nuevas"], said["iguales"], said["cambiadas"]) == (0, COUNT, 0, 0), again.stderr
    assert said["sigue_desde_linea"] == written + 1
    assert one(db_url, "SELECT count(*) FROM factura") == COUNT
    assert one(db_url, "SELECT sum(vto1_importe_centavos) FROM factura") == 100 * COUNT
    listed = json.loads(run(pmc_soap, "cargas", "list", "--json").stdout)["cargas"]
    assert [(carga["estado"], carga["nuevas"]) for carga in listed] == [("COMPLETA", COUNT)]


def test_who_comes_right_after_a_kill_waits_until_it_is_sure_and_then_goes_on(pmc_soap, db_url, tmp_path):
    path = fac(tmp_path)
    killed_in_the_middle(pmc_soap, path, db_url)
    line = [*pmc_soap, "facturas", "load", str(path)]
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as again:  # noqa: S603
        assert "Espero hasta" in again.stderr.readline()
        end_lease(db_url)
        assert "siguió después de la línea" in again.stderr.read()
    assert (again.returncode, one(db_url, "SELECT count(*) FROM factura")) == (0, COUNT)


def test_two_processes_never_load_one_empresa_at_once(pmc_soap, db_url, tmp_path):
    first, other = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    other.mkdir()
    paths = fac(first, 2 * COUNT), fac(other, 100, first=10 * COUNT)
    loading = begun(pmc_soap, paths[0], db_url)
    second = run(pmc_soap, "facturas", "load", paths[1])
    assert loading.wait(60) == 0
    if second.returncode:  # it saw that the first lives; else it waited, and the first was done before it looked again
        assert (second.returncode, "está en curso" in second.stderr) == (4, True), second.stderr
        assert run(pmc_soap, "facturas", "load", paths[1]).returncode == 0
    assert one(db_url, "SELECT count(*) FROM factura") == 2 * COUNT + 100
    overlaps = "SELECT count(*) FROM carga a JOIN carga b ON b.id > a.id AND b.empezada_utc < a.terminada_utc"
    assert one(db_url, overlaps) == 0
