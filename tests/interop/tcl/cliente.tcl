# La historia de tests/interop, contada por tclws, el paquete de servicios web de Tcl.
package require WS::Client
package require json::write
package require uuid

lassign $argv url codigo token_red token_empresa
::WS::Client::GetAndParseWsdl $url/soap/v1/pagomiscuentas?wsdl
::WS::Client::GetAndParseWsdl $url/soap/v1/empresa?wsdl

proc llamar {servicio operacion datos} {
    return [dict get [::WS::Client::DoCall $servicio $operacion $datos] ${operacion}Result]
}

proc cabecera {token} {
    global codigo
    set ahora [clock format [clock seconds] -format %Y-%m-%dT%H:%M:%SZ -gmt 1]
    return [dict create CodigoEmpresa $codigo IdMensaje [uuid::uuid generate] FechaHora $ahora Token $token]
}

# Una lista vacía no tiene el elemento.
proc lista {contenedor nombre} {
    return [expr {[dict exists $contenedor $nombre] ? [dict get $contenedor $nombre] : {}}]
}

proc preguntar {id_cliente token} {
    return [llamar PagoMisCuentas ConsultaDeuda [dict create Cabecera [cabecera $token] IdCliente $id_cliente]]
}

proc consulta {id_cliente} {
    global token_red
    set deuda [preguntar $id_cliente $token_red]
    set facturas {}
    foreach factura [lista [dict get $deuda Facturas] Factura] {
        set vencimiento [lindex [dict get $factura Vencimientos Vencimiento] 0]
        lappend facturas [json::write object \
            id_factura [texto [dict get $factura IdFactura]] \
            importe [texto [dict get $factura ImporteExigible]] \
            vence [texto [dict get $vencimiento Fecha]] \
            pantalla [texto [dict get $factura MensajePantalla]] \
            ticket [texto [dict get $factura MensajeTicket]]]
    }
    set nombre [lista $deuda NombreCliente]
    return [json::write object codigo [texto [dict get $deuda Resultado Codigo]] nombre [texto $nombre] \
        facturas [json::write array {*}$facturas]]
}

proc texto {valor} {
    return [json::write string $valor]
}

proc alta {id_cliente id_factura vence importe args} {
    global token_empresa
    set vencimiento [dict create Numero 1 Fecha $vence Importe $importe]
    set dada [llamar Empresa AltaFactura [dict create \
        Cabecera [cabecera $token_empresa] \
        IdCliente $id_cliente \
        IdFactura $id_factura \
        Moneda ARS \
        Vencimientos [dict create Vencimiento [list $vencimiento]] \
        MensajePantalla Ñandú \
        MensajeTicket {Señal & cía <ñ>} \
        {*}$args]]
    return [json::write object codigo [texto [dict get $dada Resultado Codigo]] estado [texto [dict get $dada Estado]]]
}

proc pago {} {
    global token_red
    set aviso [llamar PagoMisCuentas AvisoPago [dict create \
        Cabecera [cabecera $token_red] IdCliente C1 Moneda ARS Importe 18540.75 IdTransaccion TX-1 IdFactura F-1]]
    set resultado [dict get $aviso Resultado]
    return [json::write object codigo [texto [dict get $resultado Codigo]] estado [texto [dict get $aviso Estado]] \
        duplicado [dict get $resultado Duplicado]]
}

proc avisos {} {
    global token_empresa
    set pedido [dict create Cabecera [cabecera $token_empresa] Maximo 100 SoloPendientes true]
    return [lista [dict get [llamar Empresa ObtenerAvisos $pedido] Avisos] Aviso]
}

proc confirmar {retirados} {
    global token_empresa
    set hechos {}
    foreach aviso $retirados {
        lappend hechos [dict create IdAviso [dict get $aviso IdAviso] Estado IMPUTADO NroComprobante R-1]
    }
    set pedido [dict create Cabecera [cabecera $token_empresa] Confirmaciones [dict create Confirmacion $hechos]]
    return [texto [dict get [llamar Empresa ConfirmarAvisos $pedido] Resultado Codigo]]
}

proc falla {id_cliente token} {
    catch {preguntar $id_cliente $token} mensaje
    return [texto $mensaje]
}

fconfigure stdout -encoding utf-8
set dicho [list alta [alta C1 F-1 2030-12-31 18540.75 NombreCliente {Ana Muñoz}]]
alta C2 F-1 2030-01-01 0.10
alta C2 F-2 2030-06-30 1300.00
lappend dicho sin_avisos [llength [avisos]] una [consulta C1] varias [consulta C2]
lappend dicho pago [pago]
lappend dicho repetido [pago] ninguna [consulta C1]
lappend dicho inexistente [texto [dict get [preguntar C9 $token_red] Resultado Codigo]]
set retirados [avisos]
set leidos {}
foreach aviso $retirados {
    lappend leidos [json::write object tipo [texto [dict get $aviso Tipo]] \
        id_factura [texto [dict get $aviso IdFactura]] importe [texto [dict get $aviso Importe]]]
}
lappend dicho avisos [json::write array {*}$leidos] confirmados [confirmar $retirados]
lappend dicho sin_pendientes [llength [avisos]]
lappend dicho contrato [falla [string repeat C 20] $token_red] credencial [falla C1 otro]
puts [json::write object {*}$dicho]
