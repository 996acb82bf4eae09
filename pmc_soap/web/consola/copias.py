"""A kept request as something to run again: for a shell, and for Python with zeep.

Secrets are not kept: whoever runs it puts his own where the three asterisks are.
"""

from pmc_soap.operations.intercambios import Intercambio

_PATHS = {"PagoMisCuentas": "/soap/v1/pagomiscuentas", "Empresa": "/soap/v1/empresa"}
_NS = "urn:pmc-soap:v1"


def address(public_url: str, intercambio: Intercambio) -> str:
    """Give where it was sent to; empty where nobody can tell."""
    path = _PATHS.get(intercambio.puerto or "")
    return f"{public_url}{path}" if path and public_url else ""


def as_curl(to: str, intercambio: Intercambio, text: str) -> str:
    """Write it for a shell. Nothing in the document can end the quotation: the mark at its end is the exchange's id."""
    mark = f"FIN_{intercambio.id_pedido}"
    return (
        f"# poné tu credencial donde dice ***\n"
        f"curl -sS '{to}' -H 'Content-Type: text/xml; charset=utf-8' \\\n"
        f"  -H 'SOAPAction: \"{_NS}#{intercambio.operacion or ''}\"' --data-binary @- <<'{mark}'\n"
        f"{text}\n{mark}"
    )


def as_zeep(to: str, intercambio: Intercambio, text: str) -> str:
    """Write it as Python: the envelope as it came, sent by zeep's own transport."""
    lines = "\n".join(f"    {line!r}" for line in text.splitlines())
    return (
        "# poné tu credencial donde dice ***\n"
        "from lxml import etree\nfrom zeep import Client\n\n"
        f'direccion = "{to}"\n'
        f"sobre = etree.fromstring(\n{lines}\n)\n"
        f'accion = {{"SOAPAction": \'"{_NS}#{intercambio.operacion or ""}"\', '
        '"Content-Type": "text/xml; charset=utf-8"}\n'
        'respuesta = Client(f"{direccion}?wsdl").transport.post_xml(direccion, sobre, accion)\n'
        "print(respuesta.status_code, respuesta.text)"
    )
