"""The log: one line an event, with what is on the allow-list and nothing else, whatever anybody tries to tell."""

import io
import json
import logging
import os
import re
import sys
import threading
import uuid
import warnings
from decimal import Decimal
from pathlib import Path

import pytest

from pmc_soap.domain.aviso import EstadoAviso
from pmc_soap.soap.contract import PORTS
from pmc_soap.wiring import registro
from pmc_soap.wiring.permitido import KEYS, OPERACIONES, allowed, as_members

CANARY = "canario-7f3a"
ID = uuid.UUID(int=7).hex
PHASES = ("lectura", "apertura", "credencial", "contrato", "operacion", "escritura")
HECHOS = {
    "evento": "pedido",
    "puerto": "PagoMisCuentas",
    "operacion": "AvisoPago",
    "empresa": "DEMO",
    "http": 200,
    "codigo": "00",
    "duplicado": False,
    "tolerado": ("fecha_con_huso",),
}
CIFRAS = {"bytes_in": 800, "bytes_out": 700, "ms": 4.12, **{f"ms_{phase}": 0.25 for phase in PHASES}}
PEDIDO = {**HECHOS, "tolerado": ["fecha_con_huso"], "id_pedido": ID, **CIFRAS}


class Lines(io.BytesIO):
    def told(self):
        return [json.loads(line) for line in self.getvalue().decode().splitlines()]


@pytest.fixture
def log(monkeypatch):
    """Configure the log of this process for one test, and put all back as it was."""
    root, ours = logging.getLogger(), logging.getLogger("pmc_soap")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    for name in ("_out", "_write", "_open_again"):
        monkeypatch.setattr(registro, name, getattr(registro, name))
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))

    def configure(**options):
        lines = Lines()
        root.handlers = []
        registro.configure(lines, **options)
        return lines

    yield configure
    logging.captureWarnings(capture=False)
    root.handlers = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_a_request_is_one_line_with_all_that_was_told_of_it(log):
    lines = log()
    registro.tell(HECHOS, ID, CIFRAS)
    [told] = lines.told()
    assert {key: told.pop(key) for key in ("level", "pid")} == {"level": "info", "pid": os.getpid()}
    instant = told.pop("timestamp")
    assert (len(instant), instant[10], instant[-5], instant[-1]) == (24, "T", ".", "Z")
    assert told == PEDIDO


def test_a_line_goes_out_in_one_piece(log, monkeypatch):
    log()
    reader, writer = os.pipe()
    pieces = []

    class Raw(io.RawIOBase):
        def write(self, piece):
            pieces.append(bytes(piece))
            return len(piece)

    registro.configure(Raw())
    registro.tell(HECHOS, ID, CIFRAS)
    logging.getLogger("pmc_soap.x").warning("one")
    os.close(reader)
    os.close(writer)
    assert [(piece.count(b"\n"), piece[-1:], len(piece) < 4096) for piece in pieces] == [(1, b"\n", True)] * 2


@pytest.mark.parametrize("key", [*PEDIDO, "motivo", "aviso", "falla", "campo", "error", "codigo_base", "destino"])
def test_no_key_takes_what_is_not_of_its_shape(log, key):
    lines = log()
    for value in (f"<{CANARY}>", f"{CANARY} y más", [f"{CANARY} ñ"], {"a": CANARY}, CANARY.encode(), Decimal("1.5")):
        registro.tell({key: value})
        registro.tell({key: value})
    assert CANARY not in lines.getvalue().decode()
    assert [told[key] in ("***", ["***"]) for told in lines.told()] == [True] * 12


def test_a_key_that_nobody_allowed_is_not_told(log):
    lines = log()
    registro.tell({"id_cliente": "1000001", "texto": CANARY, "excepcion": CANARY, "logger": CANARY, "http": 500})
    [told] = lines.told()
    assert told.keys() == {"timestamp", "level", "pid", "http"}


def test_what_is_absent_is_left_out(log):
    lines = log()
    registro.tell({"evento": "pedido", "empresa": None, "codigo": None})
    assert lines.told()[0].keys() == {"timestamp", "level", "pid", "evento"}


def test_the_operations_that_may_be_told_are_those_of_the_contract():
    assert {name for port in PORTS for name in port.service.public_methods} == set(OPERACIONES)


def test_a_record_of_ours_tells_its_keys_in_their_shape_and_masks_other_values(log):
    lines = log()
    logger = logging.getLogger("pmc_soap.operations.x")
    logger.warning("entrega=%d destino=%s the connector broke", 7, "erp")
    logger.info("%s waits %g s for %s of %s", EstadoAviso.YA_PAGADA, 0.5, CANARY, ID)
    logger.info("cliente=%s empresa=%r 100%%", CANARY, CANARY)
    told = [
        {k: v for k, v in each.items() if k not in {"timestamp", "pid", "logger", "evento"}} for each in lines.told()
    ]
    assert told == [
        {"level": "warning", "entrega": 7, "destino": "erp", "texto": "the connector broke"},
        {"level": "info", "texto": f"YA_PAGADA waits 0.5 s for *** of {ID}"},
        {"level": "info", "empresa": "***", "texto": "cliente=*** 100%"},
    ]


def test_an_alert_is_an_event_that_can_be_watched_for(log):
    lines = log()
    logging.getLogger("pmc_soap.alerta").warning("motivo=%s empresa=%r aviso=%s", "YA_PAGADA", "DEMO", ID)
    [told] = lines.told()
    assert (told["evento"], told["motivo"], told["empresa"], told["aviso"]) == ("alerta", "YA_PAGADA", "DEMO", ID)


