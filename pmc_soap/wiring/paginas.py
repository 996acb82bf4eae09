"""Puts the pages together: what the consola and the help ask of the house."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from pmc_soap.config import Mode
from pmc_soap.domain.direcciones import Redes
from pmc_soap.domain.usuario import Rol, Usuario
from pmc_soap.files.informe.facturables import explain, rows
from pmc_soap.operations.diagnostico import look
from pmc_soap.operations.libro_usuarios import CLAVE_DE_DEMOSTRACION
from pmc_soap.operations.usuarios import read_usuario
from pmc_soap.soap.presentacion import present
from pmc_soap.web import app
from pmc_soap.web.consola.casa import Casa, DeDemostracion
from pmc_soap.web.sandbox.puertas import Erp, Sandbox
from pmc_soap.wiring import diagnostico, subidas
from pmc_soap.wiring.bajadas import Bajadas
from pmc_soap.wiring.contrato import read_contrato
from pmc_soap.wiring.errores import read_ayuda
from pmc_soap.wiring.facs import Facs
from pmc_soap.wiring.instalacion import Instalacion

if TYPE_CHECKING:
    from pmc_soap.wiring import House


def build(house: "House", soap_paths: Sequence[str], erp: Erp | None = None) -> WSGIApplication:
    """Build all pages. erp: the company's own system, where it is a toy that the sandbox may switch off."""
    return build_with(house, soap_paths, build_casa(house), erp)


def build_with(house: "House", soap_paths: Sequence[str], casa: Casa, erp: Erp | None = None) -> WSGIApplication:
    """Build all pages, the consola on that casa."""
    return app.build(
        ready=house.ledger.ready,
        mode=house.settings.mode.label,
        soap_paths=soap_paths,
        ayuda=read_ayuda(),
        contrato=read_contrato(),
        casa=casa,
        sandbox=_build_sandbox(house, erp) if house.settings.con_sandbox else None,
        proxies=Redes(house.settings.proxies),
    )


def _build_sandbox(house: "House", erp: Erp | None) -> Sandbox | None:
    from pmc_soap.wiring import sandbox  # noqa: PLC0415 — zeep, which only who plays pays for

    return sandbox.build(house, erp)


def build_casa(house: "House") -> Casa:
    """Give what the consola asks."""
    return Casa(
        empresas=house.by_own_code,
        clock=house.clock,
        quien=lambda token: _who(house, token),
        usuarios=house.usuarios,
        auditoria=house.ledger.auditoria,
        alertas=house.ledger.alertas,
        diagnosticar=lambda con_red: look(diagnostico.revisiones(house), con_red=con_red),
        instalacion=Instalacion(house.settings),
        intercambios=house.ledger.intercambios,
        presentar=present,
        note=house.ledger.libro_usuarios.note,
        bajadas=Bajadas(house),
        listado=house.ledger.listado,
        puente=house.puente,
        operador=house.operador,
        facturas_a_mano=house.facturas_a_mano,
        libro_cargas=house.ledger.libro_cargas,
        subidas=subidas.build(house),
        libro_exportaciones=house.ledger.libro_exportaciones,
        facs=Facs(house),
        conciliaciones=house.conciliaciones,
        cierres=house.cierres,
        is_habil=house.calendario.is_habil,
        seguimiento=house.seguimiento,
        facturables=house.facturables,
        explain_facturables=lambda one: [(situacion, cruce, explain(cruce)) for situacion, cruce in rows(one)],
        tablero=house.tablero,
        ayuda=read_ayuda(),
        public_url=(house.settings.public_url or "").rstrip("/"),
        de_demostracion=_of_the_demonstration() if house.settings.mode is Mode.DEMOSTRACION else None,
    )


def _who(house: "House", token: str | None) -> tuple[Usuario, bool] | None:
    found = house.usuarios.who(token)
    return (read_usuario(found), found.debe_cambiar) if found else None


def _of_the_demonstration() -> DeDemostracion:
    return DeDemostracion(CLAVE_DE_DEMOSTRACION, [(rol.value, f"Entrar como {rol}") for rol in reversed(Rol)])
