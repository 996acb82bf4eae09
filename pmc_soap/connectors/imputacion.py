"""What a statement is given of an aviso, and what its answer says.

The binds are the words of sobre.write_aviso. `importe` is a Decimal with two decimals, `importe_centavos` an int, days
are dates, and fecha_hora is what an Argentine wall clock shows, to the second and without offset. SQLite, which has
neither decimals nor dates, gets these as text ("18540.75", "2026-03-10", "2026-03-10 12:30:12").
"""

from collections.abc import Mapping
from datetime import date, datetime

from pmc_soap.connectors.mapeo import fold
from pmc_soap.connectors.sobre import write_aviso
from pmc_soap.domain import importe
from pmc_soap.domain.entrega import Comprobante, Envio, EstadoImputacion

TEXTO_MAX = 100
BINDS = frozenset({
    *("tipo", "id_aviso", "codigo_empresa", "id_cliente", "id_factura", "importe", "importe_centavos", "moneda"),
    *("fecha_hora", "id_transaccion", "id_aviso_original", "id_transaccion_original", "canal", "nro_control"),
    *("codigo_movimiento", "fecha_vencimiento", "fecha_acreditacion", "codigo_provincia", "descripcion", "motivo"),
    "estado",
})  # fmt: skip
_DAYS = ("fecha_vencimiento", "fecha_acreditacion")


def write_binds(envio: Envio, *, as_text: bool) -> dict[str, object]:
    """Write an aviso for a database; as_text for one that has neither decimals nor dates."""
    binds: dict[str, object] = dict(write_aviso(envio))
    moment = datetime.fromisoformat(str(binds["fecha_hora"])).replace(tzinfo=None)  # it was written as Argentina's
    if as_text:
        return {**binds, "fecha_hora": moment.isoformat(sep=" ")}
    days = {name: date.fromisoformat(str(binds[name])) for name in _DAYS if binds[name] is not None}
    return {**binds, **days, "fecha_hora": moment, "importe": importe.to_decimal(envio.aviso.importe_centavos)}


def read_comprobante(row: Mapping[str, object], estado: EstadoImputacion) -> Comprobante:
    """Read what a row says beside its estado."""
    motivo = said(row, "motivo") if estado is EstadoImputacion.RECHAZADO else None
    return Comprobante(estado=estado, nro_comprobante=said(row, "nro_comprobante"), motivo=motivo)


def said(row: Mapping[str, object], columna: str) -> str | None:
    """Give what a column says, as one short line; None where it is absent, null or blank."""
    valor = row.get(columna)
    return None if valor is None else fold(str(valor), TEXTO_MAX) or None
