"""How far a file is, on a person's terminal: lines a second, and how long it will take; a script sees nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmc_soap.operations.carga import Avance


@contextmanager
def progress(*, dry_run: bool) -> Iterator[Callable[["Avance"], None]]:
    """Show how far each reading is, to a person; a script sees nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    from pmc_soap.operations.carga import Fase

    titles = {
        Fase.REVISION: "Revisando",
        Fase.CARGA: "Ensayando" if dry_run else "Cargando",
        Fase.RETIRO: "Dando de baja",
    }
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[ritmo]}")
    console = Console(stderr=True)
    tasks: dict[Fase, tuple[TaskID, float]] = {}
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:

        def show(avance: "Avance") -> None:
            if avance.fase not in tasks:
                tasks[avance.fase] = progress.add_task(titles[avance.fase], ritmo=""), monotonic()
            task, started = tasks[avance.fase]
            ritmo = f"{avance.filas / max(monotonic() - started, 0.001):,.0f} líneas/s".replace(",", ".")
            progress.update(task, completed=avance.filas, total=avance.total, ritmo=ritmo)

        yield show
