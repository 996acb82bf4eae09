// La historia de tests/interop, contada por JAX-WS.
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
public final class Cliente {
    private static String codigo;
    private static String tokenRed;
    private static String tokenEmpresa;
    private static red.PagoMisCuentasPortType puertoRed;
    private static empresa.EmpresaPortType puertoEmpresa;

    private static XMLGregorianCalendar fecha(String texto) throws Exception {
        return DatatypeFactory.newInstance().newXMLGregorianCalendar(texto);
    }

    private static red.Cabecera cabeceraRed(String token) throws Exception {
        red.Cabecera cabecera = new red.Cabecera();
        cabecera.setCodigoEmpresa(codigo);
        cabecera.setIdMensaje(UUID.randomUUID().toString());
        cabecera.setFechaHora(fecha(java.time.OffsetDateTime.now().toString()));
        cabecera.setToken(token);
        return cabecera;
    }

    private static empresa.Cabecera cabeceraEmpresa() throws Exception {
        empresa.Cabecera cabecera = new empresa.Cabecera();
        cabecera.setCodigoEmpresa(codigo);
        cabecera.setIdMensaje(UUID.randomUUID().toString());
        cabecera.setFechaHora(fecha(java.time.OffsetDateTime.now().toString()));
        cabecera.setToken(tokenEmpresa);
        return cabecera;
    }

    private static empresa.RespuestaAltaFactura alta(
            String idCliente, String idFactura, String vence, String importe, String nombre) throws Exception {
        empresa.Vencimiento vencimiento = new empresa.Vencimiento();
        vencimiento.setNumero(1);
        vencimiento.setFecha(fecha(vence));
        vencimiento.setImporte(new BigDecimal(importe));
        empresa.Vencimientos vencimientos = new empresa.Vencimientos();
        vencimientos.getVencimiento().add(vencimiento);
        return puertoEmpresa.altaFactura(cabeceraEmpresa(), idCliente, idFactura, "ARS", vencimientos, "Ñandú",
                "Señal & cía <ñ>", null, nombre, null, null, null, null, null);
    }

    private static red.RespuestaConsultaDeuda consulta(String idCliente, String token) throws Exception {
        return puertoRed.consultaDeuda(cabeceraRed(token), idCliente, null, null, null);
    }

    private static String leida(red.RespuestaConsultaDeuda deuda) {
        String nombre = deuda.getNombreCliente() == null ? "" : deuda.getNombreCliente();
        String facturas = deuda.getFacturas().getFactura().stream().map(factura -> objeto(
                "id_factura", texto(factura.getIdFactura()),
                "importe", texto(factura.getImporteExigible().toPlainString()),
                "vence", texto(factura.getVencimientos().getVencimiento().get(0).getFecha().toString()),
                "pantalla", texto(factura.getMensajePantalla()),
                "ticket", texto(factura.getMensajeTicket()))).collect(Collectors.joining(","));
        return objeto("codigo", texto(deuda.getResultado().getCodigo()), "nombre", texto(nombre),
                "facturas", "[" + facturas + "]");
    }

    private static String pago() throws Exception {
        red.RespuestaAvisoPago aviso = puertoRed.avisoPago(cabeceraRed(tokenRed), "C1", "ARS",
                new BigDecimal("18540.75"), "TX-1", null, "F-1", null, null, null, null, null, null, null, null);
        return objeto("codigo", texto(aviso.getResultado().getCodigo()), "estado", texto(aviso.getEstado()),
                "duplicado", String.valueOf(aviso.getResultado().isDuplicado()));
    }

    private static List<empresa.Aviso> avisos() throws Exception {
        return puertoEmpresa.obtenerAvisos(cabeceraEmpresa(), null, 100, true).getAvisos().getAviso();
    }

    private static String confirmar(List<empresa.Aviso> retirados) throws Exception {
        empresa.Confirmaciones hechos = new empresa.Confirmaciones();
        for (empresa.Aviso aviso : retirados) {
            empresa.Confirmacion hecho = new empresa.Confirmacion();
            hecho.setIdAviso(aviso.getIdAviso());
            hecho.setEstado(empresa.EstadoImputacion.IMPUTADO);
            hecho.setNroComprobante("R-1");
            hechos.getConfirmacion().add(hecho);
        }
        return texto(puertoEmpresa.confirmarAvisos(cabeceraEmpresa(), hechos).getResultado().getCodigo());
    }

    private static String falla(String idCliente, String token) throws Exception {
        try {
            return texto(consulta(idCliente, token).getResultado().getCodigo());
        } catch (Exception falla) { // la del WSDL; su getFaultInfo() trae Codigo, Campo, IdPedido y QueHacer
            return texto(falla.getMessage());
        }
    }

    private static String texto(String valor) {
        return '"' + valor.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String objeto(String... pares) {
        StringBuilder escrito = new StringBuilder("{");
        for (int i = 0; i < pares.length; i += 2) {
            escrito.append(i == 0 ? "" : ",").append(texto(pares[i])).append(':').append(pares[i + 1]);
        }
        return escrito.append('}').toString();
    }

    public static void main(String[] dados) throws Exception {
        codigo = dados[1];
        tokenRed = dados[2];
        tokenEmpresa = dados[3];
        puertoRed = new red.PagoMisCuentas(new URL(dados[0] + "/soap/v1/pagomiscuentas?wsdl")).getPagoMisCuentasPort();
        puertoEmpresa = new empresa.Empresa(new URL(dados[0] + "/soap/v1/empresa?wsdl")).getEmpresaPort();
        empresa.RespuestaAltaFactura dada = alta("C1", "F-1", "2030-12-31", "18540.75", "Ana Muñoz");
        alta("C2", "F-1", "2030-01-01", "0.10", null);
        alta("C2", "F-2", "2030-06-30", "1300.00", null);
        int sinAvisos = avisos().size();
        String una = leida(consulta("C1", tokenRed));
        String varias = leida(consulta("C2", tokenRed));
        String pago = pago();
        String repetido = pago();
        String ninguna = leida(consulta("C1", tokenRed));
        List<empresa.Aviso> retirados = avisos();
        String leidos = retirados.stream().map(aviso -> objeto(
                "tipo", texto(aviso.getTipo()),
                "id_factura", texto(aviso.getIdFactura()),
                "importe", texto(aviso.getImporte().toPlainString()))).collect(Collectors.joining(","));
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(objeto(
                "alta", objeto("codigo", texto(dada.getResultado().getCodigo()), "estado", texto(dada.getEstado())),
                "sin_avisos", String.valueOf(sinAvisos), "una", una, "varias", varias, "pago", pago,
                "repetido", repetido, "ninguna", ninguna,
                "inexistente", texto(consulta("C9", tokenRed).getResultado().getCodigo()),
                "avisos", "[" + leidos + "]", "confirmados", confirmar(retirados),
                "sin_pendientes", String.valueOf(avisos().size()),
                "contrato", falla("C".repeat(20), tokenRed), "credencial", falla("C1", "otro")));
    }
}
