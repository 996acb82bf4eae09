"""Play a whole month at full size, each database in a process of its own, and print one table.

50,000 facturas come by a FAC, some 30,000 are paid (the messages of one factura in forty over SOAP and real HTTP), and
each night PMC's COB is conciliated, those that are spoiled, repeated or corrected as well. tests/mundos makes the month
up, and knows what each of its planted anomalies must come to; tests/journeys/test_el_mes.py is the same, small.
`mes.py 5000` plays a smaller one. Peak memory is that of the whole process, with the month that it makes up.
"""

import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]

from fakes import bases
from mundos.anomalias import TIPOS
from mundos.archivos import FALLAS
from mundos.juego import opened
from mundos.mundo import Mundo
from mundos.revision import Revision

from pmc_soap.config import check
from pmc_soap.domain import importe
from pmc_soap.files.informe.conciliacion import InformeDeConciliacion
from pmc_soap.files.informe.pagos import InformeDePagos
from pmc_soap.files.tabla import escritura_xlsx
from pmc_soap.storage import schema
from pmc_soap.wiring import House, calendario

SEED = 20260301
FACTURAS = 50_000
POR_TIPO = 20
SOAP_CADA = 40

Figures = dict[str, float]


def play_once(url: str, facturas: int) -> None:
    """Play the month in this process, and print what it took and came to."""
    logging.disable(logging.CRITICAL)  # every alert would be a line
    took: Figures = {}
    with timed(took, "inventar"):
        bancos = calendario.build(check({"mode": "demostracion"}).calendario)
        mundo = Mundo(SEED, facturas, bancos, por_tipo=max(1, facturas * POR_TIPO // FACTURAS))
    with tempfile.TemporaryDirectory() as folder, opened(mundo, url) as juego:
        juego.after_cob = partial(_analyze, url)
        with timed(took, "cargar"):
            loaded = juego.load(Path(folder)).loaded
        juego.after_cob()
        with timed(took, "jugar"):
            juego.play(SOAP_CADA)
        with timed(took, "informes"):
            _report(juego.house, mundo, Path(folder))
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with timed(took, "revisar"):
            revision = Revision(juego, url)
            differences = revision.differences()
    wanted = mundo.resumen
    lineas = [suma for cuadro in wanted.cuadros.values() for suma in cuadro.values()]
    told = {
        "took": took,
        "cobs": juego.cobs_s,
        "peak_mb": peak_mb,
        "facturas": loaded.nuevas if loaded else 0,
        "movimientos": wanted.movimientos,
        "pagos": wanted.pagos,
        "soap": juego.por_soap,
        "archivos": len(mundo.envios),
        "lineas": sum(suma.cantidad for suma in lineas),
        "centavos": sum(suma.centavos for suma in lineas),
        "anomalias": len(mundo.tipos),
        "encontradas": revision.encontradas.total(),
        "sanados": revision.sanados,
        "differences": differences,
    }
    print(json.dumps(told))


@contextmanager
def timed(took: Figures, what: str) -> Iterator[None]:
    """Note how long it takes."""
    began = time.perf_counter()
    yield
    took[what] = time.perf_counter() - began


def _analyze(url: str) -> None:
    """Do what autovacuum does every minute, for servers that have it off: else all plans are those of empty tables."""
    if url.startswith("postgresql"):
        with bases.connected(url) as connection:
            connection.exec_driver_sql("ANALYZE")


def _report(house: House, mundo: Mundo, folder: Path) -> None:
    """Take all pagos, and all lines of the COBs, to workbooks of Excel."""
    empresa = house.empresas.owner(mundo.codigo_empresa)
    assert empresa is not None
    desde, hasta = mundo.dias.primero, mundo.envios[-1].fecha
    pagos = InformeDePagos(house.ledger.informes, [mundo.codigo_empresa], desde, hasta)
    dias = house.cierres.report(empresa, desde, hasta)
    cobs = InformeDeConciliacion(house.ledger.informes, house.ledger.conciliado, dias)
    for name, tablas in (("pagos", pagos.tablas), ("conciliacion", cobs.tablas)):
        with (folder / f"{name}.xlsx").open("wb") as file:
            escritura_xlsx.write(tablas, file)


def measure(base: str, url: str, facturas: int) -> bool:
    """Play a month apart, so that its peak memory is its own; print what it came to, and tell whether all is right."""
    schema.migrate(url)
    command = [sys.executable, __file__, url, str(facturas)]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603
    took, paid = told["took"], told["movimientos"]
    print(f"\n{base}: {told['facturas']:,} facturas, {told['pagos']:,} pagos, {told['archivos']} archivos COB")
    for what, much, seconds in (
        ("inventar el mes", f"{told['facturas']:,} facturas", took["inventar"]),
        ("cargar el FAC", f"{told['facturas']:,} líneas", took["cargar"]),
        ("consultas, avisos, reversas", f"{paid:,}, {told['soap']:,} por SOAP", took["jugar"] - sum(told["cobs"])),
        ("conciliar los COB", f"{told['lineas']:,} líneas, el más lento {max(told['cobs']):.1f} s", sum(told["cobs"])),
        ("pagos y conciliación a Excel", f"{told['pagos'] + told['lineas']:,} filas", took["informes"]),
    ):
        print(f"  {what:<30}{much:>42}{seconds:>9.1f} s")
    kinds = f"{len(TIPOS)} + {len(FALLAS)} tipos"
    found = f"{told['encontradas']:,} de {told['anomalias']:,}"
    print(f"  {'anomalías halladas y nombradas':<30}{found:>42}  ({kinds})")
    print(f"  {'solo en el COB, sanados':<30}{told['sanados']:>42,}  (una vez cada uno)")
    print(f"  {'suma de los COB':<30}{importe.format_es(told['centavos']):>42}  (igual al centavo)")
    print(f"  {'pico de memoria':<30}{told['peak_mb']:>39,.0f} MB")
    for difference in told["differences"]:
        print(f"  DISTINTO: {difference}")
    return not told["differences"] and told["encontradas"] == told["anomalias"]


def main(facturas: int) -> None:
    """Print the table; end with 1 if anything is not as it must be."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {"SQLite": f"sqlite:///{folder}/mes.db"}
        if bases.has_postgres():
            urls["PostgreSQL"] = stack.enter_context(bases.postgres_schema())
        right = [measure(base, url, facturas) for base, url in urls.items()]
        if len(urls) == 1:
            print(bases.NO_POSTGRES)
    sys.exit(0 if all(right) else 1)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [url, facturas]:
            play_once(url, int(facturas))
        case [facturas]:
            main(int(facturas))
        case _:
            main(FACTURAS)
