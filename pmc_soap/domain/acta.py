"""What an operator did by hand, why, and how things stood before and after: nothing is done without a trace."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pmc_soap.domain.valor import value


class Accion(StrEnum):
    """What an operator may do."""

    APLICAR = "APLICAR"
    DEVOLVER = "DEVOLVER"
    REENVIAR = "REENVIAR"
    RECUPERAR = "RECUPERAR"
    DETENER = "DETENER"
    RESOLVER_LINEA = "RESOLVER_LINEA"
    CERRAR_DIA = "CERRAR_DIA"
    REABRIR_DIA = "REABRIR_DIA"
    ALTA_FACTURA = "ALTA_FACTURA"
    BAJA_FACTURA = "BAJA_FACTURA"
    EXPORTACION = "EXPORTACION"
    SUBIDA = "SUBIDA"
    FAC_GENERADO = "FAC_GENERADO"
    FAC_RECHAZADO = "FAC_RECHAZADO"
    ALERTA_ATENDIDA = "ALERTA_ATENDIDA"
    CREDENCIAL_CREADA = "CREDENCIAL_CREADA"
    SIMULACION = "SIMULACION"
    ENTRADA = "ENTRADA"
    CLAVE_CAMBIO = "CLAVE_CAMBIO"
    USUARIO_ALTA = "USUARIO_ALTA"
    USUARIO_CAMBIO = "USUARIO_CAMBIO"


@value
class Acta:
    """One act. antes and despues hold plain values; id_aviso is None where an act is about many avisos, or none.

    codigo_empresa is empty where it is about no empresa.
    """

    fecha_hora_utc: datetime
    operador: str
    accion: Accion
    codigo_empresa: str
    motivo: str
    antes: Mapping[str, object]
    despues: Mapping[str, object]
    id_aviso: str | None = None


class Impedimento(StrEnum):
    """Why an act cannot be done; nothing was changed then."""

    AVISO_INEXISTENTE = "AVISO_INEXISTENTE"
    EMPRESA_INEXISTENTE = "EMPRESA_INEXISTENTE"
    NO_ES_PAGO = "NO_ES_PAGO"
    NO_ESTA_EN_PUENTE = "NO_ESTA_EN_PUENTE"
    SIN_FACTURA = "SIN_FACTURA"
    FACTURA_INEXISTENTE = "FACTURA_INEXISTENTE"
    FACTURA_PAGADA = "FACTURA_PAGADA"
    FACTURA_REEMPLAZADA = "FACTURA_REEMPLAZADA"
    NO_SE_DEBE = "NO_SE_DEBE"
    EN_CAMINO = "EN_CAMINO"
    YA_ENTREGADA = "YA_ENTREGADA"
    LINEA_INEXISTENTE = "LINEA_INEXISTENTE"
    LINEA_NO_ESPERA = "LINEA_NO_ESPERA"
    LINEA_SIN_PAGO = "LINEA_SIN_PAGO"
    LINEA_YA_ES_PAGO = "LINEA_YA_ES_PAGO"
    DIA_SIN_COB = "DIA_SIN_COB"
    COB_A_MEDIAS = "COB_A_MEDIAS"
    DIA_CERRADO = "DIA_CERRADO"
    DIA_ABIERTO = "DIA_ABIERTO"


class Impedido(Exception):
    """An act was refused and changed nothing."""

    def __init__(self, impedimento: Impedimento) -> None:
        super().__init__(impedimento)
        self.impedimento = impedimento
