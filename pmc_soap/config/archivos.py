"""How an empresa's files are taken, as a table of the file."""

from typing import Literal

from pydantic import Field

from pmc_soap.config.tabla import Entero, Tabla, Texto
from pmc_soap.files.fac.registros import Variante


class ArchivosSettings(Tabla):
    """What is done with the files of an empresa."""

    variante: Variante = Field(
        default=Variante.CLASICA,
        description=(
            "Con qué variante se escribe el FAC: CLASICA, importes de hasta $ 999.999.999,99, o ANCHA, de hasta"
            " $ 999.999.999.999,99, solo si PagoMisCuentas te la pide. Al leer se reconoce cuál es."
        ),
        examples=['"ANCHA"'],
    )
    trailer_total_width: Literal[11, 16, 19] | None = Field(
        default=None,
        description=(
            "Cuántos dígitos tiene el total del cierre del FAC que se escribe."
            " Sin esta clave, 16 en la variante clásica y 19 en la ancha. Al leer se acepta cualquiera."
        ),
        examples=["11"],
    )
    entrada: Texto | None = Field(
        default=None,
        description="La carpeta donde aparecen sus archivos de facturas: los carga pmc-soap facturas watch.",
        examples=['"/srv/pmc/1234/entrada"'],
    )
    modo: Literal["novedades", "reemplazo"] = Field(
        default="novedades",
        description="Si lo que aparece en esa carpeta es lo nuevo, o cada vez la base entera.",
        examples=['"reemplazo"'],
    )
    retiro_maximo_porciento: Entero = Field(
        default=50,
        ge=0,
        le=100,
        description=(
            "Un archivo que reemplaza la base puede dar de baja, sin preguntar, hasta este porcentaje de lo que"
            " informaron los archivos anteriores."
        ),
        examples=["20"],
    )
