// La historia de tests/interop, contada por los proxies del wsdl.exe clásico de .NET, en Mono.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;

static class Cliente
{
    static string codigo, tokenRed, tokenEmpresa;
    static Red.PagoMisCuentas red;
    static Empresa.Empresa empresa;

    static Red.Cabecera CabeceraRed(string token)
    {
        return new Red.Cabecera {
            CodigoEmpresa = codigo, IdMensaje = Guid.NewGuid().ToString(), FechaHora = DateTime.Now, Token = token,
        };
    }

    static Empresa.Cabecera CabeceraEmpresa()
    {
        return new Empresa.Cabecera {
            CodigoEmpresa = codigo, IdMensaje = Guid.NewGuid().ToString(), FechaHora = DateTime.Now,
            Token = tokenEmpresa,
        };
    }

    static Empresa.RespuestaAltaFactura Alta(
        string idCliente, string idFactura, DateTime vence, decimal importe, string nombre)
    {
        var vencimientos = new[] { new Empresa.Vencimiento { Numero = 1, Fecha = vence, Importe = importe } };
        // cada número, fecha u opción optativa lleva otro argumento: si se envía
        return empresa.AltaFactura(
            CabeceraEmpresa(), idCliente, idFactura, "ARS", vencimientos, "Ñandú", "Señal & cía <ñ>",
            null, nombre, null, default(Empresa.TipoImporte), false, 0m, false, 0m, false, null);
    }

    static Dictionary<string, object> Consulta(string idCliente, string token)
    {
        var deuda = red.ConsultaDeuda(CabeceraRed(token), idCliente, null, null, 0, false);
        return new Dictionary<string, object> {
            { "codigo", deuda.Resultado.Codigo },
            { "nombre", deuda.NombreCliente ?? "" },
            { "facturas", deuda.Facturas.Select(factura => new Dictionary<string, object> {
                { "id_factura", factura.IdFactura },
                { "importe", Pesos(factura.ImporteExigible) },
                { "vence", factura.Vencimientos[0].Fecha.ToString("yyyy-MM-dd") },
                { "pantalla", factura.MensajePantalla },
                { "ticket", factura.MensajeTicket },
            }).ToList() },
        };
    }

    static string Pesos(decimal importe)
    {
        return importe.ToString("0.00", CultureInfo.InvariantCulture);
    }

    static Dictionary<string, object> Pago()
    {
        var aviso = red.AvisoPago(
            CabeceraRed(tokenRed), "C1", "ARS", 18540.75m, "TX-1", null, "F-1",
            0, false, default(DateTime), false, default(DateTime), false, default(DateTime), false,
            null, null, null, null);
        return new Dictionary<string, object> {
            { "codigo", aviso.Resultado.Codigo },
            { "estado", aviso.Estado },
            { "duplicado", aviso.Resultado.Duplicado },
        };
    }

    static Empresa.Aviso[] Avisos()
    {
        return empresa.ObtenerAvisos(CabeceraEmpresa(), 0, false, 100, true, true, true).Avisos;
    }

    static string Confirmar(Empresa.Aviso[] retirados)
    {
        var hechos = retirados.Select(aviso => new Empresa.Confirmacion {
            IdAviso = aviso.IdAviso, Estado = Empresa.EstadoImputacion.IMPUTADO, NroComprobante = "R-1",
        }).ToArray();
        return empresa.ConfirmarAvisos(CabeceraEmpresa(), hechos).Resultado.Codigo;
    }

    static string Falla(string idCliente, string token)
    {
        try {
            return (string)Consulta(idCliente, token)["codigo"];
        } catch (SoapException falla) {
            return falla.Message;
        }
    }

    static void Main(string[] dados)
    {
        codigo = dados[1];
        tokenRed = dados[2];
        tokenEmpresa = dados[3];
        red = new Red.PagoMisCuentas { Url = dados[0] + "/soap/v1/pagomiscuentas", Timeout = 10000 };
        empresa = new Empresa.Empresa { Url = dados[0] + "/soap/v1/empresa", Timeout = 10000 };
        var dicho = new Dictionary<string, object>();
        var dada = Alta("C1", "F-1", new DateTime(2030, 12, 31), 18540.75m, "Ana Muñoz");
        dicho["alta"] = new Dictionary<string, object> {
            { "codigo", dada.Resultado.Codigo }, { "estado", dada.Estado },
        };
        Alta("C2", "F-1", new DateTime(2030, 1, 1), 0.10m, null);
        Alta("C2", "F-2", new DateTime(2030, 6, 30), 1300m, null);
        dicho["sin_avisos"] = Avisos().Length;
        dicho["una"] = Consulta("C1", tokenRed);
        dicho["varias"] = Consulta("C2", tokenRed);
        dicho["pago"] = Pago();
        dicho["repetido"] = Pago();
        dicho["ninguna"] = Consulta("C1", tokenRed);
        dicho["inexistente"] = Consulta("C9", tokenRed)["codigo"];
        var retirados = Avisos();
        dicho["avisos"] = retirados.Select(aviso => new Dictionary<string, object> {
            { "tipo", aviso.Tipo }, { "id_factura", aviso.IdFactura }, { "importe", Pesos(aviso.Importe) },
        }).ToList();
        dicho["confirmados"] = Confirmar(retirados);
        dicho["sin_pendientes"] = Avisos().Length;
        dicho["contrato"] = Falla(new string('C', 20), tokenRed);
        dicho["credencial"] = Falla("C1", "otro");
        Console.WriteLine(new JavaScriptSerializer().Serialize(dicho));
    }
}
