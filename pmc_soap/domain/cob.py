"""A COB as it is kept: a file that PMC made of one day, its lines with what became of each, and the day once closed.

Importes are centavos; fecha is the day of the file, on which its money is credited.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.conciliacion import Desenlace, Regla
from pmc_soap.domain.valor import value


class Balde(StrEnum):
    """The five heaps that finance counts; SOLO_EN_AVISO holds pagos, the others lines."""

    CONCILIADO = "CONCILIADO"
    SOLO_EN_COB = "SOLO_EN_COB"
    SOLO_EN_AVISO = "SOLO_EN_AVISO"
    DIFERENCIAS = "DIFERENCIAS"
    INVALIDAS = "INVALIDAS"


BALDES: Mapping[Desenlace, Balde] = {
    Desenlace.CONCILIADO: Balde.CONCILIADO,
    Desenlace.SOLO_EN_COB: Balde.SOLO_EN_COB,
    Desenlace.DIF_IMPORTE: Balde.DIFERENCIAS,
    Desenlace.DIF_FECHA: Balde.DIFERENCIAS,
    Desenlace.REVERSADO_PERO_EN_COB: Balde.DIFERENCIAS,
    Desenlace.DUPLICADO_EN_COB: Balde.DIFERENCIAS,
    Desenlace.LINEA_INVALIDA: Balde.INVALIDAS,
}


class EstadoCob(StrEnum):
    """How far a file is: its lines are being kept, are meeting the pagos, or all have met theirs."""

    LEYENDO = "LEYENDO"
    CRUZANDO = "CRUZANDO"
    LISTO = "LISTO"


@value
class Cob:
    """One file. codigo_archivo is the code it names, codigo_empresa the one under which the empresa's data is kept.

    version counts the files of one day: the last one stands, those before it were corrected by it.
    """

    id: int
    codigo_empresa: str
    codigo_archivo: str
    fecha: date
    version: int
    nombre: str
    sha256: str
    estado: EstadoCob
    cantidad: int
    total_centavos: int
    recibido_utc: datetime
    terminado_utc: datetime | None = None


@value
class LineaLeida:
    """A line as the file has it: its cobro; or, of one that cannot be read as such, its text and why."""

    clave: str
    linea: int
    importe_centavos: int
    cobro: Cobro | None = None
    texto: str | None = None
    codigos: str | None = None


@value
class LineaGuardada:
    """A line of a cliente as it stands, and what changed about it since it was decided.

    de_baja: a corrected file has it no more. lista: its file is kept whole. reversada: its pago was taken back since.
    avisada: an aviso of the pago that was made of it came since. alertado: the last desenlace that was told a person.
    """

    id: int
    clave: str
    linea: int
    nombre: str
    fecha: date
    cobro: Cobro
    desenlace: Desenlace | None
    regla: Regla | None = None
    id_aviso: str | None = None
    alertado: Desenlace | None = None
    resuelta: bool = False
    lista: bool = True
    de_baja: bool = False
    reversada: bool = False
    avisada: bool = False
    cerrada: bool = False


@value
class Suma:
    """How many, and how much together."""

    cantidad: int = 0
    centavos: int = 0

    def __add__(self, other: "Suma") -> "Suma":
        return Suma(cantidad=self.cantidad + other.cantidad, centavos=self.centavos + other.centavos)


Cuadro = Mapping[Desenlace, Suma]
"""What became of the lines of a file or day: together they are its total, to the centavo."""
