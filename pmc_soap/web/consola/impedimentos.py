"""Why an act was refused, in words; nothing was changed then."""

from collections.abc import Mapping

from pmc_soap.domain.acta import Impedimento

IMPEDIMENTOS: Mapping[Impedimento, str] = {
    Impedimento.AVISO_INEXISTENTE: "No hay ningún aviso con ese id.",
    Impedimento.EMPRESA_INEXISTENTE: "La empresa no está en la configuración.",
    Impedimento.NO_ES_PAGO: "Ese aviso es una reversa: en el puente solo hay pagos.",
    Impedimento.NO_ESTA_EN_PUENTE: "Ese pago ya no está en el puente: alguien lo imputó, lo devolvió o se reversó.",
    Impedimento.SIN_FACTURA: "El pago no dice de qué factura es: elegí una, o imputalo a cuenta.",
    Impedimento.FACTURA_INEXISTENTE: "Esa factura no está en la base: revisá el cliente y la factura.",
    Impedimento.FACTURA_PAGADA: "Esa factura ya tiene un pago: elegí otra, imputalo a cuenta, o devolvelo.",
    Impedimento.FACTURA_REEMPLAZADA: "Esa factura pasó a otro ID de cliente: usá ese.",
    Impedimento.NO_SE_DEBE: "Ese aviso no se le debe a la empresa, o no en ese destino.",
    Impedimento.EN_CAMINO: "Se está entregando en este momento: esperá un minuto y mirá de nuevo.",
    Impedimento.YA_ENTREGADA: "Ya se entregó: no hay nada que detener.",
    Impedimento.LINEA_INEXISTENTE: "No hay ninguna línea con ese número.",
    Impedimento.LINEA_NO_ESPERA: "Esa línea ya no espera a nadie: se resolvió, o cambió desde que la miraste.",
    Impedimento.LINEA_SIN_PAGO: "Esa línea no se puede tomar como un pago: corregilo en tu sistema y descartala.",
    Impedimento.LINEA_YA_ES_PAGO: "De esa línea ya se hizo un pago.",
    Impedimento.DIA_SIN_COB: "De ese día no hay ningún COB conciliado: no hay nada que cerrar.",
    Impedimento.COB_A_MEDIAS: "El COB de ese día quedó a medias: volvé a subirlo y después cerrá el día.",
    Impedimento.DIA_CERRADO: "Ese día está cerrado: abrilo antes de cambiarlo.",
    Impedimento.DIA_ABIERTO: "Ese día no está cerrado: no hay nada que abrir.",
}
