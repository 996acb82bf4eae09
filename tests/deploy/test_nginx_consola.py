"""The shipped nginx for the consola: people of the empresa's network by TLS, nobody else, and no SOAP."""

import re
import subprocess
from importlib.util import find_spec

import gateway as g
import proxy
import pytest
import requests

pytestmark = pytest.mark.skipif(proxy.NGINX is None, reason=proxy.NO_NGINX)
USER, WRONG = "ana.perez", "no es esa clave"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return proxy.make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module", params=["gunicorn", "granian"])
def unix(request, tmp_path_factory, sqlite_template):
    """Serve at a unix socket; gives it, and the clave of somebody who may enter."""
    if find_spec(request.param) is None:
        pytest.skip(f"{request.param} not found: pip install 'pmc-soap[fast]'")
    folder = tmp_path_factory.mktemp("gateway")
    network = f'credenciales = [{{ usuario = "red", hash = "{g.hash_secret(proxy.TOKEN)}" }}]'
    args = ("--workers", "1", "--threads", "4", "--server", request.param)
    with proxy.behind(folder, sqlite_template, network, *args) as socket:
        command = [
            proxy.PMC_SOAP,
            "--config",
            str(folder / "pmc-soap.toml"),
            "usuario",
            "add",
            USER,
            "--rol",
            "auditor",
        ]
        made = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 — our own command
        yield socket, made.stdout.split()[-1]


@pytest.fixture
def front(unix, certificates, tmp_path):
    with proxy.nginx_of_the_consola(tmp_path, certificates, unix[0], "127.0.0.0/8") as front:
        yield front


class Browser(requests.Session):
    def __init__(self, front):
        super().__init__()
        self.trust_env = False  # or a machine's own authorities would be asked instead
        self.verify, self._url = front.certificates.trusted, f"https://127.0.0.1:{front.port}"

    def open(self, path="/consola/entrar"):
        return self.get(f"{self._url}{path}", timeout=proxy.WITHIN_S)

    def enter(self, clave, usuario=USER, **headers):
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.open().text)[1]
        said = {"usuario": usuario, "clave": clave, "csrf": csrf}
        where = f"{self._url}/consola/entrar"
        return self.post(where, said, headers=headers, timeout=proxy.WITHIN_S, allow_redirects=False)


def test_who_enters_has_a_session_that_goes_by_tls_alone(front, unix):
    browser = Browser(front)
    answer = browser.enter(unix[1])
    assert answer.status_code == 303
    cookies = answer.headers["Set-Cookie"]
    assert re.search(r"pmc_sesion=[^;]+;.*; Secure; HttpOnly", cookies), cookies
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert browser.open("/consola/cuenta").status_code == 200


def test_contracts_are_read_there_and_nobody_calls(front):
    assert front.request("GET", f"{g.EMPRESA}?wsdl").status == 200
    assert front.request("POST", g.PMC, g.pedido("ConsultaDeuda", empresa="1234", token=proxy.TOKEN)).status == 403


def test_an_address_that_comes_from_outside_is_not_believed(front):
    """Who guesses a clave waits, whatever address he says that he has."""
    browser = Browser(front)
    told = [browser.enter(WRONG, "otra.persona", **{"X-Forwarded-For": f"10.0.0.{n}"}).text for n in range(7)]
    assert "minuto" in told[-1]
    assert told[0] != told[-1]


def test_another_network_is_not_let_in(unix, certificates, tmp_path):
    with proxy.nginx_of_the_consola(tmp_path, certificates, unix[0], "10.0.0.0/8") as front:
        assert front.request("GET", "/consola/entrar").status == 403
