"""La historia de tests/interop, contada sin más que HTTP y XML escrito a mano."""
# ruff: noqa: S310, S314, T201 — es un programa para copiar

import json
import sys
import urllib.error
import urllib.request
from datetime import datetime
from uuid import uuid4
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

url, codigo, token_red, token_empresa = sys.argv[1:]
SOBRE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{operacion} xmlns="urn:pmc-soap:v1">{cuerpo}</{operacion}></soap:Body></soap:Envelope>'
)


def llamar(puerto, operacion, token, **datos):
    ahora = datetime.now().astimezone().isoformat(timespec="seconds")
    cabecera = {"CodigoEmpresa": codigo, "IdMensaje": str(uuid4()), "FechaHora": ahora, "Token": token}
    sobre = SOBRE.format(operacion=operacion, cuerpo=escribir({"Cabecera": cabecera, **datos}))
    pedido = urllib.request.Request(
        f"{url}/soap/v1/{puerto}",
        sobre.encode("utf-8"),
        {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"urn:pmc-soap:v1#{operacion}"'},
    )
    try:
        with urllib.request.urlopen(pedido, timeout=10) as respuesta:
            return ET.fromstring(respuesta.read())
    except urllib.error.HTTPError as error:  # una falla: HTTP 500, o 401 sin credencial
        return ET.fromstring(error.read())


def escribir(datos):
    return "".join(
        f"<{nombre}>{escribir(valor) if isinstance(valor, dict) else escape(valor)}</{nombre}>"
        for nombre, valor in datos.items()
    )


def leer(elemento, nombre):
    return elemento.findtext(f".//{{*}}{nombre}", default="")


def consulta(id_cliente):
    deuda = llamar("pagomiscuentas", "ConsultaDeuda", token_red, IdCliente=id_cliente)
    return {
        "codigo": leer(deuda, "Codigo"),
        "nombre": leer(deuda, "NombreCliente"),
        "facturas": [
            {
                "id_factura": leer(factura, "IdFactura"),
                "importe": leer(factura, "ImporteExigible"),
                "vence": leer(factura, "Fecha"),
                "pantalla": leer(factura, "MensajePantalla"),
                "ticket": leer(factura, "MensajeTicket"),
            }
            for factura in deuda.iterfind(".//{*}Factura")
        ],
    }


def alta(id_cliente, id_factura, vence, importe, **mas):
    vencimiento = {"Numero": "1", "Fecha": vence, "Importe": importe}
    dada = llamar(
        "empresa",
        "AltaFactura",
        token_empresa,
        IdCliente=id_cliente,
        IdFactura=id_factura,
        Moneda="ARS",
        Vencimientos={"Vencimiento": vencimiento},
        MensajePantalla="Ñandú",
        MensajeTicket="Señal & cía <ñ>",
        **mas,
    )
    return {"codigo": leer(dada, "Codigo"), "estado": leer(dada, "Estado")}


def pago():
    dado = {"IdCliente": "C1", "Moneda": "ARS", "Importe": "18540.75", "IdTransaccion": "TX-1", "IdFactura": "F-1"}
    aviso = llamar("pagomiscuentas", "AvisoPago", token_red, **dado)
    duplicado = leer(aviso, "Duplicado") == "true"
    return {"codigo": leer(aviso, "Codigo"), "estado": leer(aviso, "Estado"), "duplicado": duplicado}


def avisos():
    traido = llamar("empresa", "ObtenerAvisos", token_empresa, Maximo="100", SoloPendientes="true")
    return traido.findall(".//{*}Aviso")


def confirmar(aviso):
    hecho = {"IdAviso": leer(aviso, "IdAviso"), "Estado": "IMPUTADO", "NroComprobante": "R-1"}
    return llamar("empresa", "ConfirmarAvisos", token_empresa, Confirmaciones={"Confirmacion": hecho})


def falla(id_cliente, token):
    return leer(llamar("pagomiscuentas", "ConsultaDeuda", token, IdCliente=id_cliente), "faultstring")


dicho = {"alta": alta("C1", "F-1", "2030-12-31", "18540.75", NombreCliente="Ana Muñoz")}
alta("C2", "F-1", "2030-01-01", "0.10")
alta("C2", "F-2", "2030-06-30", "1300.00")
dicho["sin_avisos"] = len(avisos())
dicho["una"], dicho["varias"] = consulta("C1"), consulta("C2")
dicho["pago"], dicho["repetido"] = pago(), pago()
dicho["ninguna"], dicho["inexistente"] = consulta("C1"), consulta("C9")["codigo"]
[retirado] = avisos()
dicho["avisos"] = [
    {"tipo": leer(retirado, "Tipo"), "id_factura": leer(retirado, "IdFactura"), "importe": leer(retirado, "Importe")}
]
dicho["confirmados"] = leer(confirmar(retirado), "Codigo")
dicho["sin_pendientes"] = len(avisos())
dicho["contrato"] = falla("C" * 20, token_red)
dicho["credencial"] = falla("C1", "otro")
print(json.dumps(dicho))
