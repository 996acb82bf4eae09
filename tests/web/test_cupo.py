"""However many people look at pages, threads are left for PagoMisCuentas."""

import threading
from contextlib import contextmanager

import gateway as g
import pytest
from werkzeug.test import Client

from pmc_soap import wsgi
from pmc_soap.web.cupo import bound


@contextmanager
def blocked(app, count):
    """Have so many ask for a page that does not end meanwhile; gives what each was answered."""
    said, threads = [], []
    for _ in range(count):
        thread = threading.Thread(target=lambda: said.append(Client(app).get("/lento", buffered=True).status_code))
        thread.start()
        threads.append(thread)
    yield said
    for thread in threads:
        thread.join()


@pytest.fixture
def slow():
    """Give pages of which one ends when it is told to, and how many are at it."""
    go, inside = threading.Event(), threading.Semaphore(0)

    def pages(environ, start_response):
        if environ["PATH_INFO"] == "/lento":
            inside.release()
            go.wait(20)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"listo"]

    pages.go, pages.inside = go, inside
    yield pages
    go.set()


def test_half_of_the_threads_make_pages_and_the_next_is_told_to_come_back(slow):
    app = bound(slow, threads=4, wait_s=0.05)
    with blocked(app, 2) as said:
        for _ in range(2):
            assert slow.inside.acquire(timeout=10)
        refused = Client(app).get("/otra")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert "probá de nuevo" in refused.text
        for quick in ("/static/estilo.css", "/salud/vivo"):
            assert Client(app).get(quick, buffered=True).status_code == 200
        slow.go.set()
    assert said == [200, 200]
    assert Client(app).get("/otra", buffered=True).status_code == 200


def test_one_that_breaks_gives_its_place_back():
    def breaks(environ, start_response):
        raise RuntimeError

    app = bound(breaks, threads=2)
    for _ in range(5):
        with pytest.raises(RuntimeError):
            Client(app).get("/")


def test_money_passes_while_pages_take_all_that_they_may(gateway, slow, monkeypatch):
    monkeypatch.setattr("pmc_soap.wiring.paginas.build", lambda *_: slow)
    app = wsgi.doors(gateway.house, threads=4)
    with blocked(app, 2):
        for _ in range(2):
            assert slow.inside.acquire(timeout=10)
        said = g.VALID["AvisoPago"]
        first = {name: said[name] for name in ("IdCliente", "Moneda", "Importe")}
        body = g.pedido("AvisoPago", **first, IdTransaccion="T-1", IdFactura=said["IdFactura"])
        assert g.call(app, "POST", g.PMC, body, g.XML).codigo == "00"
        slow.go.set()
