"""Lets spyne 2.14.0 (2022, its last release) be imported on Python 3.11, 3.12 and 3.13. Import it before any spyne.

Its vendored six builds modules with an importer that has no find_spec, which Python 3.12 requires; the standard
library's own modules stand in for the six names it asks for. Python 3.13 has no cgi; spyne only uses
cgi.parse_header, which is given while it imports and taken away again. The lists are complete for 2.14.0.
"""

import collections.abc
import http.cookies
import importlib.util
import logging
import sys
import types
import urllib.error
import urllib.parse
import urllib.request
import warnings
from email.message import Message

_MOVES = {
    "collections_abc": collections.abc,
    "http_cookies": http.cookies,
    "urllib": urllib,
    "urllib.parse": urllib.parse,
    "urllib.request": urllib.request,
    "urllib.error": urllib.error,
}


def _parse_header(line: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["content-type"] = line
    return message.get_content_type(), dict(message.get_params(failobj=[])[1:])


def _install() -> None:
    moves = types.ModuleType("spyne.util.six.moves")
    sys.modules[moves.__name__] = moves
    for name, module in _MOVES.items():
        sys.modules[f"{moves.__name__}.{name}"] = module
        if "." not in name:
            setattr(moves, name, module)
    needs_cgi = importlib.util.find_spec("cgi") is None
    if needs_cgi:
        cgi = types.ModuleType("cgi")
        cgi.parse_header = _parse_header  # type: ignore[attr-defined]
        sys.modules["cgi"] = cgi
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its last release: what newer Pythons deprecate in it will not change
        import spyne.const  # noqa: PLC0415 — after the stand-ins, that is the point
        import spyne.protocol.soap  # noqa: PLC0415
        import spyne.server.wsgi  # noqa: PLC0415
    if needs_cgi:
        del sys.modules["cgi"]
    # its importer has done its work and has no find_spec: whoever looks through the finders would trip over it
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "spyne.util.six"]
    spyne.const.MIN_GC_INTERVAL = float("inf")  # else spyne runs gc.collect() every second, in a request


_install()
# spyne logs whole requests, tokens included, with a traceback each; soap/guard.py writes a line of its own.
logging.getLogger("spyne").setLevel(logging.CRITICAL + 1)
