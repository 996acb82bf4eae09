"""An empresa that collects through PMC: which services it bought and by which rules its money is judged."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum

from pmc_soap.domain.valor import value

PULL = "pull"  # the destino that the empresa comes for itself, with ObtenerAvisos


class Servicio(StrEnum):
    """PMC's three value-added services; each can be switched on alone."""

    CONSULTA = "CONSULTA"
    AVISO = "AVISO"
    ALTA = "ALTA"


class PoliticaConsulta(StrEnum):
    """Where a consulta is answered from: the base that the empresa reported, its own system, or both."""

    SOLO_BASE = "SOLO_BASE"
    BASE_LUEGO_EMPRESA = "BASE_LUEGO_EMPRESA"
    EMPRESA_LUEGO_BASE = "EMPRESA_LUEGO_BASE"
    AMBAS = "AMBAS"


class PoliticaImporte(StrEnum):
    """Which importe settles a factura CERRADO: the exact one, one that is no less, or any."""

    EXACTO = "EXACTO"
    ADMITE_MAYOR = "ADMITE_MAYOR"
    ADMITE_CUALQUIERA = "ADMITE_CUALQUIERA"


@value
class CodigoAdmitido:
    """A code that the empresa is called by, and the last day on which it is accepted (None: no end is set)."""

    codigo: str
    hasta: date | None = None


@value
class Empresa:
    """One empresa as configured.

    codigo_empresa: the code its data is kept under, which never changes; codigos: those it is called by, the current
    one first (none: codigo_empresa alone). con_base: it reports its facturas (PMC's "con base"); without, an aviso of a
    factura that was never reported is taken at its word. gracia_dias: how long after its last due date a factura can
    still be paid, at its last importe. destinos: where its avisos are to be delivered. retiro_maximo_porciento: the
    share of its facturas that a file may retire by not naming them, without anybody being asked.
    """

    codigo_empresa: str
    nombre: str
    servicios: frozenset[Servicio] = frozenset(Servicio)
    activa: bool = True
    codigos: tuple[CodigoAdmitido, ...] = ()
    con_base: bool = True
    pagar_en_orden: bool = False
    politica_consulta: PoliticaConsulta = PoliticaConsulta.BASE_LUEGO_EMPRESA
    politica_importe: PoliticaImporte = PoliticaImporte.EXACTO
    gracia_dias: int = 0
    plazo_consulta: timedelta = timedelta(seconds=4)
    memoria_consulta: timedelta = timedelta(minutes=15)
    ventana_duplicado: timedelta = timedelta(minutes=10)
    plazo_reversa: timedelta = timedelta(hours=72)
    destinos: tuple[str, ...] = (PULL,)
    retiro_maximo_porciento: int = 50

    @property
    def codigo_vigente(self) -> str:
        """Give the code by which it is called now."""
        return self.codigos[0].codigo if self.codigos else self.codigo_empresa

    @property
    def codigos_admitidos(self) -> tuple[CodigoAdmitido, ...]:
        """Give every code that it is or was called by."""
        return self.codigos or (CodigoAdmitido(codigo=self.codigo_empresa),)


class Padron:
    """The empresas of an installation, by any code that is accepted today."""

    def __init__(self, empresas: Iterable[Empresa], today: Callable[[], date]) -> None:
        self._by_codigo = {
            said.codigo: (empresa, said.hasta) for empresa in empresas for said in empresa.codigos_admitidos
        }
        self._today = today

    def get(self, codigo_empresa: str) -> Empresa | None:
        """Give the empresa that is called so today, or None."""
        empresa, hasta = self._by_codigo.get(codigo_empresa, (None, None))
        return None if hasta is not None and self._today() > hasta else empresa

    def owner(self, codigo_empresa: str) -> Empresa | None:
        """Give the empresa that is or was called so: whose money it is does not end with a code."""
        return self._by_codigo.get(codigo_empresa, (None, None))[0]
