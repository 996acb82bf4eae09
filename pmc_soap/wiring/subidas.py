"""Puts together how files that people send are kept and worked at."""

from pathlib import Path
from typing import TYPE_CHECKING

from pmc_soap.files.subidas.carpeta import Carpeta
from pmc_soap.files.subidas.trabajo import SubidasEnDisco
from pmc_soap.operations.archivo import Archivo

if TYPE_CHECKING:
    from pmc_soap.wiring import House

_SQLITE = "sqlite:///"


def build(house: "House") -> SubidasEnDisco:
    """Build it on the folder that is configured; else beside the database, where that is a file, or in var/."""

    def open_facturas(path: Path, codigo_empresa: str | None) -> Archivo:
        return house.open_facturas(path, any_name=True, codigo_empresa=codigo_empresa)

    return SubidasEnDisco(Carpeta(place(house)), house.cargas, house.conciliaciones, open_facturas, house.clock)


def place(house: "House") -> Path:
    """Say where they are kept."""
    said = house.settings.subidas_dir
    return Path(said) if said is not None else beside_database(house, "subidas")


def beside_database(house: "House", name: str) -> Path:
    """Give a folder of that name beside the database, where that is a file; else in var/."""
    db = house.settings.db
    return Path(db.removeprefix(_SQLITE)).parent / name if db.startswith(_SQLITE) else Path("var") / name
