"""Puts the sandbox together: it calls this gateway over HTTP with our own client, as PagoMisCuentas and the empresa do.

A page's thread waits for another thread to answer, so only a few may play at once in a process: the others are told.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BoundedSemaphore, BrokenBarrierError
from typing import TYPE_CHECKING, Any

from pmc_soap.client.cliente import Empresa, Fault, NotAGateway, NotSent, PagoMisCuentas, Unreachable, plain
from pmc_soap.client.grabacion import Grabado, as_curl, as_zeep, pretty
from pmc_soap.config import Mode
from pmc_soap.domain.empresa import Servicio
from pmc_soap.operations.intercambios import Filtro, Intercambios
from pmc_soap.operations.simulacro import Simulacros
from pmc_soap.soap.presentacion import present
from pmc_soap.web.sandbox.puertas import Dicho, Erp, Falla, Intercambio, Sandbox
from pmc_soap.wiring import cobranza

if TYPE_CHECKING:
    from pmc_soap.wiring import House

Puerto = type[PagoMisCuentas | Empresa]
A_LA_VEZ, ESPERAN, PACIENCIA_S = 2, 2, 5  # fewer threads together than the smallest process has
SIN_TOKEN = "TU_TOKEN"  # noqa: S105 — what stands where a secret is not shown
_DE_LA_RED = frozenset({"ConsultaDeuda", "AvisoPago", "ReversaPago", "Eco"})


class Llamador:
    """Calls the gateway, and gives what went over the wire without its secrets."""

    def __init__(self, url: str, codigo_empresa: str, tokens: Mapping[Puerto, str], *, shows_token: bool) -> None:
        self._url, self._codigo_empresa, self._tokens = url.rstrip("/"), codigo_empresa, tokens
        self._shows_token = shows_token
        self._contratos: dict[str, Any] = {}
        self._doors, self._places = BoundedSemaphore(A_LA_VEZ + ESPERAN), BoundedSemaphore(A_LA_VEZ)

    def send(self, operacion: str, said: Dicho) -> Intercambio:
        """Send one request."""
        with self._place() as is_ours:
            return self._send(operacion, said, None) if is_ours else _full(operacion)

    def send_twice(self, operacion: str, said: Dicho) -> Sequence[Intercambio]:
        """Send the same twice at the same moment."""
        with self._place() as is_ours:
            if not is_ours:
                return [_full(operacion)]
            together = Barrier(2)
            with ThreadPoolExecutor(2) as both:
                return list(both.map(lambda _: self._send(operacion, said, together), range(2)))

    @contextmanager
    def _place(self) -> Iterator[bool]:
        if not self._doors.acquire(blocking=False):
            yield False
            return
        try:
            is_ours = self._places.acquire(timeout=PACIENCIA_S)
            try:
                yield is_ours
            finally:
                if is_ours:
                    self._places.release()
        finally:
            self._doors.release()

    def _send(self, operacion: str, said: Dicho, together: Barrier | None) -> Intercambio:
        kind: Puerto = PagoMisCuentas if operacion in _DE_LA_RED else Empresa
        token = self._tokens.get(kind)
        if token is None:
            return Intercambio(operacion=operacion, mudo="Falta la credencial: va en [sandbox] de la configuración.")
        try:
            port = kind(self._url, self._codigo_empresa, token, self._contratos)
        except Unreachable:
            if together is not None:
                together.abort()
            return Intercambio(operacion=operacion, mudo=f"No se pudo leer el contrato en {self._url}.")
        try:
            if together is not None:
                with suppress(BrokenBarrierError):  # the other could not even begin
                    together.wait(PACIENCIA_S)
            told = self._ask(port, operacion, said)
            return self._shown(told, port.ultimo, operacion, said, token) if port.ultimo else told
        finally:
            port.close()

    @staticmethod
    def _ask(port: PagoMisCuentas | Empresa, operacion: str, said: Dicho) -> Intercambio:
        try:
            return Intercambio(operacion=operacion, dicho=plain(port.ask(operacion, **said)))
        except Fault as fault:
            falla = Falla(fault.codigo, fault.texto, fault.que_hacer, fault.campo)
            return Intercambio(operacion=operacion, falla=falla)
        except NotSent:
            return Intercambio(operacion=operacion, mudo="Eso no se puede enviar: el contrato no lo admite.")
        except NotAGateway:
            return Intercambio(operacion=operacion, mudo="Lo que contestó no es una respuesta del contrato.")
        except Unreachable:
            return Intercambio(operacion=operacion, mudo="La pasarela no contestó a tiempo.")

    def _shown(self, told: Intercambio, kept: Grabado, operacion: str, said: Dicho, token: str) -> Intercambio:
        public = token if self._shows_token else SIN_TOKEN
        cabecera = {"CodigoEmpresa": self._codigo_empresa, "IdMensaje": "1", "Token": public}
        return Intercambio(
            operacion=operacion,
            pedido=pretty(kept.pedido),
            respuesta=pretty(kept.respuesta or b"") if kept.respuesta else "",
            curl=as_curl(kept, public),
            zeep=as_zeep(kept.direccion, operacion, cabecera, said),
            estado=kept.estado,
            tiempo_ms=kept.tiempo_ms,
            dicho=told.dicho,
            falla=told.falla,
            mudo=told.mudo,
        )


def build(house: "House", erp: Erp | None) -> Sandbox | None:
    """Build what the pages use; None where the sandbox is off, or there is nobody to play with."""
    settings, said = house.settings, house.settings.sandbox
    own = said.empresa or next(iter(house.by_own_code), None)
    url = said.url or settings.public_url
    if not settings.con_sandbox or own is None or url is None:
        return None
    empresa = house.by_own_code[own]
    known: dict[Puerto, str] = {}
    if said.token is not None:
        known[PagoMisCuentas] = said.token.get_secret_value()
    if said.token_empresa is not None:
        known[Empresa] = said.token_empresa.get_secret_value()
    is_demo = settings.mode is Mode.DEMOSTRACION
    llamador = Llamador(url, empresa.codigo_vigente, known, shows_token=is_demo)
    return Sandbox(
        empresa=empresa,
        clock=house.clock,
        send=llamador.send,
        send_twice=llamador.send_twice,
        historia=lambda id_aviso: house.seguimiento.find([own], id_aviso).historia,
        kept=lambda id_aviso, personales: _kept(house.ledger.intercambios, id_aviso, personales=personales),
        note=Simulacros(house.ledger, own, house.clock).note,
        erp=erp,
        cobranza=(lambda sorpresas: cobranza.write(house, own, con_sorpresas=sorpresas)) if is_demo else None,
        abierto=is_demo,
        con_empresa=Servicio.ALTA in empresa.servicios and Empresa in known,
    )


def _kept(kept: Intercambios, id_aviso: str, *, personales: bool) -> Intercambio | None:
    """Find the exchange that an aviso came in with; what repeats it came later."""
    for each in reversed(kept.recent(Filtro(id_aviso=id_aviso))):
        found = kept.find(each.id_pedido)
        pedido, respuesta = (found[1].pedido, found[1].respuesta) if found else (None, None)
        if pedido is not None:
            return Intercambio(
                operacion=each.operacion or "",
                pedido=present(pedido, con_datos_personales=personales),
                respuesta=present(respuesta or b"", con_datos_personales=personales),
                estado=each.http,
                tiempo_ms=each.ms,
            )
    return None


def _full(operacion: str) -> Intercambio:
    return Intercambio(operacion=operacion, mudo="Hay demasiadas personas jugando a la vez: probá de nuevo.")
