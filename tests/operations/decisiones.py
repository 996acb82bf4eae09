"""The decision table of an aviso de pago (contract.md §7), played cell by cell through the real operations.

What each word of the four dimensions means is in fixtures/decisiones/README.md; these functions are that page as code.
`python tests/operations/decisiones.py --write` (with tests/ on PYTHONPATH) writes the golden files anew from what the
fake ledger answers: read the difference as an auditor would before committing it.
"""

import csv
import itertools
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import NamedTuple

from fakes.examples import a_factura, a_pago, a_reversa, clave, vencimientos
from fakes.ledger import FakeLedger

from pmc_soap.domain.factura import MotivoBaja
from pmc_soap.soap.codigos import CODIGOS

FOLDER = Path(__file__).parents[2] / "fixtures" / "decisiones"
AVISOS, REVERSAS = FOLDER / "aviso_pago.csv", FOLDER / "reversa_pago.csv"

DIA = date(2026, 3, 10)
PAGO_UTC = datetime(2026, 3, 11, 2, 30, tzinfo=UTC)  # 23:30 in Argentina: by UTC, or an hour later, it is the day after
VTO_1, VTO_2, VTO_3 = 1000_00, 1100_00, 1210_00
OTHER = 2  # centavos that a conflicting repeat adds: it never says what another aviso of the table says
OTRO_PAGO_UTC = PAGO_UTC - timedelta(hours=6)

SITUACIONES = (
    "desconocida",
    "pendiente",
    "pagada misma tx",
    "pagada otra tx",
    "baja",
    "reemplazada",
    "vencida al 1er vto",
    "vencida al ultimo",
    "reversada",
)
IMPORTES = ("exacto", "menor", "mayor", "cero", "otra moneda")
LLEGADAS = (
    "primera",
    "repeticion identica",
    "repeticion conflictiva",
    "repeticion concurrente",
    "despues de la reversa",
    "30 dias tarde",
)
RELOJES = {"normal": timedelta(), "+1 h": timedelta(hours=1), "-30 d": timedelta(days=-30)}

PAGOS_DE_REVERSA = ("sin pago", "aplicado", "en puente", "ya reversado", "otro importe", "fuera de termino")
FORMAS = ("con id original", "mismo IdTransaccion", "con FechaHoraOriginal y NroControl", "sin nada")
VECES = ("primera", "identica", "conflictiva")


class Cell(NamedTuple):
    """One cell of the table of avisos."""

    factura: str
    importe: str
    llegada: str
    reloj: str


class CellReversa(NamedTuple):
    """One cell of the table of reversas."""

    pago: str
    forma: str
    vez: str


CELLS = tuple(Cell(*each) for each in itertools.product(SITUACIONES, IMPORTES, LLEGADAS, RELOJES))
CELLS_REVERSA = tuple(CellReversa(*each) for each in itertools.product(PAGOS_DE_REVERSA, FORMAS, VECES))


def play(world, cells, *, threads=False):
    """Play cells of either table, each on a cliente of its own; give the golden row that each makes."""
    plays = {}
    for n, cell in enumerate(cells):
        world.clock.now_utc = PAGO_UTC
        plays[cell] = play = _Play(world, n)
        if isinstance(cell, Cell):
            play.prepare(cell.factura)
            play.look(play.arrive(cell, threads=threads))
        else:
            play.look(play.take_back(cell))
    owed = Counter(row["id_aviso"] for row in world.rows("entrega"))
    return {cell: cell._asdict() | play.seen | {"entregas": play.count(owed)} for cell, play in plays.items()}


