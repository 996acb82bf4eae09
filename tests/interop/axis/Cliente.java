// La historia de tests/interop, contada por Axis 1.4.
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URL;
import java.text.SimpleDateFormat;
import java.util.Calendar;
import java.util.UUID;

import org.apache.axis.AxisFault;

public final class Cliente {
    private static final SimpleDateFormat DIA = new SimpleDateFormat("yyyy-MM-dd");
    private static String codigo;
    private static String tokenRed;
    private static String tokenEmpresa;
    private static red.PagoMisCuentasPortType puertoRed;
    private static empresa.EmpresaPortType puertoEmpresa;

    private static red.Cabecera cabeceraRed(String token) {
        red.Cabecera cabecera = new red.Cabecera();
        cabecera.setCodigoEmpresa(codigo);
        cabecera.setIdMensaje(UUID.randomUUID().toString());
        cabecera.setFechaHora(Calendar.getInstance());
        cabecera.setToken(token);
        return cabecera;
    }

    private static empresa.Cabecera cabeceraEmpresa() {
        empresa.Cabecera cabecera = new empresa.Cabecera();
        cabecera.setCodigoEmpresa(codigo);
        cabecera.setIdMensaje(UUID.randomUUID().toString());
        cabecera.setFechaHora(Calendar.getInstance());
        cabecera.setToken(tokenEmpresa);
        return cabecera;
    }

    private static empresa.RespuestaAltaFactura alta(
            String idCliente, String idFactura, String vence, String importe, String nombre) throws Exception {
        empresa.Vencimiento vencimiento = new empresa.Vencimiento();
        vencimiento.setNumero(1);
        vencimiento.setFecha(DIA.parse(vence));
        vencimiento.setImporte(new BigDecimal(importe));
        empresa.AltaFactura pedido = new empresa.AltaFactura();
        pedido.setCabecera(cabeceraEmpresa());
        pedido.setIdCliente(idCliente);
        pedido.setIdFactura(idFactura);
        pedido.setMoneda("ARS");
        pedido.setVencimientos(new empresa.Vencimiento[] {vencimiento});
        pedido.setMensajePantalla("Ñandú");
        pedido.setMensajeTicket("Señal & cía <ñ>");
        pedido.setNombreCliente(nombre);
        return puertoEmpresa.altaFactura(pedido).getAltaFacturaResult();
    }

    private static red.RespuestaConsultaDeuda consulta(String idCliente, String token) throws Exception {
        red.ConsultaDeuda pedido = new red.ConsultaDeuda();
        pedido.setCabecera(cabeceraRed(token));
        pedido.setIdCliente(idCliente);
        return puertoRed.consultaDeuda(pedido).getConsultaDeudaResult();
    }

    private static String leida(red.RespuestaConsultaDeuda deuda) {
        String nombre = deuda.getNombreCliente() == null ? "" : deuda.getNombreCliente();
        StringBuilder facturas = new StringBuilder();
        for (red.Factura factura : deuda.getFacturas()) {
            facturas.append(facturas.length() == 0 ? "" : ",").append(objeto(
                    "id_factura", texto(factura.getIdFactura()),
                    "importe", texto(factura.getImporteExigible().toPlainString()),
                    "vence", texto(DIA.format(factura.getVencimientos()[0].getFecha())),
                    "pantalla", texto(factura.getMensajePantalla()),
                    "ticket", texto(factura.getMensajeTicket())));
        }
        return objeto("codigo", texto(deuda.getResultado().getCodigo()), "nombre", texto(nombre),
                "facturas", "[" + facturas + "]");
    }

    private static String pago() throws Exception {
        red.AvisoPago pedido = new red.AvisoPago();
        pedido.setCabecera(cabeceraRed(tokenRed));
        pedido.setIdCliente("C1");
        pedido.setMoneda("ARS");
        pedido.setImporte(new BigDecimal("18540.75"));
        pedido.setIdTransaccion("TX-1");
        pedido.setIdFactura("F-1");
        red.RespuestaAvisoPago aviso = puertoRed.avisoPago(pedido).getAvisoPagoResult();
        return objeto("codigo", texto(aviso.getResultado().getCodigo()), "estado", texto(aviso.getEstado()),
                "duplicado", String.valueOf(aviso.getResultado().isDuplicado()));
    }

