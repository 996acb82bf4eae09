"""The lines of some clientes meet their pagos, in one transaction: nobody tells of a pago of theirs meanwhile.

A line that no aviso tells of becomes a pago here, judged and owed as any other. What a person is to decide moves no
money.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time
from itertools import chain

from pmc_soap.domain.aviso import AvisoPago, EstadoAviso, TipoAviso, identidad
from pmc_soap.domain.calendario import to_utc
from pmc_soap.domain.cob import LineaGuardada
from pmc_soap.domain.conciliacion import (
    ANOMALIAS,
    VENTANA,
    Desenlace,
    Encuentro,
    Habiles,
    LineaCob,
    Regla,
    conciliar,
)
from pmc_soap.domain.empresa import Empresa
from pmc_soap.domain.importe import PESOS
from pmc_soap.operations.cobranza import Asiento
from pmc_soap.operations.original import find_reversa_before
from pmc_soap.operations.pago import Llegada, keep_pago
from pmc_soap.operations.ports import Clock, Ids, Writing

NOON = time(12)  # of a line only the day is known; whatever clock an ERP reads noon by, it is that day
ID_MENSAJE_MAX, DESCRIPCION_MAX = 36, 100  # of the contract; a file that was uploaded may have any name
RETIRADA_IMPUTADA = "LINEA_RETIRADA"  # a corrected file has not the line of a pago that was imputed


class Cruce:
    """Decides on lines."""

    def __init__(self, clock: Clock, ids: Ids, habiles: Habiles) -> None:
        self._clock = clock
        self._ids = ids
        self._habiles = habiles

    def meet(self, tx: Writing, empresa: Empresa, clientes: Collection[str], desde: date) -> int:
        """Decide on the clientes' open lines of payments made since desde; give how many changed."""
        codigo = empresa.codigo_empresa
        lineas = tx.lineas(codigo, clientes, desde - VENTANA)
        gone = [linea for linea in lineas if linea.de_baja and not linea.cerrada]
        opened = [linea for linea in lineas if is_open(linea)]
        held = {linea.id for linea in chain(gone, opened)}
        known = tx.conocidos(codigo, clientes, midday(desde - 2 * VENTANA))
        met = conciliar(
            [LineaCob(id=linea.id, clave=linea.clave, cobro=linea.cobro) for linea in opened],
            [pago for pago, id_linea in known if id_linea is None or id_linea in held],
            [linea.cobro for linea in lineas if linea.id not in held and linea.id_aviso is not None],
            self._habiles,
        )
        self._tell_of_closed(tx, codigo, lineas)
        by_id = {linea.id: linea for linea in opened}
        asientos = [*self._withdraw(tx, codigo, gone, met), *self._settle(tx, empresa, by_id, met)]
        tx.settle_lineas(asientos)
        return len(asientos)

    def post(self, tx: Writing, empresa: Empresa, linea: LineaGuardada) -> tuple[Desenlace, str | None]:
        """Make a pago of a line; what it comes to, and its IdAviso. A line is made a pago once."""
        aviso = write_pago(linea, empresa.codigo_empresa)
        if tx.aviso_by_identidad(aviso.codigo_empresa, TipoAviso.PAGO, identidad(aviso)) is not None:
            return Desenlace.DUPLICADO_EN_COB, None  # its pago is another line's by now
        waiting = tx.unmet(aviso.codigo_empresa, aviso.id_cliente, aviso.momento_utc - VENTANA)
        llegada = Llegada(id_aviso=self._ids.new(), aviso=aviso, at_utc=self._clock.now())
        guardado = keep_pago(tx, empresa, llegada, find_reversa_before(waiting, empresa, aviso))
        if guardado.estado is EstadoAviso.REVERSADA_ANTES:
            return Desenlace.REVERSADO_PERO_EN_COB, guardado.id_aviso
        return Desenlace.SOLO_EN_COB, guardado.id_aviso

    def _tell_of_closed(self, tx: Writing, codigo_empresa: str, lineas: Iterable[LineaGuardada]) -> None:
        """Tell of pagos that were taken back after their day was closed: the day stays as it is."""
        for linea in lineas:
            if linea.cerrada and linea.reversada and linea.id_aviso is not None:
                motivo = _motivo(Desenlace.REVERSADO_PERO_EN_COB, linea)
                tx.alert_once(codigo_empresa, motivo, linea.id_aviso, self._clock.now())

    def _withdraw(
        self, tx: Writing, codigo_empresa: str, gone: Iterable[LineaGuardada], met: Iterable[Encuentro]
    ) -> Iterator[Asiento]:
        """Let go of lines that a corrected file has no more.

        What was imputed because of one stays imputed; that is told of, unless another line has it by now.
        """
        taken = {each.pago.id_aviso for each in met if each.pago is not None}
        for linea in gone:
            lost = linea.desenlace is Desenlace.SOLO_EN_COB and linea.id_aviso not in taken
            if lost and linea.id_aviso is not None:
                tx.alert_once(codigo_empresa, RETIRADA_IMPUTADA, linea.id_aviso, self._clock.now())
            yield Asiento(
                id_linea=linea.id, desenlace=Desenlace.RETIRADA, regla=None, id_aviso=None, alertado=linea.alertado
            )

    def _settle(
        self, tx: Writing, empresa: Empresa, by_id: dict[int, LineaGuardada], met: Iterable[Encuentro]
    ) -> Iterator[Asiento]:
        for each in met:
            linea = by_id[each.linea.id]
            desenlace, regla, id_aviso = each.desenlace, each.regla, each.pago.id_aviso if each.pago else None
            if desenlace is Desenlace.SOLO_EN_COB and id_aviso is None:
                desenlace, id_aviso = self.post(tx, empresa, linea)
                regla = Regla.PROPIO if id_aviso else None
            alertado = linea.alertado
            if desenlace in ANOMALIAS and alertado is not desenlace:
                tx.alert(empresa.codigo_empresa, _motivo(desenlace, linea), id_aviso, self._clock.now())
                alertado = desenlace
            asiento = Asiento(id_linea=linea.id, desenlace=desenlace, regla=regla, id_aviso=id_aviso, alertado=alertado)
            if (desenlace, regla, id_aviso) != (linea.desenlace, linea.regla, linea.id_aviso):
                yield asiento


