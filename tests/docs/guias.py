"""The guides, as a reader uses them: their blocks are copied, and only addresses and secrets are put in their place."""

import random
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import gateway as g

from pmc_soap import config, wiring, wsgi
from pmc_soap.domain.entrega import EstadoEntrega, EstadoImputacion
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento

DOCS = g.ROOT / "docs"
NOW = datetime(2026, 3, 10, 15, 30, 12, tzinfo=UTC)  # the day of the guides' examples
FACTURA = Factura(
    clave=ClaveFactura(codigo_empresa="1234", id_cliente="1000001", id_factura="F-1000001-1"),
    vencimientos=(Vencimiento(fecha=date(2026, 3, 20), importe_centavos=1854075),),
    mensaje_pantalla="CUOTA MARZO",
    mensaje_ticket="CUOTA MARZO",
)
IMPUTED = (EstadoEntrega.ENTREGADA, EstadoImputacion.IMPUTADO)
ERP_URL = "https://erp.ejemplo.com.ar"
SECRETOS = {
    "erp_clave": "demo-pmc",
    "erp_token": "demo-pmc",
    "erp_api_key": "una-clave",
    "webhook": "whsec_bm8tdXNlcy1lc3RhLWNsYXZlLWRlLWVqZW1wbG8=",
    "webhook_anterior": "whsec_bGEtY2xhdmUtYW50ZXJpb3ItZGUtZWplbXBsbw==",
    "erp_url": "sqlite:////var/lib/erp/erp.db",
    "amqp_url": "amqp://guest:guest@127.0.0.1:5672/",
    "pagomiscuentas": "un secreto",
    "sandbox_pmc": "un secreto",
    "sandbox_empresa": "otro secreto",
    "empresa_1234_hash": g.hash_secret("demo-1234", "cc"),
}
_HEAD = """
mode = "homologacion"
db = "sqlite:///{db}"
public_url = "{public_url}"

[pagomiscuentas]
credenciales = [{{ usuario = "pagomiscuentas", hash = "{hash}" }}]
"""


def blocks(page: str, language: str) -> list[str]:
    """Give the fenced blocks of a page that are of one language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def block(page: str, language: str) -> str:
    """Give the only one of its language."""
    [found] = blocks(page, language)
    return found


def put_in_place(text: str, folder: Path, secretos: Mapping[str, str], instead: Mapping[str, str]) -> str:
    """Write the secrets that a configuration names to files of ours, and change its addresses for ours."""
    for name, said in {**SECRETOS, **secretos}.items():
        (folder / name).write_text(said, encoding="utf-8")
    for theirs, ours in {**instead, "/run/secrets/": f"{folder}/"}.items():
        text = text.replace(theirs, ours)
    return text


class Papeles:
    """Ids that look like any, and are the same in every run: the samples of the guides show them."""

    def __init__(self) -> None:
        self._random = random.Random(2026)  # noqa: S311 — no secret

    def new(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


class Casa:
    """A gateway with the configuration of a guide, and the network that calls it."""

    def __init__(self, house: wiring.House) -> None:
        self.house = house
        self.app = wsgi.doors(house)

    def ask(self, operation: str, **said: object) -> g.Answer:
        """Be PagoMisCuentas."""
        told = {"FechaHora": "2026-03-10T12:30:12-03:00", "IdMensaje": "PMC-1", **said}
        answer = g.call(self.app, "POST", g.PMC, g.pedido(operation, empresa="1234", **told), g.XML)
        g.check_soap(answer)
        assert answer.falla is None
        return answer

    def consult(self) -> g.Answer:
        """Ask what the cliente of the guides owes; it must come from the empresa's own system."""
        answer = self.ask("ConsultaDeuda", IdCliente="1000001")
        found = [answer.said(name) for name in ("Codigo", "Origen", "IdFactura", "ImporteExigible")]
        assert ["00", "EMPRESA", "F-1000001-1", "18540.75"] == found
        return answer

    def pay(self) -> str:
        """Tell of the pago of the guides; give its IdAviso."""
        pago = {"Importe": "18540.75", "IdTransaccion": "TX-1", "IdFactura": "F-1000001-1", "Canal": "PC"}
        answer = self.ask("AvisoPago", IdCliente="1000001", Moneda="ARS", **pago)
        assert ["00", "APLICADO"] == [answer.said("Codigo"), answer.said("Estado")]
        return answer.said("IdAviso")

    def take_back(self) -> str:
        """Reverse it; give the IdAviso of the reversa."""
        said = {"IdTransaccion": "RX-1", "IdTransaccionOriginal": "TX-1", "Motivo": "ANULACION"}
        told = {"IdMensaje": "PMC-2", "FechaHora": "2026-03-10T13:05:00-03:00"}
        answer = self.ask("ReversaPago", **told, IdCliente="1000001", Importe="18540.75", **said)
        assert answer.said("Codigo") == "00"
        return answer.said("IdAviso")

    def deliver(self) -> None:
        """Deliver the one aviso that is due."""
        assert self.house.repartidor.deliver_due() == 1

    def deliver_twice(self) -> None:
        """Deliver it, and die before that is written down; then another deliverer takes it over."""
        [ruta] = self.house.rutas
        [tomada] = self.house.ledger.bandeja.take(ruta.codigo_empresa, ruta.nombre, 10, timedelta(0))
        ruta.destino.deliver(tomada.envio)
        self.deliver()

    def entrega(self, id_aviso: str) -> tuple[str, str | None, str | None]:
        """Tell what became of the only entrega of an aviso, as the operator sees it."""
        [(entrega, _)] = self.house.operador.show(id_aviso).entregas
        comprobante = entrega.comprobante
        return entrega.estado, comprobante and comprobante.estado, comprobante and comprobante.nro_comprobante


@contextmanager
def living(
    page: str,
    template: Path,
    folder: Path,
    *,
    toml: str | None = None,
    secretos: Mapping[str, str] | None = None,
    instead: Mapping[str, str] | None = None,
    public_url: str = "https://pagos.ejemplo.com.ar",
) -> Iterator[Casa]:
    """Put the house together as the page says, on a fresh ledger."""
    database = folder / "ledger.db"
    database.write_bytes(template.read_bytes())
    said = put_in_place(toml or block(page, "toml"), folder, secretos or {}, instead or {})
    head = _HEAD.format(db=database, public_url=public_url, hash=g.hash_secret(g.TOKEN_PMC, "bb"))
    file = folder / "pmc-soap.toml"
    file.write_text(head + said, encoding="utf-8")
    with wiring.build(config.load(file, {}), g.FixedClock(NOW), Papeles()) as house:
        yield Casa(house)


def program(source: str) -> dict[str, Any]:
    """Run a block of Python; give what it defines."""
    made: dict[str, Any] = {}
    exec(source, made)  # noqa: S102 — the block is what is tested
    return made
