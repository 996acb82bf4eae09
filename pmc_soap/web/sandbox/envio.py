"""Sends what a person plays, and leaves written who it was, where that is no toy."""

from collections.abc import Sequence

from pmc_soap.web.consola.acceso import usuario
from pmc_soap.web.sandbox.puertas import Dicho, Intercambio, Sandbox


def send(sandbox: Sandbox, operacion: str, said: Dicho, *, twice: bool = False) -> Sequence[Intercambio]:
    """Send something that changes what is kept, once or twice at the same moment."""
    sent = sandbox.send_twice(operacion, said) if twice else [sandbox.send(operacion, said)]
    if not sandbox.abierto:
        who = usuario().usuario
        for each in sent:
            id_aviso = each.dicho.get("IdAviso")
            codigo = each.falla.codigo if each.falla else each.resultado.get("Codigo")
            sandbox.note(who, operacion, {**said, "Codigo": codigo}, str(id_aviso) if id_aviso else None)
    return sent
