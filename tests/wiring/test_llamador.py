"""The sandbox's own calls never take all threads of a process: who comes when it is full is told so at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import gateway as g

from pmc_soap.client import cliente
from pmc_soap.client.cliente import PagoMisCuentas
from pmc_soap.soap import contract
from pmc_soap.wiring.sandbox import A_LA_VEZ, ESPERAN, Llamador


def test_only_a_few_play_at_once_and_who_comes_then_is_told_so():
    go, asked = threading.Event(), threading.Semaphore(0)

    def slow(environ, start_response):
        asked.release()
        go.wait(30)
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return [b""]

    with g.serving(slow) as (host, port), ThreadPoolExecutor(A_LA_VEZ + ESPERAN) as people:
        llamador = Llamador(f"http://{host}:{port}", "DEMO", {PagoMisCuentas: "x"}, shows_token=False)
        playing = [people.submit(llamador.send, "Eco", {}) for _ in range(A_LA_VEZ + ESPERAN)]
        for _ in range(A_LA_VEZ):
            asked.acquire()
        while all_may_enter(llamador):
            pass  # the last of those who wait has not come yet
        assert "demasiadas personas" in llamador.send("Eco", {}).mudo
        assert "demasiadas personas" in llamador.send_twice("Eco", {})[0].mudo
        go.set()
        assert {"No se pudo leer el contrato" in each.result().mudo for each in playing} == {True}


def all_may_enter(llamador):
    """Tell whether there is still room to wait."""
    if not llamador._doors.acquire(blocking=False):  # noqa: SLF001 — nothing else tells
        return False
    llamador._doors.release()  # noqa: SLF001
    return True


def test_a_gateway_that_does_not_answer_in_time_is_told_of_in_words(monkeypatch):
    monkeypatch.setattr(cliente, "TIMEOUT_S", 0.3)
    go = threading.Event()

    def silent(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            go.wait(30)
        name = contract.XSD_FILE if "xsd" in environ["PATH_INFO"] + environ["QUERY_STRING"] else "pagomiscuentas.wsdl"
        body = contract.committed(name)
        start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
        return [body]

    with g.serving(silent) as (host, port):
        llamador = Llamador(f"http://{host}:{port}", "DEMO", {PagoMisCuentas: "secreto"}, shows_token=False)
        told = llamador.send("ConsultaDeuda", {"IdCliente": "1"})
        go.set()
    assert told.mudo == "La pasarela no contestó a tiempo."
    assert (told.estado, told.respuesta) == (None, "")
    assert "IdCliente" in told.pedido
    assert "secreto" not in f"{told.pedido}{told.curl}{told.zeep}"
