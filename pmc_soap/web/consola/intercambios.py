"""The exchanges that were kept: what the network and the empresas asked, what we answered, and how long it took."""

from datetime import date, timedelta

from flask import Blueprint, Response, abort, render_template, url_for

from pmc_soap.domain.usuario import Permiso
from pmc_soap.operations.intercambios import Filtro, Intercambio
from pmc_soap.operations.tiempos import OPERACIONES
from pmc_soap.web import grafico
from pmc_soap.web.consola import copias, pedido
from pmc_soap.web.consola.acceso import puede, requires
from pmc_soap.web.consola.bajada import send
from pmc_soap.web.consola.casa import Casa
from pmc_soap.web.consola.codigos import told

DE_LA_EMPRESA = (
    "AltaFactura",
    "ModificacionFactura",
    "BajaFactura",
    "ConsultaFactura",
    "ConsultaPago",
    "ObtenerAvisos",
    "ConfirmarAvisos",
)
LENTOS = ((100, "100 ms"), (500, "500 ms"), (1_000, "1 s"), (2_000, "2 s"), (5_000, "5 s"))
FASES = {
    "lectura": "Leer el pedido",
    "apertura": "Abrir el sobre",
    "credencial": "Mirar la credencial",
    "contrato": "Comparar con el contrato",
    "operacion": "Resolver la operación",
    "escritura": "Escribir la respuesta",
}
_ONE_DAY = timedelta(days=1)


def add(pages: Blueprint, casa: Casa) -> None:
    """Add the pages."""

    @pages.get("/intercambios")
    @requires(Permiso.VER)
    def intercambios() -> str:
        return _list(casa)

    @pages.get("/intercambios/bajar")
    @requires(Permiso.EXPORTAR)
    def intercambios_bajar() -> Response:
        return send(casa, "intercambios", lambda formato: casa.bajadas.intercambios(read(casa), formato))

    @pages.get("/intercambios/<id_pedido>")
    @requires(Permiso.VER)
    def intercambios_uno(id_pedido: str) -> str:
        return _one(casa, id_pedido)


def read(casa: Casa) -> Filtro:
    """Read which exchanges the address asks for."""
    codigo, empresa = (pedido.text("codigo", 12) or "").upper(), pedido.empresa(casa)
    desde, hasta = pedido.day("desde"), pedido.day("hasta")
    slow = pedido.text("lentos", 6) or ""
    return Filtro(
        codigos_empresa=frozenset({empresa.codigo_empresa}) if empresa else None,
        operacion=pedido.text("operacion"),
        codigo=codigo if codigo and not codigo.startswith("PMC-") else None,
        falla=codigo if codigo.startswith("PMC-") else None,
        con_problemas=pedido.text("problemas") is not None,
        id_cliente=pedido.text("cliente"),
        id_factura=pedido.text("factura"),
        id_aviso=pedido.text("aviso"),
        minimo_ms=int(slow) if slow.isascii() and slow.isdecimal() else None,
        desde_utc=pedido.midnight(desde) if desde else None,
        hasta_utc=pedido.midnight(hasta + _ONE_DAY) if hasta and hasta < date.max else None,
    )


def _list(casa: Casa) -> str:
    antes = pedido.text("antes", 18) or ""
    before = int(antes) if antes.isascii() and antes.isdecimal() else None
    found = casa.intercambios.recent(read(casa), before, pedido.FILAS + 1)
    shown = found[: pedido.FILAS]
    live = pedido.text("vivo") is not None and before is None
    return render_template(
        "consola/intercambios.html",
        intercambios=[(each, told(casa.ayuda, each.falla or each.codigo)) for each in shown],
        operaciones=[("", "Todas"), *((name, name) for name in (*OPERACIONES, *DE_LA_EMPRESA))],
        lentos=[("", "Cualquiera"), *LENTOS],
        vivo=live,
        cambiar_vivo=pedido.address("consola.intercambios", vivo=None if live else 1, antes=None),
        first=pedido.address("consola.intercambios", antes=None) if before is not None else "",
        siguiente=pedido.address("consola.intercambios", antes=shown[-1].id, vivo=None)
        if len(found) > pedido.FILAS
        else "",
        bajar={
            each: pedido.address("consola.intercambios_bajar", formato=each, antes=None, vivo=None)
            for each in ("xlsx", "csv")
        },
    )


def _one(casa: Casa, id_pedido: str) -> str:
    found = casa.intercambios.find(id_pedido)
    if found is None:
        abort(404)
    intercambio, documentos = found
    personal = puede(Permiso.VER_PERSONALES)
    asked, answered = (
        None if each is None else casa.presentar(each, con_datos_personales=personal)
        for each in (documentos.pedido, documentos.respuesta)
    )
    address = copias.address(casa.public_url, intercambio)
    fases = [(FASES.get(fase, fase), took) for fase, took in intercambio.fases_ms.items()]
    return render_template(
        "consola/intercambio.html",
        uno=intercambio,
        dicho=told(casa.ayuda, intercambio.falla or intercambio.codigo),
        pedido_xml=asked,
        respuesta_xml=answered,
        curl=copias.as_curl(address, intercambio, asked) if asked and address else "",
        zeep=copias.as_zeep(address, intercambio, asked) if asked and address else "",
        fases=fases,
        resto_ms=max(intercambio.ms - sum(took for _, took in fases), 0),
        franja=grafico.franja("Tiempo por fase", fases, intercambio.ms),
        cuento=_story(intercambio),
    )


def _story(uno: Intercambio) -> str:
    """Give the address of the story that it belongs to; empty where there is none."""
    of = uno.id_aviso or uno.id_consulta or uno.id_transaccion
    return url_for("consola.seguir", id=of) if of else ""
