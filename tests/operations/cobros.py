"""COBs for stories: say only what a line is about; the file is written and read as PMC's are."""

import io
from dataclasses import replace
from datetime import date, timedelta

from fakes.examples import TODAY
from operations.world import HABILES

from pmc_soap.domain.aviso import PAGO_CON_FACTURA, PAGO_SIN_FACTURA
from pmc_soap.domain.cob import Suma
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.cob.escritura import nombre, write
from pmc_soap.operations.conciliacion import Conciliaciones
from pmc_soap.operations.corrida import Curso

MANANA = TODAY + timedelta(days=1)
PASADO = TODAY + timedelta(days=2)


def a_cobro(id_factura="F1", **said):
    """Give a line of what examples.a_pago pays, credited a day later."""
    told = {
        "id_cliente": "C1",
        "id_factura": id_factura,
        "primer_vencimiento": TODAY if id_factura else None,
        "fecha_aplicacion": TODAY,
        "fecha_acreditacion": MANANA,
        "importe_centavos": 150050,
        "codigo_movimiento": PAGO_CON_FACTURA if id_factura else PAGO_SIN_FACTURA,
        "canal": "PC",
    }
    return Cobro(**told | said)


def text_of(*cobros, fecha=MANANA, codigo_empresa="AGUA"):
    """Write the file."""
    return b"".join(write(codigo_empresa, fecha, (replace(cobro, fecha_acreditacion=fecha) for cobro in cobros)))


def a_cob(*cobros, fecha=MANANA, codigo_empresa="AGUA", data=None, name=None):
    """Give a file that can be read."""
    data = text_of(*cobros, fecha=fecha, codigo_empresa=codigo_empresa) if data is None else data
    return ArchivoCob(name or nombre(codigo_empresa, fecha), lambda: io.BytesIO(data), size_bytes=len(data))


class Caja:
    """The conciliación of a world."""

    def __init__(self, world, habiles=HABILES):
        self.world = world
        self.habiles = habiles

    @property
    def conciliaciones(self):
        world = self.world
        return Conciliaciones(
            world.ledger, world.ledger.conciliado, world.empresas, world.clock, world.ids, self.habiles
        )

    def run(self, *cobros, archivo=None, replace=False, dry_run=False, **said):
        """Run a file, and hold the sum of what became of its lines to its total, to the centavo."""
        archivo = archivo or a_cob(*cobros, **said)
        corrida = self.conciliaciones.run(archivo, replace=replace, dry_run=dry_run)
        if corrida.curso is not Curso.RECHAZADA:
            assert sum(suma.centavos for suma in corrida.cuadro.values()) == corrida.total_centavos
            assert sum(suma.cantidad for suma in corrida.cuadro.values()) == corrida.cantidad
        self.check()
        return corrida

    def sweep(self, codigo_empresa="AGUA"):
        return self.conciliaciones.sweep(self.world.empresas[codigo_empresa])

    def ends(self, fecha=MANANA, codigo="AGUA"):
        """Give what became of each line of the day's file, in its order."""
        cob = self.world.ledger.conciliado.cob(codigo, fecha)
        return [
            linea.desenlace.value for linea in self.world.ledger.conciliado.informadas(cob, list(Desenlace), 10_000)
        ]

    def alertas(self):
        """Give the motivos of all alerts, without the file that some name."""
        return [row["motivo"].partition(":")[0] for row in self.world.rows("alerta")]

    def sin_linea(self, desde=date(2026, 1, 1), hasta=date(2026, 12, 31)):
        found = self.world.ledger.conciliado.sin_linea("AGUA", desde, hasta, 1000)
        return [pago.id_aviso for pago in found]

    def check(self):
        self.world.check()


def una(centavos=150050, cantidad=1):
    return Suma(cantidad=cantidad, centavos=centavos)
