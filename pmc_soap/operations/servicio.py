"""Whether an empresa exists, is active and has switched on the service that a request needs."""

from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.operations.ports import Empresas


def require(empresas: Empresas, codigo_empresa: str, servicio: Servicio) -> Empresa:
    """Give the empresa, or raise Rejected: it does not exist, is not active, or has not that service."""
    empresa = empresas.get(codigo_empresa)
    if empresa is None or not empresa.activa:
        raise Rejected(Resultado.EMPRESA_INEXISTENTE, "CodigoEmpresa")
    if servicio not in empresa.servicios:
        raise Rejected(Resultado.SERVICIO_NO_HABILITADO)
    return empresa
