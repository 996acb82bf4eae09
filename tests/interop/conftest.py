"""One gateway for all the stacks: a real process, with an empresa for each of them so that no order matters."""

import gateway as g
import pytest
import stacks
from caller import XML, Caller, alta, sobre
from journeys.process import run, serving

from pmc_soap.soap.credenciales import hash_secret

_HEAD = """
mode = "homologacion"
db = "sqlite:///pmc.db"

[pagomiscuentas]
credenciales = [{{ usuario = "pagomiscuentas", hash = "{hash}" }}]
"""
_EMPRESA = """
[empresas.{codigo}]
nombre = "{codigo}"
credenciales = [{{ usuario = "{codigo}", hash = "{hash}" }}]
"""


def _configuration():
    codigos = ["DEMO", *(stack.codigo for stack in stacks.STACKS.values())]
    head = _HEAD.format(hash=hash_secret(stacks.TOKEN_RED))
    return head + "".join(_EMPRESA.format(codigo=c, hash=hash_secret(stacks.TOKEN_EMPRESA)) for c in codigos)


@pytest.fixture(scope="session")
def url(tmp_path_factory):
    """Where a gateway listens, for the whole session."""
    folder = tmp_path_factory.mktemp("interop")
    (folder / "pmc-soap.toml").write_text(_configuration(), encoding="utf-8")
    migrated = run("db", "migrate", cwd=folder)
    assert migrated.returncode == 0, migrated.stderr
    here = "127.0.0.1:{port}"
    with serving("serve", "--workers", "1", "--bind", here, "--public-url", f"http://{here}", cwd=folder) as gateway:
        yield gateway.url


@pytest.fixture
def phone(url):
    opened = Caller(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def cliente(url):
    """A cliente that owes 18540.75; to register it again changes nothing."""
    opened = Caller(url)
    assert opened.call(g.EMPRESA, sobre(alta("H-1")), XML).outcome == "00"
    opened.close()
    return "H-1"
