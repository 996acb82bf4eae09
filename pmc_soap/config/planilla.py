"""How an empresa writes its facturas in a spreadsheet, as a table of the file."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from pmc_soap.config.conectores import Formato
from pmc_soap.config.errores import wrong
from pmc_soap.config.tabla import Tabla, Texto
from pmc_soap.files.planilla.columnas import COLUMNAS, FECHAS, Planilla, SignoDecimal, find_clash


def _columna(name: str, example: str) -> Any:
    described = f"Cómo se llama la columna «{name}». {COLUMNAS[name].about}."
    return Field(default=None, description=described, examples=[f'"{example}"'])


class ColumnasSettings(Tabla):
    """What the empresa calls each column; one that it does not name has our name."""

    id_cliente: Texto | None = _columna("id_cliente", "Nro. de socio")
    id_factura: Texto | None = _columna("id_factura", "Comprobante")
    vencimiento: Texto | None = _columna("vencimiento", "Vence")
    importe: Texto | None = _columna("importe", "Total")
    vencimiento_2: Texto | None = _columna("vencimiento_2", "2do vto.")
    importe_2: Texto | None = _columna("importe_2", "Total 2do vto.")
    vencimiento_3: Texto | None = _columna("vencimiento_3", "3er vto.")
    importe_3: Texto | None = _columna("importe_3", "Total 3er vto.")
    mensaje_ticket: Texto | None = _columna("mensaje_ticket", "Detalle")
    mensaje_pantalla: Texto | None = _columna("mensaje_pantalla", "Concepto")
    codigo_barras: Texto | None = _columna("codigo_barras", "Barras")
    nombre_cliente: Texto | None = _columna("nombre_cliente", "Socio")
    cuit_cliente: Texto | None = _columna("cuit_cliente", "CUIT")
    referencia_anterior: Texto | None = _columna("referencia_anterior", "Nro. anterior")
    moneda: Texto | None = _columna("moneda", "Mon.")
    tipo_importe: Texto | None = _columna("tipo_importe", "Tipo")
    importe_minimo: Texto | None = _columna("importe_minimo", "Mínimo")
    importe_maximo: Texto | None = _columna("importe_maximo", "Máximo")


def _all_apart(said: ColumnasSettings) -> ColumnasSettings:
    twice = find_clash(Planilla(columnas=said.model_dump(exclude_none=True)))
    if twice is not None:
        raise wrong(f"usa el nombre «{twice}» para dos columnas")
    return said


class PlanillaSettings(Tabla):
    """How its planillas are written; what is not said is found out file by file."""

    columnas: Annotated[ColumnasSettings, AfterValidator(_all_apart)] = Field(
        default=ColumnasSettings(), description="Cómo se llaman las columnas; las que no se nombran, como las nuestras."
    )
    decimal: SignoDecimal | None = Field(
        default=None,
        description=(
            "Qué separa los centavos. Sin esta clave se entiende cada importe por sí solo,"
            " y el que se puede leer de dos modos («1.500») se rechaza."
        ),
        examples=['"COMA"'],
    )
    formatos_fecha: list[Formato] = Field(
        default=list(FECHAS),
        min_length=1,
        description="Cómo se escriben las fechas que son texto (strptime), en el orden en que se prueban.",
        examples=['["%d/%m/%y"]'],
    )
    separador: Annotated[str, StringConstraints(pattern=r"^[;,|\t]$")] | None = Field(
        default=None,
        description="Qué separa las celdas de un CSV: «;», «,», una barra o una tabulación; si no, se averigua.",
        examples=['";"'],
    )
    codificacion: Literal["utf-8", "windows-1252"] | None = Field(
        default=None,
        description="Cómo están escritas las letras de un CSV. Sin esta clave, se averigua línea por línea.",
        examples=['"windows-1252"'],
    )
    hoja: Texto | None = Field(
        default=None,
        description="La hoja del libro de Excel que se lee. Sin esta clave, la primera a la vista.",
        examples=['"Deuda"'],
    )

    @property
    def planilla(self) -> Planilla:
        """Give it as who reads planillas knows it."""
        return Planilla(
            columnas=self.columnas.model_dump(exclude_none=True),
            decimal=self.decimal,
            fechas=tuple(self.formatos_fecha),
            separador=self.separador,
            codificacion=self.codificacion,
            hoja=self.hoja,
        )
