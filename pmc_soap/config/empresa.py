"""An empresa of this installation, as a table of the file; the operations know it as domain/empresa.Empresa."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from pmc_soap.config.archivos import ArchivosSettings
from pmc_soap.config.destinos import Destino
from pmc_soap.config.llamadores import ConLlamador
from pmc_soap.config.planilla import PlanillaSettings
from pmc_soap.config.sistemas import Sistema
from pmc_soap.config.tabla import Entero, Tabla, Texto
from pmc_soap.domain.empresa import PULL, CodigoAdmitido, Empresa, PoliticaConsulta, PoliticaImporte, Servicio

CodigoEmpresa = Annotated[str, StringConstraints(pattern="^[A-Z0-9]{4}$")]
NombreDestino = Annotated[str, StringConstraints(pattern="^[a-z0-9_-]{1,20}$")]


class CodigoSettings(Tabla):
    """A code that the empresa is called by."""

    codigo: CodigoEmpresa = Field(description="Un código de 4 caracteres en PagoMisCuentas.", examples=['"1234"'])
    hasta: date | None = Field(
        default=None,
        description="Último día en que se atiende con ese código. Sin esta clave, siempre.",
        examples=["2027-03-31"],
    )


class EmpresaSettings(ConLlamador):
    """One empresa of this installation."""

    nombre: Texto = Field(description="Cómo se llama la empresa.", examples=['"Club Ejemplo"'])
    activa: bool = Field(default=True, description="Si se la atiende; si no, se contesta 20.", examples=["false"])
    servicios: list[Servicio] = Field(
        default=list(Servicio),
        description="Los servicios contratados con PagoMisCuentas; cada uno anda por separado.",
        examples=['["CONSULTA", "AVISO"]'],
    )
    codigos: list[CodigoSettings] = Field(
        default=[],
        description=(
            "Los códigos con que la llaman, el vigente primero, para cambiar de código sin cortes."
            " Los datos se guardan siempre con el código de la tabla. Sin esta clave, solo ese."
        ),
        examples=['[{ codigo = "1234" }, { codigo = "0987", hasta = 2027-03-31 }]'],
    )
    con_base: bool = Field(
        default=True,
        description="Si informa sus facturas (archivos o altas); si no, los avisos valen por sí solos.",
        examples=["false"],
    )
    pagar_en_orden: bool = Field(
        default=False, description="Si se exige pagar primero la factura más antigua.", examples=["true"]
    )
    politica_consulta: PoliticaConsulta = Field(
        default=PoliticaConsulta.BASE_LUEGO_EMPRESA,
        description="De dónde sale la respuesta a una consulta: la base informada, el sistema de la empresa o ambos.",
        examples=['"EMPRESA_LUEGO_BASE"'],
    )
    politica_importe: PoliticaImporte = Field(
        default=PoliticaImporte.EXACTO,
        description="Con qué importe queda paga una factura de importe cerrado: el exacto, uno no menor, o cualquiera.",
        examples=['"ADMITE_MAYOR"'],
    )
    gracia_dias: Entero = Field(
        default=0,
        ge=0,
        le=365,
        description="Días después del último vencimiento en que la factura todavía se puede pagar, al último importe.",
        examples=["5"],
    )
    plazo_consulta_ms: Entero = Field(
        default=4000,
        ge=500,
        le=10_000,
        description="Milisegundos en que se contesta una consulta, pase lo que pase con el sistema de la empresa.",
        examples=["3000"],
    )
    memoria_consulta_minutos: Entero = Field(
        default=15,
        ge=0,
        le=24 * 60,
        description="Minutos en que vale lo último que dijo el sistema de la empresa, si deja de contestar.",
        examples=["60"],
    )
    ventana_duplicado_minutos: Entero = Field(
        default=10,
        ge=0,
        le=24 * 60,
        description="Minutos en que un aviso igual a otro, sin identificadores, es el mismo.",
        examples=["5"],
    )
    plazo_reversa_horas: Entero = Field(
        default=72, ge=1, le=24 * 365, description="Horas tras las que una reversa se contesta 32.", examples=["24"]
    )
    codigos_resultado: dict[
        Annotated[str, StringConstraints(pattern="^[0-9]{2}$")],
        Annotated[str, StringConstraints(min_length=1, max_length=10)],
    ] = Field(
        default={},
        description="Los códigos que pide su manual, en lugar de los nuestros: de dos cifras a 1 a 10 caracteres.",
        examples=['{ "05" = "12" }'],
    )
    archivos: ArchivosSettings = Field(
        default=ArchivosSettings(), description="Qué se hace con los archivos de facturas de la empresa."
    )
    planilla: PlanillaSettings = Field(
        default=PlanillaSettings(), description="Cómo escribe la empresa sus planillas de facturas, CSV o Excel."
    )
    sistema: Sistema | None = Field(
        default=None, description="La segunda instancia: el sistema de la empresa, al que se le consulta la deuda."
    )
    destinos: dict[NombreDestino, Destino] = Field(
        default={}, description="Adónde se llevan los avisos. Sin ninguno, la empresa los busca con ObtenerAvisos."
    )

    @property
    def nombres_destinos(self) -> tuple[str, ...]:
        """Name its destinos in the order of the file."""
        return tuple(self.destinos) or (PULL,)

    def empresa(self, codigo_empresa: str) -> Empresa:
        """Give the empresa as the operations know it."""
        return Empresa(
            codigo_empresa=codigo_empresa,
            nombre=self.nombre,
            servicios=frozenset(self.servicios),
            activa=self.activa,
            codigos=tuple(CodigoAdmitido(codigo=said.codigo, hasta=said.hasta) for said in self.codigos),
            con_base=self.con_base,
            pagar_en_orden=self.pagar_en_orden,
            politica_consulta=self.politica_consulta,
            politica_importe=self.politica_importe,
            gracia_dias=self.gracia_dias,
            plazo_consulta=timedelta(milliseconds=self.plazo_consulta_ms),
            memoria_consulta=timedelta(minutes=self.memoria_consulta_minutos),
            ventana_duplicado=timedelta(minutes=self.ventana_duplicado_minutos),
            plazo_reversa=timedelta(hours=self.plazo_reversa_horas),
            destinos=self.nombres_destinos,
            retiro_maximo_porciento=self.archivos.retiro_maximo_porciento,
        )
