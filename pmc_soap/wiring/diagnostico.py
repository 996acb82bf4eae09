"""What doctor and the page of the state look at: configuration, database, contract, clock, disk, queue, connections."""

import os
import shutil
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pmc_soap.config import Mode, closed, doubtful
from pmc_soap.domain.usuario import Rol
from pmc_soap.operations.diagnostico import Como, Hallazgo, Revision
from pmc_soap.operations.libro_usuarios import CLAVE_DE_DEMOSTRACION
from pmc_soap.wiring import facs, subidas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmc_soap.wiring import House

CONNECT_S = 2.0
CLOCK_S, DISK_OJO, DISK_MAL, CERT_OJO_DIAS, CERT_MAL_DIAS, LATE_MIN, FREE_MIN = 2, 2**30, 200 * 2**20, 21, 3, 15, 10
_PORTS = {"https": 443, "http": 80, "amqp": 5672, "amqps": 5671}


def revisiones(house: "House") -> "Sequence[Revision]":
    """Give every look, in the order in which people think of them."""
    return (
        Revision(que="Configuración", mirar=lambda: _configuracion(house)),
        Revision(que="Base de datos", mirar=lambda: _base(house)),
        Revision(que="Contrato", mirar=_contrato),
        Revision(que="Disco", mirar=lambda: _disco(house)),
        Revision(que="Entregas y archivos", mirar=lambda: _cola(house)),
        Revision(que="Personas", mirar=lambda: _personas(house)),
        Revision(que="Conexiones", mirar=lambda: _conexiones(house), es_red=True),
    )


def _configuracion(house: "House") -> Iterator[Hallazgo]:
    grave = Como.MAL if house.settings.mode is Mode.PRODUCCION else Como.OJO
    found = [(grave, told) for _, told in closed(house.settings)]
    found += [(Como.OJO, told) for _, told in doubtful(house.settings)]
    for como, told in found:
        yield Hallazgo(que="Configuración", como=como, dicho=told, remedio="pmc-soap config check")
    if not found:
        told = f"Modo {house.settings.mode.label.lower()}, {len(house.settings.empresas)} empresa(s)."
        yield Hallazgo(que="Configuración", como=Como.BIEN, dicho=told)


def _base(house: "House") -> Iterator[Hallazgo]:
    if not house.ledger.ready():
        yield Hallazgo(
            que="Base de datos",
            como=Como.MAL,
            dicho="No responde, o su esquema no es el de esta versión.",
            remedio="pmc-soap db status, y pmc-soap db migrate",
        )
        return
    salud = house.ledger.salud()
    yield Hallazgo(que="Base de datos", como=Como.BIEN, dicho=f"{salud.version}, con el esquema de esta versión.")
    apart = abs((salud.ahora_utc - datetime.now(UTC)).total_seconds())
    if apart > CLOCK_S:
        told = f"El reloj de la base y el de este servidor difieren {apart:.0f} s."
        yield Hallazgo(que="Reloj", como=Como.OJO, dicho=told, remedio="Sincronizá los dos con NTP.")
    else:
        yield Hallazgo(que="Reloj", como=Como.BIEN, dicho="El de la base y el de este servidor coinciden.")
    if not salud.autovacuum:
        told = "autovacuum está apagado: las consultas se van a poner lentas."
        yield Hallazgo(que="Base de datos", como=Como.OJO, dicho=told, remedio="Encendé autovacuum en PostgreSQL.")
    if salud.conexiones_libres is not None and salud.conexiones_libres < FREE_MIN:
        told = f"Quedan {salud.conexiones_libres} conexiones libres."
        yield Hallazgo(que="Base de datos", como=Como.OJO, dicho=told, remedio="Subí max_connections en PostgreSQL.")


def _contrato() -> Iterator[Hallazgo]:
    from pmc_soap.soap import contract  # noqa: PLC0415 — spyne, which only who asks pays for

    changed = contract.differences()
    if changed:
        told = f"Lo que se publica no es lo que dicen los mensajes: {', '.join(changed)}."
        yield Hallazgo(que="Contrato", como=Como.MAL, dicho=told, remedio="Reinstalá esta versión.")
    else:
        yield Hallazgo(que="Contrato", como=Como.BIEN, dicho="Los WSDL publicados son los de los mensajes.")


def _disco(house: "House") -> Iterator[Hallazgo]:
    places = {"lo que se sube por la consola": subidas.place(house), "el FAC para PagoMisCuentas": facs.place(house)}
    db = house.settings.db
    if db.startswith("sqlite:///"):
        places["la base"] = Path(db.removeprefix("sqlite:///")).parent
    for what, place in places.items():
        there = next((each for each in (place, *place.absolute().parents) if each.exists()), Path("/"))
        if not there.is_dir() or not os.access(there, os.W_OK):
            told = f"Donde va {what} no se puede escribir: «{there}»."
            yield Hallazgo(que="Disco", como=Como.MAL, dicho=told, remedio="Que sea una carpeta de quien sirve.")
            continue
        free = shutil.disk_usage(there).free
        como = Como.MAL if free < DISK_MAL else Como.OJO if free < DISK_OJO else Como.BIEN
        told = f"Donde va {what} quedan {free / 2**30:.1f}".replace(".", ",") + " GB."
        yield Hallazgo(que="Disco", como=como, dicho=told, remedio="" if como is Como.BIEN else "Hacé lugar.")


