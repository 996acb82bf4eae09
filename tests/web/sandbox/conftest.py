"""The demonstration in this process: a gateway over real HTTP, its ERP beside it, and a person without JavaScript.

It is opened once; each test has a cliente of its own, and avisos are brought when a test says so.
"""

import shutil
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count

import gateway as g
import pytest
import requests
from persona import Persona

from pmc_soap import config, wiring, wsgi
from pmc_soap.demo import erp, world
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.operations.entrega import Repartidor
from pmc_soap.operations.ports import close
from pmc_soap.wiring.conectores import build_rutas

_clientes = count(7_000_001)


class Mesa:
    """What a test plays at: the person, the house behind the pages, the ERP's switch, and a cliente who owes."""

    def __init__(self, house, app, perilla, url_erp):
        self.house, self.app, self.perilla, self.url_erp = house, app, perilla, url_erp
        self.persona = Persona(app)
        self.cliente = str(next(_clientes))
        self.factura = f"F-{self.cliente}-1"
        house.facturas.register(_owed(house, self.cliente, self.factura))

    def deliver(self):
        """Bring what is due, by a deliverer that has just begun: it knows of nobody that he does not answer."""
        rutas = build_rutas(self.house.settings)
        try:
            return Repartidor(self.house.ledger.bandeja, rutas).deliver_due()
        finally:
            for ruta in rutas:
                close(ruta.destino)

    def await_erp(self, *, on):
        """Wait until the ERP is there, or gone: a process looks at its switch now and then."""
        pause = threading.Event()
        while self.answers() is not on:
            pause.wait(0.02)

    def answers(self):
        with suppress(requests.ConnectionError):
            return requests.get(f"{self.url_erp}?wsdl", timeout=5).ok
        return False

    def book(self):
        """Give what the ERP imputed of this cliente: kind, factura, centavos."""
        mine = [each for each in reversed(self.perilla.last(1_000)) if each.id_cliente == self.cliente]
        return [(each.tipo, each.id_factura, each.importe_centavos) for each in mine]

    @property
    def lamps(self):
        """Give the lamps of the page: title and tone."""
        found = self.persona.doc.iterfind(".//ol[@class='lamparas']/li")
        return {lamp.find(".//strong").text: lamp.get("class") for lamp in found}

    @property
    def chips(self):
        return [" ".join(chip.text_content().split()) for chip in self.persona.doc.find_class("chip")]

    def search(self, id_cliente=None):
        self.persona.get("/sandbox/")
        return self.persona.submit("Buscar", id_cliente=id_cliente or self.cliente)

    def pay(self):
        self.search()
        self.persona.submit("Pagar")

    def refresh(self):
        """Follow the link that stands where there is no JavaScript."""
        [link] = [a for a in self.persona.doc.iter("a") if a.text == "Actualizar"]
        self.persona.get(link.get("href"))


def _owed(house, cliente, id_factura):
    due = local_day(house.clock.now()) + timedelta(days=10)
    return Factura(
        clave=ClaveFactura(codigo_empresa=world.EMPRESA, id_cliente=cliente, id_factura=id_factura),
        vencimientos=(Vencimiento(fecha=due, importe_centavos=18_540_75),),
        mensaje_pantalla="CUOTA DEL MES",
        mensaje_ticket="CUOTA DEL MES",
    )


@contextmanager
def company(folder):
    """Run the ERP; gives its address."""
    with g.serving(lambda *_: []) as (_, port):
        pass  # a port that was free a moment ago
    stop = threading.Event()
    thread = threading.Thread(target=erp.serve, args=(folder, port, stop))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}{erp.PATH}"
    finally:
        stop.set()
        thread.join()


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    settings = config.check({**world.SETTINGS, "db": f"sqlite:///{folder / 'demo.db'}"})
    world.prepare(settings, folder)
    return folder / "demo.db"


@contextmanager
def opened(template, folder, url_erp, **said):
    """Open a gateway on a copy of the demonstration's world, served over HTTP, its settings changed so."""
    database = shutil.copy(template, folder / "demo.db")
    with g.serving_later() as (url, doors):
        soap = {"tipo": "soap", "url": url_erp, "token": erp.TOKEN}
        destinos = {"erp": soap | {"esperas_segundos": [0]}}
        empresa = world.SETTINGS["empresas"][world.EMPRESA] | {"sistema": soap, "destinos": destinos}
        settings = world.SETTINGS | {"db": f"sqlite:///{database}", "empresas": {world.EMPRESA: empresa}}
        checked = config.check({**settings, "public_url": url, **said})
        with wiring.build(checked) as house:
            perilla = erp.Perilla(folder)
            doors.append(wsgi.doors(house, erp=perilla))
            yield house, doors[0], perilla, url_erp


@pytest.fixture(scope="session")
def demo(demo_world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    with company(folder) as url, opened(demo_world, folder, url) as parts:
        yield parts


@pytest.fixture
def mesa(demo):
    mesa = Mesa(*demo)
    mesa.perilla.switch("on")
    mesa.await_erp(on=True)
    return mesa
