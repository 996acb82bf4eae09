// La historia de tests/interop, contada por gSOAP en C++. wsdl2h lee los dos WSDL juntos: un solo proxy tiene todo.
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "PagoMisCuentasBinding.nsmap"
#include "soapPagoMisCuentasBindingProxy.h"

using std::string;
using Servicio = PagoMisCuentasBindingProxy;

static string codigo, token_red, token_empresa;

static string json(const string &texto) {
    string escrito = "\"";
    for (char letra : texto) {
        if (letra == '"' || letra == '\\') escrito += '\\';
        escrito += letra;
    }
    return escrito + "\"";
}

static string json(bool valor) { return valor ? "true" : "false"; }

// SOAP_C_UTFSTRING: todo std::string va y viene en UTF-8. El proxy guarda el puntero: direccion debe sobrevivirlo.
static std::unique_ptr<Servicio> abrir(const string &direccion) {
    auto servicio = std::make_unique<Servicio>(direccion.c_str(), SOAP_C_UTFSTRING);
    servicio->soap->connect_timeout = 2;
    servicio->soap->recv_timeout = servicio->soap->send_timeout = 10;
    return servicio;
}

static void exigir(Servicio &servicio, int estado) {
    if (estado == SOAP_OK) return;
    servicio.soap_stream_fault(std::cerr);
    exit(1);
}

static ns1__Cabecera *cabecera(Servicio &servicio, const string &token) {
    ns1__Cabecera *nueva = soap_new_ns1__Cabecera(servicio.soap);
    nueva->CodigoEmpresa = codigo;
    nueva->FechaHora = time(nullptr);
    nueva->IdMensaje = soap_rand_uuid(servicio.soap, "");
    nueva->Token = soap_new_std__string(servicio.soap);
    *nueva->Token = token;
    return nueva;
}

static string alta(Servicio &empresa, const string &id_cliente, const string &id_factura, const string &vence,
                   const string &importe, string nombre = "") {
    ns1__Vencimiento *vencimiento = soap_new_ns1__Vencimiento(empresa.soap);
    vencimiento->Numero = 1;
    vencimiento->Fecha = vence;
    vencimiento->Importe = importe;
    ns1__Vencimientos vencimientos;
    vencimientos.Vencimiento.push_back(vencimiento);
    _ns1__AltaFactura pedido;
    pedido.Cabecera = cabecera(empresa, token_empresa);
    pedido.IdCliente = id_cliente;
    pedido.IdFactura = id_factura;
    pedido.Moneda = "ARS";
    pedido.Vencimientos = &vencimientos;
    pedido.MensajePantalla = "Ñandú";
    pedido.MensajeTicket = "Señal & cía <ñ>";
    pedido.NombreCliente = nombre.empty() ? nullptr : &nombre;
    _ns1__AltaFacturaResponse respuesta;
    exigir(empresa, empresa.AltaFactura(&pedido, respuesta));
    ns1__RespuestaAltaFactura *dada = respuesta.AltaFacturaResult;
    return "{\"codigo\":" + json(dada->Resultado->Codigo) + ",\"estado\":" + json(dada->Estado) + "}";
}

static int preguntar(Servicio &red, string id_cliente, const string &token, _ns1__ConsultaDeudaResponse &respuesta) {
    _ns1__ConsultaDeuda pedido;
    pedido.Cabecera = cabecera(red, token);
    pedido.IdCliente = &id_cliente;
    return red.ConsultaDeuda(&pedido, respuesta);
}

static string consulta(Servicio &red, const string &id_cliente) {
    _ns1__ConsultaDeudaResponse respuesta;
    exigir(red, preguntar(red, id_cliente, token_red, respuesta));
    ns1__RespuestaConsultaDeuda *deuda = respuesta.ConsultaDeudaResult;
    string facturas;
    for (ns1__Factura *factura : deuda->Facturas->Factura) {
        facturas += (facturas.empty() ? "" : ",");
        facturas += "{\"id_factura\":" + json(factura->IdFactura) + ",\"importe\":" + json(factura->ImporteExigible) +
                    ",\"vence\":" + json(factura->Vencimientos->Vencimiento[0]->Fecha) +
                    ",\"pantalla\":" + json(factura->MensajePantalla) + ",\"ticket\":" + json(factura->MensajeTicket) +
                    "}";
    }
    return "{\"codigo\":" + json(deuda->Resultado->Codigo) +
           ",\"nombre\":" + json(deuda->NombreCliente ? *deuda->NombreCliente : "") + ",\"facturas\":[" + facturas +
           "]}";
}

static string inexistente(Servicio &red) {
    _ns1__ConsultaDeudaResponse respuesta;
    exigir(red, preguntar(red, "C9", token_red, respuesta));
    return json(respuesta.ConsultaDeudaResult->Resultado->Codigo);
}

