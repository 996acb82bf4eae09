"""The demonstration's world: one empresa, nine clientes, each there to show one thing.

Dates are relative to the day on which it is made. fixtures/README.md tells it to testers; the tests hold both equal.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pmc_soap import config, wiring
from pmc_soap.config import DEMO_SALT, ConfigError, Mode, Settings
from pmc_soap.demo import erp
from pmc_soap.domain.aviso import AvisoPago
from pmc_soap.domain.calendario import local_day
from pmc_soap.domain.factura import ClaveFactura, EstadoFactura, Factura, MotivoBaja, TipoImporte, Vencimiento
from pmc_soap.domain.importe import PESOS
from pmc_soap.domain.usuario import Rol
from pmc_soap.files.fac import escritura
from pmc_soap.files.fac.archivo import ArchivoFac
from pmc_soap.operations.libro_usuarios import CLAVE_DE_DEMOSTRACION
from pmc_soap.soap.credenciales import hash_secret

EMPRESA = "DEMO"
DATABASE = "demo.db"
TOKEN_PAGOMISCUENTAS = "demo-pmc"  # noqa: S105 — public, and refused outside the demonstration
TOKEN_EMPRESA = "demo-empresa"  # noqa: S105

FOLDER = Path("var")
FOLDER_VARIABLE = "PMC_DEMO_DIR"  # tells the processes of a demonstration, whose database may be a server's
ERP_PORT_FILE = "erp.puerto"  # beside the database: where the ERP of a running demonstration listens

SETTINGS: dict[str, Any] = {
    "mode": Mode.DEMOSTRACION,
    "pagomiscuentas": {
        "credenciales": [{"usuario": "pagomiscuentas", "hash": hash_secret(TOKEN_PAGOMISCUENTAS, DEMO_SALT)}]
    },
    "sandbox": {"empresa": EMPRESA, "token": TOKEN_PAGOMISCUENTAS, "token_empresa": TOKEN_EMPRESA},
    "empresas": {
        EMPRESA: {
            "nombre": "Empresa de demostración",
            "credenciales": [{"usuario": EMPRESA, "hash": hash_secret(TOKEN_EMPRESA, DEMO_SALT)}],
        }
    },
}

# cliente, factura, pantalla, vencimientos as (days from today, centavos)
_REPORTED = (
    ("1000001", "F-1000001-1", "CUOTA DEL MES", ((10, 18_540_75),)),
    ("1000002", "F-1000002-1", "TRES VTOS", ((-5, 10_000_00), (10, 10_500_00), (25, 11_000_00))),
    ("1000002", "F-1000002-2", "CUOTA 2", ((12, 12_345_50),)),
    ("1000002", "F-1000002-3", "CUOTA 3", ((42, 12_345_50),)),
    ("1000004", "F-1000004-1", "YA SALDADA", ((20, 7_000_00),)),
    ("1000005", "F-1000005-1", "VENCIDA", ((-40, 5_000_00), (-20, 5_250_00))),
    ("1000006", "F-1000006-1", "YA PAGADA", ((15, 9_999_99),)),
    ("1000007", "F-1000007-1", "DADA DE BAJA", ((15, 3_200_00),)),
)
_PAID = (("1000004", "F-1000004-1", 7_000_00), ("1000006", "F-1000006-1", 9_999_99))
_WITHDRAWN = ("1000007", "F-1000007-1")


class BaseAjena(Exception):
    """The database is somebody's: the demonstration's world would get mixed up with it."""


def settings(overrides: Mapping[str, Any]) -> Settings:
    """Give the demonstration's settings; raises ConfigError where the environment asks for another mode."""
    mode = config.environment().get("mode", Mode.DEMOSTRACION)
    if mode != Mode.DEMOSTRACION:
        raise ConfigError([f"PMC_MODE pide el modo «{mode}»: hace falta un archivo de configuración."])
    db = overrides.get("db") or config.environment().get("db") or f"sqlite:///{FOLDER / DATABASE}"
    return config.check(_with_erp(SETTINGS, db), {**overrides, "db": db})


