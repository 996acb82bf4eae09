"""The pages of the base and of the files: facturas, cargas with upload, dry run and confirmation, conciliación."""

import io
import json
from datetime import timedelta
from time import monotonic, sleep

import gateway as g
import pytest
from fakes import bases

from pmc_soap.domain.aviso import PAGO_CON_FACTURA
from pmc_soap.domain.cobro import Cobro
from pmc_soap.domain.factura import ClaveFactura, Factura, Vencimiento
from pmc_soap.domain.usuario import Rol
from pmc_soap.files.cob import escritura as cob
from pmc_soap.files.fac import escritura

WAIT_S = 20
NEXT = g.TODAY + timedelta(days=1)  # on which the money of that day comes


def a_fac(*centavos):
    """Write a FAC of the empresa DEMO, a factura for each importe."""
    facturas = [
        Factura(
            clave=ClaveFactura(codigo_empresa="DEMO", id_cliente=f"77{n}", id_factura=f"N-{n}"),
            vencimientos=(Vencimiento(fecha=g.TODAY.replace(month=8), importe_centavos=each),),
            mensaje_pantalla="CUOTA",
            mensaje_ticket="CUOTA",
        )
        for n, each in enumerate(centavos)
    ]
    return b"".join(escritura.write("DEMO", g.TODAY, facturas))


def sent(persona, data, name="FACDEMO.150725", **fields):
    """Send a file, and wait until it was looked at."""
    persona.get("/consola/cargas/subir")
    persona.submit("Revisar", files={"archivo": (io.BytesIO(data), name)}, **fields)
    return settled(persona)


def settled(persona):
    """Look again until nobody works at it."""
    until = monotonic() + WAIT_S
    while persona.doc.xpath("//progress"):
        assert monotonic() < until
        sleep(0.05)
        persona.get(persona.page.request.path)
    return persona.text


def rows(gateway, cliente):
    return [row for row in bases.rows(gateway.url, "factura") if row["id_cliente"] == cliente]


def test_a_file_is_looked_at_first_and_becomes_the_base_when_it_is_confirmed(persona, gateway):
    before = next((each.nombre for each in gateway.house.ledger.libro_cargas.cargas("DEMO", 1)), None)
    told = sent(persona, a_fac(1_500_50, 2_000_00))
    assert "Está todo bien. Todavía no cambió nada" in told
    assert rows(gateway, "770") == []
    persona.submit("Confirmar y cargar")
    assert "Listo: la base ya tiene lo que dice el archivo." in settled(persona)
    assert [row["vto1_importe_centavos"] for row in rows(gateway, "770")] == [1_500_50]
    acta = bases.rows(gateway.url, "auditoria")[-1]
    assert (acta["accion"], acta["operador"], acta["codigo_empresa"]) == ("SUBIDA", "administrador", "DEMO")
    assert json.loads(acta["antes"]) == {"archivo": before}
    assert {"archivo": "FACDEMO.150725", "nuevas": 2, "cambiadas": 0}.items() <= json.loads(acta["despues"]).items()
    persona.get("/consola/cargas")
    assert persona.rows()[0][1] == "FACDEMO.150725"


def test_bad_lines_are_told_one_by_one_and_the_good_ones_can_be_loaded(persona, gateway):
    lines = a_fac(1_500_50, 2_000_00, 3_000_00).split(b"\r\n")
    lines[2] = lines[2][:60] + b"XXXX" + lines[2][64:]
    told = sent(persona, b"\r\n".join(lines))
    assert "1 línea tiene problemas" in told
    assert persona.rows()[0][0] == "3"
    problems = persona.client.get(
        persona.doc.xpath("//a[text()='Bajar todos los problemas']/@href")[0], buffered=True
    ).text
    assert "FAC-" in problems
    mend = persona.client.get(
        persona.doc.xpath("//a[text()='Bajar las líneas a corregir']/@href")[0], buffered=True
    ).data
    assert b"XXXX" in mend
    persona.submit("Cargar las 2 buenas")
    assert "Listo" in settled(persona)
    assert (len(rows(gateway, "770")), rows(gateway, "771"), len(rows(gateway, "772"))) == (1, [], 1)


