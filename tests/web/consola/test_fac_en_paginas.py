"""The pages of the FACs for PMC: looked at before they are made, taken as they were made, and refused by PMC."""

import io
import os
import threading
from datetime import timedelta
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest
from fakes import bases

from pmc_soap.domain.usuario import Rol
from pmc_soap.files.fac import guardados
from pmc_soap.files.fac.salida import CarpetaFac
from pmc_soap.operations.exportacion import Exportaciones
from pmc_soap.operations.ports import Unavailable
from pmc_soap.web.consola import exportaciones


@pytest.fixture
def looked(persona):
    """Give somebody who sees what would be made for DEMO."""
    look(persona, empresa="DEMO")
    return persona


def look(persona, **asked):
    """See what would be made, once it is worked out."""
    persona.get("/consola/exportaciones/generar")
    persona.submit("Ver qué saldría", **asked)
    address = f"/consola/exportaciones/generar?{urlencode(asked)}"
    until(lambda: not persona.doc.xpath("//progress") or not persona.get(address))


def folder(gateway):
    return gateway.database.parent / "fac"


def told(data):
    """Give the ids of the facturas that a FAC of the classic variante tells of."""
    return sorted(line[20:40].strip().decode() for line in data.split(b"\r\n")[1:-1] if line[:1] == b"5")


def actas(gateway):
    return [(row["accion"], row["operador"]) for row in bases.rows(gateway.url, "auditoria")]


def made(persona):
    """Make one, and give its name."""
    persona.submit("Generar")
    return persona.rows()[0][1]


def refused(persona, name, status=200):
    persona.get("/consola/exportaciones/rechazo")
    return persona.submit("Anotar", status, files={"archivo": (io.BytesIO(b"LINEA 2: importe\x01\xd1\r\n"), name)})


def test_what_a_fac_would_hold_is_seen_before_anything_is_written(looked, gateway):
    assert "Todavía no se escribió nada: esto es lo que llevaría." in looked.text
    assert "Facturas 6 $ 63.631,75" in looked.text
    assert [row[1] for row in looked.rows()] == ["F-1000008-1", "F-1000009-1"]
    assert not folder(gateway).exists()
    assert bases.rows(gateway.url, "exportacion") == []


def test_one_that_is_made_can_be_taken_as_it_was_made(looked, gateway):
    name = made(looked)
    assert name == "FACDEMO.150725"
    assert "Listo, un archivo con 6 facturas por $ 63.631,75, para el 15/07/2025." in looked.text
    looked.get(f"/consola/exportaciones/{name}")
    [link] = looked.doc.xpath("//a[text()='Bajar el archivo']/@href")
    answer = looked.client.get(link, buffered=True)
    assert answer.data == (folder(gateway) / name).read_bytes()
    assert len(told(answer.data)) == 6
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert actas(gateway) == [("FAC_GENERADO", "administrador"), ("EXPORTACION", "administrador")]


def test_only_what_is_new_goes_into_the_next(looked, gateway):
    made(looked)
    look(looked, empresa="DEMO", novedades="1")
    assert "No hay nada nuevo que se pueda pagar ese día." in looked.text
    assert not looked.doc.xpath("//button[text()='Generar']")


def test_a_second_one_of_the_day_has_a_name_of_its_own(looked):
    made(looked)
    look(looked, empresa="DEMO")
    assert made(looked) == "FACDEMO.150725.02"


def test_one_that_pmc_refused_is_told_of_again(looked, gateway):
    name = made(looked)
    refused(looked, f"RECHAZADO_{name}")
    assert "Rechazado por PagoMisCuentas" in looked.text
    assert looked.doc.findtext(".//main//pre") == "LINEA 2: importe·Ñ\n"
    assert actas(gateway)[-1] == ("FAC_RECHAZADO", "administrador")
    [again] = looked.doc.xpath("//a[text()='Generar otro con lo que falta']/@href")
    until(lambda: looked.get(again) and not looked.doc.xpath("//progress"))
    assert "Facturas 6 $ 63.631,75" in looked.text
    refused(looked, f"RECHAZADO_{name.lower()}")
    assert "Ya estaba anotado: no cambió nada." in looked.text
    assert len(actas(gateway)) == 2