def _with_erp(said: dict[str, Any], db: str) -> dict[str, Any]:
    """Connect the empresa to the ERP of a running demonstration: as second instance, and as where its avisos go."""
    beside = Path(db.removeprefix("sqlite:///")).parent if db.startswith("sqlite:///") else FOLDER
    folder = Path(os.environ.get(FOLDER_VARIABLE, beside))
    try:
        port = int((folder / ERP_PORT_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return said
    soap = {"tipo": "soap", "url": f"http://127.0.0.1:{port}{erp.PATH}", "token": erp.TOKEN}
    # a person who switches it on again is waiting for the lamp
    destinos = {"erp": soap | {"esperas_segundos": [2, 5, 10]}, "pull": {"tipo": "pull"}}
    return said | {"empresas": {EMPRESA: said["empresas"][EMPRESA] | {"sistema": soap, "destinos": destinos}}}


def prepare(settings: Settings, folder: Path, progress: Callable[[str], None] = lambda _: None) -> bool:
    """Migrate the database and make the world in it, or what an interrupted start left out; tell whether it was made.

    Raises BaseAjena, before anything is changed, where the database holds anything but the demonstration.
    """
    migrated = wiring.status(settings).current is not None
    with wiring.build(settings) as house:
        if migrated:
            _require_ours(house)
        wiring.migrate(settings)
        today = local_day(house.clock.now())
        with house.ledger.read() as reading:
            if reading.factura(_registered_online(today)[-1].clave) is not None:
                return False
        progress("Creando el mundo de demostración…")
        _let_in(house)
        _make(house, folder, today)
        return True


def _require_ours(house: wiring.House) -> None:
    empresas = house.ledger.empresas()
    if not empresas:
        return
    with house.ledger.read() as reading:
        ours = empresas == {EMPRESA} and reading.factura(_clave(*_REPORTED[0][:2])) is not None
    if not ours:
        raise BaseAjena(
            "la base de datos ya tiene datos que no son de la demostración: no se tocó nada."
            " Para atender con ella hace falta un archivo de configuración (--config); para la demostración, otra base"
        )


def _make(house: wiring.House, folder: Path, today: date) -> None:
    """Make the world, in steps that may be repeated; prepare() looks for what the last of them makes."""
    _load(house, folder, today, [_factura(today, *row) for row in _REPORTED])
    for id_cliente, id_factura, centavos in _PAID:
        if house.facturas.show(_clave(id_cliente, id_factura)).factura.estado is EstadoFactura.PENDIENTE:
            house.avisos.accept(_aviso(house, id_cliente, id_factura, centavos))
    house.facturas.withdraw(_clave(*_WITHDRAWN), MotivoBaja.ANULADA)
    for factura in _registered_online(today):
        house.facturas.register(factura)


def _let_in(house: wiring.House) -> None:
    """Let everybody enter the consola, in any role."""
    known = {each.usuario for each in house.usuarios.list()}
    for rol in Rol:
        if rol.value not in known:
            house.usuarios.add(rol.value, f"Demo de {rol}", rol, CLAVE_DE_DEMOSTRACION, operador="demo")


def _load(house: wiring.House, folder: Path, today: date, facturas: list[Factura]) -> None:
    """Report them as an empresa does: as a FAC, which stays in the folder to be looked at."""
    path = folder / escritura.nombre(EMPRESA, today)
    path.write_bytes(b"".join(escritura.write(EMPRESA, today, facturas)))
    house.cargas.load(ArchivoFac.at(path))


def _registered_online(today: date) -> list[Factura]:
    """Give what a FAC cannot say: an open amount and a range."""
    open_amount = _factura(today, "1000008", "F-1000008-1", "APORTE", ((30, 0),))
    in_range = _factura(today, "1000009", "F-1000009-1", "PAGO MINIMO", ((30, 20_000_00),))
    return [
        replace(open_amount, tipo_importe=TipoImporte.ABIERTO),
        replace(
            in_range,
            tipo_importe=TipoImporte.RANGO,
            importe_minimo_centavos=5_000_00,
            importe_maximo_centavos=50_000_00,
        ),
    ]


def _factura(today: date, id_cliente: str, id_factura: str, pantalla: str, due: tuple[tuple[int, int], ...]) -> Factura:
    return Factura(
        clave=_clave(id_cliente, id_factura),
        vencimientos=tuple(
            Vencimiento(fecha=today + timedelta(days=days), importe_centavos=centavos) for days, centavos in due
        ),
        mensaje_pantalla=pantalla,
        mensaje_ticket=f"{pantalla} - EMPRESA DEMO",
    )


def _clave(id_cliente: str, id_factura: str) -> ClaveFactura:
    return ClaveFactura(codigo_empresa=EMPRESA, id_cliente=id_cliente, id_factura=id_factura)


def _aviso(house: wiring.House, id_cliente: str, id_factura: str, centavos: int) -> AvisoPago:
    now = house.clock.now()
    return AvisoPago(
        codigo_empresa=EMPRESA,
        id_mensaje=f"DEMO-{id_factura}",
        fecha_hora_mensaje_utc=now,
        id_cliente=id_cliente,
        id_factura=id_factura,
        id_transaccion=f"DEMO-{id_factura}",
        moneda=PESOS,
        importe_centavos=centavos,
        fecha_hora_pago_utc=now,
        canal="PC",
    )