def test_of_other_libraries_only_words_that_stand_in_their_source_are_told(log):
    lines = log(level="debug")
    other, value = logging.getLogger("zeep.transports"), CANARY
    other.debug("HTTP Post to %s:\n%s", value, value)
    other.error(f"nothing for {value}")
    other.error(ValueError(value))
    other.error("%(a)s", {"a": value})
    assert CANARY not in lines.getvalue().decode()
    told = lines.told()
    assert [each.get("texto") for each in told] == ["HTTP Post to %s:\n%s", None, None, "%(a)s"]
    assert told[1]["donde"].startswith("test_log.py:")


def test_of_an_exception_the_types_and_frames_are_told_and_never_a_message(log):
    lines = log()

    def fail():
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error

    try:
        fail()
    except RuntimeError:
        logging.getLogger("pmc_soap.x").exception("it broke")
        logging.getLogger("sqlalchemy.pool").exception("it broke %s", CANARY)
    assert CANARY not in lines.getvalue().decode()
    for told in lines.told():
        assert [each["tipo"] for each in told["excepcion"]] == ["builtins.RuntimeError", "builtins.ValueError"]
        assert told["excepcion"][0]["donde"][-1].endswith(" fail")


def test_what_ends_a_thread_or_the_process_or_is_warned_of_tells_no_message(log):
    lines = log()

    def fail():
        raise RuntimeError(CANARY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    sys.excepthook(RuntimeError, RuntimeError(CANARY), None)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(CANARY, UserWarning, stacklevel=1)
    assert CANARY not in lines.getvalue().decode()
    assert [told["level"] for told in lines.told()] == ["critical", "critical", "warning"]


def test_other_libraries_are_heard_from_warnings_on_and_at_debug_wholly(log):
    for level, heard in (("info", 1), ("debug", 3)):
        lines = log(level=level)
        for say in (
            logging.getLogger("x.y").debug,
            logging.getLogger("y").info,
            logging.getLogger("z").error,
        ):
            say("hola")
        assert len(lines.told()) == heard


def test_a_log_that_cannot_be_written_stops_no_request(log):
    class Full(io.RawIOBase):
        def write(self, _piece):
            raise OSError(28, CANARY)

    log()
    registro.configure(Full())
    registro.tell(HECHOS, ID, CIFRAS)
    logging.getLogger("pmc_soap.x").error("hola")


def test_a_record_that_cannot_be_told_prints_nothing(log, capfd):
    lines = log()

    class Bad:
        def __str__(self):
            raise RuntimeError(CANARY)

    logging.getLogger("pmc_soap.x").error(Bad(), CANARY)
    logging.getLogger("pmc_soap.x").error("after %d")
    assert CANARY not in "".join(capfd.readouterr())
    assert [told.get("texto") for told in lines.told()] == ["after ***"]


def test_the_text_for_people_is_short_and_masked_alike(log):
    lines = log(texto=True)
    registro.tell(HECHOS | {"empresa": CANARY}, ID, CIFRAS)
    logging.getLogger("pmc_soap.x").warning("hola %s", CANARY)
    first, second = lines.getvalue().decode().splitlines()
    assert first[8:] == (
        " pedido operacion=AvisoPago empresa=*** http=200 codigo=00 duplicado=False"
        f" tolerado=['fecha_con_huso'] id_pedido={ID} 4.12 ms"
    )
    assert second[8:] == " warning registro hola ***"


def test_a_child_process_writes_although_its_parent_was_writing_at_the_fork(log):
    log()
    reader, writer = os.pipe()
    stream = os.fdopen(writer, "wb", buffering=0)
    registro.configure(stream)
    with registro._out._lock:  # noqa: SLF001 — as a thread that is just writing
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside other threads
            child = os.fork()
        if child == 0:
            registro.tell(HECHOS, ID, CIFRAS)
            os._exit(0)
    stream.close()
    os.set_blocking(reader, False)
    deadline = threading.Event()
    for _ in range(100):
        if os.waitpid(child, os.WNOHANG)[0]:
            break
        deadline.wait(0.1)
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert b'"AvisoPago"' in os.read(reader, 4096)
    os.close(reader)


def test_before_there_is_a_log_nothing_is_told_and_nothing_breaks(monkeypatch, capfd):
    monkeypatch.setattr(registro, "_out", None)
    registro.tell(HECHOS, ID, CIFRAS)
    assert capfd.readouterr() == ("", "")


def test_the_guide_tells_of_every_key_and_of_no_other():
    guide = (Path(__file__).parents[2] / "docs" / "produccion.md").read_text(encoding="utf-8")
    table = guide.partition("| clave | qué es |")[2]
    of_a_line = {"timestamp", "level", "pid", "logger", "texto", "donde", "excepcion"}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == KEYS | of_a_line


STRANGE = (
    CANARY,
    "",
    "0",
    7,
    -1,
    2.345,
    1e9,
    True,
    None,
    b"x",
    ["recorte"],
    [CANARY],
    (),
    {"a": CANARY},
    Decimal(1),
    ID,
)


@pytest.mark.parametrize("key", sorted(KEYS | {"token", "texto", "IdCliente"}))
def test_a_request_is_told_in_one_step_as_in_two(key):
    for value in (*STRANGE, *STRANGE):  # twice: what was worked out once is remembered
        assert json.loads(f"{{{as_members({key: value})}}}") == json.loads(json.dumps(allowed({key: value})))


def test_a_whole_request_is_told_in_one_step_as_in_two():
    assert json.loads(f"{{{as_members(HECHOS, ID, CIFRAS)}}}") == json.loads(json.dumps(allowed(PEDIDO)))


def test_what_is_no_id_and_no_figure_is_not_told_beside_the_hechos():
    told = json.loads(f"{{{as_members({'evento': 'pedido'}, CANARY, {'importe': 5, 'ms': 1.5})}}}")
    assert told == {"evento": "pedido", "id_pedido": "***", "ms": 1.5}
