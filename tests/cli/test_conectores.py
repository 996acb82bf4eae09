"""What a connector would refuse is told with the rest of the configuration, before anything is served."""

import pytest
from journeys.process import run

BAD = """
mode = "homologacion"
db = "sqlite:///{folder}/pmc.db"
public_url = "http://127.0.0.1:9"
[empresas.1234]
nombre = "Club Ejemplo"
[empresas.1234.sistema]
tipo = "sql"
url = "sqlite:///{folder}/erp.db"
consulta = "SELECT 1 WHERE c = :cliente"
[empresas.1234.destinos.base]
tipo = "sql"
url = "sqlite:///{folder}/erp.db"
imputar = "UPDATE x SET y = :id_avizo"
[empresas.1234.destinos.propio]
tipo = "python"
objeto = "no_existe:Nada"
"""


@pytest.mark.parametrize("command", [("config", "check"), ("serve", "--bind", "127.0.0.1:0")])
def test_all_that_the_connectors_refuse_is_told_at_once_without_a_traceback(tmp_path, command):
    (tmp_path / "pmc-soap.toml").write_text(BAD.format(folder=tmp_path), encoding="utf-8")
    done = run(*command, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    for key, named in (("sistema", ":cliente"), ("destinos.base", ":id_avizo"), ("destinos.propio", "no_existe")):
        assert any(f"empresas.1234.{key}" in line and named in line for line in done.stderr.splitlines())
    assert not (tmp_path / "erp.db").exists()
