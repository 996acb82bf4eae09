"""`pmc-soap serve`: which server it takes, what it refuses, and what each server is told."""

import builtins
import json
import signal
import socket
import sys

import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli, with_granian, with_gunicorn
from pmc_soap.cli.servicio import Servicio, fit
from pmc_soap.config import ConfigError
from pmc_soap.wiring import registro


@pytest.fixture
def called(monkeypatch, tmp_path):
    """Call the command in an empty folder; nothing is served: what would be is told."""
    monkeypatch.chdir(tmp_path)
    told = {}
    monkeypatch.setattr(registro, "configure", lambda **said: told.setdefault("log", said))
    for module in (with_gunicorn, with_granian):
        monkeypatch.setattr(module, "run", lambda servicio, m=module: told.update(servicio=servicio, module=m))
    hangup = signal.getsignal(signal.SIGHUP)

    def called(*args):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{probe.getsockname()[1]}"
        return CliRunner().invoke(cli, ["serve", "--bind", bind, *args]), told

    yield called
    signal.signal(signal.SIGHUP, hangup)


def test_gunicorn_serves_unless_another_is_asked_for_and_the_log_is_json(called):
    result, told = called()
    assert (result.exit_code, told["module"]) == (0, with_gunicorn)
    servicio = told["servicio"]
    assert (servicio.workers, servicio.threads, servicio.settings.public_url) == (2, 8, f"http://{servicio.bind}")
    assert told["log"] == {"level": "info", "texto": False}


def test_granian_serves_the_same_when_asked_for(called):
    result, told = called("--server", "granian", "--workers", "3", "--threads", "5", "--log-format", "texto")
    assert (result.exit_code, told["module"]) == (0, with_granian)
    assert (told["servicio"].workers, told["servicio"].threads, told["log"]["texto"]) == (3, 5, True)


def test_without_granian_installed_what_to_install_is_said(called, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "granian":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "pmc_soap.cli.with_granian")
    monkeypatch.setattr(builtins, "__import__", without)
    result, _ = called("--server", "granian")
    assert result.exit_code == 2
    assert "pip install 'pmc-soap[fast]'" in result.output


@pytest.mark.parametrize("bind", ["0.0.0.0:8080", "192.0.2.1:8080", "[::]:8080"])
@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_the_demonstration_is_shown_to_no_network_by_either_server(called, server, bind):
    result, told = called("--server", server, "--bind", bind)
    assert (result.exit_code, "servicio" in told) == (3, False)


@pytest.mark.parametrize(
    ("bind", "where"),
    [
        ("127.0.0.1:8080", {"address": "127.0.0.1", "port": 8080}),
        ("[::1]:8080", {"address": "::1", "port": 8080}),
        ("localhost:1", {"address": "localhost", "port": 1}),
    ],
)
def test_granian_is_told_the_address_in_its_own_way(bind, where):
    assert with_granian.where(bind) == where


def test_granian_is_told_a_unix_socket_too():
    assert str(with_granian.where("unix:/run/pmc.sock")["uds"]) == "/run/pmc.sock"


def test_gunicorn_has_threads_for_who_waits_besides_those_that_work():
    server = with_gunicorn.Server(Servicio(None, "127.0.0.1:1", workers=3, threads=8))
    cfg = server.cfg
    assert (cfg.workers, cfg.threads, cfg.worker_connections, cfg.backlog) == (3, 26, 26 + 512, 1024)
    assert cfg.worker_class_str == "pmc_soap.cli.worker.Worker"


def test_settings_that_are_read_again_are_told_to_who_asked(caplog):
    told = []
    servicio = Servicio("old", "x", 1, 1, reread=lambda: "new", on_renewed=[told.append])
    servicio.renew()
    assert (servicio.settings, told) == ("new", ["new"])


@pytest.mark.parametrize("error", [ConfigError(["«x» dice canario", "otro"]), ValueError("canario")])
def test_settings_that_will_not_do_change_nothing_and_are_an_alert_without_their_text(caplog, error):
    def refuse():
        raise error

    told = []
    servicio = Servicio("old", "x", 1, 1, reread=refuse, on_renewed=[told.append])
    servicio.renew()
    assert (servicio.settings, told) == ("old", [])
    [record] = caplog.records
    assert (record.name, record.levelname) == ("pmc_soap.alerta", "ERROR")
    assert "canario" not in record.getMessage()
    assert fit(refuse) is None


def test_a_process_that_cannot_be_built_ends_with_a_code_that_has_another_started(monkeypatch, caplog):
    monkeypatch.setattr("pmc_soap.cli.servicio.AGAIN_S", 0)
    monkeypatch.setattr("pmc_soap.wsgi.create", lambda *_: json.loads("{"))
    with pytest.raises(SystemExit) as ended:
        Servicio(None, "x", 1, 1).app()
    assert ended.value.code == 1  # gunicorn gives up at 3 and 4
    assert "could not be built" in caplog.text
