"""The menu of the consola: one row a page. A page that a role may not see is not offered to it."""

from typing import NamedTuple

from pmc_soap.domain.usuario import Permiso
from pmc_soap.web.consola.acceso import puede


class Seccion(NamedTuple):
    """One entry: the endpoint it leads to, its title, its group, and what it takes to see it."""

    endpoint: str
    titulo: str
    grupo: str
    permiso: Permiso = Permiso.VER

    @property
    def visible(self) -> bool:
        """Tell whether who looks may see it."""
        return puede(self.permiso)

    def holds(self, endpoint: str | None) -> bool:
        """Tell whether that endpoint is the page of the section, or one below it."""
        return endpoint is not None and (endpoint == self.endpoint or endpoint.startswith(f"{self.endpoint}_"))


OPERACION, COBRANZA, BASE, SISTEMA = "Operación", "Cobranza", "Base", "Sistema"

# Endpoints are "consola.PAGE" for a page of its own and "consola.PAGE_…" for those below it.
SECCIONES: tuple[Seccion, ...] = (
    Seccion("consola.inicio", "Tablero", OPERACION),
    Seccion("consola.intercambios", "Intercambios", OPERACION),
    Seccion("consola.alertas", "Alertas", OPERACION),
    Seccion("consola.avisos", "Avisos", OPERACION),
    Seccion("consola.seguir", "¿Dónde está mi pago?", OPERACION),
    Seccion("consola.pagos", "Pagos", COBRANZA),
    Seccion("consola.puente", "Puente", COBRANZA),
    Seccion("consola.conciliacion", "Conciliación", COBRANZA),
    Seccion("consola.facturables", "Consultas facturables", COBRANZA),
    Seccion("consola.facturas", "Facturas", BASE),
    Seccion("consola.cargas", "Cargas", BASE),
    Seccion("consola.exportaciones", "FAC para PMC", BASE),
    Seccion("consola.estado", "Estado", SISTEMA),
    Seccion("consola.configuracion", "Configuración", SISTEMA, Permiso.VER_CONFIGURACION),
    Seccion("consola.credenciales", "Credenciales", SISTEMA, Permiso.VER_CONFIGURACION),
    Seccion("consola.auditoria", "Auditoría", SISTEMA, Permiso.VER_AUDITORIA),
    Seccion("consola.usuarios", "Usuarios", SISTEMA, Permiso.ADMINISTRAR),
)