def test_the_same_file_again_changes_nothing_and_says_so(persona):
    sent(persona, a_fac(1_500_50))
    persona.submit("Confirmar y cargar")
    settled(persona)
    sent(persona, a_fac(1_500_50))
    persona.submit("Confirmar y cargar")
    assert "ya se había cargado: no cambió nada" in settled(persona)


def test_a_file_that_is_none_is_refused_whole_and_can_be_forgotten(persona, gateway):
    before = len(bases.rows(gateway.url, "factura"))
    assert "El archivo entero no se puede usar" in sent(persona, b"hola\n")
    assert "Confirmar" not in persona.text
    persona.submit("Descartar")
    assert "se descartó" in persona.text
    assert len(bases.rows(gateway.url, "factura")) == before


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "subida.json", "a/b\\c.csv", "\x00.fac", "turno", "x" * 300]
)
def test_whatever_a_file_is_called_it_stays_in_its_folder(persona, gateway, name, tmp_path):
    sent(persona, a_fac(1_00), name)
    [folder] = (tmp_path / "subidas").iterdir()
    assert {path.parent for path in (tmp_path / "subidas").rglob("*") if path.is_file()} == {folder}


def test_a_file_that_is_too_long_or_empty_is_told_so(persona, monkeypatch):
    persona.get("/consola/cargas/subir")
    monkeypatch.setattr("pmc_soap.files.subidas.carpeta.BYTES_MAX", 10)
    persona.submit("Revisar", status=422, files={"archivo": (io.BytesIO(b"x" * 11), "FACDEMO.150725")})
    assert "pesa más de" in persona.text
    persona.submit("Revisar", status=422, files={"archivo": (io.BytesIO(b""), "FACDEMO.150725")})
    assert "está vacío" in persona.text


def test_a_reemplazo_that_retires_is_asked_about_before(persona, gateway):
    sent(persona, a_fac(*range(1_00, 6_00, 1_00)))
    persona.submit("Confirmar y cargar")
    settled(persona)
    told = sent(persona, a_fac(1_500_50), modo="REEMPLAZO", empresa="DEMO")
    assert "Quedan de baja 4 de 5" in told
    persona.submit("Confirmar y cargar")
    assert "no lo confirmaste" in settled(persona)
    sent(persona, a_fac(1_500_51), modo="REEMPLAZO", empresa="DEMO")
    persona.submit("Confirmar y cargar", may_retire="1")
    assert "Listo" in settled(persona)
    assert [row["estado"] for row in rows(gateway, "774")] == ["BAJA"]


def test_who_may_not_load_cannot_send(entrar):
    auditor = entrar(Rol.AUDITOR)
    assert auditor.client.get("/consola/cargas/subir").status_code == 403
    auditor.get("/consola/cargas")
    assert "Subir un archivo" not in auditor.text


# Facturas -----------------------------------------------------------------------------------------------------------


def test_a_factura_is_found_by_its_cliente_and_shows_what_is_due_today(persona):
    persona.get("/consola/facturas?cliente=1000001")
    [row] = persona.rows()
    assert row[4] == "$ 18.540,75"
    persona.get(persona.doc.xpath("//td/a/@href")[0])
    assert "Hoy, $ 18.540,75" in persona.text


def test_a_factura_is_added_by_hand_and_withdrawn_and_who_did_it_stays_written(persona, gateway):
    persona.get("/consola/facturas/alta")
    persona.submit(
        "Dar de alta",
        status=422,
        empresa="DEMO",
        cliente="1",
        factura="A-1",
        vence_1="2025-08-01",
        importe_1="mil",
        motivo="prueba",
    )
    assert "«mil» no es un importe" in persona.text
    persona.submit(
        "Dar de alta",
        empresa="DEMO",
        cliente="1",
        factura="A-1",
        vence_1="2025-08-01",
        importe_1="1.500,50",
        motivo="prueba",
    )
    assert "Hoy, $ 1.500,50" in persona.text
    persona.submit("Dar de baja", motivo="era una prueba", baja="ANULADA")
    assert "Listo: ya no se puede pagar." in persona.text
    assert [row["accion"] for row in bases.rows(gateway.url, "auditoria")] == ["ALTA_FACTURA", "BAJA_FACTURA"]


