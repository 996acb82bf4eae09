"""What the settings admit of who calls: hashes or named secrets, networks, certificates where they can be believed."""

import pytest
from tablas import HASH, MODE, empresa, problems
from test_reglas import PRODUCCION, produccion

from pmc_soap.config import ConfigError, check


def red(**said):
    return {**MODE, "pagomiscuentas": said}


def credencial(**said):
    return red(credenciales=[{"usuario": "u", **said}])


def test_a_credential_is_a_hash_or_names_its_secret(tmp_path, monkeypatch):
    (tmp_path / "secreto").write_text(" el secreto\n", encoding="utf-8")
    monkeypatch.setenv("UN_SECRETO", "el otro")
    for place, secreto in (
        ({"archivo": str(tmp_path / "secreto")}, "el secreto"),
        ({"entorno": "UN_SECRETO"}, "el otro"),
    ):
        [read] = check(credencial(secreto=place)).pagomiscuentas.credenciales
        assert (read.hash, read.secreto.get_secret_value()) == (None, secreto)
        assert secreto not in repr(read)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (credencial(), "«pagomiscuentas.credenciales.0» lleva «hash» o «secreto»: uno de los dos."),
        (
            credencial(hash=HASH, secreto={"entorno": "HOME"}),
            "«pagomiscuentas.credenciales.0» lleva «hash» o «secreto»: uno de los dos.",
        ),
        (credencial(secreto="a la vista"), "«pagomiscuentas.credenciales.0.secreto» no se escribe acá"),
        (credencial(secreto={"entorno": "NO_ESTA"}), "«pagomiscuentas.credenciales.0.secreto» pide la variable"),
        (red(redes=["200.16.0.1/24"]), "«pagomiscuentas.redes.0» tiene que ser una dirección IP o una red"),
        (red(redes=["::ffff:10.0.0.1"]), "«pagomiscuentas.redes.0» tiene que ser una dirección IP o una red"),
        (empresa(redes=["10.0.0.1", "erp.local"]), "«empresas.1234.redes.1» tiene que ser una dirección IP o una red"),
        ({**MODE, "proxies": ["10.0.0.0/33"]}, "«proxies.0» tiene que ser una dirección IP o una red"),
        (red(certificados=[""]), "«pagomiscuentas.certificados.0» no es válido: no puede estar vacío."),
        ({**MODE, "encabezado_certificado": "X_Cliente"}, "«encabezado_certificado» no tiene la forma esperada"),
    ],
)
def test_what_cannot_be_is_refused(said, problem):
    [told] = problems(said)
    assert told.startswith(problem)
    assert "a la vista" not in told


def test_networks_of_both_families_are_taken():
    redes = ["200.16.0.0/24", "10.0.0.7", "2800:1::/32", "::1"]
    settings = check({**empresa(redes=redes), "proxies": redes, "pagomiscuentas": {"redes": redes}})
    assert settings.proxies == settings.pagomiscuentas.redes == settings.empresas["1234"].redes == redes


@pytest.mark.parametrize("path", ["pagomiscuentas", "empresas.1234"])
def test_in_production_a_certificate_is_enough_and_nothing_is_too_little(path):
    said = produccion(f"{path}.credenciales")
    [told] = problems(said)
    assert told.startswith(f"falta «{path}.credenciales»")
    assert check(produccion_with(path, certificados=["CN=a"]))
    named = produccion_with(path, credenciales=[{"usuario": "u", "secreto": {"entorno": "PATH"}}])
    assert check(named)


def produccion_with(path, **said):
    settings = produccion(f"{path}.credenciales")
    table = settings
    for step in path.split("."):
        table = table[step]
    table |= said
    return settings


@pytest.mark.parametrize("path", ["pagomiscuentas", "empresas.1234"])
def test_certificates_are_refused_where_anybody_could_claim_them(path):
    settings = check(produccion_with(path, certificados=["CN=a"]))
    with pytest.raises(ConfigError, match=rf"«{path}.certificados» solo vale detrás de un proxy"):
        settings.at("127.0.0.1:8080")
    assert settings.at("unix:/run/pmc-soap/pmc-soap.sock").public_url == PRODUCCION["public_url"]
    assert check(PRODUCCION).at("127.0.0.1:8080")
