#!/usr/bin/perl
# La historia de tests/interop, contada por SOAP::Lite como más se usa: adivina el tipo de cada valor por su aspecto.
use strict;
use warnings;
use utf8;
use JSON::PP;
use POSIX qw(strftime);
use SOAP::Lite;
use Time::HiRes qw(time);

my ($url, $codigo, $token_red, $token_empresa) = @ARGV;

sub puerto {
    my ($nombre) = @_;
    return SOAP::Lite->proxy("$url/soap/v1/$nombre")->ns('urn:pmc-soap:v1', 'v1')->on_action(sub { "$_[0]#$_[1]" });
}
my ($red, $empresa) = (puerto('pagomiscuentas'), puerto('empresa'));

# De a pares, nombre y valor, en el orden del WSDL; una referencia a una lista es un contenedor.
sub datos {
    my (@pares) = @_;
    my @datos;
    while (my ($nombre, $valor) = splice @pares, 0, 2) {
        my $dato = SOAP::Data->name($nombre)->prefix('v1');
        push @datos, ref $valor ? $dato->value(\SOAP::Data->value(datos(@$valor))) : $dato->value($valor);
    }
    return @datos;
}

sub cabecera {
    my ($token) = @_;
    my $ahora = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
    my $id_mensaje = sprintf('%.6f-%d', time, $$);
    return (
        Cabecera => [CodigoEmpresa => $codigo, IdMensaje => $id_mensaje, FechaHora => $ahora, Token => $token],
    );
}

# Una lista de uno llega como su elemento, y una vacía como un texto vacío.
sub lista {
    my ($contenedor, $nombre) = @_;
    my $dentro = ref $contenedor ? $contenedor->{$nombre} : [];
    return ref $dentro eq 'ARRAY' ? @$dentro : ($dentro);
}

sub consulta {
    my ($id_cliente) = @_;
    my $deuda = $red->call('ConsultaDeuda', datos(cabecera($token_red), IdCliente => $id_cliente))->result;
    my @facturas = map { {
        id_factura => $_->{IdFactura},
        importe => $_->{ImporteExigible},
        vence => (lista($_->{Vencimientos}, 'Vencimiento'))[0]{Fecha},
        pantalla => $_->{MensajePantalla},
        ticket => $_->{MensajeTicket},
    } } lista($deuda->{Facturas}, 'Factura');
    return { codigo => $deuda->{Resultado}{Codigo}, nombre => $deuda->{NombreCliente} // '', facturas => \@facturas };
}

sub alta {
    my ($id_cliente, $id_factura, $vence, $importe, @mas) = @_;
    my $dada = $empresa->call('AltaFactura', datos(
        cabecera($token_empresa),
        IdCliente => $id_cliente,
        IdFactura => $id_factura,
        Moneda => 'ARS',
        Vencimientos => [Vencimiento => [Numero => 1, Fecha => $vence, Importe => $importe]],
        MensajePantalla => 'Ñandú',
        MensajeTicket => 'Señal & cía <ñ>',
        @mas,
    ))->result;
    return { codigo => $dada->{Resultado}{Codigo}, estado => $dada->{Estado} };
}

sub pago {
    my $aviso = $red->call('AvisoPago', datos(
        cabecera($token_red),
        IdCliente => 'C1',
        Moneda => 'ARS',
        Importe => '18540.75',
        IdTransaccion => 'TX-1',
        IdFactura => 'F-1',
    ))->result;
    my $duplicado = $aviso->{Resultado}{Duplicado} eq 'true' ? JSON::PP::true : JSON::PP::false;
    return { codigo => $aviso->{Resultado}{Codigo}, estado => $aviso->{Estado}, duplicado => $duplicado };
}

sub avisos {
    my @pedido = datos(cabecera($token_empresa), Maximo => 100, SoloPendientes => 'true');
    return lista($empresa->call('ObtenerAvisos', @pedido)->result->{Avisos}, 'Aviso');
}

sub confirmar {
    my ($aviso) = @_;
    my $hecho = [IdAviso => $aviso->{IdAviso}, Estado => 'IMPUTADO', NroComprobante => 'R-1'];
    my @pedido = datos(cabecera($token_empresa), Confirmaciones => [Confirmacion => $hecho]);
    return $empresa->call('ConfirmarAvisos', @pedido)->result->{Resultado}{Codigo};
}

sub falla {
    my ($id_cliente, $token) = @_;
    my $respuesta = $red->call('ConsultaDeuda', datos(cabecera($token), IdCliente => $id_cliente));
    return $respuesta->faultstring;
}

my %dicho = (alta => alta('C1', 'F-1', '2030-12-31', '18540.75', NombreCliente => 'Ana Muñoz'));
alta('C2', 'F-1', '2030-01-01', '0.10');
alta('C2', 'F-2', '2030-06-30', '1300.00');
$dicho{sin_avisos} = scalar(my @ninguno = avisos());
$dicho{una} = consulta('C1');
$dicho{varias} = consulta('C2');
$dicho{pago} = pago();
$dicho{repetido} = pago();
$dicho{ninguna} = consulta('C1');
$dicho{inexistente} = consulta('C9')->{codigo};
my @retirados = avisos();
$dicho{avisos} = [map { { tipo => $_->{Tipo}, id_factura => $_->{IdFactura}, importe => $_->{Importe} } } @retirados];
$dicho{confirmados} = confirmar($retirados[0]);
$dicho{sin_pendientes} = scalar(my @pendientes = avisos());
$dicho{contrato} = falla('C' x 20, $token_red);
$dicho{credencial} = falla('C1', 'otro');
print JSON::PP->new->utf8->encode(\%dicho);
