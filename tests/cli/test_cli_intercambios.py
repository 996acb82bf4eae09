"""pmc-soap intercambios and listen, over a database that has some."""

import json
import select
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import bases
from fakes.intercambios import an_intercambio

from pmc_soap.cli import main
from pmc_soap.operations.intercambios import Documentos
from pmc_soap.storage import schema
from pmc_soap.storage.ledger import open_ledger

NOON = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
XML = b"<a><NombreCliente>Ana</NombreCliente><Token>***</Token></a>"


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    url = bases.sqlite_url(tmp_path / "pmc.db")
    schema.migrate(url)
    (tmp_path / "pmc-soap.toml").write_text(f'mode = "homologacion"\ndb = "{url}"\n', encoding="utf-8")
    monkeypatch.setenv("PMC_CONFIG", str(tmp_path / "pmc-soap.toml"))
    ledger = open_ledger(url)
    ledger.intercambios.add(
        [
            (an_intercambio(1, NOON, id_cliente="C1"), Documentos(pedido=XML)),
            (an_intercambio(2, NOON, codigo=None, falla="PMC-9002", severidad=3, http=500), Documentos()),
        ]
    )
    yield ledger
    ledger.close()


@pytest.mark.usefixtures("ledger")
def test_the_last_exchanges_are_listed_a_line_each(capsys):
    main(["intercambios", "list", "--limit", "5"])
    falla, buena = capsys.readouterr().out.splitlines()
    assert falla.startswith("10/03/2026 12:00:00  DEMO  ConsultaDeuda        PMC-9002")
    assert buena.split()[-2:] == ["C1", f"{1:032x}"]
    main(["intercambios", "list", "--problemas", "--json"])
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["falla"] == "PMC-9002"


@pytest.mark.usefixtures("ledger")
def test_one_is_shown_with_its_documents_and_without_names_if_asked(capsys):
    main(["intercambios", "show", f"{1:032x}"])
    shown = capsys.readouterr().out
    assert "  <NombreCliente>Ana</NombreCliente>" in shown
    assert "No se guardó su XML." in shown
    main(["intercambios", "show", f"{1:032x}", "--mask"])
    assert "Ana" not in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["intercambios", "show", "no"])
    assert "no hay ningún intercambio" in capsys.readouterr().err


def test_who_listens_sees_what_comes_until_he_stops(ledger):
    command = [str(Path(sys.executable).parent / "pmc-soap"), "listen", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listening:  # noqa: S603
        assert "Escuchando" in listening.stderr.readline()
        n, line = 10, ""
        while not line:  # the first ones may come before it has begun to look
            ledger.intercambios.add([(an_intercambio(n, NOON, id_cliente="C9"), Documentos())])
            line, n = _line_within(listening, 2), n + 1
        listening.send_signal(signal.SIGINT)
        assert listening.wait(20) == 0
    assert json.loads(line)["id_cliente"] == "C9"


def _line_within(process, seconds):
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    return process.stdout.readline() if ready else ""
