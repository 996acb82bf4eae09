"""What the story of a factura is spun from: its chances, its days, and the words in which money is told of."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from mundos import personas
from mundos.historia import Linea, Movimiento
from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.calendario import Calendario, local_day, to_utc
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento

ONE_DAY = timedelta(days=1)
HORA_DEL_COB = time(21)
HORAS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 22, 30, 28, 20, 14, 12, 12, 14, 18, 24, 28, 26, 18, 9, 3)  # how many pay at each
CANALES = (("PC", 50), ("HB", 35), ("S1", 15))
PROVINCIAS = ("C01", "B02", "X05", "S12")
CONTROL = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
FORMAS = ("FC-{:04d}-{:08d}", "{:06d}{:014d}", "A{:04d}/{:08d}", "R-{1:07d}")


class Dias:
    """The days of a month, and those on which a kind of thing can happen."""

    def __init__(self, mes: date, calendario: Calendario) -> None:
        self.calendario = calendario
        self.primero = mes.replace(day=1)
        self.ultimo = (self.primero + timedelta(days=31)).replace(day=1) - ONE_DAY
        self.todos = [self.primero + n * ONE_DAY for n in range((self.ultimo - self.primero).days + 1)]
        habil = calendario.is_habil
        # the two that follow are habiles as well: what comes later comes on the very next days
        self.tranquilos = [day for day in self.todos[1:17] if all(habil(day + n * ONE_DAY) for n in range(4))]
        self.sabados = [day for day in self.todos[:21] if day.weekday() == 5 and habil(day + 2 * ONE_DAY)]
        self.visperas = [
            day for day in self.todos[:-3] if habil(day) and day.weekday() < 5 and self._is_feriado(calendario, day)
        ]

    def _is_feriado(self, calendario: Calendario, day: date) -> bool:
        """Tell that between a day and the next on which banks work there is a weekday on which they do not."""
        following = calendario.add_habiles(day, 1)
        return any((day + n * ONE_DAY).weekday() < 5 for n in range(1, (following - day).days))

    def archivo(self, day: date) -> date:
        """Give the day of the COB that tells of what was paid that day."""
        return self.calendario.add_habiles(day, 1)


class Hilo:
    """One factura's. Everything drawn from it is the same each time."""

    def __init__(self, seed: int, n: int, codigo_empresa: str, dias: Dias, *, singular: bool) -> None:
        self.n, self.dias = n, dias
        self.chance = random.Random(f"historia {seed} {n}")  # noqa: S311 — a story must repeat itself
        self.codigo_empresa = codigo_empresa
        persona = personas.make(seed, n - (n % 4 == 3))  # one cliente in three has two facturas
        self.factura = self._factura(persona, singular=singular)
        self._controles: set[str] = set()

    def _factura(self, persona: personas.Persona, *, singular: bool) -> Factura:
        chance, n = self.chance, self.n
        importe = int(chance.lognormvariate(10.2, 1.0) * 100) + 1_500_00
        numero = 3 if singular else chance.choices((1, 2, 3), (35, 45, 20))[0]
        day, vencimientos = self.dias.todos[chance.randrange(9, 17)], []
        for _ in range(numero):
            vencimientos.append(Vencimiento(fecha=day, importe_centavos=importe))
            day, importe = (
                day + timedelta(days=chance.randrange(6, 9)),
                importe + importe * chance.randrange(2, 6) // 100,
            )
        if singular:  # whatever the day of the month, it can still be paid
            vencimientos[-1] = replace(vencimientos[-1], fecha=self.dias.ultimo)
        forma = FORMAS[chance.choices(range(4), (60, 15, 15, 10))[0]]
        clave = ClaveFactura(
            codigo_empresa=self.codigo_empresa, id_cliente=persona.id_cliente, id_factura=forma.format(n % 7 + 1, n)
        )
        return Factura(
            clave=clave,
            vencimientos=tuple(vencimientos),
            mensaje_ticket=f"CUOTA {self.dias.primero:%m/%Y} CLUB EJEMPLO",
            mensaje_pantalla=f"CUOTA {self.dias.primero:%m/%Y}",
            codigo_barras=f"0400{n:020d}" if chance.random() < 0.3 else None,
            nombre_cliente=persona.nombre,
        )

    def dia(self) -> date:
        """Give a day on which it is paid: mostly before its first due date."""
        first = self.factura.vencimientos[0].fecha
        last = min(self.factura.ultimo_vencimiento, self.dias.ultimo)
        if last > first and self.chance.random() < 0.2:
            return first + ONE_DAY * self.chance.randint(1, (last - first).days)
        return self.dias.primero + ONE_DAY * self.chance.randint(0, (first - self.dias.primero).days)

    def tranquilo(self) -> date:
        """Give a business day that more of them follow."""
        return self.chance.choice(self.dias.tranquilos)

    def at(self, day: date, hora: int | None = None) -> datetime:
        """Give an instant of that day in Argentina, at that hour or when people pay."""
        hour = self.chance.choices(range(24), HORAS)[0] if hora is None else hora
        return to_utc(datetime.combine(day, time(hour, self.chance.randrange(59), self.chance.randrange(60))))

    def control(self) -> str:
        """Give a number of a ticket that no other payment of this factura has."""
        while (said := "".join(self.chance.choices(CONTROL, k=4))) in self._controles:
            pass
        self._controles.add(said)
        return said

    def pago(self, at_utc: datetime, k: int = 1, **said: object) -> AvisoPago:
        """Tell of its payment, of what is due that day; k tells apart those of one factura."""
        chance = self.chance
        exigible = self.factura.due_on(local_day(at_utc))
        canal = chance.choices([name for name, _ in CANALES], [share for _, share in CANALES])[0]
        aviso = AvisoPago(
            codigo_empresa=self.codigo_empresa,
            id_mensaje=f"M-{self.n}-{k}",
            fecha_hora_mensaje_utc=at_utc + timedelta(seconds=chance.randrange(1, 5)),
            id_cliente=self.factura.clave.id_cliente,
            id_factura=self.factura.clave.id_factura,
            id_transaccion=f"T-{self.n}-{k}" if chance.random() < 0.7 else None,
            moneda="ARS",
            importe_centavos=exigible.importe_centavos if exigible else self.factura.vencimientos[-1].importe_centavos,
            fecha_vencimiento=self.factura.vencimientos[0].fecha,
            fecha_hora_pago_utc=at_utc if chance.random() < 0.9 else None,
            canal=canal,
            nro_control=self.control(),
            codigo_provincia=chance.choice(PROVINCIAS) if canal == "S1" else None,
        )
        return replace(aviso, **said)  # type: ignore[arg-type]

    def reversa(self, pago: AvisoPago, at_utc: datetime, **said: object) -> ReversaPago:
        """Take a payment back."""
        reversa = ReversaPago(
            codigo_empresa=self.codigo_empresa,
            id_mensaje=f"R-{pago.id_mensaje}",
            fecha_hora_mensaje_utc=at_utc,
            id_cliente=pago.id_cliente,
            id_factura=pago.id_factura,
            importe_centavos=pago.importe_centavos,
            id_transaccion_original=pago.id_transaccion,
            nro_control_original=pago.nro_control,
        )
        return replace(reversa, **said)  # type: ignore[arg-type]

    def tells(
        self, dicho: AvisoPago | ReversaPago, at_utc: datetime | None = None, *, cita: bool = False
    ) -> Movimiento:
        """Let a message arrive: when it was sent, or later."""
        return Movimiento(at_utc or dicho.fecha_hora_mensaje_utc, self.n, dicho, cita=cita)

    def asks(self, before: datetime) -> Movimiento:
        """Let the cliente look for his debt some minutes before."""
        at_utc = before - timedelta(seconds=self.chance.randrange(60, 2_400))
        clave = self.factura.clave
        return Movimiento(at_utc, self.n, Busqueda(codigo_empresa=clave.codigo_empresa, id_cliente=clave.id_cliente))

    def linea(
        self,
        pago: AvisoPago,
        desenlace: Desenlace = Desenlace.CONCILIADO,
        *,
        aplicado: date | None = None,
        archivo: date | None = None,
        rota: bool = False,
        **said: object,
    ) -> Linea:
        """Have the COB tell of a payment: on the day it was made and in the next business day's file, unless said."""
        day = aplicado or local_day(pago.momento_utc)
        file_day = archivo or self.dias.archivo(day)
        cobro = Cobro(
            id_cliente=pago.id_cliente,
            id_factura=pago.id_factura,
            primer_vencimiento=self.factura.vencimientos[0].fecha if pago.id_factura else None,
            fecha_aplicacion=day,
            fecha_acreditacion=file_day,
            importe_centavos=pago.importe_centavos,
            codigo_movimiento=pago.codigo_movimiento,
            canal=pago.canal,
            nro_control=pago.nro_control,
            codigo_provincia=pago.codigo_provincia,
        )
        return Linea(file_day, replace(cobro, **said), desenlace, rota)  # type: ignore[arg-type]
