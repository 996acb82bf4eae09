"""The banks' calendar, as a table of the file: what the library of feriados does not know, or has wrong."""

from datetime import date

from pydantic import Field

from pmc_soap.config.tabla import Hora, Tabla
from pmc_soap.domain.calendario import CORTE


class CalendarioSettings(Tabla):
    """What is put right of the feriados, and when a day ends for PMC."""

    feriados: list[date] = Field(
        default=[],
        description="Días sin bancos, además de los feriados nacionales y bancarios que ya se conocen.",
        examples=["[2026-12-24, 2026-12-31]"],
    )
    habiles: list[date] = Field(
        default=[],
        description="Días en que los bancos trabajan aunque la lista de feriados diga que no.",
        examples=["[2026-11-06]"],
    )
    corte: Hora = Field(
        default=CORTE,
        description="Hora de Argentina hasta la que un archivo es del mismo día hábil; después, es del siguiente.",
        examples=["14:30:00"],
    )
