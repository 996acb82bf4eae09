"""What the README promises, done as a person would with the demonstration running."""

import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests
from process import run, serving

from pmc_soap.client.cliente import Empresa, Fault, PagoMisCuentas

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def network(gateway):
    port = PagoMisCuentas(gateway.url, "DEMO", "demo-pmc")
    yield port
    port.close()


@pytest.fixture
def company(gateway):
    port = Empresa(gateway.url, "DEMO", "demo-empresa")
    yield port
    port.close()


def script(source, gateway):
    """Run a script against this gateway, wherever it was written for."""
    source = source.replace("http://127.0.0.1:8080", gateway.url)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    return done.stdout


def test_the_readme_and_the_example_hold_the_same_ten_lines():
    example = (ROOT / "examples" / "primer_cliente.py").read_text(encoding="utf-8")
    (in_readme,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert in_readme == example.split('"""\n\n', 1)[1]


def test_the_ten_lines_of_the_readme_pay_a_factura_once(shared_demo):
    (ten_lines,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert script(ten_lines, shared_demo).splitlines() == ["18540.75 APLICADO True True", "02"]
    assert re.search(r"Factura\[0\]  # once: .*demo --reset", ten_lines)


def test_the_demonstration_takes_nothing_from_a_configuration_that_lies_where_it_is_started(tmp_path):
    (tmp_path / "pmc-soap.toml").write_text('mode = "homologacion"\n[empresas.1234]\nnombre = "Club"\n')
    with serving("demo", "--port", "{port}", cwd=tmp_path) as gateway:
        network = PagoMisCuentas(gateway.url, "DEMO", "demo-pmc")
        network.aviso_pago("1000001", "18540.75", IdFactura="F-1000001-1", IdTransaccion="TX-1")
        network.close()
        deadline = time.monotonic() + 30
        while "1000001" not in run("erp", "show", cwd=tmp_path).stdout and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "1000001" in run("erp", "show", cwd=tmp_path).stdout


def test_the_two_more_requests_of_the_readme_are_answered_00(network, company):
    shown = dict(re.findall(r"^(ReversaPago|AltaFactura) +(.+\n(?: {10}.+\n)*)", README, re.MULTILINE))
    said = {operation: eval(f"dict({fields})") for operation, fields in shown.items()}  # noqa: S307 — our own README
    network.aviso_pago("1000001", "18540.75", IdFactura="F-1000001-1", IdTransaccion="TX-1")
    for port, operation in ((network, "ReversaPago"), (company, "AltaFactura")):
        assert port.ask(operation, **said[operation]).Resultado.Codigo == "00"


def test_the_whole_story_is_told_on_either_database(gateway):
    story = script((ROOT / "examples" / "la_historia_completa.py").read_text(encoding="utf-8"), gateway).splitlines()
    aviso, repeated = story[2], story[3]
    assert repeated == f"{aviso.rstrip()} repetido"
    assert [line for line in story if line not in {aviso, repeated}] == [
        "alta: 00 PENDIENTE",
        "consulta: 00 2500.00",
        "consulta: Factura ya pagada",
        "reversa: 00 PENDIENTE",
        "otro pago: 00 APLICADO",
        (
            "falla: PMC-1008 IdCliente - Compará el campo indicado con el WSDL: tipo, largo, formato, orden y "
            "obligatoriedad."
        ),
    ]


def test_a_paid_factura_can_be_reversed_and_paid_again(network, company):
    company.alta_factura("3000002", "REVERSADA", [(date.today() + timedelta(days=5), "100.00")])  # noqa: DTZ011
    network.aviso_pago("3000002", "100.00", IdFactura="REVERSADA", IdTransaccion="A")
    assert network.consulta_deuda("3000002").Resultado.Codigo == "02"
    reversa = network.reversa_pago("3000002", "100.00", IdFactura="REVERSADA", IdTransaccionOriginal="A")
    assert (reversa.Resultado.Codigo, reversa.EstadoFactura) == ("00", "PENDIENTE")
    again = network.aviso_pago("3000002", "100.00", IdFactura="REVERSADA", IdTransaccion="B")
    assert again.Estado == "APLICADO"


def test_each_cliente_of_the_world_shows_what_the_readme_says(network):
    by_cliente = {f"100000{n}": network.consulta_deuda(f"100000{n}") for n in range(1, 10)}
    shown = {
        id_cliente: (answer.Resultado.Codigo, len(answer.Facturas.Factura) if answer.Facturas else 0)
        for id_cliente, answer in by_cliente.items()
    }
    assert shown == {
        "1000001": ("00", 1),
        "1000002": ("00", 3),
        "1000003": ("03", 0),
        "1000004": ("02", 0),
        "1000005": ("05", 0),
        "1000006": ("02", 0),
        "1000007": ("02", 0),
        "1000008": ("00", 1),
        "1000009": ("00", 1),
    }
    three = by_cliente["1000002"].Facturas.Factura
    assert (three[0].NumeroVencimiento, str(three[0].ImporteExigible)) == (2, "10500.00")
    assert by_cliente["1000008"].Facturas.Factura[0].TipoImporte == "ABIERTO"
    assert str(by_cliente["1000009"].Facturas.Factura[0].ImporteMaximo) == "50000.00"
    assert network.consulta_deuda(IdFactura="F-1000006-1").Resultado.Codigo == "06"
    assert network.consulta_deuda(IdFactura="F-1000007-1").Resultado.Codigo == "07"


def test_a_factura_registered_online_is_in_the_very_next_consulta(network, company):
    for number in range(10):
        id_factura = f"NUEVA-{number}"
        company.alta_factura("3000001", id_factura, [(date.today() + timedelta(days=5), "100.00")])  # noqa: DTZ011
        found = network.consulta_deuda("3000001").Facturas.Factura
        assert id_factura in [factura.IdFactura for factura in found]


def test_the_empresa_is_told_the_story_of_its_pago(company):
    told = company.consulta_pago(IdTransaccion="DEMO-F-1000004-1")
    assert (told.Resultado.Codigo, told.Estado) == ("00", "APLICADO")
    assert [paso.Hecho for paso in told.Pasos.Paso][:3] == ["FACTURA_INFORMADA", "AVISO_RECIBIDO", "JUZGADO"]
    assert company.consulta_pago(told.IdAviso).Pasos == told.Pasos


def test_a_wrong_token_is_told_so_in_spanish(gateway):
    port = PagoMisCuentas(gateway.url, "DEMO", "otro")
    with pytest.raises(Fault, match="PMC-2002: La credencial no es válida") as refused:
        port.consulta_deuda("1000001")
    port.close()
    assert refused.value.que_hacer


def test_ctrl_c_ends_the_demonstration_cleanly_and_its_world_stays(tmp_path):
    with serving("demo", "--port", "{port}", cwd=tmp_path) as gateway:
        paid = run("simulate", "pago", "1000001", "F-1000001-1", "18540.75", "--url", gateway.url, cwd=tmp_path)
        assert (paid.returncode, paid.stdout.splitlines()[0]) == (0, "00 Operación exitosa")
        assert gateway.interrupt() == 0
        assert gateway.log.read_text(encoding="utf-8").count("Listo, la demostración terminó") == 1
    with serving("demo", "--port", "{port}", cwd=tmp_path) as gateway:
        asked = run("simulate", "consulta", "1000001", "--url", gateway.url, cwd=tmp_path)
        assert asked.stdout == "02 Cliente sin deuda pendiente\n"
    with serving("demo", "--port", "{port}", "--reset", cwd=tmp_path) as gateway:
        asked = run("simulate", "consulta", "1000001", "--url", gateway.url, cwd=tmp_path)
        assert asked.stdout.startswith("00 Operación exitosa\n")


def test_the_demonstration_prints_its_addresses_and_each_of_them_answers(shared_demo):
    printed = shared_demo.log.read_text(encoding="utf-8")
    addresses = re.findall(rf"^  ({shared_demo.url}\S+)$", printed, re.MULTILINE)
    assert addresses[0].endswith("/sandbox/")
    assert [requests.get(address, timeout=5).status_code for address in addresses] == [200] * 7


def test_simulate_says_where_to_start_when_nobody_listens(tmp_path):
    asked = run("simulate", "consulta", "1000001", "--url", "http://127.0.0.1:1", cwd=tmp_path)
    assert (asked.returncode, asked.stdout) == (4, "")
    assert "pmc-soap demo" in asked.stderr
