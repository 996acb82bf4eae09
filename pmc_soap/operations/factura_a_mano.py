"""What a person does with single facturas, by hand: find them, report one, withdraw one; who did it stays written."""

from collections.abc import Sequence

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.domain.consulta import Busqueda
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja
from pmc_soap.operations.factura import Facturas, Ficha, Registro
from pmc_soap.operations.ports import Clock, Empresas, Ledger, Writing


class FacturasAMano:
    """Single facturas, by hand."""

    def __init__(self, ledger: Ledger, empresas: Empresas, clock: Clock) -> None:
        self._facturas = Facturas(ledger, empresas, clock, servicio=None)
        self._ledger = ledger
        self._empresas = empresas
        self._clock = clock

    def search(self, busqueda: Busqueda, limit: int) -> Sequence[Factura]:
        """Give facturas in any state, the newest first."""
        with self._ledger.read() as reading:
            return reading.matching(busqueda, limit)

    def show(self, clave: ClaveFactura) -> Ficha:
        """Give a factura, its state and its pagos; raises Rejected if there is none."""
        return self._facturas.show(clave)

    def register(self, factura: Factura, *, operador: str, motivo: str) -> Registro:
        """Report a factura; raises Rejected for one that breaks a rule."""

        def audit(tx: Writing, registro: Registro) -> None:
            if registro.disponible_desde_utc is not None:
                due = [[v.fecha.isoformat(), v.importe_centavos] for v in factura.vencimientos]
                said: dict[str, object] = {"vencimientos": due}
                tx.audit(self._acta(Accion.ALTA_FACTURA, factura.clave, registro.estado, operador, motivo, said))

        return self._facturas.register(factura, audit)

    def withdraw(self, clave: ClaveFactura, baja: MotivoBaja, *, operador: str, motivo: str) -> Registro:
        """Take a factura out of PMC; raises Rejected if there is none."""

        def audit(tx: Writing, registro: Registro) -> None:
            if registro.estado is EstadoFactura.BAJA and not registro.ending.duplicado:
                tx.audit(self._acta(Accion.BAJA_FACTURA, clave, registro.estado, operador, motivo, {"baja": baja}))

        return self._facturas.withdraw(clave, baja, audit)

    def _acta(
        self,
        accion: Accion,
        clave: ClaveFactura,
        estado: EstadoFactura,
        operador: str,
        motivo: str,
        said: dict[str, object],
    ) -> Acta:
        empresa = self._empresas.get(clave.codigo_empresa)
        return Acta(
            fecha_hora_utc=self._clock.now(),
            operador=operador,
            accion=accion,
            codigo_empresa=empresa.codigo_empresa if empresa else clave.codigo_empresa,
            motivo=motivo,
            antes={},
            despues={"id_cliente": clave.id_cliente, "id_factura": clave.id_factura, "estado": estado, **said},
        )
