"""Any file of the examples with its bytes out of place: it is told of, and never breaks who reads it. Seeded, bounded.

tests/files/cob/test_cob_ruido.py says more of the COB: there, nothing is lost.
"""

import random
import time
from pathlib import Path

import pytest

from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.facturas import open_facturas
from pmc_soap.files.planilla.columnas import Planilla
from pmc_soap.operations.carga import Problema, Renglon

FIXTURES = Path(__file__).parents[2] / "fixtures"
ROOMS = {"archivos": "FAC", "cob": "COB", "planillas": "PLA"}
FILES = {room: sorted(path for path in (FIXTURES / room).rglob("*.*") if path.suffix != ".md") for room in ROOMS}
FILES_A_SEED, SECONDS_MAX = 60, 20
BYTES = [b"\0", b"\t", b"\n", b"\r", b"\r\n", b" ", b"0", b"5", b"9", b"A", b"-", b";", b",", b'"', b"'", b"=", b"\xff"]


def mutate(chance, content):
    """Put up to four things out of place."""
    content = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, what = chance.randrange(len(content) + 1), chance.choice(BYTES)
        match chance.choice(["put", "insert", "cut", "fill", "repeat"]):
            case "put":
                content[at : at + len(what)] = what
            case "insert":
                content[at:at] = what
            case "cut":
                del content[at : at + chance.choice([1, 2, 12, 100, 282])]
            case "fill":
                content[at:at] = what * chance.choice([12, 280, 5_000])
            case "repeat":
                content[at:at] = content[at : at + chance.choice([12, 282, 600])]
    return bytes(content)


def read(path, room):
    if room == "cob":
        return list(ArchivoCob.at(path).read())
    archivo = open_facturas(path, codigo_empresa="1234", planilla=Planilla())
    return list(archivo.read())


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("seed", range(6))
def test_a_mutated_file_is_read_or_told_of_in_bounded_time(room, seed, tmp_path):
    chance, started, told = random.Random(seed), time.monotonic(), 0  # noqa: S311 — chance to be had again
    for _ in range(FILES_A_SEED):
        example = chance.choice(FILES[room])
        path = tmp_path / example.name
        path.write_bytes(mutate(chance, example.read_bytes()))
        for item in read(path, room):
            assert isinstance(item, Renglon | RenglonCobro | Problema)
            if isinstance(item, Problema):
                told += 1
                assert item.codigo[:3] in ROOMS.values()
                assert item.valor.isprintable()
                assert "{" not in item.que_pasa + item.que_hacer
    assert told > FILES_A_SEED // 2
    assert time.monotonic() - started < SECONDS_MAX


@pytest.mark.parametrize("room", ROOMS)
def test_a_file_cut_anywhere_is_read_or_told_of(room, tmp_path):
    for example in FILES[room][:: max(len(FILES[room]) // 8, 1)]:
        content = example.read_bytes()[:3_000]
        path = tmp_path / example.name
        for length in range(0, len(content), 37):
            path.write_bytes(content[:length])
            assert all(isinstance(item, Renglon | RenglonCobro | Problema) for item in read(path, room))


def test_what_a_file_of_noise_is_called_changes_nothing(tmp_path):
    chance = random.Random(0)  # noqa: S311 — chance to be had again
    for name in ("FAC1234.100325", "deuda.csv", "deuda.xlsx", "deuda", "COB1234.180325"):
        path = tmp_path / name
        for size in (0, 1, 7, 300, 5_000, 70_000):
            path.write_bytes(chance.randbytes(size))
            assert all(isinstance(item, Problema) for item in read(path, "cob" if name[:3] == "COB" else "archivos"))
