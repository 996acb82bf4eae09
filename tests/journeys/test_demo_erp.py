"""The demonstration's company: its ERP answers what was never reported, and imputes each aviso once, come what may."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from process import run

from pmc_soap.client.cliente import PagoMisCuentas
from pmc_soap.demo.erp import Erp, Modo, set_mode

SOON_S = 30
DEADLINE_S = 4
OF_THE_WORLD = 2  # the demonstration begins with two pagos


@pytest.fixture
def folder(shared_demo):
    return shared_demo.log.parent / "var"


@pytest.fixture
def network(shared_demo, folder):
    port = PagoMisCuentas(shared_demo.url, "DEMO", "demo-pmc")
    set_mode(folder, Modo.ON)
    until(lambda: codigo(port, "1000003") == "00")  # the ERP is a process of its own, and may take a moment longer
    until(lambda: len(imputed(folder)) >= OF_THE_WORLD)
    yield port
    port.close()


def until(condition):
    deadline = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def codigo(network, id_cliente):
    return network.consulta_deuda(id_cliente).Resultado.Codigo


def imputed(folder):
    """Look into the ERP's own data: IdAviso and kind, in the order imputed."""
    return [(each.id_aviso, each.tipo) for each in Erp(folder).imputaciones()]


def pay(network, id_cliente, id_factura, importe, transaccion):
    return network.aviso_pago(id_cliente, importe, IdFactura=id_factura, IdTransaccion=transaccion)


def test_who_is_only_in_the_erp_is_answered_paid_and_imputed_there(network, folder):
    deuda = network.consulta_deuda("1000003")
    assert (deuda.Origen, deuda.NombreCliente) == ("EMPRESA", "Cliente del ERP")
    first, second = deuda.Facturas.Factura
    before = len(imputed(folder))
    aviso = pay(network, "1000003", first.IdFactura, first.ImporteExigible, "TX-1")
    again = pay(network, "1000003", first.IdFactura, first.ImporteExigible, "TX-1")
    assert (aviso.Estado, again.Resultado.Duplicado) == ("APLICADO", True)
    until(lambda: (aviso.IdAviso, "PAGO") in imputed(folder))
    assert len(imputed(folder)) == before + 1
    assert [f.IdFactura for f in network.consulta_deuda("1000003").Facturas.Factura] == [second.IdFactura]
    reversa = network.reversa_pago("1000003", first.ImporteExigible, IdTransaccionOriginal="TX-1")
    until(lambda: (reversa.IdAviso, "REVERSA") in imputed(folder))
    assert len(network.consulta_deuda("1000003").Facturas.Factura) == 2


def test_with_the_erp_off_nothing_is_lost_or_slow_and_all_goes_in_order_once_it_is_on(network, folder, shared_demo):
    done, here = len(imputed(folder)), shared_demo.log.parent
    assert run("erp", "off", cwd=here).returncode == 0
    time.sleep(0.3)
    began = time.monotonic()
    assert codigo(network, "9999999") == "91"
    assert time.monotonic() - began < DEADLINE_S
    told = []
    for n in range(10):
        id_cliente = ("1000002", "1000001")[n % 2]
        aviso = network.aviso_pago(id_cliente, "10.00", CodigoMovimiento=1, IdTransaccion=f"OFF-{n}")
        assert aviso.Resultado.Codigo == "00"
        told.append((id_cliente, aviso.IdAviso))
    assert len(imputed(folder)) == done
    assert run("erp", "on", cwd=here).returncode == 0
    until(lambda: len(imputed(folder)) == done + 10)
    assert len({id_aviso for id_aviso, _ in imputed(folder)}) == done + 10
    for cliente in ("1000001", "1000002"):
        expected = [id_aviso for id_cliente, id_aviso in told if id_cliente == cliente]
        assert expected == [each.id_aviso for each in Erp(folder).imputaciones()[done:] if each.id_cliente == cliente]
    shown = run("erp", "show", cwd=here)
    assert shown.stdout.count("PAGO") >= 10


@pytest.mark.parametrize(("modo", "codigos"), [(Modo.SLOW, {"92"}), (Modo.ERRORS, {"91"})])
def test_an_erp_that_is_slow_or_wrong_delays_no_answer(network, folder, modo, codigos):
    set_mode(folder, modo)
    began = time.monotonic()
    assert codigo(network, "9999999") in codigos
    assert time.monotonic() - began < DEADLINE_S


def test_a_deliverer_that_is_killed_is_started_again_and_delivers(network, folder, shared_demo):
    for child in psutil.Process(shared_demo.process.pid).children():
        if "deliver" in child.cmdline():
            os.kill(child.pid, signal.SIGKILL)
    aviso = network.aviso_pago("1000002", "10.00", CodigoMovimiento=1, IdTransaccion="TX-K")
    until(lambda: (aviso.IdAviso, "PAGO") in imputed(folder))


def test_the_erp_and_the_deliverer_end_with_the_demonstration(demo):
    children = psutil.Process(demo.process.pid).children(recursive=True)
    assert len(children) >= 4  # two workers, the ERP, the deliverer
    assert demo.interrupt() == 0
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert "Fatal Python error" not in demo.log.read_text()


def test_without_a_demonstration_the_erp_cannot_be_switched(tmp_path):
    done = run("erp", "off", cwd=tmp_path)
    assert (done.returncode, "no hay una demostración" in done.stderr) == (4, True)
    assert not Path(tmp_path / "var").exists()