    private static empresa.Aviso[] avisos() throws Exception {
        empresa.ObtenerAvisos pedido = new empresa.ObtenerAvisos();
        pedido.setCabecera(cabeceraEmpresa());
        pedido.setMaximo(100);
        pedido.setSoloPendientes(true);
        return puertoEmpresa.obtenerAvisos(pedido).getObtenerAvisosResult().getAvisos();
    }

    private static String confirmar(empresa.Aviso[] retirados) throws Exception {
        empresa.Confirmacion[] hechos = new empresa.Confirmacion[retirados.length];
        for (int i = 0; i < retirados.length; i++) {
            hechos[i] = new empresa.Confirmacion();
            hechos[i].setIdAviso(retirados[i].getIdAviso());
            hechos[i].setEstado(empresa.EstadoImputacion.IMPUTADO);
            hechos[i].setNroComprobante("R-1");
        }
        empresa.ConfirmarAvisos pedido = new empresa.ConfirmarAvisos();
        pedido.setCabecera(cabeceraEmpresa());
        pedido.setConfirmaciones(hechos);
        return texto(puertoEmpresa.confirmarAvisos(pedido).getConfirmarAvisosResult().getResultado().getCodigo());
    }

    private static String falla(String idCliente, String token) throws Exception {
        try {
            return texto(consulta(idCliente, token).getResultado().getCodigo());
        } catch (AxisFault falla) {
            return texto(falla.getFaultString());
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

    private static String leidos(empresa.Aviso[] retirados) {
        StringBuilder leidos = new StringBuilder();
        for (empresa.Aviso aviso : retirados) {
            leidos.append(leidos.length() == 0 ? "" : ",").append(objeto(
                    "tipo", texto(aviso.getTipo()), "id_factura", texto(aviso.getIdFactura()),
                    "importe", texto(aviso.getImporte().toPlainString())));
        }
        return "[" + leidos + "]";
    }

    public static void main(String[] dados) throws Exception {
        codigo = dados[1];
        tokenRed = dados[2];
        tokenEmpresa = dados[3];
        puertoRed = new red.PagoMisCuentasLocator().getPagoMisCuentasPort(
                new URL(dados[0] + "/soap/v1/pagomiscuentas"));
        puertoEmpresa = new empresa.EmpresaLocator().getEmpresaPort(new URL(dados[0] + "/soap/v1/empresa"));
        empresa.RespuestaAltaFactura dada = alta("C1", "F-1", "2030-12-31", "18540.75", "Ana Muñoz");
        alta("C2", "F-1", "2030-01-01", "0.10", null);
        alta("C2", "F-2", "2030-06-30", "1300.00", null);
        int sinAvisos = avisos().length;
        String una = leida(consulta("C1", tokenRed));
        String varias = leida(consulta("C2", tokenRed));
        String pago = pago();
        String repetido = pago();
        String ninguna = leida(consulta("C1", tokenRed));
        empresa.Aviso[] retirados = avisos();
        PrintWriter salida = new PrintWriter(new OutputStreamWriter(System.out, "UTF-8"), true);
        salida.println(objeto(
                "alta", objeto("codigo", texto(dada.getResultado().getCodigo()), "estado", texto(dada.getEstado())),
                "sin_avisos", String.valueOf(sinAvisos), "una", una, "varias", varias, "pago", pago,
                "repetido", repetido, "ninguna", ninguna,
                "inexistente", texto(consulta("C9", tokenRed).getResultado().getCodigo()),
                "avisos", leidos(retirados), "confirmados", confirmar(retirados),
                "sin_pendientes", String.valueOf(avisos().length),
                "contrato", falla("CCCCCCCCCCCCCCCCCCCC", tokenRed), "credencial", falla("C1", "otro")));
    }
}
