"""A month: which factura has which story, what happens on each day, and what all must come to in the end."""

import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from mundos.anomalias import TIPOS, impaga, normal
from mundos.archivos import Correo, write
from mundos.hilo import Dias, Hilo
from mundos.historia import Envio, Historia, Linea, Movimiento
from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.calendario import Calendario, local_day
from pmc_soap.domain.cob import Suma
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.factura import Factura
from pmc_soap.files.fac import escritura as fac

EMPRESA = "1234"


class Mundo:
    """A made-up month of one empresa. por_tipo: how many facturas each kind of anomaly has; pagadas: the share paid."""

    def __init__(
        self,
        seed: int,
        facturas: int,
        calendario: Calendario,
        *,
        mes: date = date(2026, 3, 1),
        por_tipo: int = 1,
        pagadas: float = 0.6,
        codigo_empresa: str = EMPRESA,
    ) -> None:
        self.seed, self.cantidad, self.codigo_empresa = seed, facturas, codigo_empresa
        self.dias = Dias(mes, calendario)
        self._pagadas = pagadas
        self.tipos = self._plant(por_tipo)
        self._of_movimientos: defaultdict[date, array[int]] = defaultdict(lambda: array("I"))
        self._of_lineas: defaultdict[date, array[int]] = defaultdict(lambda: array("I"))
        self.resumen = Resumen()
        for historia in self.historias():
            for day in {local_day(each.at_utc) for each in historia.movimientos}:
                self._of_movimientos[day].append(historia.n)
            for day in {each.archivo for each in historia.lineas}:
                self._of_lineas[day].append(historia.n)
            self.resumen.add(historia)
        self.correo = Correo(codigo_empresa, self._fechas(), self.lineas, seed)
        self.envios = list(self.correo.envios())
        for envio in self.envios:
            self.resumen.alertas.update(envio.alertas)

    def _plant(self, por_tipo: int) -> dict[int, str]:
        """Choose the facturas of each kind: clientes with no other factura."""
        free = [n for n in range(self.cantidad) if n % 4 in {0, 1}]
        wanted = [name for name in TIPOS for _ in range(por_tipo)]
        if len(wanted) > len(free):
            raise ValueError(f"{len(wanted)} anomalías no entran en {self.cantidad} facturas")
        chosen = random.Random(f"anomalías {self.seed}").sample(free, len(wanted))  # noqa: S311 — likewise
        return dict(zip(chosen, wanted, strict=True))

    def historia(self, n: int) -> Historia:
        """Tell the story of the nth factura, the same each time."""
        tipo = self.tipos.get(n)
        hilo = Hilo(self.seed, n, self.codigo_empresa, self.dias, singular=tipo is not None)
        if tipo is not None:
            return TIPOS[tipo](hilo)
        return normal(hilo) if hilo.chance.random() < self._pagadas else impaga(hilo)

    def historias(self) -> Iterator[Historia]:
        """Tell all, one by one."""
        return map(self.historia, range(self.cantidad))

    def facturas(self) -> Iterator[Factura]:
        """Give what the empresa reports before the month begins."""
        return (historia.factura for historia in self.historias())

    def fac(self) -> Iterator[bytes]:
        """Write the file by which it does, line by line."""
        return fac.write(self.codigo_empresa, self.fecha_fac, self.facturas())

    @property
    def fecha_fac(self) -> date:
        """Give the last business day before the month."""
        day = self.dias.primero - timedelta(days=1)
        while not self.dias.calendario.is_habil(day):
            day -= timedelta(days=1)
        return day

    def movimientos(self, day: date) -> Sequence[Movimiento]:
        """Give what reaches the gateway that day, in its order."""
        found = (
            each
            for n in self._of_movimientos.get(day, ())
            for each in self.historia(n).movimientos
            if local_day(each.at_utc) == day
        )
        return sorted(found, key=lambda each: each.at_utc)

    def lineas(self, fecha: date) -> Iterator[Linea]:
        """Give the lines of the COB of that day, in no order."""
        for n in self._of_lineas.get(fecha, ()):
            yield from (linea for linea in self.historia(n).lineas if linea.archivo == fecha)

    def cob(self, fecha: date) -> bytes:
        """Write the COB of that day, as it is to be."""
        return write(self.codigo_empresa, fecha, self.lineas(fecha), self.seed)

    def hechos(self) -> Iterator[Movimiento | Envio]:
        """Give all that happens, in its order."""
        days = sorted({*self._of_movimientos, *(local_day(envio.at_utc) for envio in self.envios)})
        by_day: defaultdict[date, list[Envio]] = defaultdict(list)
        for envio in self.envios:
            by_day[local_day(envio.at_utc)].append(envio)
        for day in days:
            both: Iterable[Movimiento | Envio] = [*self.movimientos(day), *by_day[day]]
            yield from sorted(both, key=lambda each: each.at_utc)

    def _fechas(self) -> Sequence[date]:
        """Give the days of all COBs: each business day has one, with lines or without."""
        day, fechas = self.dias.archivo(self.dias.primero), []
        while day <= max(self._of_lineas):
            fechas.append(day)
            day = self.dias.archivo(day)
        return fechas


class Resumen:
    """What all stories must come to, to the centavo."""

    def __init__(self) -> None:
        self.cuadros: defaultdict[date, dict[Desenlace, Suma]] = defaultdict(dict)
        self.dinero: dict[EstadoPago, Suma] = {}
        self.sin_linea: Counter[int] = Counter()
        self.alertas: Counter[str] = Counter()
        self.entregas = 0
        self.movimientos = 0
        self.pagos = 0
        self._invalidas: set[date] = set()

    def add(self, historia: Historia) -> None:
        """Add one."""
        for linea in historia.lineas:
            cuadro, one = self.cuadros[linea.archivo], Suma(cantidad=1, centavos=linea.cobro.importe_centavos)
            cuadro[linea.desenlace] = cuadro.get(linea.desenlace, Suma()) + one
            if linea.rota and linea.archivo not in self._invalidas:  # told once a file
                self._invalidas.add(linea.archivo)
                self.alertas["LINEA_INVALIDA"] += 1
        for estado, centavos in historia.dinero:
            self.dinero[estado] = self.dinero.get(estado, Suma()) + Suma(cantidad=1, centavos=centavos)
        self.sin_linea.update(historia.sin_linea)
        self.alertas.update(historia.alertas)
        self.entregas += historia.entregas
        self.movimientos += len(historia.movimientos)
        self.pagos += len(historia.dinero)