@pytest.mark.parametrize("name", ["RECHAZADO_FACDEMO.010125", "FACDEMO.150725", "RECHAZADO_", "../RECHAZADO_x"])
def test_what_refuses_none_of_ours_changes_nothing(looked, gateway, name):
    made(looked)
    before = bases.rows(gateway.url, "exportacion")
    refused(looked, name, 422)
    assert "no rechaza ningún FAC de los que se generaron" in looked.text
    assert bases.rows(gateway.url, "exportacion") == before


def test_a_file_that_is_not_there_or_is_another_cannot_be_taken(looked, gateway):
    name = made(looked)
    path = folder(gateway) / name
    path.write_bytes(path.read_bytes().replace(b"F-1000002-1", b"F-1000002-2"))
    for _ in range(2):
        looked.get(f"/consola/exportaciones/{name}")
        assert "El archivo no está en la carpeta de la consola" in looked.text
        assert looked.client.get(f"/consola/exportaciones/{name}/bajar").status_code == 404
        path.unlink(missing_ok=True)


def test_the_oldest_files_make_room_and_stay_in_the_list(looked, gateway):
    name = made(looked)
    old = (gateway.clock.now() - timedelta(days=guardados.DIAS + 1)).timestamp()
    os.utime(folder(gateway) / name, (old, old))
    (folder(gateway) / "apuntes.txt").touch()
    os.utime(folder(gateway) / "apuntes.txt", (old, old))
    look(looked, empresa="DEMO")
    second = made(looked)
    assert sorted(path.name for path in folder(gateway).iterdir() if path.name[0] != ".") == [second, "apuntes.txt"]
    looked.get("/consola/exportaciones")
    assert [row[1] for row in looked.rows()] == [second, name]


@pytest.mark.parametrize(
    ("dia", "why"),
    [
        ("2025-07-14", "Ese día ya no se puede presentar: lo que se genera ahora es del 15/07/2025."),
        ("2025-07-19", "Ese día no hay bancos: el siguiente hábil es el 21/07/2025."),
    ],
)
def test_a_day_on_which_pmc_takes_none_is_told(persona, gateway, dia, why):
    look(persona, empresa="DEMO", dia=dia)
    assert why in persona.text
    data = {"empresa": "DEMO", "dia": dia, "csrf": persona.csrf}
    answer = persona.client.post("/consola/exportaciones/generar", data=data)
    assert answer.status_code == 422
    assert why in answer.text
    assert bases.rows(gateway.url, "exportacion") == []
    assert persona.client.get(f"/consola/exportaciones/generar/reparos/bajar?empresa=DEMO&dia={dia}").status_code == 404


def test_a_tenth_of_a_day_is_refused_in_words(looked, gateway):
    (folder(gateway)).mkdir()
    (folder(gateway) / "FACDEMO.150725.09").touch()
    looked.submit("Generar", 422)
    assert "PagoMisCuentas toma hasta 9 archivos por día, de 15.000 facturas cada uno" in looked.text
    assert bases.rows(gateway.url, "exportacion") == []


def test_a_folder_that_cannot_be_written_to_is_told_and_nothing_is_noted(looked, gateway):
    folder(gateway).write_bytes(b"no es una carpeta")
    looked.submit("Generar", 500)
    assert "No se pudo escribir en la carpeta de los FAC" in looked.text
    assert bases.rows(gateway.url, "exportacion") == []
    assert bases.rows(gateway.url, "exportada") == []


def test_all_that_a_fac_cannot_say_can_be_taken(looked, gateway):
    [link] = looked.doc.xpath("//a[text()='Bajar todas las que no van']/@href")
    answer = looked.client.get(link, buffered=True)
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == ["F-1000008-1", "F-1000009-1"]
    assert actas(gateway) == [("EXPORTACION", "administrador")]


def test_who_may_not_load_sees_them_and_makes_none(entrar, looked):
    name = made(looked)
    other = entrar(Rol.INTEGRADOR)
    other.get("/consola/exportaciones")
    assert [row[1] for row in other.rows()] == [name]
    assert other.client.get("/consola/exportaciones/generar").status_code == 403
    assert other.client.get("/consola/exportaciones/rechazo").status_code == 403
    assert other.client.get(f"/consola/exportaciones/{name}/bajar").status_code == 403


