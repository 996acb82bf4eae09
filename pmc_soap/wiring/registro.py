"""The log: one line an event, JSON for machines or short text for the demonstration. structlog's only door.

It goes to standard error, as it is, one write() a line, so that the lines of several processes never mix. Standard
output is for a command's data, and where a log is kept is the business of who runs us (systemd, a container).

What may be told is an allow-list, and nothing else is: keys of ours, each with its shape; the words of a log call that
stand in source code, never what was put into them; of an exception its types and frames, never its message.
docs/produccion.md has every key. Instants are UTC with milliseconds; ms are milliseconds, bytes are bytes.
"""

import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import FrameType, MappingProxyType, TracebackType
from typing import Any, BinaryIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, WrappedLogger

from pmc_soap.wiring.permitido import KEYS, MASKED, allowed, as_members, is_id

LEVELS = ("debug", "info", "warning", "error")
_STDERR = 2
_NO_CIFRAS: Mapping[str, float] = MappingProxyType({})
_OURS = ("pmc_soap", "__main__")
_STACK_MAX, _FRAMES_MAX, _CHAIN_MAX = 30, 8, 4  # a line stays within the 4 KiB that a pipe writes at once


# A line -------------------------------------------------------------------------------------------------------------


def _stamp(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Put first when, how grave, and which process: names that every collector knows."""
    return {"timestamp": _now(), "level": method, "pid": os.getpid(), **event}


def _now() -> str:
    now = time.time()
    return f"{_second(int(now))}.{int(now * 1000) % 1000:03d}Z"


@lru_cache(maxsize=2)
def _second(since_epoch: int) -> str:
    return datetime.fromtimestamp(since_epoch, UTC).isoformat()[:19]


def _request_as_json(hechos: Mapping[str, object], id_pedido: str, cifras: Mapping[str, float]) -> bytes:
    members = as_members(hechos, id_pedido, cifras)
    stamp = f'{{"timestamp":"{_now()}","level":"info","pid":{os.getpid()}'
    return f"{stamp},{members}}}".encode("ascii") if members else f"{stamp}}}".encode("ascii")


def _request_as_text(hechos: Mapping[str, object], id_pedido: str, cifras: Mapping[str, float]) -> bytes:
    said = allowed({**hechos, "id_pedido": id_pedido or None, **cifras})
    return _as_text(None, "info", said).encode("utf-8", "backslashreplace")


_encode = json.JSONEncoder(ensure_ascii=True, check_circular=False, separators=(",", ":")).encode

_HIDDEN = frozenset({"timestamp", "level", "pid", "evento", "texto", "logger", "ms", "puerto", "bytes_in", "bytes_out"})


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return _encode(event)


def _as_text(_logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Write a short line for a person who looks on."""
    said = [time.strftime("%H:%M:%S")]
    said += [method] if method != "info" else []
    said += [str(event[key]) for key in ("evento", "texto") if key in event]
    said += [f"{key}={value}" for key, value in event.items() if key not in _HIDDEN and not key.startswith("ms_")]
    said += [f"{event['ms']} ms"] if "ms" in event else []
    return " ".join(said)


# What the standard library's loggers tell ---------------------------------------------------------------------------

_ARGUMENT = re.compile(r"(?:(\w+)=)?%[-+0-9.]*([a-zA-Z%])")


def _of_record(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    ours = record.name.split(".", 1)[0] in _OURS
    told = _of_ours(record.msg, event["positional_args"]) if ours else _of_others(record)
    told = {"evento": "alerta" if record.name == "pmc_soap.alerta" else "registro", "logger": record.name, **told}
    error = (event.get("exc_info") or (None, None, None))[1]
    return told | ({"excepcion": _chain(error)} if error is not None else {})


def _of_ours(template: object, args: object) -> EventDict:
    """Tell `key=%s` as a key, in its shape, and the rest as text, with what in it can hold no value of a request."""
    left = iter(args if isinstance(args, tuple) else (args,))
    keys: EventDict = {}

    def put(found: "re.Match[str]") -> str:
        key, conversion = found.groups()
        if conversion == "%":
            return "%"
        value = next(left, None)
        if key in KEYS:
            keys[key] = value
            return ""
        safe = isinstance(value, int | float | Enum) or (isinstance(value, str) and is_id(value))
        return f"{key}={value if safe else MASKED}" if key else str(value if safe else MASKED)

    text = " ".join(_ARGUMENT.sub(put, str(template)).split())
    told = allowed(keys)
    return {**told, "texto": text} if text else told


def _of_others(record: logging.LogRecord) -> EventDict:
    """Tell another's words only where they stand in its source code, before anything was put into them."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 — inspect's own way is a hundred times slower
    for _ in range(_STACK_MAX):
        if frame is None:
            break
        if any(type(each) is str and each == record.msg for each in frame.f_code.co_consts):
            return {"texto": record.msg}
        frame = frame.f_back
    return {"donde": f"{_short(record.pathname)}:{record.lineno} {record.funcName}"}


def _chain(error: BaseException | None) -> list[dict[str, object]]:
    """Tell of an exception, and of those that it came from, the types and frames; its message may hold anything."""
    told: list[dict[str, object]] = []
    while error is not None and len(told) < _CHAIN_MAX:
        kind = type(error)
        told.append({"tipo": f"{kind.__module__}.{kind.__qualname__}", **_code_of(error)})
        told[-1]["donde"] = list(_frames(error.__traceback__))[-_FRAMES_MAX:]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def _code_of(error: BaseException) -> EventDict:
    """Give the database's own code, which says what happened and holds no value."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return allowed({"codigo_base": code}) if code else {}


def _frames(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


def _short(path: str) -> str:
    """Name a file without saying where it is installed."""
    parts = Path(path).parts
    for root in ("site-packages", "pmc_soap"):
        if root in parts:
            return "/".join(parts[parts.index(root) + (root == "site-packages") :])
    return parts[-1] if parts else ""


class _Handler(logging.Handler):
    """Writes records as lines; one that cannot be written is lost, and nothing else is."""

    def emit(self, record: logging.LogRecord) -> None:
        if _out is None:
            return
        with suppress(Exception):  # the standard library's own remedy would print the record's arguments
            _out.msg(self.format(record).encode("utf-8", "backslashreplace"))


# The door -----------------------------------------------------------------------------------------------------------


def tell(hechos: Mapping[str, object], id_pedido: str = "", cifras: Mapping[str, float] = _NO_CIFRAS) -> None:
    """Tell of one request, once this process has a log. Whatever is wrong with the log, the request goes on.

    hechos: what happened, in the words that requests share; cifras: times and counts, of this one alone.
    """
    if _out is None or _write is None:
        return
    try:  # noqa: SIM105 — suppress() costs a microsecond
        _out.msg(_write(hechos, id_pedido, cifras))
    except (OSError, ValueError):
        pass


def configure(stream: BinaryIO | None = None, level: str = "info", *, texto: bool = False) -> None:
    """Have all that this process tells go to the stream, from that level on: ours, and every library's warnings."""
    global _open_again  # noqa: PLW0603 — a process has one log

    def open_log() -> None:
        _open(stream, level, texto=texto)

    _open_again = open_log
    open_log()
    handler = _Handler()
    handler.setFormatter(
        ProcessorFormatter(
            processors=[_of_record, _stamp, _as_text if texto else _as_json],
            use_get_message=False,  # which would put the values in
            pass_foreign_args=True,
        )
    )
    ours = logging.getLevelNamesMapping()[level.upper()]
    others = ours if ours == logging.DEBUG else max(ours, logging.WARNING)
    logging.basicConfig(level=others, handlers=[handler], force=True)
    logging.getLogger("pmc_soap").setLevel(ours)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = sys.unraisablehook = _uncaught_elsewhere


def _open(stream: BinaryIO | None, level: str, *, texto: bool) -> None:
    """Open the way out; a child does so anew: it must not wait for a lock that a thread held at the fork."""
    global _out, _write  # noqa: PLW0603 — likewise
    _out = structlog.BytesLogger(_way_out(stream))
    tells_of_requests = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO
    _write = (_request_as_text if texto else _request_as_json) if tells_of_requests else None


def _way_out(stream: BinaryIO | None) -> BinaryIO:
    """Give a file of its own, without a buffer: structlog keeps one lock a file."""
    try:
        return open(stream.fileno() if stream else _STDERR, "wb", buffering=0, closefd=False)
    except OSError:
        if stream is None:
            raise
        return stream  # in memory


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("uncaught", exc_info=(kind, error or kind(), trace))


def _uncaught_elsewhere(said: Any) -> None:
    """Tell of what ended a thread, or could not be raised."""
    _uncaught(said.exc_type, said.exc_value, said.exc_traceback)


_out: structlog.BytesLogger | None = None
_write: Callable[[Mapping[str, object], str, Mapping[str, float]], bytes] | None = None
_open_again: Callable[[], None] | None = None


def _after_fork() -> None:
    if _open_again is not None:
        _open_again()


os.register_at_fork(after_in_child=_after_fork)
