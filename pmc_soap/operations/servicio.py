"""Whether an empresa exists, is active and has switched on the service that a request needs."""

from pmc_soap.domain.empresa import Empresa, Servicio
from pmc_soap.domain.resultado import Rejected, Resultado
from pmc_soap.operations.ports import Empresas, Owners


def require(empresas: Empresas, codigo_empresa: str, servicio: Servicio | None) -> Empresa:
    """Give the empresa, or raise Rejected: it does not exist, is not active, or has not the service asked for."""
    empresa = empresas.get(codigo_empresa)
    if empresa is None or not empresa.activa:
        raise Rejected(Resultado.EMPRESA_INEXISTENTE, "CodigoEmpresa")
    if servicio is not None and servicio not in empresa.servicios:
        raise Rejected(Resultado.SERVICIO_NO_HABILITADO)
    return empresa


def admit(empresas: Owners, codigo_empresa: str, servicio: Servicio) -> tuple[Empresa, Resultado]:
    """Give the empresa whose money this is, and how its sender is answered: money is kept even where it has no home."""
    try:
        return require(empresas, codigo_empresa, servicio), Resultado.EXITOSA
    except Rejected as rejected:
        empresa = empresas.owner(codigo_empresa)
        nobody = Empresa(codigo_empresa=codigo_empresa, nombre="", servicios=frozenset())
        return empresa or nobody, rejected.ending.resultado
