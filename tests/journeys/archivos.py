"""Files of facturas, and the real command that loads them into a base of its own."""

from datetime import UTC, date, datetime, timedelta

from comandos import pmc_soap
from fakes import bases
from sqlalchemy import text

from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.files.fac import escritura
from pmc_soap.storage import tables

DAY = date(2026, 3, 10)
COUNT = 12_000


def fac(folder, count=COUNT, first=0):
    """Write a FAC of that many facturas, of one peso each."""
    facturas = (
        Factura(
            clave=ClaveFactura(codigo_empresa="1234", id_cliente=f"{n % 500}", id_factura=f"F-{n}"),
            vencimientos=(Vencimiento(fecha=DAY + timedelta(days=30), importe_centavos=100),),
            mensaje_pantalla="CUOTA",
            mensaje_ticket="CUOTA",
        )
        for n in range(first, first + count)
    )
    path = folder / escritura.nombre("1234", DAY)
    with path.open("wb") as file:
        file.writelines(escritura.write("1234", DAY, facturas))
    return path


def one(url, sql):
    with bases.connected(url) as connection:
        return connection.execute(text(sql)).scalar()


def end_lease(url):
    """Let the time pass that who was killed would have renewed."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with bases.connected(url) as connection:
        carga = tables.carga
        connection.execute(carga.update().where(carga.c.estado == "EN_CURSO").values(tomada_hasta_utc=past))


def run(command, *args):
    """Run a command that nobody disturbs."""
    return pmc_soap(*command[1:], *args)
