"""La historia de tests/interop, contada por zeep."""
# ruff: noqa: T201 — es un programa para copiar

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

import zeep

url, codigo, token_red, token_empresa = sys.argv[1:]
red = zeep.Client(f"{url}/soap/v1/pagomiscuentas?wsdl").service
empresa = zeep.Client(f"{url}/soap/v1/empresa?wsdl").service


def cabecera(token):
    ahora = datetime.now().astimezone()
    return {"CodigoEmpresa": codigo, "IdMensaje": str(uuid4()), "FechaHora": ahora, "Token": token}


def consulta(id_cliente, token=token_red):
    deuda = red.ConsultaDeuda(Cabecera=cabecera(token), IdCliente=id_cliente)
    return {
        "codigo": deuda.Resultado.Codigo,
        "nombre": deuda.NombreCliente or "",
        "facturas": [
            {
                "id_factura": factura.IdFactura,
                "importe": str(factura.ImporteExigible),
                "vence": factura.Vencimientos.Vencimiento[0].Fecha.isoformat(),
                "pantalla": factura.MensajePantalla,
                "ticket": factura.MensajeTicket,
            }
            for factura in (deuda.Facturas.Factura if deuda.Facturas else [])
        ],
    }


def alta(id_cliente, id_factura, vence, importe, **mas):
    return empresa.AltaFactura(
        Cabecera=cabecera(token_empresa),
        IdCliente=id_cliente,
        IdFactura=id_factura,
        Moneda="ARS",
        Vencimientos={"Vencimiento": [{"Numero": 1, "Fecha": vence, "Importe": Decimal(importe)}]},
        MensajePantalla="Ñandú",
        MensajeTicket="Señal & cía <ñ>",
        **mas,
    )


def pago():
    aviso = red.AvisoPago(
        Cabecera=cabecera(token_red),
        IdCliente="C1",
        Moneda="ARS",
        Importe=Decimal("18540.75"),
        IdTransaccion="TX-1",
        IdFactura="F-1",
    )
    return {"codigo": aviso.Resultado.Codigo, "estado": aviso.Estado, "duplicado": aviso.Resultado.Duplicado}


def avisos():
    traido = empresa.ObtenerAvisos(Cabecera=cabecera(token_empresa), Maximo=100, SoloPendientes=True)
    return traido.Avisos.Aviso if traido.Avisos else []


def confirmar(retirados):
    hechos = [{"IdAviso": aviso.IdAviso, "Estado": "IMPUTADO", "NroComprobante": "R-1"} for aviso in retirados]
    return empresa.ConfirmarAvisos(Cabecera=cabecera(token_empresa), Confirmaciones={"Confirmacion": hechos})


def falla(*args):
    try:
        return consulta(*args)["codigo"]
    except zeep.exceptions.Fault as fault:
        return fault.message


dada = alta("C1", "F-1", date(2030, 12, 31), "18540.75", NombreCliente="Ana Muñoz")
dicho = {"alta": {"codigo": dada.Resultado.Codigo, "estado": dada.Estado}}
alta("C2", "F-1", date(2030, 1, 1), "0.10")
alta("C2", "F-2", date(2030, 6, 30), "1300.00")
dicho["sin_avisos"] = len(avisos())
dicho["una"], dicho["varias"] = consulta("C1"), consulta("C2")
dicho["pago"], dicho["repetido"] = pago(), pago()
dicho["ninguna"], dicho["inexistente"] = consulta("C1"), consulta("C9")["codigo"]
retirados = avisos()
dicho["avisos"] = [
    {"tipo": aviso.Tipo, "id_factura": aviso.IdFactura, "importe": str(aviso.Importe)} for aviso in retirados
]
dicho["confirmados"] = confirmar(retirados).Resultado.Codigo
dicho["sin_pendientes"] = len(avisos())
dicho["contrato"] = falla("C" * 20)
dicho["credencial"] = falla("C1", "otro")
print(json.dumps(dicho))
