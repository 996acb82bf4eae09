"""pmc-soap facturas watch: the files that appear in a folder are loaded, and go to where one sees how they ended."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli import carga_informe, companion, rechazos
from pmc_soap.cli.carga import MODOS, Pedido, explain, load_quietly
from pmc_soap.cli.exportacion import empresa_of
from pmc_soap.cli.session import CONFIG, FOUND_PROBLEMS, UNREACHABLE, Session, fail, say

if TYPE_CHECKING:
    from pmc_soap.domain.empresa import Empresa
    from pmc_soap.files.entrada import Entrada
    from pmc_soap.operations.archivo import Archivo
    from pmc_soap.operations.carga import Carga
    from pmc_soap.operations.rechazadas import Rechazadas
    from pmc_soap.wiring import House

LOOK_S = 1.0

log = logging.getLogger(__name__)
PROCESADOS, RECHAZADOS = "procesados", "rechazados"


@dataclass(frozen=True, kw_only=True)
class _Vigilada:
    """A folder, whose it is, and how its files are loaded."""

    empresa: "Empresa"
    entrada: "Entrada"
    pedido: Pedido
    any_name: bool


@click.command(
    short_help="Cargar lo que aparece en una carpeta.",
    help="Mira la carpeta de entrada de cada empresa («archivos.entrada» en la configuración, o --dir) y carga los"
    " archivos que aparecen, cuando están completos. Después los pasa a procesados/ o a rechazados/, con su informe al"
    " lado. No mira los que terminan en .tmp o .part, ni los que empiezan con punto. Una carpeta la mira un solo"
    " proceso por vez.",
)
@click.option("--dir", "carpeta", type=click.Path(path_type=Path, file_okay=False), help="Esa carpeta, y no las otras.")
@click.option("--empresa", "codigo_empresa", metavar="CÓDIGO", help="De quién es --dir; no hace falta si hay una sola.")
@click.option("--modo", type=click.Choice(MODOS), help="Con --dir: si lo que llega es lo nuevo, o la base entera.")
@click.option("--partial", is_flag=True, help="Carga las líneas buenas aunque haya otras con problemas.")
@click.option("--any-name", is_flag=True, help="Acepta archivos FAC que no se llamen FAC<empresa>.<ddmmaa>.")
@click.option("--settle", type=click.FloatRange(0, 3600), default=5.0, show_default=True, help="Segundos sin cambios.")
@click.option("--once", is_flag=True, help="Carga lo que hay ahora, y termina.")
@click.pass_obj
def watch(
    session: Session,
    *,
    carpeta: Path | None,
    codigo_empresa: str | None,
    modo: str | None,
    partial: bool,
    any_name: bool,
    settle: float,
    once: bool,
) -> None:
    """Watch folders."""
    from pmc_soap.files.entrada import Ocupada
    from pmc_soap.wiring import registro

    registro.configure(level="info", texto=True)
    if carpeta is None and (codigo_empresa or modo):
        raise click.UsageError("--empresa y --modo van con --dir: de las otras carpetas lo dice la configuración.")
    with session.house() as house, ExitStack() as stack:
        told = _told(house, codigo_empresa, carpeta, modo)
        vigiladas = list(_vigiladas(told, settle, partial=partial, any_name=any_name))
        for each in vigiladas:
            try:
                stack.enter_context(each.entrada.held())
            except Ocupada:
                fail(f"otro proceso ya mira «{each.entrada.carpeta}»: una carpeta la mira uno solo.", UNREACHABLE)
        if once:
            _end(_look_once(house, vigiladas, settle))
        else:
            stop = threading.Event()
            companion.on_signals(stop.set)
            for each in vigiladas:
                say(f"Mirando «{each.entrada.carpeta}», de {each.empresa.codigo_empresa}. Ctrl-C para terminar.")
            while not stop.wait(LOOK_S):
                _look(house, vigiladas, stop)


_Told = tuple["Empresa", Path, str]


def _told(house: "House", codigo_empresa: str | None, carpeta: Path | None, modo: str | None) -> list[_Told]:
    """Give the folders that there are to look after: whose, where, and how they are loaded."""
    if carpeta is not None:
        return [(empresa_of(house, codigo_empresa), carpeta, modo or MODOS[0])]
    said = {codigo: each.archivos for codigo, each in house.settings.empresas.items() if each.archivos.entrada}
    if not said:
        fail("ninguna empresa tiene carpeta de entrada: decila con --dir, o en «archivos.entrada».", CONFIG)
    return [
        (house.settings.empresas[codigo].empresa(codigo), Path(each.entrada), each.modo)
        for codigo, each in said.items()
        if each.entrada
    ]


def _vigiladas(told: Sequence[_Told], settle: float, *, partial: bool, any_name: bool) -> Iterator[_Vigilada]:
    from pmc_soap.files.entrada import Entrada

    for empresa, carpeta, modo in told:
        if not carpeta.is_dir():
            fail(f"la carpeta «{carpeta}» no existe: creala, o corregí dónde está.", CONFIG)
        if partial and modo == "reemplazo":
            raise click.UsageError(
                "--partial no va con reemplazo: lo que una línea mala quiso nombrar quedaría de baja."
            )
        pedido = Pedido(modo=modo, partial=partial)
        yield _Vigilada(empresa=empresa, entrada=Entrada(carpeta, settle), pedido=pedido, any_name=any_name)


def _look_once(house: "House", vigiladas: Sequence[_Vigilada], settle: float) -> list[bool]:
    """Deal with what is there, once it stayed as it is for long enough."""
    pause = threading.Event()
    ends = _look(house, vigiladas, pause)
    while any(each.entrada.is_settling() for each in vigiladas):
        pause.wait(settle / 4)
        ends += _look(house, vigiladas, pause)
    return ends


def _end(ends: Sequence[bool]) -> None:
    if not ends:
        say("No hay archivos nuevos.")
    if not all(ends):
        raise click.exceptions.Exit(FOUND_PROBLEMS)


def _look(house: "House", vigiladas: Sequence[_Vigilada], stop: threading.Event) -> list[bool]:
    """Deal with what is whole; tell of each whether it was loaded without a problem."""
    ends = []
    for each in vigiladas:
        for path in each.entrada.ready():
            if stop.is_set():
                break
            ends.append(_deal_with(house, each, path))
    return ends


def _deal_with(house: "House", each: _Vigilada, path: Path) -> bool:
    from pmc_soap.operations.rechazadas import Rechazadas

    rechazadas = Rechazadas()
    try:
        opened = _open(house, each, path)
        carga, vencidas = load_quietly(house, opened, each.pedido, rechazadas)
    except Exception as error:  # it stays where it is, and is tried again; it keeps no other from being loaded
        why = explain(error)
        if why is None:
            log.exception("a file of a watched folder could not be loaded")
        click.echo(f"{path.name}: sigue en la carpeta: {why[0] if why else type(error).__name__}")
        return False
    good = carga.loaded is not None or carga.is_noop
    placed = each.entrada.place(path, PROCESADOS if good else RECHAZADOS)
    _report(placed, carga, vencidas, opened, rechazadas)
    path.unlink(missing_ok=True)
    told = carga_informe.verdict(carga, vencidas)
    click.echo(f"{path.name} → {placed.parent.name}/{placed.name}: {told}")
    return good and not carga.total_problemas


def _open(house: "House", each: _Vigilada, path: Path) -> "Archivo":
    """Open it as its empresa's; a FAC may name any of the codes that the empresa goes by."""
    opened = house.open_facturas(path, any_name=each.any_name, codigo_empresa=each.empresa.codigo_vigente)
    named = opened.codigo_empresa
    if named and named != each.empresa.codigo_vigente and house.empresas.get(named) == each.empresa:
        return house.open_facturas(path, any_name=each.any_name, codigo_empresa=named)
    return opened


def _report(placed: Path, carga: "Carga", vencidas: int, opened: "Archivo", rechazadas: "Rechazadas") -> None:
    """Leave beside the file what became of it; what was left by who was killed is left anew."""
    beside = placed.parent / f"{placed.name}.informe.txt"
    beside.write_text("\n".join(carga_informe.lines(carga, vencidas)) + "\n", encoding="utf-8")
    if carga.total_problemas:
        problemas = placed.parent / f"{placed.name}.problemas.csv"
        problemas.unlink(missing_ok=True)
        with rechazos.report(problemas) as note:
            for problema in carga.problemas:
                note(asdict(problema))
        corregir = placed.parent / f"{placed.name}.corregir"
        corregir.unlink(missing_ok=True)
        rechazos.mend(corregir, opened, rechazadas)