static string pago(Servicio &red) {
    string id_transaccion = "TX-1", id_factura = "F-1";
    _ns1__AvisoPago pedido;
    pedido.Cabecera = cabecera(red, token_red);
    pedido.IdCliente = "C1";
    pedido.Moneda = "ARS";
    pedido.Importe = "18540.75";
    pedido.IdTransaccion = &id_transaccion;
    pedido.IdFactura = &id_factura;
    _ns1__AvisoPagoResponse respuesta;
    exigir(red, red.AvisoPago(&pedido, respuesta));
    ns1__RespuestaAvisoPago *aviso = respuesta.AvisoPagoResult;
    return "{\"codigo\":" + json(aviso->Resultado->Codigo) + ",\"estado\":" + json(aviso->Estado) +
           ",\"duplicado\":" + json(aviso->Resultado->Duplicado) + "}";
}

static std::vector<ns1__Aviso *> avisos(Servicio &empresa) {
    int maximo = 100;
    bool solo_pendientes = true;
    _ns1__ObtenerAvisos pedido;
    pedido.Cabecera = cabecera(empresa, token_empresa);
    pedido.Maximo = &maximo;
    pedido.SoloPendientes = &solo_pendientes;
    _ns1__ObtenerAvisosResponse respuesta;
    exigir(empresa, empresa.ObtenerAvisos(&pedido, respuesta));
    return respuesta.ObtenerAvisosResult->Avisos->Aviso;
}

static string confirmar(Servicio &empresa, const std::vector<ns1__Aviso *> &retirados) {
    string comprobante = "R-1";
    ns1__Confirmaciones confirmaciones;
    for (ns1__Aviso *aviso : retirados) {
        ns1__Confirmacion *hecho = soap_new_ns1__Confirmacion(empresa.soap);
        hecho->IdAviso = aviso->IdAviso;
        hecho->Estado = ns1__EstadoImputacion__IMPUTADO;
        hecho->NroComprobante = &comprobante;
        confirmaciones.Confirmacion.push_back(hecho);
    }
    _ns1__ConfirmarAvisos pedido;
    pedido.Cabecera = cabecera(empresa, token_empresa);
    pedido.Confirmaciones = &confirmaciones;
    _ns1__ConfirmarAvisosResponse respuesta;
    exigir(empresa, empresa.ConfirmarAvisos(&pedido, respuesta));
    return json(respuesta.ConfirmarAvisosResult->Resultado->Codigo);
}

static string falla(Servicio &red, const string &id_cliente, const string &token) {
    _ns1__ConsultaDeudaResponse respuesta;
    if (preguntar(red, id_cliente, token, respuesta) == SOAP_OK) return json(string("no hubo falla"));
    return json(string(red.soap_fault_string()));
}

int main(int, char **argv) {
    const string url = argv[1];
    codigo = argv[2], token_red = argv[3], token_empresa = argv[4];
    const string url_red = url + "/soap/v1/pagomiscuentas", url_empresa = url + "/soap/v1/empresa";
    auto red = abrir(url_red), empresa = abrir(url_empresa);
    std::ostringstream dicho;
    dicho << "{\"alta\":" << alta(*empresa, "C1", "F-1", "2030-12-31", "18540.75", "Ana Muñoz");
    alta(*empresa, "C2", "F-1", "2030-01-01", "0.10");
    alta(*empresa, "C2", "F-2", "2030-06-30", "1300.00");
    dicho << ",\"sin_avisos\":" << avisos(*empresa).size();
    dicho << ",\"una\":" << consulta(*red, "C1") << ",\"varias\":" << consulta(*red, "C2");
    dicho << ",\"pago\":" << pago(*red);
    dicho << ",\"repetido\":" << pago(*red);
    dicho << ",\"ninguna\":" << consulta(*red, "C1") << ",\"inexistente\":" << inexistente(*red);
    auto retirados = avisos(*empresa);
    dicho << ",\"avisos\":[";
    for (ns1__Aviso *aviso : retirados)
        dicho << "{\"tipo\":" << json(aviso->Tipo) << ",\"id_factura\":" << json(*aviso->IdFactura)
              << ",\"importe\":" << json(aviso->Importe) << "}";
    dicho << "],\"confirmados\":" << confirmar(*empresa, retirados);
    dicho << ",\"sin_pendientes\":" << avisos(*empresa).size();
    dicho << ",\"contrato\":" << falla(*red, string(20, 'C'), token_red);
    dicho << ",\"credencial\":" << falla(*red, "C1", "otro") << "}";
    std::cout << dicho.str() << std::endl;
}
