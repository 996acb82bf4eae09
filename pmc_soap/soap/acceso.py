"""Who is let in: where a request comes from, what it shows, how often it was wrong (docs/adr/0013-quien-llama.md).

Nothing is written for a caller who has not shown a right credential, but for one alert a minute.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pmc_soap.domain.direcciones import Redes, behind_proxies, normalize, subscriber
from pmc_soap.domain.valor import value
from pmc_soap.operations.ports import Unavailable
from pmc_soap.soap.credenciales import Credenciales, Presented, Resumen
from pmc_soap.soap.fallas import Causa, FallaSoap
from pmc_soap.soap.intentos import Intentos, Quien
from pmc_soap.soap.un_solo_uso import UnSoloUso

log = logging.getLogger(__name__)

NETWORK = "PagoMisCuentas"
BLOQUEADOS, SIN_BLOQUEAR = "INTENTOS_BLOQUEADOS", "INTENTOS_SIN_BLOQUEAR"
ANYWHERE = NOWHERE = Redes(())  # no networks: what they are to hold decides
_VERIFIED = "SUCCESS"

Alert = Callable[[str, str], None]  # codigo_empresa (empty: none of ours), motivo; raises Unavailable


@dataclass(frozen=True, slots=True)
class Llamador:
    """Whoever sends a request. direccion is None if it came over a unix socket and no proxy said from where."""

    direccion: str | None
    certificado: str | None = None


@value
class Puerta:
    """Besides credentials, what tells one caller: the subjects of its certificates, and where it may call from."""

    certificados: frozenset[str] = frozenset()
    redes: Redes = ANYWHERE


@value
class Frente:
    """What stands in front of us: our proxies, and the headers in which they pass a client certificate."""

    proxies: Redes = NOWHERE
    encabezado_certificado: str = "X-Cliente-Certificado"
    encabezado_verificado: str = "X-Cliente-Verificado"


_NADIE, _ALONE = Puerta(), Frente()


class Acceso:
    """Lets in the network at its port, and each empresa at the other. Without un_solo_uso no digest is taken."""

    def __init__(
        self,
        credenciales: Credenciales,
        un_solo_uso: UnSoloUso | None = None,
        alert: Alert = lambda *_: None,
        *,
        network: Puerta = _NADIE,
        empresas: Mapping[str, Puerta] | None = None,
        frente: Frente = _ALONE,
        intentos: Intentos | None = None,
    ) -> None:
        self._credenciales, self._un_solo_uso, self._alert = credenciales, un_solo_uso, alert
        self._network, self._empresas = network, empresas or {}
        self._intentos = intentos or Intentos()
        self._proxies = frente.proxies
        self._certificado = _environ_key(frente.encabezado_certificado)
        self._verificado = _environ_key(frente.encabezado_verificado)
        every = [puerta.redes for puerta in self._empresas.values()]
        self._any_empresa = Puerta(redes=Redes(red for redes in every for red in redes) if all(every) else ANYWHERE)

    def who(self, environ: Mapping[str, Any]) -> Llamador:
        """Tell who sends a request; never raises. Headers are believed only of our own proxies.

        A certificate is believed only over a unix socket, to which servers give an address that is empty: whatever
        reaches a port, this machine's own included, could have been written by anybody.
        """
        peer = environ.get("REMOTE_ADDR")
        direccion = normalize(peer) if peer else None
        if peer == "" or (self._proxies and direccion in self._proxies):
            direccion = behind_proxies(direccion, environ.get("HTTP_X_FORWARDED_FOR", ""), self._proxies)
        if peer == "" and environ.get(self._verificado) == _VERIFIED:
            return Llamador(direccion, environ.get(self._certificado) or None)
        return Llamador(direccion)

    def enter(self, port_name: str, llamador: Llamador) -> None:
        """Refuse an address that nobody of the port may call from, before anything is read; raises FallaSoap."""
        redes = (self._network if port_name == NETWORK else self._any_empresa).redes
        if redes and llamador.direccion not in redes:
            raise FallaSoap(Causa.DIRECCION)

    def authenticate(
        self, port_name: str, codigo_empresa: str, presented: Presented | None, llamador: Llamador
    ) -> None:
        """Let in whoever shows that he is the port's caller, and speaks for that empresa; raises FallaSoap.

        What is shown must be right: a certificate does not heal a wrong secret. Whether an empresa exists is told to
        nobody else: its networks are looked at after its credential.
        """
        puerta = self._network if port_name == NETWORK else self._empresas.get(codigo_empresa, _NADIE)
        quien = (port_name, subscriber(llamador.direccion) if llamador.direccion else "")
        if presented is None:
            if llamador.certificado not in puerta.certificados:
                raise FallaSoap(Causa.SIN_CREDENCIAL if llamador.certificado is None else Causa.CREDENCIAL)
        else:
            # never kept out: whose address is listed, or who has none to keep out
            exempt = not llamador.direccion or (bool(puerta.redes) and llamador.direccion in puerta.redes)
            self._check_secret(quien, codigo_empresa, presented, exempt=exempt)
        if puerta.redes and llamador.direccion not in puerta.redes:
            raise FallaSoap(Causa.DIRECCION)
        if presented is not None:
            if presented.resumen is not None:
                self._check_once(presented.usuario or "", presented.resumen)
            self._intentos.passed(quien)

    def _check_secret(self, quien: Quien, codigo_empresa: str, presented: Presented, *, exempt: bool) -> None:
        port_name, _ = quien
        # a secret that we issued opens also then: nobody guesses 256 bits, and its owner may share the address
        blocked = not exempt and self._intentos.blocks(quien)
        right = (
            self._credenciales.admits_network(presented, only_issued=blocked)
            if port_name == NETWORK
            else self._credenciales.admits_empresa(codigo_empresa, presented, only_issued=blocked)
        )
        if right:
            return
        if blocked:
            raise FallaSoap(Causa.INTENTOS)
        if self._intentos.failed(quien):
            looked_at = exempt or self._intentos.knows(quien)
            self._tell(port_name, codigo_empresa, SIN_BLOQUEAR if looked_at else BLOQUEADOS)
        raise FallaSoap(Causa.CREDENCIAL)

    def _check_once(self, usuario: str, resumen: Resumen) -> None:
        try:
            first = self._un_solo_uso is not None and self._un_solo_uso.take(usuario, resumen)
        except Unavailable as error:
            raise FallaSoap(Causa.BASE_NO_DISPONIBLE) from error
        if not first:
            raise FallaSoap(Causa.UN_SOLO_USO)

    def _tell(self, port_name: str, codigo_empresa: str, motivo: str) -> None:
        """Alert the operator, once a minute; the caller gets his answer whether that can be written or not."""
        if not self._intentos.is_news(port_name, motivo):
            return
        try:
            self._alert(codigo_empresa if codigo_empresa in self._empresas else "", motivo)
        except Unavailable:
            log.exception("an alert could not be written: puerto=%s motivo=%s", port_name, motivo)


def _environ_key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"