def test_one_that_takes_long_goes_on_by_itself_and_is_seen_to(looked, gateway, monkeypatch):
    go_on, make = threading.Event(), CarpetaFac.write
    monkeypatch.setattr(exportaciones, "ESPERA_S", 0.1)
    monkeypatch.setattr(CarpetaFac, "write", lambda *args: go_on.wait(10) and make(*args))
    looked.submit("Generar")
    assert "Se está generando un FAC." in looked.text
    look(looked, empresa="DEMO")
    looked.submit("Generar")
    assert "Ya se está generando uno: esperá a que termine." in looked.text
    go_on.set()
    settled(looked)
    assert [row[-1] for row in looked.rows()] == ["Generado"]
    assert actas(gateway) == [("FAC_GENERADO", "administrador")]


def test_one_that_fails_while_nobody_waits_leaves_an_alerta(looked, gateway, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(exportaciones, "ESPERA_S", 0.1)

    def fail(*_):
        go_on.wait(10)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(CarpetaFac, "write", fail)
    looked.submit("Generar")
    go_on.set()
    settled(looked)
    until(lambda: any(row["motivo"] == "FAC_NO_GENERADO" for row in bases.rows(gateway.url, "alerta")))
    looked.get("/consola/alertas")
    assert "No se pudo generar un FAC" in looked.text
    assert bases.rows(gateway.url, "exportacion") == []


def test_what_is_made_is_of_the_day_that_was_looked_at_or_is_not_made(looked, gateway):
    look(looked, empresa="DEMO", dia="")
    assert "Para el 15/07/2025" in looked.text
    gateway.clock.instant += timedelta(hours=3)  # past the hour at which PMC takes what is of today
    looked.submit("Generar", 422)
    assert "Ese día ya no se puede presentar: lo que se genera ahora es del 16/07/2025." in looked.text
    assert bases.rows(gateway.url, "exportacion") == []


def test_a_refusal_that_is_noted_is_seen_by_the_next_look_at_once(looked):
    name = made(looked)
    look(looked, empresa="DEMO", novedades="1")
    assert "No hay nada nuevo" in looked.text
    refused(looked, f"RECHAZADO_{name}")
    look(looked, empresa="DEMO", novedades="1")
    assert "Facturas 6 $ 63.631,75" in looked.text


def test_a_refusal_that_repeats_the_whole_fac_is_noted(looked, gateway):
    name = made(looked)
    looked.get("/consola/exportaciones/rechazo")
    looked.submit("Anotar", files={"archivo": (io.BytesIO(b"LINEA\r\n" * 100_000), f"RECHAZADO_{name}")})
    [row] = bases.rows(gateway.url, "exportacion")
    assert row["estado"] == "RECHAZADA"
    assert row["rechazo"].startswith("LINEA\nLINEA\n")


def test_a_fac_that_is_made_is_told_as_made_though_its_act_cannot_be_noted(looked, gateway, monkeypatch):
    monkeypatch.setattr(exportaciones, "_note", lambda *_: 1 / 0)
    assert made(looked) == "FACDEMO.150725"
    assert [row["estado"] for row in bases.rows(gateway.url, "exportacion")] == ["GENERADA"]


def test_a_database_that_does_not_answer_is_told_as_that(looked, monkeypatch):
    def refuse(*_, **__):
        raise Unavailable("no")

    monkeypatch.setattr(Exportaciones, "export", refuse)
    looked.submit("Generar", 503)
    assert "La base de datos no respondió a tiempo" in looked.page.text
    address, answers = "/consola/exportaciones/generar?empresa=DEMO&dia=2025-07-17", []
    until(lambda: answers.append(looked.client.get(address)) or answers[-1].status_code != 200)
    assert answers[-1].status_code == 503
    assert "La base de datos no respondió a tiempo" in answers[-1].text


def settled(persona):
    """Look again until none is being made."""
    until(lambda: not persona.get("/consola/exportaciones") or not persona.doc.xpath("//progress"))


def until(condition):
    deadline = monotonic() + 10
    while not condition():
        assert monotonic() < deadline
        sleep(0.02)
