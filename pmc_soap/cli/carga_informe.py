"""What became of a file of facturas, for a person and for a program."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmc_soap.cli.operador import iso, moment
from pmc_soap.cli.session import say

if TYPE_CHECKING:
    from rich.table import Table

    from pmc_soap.domain.carga import CargaGuardada
    from pmc_soap.operations.carga import Archivo, Carga, Problema, Renglon
    from pmc_soap.operations.ports import Loaded

SHOWN_MAX = 50
WIDTH_WITHOUT_TERMINAL = 160
_RETIRADAS = {False: "De baja, por no estar en el archivo", True: "Quedarían de baja, por no estar en el archivo"}

ESTADOS = {
    "EN_CURSO": "en curso o cortada",
    "COMPLETA": "completa",
    "CORTADA": "cortada",
    "RECHAZADA": "rechazada",
}


class Counted:
    """The archivo itself; as it is read, the facturas that are past their last due date are counted."""

    def __init__(self, archivo: "Archivo", today: date) -> None:
        self._archivo, self._today = archivo, today
        self.nombre, self.filas_estimadas = archivo.nombre, archivo.filas_estimadas
        self.codigo_empresa, self.formato = archivo.codigo_empresa, archivo.formato
        self.explain, self.sha256 = archivo.explain, archivo.sha256
        self.vencidas = 0

    def read(self) -> Iterator["Renglon | Problema"]:
        """Read it from the start."""
        from pmc_soap.operations.carga import Renglon

        self.vencidas = 0
        for item in self._archivo.read():
            if isinstance(item, Renglon):
                self.vencidas += item.factura.ultimo_vencimiento < self._today
            yield item


def tell(carga: "Carga", vencidas: int, rejects: Path | None, *, as_json: bool) -> None:
    """Tell it."""
    if as_json:
        click.echo(json.dumps(document(carga, vencidas), ensure_ascii=False, indent=2))
    else:
        _print(carga, vencidas, rejects)


def document(carga: "Carga", vencidas: int) -> dict[str, object]:
    """Give it as a document."""
    from dataclasses import asdict

    from pmc_soap.domain import importe

    return {
        "archivo": carga.nombre,
        "codigo_empresa": carga.codigo_empresa,
        "modo": carga.modo,
        "dry_run": carga.dry_run,
        "guardado": carga.loaded is not None and not carga.dry_run,
        "carga": carga.guardada and guardada(carga.guardada),
        "previa": carga.previa and guardada(carga.previa),
        "sigue_desde_linea": carga.sigue_desde or None,
        "aceptadas": carga.aceptadas,
        "rechazadas": carga.rechazadas,
        "vencidas": vencidas,
        "importe_total": importe.format(carga.importe_total_centavos),
        **(asdict(carga.loaded) if carga.loaded is not None else {}),
        "retiro": carga.retiro and asdict(carga.retiro) | {"sin_permiso": carga.sin_permiso},
        "total_problemas": carga.total_problemas,
        "problemas": [asdict(problema) for problema in carga.problemas],
    }


def guardada(carga: "CargaGuardada") -> dict[str, object]:
    """Give what is remembered of a carga as a document."""
    from dataclasses import asdict

    from pmc_soap.domain import importe

    said = asdict(carga) | {"empezada": iso(carga.empezada_utc), "terminada": iso(carga.terminada_utc)}
    said["importe_total"] = importe.format(said.pop("importe_total_centavos"))
    return {name: value for name, value in said.items() if not name.endswith("_utc")}


def rows(carga: "CargaGuardada") -> list[tuple[str, object]]:
    """Give what is remembered of a carga as a table."""
    from pmc_soap.domain import importe

    ended = moment(carga.terminada_utc) if carga.terminada_utc else "no"
    return [
        ("Archivo", f"{carga.nombre} ({carga.formato})"),
        ("Empresa", carga.codigo_empresa),
        ("Modo", f"{carga.modo}{', solo las líneas buenas' if carga.parcial else ''}"),
        ("Estado", ESTADOS[carga.estado]),
        ("Empezó", moment(carga.empezada_utc)),
        ("Terminó", ended),
        ("Facturas leídas bien", carga.aceptadas),
        ("Líneas con problemas", carga.rechazadas),
        ("Total de las leídas bien (1er vto.)", importe.format_es(carga.importe_total_centavos)),
        ("Guardado hasta la línea", carga.hasta_linea),
        ("Nuevas", carga.nuevas),
        ("Cambiadas", carga.cambiadas),
        ("Iguales (sin cambios)", carga.iguales),
        ("Pagadas, de baja o reemplazadas (no se tocaron)", carga.intocables),
        (_RETIRADAS[False], carga.retiradas),
        ("SHA-256", carga.sha256),
    ]


def named(carga: "CargaGuardada") -> str:
    """Name a carga as people tell it from others."""
    return f"la carga {carga.id}, «{carga.nombre}», del {moment(carga.empezada_utc)}"


def _print(carga: "Carga", vencidas: int, rejects: Path | None) -> None:
    from rich.console import Console

    if carga.is_noop:
        say(verdict(carga, vencidas))
        return
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL  # else every table in a log would be squeezed into 80 columns
    console.print(_summary(carga, vencidas))
    if carga.problemas:
        console.print(_report(carga.problemas[:SHOWN_MAX]))
    hidden = carga.total_problemas - SHOWN_MAX
    if hidden > 0:
        say(f"… y {hidden} problemas más.")
    for line in (*_meanwhile(carga), verdict(carga, vencidas)):
        say(line)
    if carga.total_problemas:
        where = f"están en «{rejects}»" if rejects else "para tenerlos en una planilla, usá --rejects problemas.csv"
        say(f"Líneas rechazadas: {carga.rechazadas}. Los problemas, {carga.total_problemas} en total: {where}.")


def _of_before(carga: "Carga") -> str:
    if carga.previa is None:
        return ""
    rejected = f" Aquella vez se rechazaron {carga.previa.rechazadas} líneas." if carga.previa.rechazadas else ""
    return (
        f"Este mismo archivo ya se cargó: {named(carga.previa)}. No se hizo nada.{rejected}"
        " Si igual lo querés cargar de nuevo, agregá --again."
    )


def _meanwhile(carga: "Carga") -> Iterator[str]:
    """Tell what was found on the way."""
    if carga.dry_run and carga.previa is not None:
        yield f"Ojo: este mismo archivo ya se cargó ({named(carga.previa)}): sin --again no se haría nada."
    if carga.sigue_desde:
        yield f"Se había cortado: siguió después de la línea {carga.sigue_desde}, sin repetir lo ya guardado."
    if carga.cortada is not None:
        yield (
            f"Ojo: {named(carga.cortada)}, había quedado por la mitad, con {carga.cortada.escritas} de"
            f" {carga.cortada.aceptadas} facturas guardadas. Lo guardado quedó; el resto de ese archivo no se cargó."
        )


def lines(carga: "Carga", vencidas: int) -> Iterator[str]:
    """Tell it all in plain lines, for a file."""
    yield carga.nombre
    if not carga.is_noop:
        yield from (f"{name}: {value}" for name, value in _rows(carga, vencidas))
    for p in carga.problemas[:SHOWN_MAX]:
        yield f"Línea {p.linea}, columna {p.columna}, {p.codigo}, {p.campo} «{p.valor}»: {p.que_pasa} {p.que_hacer}"
    yield from _meanwhile(carga)
    yield verdict(carga, vencidas)


def _summary(carga: "Carga", vencidas: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(carga.nombre), show_header=False)
    for name, value in _rows(carga, vencidas):
        table.add_row(name, Text(str(value), justify="right"))
    return table


def _rows(carga: "Carga", vencidas: int) -> list[tuple[str, object]]:
    from pmc_soap.domain import importe

    rows: list[tuple[str, object]] = [
        ("Empresa", carga.codigo_empresa or "no se pudo leer"),
        ("Facturas leídas bien", carga.aceptadas),
        ("Líneas con problemas", carga.rechazadas),
        ("Ya pasado su último vencimiento (no admiten pago)", vencidas),
        ("Total de las leídas bien (1er vto.)", importe.format_es(carga.importe_total_centavos)),
    ]
    if carga.loaded is not None:
        rows += [
            ("Nuevas", carga.loaded.nuevas),
            ("Cambiadas", carga.loaded.cambiadas),
            ("Iguales (sin cambios)", carga.loaded.iguales),
            ("Pagadas, de baja o reemplazadas (no se tocan)", carga.loaded.intocables),
        ]
    if carga.retiro is not None:
        rows.append((_RETIRADAS[carga.dry_run or carga.loaded is None], carga.retiro.retiradas))
    return rows


def _report(problemas: Sequence["Problema"]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Problemas")
    for name in ("Línea", "Col."):
        table.add_column(name, justify="right")
    for name in ("Código", "Campo", "Valor", "Qué pasa y qué hacer"):
        table.add_column(name, overflow="fold")
    for p in problemas:
        cells = (p.linea, p.columna, p.codigo, p.campo, p.valor, f"{p.que_pasa} {p.que_hacer}")
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def verdict(carga: "Carga", vencidas: int) -> str:
    """Say how it ended."""
    if carga.is_noop:
        return _of_before(carga)
    if carga.sin_permiso and carga.retiro is not None:
        return (
            f"No se guardó nada: daría de baja {carga.retiro.retiradas} de las {carga.retiro.informadas} facturas que"
            " informaron los archivos. Si el archivo es de verdad la base entera, agregá --yes; si trae solo lo nuevo,"
            " cargalo con --modo novedades."
        )
    if carga.loaded is None:
        return "No se guardó nada. Corregí el archivo y volvé a cargarlo" + (
            "." if carga.archivo_rechazado else ", o cargá solo las líneas buenas con --partial."
        )
    if carga.dry_run:
        return "Fue un ensayo: no se guardó nada."
    return _verdict_of_loaded(carga, carga.loaded, vencidas)


def _verdict_of_loaded(carga: "Carga", loaded: "Loaded", vencidas: int) -> str:
    if not (loaded.nuevas or loaded.cambiadas or (carga.retiro and carga.retiro.retiradas)):
        return "Listo: la base ya estaba así, no había nada que cambiar."
    if vencidas:
        return (
            "Listo: las facturas nuevas y las cambiadas ya se pueden pagar, menos las que pasaron su último vencimiento"
            f" (en el archivo, {vencidas} de {carga.aceptadas})."
        )
    return "Listo: las facturas nuevas y las cambiadas ya se pueden pagar."
