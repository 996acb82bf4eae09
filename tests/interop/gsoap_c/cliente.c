/* La historia de tests/interop, contada por gSOAP en C. Con los dos WSDL juntos, cada llamada dice su dirección. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "PagoMisCuentasBinding.nsmap"
#include "soapH.h"

static char *codigo, *token_red, *token_empresa;
static char red[256], empresa[256];

static void escribir(const char *clave, const char *texto) {
    printf("\"%s\":\"", clave);
    for (; texto && *texto; texto++) {
        if (*texto == '"' || *texto == '\\') putchar('\\');
        putchar(*texto);
    }
    putchar('"');
}

static void exigir(struct soap *soap, int estado) {
    if (estado == SOAP_OK) return;
    soap_print_fault(soap, stderr);
    exit(1);
}

static struct ns1__Cabecera *cabecera(struct soap *soap, char *token) {
    struct ns1__Cabecera *nueva = soap_new_ns1__Cabecera(soap, 1);
    nueva->CodigoEmpresa = codigo;
    nueva->IdMensaje = soap_strdup(soap, soap_rand_uuid(soap, ""));
    nueva->FechaHora = time(NULL);
    nueva->Token = token;
    return nueva;
}

static struct ns1__RespuestaAltaFactura *alta(struct soap *soap, char *id_cliente, char *id_factura, char *vence,
                                              char *importe, char *nombre) {
    struct ns1__Vencimiento vencimiento = {.Numero = 1, .Fecha = vence, .Importe = importe};
    struct ns1__Vencimientos vencimientos = {.__sizeVencimiento = 1, .Vencimiento = &vencimiento};
    struct _ns1__AltaFactura pedido = {
        .Cabecera = cabecera(soap, token_empresa),
        .IdCliente = id_cliente,
        .IdFactura = id_factura,
        .Moneda = "ARS",
        .Vencimientos = &vencimientos,
        .MensajePantalla = "Ñandú",
        .MensajeTicket = "Señal & cía <ñ>",
        .NombreCliente = nombre,
    };
    struct _ns1__AltaFacturaResponse respuesta;
    exigir(soap, soap_call___ns1__AltaFactura(soap, empresa, NULL, &pedido, &respuesta));
    return respuesta.AltaFacturaResult;
}

static int preguntar(struct soap *soap, char *id_cliente, char *token, struct _ns1__ConsultaDeudaResponse *respuesta) {
    struct _ns1__ConsultaDeuda pedido = {.Cabecera = cabecera(soap, token), .IdCliente = id_cliente};
    return soap_call___ns1__ConsultaDeuda(soap, red, NULL, &pedido, respuesta);
}

static void consulta(struct soap *soap, const char *clave, char *id_cliente) {
    struct _ns1__ConsultaDeudaResponse respuesta;
    exigir(soap, preguntar(soap, id_cliente, token_red, &respuesta));
    struct ns1__RespuestaConsultaDeuda *deuda = respuesta.ConsultaDeudaResult;
    printf("\"%s\":{", clave);
    escribir("codigo", deuda->Resultado->Codigo);
    putchar(',');
    escribir("nombre", deuda->NombreCliente);
    printf(",\"facturas\":[");
    for (int i = 0; i < deuda->Facturas->__sizeFactura; i++) {
        struct ns1__Factura *factura = &deuda->Facturas->Factura[i];
        printf(i ? ",{" : "{");
        escribir("id_factura", factura->IdFactura);
        putchar(',');
        escribir("importe", factura->ImporteExigible);
        putchar(',');
        escribir("vence", factura->Vencimientos->Vencimiento[0].Fecha);
        putchar(',');
        escribir("pantalla", factura->MensajePantalla);
        putchar(',');
        escribir("ticket", factura->MensajeTicket);
        putchar('}');
    }
    printf("]},");
}

static void inexistente(struct soap *soap) {
    struct _ns1__ConsultaDeudaResponse respuesta;
    exigir(soap, preguntar(soap, "C9", token_red, &respuesta));
    escribir("inexistente", respuesta.ConsultaDeudaResult->Resultado->Codigo);
    putchar(',');
}

static void pago(struct soap *soap, const char *clave) {
    struct _ns1__AvisoPago pedido = {
        .Cabecera = cabecera(soap, token_red),
        .IdCliente = "C1",
        .Moneda = "ARS",
        .Importe = "18540.75",
        .IdTransaccion = "TX-1",
        .IdFactura = "F-1",
    };
    struct _ns1__AvisoPagoResponse respuesta;
    exigir(soap, soap_call___ns1__AvisoPago(soap, red, NULL, &pedido, &respuesta));
    struct ns1__RespuestaAvisoPago *aviso = respuesta.AvisoPagoResult;
    printf("\"%s\":{", clave);
    escribir("codigo", aviso->Resultado->Codigo);
    putchar(',');
    escribir("estado", aviso->Estado);
    printf(",\"duplicado\":%s},", aviso->Resultado->Duplicado ? "true" : "false");
}

static struct ns1__Avisos *avisos(struct soap *soap) {
    int maximo = 100;
    enum xsd__boolean solo_pendientes = xsd__boolean__true_;
    struct _ns1__ObtenerAvisos pedido = {
        .Cabecera = cabecera(soap, token_empresa),
        .Maximo = &maximo,
        .SoloPendientes = &solo_pendientes,
    };
    struct _ns1__ObtenerAvisosResponse respuesta;
    exigir(soap, soap_call___ns1__ObtenerAvisos(soap, empresa, NULL, &pedido, &respuesta));
    return respuesta.ObtenerAvisosResult->Avisos;
}

static void confirmar(struct soap *soap, struct ns1__Aviso *aviso) {
    struct ns1__Confirmacion hecho = {
        .IdAviso = aviso->IdAviso,
        .Estado = ns1__EstadoImputacion__IMPUTADO,
        .NroComprobante = "R-1",
    };
    struct ns1__Confirmaciones confirmaciones = {.__sizeConfirmacion = 1, .Confirmacion = &hecho};
    struct _ns1__ConfirmarAvisos pedido = {
        .Cabecera = cabecera(soap, token_empresa),
        .Confirmaciones = &confirmaciones,
    };
    struct _ns1__ConfirmarAvisosResponse respuesta;
    exigir(soap, soap_call___ns1__ConfirmarAvisos(soap, empresa, NULL, &pedido, &respuesta));
    escribir("confirmados", respuesta.ConfirmarAvisosResult->Resultado->Codigo);
    putchar(',');
}

static void falla(struct soap *soap, const char *clave, char *id_cliente, char *token) {
    struct _ns1__ConsultaDeudaResponse respuesta;
    int estado = preguntar(soap, id_cliente, token, &respuesta);
    escribir(clave, estado == SOAP_OK ? "no hubo falla" : *soap_faultstring(soap));
}

int main(int cuantos, char **dados) {
    if (cuantos != 5) return 2;
    snprintf(red, sizeof red, "%s/soap/v1/pagomiscuentas", dados[1]);
    snprintf(empresa, sizeof empresa, "%s/soap/v1/empresa", dados[1]);
    codigo = dados[2], token_red = dados[3], token_empresa = dados[4];
    struct soap *soap = soap_new1(SOAP_C_UTFSTRING); /* todo char * va y viene en UTF-8 */
    soap->connect_timeout = 2;
    soap->recv_timeout = soap->send_timeout = 10;
    struct ns1__RespuestaAltaFactura *dada = alta(soap, "C1", "F-1", "2030-12-31", "18540.75", "Ana Muñoz");
    printf("{\"alta\":{");
    escribir("codigo", dada->Resultado->Codigo);
    putchar(',');
    escribir("estado", dada->Estado);
    alta(soap, "C2", "F-1", "2030-01-01", "0.10", NULL);
    alta(soap, "C2", "F-2", "2030-06-30", "1300.00", NULL);
    printf("},\"sin_avisos\":%d,", avisos(soap)->__sizeAviso);
    consulta(soap, "una", "C1");
    consulta(soap, "varias", "C2");
    pago(soap, "pago");
    pago(soap, "repetido");
    consulta(soap, "ninguna", "C1");
    inexistente(soap);
    struct ns1__Avisos *retirados = avisos(soap);
    printf("\"avisos\":[");
    for (int i = 0; i < retirados->__sizeAviso; i++) {
        printf(i ? ",{" : "{");
        escribir("tipo", retirados->Aviso[i].Tipo);
        putchar(',');
        escribir("id_factura", retirados->Aviso[i].IdFactura);
        putchar(',');
        escribir("importe", retirados->Aviso[i].Importe);
        putchar('}');
    }
    printf("],");
    confirmar(soap, retirados->Aviso);
    printf("\"sin_pendientes\":%d,", avisos(soap)->__sizeAviso);
    falla(soap, "contrato", "CCCCCCCCCCCCCCCCCCCC", token_red);
    putchar(',');
    falla(soap, "credencial", "C1", "otro");
    printf("}\n");
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return 0;
}
