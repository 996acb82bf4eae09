"""The guide of who may call: its commands, run in their order on a configuration, and its configurations, called."""

import re
import shlex

import gateway as g
import guias
import pytest
from click.testing import CliRunner

from pmc_soap import cli, wiring

PAGE = "credenciales.md"
FILE = 'mode = "homologacion"\n\n[empresas.1234]\nnombre = "Club Ejemplo"   # el de siempre\n'


def test_the_commands_of_the_page_make_change_and_take_away_a_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("PMC_CONFIG", str(tmp_path / "pmc-soap.toml"))
    (tmp_path / "pmc-soap.toml").write_text(FILE, encoding="utf-8")

    def listed():
        return [line.split("\t") for line in CliRunner().invoke(cli.cli, ["credencial", "list"]).stdout.splitlines()]

    seen = []
    for shown in guias.blocks(PAGE, "sh"):
        for line in shown.splitlines():
            [command, *words] = shlex.split(line, comments=True)
            assert command == "pmc-soap"
            if words[0] == "serve":
                continue
            if "--hash-prefix" in words:
                words[-1] = next(prefix for _, _, prefix, until in listed() if until.startswith("hasta"))
            done = CliRunner().invoke(cli.cli, words, input="s\n")
            assert done.exit_code == 0, done.output
            seen.append([(de, until) for de, _, _, until in listed()])
    assert [len(each) for each in seen] == [1, 2, 2, 3, 2]
    assert seen[-1] == [("pagomiscuentas", "siempre"), ("1234", "siempre")]
    assert "# el de siempre" in (tmp_path / "pmc-soap.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("n", range(len(guias.blocks(PAGE, "toml"))))
def test_each_configuration_of_the_page_lets_in_whom_it_says(n, tmp_path, sqlite_template):
    toml = guias.blocks(PAGE, "toml")[n]
    database = tmp_path / "ledger.db"
    database.write_bytes(sqlite_template.read_bytes())
    said = guias.put_in_place(toml, tmp_path, {}, {})
    file = tmp_path / "pmc-soap.toml"
    file.write_text(f'mode = "homologacion"\ndb = "sqlite:///{database}"\n{said}', encoding="utf-8")
    network = guias.config.load(file, {}).pagomiscuentas
    subjects, redes = network.certificados, [red.partition("/")[0] for red in network.redes]
    with wiring.build(guias.config.load(file, {}), g.FixedClock(guias.NOW)) as house:
        app = guias.wsgi.doors(house)

        def falla(peer, token=None, **headers):
            def door(environ, start_response):
                return app({**environ, "REMOTE_ADDR": peer}, start_response)

            body = g.pedido("ConsultaDeuda", empresa="1234", token=token, IdCliente="1")
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return g.call(door, "POST", g.PMC, body, {**g.XML, **named}).falla

        for red in redes:
            assert falla("10.0.0.2", X_Forwarded_For=red) == falla("", X_Forwarded_For=red) == falla(red) == "PMC-2001"
            assert falla("10.0.0.3", X_Forwarded_For=red) == "PMC-2003"
        for subject in subjects:
            shown = {"X_Cliente_Certificado": subject, "X_Cliente_Verificado": "SUCCESS"}
            assert (falla("", **shown), falla("10.0.0.2", **shown)) == (None, "PMC-2001")
    assert re.search("redes|certificados|secreto", toml)
