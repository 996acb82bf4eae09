"""Clients that call at a pace, on new connections or on kept ones, and remember each answer that is none to Eco."""

import http.client
import threading
import time
from urllib.parse import urlsplit

ECO = (
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    b'<Eco xmlns="urn:pmc-soap:v1"><Mensaje>hola</Mensaje></Eco></soap:Body></soap:Envelope>'
)
PATH, XML = "/soap/v1/pagomiscuentas", {"Content-Type": "text/xml"}
TIMEOUT_S = 20


class Clientes:
    """Some that call anew each time, and some that keep their connection as long as the server does."""

    def __init__(self, url, *, per_second, kept=2):
        self._where = urlsplit(url).netloc
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.answered, self.cut, self.errors, self.slowest_s = 0, 0, [], 0.0
        anew = 5
        self._threads = [
            threading.Thread(target=self._call_anew, args=(anew / per_second, n / per_second)) for n in range(anew)
        ] + [threading.Thread(target=self._call_kept, args=(0.1,)) for _ in range(kept)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call_anew(self, every_s, first_s):
        self._stop.wait(first_s)
        while not self._stop.is_set():
            began = time.monotonic()
            connection = http.client.HTTPConnection(self._where, timeout=TIMEOUT_S)
            self._call(connection)
            connection.close()
            self._stop.wait(max(0, every_s - (time.monotonic() - began)))

    def _call_kept(self, every_s):
        """Keep a connection until the server says that it closes it; where one is cut between answers, call anew."""
        connection, used = None, False
        while not self._stop.is_set():
            connection = connection or http.client.HTTPConnection(self._where, timeout=TIMEOUT_S)
            closes, cut = self._call(connection, may_be_cut=used)
            self.cut += cut
            used = not closes
            if closes:
                connection.close()
                connection = None
            if not cut:
                self._stop.wait(every_s)
        if connection:
            connection.close()

    def _call(self, connection, *, may_be_cut=False):
        """Ask once; tell whether the connection is at its end, and whether it was before there was an answer."""
        began = time.monotonic()
        try:
            connection.request("POST", PATH, ECO, XML)
            response = connection.getresponse()
            body = response.read()
            good, closes = response.status == 200 and b"<Mensaje>hola</Mensaje>" in body, response.will_close
            error = None if good else f"{response.status} {body[:300]!r}"
        except (OSError, http.client.HTTPException) as broken:
            if may_be_cut and isinstance(broken, ConnectionError):  # RemoteDisconnected is one too
                return True, True
            error, closes = repr(broken), True
        with self._lock:
            self.answered += error is None
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            if error:
                self.errors.append(error)
        return closes, False
