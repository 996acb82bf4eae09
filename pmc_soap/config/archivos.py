"""How an empresa's files are taken, as a table of the file."""

from pydantic import Field

from pmc_soap.config.tabla import Entero, Tabla


class ArchivosSettings(Tabla):
    """What is done with the files of an empresa."""

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
