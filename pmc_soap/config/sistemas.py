"""The second instance: the empresa's own system, which a consulta is asked of. Values only; wiring builds from them."""

from typing import Annotated, Any, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, Field, model_validator

from pmc_soap.config.conectores import (
    EN_CENTAVOS,
    FORMATO_FECHA,
    TABLA_SQL,
    ConCodigo,
    ConCredencial,
    ConEncabezados,
    Formato,
)
from pmc_soap.config.errores import wrong
from pmc_soap.config.secretos import UrlSql
from pmc_soap.config.tabla import Select, Tabla, Texto, Url, UrlPlantilla


def _is_expresion(said: str) -> str:
    try:
        jmespath.compile(said)
    except JMESPathError:
        raise wrong("no es una expresión JMESPath") from None
    return said


Expresion = Annotated[Texto, AfterValidator(_is_expresion)]


def _campo(what: str, example: str) -> Any:
    return Field(default=None, description=f"Dónde dice la empresa {what}.", examples=[f'"{example}"'])


def _campo_required(what: str, example: str) -> Any:
    return Field(description=f"Dónde dice la empresa {what}.", examples=[f'"{example}"'])


class CamposSettings(Tabla):
    """Where each of our words stands in one factura of the empresa's answer: expressions of JMESPath."""

    id_factura: Expresion = _campo_required("el identificador de la factura", "numero")
    importe: Expresion = _campo_required("el importe del primer vencimiento", "total")
    vencimiento: Expresion = _campo_required("la fecha del primer vencimiento", "vence")
    id_cliente: Expresion | None = _campo(
        "el identificador del cliente; sin esta clave, el que se consultó", "cliente.id"
    )
    importe_2: Expresion | None = _campo("el importe del segundo vencimiento", "total_2")
    vencimiento_2: Expresion | None = _campo("la fecha del segundo vencimiento", "vence_2")
    importe_3: Expresion | None = _campo("el importe del tercer vencimiento", "total_3")
    vencimiento_3: Expresion | None = _campo("la fecha del tercer vencimiento", "vence_3")
    mensaje_pantalla: Expresion | None = _campo("lo que se lee en la pantalla de PMC (15 caracteres)", "concepto")
    mensaje_ticket: Expresion | None = _campo("lo que se lee en el comprobante (40 caracteres)", "detalle")
    nombre_cliente: Expresion | None = _campo("el nombre del cliente", "cliente.nombre")
    cuit_cliente: Expresion | None = _campo("el CUIT del cliente", "cliente.cuit")
    codigo_barras: Expresion | None = _campo("el código de barras", "barras")
    tipo_importe: Expresion | None = _campo("el tipo de importe: CERRADO, ABIERTO o RANGO", "tipo")
    importe_minimo: Expresion | None = _campo("el importe mínimo de un RANGO", "minimo")
    importe_maximo: Expresion | None = _campo("el importe máximo de un RANGO", "maximo")
    moneda: Expresion | None = _campo("la moneda; sin esta clave, ARS", "moneda")

    @property
    def expresiones(self) -> dict[str, str]:
        """Give those that are said: our name → expression."""
        return self.model_dump(exclude_none=True)


class SistemaSoap(ConCredencial):
    """A system that speaks the same contract."""

    tipo: Literal["soap"] = Field(description="Otro servicio SOAP, con este mismo contrato.")
    url: Url = Field(
        description="Dirección del servicio, que atiende ConsultaDeuda según wsdl/pagomiscuentas.wsdl.",
        examples=['"https://erp.ejemplo.com.ar/pmc"'],
    )


class SistemaJson(ConEncabezados):
    """A system that answers JSON over HTTP."""

    tipo: Literal["json"] = Field(description="Un servicio que contesta JSON por HTTP.")
    url: UrlPlantilla = Field(
        description=(
            "Dirección que se consulta. Puede tener {id_cliente}, {id_factura}, {codigo_barras} y {codigo_empresa}."
        ),
        examples=['"https://erp.ejemplo.com.ar/deuda/{id_cliente}"'],
    )
    metodo: Literal["GET", "POST"] = Field(default="GET", description="El método HTTP.", examples=['"POST"'])
    cuerpo: dict[str, Any] | None = Field(
        default=None,
        description="Lo que se manda como JSON con POST; sus textos admiten lo mismo entre llaves que «url».",
        examples=['{ cliente = "{id_cliente}" }'],
    )
    lista: Expresion = Field(
        default="facturas",
        description="Dónde está, en la respuesta, la lista de facturas (JMESPath).",
        examples=['"datos.comprobantes"'],
    )
    campos: CamposSettings = Field(description="Dónde está cada dato en una factura de la lista (JMESPath).")
    en_centavos: bool = Field(default=False, description=EN_CENTAVOS, examples=["true"])
    formato_fecha: Formato | None = Field(default=None, description=FORMATO_FECHA, examples=['"%d/%m/%Y"'])

    @model_validator(mode="after")
    def _body(self) -> Self:
        if self.cuerpo is not None and self.metodo == "GET":
            raise wrong('necesita metodo = "POST"', "cuerpo")
        return self


class SistemaSql(Tabla):
    """A system whose database is asked."""

    tipo: Literal["sql"] = Field(description="La base de datos de la empresa.")
    url: UrlSql = Field(description=TABLA_SQL, examples=['{ archivo = "/run/secrets/erp_url" }'])
    consulta: Select = Field(
        description=(
            "SELECT que da las facturas; sus columnas llevan nuestros nombres"
            " y sus parámetros son :id_cliente, :id_factura, :codigo_barras, :codigo_empresa y :maximo."
        ),
        examples=['"SELECT id_factura, importe, vencimiento FROM deuda WHERE cliente = :id_cliente"'],
    )
    cliente: Select | None = Field(
        default=None,
        description="SELECT que da una fila si el cliente existe: distingue «sin deuda» de «cliente inexistente».",
        examples=['"SELECT 1 FROM cliente WHERE id = :id_cliente"'],
    )
    en_centavos: bool = Field(default=False, description=EN_CENTAVOS, examples=["true"])
    formato_fecha: Formato | None = Field(default=None, description=FORMATO_FECHA, examples=['"%d/%m/%Y"'])


class SistemaPython(ConCodigo):
    """A system behind code of the empresa's own, which is a Sistema of operations/ports.py."""

    tipo: Literal["python"] = Field(description="Código propio de la empresa.")


Sistema = Annotated[SistemaSoap | SistemaJson | SistemaSql | SistemaPython, Field(discriminator="tipo")]
