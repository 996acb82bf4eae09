// La historia de tests/interop, contada por el paquete soap de npm.
'use strict';
const { randomUUID } = require('crypto');
const soap = require('soap');

const [url, codigo, tokenRed, tokenEmpresa] = process.argv.slice(2);
const red = soap.createClientAsync(`${url}/soap/v1/pagomiscuentas?wsdl`);
const empresa = soap.createClientAsync(`${url}/soap/v1/empresa?wsdl`);

function cabecera(token) {
  return { CodigoEmpresa: codigo, IdMensaje: randomUUID(), FechaHora: new Date().toISOString(), Token: token };
}

// Una fecha llega como la medianoche UTC: leela con getUTC… o toISOString, nunca en la hora local.
function dia(fecha) {
  return fecha.toISOString().slice(0, 10);
}

// Una lista vacía llega como null.
function lista(contenedor, nombre) {
  return (contenedor && contenedor[nombre]) || [];
}

async function consulta(idCliente, token = tokenRed) {
  const [{ ConsultaDeudaResult: deuda }] = await (await red).ConsultaDeudaAsync({
    Cabecera: cabecera(token),
    IdCliente: idCliente,
  });
  return {
    codigo: deuda.Resultado.Codigo,
    nombre: deuda.NombreCliente || '',
    facturas: lista(deuda.Facturas, 'Factura').map((factura) => ({
      id_factura: factura.IdFactura,
      importe: factura.ImporteExigible, // es un texto: no lo pases a Number
      vence: dia(factura.Vencimientos.Vencimiento[0].Fecha),
      pantalla: factura.MensajePantalla,
      ticket: factura.MensajeTicket,
    })),
  };
}

async function alta(idCliente, idFactura, vence, importe, mas = {}) {
  const [{ AltaFacturaResult: dada }] = await (await empresa).AltaFacturaAsync({
    Cabecera: cabecera(tokenEmpresa),
    IdCliente: idCliente,
    IdFactura: idFactura,
    Moneda: 'ARS',
    Vencimientos: { Vencimiento: [{ Numero: 1, Fecha: vence, Importe: importe }] },
    MensajePantalla: 'Ñandú',
    MensajeTicket: 'Señal & cía <ñ>',
    ...mas,
  });
  return { codigo: dada.Resultado.Codigo, estado: dada.Estado };
}

async function pago() {
  const [{ AvisoPagoResult: aviso }] = await (await red).AvisoPagoAsync({
    Cabecera: cabecera(tokenRed),
    IdCliente: 'C1',
    Moneda: 'ARS',
    Importe: '18540.75',
    IdTransaccion: 'TX-1',
    IdFactura: 'F-1',
  });
  return { codigo: aviso.Resultado.Codigo, estado: aviso.Estado, duplicado: aviso.Resultado.Duplicado };
}

async function avisos() {
  const [{ ObtenerAvisosResult: traido }] = await (await empresa).ObtenerAvisosAsync({
    Cabecera: cabecera(tokenEmpresa),
    Maximo: 100,
    SoloPendientes: true,
  });
  return lista(traido.Avisos, 'Aviso');
}

async function confirmar(retirados) {
  const hechos = retirados.map((aviso) => ({ IdAviso: aviso.IdAviso, Estado: 'IMPUTADO', NroComprobante: 'R-1' }));
  const [{ ConfirmarAvisosResult: confirmado }] = await (await empresa).ConfirmarAvisosAsync({
    Cabecera: cabecera(tokenEmpresa),
    Confirmaciones: { Confirmacion: hechos },
  });
  return confirmado.Resultado.Codigo;
}

async function falla(...args) {
  try {
    return (await consulta(...args)).codigo;
  } catch (error) {
    return error.root.Envelope.Body.Fault.faultstring;
  }
}

async function main() {
  const dicho = { alta: await alta('C1', 'F-1', '2030-12-31', '18540.75', { NombreCliente: 'Ana Muñoz' }) };
  await alta('C2', 'F-1', '2030-01-01', '0.10');
  await alta('C2', 'F-2', '2030-06-30', '1300.00');
  dicho.sin_avisos = (await avisos()).length;
  dicho.una = await consulta('C1');
  dicho.varias = await consulta('C2');
  dicho.pago = await pago();
  dicho.repetido = await pago();
  dicho.ninguna = await consulta('C1');
  dicho.inexistente = (await consulta('C9')).codigo;
  const retirados = await avisos();
  dicho.avisos = retirados.map((aviso) => ({
    tipo: aviso.Tipo,
    id_factura: aviso.IdFactura,
    importe: aviso.Importe,
  }));
  dicho.confirmados = await confirmar(retirados);
  dicho.sin_pendientes = (await avisos()).length;
  dicho.contrato = await falla('C'.repeat(20));
  dicho.credencial = await falla('C1', 'otro');
  console.log(JSON.stringify(dicho));
}

main();
