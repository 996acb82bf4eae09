"""Who enters the consola, and what each role may do there: one table, which the pages and an auditor both read."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pmc_soap.domain.valor import value


class Rol(StrEnum):
    """What a person is for."""

    INTEGRADOR = "integrador"
    OPERADOR = "operador"
    FINANZAS = "finanzas"
    AUDITOR = "auditor"
    ADMINISTRADOR = "administrador"


class Permiso(StrEnum):
    """What may be done in the consola. VER is to enter and read, with personal data masked."""

    VER = "VER"
    VER_PERSONALES = "VER_PERSONALES"
    VER_AUDITORIA = "VER_AUDITORIA"
    VER_CONFIGURACION = "VER_CONFIGURACION"
    EXPORTAR = "EXPORTAR"
    CARGAR = "CARGAR"
    OPERAR = "OPERAR"
    RESOLVER_PUENTE = "RESOLVER_PUENTE"
    CONCILIAR = "CONCILIAR"
    SIMULAR = "SIMULAR"
    ADMINISTRAR = "ADMINISTRAR"


_P = Permiso
PERMISOS: Mapping[Rol, frozenset[Permiso]] = MappingProxyType(
    {
        Rol.INTEGRADOR: frozenset({_P.VER, _P.VER_CONFIGURACION, _P.SIMULAR}),
        Rol.OPERADOR: frozenset(
            {_P.VER, _P.VER_PERSONALES, _P.EXPORTAR, _P.CARGAR, _P.OPERAR, _P.RESOLVER_PUENTE, _P.SIMULAR}
        ),
        Rol.FINANZAS: frozenset({_P.VER, _P.VER_PERSONALES, _P.EXPORTAR, _P.RESOLVER_PUENTE, _P.CONCILIAR}),
        Rol.AUDITOR: frozenset({_P.VER, _P.VER_PERSONALES, _P.EXPORTAR, _P.VER_AUDITORIA, _P.VER_CONFIGURACION}),
        Rol.ADMINISTRADOR: frozenset(Permiso),
    }
)


@value
class Usuario:
    """A person who entered. usuario is the short name that acts are signed with."""

    usuario: str
    nombre: str
    rol: Rol

    def puede(self, permiso: Permiso) -> bool:
        """Tell whether this person may do it."""
        return permiso in PERMISOS[self.rol]
