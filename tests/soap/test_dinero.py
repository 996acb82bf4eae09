"""What tells of money is seen in the bytes, however they are written; what only speaks of it is not."""

import pytest

from pmc_soap.soap.dinero import MONEY, tells_of_money

ENVELOPE = '<s:Envelope xmlns:s="x"><s:Body>{}</s:Body></s:Envelope>'
NAMES = sorted(MONEY)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("tag", ["<{} xmlns='x'>", "<p:{}>", "<{}/>", "<{}\n>", "<p:{}\t/>"])
@pytest.mark.parametrize("name", NAMES)
def test_the_tag_of_an_aviso_or_a_reversa_tells_of_money_in_every_encoding(name, tag, encoding):
    assert tells_of_money(ENVELOPE.format(tag.format(name)).encode(encoding))


@pytest.mark.parametrize(
    "said",
    [
        "<ConsultaDeuda><IdMensaje>AvisoPago</IdMensaje></ConsultaDeuda>",
        "<Eco><Mensaje>¿llegó el AvisoPago?</Mensaje></Eco>",
        "<ConsultaPago><IdAviso>ReversaPago-7</IdAviso></ConsultaPago>",
        "<AvisoPagoResponse/>",
        "<MiAvisoPago/>",
        "",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_only_speaks_of_an_aviso_does_not(said, encoding):
    assert not tells_of_money(ENVELOPE.format(said).encode(encoding))
