# La historia de tests/interop, contada por soap4r.
require 'json'
require 'securerandom'
require 'soap/wsdlDriver'

url, CODIGO, TOKEN_RED, TOKEN_EMPRESA = ARGV
RED = SOAP::WSDLDriverFactory.new("#{url}/soap/v1/pagomiscuentas?wsdl").create_rpc_driver
EMPRESA = SOAP::WSDLDriverFactory.new("#{url}/soap/v1/empresa?wsdl").create_rpc_driver

def cabecera(token)
  {
    'CodigoEmpresa' => CODIGO,
    'IdMensaje' => SecureRandom.uuid,
    'FechaHora' => Time.now.strftime('%FT%T%:z'),
    'Token' => token
  }
end

# Una lista de uno llega como su elemento, y una vacía no lo tiene.
def lista(contenedor, nombre)
  return [] unless contenedor.respond_to?(nombre)

  dentro = contenedor.send(nombre)
  dentro.is_a?(Array) ? dentro : [dentro].compact
end

def preguntar(id_cliente, token = TOKEN_RED)
  RED.consultaDeuda('Cabecera' => cabecera(token), 'IdCliente' => id_cliente).consultaDeudaResult
end

def consulta(id_cliente)
  deuda = preguntar(id_cliente)
  facturas = lista(deuda.facturas, :factura).map do |factura|
    {
      id_factura: factura.idFactura,
      importe: factura.importeExigible, # es un texto: no lo pases a Float
      vence: lista(factura.vencimientos, :vencimiento)[0].fecha,
      pantalla: factura.mensajePantalla,
      ticket: factura.mensajeTicket
    }
  end
  nombre = deuda.respond_to?(:nombreCliente) ? deuda.nombreCliente : ''
  { codigo: deuda.resultado.codigo, nombre: nombre, facturas: facturas }
end

def alta(id_cliente, id_factura, vence, importe, mas = {})
  dada = EMPRESA.altaFactura(
    {
      'Cabecera' => cabecera(TOKEN_EMPRESA),
      'IdCliente' => id_cliente,
      'IdFactura' => id_factura,
      'Moneda' => 'ARS',
      'Vencimientos' => { 'Vencimiento' => [{ 'Numero' => 1, 'Fecha' => vence, 'Importe' => importe }] },
      'MensajePantalla' => 'Ñandú',
      'MensajeTicket' => 'Señal & cía <ñ>'
    }.merge(mas)
  ).altaFacturaResult
  { codigo: dada.resultado.codigo, estado: dada.estado }
end

def pago
  aviso = RED.avisoPago(
    'Cabecera' => cabecera(TOKEN_RED),
    'IdCliente' => 'C1',
    'Moneda' => 'ARS',
    'Importe' => '18540.75',
    'IdTransaccion' => 'TX-1',
    'IdFactura' => 'F-1'
  ).avisoPagoResult
  { codigo: aviso.resultado.codigo, estado: aviso.estado, duplicado: aviso.resultado.duplicado == 'true' }
end

def avisos
  traido = EMPRESA.obtenerAvisos('Cabecera' => cabecera(TOKEN_EMPRESA), 'Maximo' => 100, 'SoloPendientes' => true)
  lista(traido.obtenerAvisosResult.avisos, :aviso)
end

def confirmar(retirados)
  hechos = retirados.map { |aviso| { 'IdAviso' => aviso.idAviso, 'Estado' => 'IMPUTADO', 'NroComprobante' => 'R-1' } }
  EMPRESA.confirmarAvisos(
    'Cabecera' => cabecera(TOKEN_EMPRESA), 'Confirmaciones' => { 'Confirmacion' => hechos }
  ).confirmarAvisosResult.resultado.codigo
end

def falla(*args)
  preguntar(*args).resultado.codigo
rescue SOAP::FaultError => e
  e.message
rescue XSD::ValueSpaceError # soap4r revisa el valor antes de enviarlo
  'no sale'
end

dicho = { alta: alta('C1', 'F-1', '2030-12-31', '18540.75', 'NombreCliente' => 'Ana Muñoz') }
alta('C2', 'F-1', '2030-01-01', '0.10')
alta('C2', 'F-2', '2030-06-30', '1300.00')
dicho[:sin_avisos] = avisos.length
dicho[:una] = consulta('C1')
dicho[:varias] = consulta('C2')
dicho[:pago] = pago
dicho[:repetido] = pago
dicho[:ninguna] = consulta('C1')
dicho[:inexistente] = preguntar('C9').resultado.codigo
retirados = avisos
dicho[:avisos] = retirados.map { |aviso| { tipo: aviso.tipo, id_factura: aviso.idFactura, importe: aviso.importe } }
dicho[:confirmados] = confirmar(retirados)
dicho[:sin_pendientes] = avisos.length
dicho[:contrato] = falla('C' * 20)
dicho[:credencial] = falla('C1', 'otro')
puts JSON.generate(dicho)
