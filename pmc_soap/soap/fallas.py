"""SOAP faults, where there is no business answer: one row a cause, never a library's text or a value of the request."""

from enum import Enum
from typing import NamedTuple

import pmc_soap.soap.spyne_compat  # noqa: F401 — before any spyne

# isort: split
from spyne import Fault

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ERROR = "500 Internal Server Error"  # several stacks lose a fault that comes with any other status
UNAUTHORIZED = "401 Unauthorized"


class Falla(NamedTuple):
    """One row: stable code, SOAP 1.1 faultcode, es-AR text, what to do, HTTP status.

    repetible: the same request may succeed later; nombra_campo: the detail may name the element at fault.
    """

    codigo: str
    faultcode: str
    texto: str
    que_hacer: str
    status: str = ERROR
    repetible: bool = False
    nombra_campo: bool = False


class Causa(Enum):
    """Every cause of a fault. A Server fault means: not recorded, or recorded idempotently; repeating is safe."""

    NO_ES_XML = Falla(
        "PMC-1001", "Client", "El pedido no es un documento XML bien formado.", "Revisá el XML que envía tu sistema."
    )
    DOCTYPE = Falla(
        "PMC-1002",
        "Client",
        "El pedido trae un DOCTYPE o una instrucción de proceso, que no se admiten.",
        "Enviá el sobre SOAP sin DOCTYPE ni instrucciones de proceso.",
    )
    NO_ES_SOAP = Falla(
        "PMC-1003",
        "Client",
        "El pedido no es un sobre SOAP con un Body y una sola operación.",
        "Armá el pedido con el WSDL publicado en esta dirección, agregando ?wsdl.",
    )
    OTRA_VERSION = Falla(
        "PMC-1004", "VersionMismatch", "El sobre no es de SOAP 1.1.", f"Usá el espacio de nombres {ENVELOPE}."
    )
    ENCABEZADO = Falla(
        "PMC-1005",
        "MustUnderstand",
        "El pedido exige un encabezado SOAP que este servicio no conoce.",
        "Quitá el encabezado o su mustUnderstand.",
    )
    OPERACION = Falla(
        "PMC-1006",
        "Client",
        "La operación no existe en esta dirección.",
        "Revisá el nombre, el espacio de nombres y la dirección en el WSDL.",
    )
    SOAP_ACTION = Falla(
        "PMC-1007",
        "Client",
        "El encabezado SOAPAction nombra otra operación que el cuerpo del pedido.",
        "Dejá SOAPAction vacío o con el valor del WSDL.",
    )
    CONTRATO = Falla(
        "PMC-1008",
        "Client",
        "Un dato del pedido no respeta el contrato.",
        "Compará el campo indicado con el WSDL: tipo, largo, formato, orden y obligatoriedad.",
        nombra_campo=True,
    )
    DEMASIADO_GRANDE = Falla(
        "PMC-1009",
        "Client",
        "El pedido es demasiado grande.",
        "Enviá hasta 64 KiB a PagoMisCuentas o 512 KiB a Empresa, o partí el pedido.",
    )
    TIPO_DE_CONTENIDO = Falla(
        "PMC-1010",
        "Client",
        "El tipo de contenido o su codificación no se admiten.",
        "Usá text/xml en utf-8, us-ascii, iso-8859-1, windows-1252 o utf-16, sin comprimir.",
    )
    HTTP = Falla(
        "PMC-1011",
        "Client",
        "El pedido HTTP está mal formado.",
        "Revisá los encabezados HTTP que envía tu sistema: su forma, su largo (hasta 8 KiB) y Content-Length.",
    )
    LIMITE = Falla(
        "PMC-1012",
        "Client",
        "El pedido supera un límite de forma: profundidad, cantidad de elementos o atributos, o largo de un texto.",
        "Enviá solo lo que pide el WSDL; los límites están en /ayuda/errores/.",
    )
    LENTO = Falla(
        "PMC-1013",
        "Client",
        "El pedido no terminó de llegar a tiempo.",
        "Enviá el pedido completo en menos de 3 segundos.",
        repetible=True,
    )
    SIN_CREDENCIAL = Falla(
        "PMC-2001",
        "Client",
        "El pedido no trae credencial.",
        "Enviá el Token en la Cabecera, o usuario y contraseña por HTTP Basic.",
        UNAUTHORIZED,
    )
    CREDENCIAL = Falla(
        "PMC-2002",
        "Client",
        "La credencial no es válida para esta empresa en esta dirección.",
        "Revisá el token, el CodigoEmpresa y la dirección; si cambió la credencial, usá la nueva.",
    )
    DIRECCION = Falla(
        "PMC-2003",
        "Client",
        "La dirección de red desde la que se llama no está habilitada.",
        "Llamá desde una dirección habilitada, o pedí que se habilite la tuya.",
    )
    INTENTOS = Falla(
        "PMC-2004",
        "Client",
        "Demasiados intentos seguidos con credenciales que no son válidas.",
        "Corregí la credencial y volvé a llamar después de un minuto.",
    )
    UN_SOLO_USO = Falla(
        "PMC-2005",
        "Client",
        "El UsernameToken con resumen venció, viene del futuro o ya se usó.",
        "Generá Nonce y Created nuevos en cada pedido, y revisá la hora de tu sistema.",
    )
    INTERNO = Falla(
        "PMC-9001",
        "Server",
        "Error interno; el pedido puede repetirse sin riesgo.",
        "Repetí el pedido igual. Si continúa, avisá con el IdPedido.",
        repetible=True,
    )
    BASE_NO_DISPONIBLE = Falla(
        "PMC-9002",
        "Server",
        "La base de datos no responde; el pedido puede repetirse sin riesgo.",
        "Repetí el pedido igual en unos segundos.",
        repetible=True,
    )
    SOBRECARGA = Falla(
        "PMC-9003",
        "Server",
        "El servicio está atendiendo más pedidos de los que puede; este no se registró.",
        "Repetí el pedido igual en unos segundos.",
        repetible=True,
    )


class FallaSoap(Fault):
    """A fault on its way out: its cause, the element at fault, and the id of the request for support."""

    def __init__(self, causa: Causa, campo: str | None = None) -> None:
        super().__init__(causa.value.faultcode, causa.value.texto)
        self.causa = causa
        self.campo = campo


def cause_of(fault: BaseException) -> tuple[Causa, str | None]:
    """Give the cause that a caller is told; whatever we did not expect is INTERNO."""
    if isinstance(fault, FallaSoap):
        return fault.causa, fault.campo
    return Causa.INTERNO, None


def write_fault(fault: BaseException, id_pedido: str) -> bytes:
    """Write a whole SOAP 1.1 fault. Built by hand: it must not fail, whatever failed before."""
    causa, campo = cause_of(fault)
    falla = causa.value
    detalle = (
        f'<Falla xmlns="urn:pmc-soap:v1"><Codigo>{falla.codigo}</Codigo><IdPedido>{id_pedido}</IdPedido>'
        f"<QueHacer>{falla.que_hacer}</QueHacer>{f'<Campo>{campo}</Campo>' if campo else ''}</Falla>"
    )
    # SOAP 1.1 §4.4: detail speaks of the Body only
    detail = "" if falla.faultcode in {"MustUnderstand", "VersionMismatch"} else f"<detail>{detalle}</detail>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body><soap:Fault>'
        f"<faultcode>soap:{falla.faultcode}</faultcode><faultstring>{falla.codigo}: {falla.texto}</faultstring>"
        f"{detail}</soap:Fault></soap:Body></soap:Envelope>"
    ).encode("ascii", "xmlcharrefreplace")
