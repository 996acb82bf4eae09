"""The whole story against `make demo`: ask, pay, repeat, reverse, pay again, and a factura born in the empresa's web.

Run it with the gateway's address, or without for http://127.0.0.1:8080.
"""

import sys
import uuid
from datetime import date, timedelta

from pmc_soap.client.cliente import Empresa, Fault, PagoMisCuentas

url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
red = PagoMisCuentas(url, "DEMO", "demo-pmc")
empresa = Empresa(url, "DEMO", "demo-empresa")

id_factura = f"WEB-{uuid.uuid4().hex[:8]}"
alta = empresa.alta_factura("2000001", id_factura, [(date.today() + timedelta(days=10), "2500.00")])
print("alta:", alta.Resultado.Codigo, alta.Estado)

deuda = red.consulta_deuda("2000001", IdFactura=id_factura)
importe = deuda.Facturas.Factura[0].ImporteExigible
print("consulta:", deuda.Resultado.Codigo, importe)

pago = {"IdFactura": id_factura, "IdTransaccion": str(uuid.uuid4()), "IdConsulta": deuda.IdConsulta}
for _ in range(2):
    aviso = red.aviso_pago("2000001", importe, **pago)
    print("aviso:", aviso.Resultado.Codigo, aviso.Estado, aviso.IdAviso, "repetido" * aviso.Resultado.Duplicado)
print("consulta:", red.consulta_deuda("2000001", IdFactura=id_factura).Resultado.Descripcion)

reversa = red.reversa_pago(
    "2000001", importe, IdFactura=id_factura, IdTransaccionOriginal=pago["IdTransaccion"], Motivo="ANULACION"
)
print("reversa:", reversa.Resultado.Codigo, reversa.EstadoFactura)

aviso = red.aviso_pago("2000001", importe, IdFactura=id_factura, IdTransaccion=str(uuid.uuid4()))
print("otro pago:", aviso.Resultado.Codigo, aviso.Estado)

try:
    red.consulta_deuda("X" * 20)
except Fault as fault:
    print("falla:", fault.codigo, fault.campo, "-", fault.que_hacer)

red.close()
empresa.close()
