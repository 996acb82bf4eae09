"""The front page, the probes, and one line of text for everything else."""

import pytest
from werkzeug.test import Client

from pmc_soap.web.app import build
from pmc_soap.web.ayuda import Ayuda

SOAP_PATHS = ["/soap/v1/pagomiscuentas", "/soap/v1/empresa"]


@pytest.fixture
def ready():
    return {"ready": True}


@pytest.fixture
def client(ready):
    def is_ready():
        if ready["ready"] is None:
            raise RuntimeError("secreto-interno")
        return ready["ready"]

    return Client(build(ready=is_ready, mode="demostracion", soap_paths=SOAP_PATHS, ayuda=Ayuda((), (), ())))


def line(response):
    """Give the one line of a plain answer."""
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.count("\n") == 1
    assert response.text.endswith("\n")
    return response.text.strip()


def test_the_front_page_names_the_mode_and_where_the_contracts_and_probes_are(client):
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    links = [f'href="{path}"' for path in (*(f"{path}?wsdl" for path in SOAP_PATHS), "/salud/vivo", "/salud/listo")]
    assert [link for link in links if link not in page.text] == []
    assert "DEMOSTRACION" in page.text


def test_the_front_page_asks_nothing_of_another_host(client):
    page = client.get("/", headers={"Host": "evil.example"}).text
    assert "//" not in page
    assert "evil" not in page


def test_a_process_that_runs_is_alive_whether_or_not_it_is_ready(client, ready):
    ready["ready"] = False
    response = client.get("/salud/vivo")
    assert (response.status_code, line(response)) == (200, "vivo")


def test_a_process_is_ready_when_its_database_is(client, ready):
    assert (client.get("/salud/listo").status_code, line(client.get("/salud/listo"))) == (200, "listo")
    ready["ready"] = False
    response = client.get("/salud/listo")
    assert (response.status_code, line(response)) == (503, "la base de datos no está lista")


def test_a_probe_that_breaks_says_so_in_one_line_that_tells_nothing(client, ready):
    ready["ready"] = None
    response = client.get("/salud/listo")
    assert response.status_code == 500
    assert "secreto-interno" not in line(response)


@pytest.mark.parametrize("path", ["/nada", "/soap", "/salud", "/salud/vivo/", "/config.py", "/<b>", "/%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_wrong_path_gets_one_line_that_says_where_the_contract_is(client, path, method):
    response = client.open(path, method=method)
    assert response.status_code == 404
    assert line(response).startswith("404: ")
    assert "/soap/v1/pagomiscuentas?wsdl" in response.text
    assert "<" not in response.text


@pytest.mark.parametrize("path", ["/", "/salud/vivo", "/salud/listo"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_and_probes_are_only_read(client, path, method):
    response = client.open(path, method=method)
    assert response.status_code == 405
    assert line(response).startswith("405: ")
