// The contract served by node's `soap`, one process: node server.js PORT WSDL. Its amounts are bench/mundo.py's.
"use strict";
const fs = require("fs");
const http = require("http");
const crypto = require("crypto");
const soap = require("soap");

const [port, wsdl] = process.argv.slice(2);
const owed = { 1000001: 1, 1000010: 10 };
const pesos = (centavos) => `${Math.floor(centavos / 100)}.${String(centavos % 100).padStart(2, "0")}`;

function factura(idCliente, n) {
  const importe = pesos(1000000 + 12345 * n);
  const fecha = `2035-12-${String(n).padStart(2, "0")}`;
  return {
    IdCliente: idCliente,
    IdFactura: `F-${idCliente}-${n}`,
    Moneda: "ARS",
    ImporteExigible: importe,
    NumeroVencimiento: 1,
    Vencimientos: { Vencimiento: [{ Numero: 1, Fecha: fecha, Importe: importe }] },
    TipoImporte: "CERRADO",
    DebePagarAnteriores: false,
    MensajePantalla: `CUOTA ${n}`,
    MensajeTicket: `CUOTA ${n} - EMPRESA DEMO`,
    Estado: "PENDIENTE",
    CodigoBarras: `0400010000011000018540752${String(n).padStart(3, "0")}`,
  };
}

const resultado = (pedido) => ({
  Codigo: "00",
  Descripcion: "Operación exitosa",
  Severidad: 0,
  Duplicado: false,
  IdMensaje: pedido.Cabecera.IdMensaje,
  FechaHora: new Date().toISOString(),
});

const service = {
  PagoMisCuentas: {
    PagoMisCuentasPort: {
      ConsultaDeuda: (pedido) => ({
        ConsultaDeudaResult: {
          Resultado: resultado(pedido),
          IdConsulta: crypto.randomUUID(),
          Facturas: {
            Factura: Array.from({ length: owed[pedido.IdCliente] }, (_, n) => factura(pedido.IdCliente, n + 1)),
          },
          HayMas: false,
          NombreCliente: "Ana Muñoz",
          Origen: "BASE",
        },
      }),
      AvisoPago: (pedido) => ({
        AvisoPagoResult: { Resultado: resultado(pedido), IdAviso: crypto.randomUUID(), Estado: "APLICADO" },
      }),
    },
  },
};

const server = http.createServer((_, response) => response.writeHead(404).end());
server.listen(Number(port), "127.0.0.1", () => {
  soap.listen(server, "/soap/v1/pagomiscuentas", service, fs.readFileSync(wsdl, "utf8"));
});
