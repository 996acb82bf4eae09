"""What a month that was played came to, against what it had to, to the centavo: one sentence for each difference."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from checker import check
from fakes import bases
from sqlalchemy import func, select

from mundos.historia import Historia
from mundos.juego import Juego
from pmc_soap.domain.aviso import EstadoPago
from pmc_soap.domain.cob import Suma
from pmc_soap.domain.conciliacion import Desenlace
from pmc_soap.operations.cobranza import LineaInformada
from pmc_soap.operations.informes import PagoInformado
from pmc_soap.storage import tables as t

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
SIN_LINEA_MAX = 1_000_000


class Revision:
    """Looks at a month that was played. encontradas: how many of each kind of anomaly were found as they must."""

    def __init__(self, juego: Juego, url: str) -> None:
        self._juego, self._url = juego, url
        self._mundo, self._ledger = juego.mundo, juego.house.ledger
        self._codigo = juego.mundo.codigo_empresa
        self.encontradas: Counter[str] = Counter()
        self.sanados = 0

    def differences(self) -> list[str]:
        """Give what is not as it must be: nothing."""
        return [*self._juego.faltas, *self._cuadros(), *self._by_historia(), *self._sums(), *self._invariants()]

    def _cuadros(self) -> Iterator[str]:
        """Hold each file's five heaps, and its total."""
        wanted = self._mundo.resumen.cuadros
        for fecha in sorted(wanted.keys() | {envio.fecha for envio in self._mundo.envios}):
            cob = self._ledger.conciliado.cob(self._codigo, fecha)
            if cob is None:
                yield f"{fecha}: no hay COB"
                continue
            cuadro = dict(self._ledger.conciliado.cuadro(cob))
            if cuadro != dict(wanted.get(fecha, {})):
                yield f"{fecha}: {_words(cuadro)}, y tenía que ser {_words(wanted.get(fecha, {}))}"
            if cob.total_centavos != sum(suma.centavos for suma in cuadro.values()):
                yield f"{fecha}: las líneas no suman el total del archivo"

    def _by_historia(self) -> Iterator[str]:
        """Hold each story with an anomaly, line by line and pago by pago."""
        stories = {n: self._mundo.historia(n) for n in self._mundo.tipos}
        owner = {id_cliente: n for n, historia in stories.items() for id_cliente in historia.clientes}
        lineas: defaultdict[int, list[LineaInformada]] = defaultdict(list)
        invalidas: Counter[tuple[date, int]] = Counter()
        for linea in self._ledger.informes.lineas(self._codigo, FIRST, LAST):
            if linea.id_cliente is None:
                invalidas[linea.fecha, linea.importe_centavos] += 1
            elif linea.id_cliente in owner:
                lineas[owner[linea.id_cliente]].append(linea)
        pagos: defaultdict[int, list[PagoInformado]] = defaultdict(list)
        for pago in self._ledger.informes.pagos(self._codigo, FIRST, LAST):
            if pago.id_cliente in owner:
                pagos[owner[pago.id_cliente]].append(pago)
        for n, historia in stories.items():
            found = list(_hold(historia, lineas[n], pagos[n], invalidas))
            yield from found
            self.encontradas[historia.tipo or ""] += not found
            self.sanados += sum(linea.desenlace is Desenlace.SOLO_EN_COB for linea in lineas[n])

    def _sums(self) -> Iterator[str]:
        """Hold all money, all that no line tells of, all alerts and all entregas."""
        resumen = self._mundo.resumen
        dinero: dict[EstadoPago, Suma] = {}
        for pago in self._ledger.informes.pagos(self._codigo, FIRST, LAST):
            one = Suma(cantidad=1, centavos=pago.importe_centavos)
            dinero[pago.estado] = dinero.get(pago.estado, Suma()) + one
        if dinero != resumen.dinero:
            yield f"los pagos: {_words(dinero)}, y tenía que ser {_words(resumen.dinero)}"
        sin_linea = self._ledger.conciliado.sin_linea(self._codigo, FIRST, LAST, SIN_LINEA_MAX)
        told = Counter(pago.importe_centavos for pago in sin_linea)
        if told != resumen.sin_linea:
            yield f"sin línea: {told - resumen.sin_linea} de más, {resumen.sin_linea - told} de menos"
        with bases.connected(self._url) as connection:
            rows = connection.execute(select(t.alerta.c.motivo, func.count()).group_by(t.alerta.c.motivo))
            alertas: Counter[str] = Counter()
            for motivo, cantidad in rows:
                alertas[motivo.partition(":")[0]] += cantidad
            entregas = connection.execute(select(func.count()).select_from(t.entrega)).scalar_one()
        if alertas != resumen.alertas:
            yield f"alertas: {alertas - resumen.alertas} de más, {resumen.alertas - alertas} de menos"
        if entregas != resumen.entregas:
            yield f"entregas: {entregas}, y tenían que ser {resumen.entregas}"

    def _invariants(self) -> Iterator[str]:
        """Hold what must hold of any ledger."""
        destinos = {self._codigo: ("pull",)}
        with bases.connected(self._url) as connection:
            yield from check(connection, [], destinos)


def _hold(
    historia: Historia,
    lineas: list[LineaInformada],
    pagos: list[PagoInformado],
    invalidas: "Counter[tuple[date, int]]",
) -> Iterator[str]:
    where = f"{historia.tipo}, factura {historia.n}"
    wanted = Counter(
        (linea.archivo, linea.desenlace, linea.cobro.importe_centavos) for linea in historia.lineas if not linea.rota
    )
    told = Counter((linea.fecha, linea.desenlace, linea.importe_centavos) for linea in lineas)
    if told != wanted:
        yield f"{where}: líneas {_words(told)}, y tenían que ser {_words(wanted)}"
    for linea in historia.lineas:
        if linea.rota and not invalidas[linea.archivo, linea.cobro.importe_centavos]:
            yield f"{where}: no se encontró la línea inválida"
    dinero = Counter((pago.estado, pago.importe_centavos) for pago in pagos)
    if dinero != Counter(historia.dinero):
        yield f"{where}: pagos {_words(dinero)}, y tenían que ser {historia.dinero}"
    by_id = Counter(linea.id_aviso for linea in lineas if linea.id_aviso is not None)
    for linea in lineas:
        if linea.desenlace is Desenlace.SOLO_EN_COB and by_id[linea.id_aviso or ""] != 1:
            yield f"{where}: la línea {linea.linea} de {linea.nombre} no tiene un pago propio"


def _words(said: object) -> str:
    return str(dict(said) if hasattr(said, "items") else said)
