"""What is kept of each exchange with PagoMisCuentas and the empresas, as a table of the file."""

from enum import StrEnum

from pydantic import Field

from pmc_soap.config.tabla import Tabla


class Guarda(StrEnum):
    """How much is kept."""

    TODO = "todo"
    SIN_XML = "sin_xml"
    NADA = "nada"


class IntercambiosSettings(Tabla):
    """The exchanges that the consola shows, and that its figures are made of."""

    guarda: Guarda = Field(
        default=Guarda.TODO,
        description=(
            "Qué se guarda de cada pedido y su respuesta: «todo», con el XML sin sus secretos; «sin_xml», solo códigos,"
            " ids y tiempos; «nada», y la consola se queda sin intercambios ni cifras."
        ),
        examples=['"sin_xml"'],
    )
    dias: int = Field(
        default=30, ge=1, le=3650, description="Cuántos días se guardan; los más viejos se borran.", examples=["90"]
    )
