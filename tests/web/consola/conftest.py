"""The pages of the consola on a gateway with the world of the tests, as a person of any role sees and uses them."""

import pytest
from persona import Persona

from pmc_soap.domain.usuario import Rol, Usuario
from pmc_soap.wiring import paginas


@pytest.fixture
def entrar(gateway):
    """Give what lets a person in with that role; each is a browser of its own."""

    def enter(rol=Rol.ADMINISTRADOR):
        who = Usuario(usuario=str(rol), nombre=f"Prueba de {rol}", rol=rol)
        casa = paginas.build_casa(gateway.house)
        casa = type(casa)(**{**casa.__dict__, "quien": lambda _: (who, False)})
        return Persona(paginas.build_with(gateway.house, ["/soap/v1/pagomiscuentas", "/soap/v1/empresa"], casa))

    return enter


@pytest.fixture
def persona(entrar):
    """Give somebody who may do everything."""
    return entrar()
