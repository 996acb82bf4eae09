"""What every server of the bench knows: one cliente with a factura, one with ten, and as many to pay as are asked for.

Importes are centavos. The same rules are in each peer; edge.py holds every answer against this module.
"""

from datetime import date

from pmc_soap import config
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento

EMPRESA, TOKEN = "DEMO", "demo-pmc"
NOMBRE = "Ana Muñoz"
FACTURAS = {"1000001": 1, "1000010": 10}
PAGO_CENTAVOS = 1_500_50
DUE = date(2035, 12, 31)  # far away: what is measured is payable whenever the bench runs


def clave(id_cliente: str, id_factura: str) -> ClaveFactura:
    """Name a factura of the empresa."""
    return ClaveFactura(codigo_empresa=EMPRESA, id_cliente=id_cliente, id_factura=id_factura)


def owed(id_cliente: str) -> tuple[Factura, ...]:
    """Give the facturas of one that is asked about."""
    return tuple(_factura(id_cliente, n) for n in range(1, FACTURAS.get(id_cliente, 0) + 1))


def _factura(id_cliente: str, n: int) -> Factura:
    return Factura(
        clave=clave(id_cliente, f"F-{id_cliente}-{n}"),
        vencimientos=(Vencimiento(fecha=DUE.replace(day=n), importe_centavos=10_000_00 + 123_45 * n),),
        mensaje_pantalla=f"CUOTA {n}",
        mensaje_ticket=f"CUOTA {n} - EMPRESA DEMO",
        codigo_barras=f"0400010000011000018540752{n:03d}",
        nombre_cliente=NOMBRE,
    )


def to_pay(n: int) -> Factura:
    """Give the nth factura that an aviso pays: each has a cliente of its own."""
    return payable(clave(f"C{n:07d}", f"P{n:07d}"))


def payable(said: ClaveFactura) -> Factura:
    """Give the factura that an aviso names."""
    return Factura(
        clave=said,
        vencimientos=(Vencimiento(fecha=DUE, importe_centavos=PAGO_CENTAVOS),),
        mensaje_pantalla="CUOTA",
        mensaje_ticket="CUOTA - EMPRESA DEMO",
    )


def settings(url: str, guarda: str = "todo") -> config.Settings:
    """Configure one empresa on a database, with the network's credential: as in production, but for the salt.

    guarda: what is kept of each exchange.
    """
    from pmc_soap.soap.credenciales import hash_secret  # noqa: PLC0415 — the peers do not need it

    credencial = {"usuario": "pagomiscuentas", "hash": hash_secret(TOKEN, "be")}
    return config.check(
        {
            "mode": "homologacion",
            "db": url,
            "public_url": "http://127.0.0.1",
            "pagomiscuentas": {"credenciales": [credencial]},
            "intercambios": {"guarda": guarda},
            "empresas": {EMPRESA: {"nombre": "Club Ejemplo"}},
        }
    )
