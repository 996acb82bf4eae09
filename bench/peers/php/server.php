<?php
// The contract served by PHP's SoapServer, under `php -S` and under FPM. Its amounts are bench/mundo.py's.
// PMC_WSDL names the contract.

declare(strict_types=1);

final class Servicio
{
    private const OWED = ['1000001' => 1, '1000010' => 10];

    public function ConsultaDeuda(object $pedido): array
    {
        $facturas = array_map(
            fn (int $n): array => self::factura($pedido->IdCliente, $n),
            range(1, self::OWED[$pedido->IdCliente]),
        );

        return ['ConsultaDeudaResult' => [
            'Resultado' => self::resultado($pedido),
            'IdConsulta' => self::id(),
            'Facturas' => ['Factura' => $facturas],
            'HayMas' => false,
            'NombreCliente' => 'Ana Muñoz',
            'Origen' => 'BASE',
        ]];
    }

    public function AvisoPago(object $pedido): array
    {
        return ['AvisoPagoResult' => [
            'Resultado' => self::resultado($pedido),
            'IdAviso' => self::id(),
            'Estado' => 'APLICADO',
        ]];
    }

    private static function factura(string $cliente, int $n): array
    {
        $centavos = 1000000 + 12345 * $n;
        $importe = sprintf('%d.%02d', intdiv($centavos, 100), $centavos % 100);
        $fecha = sprintf('2035-12-%02d', $n);

        return [
            'IdCliente' => $cliente,
            'IdFactura' => "F-{$cliente}-{$n}",
            'Moneda' => 'ARS',
            'ImporteExigible' => $importe,
            'NumeroVencimiento' => 1,
            'Vencimientos' => ['Vencimiento' => [['Numero' => 1, 'Fecha' => $fecha, 'Importe' => $importe]]],
            'TipoImporte' => 'CERRADO',
            'DebePagarAnteriores' => false,
            'MensajePantalla' => "CUOTA {$n}",
            'MensajeTicket' => "CUOTA {$n} - EMPRESA DEMO",
            'Estado' => 'PENDIENTE',
            'CodigoBarras' => sprintf('0400010000011000018540752%03d', $n),
        ];
    }

    private static function resultado(object $pedido): array
    {
        return [
            'Codigo' => '00',
            'Descripcion' => 'Operación exitosa',
            'Severidad' => 0,
            'Duplicado' => false,
            'IdMensaje' => $pedido->Cabecera->IdMensaje,
            'FechaHora' => date(DATE_ATOM),
        ];
    }

    private static function id(): string
    {
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex(random_bytes(16)), 4));
    }
}

$server = new SoapServer(getenv('PMC_WSDL') ?: $_SERVER['PMC_WSDL'], ['cache_wsdl' => WSDL_CACHE_MEMORY]);
$server->setClass(Servicio::class);
$server->handle();
