"""What finance does with what the COBs came to: look at it, deal with what waits for a person, close a day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from pmc_soap.domain.acta import Accion, Acta, Impedido, Impedimento
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.cob import BALDES, Balde, Cob, EstadoCob, Suma
from pmc_soap.domain.conciliacion import PARA_UNA_PERSONA, Desenlace, Habiles, Regla
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.valor import value
from pmc_soap.operations.barrido import ONE_DAY, expected_since, is_late
from pmc_soap.operations.cobranza import Asiento, Conciliado, LineaInformada, PagoSinLinea
from pmc_soap.operations.corrida import turn
from pmc_soap.operations.cruce import Cruce
from pmc_soap.operations.ports import Clock, Empresas, Ids, Ledger, Writing

LINEAS_MAX = 10_000  # listed of a day; all are counted
PARA_MIRAR = frozenset(BALDES) - {Desenlace.CONCILIADO}


class Resolucion(StrEnum):
    """What a person found out about a line: it is a payment that nobody told of; or there is nothing more to do."""

    ES_PAGO = "ES_PAGO"
    DESCARTADA = "DESCARTADA"


@value
class DiaConciliado:
    """One day of an empresa: the files of that day and their lines, and the pagos made that day that no line tells of.

    baldes and cuadro hold all; lineas and sin_linea the first LINEAS_MAX that are not simply conciliado.
    """

    codigo_empresa: str
    fecha: date
    cobs: Sequence[Cob]
    baldes: Mapping[Balde, Suma]
    cuadro: Mapping[Desenlace, Suma]
    lineas: Sequence[LineaInformada]
    sin_linea: Sequence[PagoSinLinea]
    vencidos: frozenset[str]
    cerrado: bool

    @property
    def total(self) -> Suma:
        """Give what the files declare; to the centavo it is the sum of the cuadro."""
        return sum((Suma(cantidad=c.cantidad, centavos=c.total_centavos) for c in self.cobs), Suma())

    @property
    def para_una_persona(self) -> Sequence[LineaInformada]:
        """Give what waits for a person."""
        return [each for each in self.lineas if each.desenlace in PARA_UNA_PERSONA and not each.resuelta]


class Cierres:
    """The days of the COBs."""

    def __init__(
        self, ledger: Ledger, conciliado: Conciliado, empresas: Empresas, clock: Clock, ids: Ids, habiles: Habiles
    ) -> None:
        self._ledger = ledger
        self._conciliado = conciliado
        self._empresas = empresas
        self._clock = clock
        self._habiles = habiles
        self._cruce = Cruce(clock, ids, habiles)

    def report(self, empresa: Empresa, desde: date, hasta: date) -> Sequence[DiaConciliado]:
        """Give the days, oldest first, that have a file, or pagos without a line since the empresa's first file."""
        return list(self._days(empresa.codigo_empresa, desde, hasta))

    def summary(self, empresa: Empresa, desde: date, hasta: date) -> Sequence[DiaConciliado]:
        """Give the same days for a list: of lineas only those that wait for a person, and no sin_linea."""
        return list(self._days(empresa.codigo_empresa, desde, hasta, whole=False))

    def day(self, empresa: Empresa, fecha: date) -> DiaConciliado:
        """Give one day, whatever it has."""
        codigo = empresa.codigo_empresa
        cobs = self._conciliado.cobs(codigo, fecha, fecha)
        first = self._conciliado.first_day(codigo)
        is_expected = first is not None and expected_since(first, self._habiles) <= fecha
        en_aviso = self._conciliado.sumas_sin_linea(codigo, fecha, fecha).get(fecha) if is_expected else None
        closed = fecha in self._conciliado.cerrados(codigo, fecha, fecha)
        return self._day(codigo, fecha, cobs, en_aviso or Suma(), closed=closed)

    def close(self, empresa: Empresa, fecha: date, *, operador: str, motivo: str) -> DiaConciliado:
        """Close a day: no later run changes it. Raises Impedido."""
        codigo = empresa.codigo_empresa
        cobs = self._conciliado.cobs(codigo, fecha, fecha)
        if not cobs:
            raise Impedido(Impedimento.DIA_SIN_COB)
        now = self._clock.now()

        def close(tx: Writing) -> None:
            if tx.is_closed(codigo, fecha):
                raise Impedido(Impedimento.DIA_CERRADO)
            standing = [tx.last_cob(cob.codigo_archivo, fecha) for cob in cobs]
            if any(cob is None or cob.estado is not EstadoCob.LISTO for cob in standing):
                raise Impedido(Impedimento.COB_A_MEDIAS)
            tx.close_day(codigo, fecha, operador, now)
            tx.audit(_acta(Accion.CERRAR_DIA, codigo, fecha, operador, motivo, now))

        self._ledger.write(codigo, [turn(cob) for cob in cobs], close)
        return self.day(empresa, fecha)

    def reopen(self, empresa: Empresa, fecha: date, *, operador: str, motivo: str) -> None:
        """Open a closed day again; raises Impedido."""
        codigo, now = empresa.codigo_empresa, self._clock.now()

        def reopen(tx: Writing) -> None:
            if not tx.is_closed(codigo, fecha):
                raise Impedido(Impedimento.DIA_ABIERTO)
            tx.reopen_day(codigo, fecha)
            tx.audit(_acta(Accion.REABRIR_DIA, codigo, fecha, operador, motivo, now))

        self._ledger.write(codigo, None, reopen)

    def resolve(self, id_linea: int, como: Resolucion, *, operador: str, motivo: str) -> LineaInformada:
        """Note what a person found out about a line; one that is a payment becomes a pago. Raises Impedido."""
        linea = self._conciliado.linea(id_linea)
        if linea is None:
            raise Impedido(Impedimento.LINEA_INEXISTENTE)
        empresa = self._empresas.get(linea.codigo_empresa)
        if empresa is None:
            raise Impedido(Impedimento.EMPRESA_INEXISTENTE)
        _check(linea, como)
        now = self._clock.now()

        def resolve(tx: Writing) -> None:
            if tx.is_closed(linea.codigo_empresa, linea.fecha):
                raise Impedido(Impedimento.DIA_CERRADO)
            if como is Resolucion.ES_PAGO:
                after = self._post(tx, empresa, linea)
            else:
                tx.resolve_linea(id_linea, now)
                after = {"desenlace": linea.desenlace, "id_aviso": linea.id_aviso}
            before = {
                "linea": f"{linea.nombre}:{linea.linea}",
                "desenlace": linea.desenlace,
                "id_aviso": linea.id_aviso,
            }
            tx.audit(
                Acta(
                    fecha_hora_utc=now,
                    operador=operador,
                    accion=Accion.RESOLVER_LINEA,
                    codigo_empresa=linea.codigo_empresa,
                    id_aviso=after["id_aviso"],
                    motivo=motivo,
                    antes=before,
                    despues={"resolucion": como, **after},
                )
            )

        self._ledger.write(linea.codigo_empresa, linea.id_cliente, resolve)
        return self._conciliado.linea(id_linea) or linea

    def _post(self, tx: Writing, empresa: Empresa, told: LineaInformada) -> dict[str, str | None]:
        """Make a pago of a line, unless it changed since it was looked at."""
        dia, id_cliente = told.fecha_aplicacion or told.fecha, told.id_cliente or ""
        found = [each for each in tx.lineas(told.codigo_empresa, [id_cliente], dia) if each.id == told.id]
        if not found or found[0].desenlace is not told.desenlace:
            raise Impedido(Impedimento.LINEA_NO_ESPERA)
        desenlace, id_aviso = self._cruce.post(tx, empresa, found[0])
        if id_aviso is None:
            raise Impedido(Impedimento.LINEA_YA_ES_PAGO)
        asiento = Asiento(
            id_linea=told.id, desenlace=desenlace, regla=Regla.PROPIO, id_aviso=id_aviso, alertado=found[0].alertado
        )
        tx.settle_lineas([asiento])
        return {"desenlace": desenlace, "id_aviso": id_aviso}

    def _days(self, codigo_empresa: str, desde: date, hasta: date, *, whole: bool = True) -> Iterator[DiaConciliado]:
        first = self._conciliado.first_day(codigo_empresa)
        if first is None:
            return
        closed = self._conciliado.cerrados(codigo_empresa, desde, hasta)
        by_day: dict[date, list[Cob]] = {}
        for cob in self._conciliado.cobs(codigo_empresa, desde, hasta):
            by_day.setdefault(cob.fecha, []).append(cob)
        until = min(hasta, max([local_day(self._clock.now()), *by_day]))
        dia = max(desde, expected_since(first, self._habiles))
        sin_linea = self._conciliado.sumas_sin_linea(codigo_empresa, dia, until) if dia <= until else {}
        while dia <= until:
            if dia in by_day or dia in sin_linea:
                yield self._day(
                    codigo_empresa,
                    dia,
                    by_day.get(dia, []),
                    sin_linea.get(dia, Suma()),
                    closed=dia in closed,
                    whole=whole,
                )
            dia += ONE_DAY

    def _day(
        self,
        codigo_empresa: str,
        fecha: date,
        cobs: Sequence[Cob],
        en_aviso: Suma,
        *,
        closed: bool,
        whole: bool = True,
    ) -> DiaConciliado:
        cuadro: dict[Desenlace, Suma] = {}
        baldes = {balde: Suma() for balde in Balde} | {Balde.SOLO_EN_AVISO: en_aviso}
        lineas: list[LineaInformada] = []
        for cob in cobs:
            for desenlace, suma in self._conciliado.cuadro(cob).items():
                cuadro[desenlace] = cuadro.get(desenlace, Suma()) + suma
                baldes[BALDES[desenlace]] += suma
            lineas += self._conciliado.informadas(cob, PARA_MIRAR if whole else PARA_UNA_PERSONA, LINEAS_MAX)
        sin_linea: Sequence[PagoSinLinea] = ()
        if whole and en_aviso.cantidad:
            sin_linea = self._conciliado.sin_linea(codigo_empresa, fecha, fecha, LINEAS_MAX)
        today = local_day(self._clock.now())
        return DiaConciliado(
            codigo_empresa=codigo_empresa,
            fecha=fecha,
            cobs=cobs,
            baldes=baldes,
            cuadro=cuadro,
            lineas=lineas,
            sin_linea=sin_linea,
            vencidos=frozenset(each.id_aviso for each in sin_linea if is_late(each, today, self._habiles)),
            cerrado=closed,
        )


def _check(linea: LineaInformada, como: Resolucion) -> None:
    if linea.desenlace not in PARA_UNA_PERSONA or linea.resuelta:
        raise Impedido(Impedimento.LINEA_NO_ESPERA)
    can_be = {Desenlace.DUPLICADO_EN_COB, Desenlace.REVERSADO_PERO_EN_COB}
    if como is Resolucion.ES_PAGO and linea.desenlace not in can_be:
        raise Impedido(Impedimento.LINEA_SIN_PAGO)


def _acta(accion: Accion, codigo_empresa: str, fecha: date, operador: str, motivo: str, at_utc: datetime) -> Acta:
    closed = {"fecha": f"{fecha}", "cerrado": accion is Accion.CERRAR_DIA}
    return Acta(
        fecha_hora_utc=at_utc,
        operador=operador,
        accion=accion,
        codigo_empresa=codigo_empresa,
        motivo=motivo,
        antes={**closed, "cerrado": not closed["cerrado"]},
        despues=closed,
    )
