<?php
// La historia de tests/interop, contada por el SoapClient de PHP.

[, $url, $codigo, $tokenRed, $tokenEmpresa] = $argv;

$opciones = [
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS, // una lista de uno también es una lista
    'cache_wsdl' => WSDL_CACHE_NONE,          // en producción, dejalo prendido
    'exceptions' => true,
];
$red = new SoapClient("$url/soap/v1/pagomiscuentas?wsdl", $opciones);
$empresa = new SoapClient("$url/soap/v1/empresa?wsdl", $opciones);

function cabecera(string $token): array
{
    global $codigo;
    return [
        'CodigoEmpresa' => $codigo,
        'IdMensaje' => bin2hex(random_bytes(16)),
        'FechaHora' => date('c'),
        'Token' => $token,
    ];
}

function consulta(string $idCliente, ?string $token = null): array
{
    global $red, $tokenRed;
    $deuda = $red->ConsultaDeuda([
        'Cabecera' => cabecera($token ?? $tokenRed),
        'IdCliente' => $idCliente,
    ])->ConsultaDeudaResult;
    $facturas = [];
    foreach ($deuda->Facturas->Factura ?? [] as $factura) {
        $facturas[] = [
            'id_factura' => $factura->IdFactura,
            'importe' => $factura->ImporteExigible, // es un texto: no lo pases a float
            'vence' => $factura->Vencimientos->Vencimiento[0]->Fecha,
            'pantalla' => $factura->MensajePantalla,
            'ticket' => $factura->MensajeTicket,
        ];
    }
    return ['codigo' => $deuda->Resultado->Codigo, 'nombre' => $deuda->NombreCliente ?? '', 'facturas' => $facturas];
}

function alta(string $idCliente, string $idFactura, string $vence, string $importe, array $mas = []): object
{
    global $empresa, $tokenEmpresa;
    return $empresa->AltaFactura([
        'Cabecera' => cabecera($tokenEmpresa),
        'IdCliente' => $idCliente,
        'IdFactura' => $idFactura,
        'Moneda' => 'ARS',
        'Vencimientos' => ['Vencimiento' => [['Numero' => 1, 'Fecha' => $vence, 'Importe' => $importe]]],
        'MensajePantalla' => 'Ñandú',
        'MensajeTicket' => 'Señal & cía <ñ>',
    ] + $mas)->AltaFacturaResult;
}

function pago(): array
{
    global $red, $tokenRed;
    $aviso = $red->AvisoPago([
        'Cabecera' => cabecera($tokenRed),
        'IdCliente' => 'C1',
        'Moneda' => 'ARS',
        'Importe' => '18540.75',
        'IdTransaccion' => 'TX-1',
        'IdFactura' => 'F-1',
    ])->AvisoPagoResult;
    $resultado = $aviso->Resultado;
    return ['codigo' => $resultado->Codigo, 'estado' => $aviso->Estado, 'duplicado' => $resultado->Duplicado];
}

function avisos(): array
{
    global $empresa, $tokenEmpresa;
    $traido = $empresa->ObtenerAvisos([
        'Cabecera' => cabecera($tokenEmpresa),
        'Maximo' => 100,
        'SoloPendientes' => true,
    ])->ObtenerAvisosResult;
    return $traido->Avisos->Aviso ?? [];
}

function confirmar(array $retirados): object
{
    global $empresa, $tokenEmpresa;
    $hechos = [];
    foreach ($retirados as $aviso) {
        $hechos[] = ['IdAviso' => $aviso->IdAviso, 'Estado' => 'IMPUTADO', 'NroComprobante' => 'R-1'];
    }
    return $empresa->ConfirmarAvisos([
        'Cabecera' => cabecera($tokenEmpresa),
        'Confirmaciones' => ['Confirmacion' => $hechos],
    ])->ConfirmarAvisosResult;
}

function falla(string ...$args): string
{
    try {
        return consulta(...$args)['codigo'];
    } catch (SoapFault $falla) {
        return $falla->getMessage();
    }
}

$dada = alta('C1', 'F-1', '2030-12-31', '18540.75', ['NombreCliente' => 'Ana Muñoz']);
$dicho = ['alta' => ['codigo' => $dada->Resultado->Codigo, 'estado' => $dada->Estado]];
alta('C2', 'F-1', '2030-01-01', '0.10');
alta('C2', 'F-2', '2030-06-30', '1300.00');
$dicho['sin_avisos'] = count(avisos());
$dicho['una'] = consulta('C1');
$dicho['varias'] = consulta('C2');
$dicho['pago'] = pago();
$dicho['repetido'] = pago();
$dicho['ninguna'] = consulta('C1');
$dicho['inexistente'] = consulta('C9')['codigo'];
$retirados = avisos();
$dicho['avisos'] = array_map(
    fn ($aviso) => ['tipo' => $aviso->Tipo, 'id_factura' => $aviso->IdFactura, 'importe' => $aviso->Importe],
    $retirados
);
$dicho['confirmados'] = confirmar($retirados)->Resultado->Codigo;
$dicho['sin_pendientes'] = count(avisos());
$dicho['contrato'] = falla(str_repeat('C', 20));
$dicho['credencial'] = falla('C1', 'otro');
echo json_encode($dicho);
