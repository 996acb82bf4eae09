"""Every process is killed in the middle of a load of avisos; what was acknowledged is there, and nothing is twice."""

import itertools
import threading
import time
from collections import Counter

from fakes import bases
from process import free_port, serving
from veces import VECES
from wire import avisar

KILLS = 1 + VECES
SENDERS = 4
ACKNOWLEDGED_BEFORE_A_KILL = 30
GIVE_UP_S = 30


def avisar_hasta_acuse(url, tx):
    """Tell of a pago, and tell again while the database is too slow: PMC does so too, and it is safe."""
    while (answer := avisar(url, tx, "1000001", "10.00")) and answer["faultstring"].startswith("PMC-9002"):
        time.sleep(0.1)
    return answer


class Load:
    """Sends avisos without end, and remembers what was sent and what was acknowledged."""

    def __init__(self, url, numbers):
        self._url = url
        self._numbers = numbers
        self._stop = threading.Event()
        self.sent = []
        self.acknowledged = {}
        self._senders = [threading.Thread(target=self._send) for _ in range(SENDERS)]

    def _send(self):
        while not self._stop.is_set():
            tx = f"K-{next(self._numbers)}"
            self.sent.append(tx)
            answer = avisar_hasta_acuse(self._url, tx)
            if answer is None:
                return
            assert answer["Codigo"] == "00"
            self.acknowledged[tx] = answer["IdAviso"]

    def __enter__(self):
        for sender in self._senders:
            sender.start()
        deadline = time.monotonic() + GIVE_UP_S
        while len(self.acknowledged) < ACKNOWLEDGED_BEFORE_A_KILL and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for sender in self._senders:
            sender.join()


def test_kill_9_loses_no_acknowledged_aviso_and_imputes_none_twice(tmp_path, base_url):
    port, numbers = free_port(), itertools.count()
    sent, acknowledged = [], {}
    args = ("serve", "--bind", "127.0.0.1:{port}", "--db", base_url)
    for _ in range(KILLS):
        with serving(*args, cwd=tmp_path, port=port) as gateway, Load(gateway.url, numbers) as load:
            gateway.kill()
        assert len(load.acknowledged) >= ACKNOWLEDGED_BEFORE_A_KILL
        sent += load.sent
        acknowledged |= load.acknowledged
    with serving(*args, cwd=tmp_path, port=port) as gateway:
        again = {tx: avisar_hasta_acuse(gateway.url, tx) for tx in sent}

    kept = {row["id_transaccion"]: row["id_aviso"] for row in bases.rows(base_url, "aviso")}
    assert {tx: kept.get(tx) for tx in acknowledged} == acknowledged
    assert {tx: answer["IdAviso"] for tx, answer in again.items()} == {tx: kept[tx] for tx in sent}
    pagos = Counter(row["id_aviso"] for row in bases.rows(base_url, "pago"))
    assert [pagos[kept[tx]] for tx in sent] == [1] * len(sent)
