"""A COB with its bytes out of place: never a crash, and no line of it is lost in silence. Seeded, bounded."""

import io
import random
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from pmc_soap.domain.cobro import RenglonCobro
from pmc_soap.files.cob.archivo import ArchivoCob
from pmc_soap.files.cob.codigos import Codigo
from pmc_soap.files.cob.escritura import write
from pmc_soap.files.cob.registros import DETAIL, TRAILER
from pmc_soap.files.lineas import BYTES_MAX
from pmc_soap.operations.carga import Gravedad, Problema

REFERENCE = Path(__file__).parents[3] / "fixtures" / "cob" / "COB1234.180325"
DAY = date(2025, 3, 18)
COBROS = [item.cobro for item in ArchivoCob.at(REFERENCE).read()]
LINES = REFERENCE.read_bytes().splitlines(keepends=True)
BLOCKS, FILES_A_BLOCK = 20, 150
# After these nothing more is read, and they say so.
THE_REST = {
    Codigo.SIN_ENCABEZADO,
    Codigo.ENTE_INVALIDO,
    Codigo.EMPRESA_INVALIDA,
    Codigo.FECHA_DE_ARCHIVO_INVALIDA,
    Codigo.NO_ES_TEXTO,
    Codigo.DATOS_TRAS_EL_CIERRE,
}
BYTES = [b"\x00", b"\t", b"\n", b"\r", b"\r\n", b" ", b"0", b"1", b"5", b"9", b"A", b"-", b"\xc3\x91", b"\xff", b"\x85"]


def noise(chance):
    """Put up to three things out of place in a good file, and sometimes its lines."""
    lines = list(write("1234", DAY, chance.choices(COBROS, k=chance.randint(0, 6))))
    if chance.random() < 0.1:
        chance.shuffle(lines)
    content = bytearray(b"".join(lines))
    for _ in range(chance.randint(0, 3)):
        at, what = chance.randrange(len(content) + 1), chance.choice(BYTES)
        match chance.choice(["put", "insert", "cut", "fill"]):
            case "put":
                content[at : at + len(what)] = what
            case "insert":
                content[at:at] = what
            case "cut":
                del content[at : at + chance.choice([1, 2, 14, 102, 500])]
            case "fill":
                content[at:at] = what * chance.choice([14, 102, BYTES_MAX])
    return bytes(content)


def read(content):
    items = list(ArchivoCob(REFERENCE.name, lambda: nullcontext(io.BytesIO(content))).read())
    cobros = [item for item in items if isinstance(item, RenglonCobro)]
    return cobros, [item for item in items if isinstance(item, Problema)]


@pytest.mark.parametrize("seed", range(BLOCKS))
def test_every_line_of_a_mutated_file_is_a_cobro_or_is_told_of(seed):
    chance = random.Random(seed)  # noqa: S311 — chance to be had again
    for _ in range(FILES_A_BLOCK):
        content = noise(chance)
        cobros, problemas = read(content)
        read_lines, told = {item.linea for item in cobros}, {p.linea for p in problemas}
        rest = min((p.linea for p in problemas if p.codigo in THE_REST), default=len(content))
        details = {n for n, line in enumerate(content.split(b"\n"), start=1) if n > 1 and line[:1] == b"5"}
        assert len(cobros) == len(read_lines), content
        assert not read_lines & {p.linea for p in problemas if p.codigo != Codigo.SIN_CIERRE}, content
        assert {n for n in details if n < rest} <= read_lines | told, content
        assert read_lines <= details, content


@pytest.mark.parametrize("seed", range(BLOCKS))
def test_a_mutated_file_without_a_problem_adds_up_to_its_trailer(seed):
    chance = random.Random(-1 - seed)  # noqa: S311 — chance to be had again
    checked = 0
    for _ in range(FILES_A_BLOCK):
        content = noise(chance)
        cobros, problemas = read(content)
        if problemas:
            continue
        checked += 1
        (trailer,) = (line for line in content.decode("latin-1").split("\n") if line.startswith("9"))
        declared = TRAILER.read(trailer)
        assert int(declared["cantidad_pesos"]) == len(cobros)
        assert int(declared["total_pesos_centavos"]) == sum(item.cobro.importe_centavos for item in cobros)
    assert checked > FILES_A_BLOCK // 10


def test_a_byte_out_of_place_in_what_moves_money_is_never_read_as_if_it_were_right():
    before = read(REFERENCE.read_bytes())[0]
    for name in ("importe_centavos", "moneda", "fecha_acreditacion"):
        campo = DETAIL.campos[name]
        for column in range(campo.start, campo.end + 1):
            content = bytearray(REFERENCE.read_bytes())
            content[len(LINES[0]) + column - 1] = ord("7") if content[len(LINES[0]) + column - 1] != ord("7") else 56
            cobros, problemas = read(bytes(content))
            assert problemas, (name, column)
            assert cobros[-2:] == before[-2:]
            assert name != "importe_centavos" or {Gravedad.ARCHIVO} == {p.gravedad for p in problemas}
