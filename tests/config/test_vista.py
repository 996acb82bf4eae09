"""What `config show` shows of the values that may hold a secret without being one."""

import json

import pytest
from tablas import MODE, with_destino, with_sistema

from pmc_soap import config
from pmc_soap.config import read, toml, vista

POST = {"metodo": "POST"}


def shown(said):
    """Give what is shown, key by key; none of it holds the secret."""
    told = {one.clave: one.valor for one in vista.show(read(config.Fuente("x", said, {})))}
    assert "s3cr3t" not in json.dumps(told) + "".join(map(toml.write, told.values()))
    return told


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://erp.example/d?access_token=s3cr3t", "https://erp.example/d?access_token=•••"),
        (
            "https://erp.example/d?id={id_cliente}&client_secret=s3cr3t&f={id_factura}",
            "https://erp.example/d?id={id_cliente}&client_secret=•••&f={id_factura}",
        ),
        ("https://erp.example/d?s3cr3t", "https://erp.example/d?•••"),
        ("https://erp.example/d?q=s3cr3t-{id_cliente}", "https://erp.example/d?q=•••{id_cliente}"),
        ("https://erp.example/{id_cliente}?sig=a=s3cr3t==", "https://erp.example/{id_cliente}?sig=•••"),
        ("https://erp.example/d?a=#token=s3cr3t", "https://erp.example/d?a=#token=•••"),
        ("https://erp.example:8443/d?mail=s3cr3t@s3cr3t&b=s3cr3t", "https://erp.example:•••&b=•••"),
        ("https://erp.example/d/{id_cliente}", "https://erp.example/d/{id_cliente}"),
    ],
)
def test_an_address_shows_what_it_is_asked_with_and_no_value_of_its_own(url, expected):
    assert shown(with_sistema("json", url=url))["empresas.1234.sistema.url"] == expected


def test_the_addresses_of_destinos_and_of_the_base_hide_their_values_too():
    url = "https://erp.example/avisos?codigo=s3cr3t"
    assert shown(with_destino("json", url=url))["empresas.1234.destinos.erp.url"].endswith("?codigo=•••")
    assert shown({**MODE, "db": "postgresql+psycopg://u:a s3cr3t@h/b"})["db"] == "postgresql+psycopg://u:•••@h/b"
    assert shown({**MODE, "db": "postgresql+psycopg://u:a?s3cr3t@h/b"})["db"].startswith("postgresql+psycopg://u:•••")


def test_a_body_shows_its_gaps_and_none_of_its_own_texts_or_numbers():
    cuerpo = {
        "cliente": "{id_cliente}",
        "clave": "s3cr3t",
        "pin": 9876,
        "activo": True,
        "auth": {"firma": "s3cr3t:{id_factura}", "vacio": {}},
        "filtros": [{"clave": "s3cr3t"}, ["s3cr3t", {"x": "s3cr3t"}], "{codigo_empresa}"],
    }
    told = shown(with_sistema("json", **POST, cuerpo=cuerpo))
    above = "empresas.1234.sistema.cuerpo."
    assert {clave.removeprefix(above): valor for clave, valor in told.items() if clave.startswith(above)} == {
        "cliente": "{id_cliente}",
        "clave": "•••",
        "pin": "•••",
        "activo": "•••",
        "auth.firma": "•••{id_factura}",
        "auth.vacio": {},
        "filtros.0.clave": "•••",
        "filtros.1.0": "•••",
        "filtros.1.1.x": "•••",
        "filtros.2": "{codigo_empresa}",
    }


def test_a_system_without_a_body_shows_that_it_has_none():
    assert shown(with_sistema("json"))["empresas.1234.sistema.cuerpo"] is None
