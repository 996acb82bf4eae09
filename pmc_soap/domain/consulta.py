"""A consulta: what PMC asks, what it was shown, and the quote that it leaves behind."""

from datetime import datetime

from pmc_soap.domain.factura import Exigible, Factura, Origen
from pmc_soap.domain.resultado import Ending, Resultado
from pmc_soap.domain.valor import value

FACTURAS_MAX = 50
FACTURAS_DEFAULT = 20


@value
class Busqueda:
    """What the payer typed or scanned; at least one of the three ids."""

    codigo_empresa: str
    id_cliente: str | None = None
    id_factura: str | None = None
    codigo_barras: str | None = None


@value
class Consulta:
    """One question of PMC."""

    busqueda: Busqueda
    id_mensaje: str
    maximo_facturas: int = FACTURAS_DEFAULT


@value
class Oferta:
    """A factura as shown to the payer: what is due today, and whether older ones come first."""

    factura: Factura
    exigible: Exigible
    debe_pagar_anteriores: bool = False


@value
class Respuesta:
    """The answer to a consulta, as shown and as recorded."""

    ending: Ending
    id_consulta: str
    fecha_hora_utc: datetime
    ofertas: tuple[Oferta, ...] = ()
    hay_mas: bool = False
    origen: Origen | None = None
    nombre_cliente: str | None = None


@value
class Deuda:
    """What the empresa's own system says that is owed: facturas, or the resultado that says why there are none."""

    facturas: tuple[Factura, ...] = ()
    resultado: Resultado = Resultado.EXITOSA
    hay_mas: bool = False


class SinRespuesta(Exception):
    """The empresa's own system gave no answer that can be used. motivo is Spanish, with no value and no secret."""

    def __init__(self, motivo: str, resultado: Resultado = Resultado.EMPRESA_NO_DISPONIBLE) -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.resultado = resultado
