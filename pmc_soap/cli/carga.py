"""How a command loads one file: what was asked, who is told, and why it could not be done."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import carga_informe, rechazos
from pmc_soap.cli.avance import progress
from pmc_soap.cli.session import FOUND_PROBLEMS, UNREACHABLE, confirm, fail, say

if TYPE_CHECKING:
    from pmc_soap.operations.carga import Archivo, Carga, Problema
    from pmc_soap.operations.libro_cargas import OtraEnCurso
    from pmc_soap.operations.rechazadas import Rechazadas
    from pmc_soap.operations.reemplazo import Retiro
    from pmc_soap.wiring import House

MODOS = ("novedades", "reemplazo")
_WAIT_FOR_IT = "De cada empresa se carga un archivo por vez: esperá a que termine y volvé a intentar."


@dataclass(frozen=True, kw_only=True)
class Pedido:
    """What was asked. can_ask: there is a person who can be asked."""

    modo: str = MODOS[0]
    dry_run: bool = False
    partial: bool = False
    again: bool = False
    rejects: Path | None = None
    mend: Path | None = None
    yes: bool = False
    can_ask: bool = False


def load(house: "House", opened: "Archivo", pedido: Pedido) -> tuple["Carga", int]:
    """Load a file, and tell how many of its facturas are past their last due date; ends the command if it cannot."""
    from pmc_soap.operations.rechazadas import Rechazadas

    rechazadas = Rechazadas()
    with ExitStack() as stack:
        report = stack.enter_context(rechazos.report(pedido.rejects))

        def on_problema(problema: "Problema") -> None:
            report(asdict(problema))
            rechazadas.note(problema)

        on_avance = stack.enter_context(progress(dry_run=pedido.dry_run))
        try:
            done = _load(house, opened, pedido, on_avance=on_avance, on_problema=on_problema, on_espera=_say_waiting)
        except Exception as error:
            told = explain(error)
            if told is None:
                raise
            fail(*told)
    if pedido.mend and done[0].total_problemas:
        say(rechazos.mend(pedido.mend, opened, rechazadas))
    return done


def load_quietly(house: "House", opened: "Archivo", pedido: Pedido, rechazadas: "Rechazadas") -> tuple["Carga", int]:
    """Load a file with nobody there; raises what explain() knows."""
    return _load(house, opened, pedido, on_problema=rechazadas.note)


def explain(error: Exception) -> tuple[str, int] | None:
    """Say in Spanish why a file was not loaded, with the exit code; None for what is no known reason."""
    from pmc_soap.operations.carga import ArchivoCambiado
    from pmc_soap.operations.libro_cargas import OtraEnCurso, TurnoPerdido
    from pmc_soap.operations.ports import Unavailable

    match error:
        case OtraEnCurso():
            return f"{carga_informe.named(error.carga)}, está en curso. {_WAIT_FOR_IT}", UNREACHABLE
        case TurnoPerdido():
            text = "otro proceso siguió con esta carga mientras este no respondía. Miralo con: pmc-soap cargas list"
            return text, FOUND_PROBLEMS
        case ArchivoCambiado():
            text = "el archivo cambió mientras se cargaba: no se terminó. Cuando esté quieto, cargalo otra vez."
            return text, FOUND_PROBLEMS
        case Unavailable():
            return f"la carga se cortó: {error}\n  Cargá el archivo otra vez: sigue donde quedó.", UNREACHABLE
    return None


def _load(house: "House", opened: "Archivo", pedido: Pedido, **escuchas: Callable[..., None]) -> tuple["Carga", int]:
    from pmc_soap.domain.calendario import local_day
    from pmc_soap.domain.carga import Modo
    from pmc_soap.operations.carga import Escuchas

    archivo = carga_informe.Counted(opened, local_day(house.clock.now()))
    carga = house.cargas.load(
        archivo,
        modo=Modo(pedido.modo.upper()),
        dry_run=pedido.dry_run,
        partial=pedido.partial,
        again=pedido.again,
        escuchas=Escuchas(may_retire=_asking(pedido), **escuchas),
    )
    return carga, archivo.vencidas


def _asking(pedido: Pedido) -> Callable[["Retiro"], bool]:
    def may_retire(retiro: "Retiro") -> bool:
        if pedido.yes or not pedido.can_ask:
            return pedido.yes
        confirm(
            f"El archivo no nombra {retiro.retiradas} de las {retiro.informadas} facturas pendientes que informaron los"
            " archivos anteriores: quedarían de baja. ¿Es la base entera?"
        )
        return True

    return may_retire


def check_input(archivo: Path) -> None:
    """Refuse what cannot be read, before anything is done."""
    try:
        if archivo.is_dir():
            raise click.UsageError(f"«{archivo}» es una carpeta: decí cuál de sus archivos hay que cargar.")
        if not archivo.is_file():
            raise click.UsageError(f"No existe el archivo «{archivo}».")
        archivo.open("rb").close()
    except OSError as error:
        raise click.UsageError(f"No se puede leer «{archivo}»: {rechazos.why(error)}.") from error


def _say_waiting(otra: "OtraEnCurso") -> None:
    say(
        f"Hay una carga que está en curso, o que se cortó recién: {carga_informe.named(otra.carga)}."
        f" Espero hasta {otra.wait_s:.0f} s para saber cuál de las dos."
    )
