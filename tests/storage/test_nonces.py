"""What may be used once is taken by one, of however many threads and processes that try at the same instant."""

import json
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from fakes import bases
from fakes.examples import NOW
from fakes.nonces import FakeNonces

from pmc_soap.operations.ports import Unavailable
from pmc_soap.storage import nonces
from pmc_soap.storage.ledger import open_ledger

LATER = NOW + timedelta(minutes=10)
RACERS, THREADS = 4, 16

# each process opens its own ledger, says that it is ready, and all of its threads run when they are told
RACE = """
import json, sys, threading
from datetime import datetime, timedelta, UTC
from pmc_soap.storage.ledger import open_ledger
url, threads, huella = sys.argv[1], int(sys.argv[2]), sys.argv[3]
now = datetime.now(UTC)
ledger = open_ledger(url)
nonces, said, start = ledger.nonces, [], threading.Barrier(threads)
nonces.spend(huella + "-warm-" + str(id(ledger)), now, now)
def run():
    start.wait()
    said.append(nonces.spend(huella, now, now + timedelta(minutes=10)))
racing = [threading.Thread(target=run) for _ in range(threads)]
print("ready", flush=True)
sys.stdin.readline()
for each in racing: each.start()
for each in racing: each.join()
ledger.close()
print(json.dumps(said))
"""


@pytest.fixture
def port(ledger):
    return getattr(ledger, "nonces", None) or FakeNonces()


def test_the_first_to_use_it_is_told_so_and_nobody_else(port):
    assert [port.spend("a", NOW, LATER) for _ in range(3)] == [True, False, False]
    assert port.spend("b", NOW, LATER)


def test_another_ledger_on_the_same_database_knows_it_too(url, sql_ledger):
    assert sql_ledger.nonces.spend("a", NOW, LATER)
    other = open_ledger(url)
    try:
        assert not other.nonces.spend("a", NOW, LATER)
    finally:
        other.close()


def test_what_would_be_refused_for_its_age_is_forgotten_and_the_rest_is_not(url, sql_ledger):
    first, second = sql_ledger.nonces, sql_ledger.nonces
    assert first.spend("old", NOW, NOW + timedelta(seconds=1))
    assert first.spend("young", NOW, LATER)
    assert second.spend("new", NOW + timedelta(minutes=1), LATER)
    assert {row["huella"] for row in bases.rows(url, "nonce")} == {"young", "new"}


def test_forgetting_is_paid_for_once_a_minute(url, sql_ledger, monkeypatch):
    instant = [1000.0]
    monkeypatch.setattr(nonces, "monotonic", lambda: instant[0])
    port = sql_ledger.nonces
    past = NOW - timedelta(minutes=1)
    left = []
    for n, seconds in enumerate((0, 59, 1)):
        instant[0] += seconds
        port.spend(str(n), NOW, past)
        left.append(len(bases.rows(url, "nonce")))
    assert left == [0, 1, 0]


def test_a_database_that_is_gone_is_unavailable(tmp_path, sqlite_template):
    path = tmp_path / "gone.db"
    path.write_bytes(sqlite_template.read_bytes())
    ledger = open_ledger(bases.sqlite_url(path))
    with bases.connected(bases.sqlite_url(path)) as connection:
        connection.exec_driver_sql("DROP TABLE nonce")
    try:
        with pytest.raises(Unavailable):
            ledger.nonces.spend("a", NOW, LATER)
    finally:
        ledger.close()


def test_of_64_that_try_at_once_in_four_processes_one_wins(url):
    processes = [
        subprocess.Popen(  # noqa: S603 — our own code
            [sys.executable, "-c", RACE, url, str(THREADS), "x"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(RACERS)
    ]
    try:
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * RACERS
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [won for process in processes for won in json.loads(process.communicate(timeout=60)[0])]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert (len(said), said.count(True)) == (RACERS * THREADS, 1)


def test_of_64_threads_of_one_process_one_wins(port):
    start, said = threading.Barrier(64), []

    def race():
        start.wait()
        said.append(port.spend("a", NOW, LATER))

    racing = [threading.Thread(target=race) for _ in range(64)]
    for each in racing:
        each.start()
    for each in racing:
        each.join()
    assert (len(said), said.count(True)) == (64, 1)
