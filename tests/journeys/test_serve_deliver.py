"""`pmc-soap serve` says who brings the avisos, and starts a deliverer only where there is somewhere to bring them."""

import time

import psutil
import pytest
from process import run, serving

EMPRESA = """
mode = "homologacion"
db = "sqlite:///{folder}/pmc.db"
public_url = "https://pagos.example"

[empresas.1234]
nombre = "Club Ejemplo"

[empresas.5678]
nombre = "Otro Club"
"""
PULL = '[empresas.1234.destinos.pull]\ntipo = "pull"\n'
WEB = '[empresas.1234.destinos.erp]\ntipo = "soap"\nurl = "http://127.0.0.1:1/pmc"\n'
NOBODY = "ninguna empresa tiene destinos a los que llevar avisos"
ELSEWHERE = "los lleva solo «pmc-soap deliver»"
SOON_S = 30


@pytest.fixture
def served(tmp_path):
    """Serve with these destinos; give what it said and whether a deliverer runs beside it."""

    def served(destinos, *options):
        file = tmp_path / "pmc-soap.toml"
        file.write_text(EMPRESA.format(folder=tmp_path) + destinos, encoding="utf-8")
        assert run("--config", str(file), "db", "migrate", cwd=tmp_path).returncode == 0
        args = ("--config", str(file), "serve", "--bind", "127.0.0.1:{port}", *options)
        with serving(*args, cwd=tmp_path) as gateway:
            children = psutil.Process(gateway.process.pid).children()
            beside = [child for child in children if "deliver" in child.cmdline()]
            time.sleep(0.3)  # one that cannot live is gone by then, or is still starting
            return gateway.log.read_text(encoding="utf-8"), len(beside)

    return served


@pytest.mark.parametrize("destinos", ["", PULL], ids=["none", "pull"])
def test_with_nowhere_to_bring_avisos_no_deliverer_is_started_and_that_is_said(served, destinos):
    told, beside = served(destinos, "--with-deliver")
    assert (beside, told.count(NOBODY), ELSEWHERE in told, "ended by itself" in told) == (0, 1, False, False), told


@pytest.mark.parametrize("destinos", ["", PULL], ids=["none", "pull"])
def test_with_nowhere_to_bring_avisos_and_none_asked_for_nothing_is_said_of_it(served, destinos):
    told, beside = served(destinos)
    assert (beside, NOBODY in told, ELSEWHERE in told) == (0, False, False), told


def test_a_server_that_brings_no_avisos_says_who_does(served):
    told, beside = served(PULL + WEB)
    assert (beside, told.count(ELSEWHERE), NOBODY in told) == (0, 1, False), told


def test_a_deliverer_beside_the_server_reads_the_same_file_and_lives(served):
    told, beside = served(PULL + WEB, "--with-deliver")
    assert (beside, ELSEWHERE in told, NOBODY in told, "ended by itself" in told) == (1, False, False, False), told
