"""A slice of the seeded fuzzer, and the fuzzer itself held to account; `make gate` plays a million."""

import itertools
import subprocess
import sys

import fuzz
import fuzz_guiado
import gateway as g
import mutaciones
import pytest

SEED, HOW_MANY, PARTS = 20251124, 3_000, 4


def target_of(app, memory_mb=lambda: 0.0):
    clock = itertools.count()
    return fuzz.Target(lambda port, body: g.call(app, "POST", port, body, g.XML), memory_mb, lambda: next(clock) / 1e6)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutated_document_gets_one_soap_answer(gateway, part):
    told = fuzz.play(mutaciones.documents(SEED + part, HOW_MANY // PARTS), target_of(gateway.app), 1_000)
    assert told.wrong == []
    assert told.played == HOW_MANY // PARTS
    assert told.endings["answered"] > 0
    assert len(told.endings) > 5  # the mutations reach beyond the parser


def test_the_same_seed_gives_the_same_documents():
    assert [*mutaciones.documents(1, 50)] == [*mutaciones.documents(1, 50)]
    assert [*mutaciones.documents(1, 50)] != [*mutaciones.documents(2, 50)]


def test_names_that_nobody_will_use_again_are_not_kept(tmp_path):
    script = [sys.executable, fuzz.__file__, "--inventions", "--count", "200", "--keep", str(tmp_path)]
    played = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 — our own
    assert "200 documents, 0 wrong" in played.stdout
    held = played.stdout.partition("memory: ")[2].split()
    assert int(held[10]) - int(held[5]) <= 5, played.stdout  # of 50 MB of names in the second half


# The fuzzer finds what it looks for -----------------------------------------------------------------------------------

ECO = (g.PMC, g.pedido("Eco", Mensaje="hola"))


def html(_environ, start_response):
    start_response("500 Internal Server Error", [("Content-Type", "text/html")])
    return [b"<html>Internal Server Error</html>"]


def empty(_environ, start_response):
    start_response("200 OK", [("Content-Type", g.XML["Content-Type"]), ("Content-Length", "0")])
    return [b""]


def broken(_environ, _start_response):
    raise ValueError


@pytest.mark.parametrize("app", [html, empty, broken])
def test_an_answer_that_is_no_soap_is_found(app):
    assert len(fuzz.play([ECO, ECO], target_of(app), 1).wrong) == 2


def test_a_fault_that_tells_of_something_broken_is_found(gateway, monkeypatch):
    monkeypatch.setattr(gateway.clock, "instant", None)
    [(why, document)] = fuzz.play([ECO], target_of(gateway.app), 1).wrong
    assert (why, document) == ("broke something: PMC-9001", ECO)


def test_an_answer_that_takes_too_long_is_found(gateway):
    seconds = iter([0.0, fuzz.CPU_MAX_S + 0.5])
    slow = target_of(gateway.app)._replace(clock=lambda: next(seconds))
    assert [why for why, _ in fuzz.play([ECO], slow, 1).wrong] == ["took 1.5 s"]


def test_memory_that_grows_is_told(gateway):
    held = itertools.count(100, 2)
    told = fuzz.play([ECO] * 10, target_of(gateway.app, lambda: float(next(held))), 1)
    assert told.growth_mb == pytest.approx(200_000)
    assert fuzz.play([ECO] * 10, target_of(gateway.app), 1).growth_mb == 0


# The guided one -------------------------------------------------------------------------------------------------------


def test_the_guided_fuzzer_plays_its_seeds_and_finds_nothing(tmp_path):
    pytest.importorskip("atheris", reason="optional: pip install pmc-soap[fuzz]")
    script = [sys.executable, fuzz_guiado.__file__, "--seconds", "5", "--corpus", str(tmp_path)]
    played = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 — our own
    assert played.returncode == 0, played.stderr[-2_000:]
