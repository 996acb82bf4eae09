// The contract served by gSOAP: code generated from the WSDL, a thread for each connection that is kept alive.
// server PORT ; its amounts are bench/mundo.py's.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <sys/random.h>
#include <thread>

#include "PagoMisCuentasBinding.nsmap"
#include "soapPagoMisCuentasBindingService.h"

namespace {

const std::map<std::string, int> owed = {{"1000001", 1}, {"1000010", 10}};
constexpr int backlog = 128, keep_alive_max = 1 << 30, timeout_s = 30;

std::string pesos(int centavos) {
  char text[24];
  std::snprintf(text, sizeof text, "%d.%02d", centavos / 100, centavos % 100);
  return text;
}

std::string id() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::abort();
  char text[37];
  std::snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", bytes[0],
                bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9], bytes[10],
                bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
  return text;
}

class Servicio : public PagoMisCuentasBindingService {
 public:
  explicit Servicio(struct soap *context) : PagoMisCuentasBindingService(context) {}

  PagoMisCuentasBindingService *copy() override { return new Servicio(soap_copy(soap)); }

  int ConsultaDeuda(_ns1__ConsultaDeuda *pedido, _ns1__ConsultaDeudaResponse &response) override {
    auto *said = soap_new_ns1__RespuestaConsultaDeuda(soap);
    const std::string cliente = pedido->IdCliente ? *pedido->IdCliente : "";
    const auto found = owed.find(cliente);
    said->Resultado = resultado(pedido->Cabecera);
    said->IdConsulta = id();
    said->Facturas = soap_new_ns1__Facturas(soap);
    for (int n = 1; found != owed.end() && n <= found->second; ++n)
      said->Facturas->Factura.push_back(factura(cliente, n));
    said->HayMas = false;
    said->NombreCliente = text("Ana Muñoz");
    said->Origen = text("BASE");
    response.ConsultaDeudaResult = said;
    return SOAP_OK;
  }

  int AvisoPago(_ns1__AvisoPago *pedido, _ns1__AvisoPagoResponse &response) override {
    auto *said = soap_new_ns1__RespuestaAvisoPago(soap);
    said->Resultado = resultado(pedido->Cabecera);
    said->IdAviso = id();
    said->Estado = "APLICADO";
    response.AvisoPagoResult = said;
    return SOAP_OK;
  }

  int ReversaPago(_ns1__ReversaPago *, _ns1__ReversaPagoResponse &) override { return SOAP_NO_METHOD; }
  int Eco(_ns1__Eco *, _ns1__EcoResponse &) override { return SOAP_NO_METHOD; }

 private:
  std::string *text(const std::string &value) {
    auto *copied = soap_new_std__string(soap);
    *copied = value;
    return copied;
  }

  ns1__Resultado *resultado(const ns1__Cabecera *cabecera) {
    auto *said = soap_new_ns1__Resultado(soap);
    said->Codigo = "00";
    said->Descripcion = "Operación exitosa";
    said->Severidad = 0;
    said->Duplicado = false;
    said->IdMensaje = cabecera->IdMensaje;
    said->FechaHora = std::time(nullptr);
    return said;
  }

  ns1__Factura *factura(const std::string &cliente, int n) {
    const std::string number = std::to_string(n), importe = pesos(1000000 + 12345 * n);
    auto *vencimiento = soap_new_ns1__Vencimiento(soap);
    vencimiento->Numero = 1;
    vencimiento->Fecha = (n < 10 ? "2035-12-0" : "2035-12-") + number;
    vencimiento->Importe = importe;
    auto *said = soap_new_ns1__Factura(soap);
    said->IdCliente = cliente;
    said->IdFactura = "F-" + cliente + "-" + number;
    said->Moneda = "ARS";
    said->ImporteExigible = importe;
    said->NumeroVencimiento = 1;
    said->Vencimientos = soap_new_ns1__Vencimientos(soap);
    said->Vencimientos->Vencimiento.push_back(vencimiento);
    said->TipoImporte = "CERRADO";
    said->DebePagarAnteriores = false;
    said->MensajePantalla = "CUOTA " + number;
    said->MensajeTicket = "CUOTA " + number + " - EMPRESA DEMO";
    said->Estado = "PENDIENTE";
    said->CodigoBarras = text("0400010000011000018540752" + std::string(3 - number.size(), '0') + number);
    return said;
  }
};

void serve(PagoMisCuentasBindingService *one) {
  one->serve();
  one->destroy();
  delete one;
}

}  // namespace

int main(int, char **argv) {
  auto *context = soap_new2(SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE, SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE);
  context->max_keep_alive = keep_alive_max;
  context->recv_timeout = context->send_timeout = timeout_s;
  context->bind_flags = SO_REUSEADDR;
  context->tcp_keep_alive = 1;
  context->accept_flags |= SO_LINGER;
  context->linger_time = 0;
  Servicio listener(context);
  if (!soap_valid_socket(listener.bind("127.0.0.1", std::atoi(argv[1]), backlog))) return 1;
  for (;;) {
    if (!soap_valid_socket(listener.accept())) continue;
    std::thread(serve, listener.copy()).detach();
  }
}
