"""Shows the consola the configuration that this process serves with, and makes secrets for those who may call."""

import json
from collections.abc import Sequence

from pmc_soap.config import ConLlamador, Settings, toml, vista
from pmc_soap.config.edicion import RED, prefix
from pmc_soap.soap import credenciales
from pmc_soap.web.consola.casa import Ajuste, Credencial, Llamador, Secreto


class Instalacion:
    """The settings in force."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def ajustes(self) -> Sequence[Ajuste]:
        """Give every key, in the order of its tables; no secret among them."""
        found = vista.ajustes(self._settings)
        return [Ajuste(".".join(each.path), toml.write(each.valor), each.que_es, each.dicho) for each in found]

    def llamadores(self) -> Sequence[Llamador]:
        """Give who may call."""
        empresas = [_llamador(codigo, said.nombre, said) for codigo, said in self._settings.empresas.items()]
        return [_llamador(RED, "PagoMisCuentas", self._settings.pagomiscuentas), *empresas]

    def issue(self, usuario: str) -> Secreto:
        """Make a secret, which nothing keeps; raises ValueError for what cannot be a usuario."""
        if not credenciales.can_be_usuario(usuario):
            raise ValueError(usuario)
        secreto = credenciales.issue()
        said = json.dumps(usuario, ensure_ascii=False)
        return Secreto(secreto, f'{{ usuario = {said}, hash = "{credenciales.hash_secret(secreto)}" }}')


def _llamador(codigo: str, nombre: str, said: ConLlamador) -> Llamador:
    return Llamador(
        codigo,
        nombre,
        [Credencial(each.usuario, prefix(each.hash), each.hasta) for each in said.credenciales],
        said.certificados,
        said.redes,
    )
