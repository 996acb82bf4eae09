"""What can be tried with the demonstration's clientes: each fills the search in, and says what will be seen."""

from collections.abc import Mapping
from typing import NamedTuple


class Escenario(NamedTuple):
    """One card. busqueda: the fields of the search; apaga: the ERP is switched off first."""

    titulo: str
    texto: str
    busqueda: Mapping[str, str]
    apaga: bool = False


ESCENARIOS = (
    Escenario("Una cuota por pagar", "Lo de todos los días: una factura, un importe.", {"id_cliente": "1000001"}),
    Escenario(
        "Tres vencimientos", "Pasó el primero: rige el segundo importe. Hay otras dos.", {"id_cliente": "1000002"}
    ),
    Escenario(
        "Solo lo conoce el ERP", "No está en la base: contesta el sistema de la empresa.", {"id_cliente": "1000003"}
    ),
    Escenario("Importe abierto", "Un aporte: paga cuanto quiera.", {"id_cliente": "1000008"}),
    Escenario("Importe en rango", "Pago mínimo: entre $ 5.000 y $ 50.000.", {"id_cliente": "1000009"}),
    Escenario("Cliente al día", "Es cliente y no debe nada: 02.", {"id_cliente": "1000004"}),
    Escenario("Factura vencida", "Pasó su último vencimiento: 05.", {"id_cliente": "1000005"}),
    Escenario("Ya pagada", "Se busca por factura y ya está paga: 06.", {"id_factura": "F-1000006-1"}),
    Escenario("Dada de baja", "La empresa la anuló: 07.", {"id_factura": "F-1000007-1"}),
    Escenario("Desconocido", "Nadie lo informó y el ERP tampoco lo conoce: 03.", {"id_cliente": "9999999"}),
    Escenario(
        "El ERP apagado", "Se apaga, se paga igual y el aviso espera: nada se pierde.", {"id_cliente": "1000002"}, True
    ),
)
