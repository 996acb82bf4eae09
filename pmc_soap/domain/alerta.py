"""What each notice to the operator means, and what to do about it: one table, by the first word of its motivo."""

from collections.abc import Mapping
from typing import NamedTuple


class Explicada(NamedTuple):
    """What happened, and what to do."""

    que_paso: str
    que_hacer: str


_PUENTE = "El pago está guardado y espera en el puente: imputalo o devolvelo."
_COB = "Mirá el día en la conciliación y resolvé la línea."
EXPLICADAS: Mapping[str, Explicada] = {
    "YA_PAGADA": Explicada("Llegó otro pago de una factura que ya estaba paga", _PUENTE),
    "IMPORTE_DISTINTO": Explicada("Llegó un pago por un importe que no es el que se debía", _PUENTE),
    "MONEDA_DISTINTA": Explicada("Llegó un pago en una moneda que no es la de la factura", _PUENTE),
    "BAJA": Explicada("Llegó un pago de una factura dada de baja", _PUENTE),
    "VENCIDA": Explicada("Llegó un pago de una factura vencida, o una reversa fuera de término", _PUENTE),
    "DESCONOCIDA": Explicada("Llegó un pago de una factura que nadie informó", _PUENTE),
    "REVERSADA_ANTES": Explicada("Llegó un pago cuya reversa había llegado antes", "Nada: queda reversado."),
    "CONFLICTO": Explicada(
        "Llegó otra vez una identificación con otro contenido", "Aclaralo con PagoMisCuentas: vale el primero."
    ),
    "ENTREGA_RECHAZADA": Explicada("La empresa recibió un aviso y lo rechazó", "Mirá su motivo en el aviso."),
    "ENTREGA_DETENIDA": Explicada(
        "Un aviso se detuvo: la empresa lo rechazó una y otra vez", "Mirá por qué y reenvialo."
    ),
    "ENTREGA_DEMORADA": Explicada(
        "Un aviso no se puede entregar hace rato", "Mirá si el sistema de la empresa responde: se sigue probando."
    ),
    "AVISO_ILEGIBLE": Explicada(
        "Llegó un aviso con buena credencial que no respeta el contrato",
        "Se guardó como vino. Buscalo por su IdPedido y aclaralo con PagoMisCuentas.",
    ),
    "SOLO_EN_AVISO": Explicada(
        "Un pago avisado no vino en ningún COB en dos días hábiles", "Reclamale el dinero a PagoMisCuentas."
    ),
    "SOLO_EN_COB": Explicada("Un COB trae un pago que nadie avisó", "Nada: se imputó solo, una vez."),
    "DIF_IMPORTE": Explicada("El COB y el aviso de un pago dicen importes distintos", _COB),
    "DIF_FECHA": Explicada("El COB y el aviso de un pago dicen días distintos", _COB),
    "DUPLICADO_EN_COB": Explicada("Un COB repite una línea", _COB),
    "REVERSADO_PERO_EN_COB": Explicada("Un COB rinde un pago que se reversó", _COB),
    "LINEA_INVALIDA": Explicada("Un COB trae una línea que no se puede leer", _COB),
    "FAC_NO_GENERADO": Explicada("No se pudo generar un FAC", "Generalo otra vez; si se repite, mirá Estado."),
    "FAC_RECHAZADO": Explicada("PagoMisCuentas rechazó un FAC", "Corregilo y volvé a generarlo."),
    "CREDENCIAL": Explicada("Alguien mostró credenciales equivocadas", "Si no fue una prueba, rotá la credencial."),
}
_OTRA = Explicada("Hay algo para mirar", "Mirá el detalle.")


def explain(motivo: str) -> Explicada:
    """Say what a motivo means; what follows a colon is its detail."""
    word = motivo.partition(":")[0]
    return EXPLICADAS.get(word) or _OTRA._replace(que_paso=word.replace("_", " ").capitalize())