def _motivo(desenlace: Desenlace, linea: LineaGuardada) -> str:
    return f"{desenlace}:{linea.nombre}:{linea.linea}"


def is_open(linea: LineaGuardada) -> bool:
    """Tell whether it is still to be decided what became of a line, or to be seen whether that changed."""
    if linea.cerrada or linea.de_baja or not linea.lista:
        return False
    waits = linea.desenlace in ANOMALIAS and not linea.resuelta
    return linea.desenlace is None or linea.reversada or linea.avisada or waits


def write_pago(linea: LineaGuardada, codigo_empresa: str) -> AvisoPago:
    """Put a line into the words of an aviso."""
    cobro = linea.cobro
    return AvisoPago(
        codigo_empresa=codigo_empresa,
        id_mensaje=linea.nombre[:ID_MENSAJE_MAX],
        fecha_hora_mensaje_utc=midday(cobro.fecha_aplicacion),
        id_cliente=cobro.id_cliente,
        id_factura=cobro.id_factura,
        codigo_movimiento=cobro.codigo_movimiento,
        moneda=PESOS,
        importe_centavos=cobro.importe_centavos,
        fecha_vencimiento=cobro.primer_vencimiento,
        fecha_acreditacion=cobro.fecha_acreditacion,
        canal=cobro.canal,
        nro_control=cobro.nro_control,
        codigo_provincia=cobro.codigo_provincia,
        descripcion=f"Informado en el archivo {linea.nombre}"[:DESCRIPCION_MAX],
        linea_cob=linea.clave,
    )


def midday(day: date) -> datetime:
    """Give noon of a day in Argentina."""
    return to_utc(datetime.combine(day, NOON))
