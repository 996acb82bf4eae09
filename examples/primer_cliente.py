"""Your first client: ten lines of zeep against `make demo`."""

from datetime import datetime

from zeep import Client

red = Client("http://127.0.0.1:8080/soap/v1/pagomiscuentas?wsdl").service
cabecera = {"CodigoEmpresa": "DEMO", "IdMensaje": "1", "FechaHora": datetime.now().astimezone(), "Token": "demo-pmc"}
deuda = red.ConsultaDeuda(Cabecera=cabecera, IdCliente="1000001")
factura = deuda.Facturas.Factura[0]  # once: then it is paid, until `pmc-soap demo --reset`
pago = {"IdCliente": "1000001", "IdFactura": factura.IdFactura, "Moneda": "ARS", "Importe": factura.ImporteExigible}
aviso = red.AvisoPago(Cabecera=cabecera, IdTransaccion="TX-1", IdConsulta=deuda.IdConsulta, **pago)
again = red.AvisoPago(Cabecera=cabecera, IdTransaccion="TX-1", IdConsulta=deuda.IdConsulta, **pago)
print(factura.ImporteExigible, aviso.Estado, again.Resultado.Duplicado, again.IdAviso == aviso.IdAviso)
print(red.ConsultaDeuda(Cabecera=cabecera, IdCliente="1000001").Resultado.Codigo)  # 02: nothing left to pay
