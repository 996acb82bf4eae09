"""A gateway for tests: the real operations over any ledger, with a clock that is set by hand and ids that count."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime

from checker import Acknowledged, check
from fakes import bases
from fakes.examples import NOW, a_factura, a_pago, a_reversa

from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.calendario import Calendario
from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.empresa import Empresa
from pmc_soap.operations.aviso_pago import Avisos
from pmc_soap.operations.consulta_deuda import Consultas
from pmc_soap.operations.factura import Facturas
from pmc_soap.operations.reversa_pago import Reversas
from pmc_soap.operations.segunda_instancia import SegundaInstancia

HABILES = Calendario(lambda _: ())  # no feriados, unless a story has its own
AGUA = Empresa(codigo_empresa="AGUA", nombre="Aguas del Sur")


class FakeClock:
    """A clock that stands still until a story moves it."""

    def __init__(self, now_utc: datetime = NOW) -> None:
        self.now_utc = now_utc

    def now(self) -> datetime:
        return self.now_utc


class Empresas(dict):
    """The empresas by code; former holds those by a code that is accepted no more."""

    def __init__(self, **empresas: Empresa) -> None:
        super().__init__(empresas)
        self.former = {}

    def owner(self, codigo_empresa):
        return self.get(codigo_empresa) or self.former.get(codigo_empresa)


class CountedIds:
    """Ids that tell their order: A1, A2 …"""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self) -> str:
        return f"A{next(self._count)}"


@dataclass
class World:
    """The operations over one ledger; what was acknowledged is written down for the checker."""

    ledger: object
    url: str | None = None
    empresas: "Empresas" = field(default_factory=lambda: Empresas(AGUA=AGUA))
    clock: FakeClock = field(default_factory=FakeClock)
    ids: CountedIds = field(default_factory=CountedIds)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    instancias: dict[str, SegundaInstancia] = field(default_factory=dict)

    def __post_init__(self):
        self.consultas = Consultas(self.ledger, self.empresas, self.clock, self.ids, self.instancias)
        self.pagos = Avisos(self.ledger, self.empresas, self.clock, self.ids, HABILES)
        self.reversas = Reversas(self.ledger, self.empresas, self.clock, self.ids)
        self.facturas = Facturas(self.ledger, self.empresas, self.clock)
        self._mensajes = itertools.count(1)

    def configure(self, codigo_empresa="AGUA", **said):
        """Configure an empresa: what is not said is as in AGUA."""
        self.empresas[codigo_empresa] = replace(AGUA, codigo_empresa=codigo_empresa, **said)

    def connect(self, sistema, codigo_empresa="AGUA", **said):
        """Give an empresa a system of its own, to be asked as the second instance."""
        self.instancias[codigo_empresa] = SegundaInstancia(sistema, self.ledger, self.clock, **said)
        return sistema

    def send(self, aviso):
        """Let the network send a pago or a reversa, and note its acknowledgement."""
        accept = self.pagos.accept if isinstance(aviso, AvisoPago) else self.reversas.accept
        acuse = accept(aviso)
        self.acknowledged.append(Acknowledged(aviso, acuse))
        return acuse

    def pay(self, id_transaccion="T1", id_factura="F1", **said):
        """Send a pago; a new IdMensaje each time, unless one is said."""
        return self.send(a_pago(id_transaccion, id_factura, **self._envelope(said)))

    def reverse(self, id_transaccion="R1", **said):
        """Send a reversa; a new IdMensaje each time, unless one is said."""
        return self.send(a_reversa(id_transaccion, **self._envelope(said)))

    def register(self, id_factura="F1", id_cliente="C1", codigo_empresa="AGUA", **said):
        """Register a factura online."""
        return self.facturas.register(a_factura(id_factura, id_cliente, codigo_empresa, **said))

    def ask(self, maximo_facturas=20, codigo_empresa="AGUA", **busqueda):
        """Send a consulta."""
        asked = Busqueda(codigo_empresa=codigo_empresa, **busqueda)
        return self.consultas.answer(Consulta(busqueda=asked, id_mensaje="Q1", maximo_facturas=maximo_facturas))

    def factura(self, clave):
        """Give a factura as the ledger has it."""
        with self.ledger.read() as reading:
            return reading.factura(clave)

    def estado(self, clave):
        """Give the stored state of a factura, or None."""
        factura = self.factura(clave)
        return factura and factura.estado

    def money(self, clave):
        """Give the states of all pagos of a factura, oldest first."""
        with self.ledger.read() as reading:
            return [pago.estado.value for _, pago in reading.pagos_of(clave)]

    def money_of_cliente(self, id_cliente="C1", codigo_empresa="AGUA"):
        """Give the states of all pagos of a cliente, oldest first."""
        with self.ledger.read() as reading:
            return [pago.estado.value for _, pago in reading.pagos(codigo_empresa, id_cliente, 1000)][::-1]

    def rows(self, table):
        """Give the rows of a table; the fake has not all tables nor all columns."""
        return self.ledger.rows(table)

    def check(self):
        """Fail unless all invariants hold, where there is a database to look into."""
        if self.url is not None:
            destinos = {codigo: empresa.destinos for codigo, empresa in self.empresas.items()}
            with bases.connected(self.url) as connection:
                assert check(connection, self.acknowledged, destinos) == []

    def close(self):
        """Let all calls to the empresas' systems end, and close the ledger."""
        for instancia in self.instancias.values():
            instancia.close()
        self.ledger.close()

    def _envelope(self, said):
        return {"id_mensaje": f"M{next(self._mensajes)}", "fecha_hora_mensaje_utc": self.clock.now(), **said}
