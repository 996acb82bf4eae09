"""Who may enter the consola: everybody, their roles, and what each role may do."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pmc_soap.domain.usuario import PERMISOS, Permiso, Rol
from pmc_soap.operations.libro_usuarios import Negado
from pmc_soap.web.consola.acceso import requires, usuario
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.reparos import REPAROS
from pmc_soap.web.mensajes import go

PERMISO_DICHO = {
    Permiso.VER: "Entrar y mirar, con los datos personales tapados",
    Permiso.VER_PERSONALES: "Ver nombres y CUIT",
    Permiso.VER_AUDITORIA: "Ver la auditoría",
    Permiso.VER_CONFIGURACION: "Ver la configuración y las credenciales, sin los secretos",
    Permiso.EXPORTAR: "Bajar informes",
    Permiso.CARGAR: "Cargar archivos, dar facturas de alta y de baja, generar FAC",
    Permiso.OPERAR: "Reenviar, detener y recuperar avisos",
    Permiso.RESOLVER_PUENTE: "Imputar o devolver lo que está en el puente",
    Permiso.CONCILIAR: "Conciliar archivos COB y cerrar días",
    Permiso.SIMULAR: "Jugar a ser PagoMisCuentas en el sandbox",
    Permiso.ADMINISTRAR: "Dar entrada a otras personas, crear credenciales",
}


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/usuarios")
    @requires(Permiso.ADMINISTRAR)
    def usuarios() -> ResponseReturnValue:
        return _page(casa)

    @pages.post("/usuarios")
    @requires(Permiso.ADMINISTRAR)
    def usuarios_alta() -> ResponseReturnValue:
        said = {name: request.form.get(name, "") for name in ("usuario", "nombre", "rol")}
        try:
            clave = casa.usuarios.add(
                said["usuario"], said["nombre"], _rol(said["rol"]), None, operador=usuario().usuario
            )
        except Negado as negado:
            return _page(casa, error=REPAROS[negado.reparo], said=said), 422
        return _page(casa, unica=(said["usuario"].strip().lower(), clave or ""))

    @pages.post("/usuarios/<de>")
    @requires(Permiso.ADMINISTRAR)
    def usuarios_cambio(de: str) -> ResponseReturnValue:
        accion, who = request.form.get("accion", ""), usuario().usuario
        try:
            match accion:
                case "rol":
                    casa.usuarios.change(de, rol=_rol(request.form.get("rol", "")), operador=who)
                case "baja" | "alta":
                    casa.usuarios.change(de, activo=accion == "alta", operador=who)
                case "clave":
                    return _page(casa, unica=(de, casa.usuarios.set_clave(de, None, operador=who) or ""))
                case _:
                    abort(400)
        except Negado as negado:
            return go(url_for("consola.usuarios"), REPAROS[negado.reparo], "mal")
        return go(url_for("consola.usuarios"), f"Listo: cambió {de}. Sus sesiones terminaron.")


def _page(casa: Casa, error: str = "", said: dict[str, str] | None = None, unica: tuple[str, str] | None = None) -> str:
    return render_template(
        "consola/usuarios.html",
        personas=casa.usuarios.list(),
        roles=list(Rol),
        opciones=[(rol.value, rol.value) for rol in Rol],
        permisos=PERMISOS,
        dicho=PERMISO_DICHO,
        error=error,
        said=said or {},
        unica=unica,
    )


def _rol(said: str) -> Rol:
    if said not in set(Rol):
        abort(400)
    return Rol(said)