def _cola(house: "House") -> Iterator[Hallazgo]:
    codigos = tuple(house.settings.empresas)
    now, como = house.tablero.situacion(codigos), Como.BIEN
    if now.detenidas.cantidad:
        como = Como.MAL
        told = f"Hay {now.detenidas.cantidad} avisos detenidos."
        yield Hallazgo(que="Entregas", como=como, dicho=told, remedio="pmc-soap avisos list --estado DETENIDA")
    since = now.por_entregar.desde_utc
    if since is not None and (house.clock.now() - since).total_seconds() > LATE_MIN * 60:
        como = Como.OJO
        told = f"Hay avisos que esperan hace más de {LATE_MIN} minutos."
        yield Hallazgo(que="Entregas", como=como, dicho=told, remedio="pmc-soap avisos list, y mirá si el ERP responde")
    if now.puente_viejo.cantidad:
        como = Como.OJO
        told = f"En el puente hay {now.puente_viejo.cantidad} pagos de más de un día."
        yield Hallazgo(que="Puente", como=como, dicho=told, remedio="pmc-soap puente list")
    for codigo, day in now.sin_cob.items():
        como = Como.OJO
        yield Hallazgo(
            que="Conciliación",
            como=como,
            dicho=f"Falta el COB del {day:%d/%m/%Y} de {codigo}.",
            remedio="Pedíselo a PagoMisCuentas, y pmc-soap conciliacion run",
        )
    if como is Como.BIEN:
        yield Hallazgo(que="Entregas y archivos", como=como, dicho="No hay nada detenido ni atrasado.")


def _personas(house: "House") -> Iterator[Hallazgo]:
    people = house.usuarios.list()
    admins = [each for each in people if each.activo and each.rol is Rol.ADMINISTRADOR]
    if not admins:
        yield Hallazgo(
            que="Personas",
            como=Como.OJO,
            dicho="Nadie puede administrar la consola.",
            remedio="pmc-soap usuario add NOMBRE --rol administrador",
        )
        return
    yield Hallazgo(que="Personas", como=Como.BIEN, dicho=f"{len(people)} persona(s) pueden entrar a la consola.")
    of_demo = {rol.value for rol in Rol} & {each.usuario for each in people if each.activo}
    if house.settings.mode is not Mode.DEMOSTRACION and of_demo:
        told = f"Están los usuarios de la demostración; con su clave ({CLAVE_DE_DEMOSTRACION}) no entran."
        yield Hallazgo(que="Personas", como=Como.OJO, dicho=told, remedio="pmc-soap usuario disable NOMBRE")


def _conexiones(house: "House") -> Iterator[Hallazgo]:
    addresses = dict(_addresses(house))
    for name, url in addresses.items():
        yield from _connection(name, url)
    if not addresses:
        yield Hallazgo(que="Conexiones", como=Como.BIEN, dicho="No hay ningún sistema al que haya que llamar.")


def _addresses(house: "House") -> Iterator[tuple[str, str]]:
    public = house.settings.public_url
    if public and public.startswith("https:"):
        yield "La dirección pública", public
    for codigo, said in house.settings.empresas.items():
        sistema: Any = said.sistema
        if isinstance(getattr(sistema, "url", None), str):
            yield f"El sistema de {codigo}", sistema.url
        for nombre, destino in said.destinos.items():
            url: Any = getattr(destino, "url", None)
            if isinstance(url, str):
                yield f"El destino {nombre} de {codigo}", url


def _connection(name: str, url: str) -> Iterator[Hallazgo]:
    """Connect and hang up: nothing is asked. Of what is encrypted, see when its certificate ends."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    if parts.hostname is None or port is None:
        return
    try:
        with socket.create_connection((parts.hostname, port), timeout=CONNECT_S) as plain:
            if parts.scheme not in {"https", "amqps"}:
                yield Hallazgo(que="Conexiones", como=Como.BIEN, dicho=f"{name} atiende.")
                return
            with ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) as secure:
                yield _certificate(name, secure.getpeercert() or {})
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or "TLS"
        told = f"{name} no muestra un certificado válido ({why})."
        yield Hallazgo(que="Conexiones", como=Como.MAL, dicho=told, remedio="Renovalo, o revisá su autoridad.")
    except OSError:
        told = f"{name} no atiende en {parts.hostname}:{port}."
        yield Hallazgo(que="Conexiones", como=Como.MAL, dicho=told, remedio="Mirá que esté encendido y la red lo deje.")


def _certificate(name: str, shown: Any) -> Hallazgo:
    days = 0
    with suppress(KeyError, ValueError):
        ends = ssl.cert_time_to_seconds(shown["notAfter"])
        days = int((ends - datetime.now(UTC).timestamp()) // 86_400)
    como = Como.MAL if days < CERT_MAL_DIAS else Como.OJO if days < CERT_OJO_DIAS else Como.BIEN
    told = f"{name} atiende; su certificado vence en {days} días."
    return Hallazgo(que="Conexiones", como=como, dicho=told, remedio="" if como is Como.BIEN else "Renovalo.")
