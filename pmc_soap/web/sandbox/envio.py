"""Sends what a person plays: names are veiled from who may not see them, and where it counts it stays written who."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pmc_soap.web.consola.acceso import personal, puede, usuario
from pmc_soap.web.sandbox.puertas import Dicho, Intercambio, Sandbox

_NOMBRE = re.compile(r"(<(?:\w+:)?NombreCliente>)([^<]*)(?=</)")


def ask(sandbox: Sandbox, said: Dicho) -> Intercambio:
    """Ask what is owed."""
    return _veiled(sandbox, sandbox.send("ConsultaDeuda", said))


def send(sandbox: Sandbox, operacion: str, said: Dicho, *, twice: bool = False) -> Sequence[Intercambio]:
    """Send something that changes what is kept, once or twice at the same moment."""
    sent = sandbox.send_twice(operacion, said) if twice else [sandbox.send(operacion, said)]
    if not sandbox.abierto:
        who = usuario().usuario
        for each in sent:
            id_aviso = each.dicho.get("IdAviso")
            codigo = each.falla.codigo if each.falla else each.resultado.get("Codigo")
            sandbox.note(who, operacion, {**said, "Codigo": codigo}, str(id_aviso) if id_aviso else None)
    return [_veiled(sandbox, each) for each in sent]


def kept(sandbox: Sandbox, id_aviso: str) -> Sequence[Intercambio]:
    """Give the exchange that an aviso came in with, or none."""
    found = sandbox.kept(id_aviso, sandbox.abierto or puede("VER_PERSONALES"))
    return [found] if found else []


def _veiled(sandbox: Sandbox, intercambio: Intercambio) -> Intercambio:
    if sandbox.abierto or puede("VER_PERSONALES"):
        return intercambio
    nombre = intercambio.dicho.get("NombreCliente")
    return replace(
        intercambio,
        dicho={**intercambio.dicho, "NombreCliente": personal(nombre)} if nombre else intercambio.dicho,
        respuesta=_NOMBRE.sub(lambda found: found[1] + personal(found[2]), intercambio.respuesta),
    )
