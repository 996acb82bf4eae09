"""AvisoPago by hand, with nothing but the standard library: small enough to be fifty processes at once.

Run as a script it is those processes: wire.py URL CUANTOS CLIENTE FACTURA IMPORTE.
"""

import http.client
import json
import multiprocessing
import re
import sys
from urllib.parse import urlsplit

_ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<AvisoPago xmlns="urn:pmc-soap:v1"><Cabecera><CodigoEmpresa>DEMO</CodigoEmpresa>'
    "<IdMensaje>{tx}</IdMensaje><FechaHora>2026-11-22T10:00:00-03:00</FechaHora><Token>demo-pmc</Token></Cabecera>"
    "<IdCliente>{id_cliente}</IdCliente><Moneda>ARS</Moneda><Importe>{importe}</Importe>"
    "<IdTransaccion>{tx}</IdTransaccion>{what}</AvisoPago></soap:Body></soap:Envelope>"
)
_WITHOUT_FACTURA = "<CodigoMovimiento>1</CodigoMovimiento>"


def avisar(url: str, tx: str, id_cliente: str, importe: str, id_factura: str | None = None) -> dict[str, str] | None:
    """Tell of a pago; give what was answered, or None where there was no whole answer."""
    what = f"<IdFactura>{id_factura}</IdFactura>" if id_factura else _WITHOUT_FACTURA
    body = _ENVELOPE.format(tx=tx, id_cliente=id_cliente, importe=importe, what=what)
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request("POST", "/soap/v1/pagomiscuentas", body, {"Content-Type": "text/xml"})
        response = connection.getresponse()
        text = response.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    found = {name: _find(name, text) for name in ("Codigo", "IdAviso", "Estado", "faultstring")}
    return {"status": str(response.status), **found}


def _find(name: str, text: str) -> str:
    match = re.search(f"<{name}>([^<]*)</{name}>", text)
    return match.group(1) if match else ""


def _pay(barrier, answers, number, url, id_cliente, id_factura, importe):
    barrier.wait()
    answers.put(avisar(url, f"P-{number}", id_cliente, importe, id_factura))


def _main(url: str, how_many: int, id_cliente: str, id_factura: str, importe: str) -> None:
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(how_many), context.SimpleQueue()
    payers = [
        context.Process(target=_pay, args=(barrier, answers, number, url, id_cliente, id_factura, importe))
        for number in range(how_many)
    ]
    for payer in payers:
        payer.start()
    said = [answers.get() for _ in payers]
    for payer in payers:
        payer.join()
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