class _Play:
    """One cliente with one factura, and the transaction of which the cell speaks."""

    def __init__(self, world, n):
        self.world = world
        self.clave = clave(f"F{n}", f"C{n}")
        self.id_transaccion = f"T{n}"
        self.seen = {}

    def prepare(self, situacion):
        """Bring the factura to where the aviso finds it."""
        if situacion == "desconocida":
            return
        amounts = (VTO_1, VTO_2, VTO_3)
        first = {"vencida al 1er vto": -10, "vencida al ultimo": -21}.get(situacion, 0)
        factura = a_factura(
            self.clave.id_factura,
            self.clave.id_cliente,
            vencimientos=vencimientos(*amounts, first=DIA + timedelta(days=first)),
        )
        self.world.facturas.register(factura)
        match situacion:
            case "pagada misma tx":
                self.world.send(self.pago())
            case "pagada otra tx":
                self.pay_by_another()
            case "reversada":
                self.pay_by_another()
                self.world.send(
                    self.reversa(
                        id_transaccion=f"R otra {self.id_transaccion}",
                        id_transaccion_original=f"otra {self.id_transaccion}",
                    )
                )
            case "baja":
                self.world.facturas.withdraw(self.clave, MotivoBaja.PAGADA_OTRO_CANAL)
            case "reemplazada":
                moved = replace(self.clave, id_cliente=f"{self.clave.id_cliente}-nuevo")
                self.world.facturas.register(replace(factura, clave=moved, referencia_anterior=self.clave.id_cliente))

    def pay_by_another(self):
        """Pay the factura, exactly, with another transaction and earlier that day."""
        self.world.send(self.pago(id_transaccion=f"otra {self.id_transaccion}", fecha_hora_pago_utc=OTRO_PAGO_UTC))

    def arrive(self, cell, *, threads):
        """Let the aviso arrive as the cell says; give the answer of its last arrival."""
        send, clock = self.world.send, self.world.clock
        pago = self.pago(**_money(cell))
        error = RELOJES[cell.reloj]
        match cell.llegada:
            case "repeticion identica" | "repeticion conflictiva":
                send(pago)
            case "despues de la reversa":
                importe = VTO_1 if cell.factura == "pagada misma tx" else pago.importe_centavos
                send(self.reversa(id_transaccion_original=self.id_transaccion, importe_centavos=importe))
        clock.now_utc = PAGO_UTC + error
        match cell.llegada:
            case "primera" | "despues de la reversa":
                return send(pago)
            case "30 dias tarde":
                clock.now_utc += timedelta(days=30)
                return send(replace(pago, fecha_hora_mensaje_utc=PAGO_UTC + timedelta(days=30)))
            case "repeticion identica":
                return send(_again(pago))
            case "repeticion conflictiva":
                return send(replace(_again(pago), importe_centavos=pago.importe_centavos + OTHER))
            case "repeticion concurrente":
                return self.send_at_once(pago, _again(pago)) if threads else [send(pago), send(_again(pago))][-1]

    def send_at_once(self, *avisos):
        """Send them from a thread each; all are answered alike, and the one that came first is not a duplicate."""
        together = Barrier(len(avisos))

        def send(aviso):
            together.wait(10)
            return self.world.send(aviso)

        with ThreadPoolExecutor(len(avisos)) as threads:
            acuses = sorted(threads.map(send, avisos), key=lambda acuse: acuse.ending.duplicado)
        assert len({(acuse.id_aviso, acuse.estado, acuse.ending.resultado) for acuse in acuses}) == 1
        return acuses[-1]

    def take_back(self, cell):
        """Let the reversa arrive as the cell says; give the answer of its last arrival."""
        self.prepare("pendiente")
        importe = VTO_1 + 1 if cell.pago == "en puente" else VTO_1
        if cell.pago != "sin pago":
            self.world.send(self.pago(importe_centavos=importe, nro_control="A1B2"))
        reversa = self.reversa(importe_centavos=importe, **self.naming(cell.forma))
        match cell.pago:
            case "ya reversado":
                self.world.send(
                    self.reversa(
                        id_transaccion=f"antes {self.id_transaccion}", id_transaccion_original=self.id_transaccion
                    )
                )
            case "otro importe":
                reversa = replace(reversa, importe_centavos=importe - 1)
            case "fuera de termino":
                reversa = replace(reversa, fecha_hora_mensaje_utc=PAGO_UTC + timedelta(hours=72, seconds=1))
        if cell.vez != "primera":
            self.world.send(reversa)
            reversa = _again(reversa)
        if cell.vez == "conflictiva":
            reversa = replace(reversa, importe_centavos=reversa.importe_centavos + OTHER)
        return self.world.send(reversa)

    def naming(self, forma):
        """Give what the reversa says of the pago it means; without an IdTransaccion, the IdMensaje identifies it."""
        match forma:
            case "con id original":
                return {"id_transaccion_original": self.id_transaccion}
            case "mismo IdTransaccion":
                return {"id_transaccion": self.id_transaccion}
            case "con FechaHoraOriginal y NroControl":
                return {"fecha_hora_original_utc": PAGO_UTC, "nro_control_original": "A1B2"}
            case "sin nada":
                return {"id_transaccion": None, "id_factura": None}

    def pago(self, **said):
        """Give the aviso of the cell: exact, and paid half an hour before midnight of the first due date."""
        pago = a_pago(
            self.id_transaccion,
            self.clave.id_factura,
            id_cliente=self.clave.id_cliente,
            id_mensaje=f"M {self.id_transaccion}",
            fecha_hora_mensaje_utc=PAGO_UTC,
            fecha_hora_pago_utc=PAGO_UTC,
            importe_centavos=VTO_1,
        )
        return replace(pago, **said)

    def reversa(self, **said):
        """Give a reversa of the whole pago with an id of its own."""
        reversa = a_reversa(
            f"R {self.id_transaccion}",
            id_cliente=self.clave.id_cliente,
            id_factura=self.clave.id_factura,
            id_mensaje=f"MR {self.id_transaccion}",
            fecha_hora_mensaje_utc=PAGO_UTC,
            importe_centavos=VTO_1,
        )
        return replace(reversa, **said)

    def look(self, acuse):
        """Note the answer, and how the factura and its money stand afterwards."""
        with self.world.ledger.read() as reading:
            factura = reading.factura(self.clave)
            money = Counter(pago.estado.value for _, pago in reading.pagos_of(self.clave))
        self.seen = {
            "codigo": CODIGOS[acuse.ending.resultado].codigo,
            "duplicado": "si" if acuse.ending.duplicado else "no",
            "estado": acuse.estado.value,
            "estado_factura": factura.estado.value if factura else "",
            "aplicados": str(money["APLICADO"]),
            "en_puente": str(money["EN_PUENTE"]),
            "reversados": str(money["REVERSADO"]),
        }

    def count(self, owed):
        """Count what the empresa is owed of this cliente."""
        mine = {acuse.id_aviso for aviso, acuse in self.world.acknowledged if self.clave.id_cliente == aviso.id_cliente}
        return str(sum(owed[id_aviso] for id_aviso in mine))


def _money(cell):
    exacto = VTO_2 if cell.factura == "vencida al 1er vto" else VTO_3 if cell.factura == "vencida al ultimo" else VTO_1
    match cell.importe:
        case "exacto":
            return {"importe_centavos": exacto}
        case "menor":
            return {"importe_centavos": VTO_1 if cell.factura == "vencida al 1er vto" else exacto - 1}
        case "mayor":
            return {"importe_centavos": exacto + 1}
        case "cero":
            return {"importe_centavos": 0}
        case "otra moneda":
            return {"importe_centavos": exacto, "moneda": "USD"}


def _again(aviso):
    return replace(
        aviso,
        id_mensaje=f"{aviso.id_mensaje} otra vez" if aviso.id_transaccion else aviso.id_mensaje,
        fecha_hora_mensaje_utc=aviso.fecha_hora_mensaje_utc + timedelta(minutes=1),
    )


def read(path):
    """Give the golden rows of a file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    from operations.world import World

    _write(AVISOS, list(play(World(FakeLedger()), CELLS).values()))
    _write(REVERSAS, list(play(World(FakeLedger()), CELLS_REVERSA).values()))
