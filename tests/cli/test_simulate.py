"""pmc-soap simulate, against a gateway that is served over HTTP."""

import gateway as g
import pytest
from click.testing import CliRunner

from pmc_soap.cli import cli

NEW = ("alta", "3000001", "W-1", "100.00", "--vence", "2099-12-31")
PAGO = ("pago", "3000001", "W-1", "100.00", "--transaccion", "T-1")


@pytest.fixture
def url(tmp_path):
    with g.gateway_on(g.make_template(tmp_path), tmp_path) as gateway, g.serving(gateway.app) as (host, port):
        yield f"http://{host}:{port}"


def simulate(*args):
    return CliRunner().invoke(cli, ["simulate", *args])


def test_a_refusal_of_the_gateway_ends_with_1_and_a_success_with_0(url):
    endings = [
        simulate(*args, "--url", url).exit_code
        for args in (
            NEW,
            PAGO,
            ("consulta", "9"),
            ("baja", "9", "9"),
            ("reversa", "9", "9", "1.00"),
            ("consulta", "9", "--json"),
        )
    ]
    assert endings == [0, 0, 1, 1, 1, 1]
    assert "Severidad 1 o más" in " ".join(simulate("--help").stdout.split())


def test_a_pago_again_after_its_reversa_is_told_to_need_a_new_transaccion(url):
    first = [simulate(*args, "--url", url) for args in (NEW, PAGO)][-1]
    assert "--transaccion" not in first.output
    simulate("reversa", "3000001", "W-1", "100.00", "--original", "T-1", "--url", url)
    again = simulate(*PAGO, "--url", url)
    assert "repetido" in again.stdout
    assert "otro --transaccion" in again.stderr


def test_a_range_is_registered_with_its_minimum_and_maximum(url):
    simulate(*NEW, "--tipo", "RANGO", "--minimo", "50.00", "--maximo", "200.00", "--url", url)
    assert "entre $ 50,00 y $ 200,00" in simulate("consulta", "3000001", "--url", url).stdout


@pytest.mark.parametrize("path", ["", "/soap/v1/pagomiscuentas", "/soap/v1/pagomiscuentas?wsdl"])
def test_an_address_that_is_not_where_a_gateway_starts_is_told_how_it_is_written(url, path):
    told = simulate("consulta", "1", "--url", f"{url}{path}" if path else url.removeprefix("http://"))
    assert told.exit_code == 4
    assert "lleva solo el comienzo de su dirección" in told.stderr


def test_what_the_wire_cannot_carry_is_not_sent(url):
    assert simulate("consulta", "a\x01", "--url", url).exit_code == 2


@pytest.mark.parametrize("vence", ["31/12/2030", "2030-13-01"])
def test_a_day_is_asked_for_as_the_wire_writes_it(vence):
    told = simulate("alta", "1", "1", "1.00", "--vence", vence)
    assert told.exit_code == 2
    assert f"«{vence}» no es una fecha AAAA-MM-DD" in told.stderr
    assert "--vence AAAA-MM-DD" in simulate("alta", "--help").stdout
