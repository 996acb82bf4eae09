"""The operations of the contract, declared in Spyne. Each has three steps: read, ask, write."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from spyne import ServiceBase, rpc

from pmc_soap import __version__
from pmc_soap.domain.resultado import Ending, Rejected
from pmc_soap.domain.valor import value
from pmc_soap.operations.aviso_pago import Avisos
from pmc_soap.operations.avisos import Retiros
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.operations.factura import Facturas
from pmc_soap.operations.ports import Clock
from pmc_soap.operations.reversa_pago import Reversas
from pmc_soap.operations.seguimiento import Seguimiento
from pmc_soap.soap import read, write
from pmc_soap.soap.messages import empresa as e
from pmc_soap.soap.messages import pagomiscuentas as p

T = TypeVar("T")


@value
class Operations:
    """What the services ask; handed to each Spyne application as its config.

    codigos: for each empresa, by any code that it is called by, the network's own words for some of our result codes.
    """

    consultas: Consultas
    avisos: Avisos
    reversas: Reversas
    facturas: Facturas
    retiros: Retiros
    seguimiento: Seguimiento
    clock: Clock
    codigos: Mapping[str, Mapping[str, str]]


def operation(pedido: type[Any], response: type[Any]) -> Any:
    """Declare one document/literal operation: its request message in, its response wrapper out."""
    return rpc(
        pedido,
        _returns=response,
        _body_style="bare",
        _in_message_name=pedido.__name__,
        _out_message_name=response.__name__,
    )


class PagoMisCuentas(ServiceBase):
    """Lo que PagoMisCuentas le pide a la empresa: consultar deuda, avisar pagos y reversarlos."""

    @operation(p.ConsultaDeuda, p.ConsultaDeudaResponse)
    def ConsultaDeuda(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805 — spyne's services have ctx for self
        """¿Qué puede pagar hoy este cliente?"""
        ops: Operations = ctx.app.config
        respuesta = ops.consultas.answer(read.read_consulta(pedido))
        resultado = _told(ops, pedido, respuesta.ending, respuesta.fecha_hora_utc)
        return p.ConsultaDeudaResponse(ConsultaDeudaResult=write.write_respuesta(resultado, respuesta))

    @operation(p.AvisoPago, p.AvisoPagoResponse)
    def AvisoPago(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Un pago ya hecho: se guarda y se acusa recibo."""
        ops: Operations = ctx.app.config
        acuse = ops.avisos.accept(read.read_aviso(pedido))
        return p.AvisoPagoResponse(AvisoPagoResult=write.write_acuse(_told(ops, pedido, acuse.ending), acuse))

    @operation(p.ReversaPago, p.ReversaPagoResponse)
    def ReversaPago(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Un pago que queda sin efecto: la factura se puede volver a pagar."""
        ops: Operations = ctx.app.config
        acuse = ops.reversas.accept(read.read_reversa(pedido))
        resultado = _told(ops, pedido, acuse.ending)
        return p.ReversaPagoResponse(ReversaPagoResult=write.write_acuse_reversa(resultado, acuse))

    @operation(p.Eco, p.EcoResponse)
    def Eco(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """¿Hay alguien ahí? No pide credencial."""
        return _echo(ctx, pedido)


class Empresa(ServiceBase):
    """Lo que la empresa le pide a este servicio: dar de alta facturas, cambiarlas y seguir sus pagos."""

    @operation(e.AltaFactura, e.AltaFacturaResponse)
    def AltaFactura(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Una factura nueva, que se puede pagar de inmediato."""
        ops: Operations = ctx.app.config
        ending, registro = _ask(lambda: ops.facturas.register(read.read_factura(pedido)))
        resultado = write.write_resultado(pedido, ending, ops.clock.now())
        return e.AltaFacturaResponse(AltaFacturaResult=write.write_alta(resultado, registro))

    @operation(e.ModificacionFactura, e.ModificacionFacturaResponse)
    def ModificacionFactura(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Cambios a una factura pendiente."""
        ops: Operations = ctx.app.config
        ending, registro = _ask(lambda: ops.facturas.change(read.read_clave(pedido), read.read_cambios(pedido)))
        resultado = write.write_resultado(pedido, ending, ops.clock.now())
        return e.ModificacionFacturaResponse(ModificacionFacturaResult=write.write_modificacion(resultado, registro))

    @operation(e.BajaFactura, e.BajaFacturaResponse)
    def BajaFactura(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Una factura que deja de poder pagarse."""
        ops: Operations = ctx.app.config
        ending, registro = _ask(lambda: ops.facturas.withdraw(read.read_clave(pedido), read.read_motivo(pedido)))
        resultado = write.write_resultado(pedido, ending, ops.clock.now())
        return e.BajaFacturaResponse(BajaFacturaResult=write.write_baja(resultado, registro))

    @operation(e.ConsultaFactura, e.ConsultaFacturaResponse)
    def ConsultaFactura(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """La factura, su estado y sus pagos."""
        ops: Operations = ctx.app.config
        now = ops.clock.now()
        ending, ficha = _ask(lambda: ops.facturas.show(read.read_clave(pedido)))
        resultado = write.write_resultado(pedido, ending, now)
        return e.ConsultaFacturaResponse(ConsultaFacturaResult=write.write_ficha(resultado, ficha, now))

    @operation(e.ConsultaPago, e.ConsultaPagoResponse)
    def ConsultaPago(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """¿Dónde está mi pago?"""
        ops: Operations = ctx.app.config
        ending, historia = _ask(lambda: ops.seguimiento.show(read.read_pregunta(pedido)))
        resultado = write.write_resultado(pedido, ending, ops.clock.now())
        return e.ConsultaPagoResponse(ConsultaPagoResult=write.write_historia(resultado, historia))

    @operation(e.ObtenerAvisos, e.ObtenerAvisosResponse)
    def ObtenerAvisos(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Los avisos que la empresa retira, en orden."""
        ops: Operations = ctx.app.config
        retiro = read.read_retiro(pedido)
        ending, entregados = _ask(lambda: ops.retiros.pending(retiro))
        resultado = write.write_resultado(pedido, ending, ops.clock.now())
        return e.ObtenerAvisosResponse(ObtenerAvisosResult=write.write_retiro(resultado, retiro.desde, entregados))

    @operation(e.ConfirmarAvisos, e.ConfirmarAvisosResponse)
    def ConfirmarAvisos(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """Qué hizo la empresa con los avisos que retiró."""
        ops: Operations = ctx.app.config
        said = read.read_confirmaciones(pedido)
        ending, endings = _ask(lambda: ops.retiros.confirm(pedido.Cabecera.CodigoEmpresa, said))
        resultado = write.write_resultado(pedido, ending, ops.clock.now())
        return e.ConfirmarAvisosResponse(ConfirmarAvisosResult=write.write_confirmaciones(resultado, said, endings))

    @operation(p.Eco, p.EcoResponse)
    def Eco(ctx: Any, pedido: Any) -> Any:  # noqa: N802, N805
        """¿Hay alguien ahí? No pide credencial."""
        return _echo(ctx, pedido)


def _ask(question: Callable[[], T]) -> tuple[Ending, T | None]:
    """Ask, and turn a refusal into its ending."""
    try:
        answer = question()
    except Rejected as rejected:
        return rejected.ending, None
    return getattr(answer, "ending", Ending()), answer


def _told(ops: Operations, pedido: Any, ending: Ending, at_utc: datetime | None = None) -> Any:
    """Tell the network how its request ended, in the codes that the empresa's manual asks for."""
    codigos = ops.codigos.get(pedido.Cabecera.CodigoEmpresa, {})
    return write.write_resultado(pedido, ending, at_utc or ops.clock.now(), codigos)


def _echo(ctx: Any, pedido: Any) -> Any:
    eco = p.RespuestaEco(Mensaje=read.read_mensaje(pedido), Version=__version__, FechaHora=ctx.app.config.clock.now())
    return p.EcoResponse(EcoResult=eco)