def test_the_pages_of_facturas_go_on_where_they_ended(persona, monkeypatch):
    monkeypatch.setattr("pmc_soap.web.consola.pedido.FILAS", 3)
    persona.get("/consola/facturas")
    seen = [row[0] for row in persona.rows()]
    while persona.doc.xpath("//a[@rel='next']"):
        persona.get(persona.doc.xpath("//a[@rel='next']/@href")[0])
        seen += [row[0] for row in persona.rows()]
    monkeypatch.undo()
    persona.get("/consola/facturas")
    assert seen == [row[0] for row in persona.rows()]
    assert len(seen) > 6


# Conciliación -------------------------------------------------------------------------------------------------------


def a_cob(gateway, extra=()):
    """Write the COB that PMC would send of what was applied that day, with lines that nobody told of."""
    pagos = gateway.house.ledger.informes.pagos("DEMO", g.TODAY, g.TODAY)
    told = [(p.id_cliente, p.id_factura, p.importe_centavos) for p in pagos if p.estado == "APLICADO"]
    cobros = [
        Cobro(
            id_cliente=id_cliente,
            id_factura=id_factura,
            primer_vencimiento=g.TODAY,
            fecha_aplicacion=g.TODAY,
            fecha_acreditacion=NEXT,
            importe_centavos=centavos,
            codigo_movimiento=PAGO_CON_FACTURA,
            canal="PC",
        )
        for id_cliente, id_factura, centavos in (*told, *extra)
    ]
    return b"".join(cob.write("DEMO", NEXT, cobros))


def test_a_day_without_files_says_what_to_do(persona):
    persona.get("/consola/conciliacion")
    assert "Subir un COB" in persona.text


def test_a_cob_with_faults_is_told_and_changes_nothing(persona, gateway):
    persona.get("/consola/conciliacion/subir")
    persona.submit("Revisar", files={"archivo": (io.BytesIO(b"hola\n"), "COBDEMO.160725")})
    assert "No se usó" in settled(persona)
    assert bases.rows(gateway.url, "cob") == []


def test_a_cob_is_seen_first_then_conciliated_a_line_resolved_and_the_day_closed(persona, gateway):
    twice = ("1000001", "F-1000001-1", 18_540_75)
    persona.get("/consola/conciliacion/subir")
    name = f"COBDEMO.{NEXT:%d%m%y}"
    persona.submit("Revisar", files={"archivo": (io.BytesIO(a_cob(gateway, (twice, twice))), name)})
    assert "Esto es lo que pasaría. Todavía no cambió nada" in settled(persona)
    assert bases.rows(gateway.url, "cob") == []
    persona.submit("Confirmar y conciliar")
    assert "Listo: el archivo quedó conciliado." in settled(persona)
    persona.get(f"/consola/conciliacion/DEMO/{NEXT}")
    assert "Duplicado en cob" in persona.text
    persona.submit("Descartar la línea", motivo="es la misma")
    assert "ya no espera a nadie" in persona.text
    persona.submit("Cerrar el día", motivo="cuadra")
    assert "el día quedó cerrado" in persona.text
    persona.submit("Abrir el día", motivo="me apuré")
    assert "abierto otra vez" in persona.text
    acts = [row["accion"] for row in bases.rows(gateway.url, "auditoria")]
    assert acts == ["SUBIDA", "RESOLVER_LINEA", "CERRAR_DIA", "REABRIR_DIA"]


def test_a_business_day_without_a_cob_is_missed(persona, gateway):
    gateway.clock.instant += timedelta(days=1)
    persona.get("/consola/conciliacion/subir")
    persona.submit("Revisar", files={"archivo": (io.BytesIO(a_cob(gateway)), f"COBDEMO.{NEXT:%d%m%y}")})
    settled(persona)
    persona.submit("Confirmar y conciliar")
    settled(persona)
    gateway.clock.instant += timedelta(days=3)  # a Saturday
    persona.get("/consola/conciliacion")
    assert "Falta el COB del 17/07/2025" in persona.text
    assert "Falta el COB del 18/07/2025" in persona.text
    assert "Falta el COB del 19/07/2025" not in persona.text
