"""A secret is changed for another while the gateway serves: nobody is refused who has a right one."""

import os
import signal
import time

import gateway as g
import requests
from fakes import bases
from process import run, serving

WITHIN_S = 30
SETTINGS = """
mode = "homologacion"
db = "{db}"

[pagomiscuentas]   # la red
credenciales = []

[empresas.1234]
nombre = "Club"
"""


def test_both_secrets_open_while_one_replaces_the_other_and_then_the_new_one_alone(tmp_path, sqlite_template):
    database = tmp_path / "ledger.db"
    database.write_bytes(sqlite_template.read_bytes())
    settings = tmp_path / "pmc-soap.toml"
    settings.write_text(SETTINGS.format(db=bases.sqlite_url(database)), encoding="utf-8")

    def credencial(*args):
        done = run("--config", str(settings), "credencial", *args, "--usuario", "pagomiscuentas", "--yes", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    old = credencial("issue", "--write")
    with serving("--config", str(settings), "serve", "--bind", "127.0.0.1:{port}", cwd=tmp_path) as gateway:

        def opens(token):
            body = g.pedido("ConsultaDeuda", empresa="1234", token=token, IdCliente="1")
            answer = requests.post(gateway.url + g.PMC, body, headers=g.XML, timeout=20)
            return g.Answer(answer.status_code, answer.headers, answer.content).codigo == "03"

        def reload_until(token, *, opened):
            """Reload, and wait until every process has read it: five answers in a row are alike."""
            os.kill(gateway.process.pid, signal.SIGHUP)
            deadline, alike = time.monotonic() + WITHIN_S, 0
            while alike < 5:
                assert time.monotonic() < deadline, gateway.log.read_text()
                alike = alike + 1 if opens(token) is opened else 0
                time.sleep(0.1)

        assert opens(old)
        new = credencial("rotate")
        assert not opens(new)
        reload_until(new, opened=True)
        assert opens(old)
        listed = run("--config", str(settings), "credencial", "list", cwd=tmp_path).stdout.splitlines()
        [prefix] = [line.split("\t")[2] for line in listed if "hasta" in line]
        credencial("revoke", "--hash-prefix", prefix)
        reload_until(old, opened=False)
        assert opens(new)
