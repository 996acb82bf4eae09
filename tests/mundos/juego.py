"""Plays a month over a house, as time goes by: loads the FAC, lets the network pay, runs each COB on its night."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from gateway import serving

from mundos.archivos import at_night
from mundos.historia import Envio, Movimiento
from mundos.mundo import Mundo
from mundos.red import Red
from pmc_soap import config, wiring, wsgi
from pmc_soap.domain.aviso import AvisoPago, ReversaPago
from pmc_soap.domain.consulta import Busqueda, Consulta
from pmc_soap.domain.factura import MotivoBaja
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.fac import escritura as fac
from pmc_soap.files.facturas import open_facturas
from pmc_soap.operations.carga import Carga
from pmc_soap.operations.corrida import Corrida
from pmc_soap.soap.credenciales import hash_secret

TOKEN = "el-de-la-red"
DESPUES = 5  # business days after the last file: by then all money has come, or a person is told


class Reloj:
    """A clock that the story sets."""

    def __init__(self, now_utc: datetime) -> None:
        self.now_utc = now_utc

    def now(self) -> datetime:
        """Give the instant, in UTC."""
        return self.now_utc


def settings(url: str, codigo_empresa: str) -> Mapping[str, Any]:
    """Configure one empresa on a database, and the network's credential."""
    credencial = {"usuario": "pagomiscuentas", "hash": hash_secret(TOKEN, "be")}
    return {
        "mode": "homologacion",
        "db": url,
        "public_url": "http://127.0.0.1",
        "pagomiscuentas": {"credenciales": [credencial]},
        "empresas": {codigo_empresa: {"nombre": "Club Ejemplo"}},
    }


@contextmanager
def opened(mundo: Mundo, url: str) -> Iterator["Juego"]:
    """Build the house of a month on a database that is migrated."""
    reloj = Reloj(at_night(mundo.fecha_fac))
    with wiring.build(config.check(settings(url, mundo.codigo_empresa)), reloj) as house:
        yield Juego(mundo, house, reloj)


@dataclass
class Juego:
    """One month that is played. faltas: in what a file ended otherwise than it must; cobs_s: how long each took."""

    mundo: Mundo
    house: wiring.House
    reloj: Reloj
    faltas: list[str] = field(default_factory=list)
    por_soap: int = 0
    cobs_s: list[float] = field(default_factory=list)
    after_cob: Callable[[], None] = lambda: None
    _consultas: dict[int, str] = field(default_factory=dict)

    def load(self, folder: Path) -> Carga:
        """Report the facturas, by a FAC."""
        path = folder / fac.nombre(self.mundo.codigo_empresa, self.mundo.fecha_fac)
        with path.open("wb") as file:
            file.writelines(self.mundo.fac())
        return self.house.cargas.load(open_facturas(path))

    def play(self, soap_cada: int = 0) -> None:
        """Let the month go by; the messages of one factura in so many go over SOAP and a real connection."""
        if not soap_cada:
            self._play(None, 0)
            return
        with serving(wsgi.doors(self.house)) as (host, port), Red(host, port, TOKEN) as red:
            self._play(red, soap_cada)

    def _play(self, red: Red | None, soap_cada: int) -> None:
        for hecho in self.mundo.hechos():
            self.reloj.now_utc = hecho.at_utc
            if isinstance(hecho, Envio):
                self._run(hecho)
            else:
                self._move(hecho, red if red is not None and hecho.n % soap_cada == 0 else None)
        last = self.mundo.envios[-1].fecha
        self.reloj.now_utc = at_night(self.mundo.dias.calendario.add_habiles(last, DESPUES)) + timedelta(hours=1)
        self.house.conciliaciones.sweep(self._empresa)

    @property
    def _empresa(self) -> Any:
        return self.house.empresas.owner(self.mundo.codigo_empresa)

    def _move(self, hecho: Movimiento, red: Red | None) -> None:
        self.por_soap += red is not None
        match hecho.dicho:
            case Busqueda() as busqueda:
                self._consultas[hecho.n] = self._ask(busqueda, hecho, red)
            case AvisoPago() as pago:
                told = replace(pago, id_consulta=self._consultas[hecho.n]) if hecho.cita else pago
                red.tell(told) if red else self.house.avisos.accept(told)
            case ReversaPago() as reversa:
                red.tell(reversa) if red else self.house.reversas.accept(reversa)
            case clave:
                self.house.facturas.withdraw(clave, MotivoBaja.ANULADA)

    def _ask(self, busqueda: Busqueda, hecho: Movimiento, red: Red | None) -> str:
        if red is not None:
            return red.ask(busqueda, hecho.at_utc)
        return self.house.consultas.answer(Consulta(busqueda=busqueda, id_mensaje=f"Q-{hecho.n}")).id_consulta

    def _run(self, envio: Envio) -> None:
        data = envio.data()
        archivo = ArchivoCob(envio.nombre, lambda: BytesIO(data), size_bytes=len(data))
        began = time.perf_counter()
        corrida = self.house.conciliaciones.run(archivo, replace=envio.replace)
        self.cobs_s.append(time.perf_counter() - began)
        self.faltas += _differences(envio, corrida)
        self.after_cob()


def _differences(envio: Envio, corrida: Corrida) -> Iterator[str]:
    told = (corrida.curso.value, corrida.negativa and corrida.negativa.value)
    wanted = (envio.curso, envio.negativa)
    codigos = {problema.codigo for problema in corrida.problemas}
    if told != wanted:
        yield f"{envio.nombre} ({envio.que}): {told}, y tenía que ser {wanted}"
    if envio.codigos and not envio.codigos <= codigos:
        yield f"{envio.nombre} ({envio.que}): se dijo {sorted(codigos)}, y tenía que decirse {sorted(envio.codigos)}"
    if corrida.negativa is None and sum(s.centavos for s in corrida.cuadro.values()) != corrida.total_centavos:
        yield f"{envio.nombre}: las líneas no suman el total del archivo"
