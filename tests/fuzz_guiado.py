"""The coverage-guided fuzzer: atheris grows documents that reach new branches of the edge.

`python tests/fuzz_guiado.py --seconds 300 --corpus var/guiado`; needs `pip install pmc-soap[fuzz]`. The first byte of
an input chooses its port and charset, the rest is the body. What was answered wrongly stays in the corpus' folder as
crash-*; it becomes a fixture before it is mended.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

BODY_MAX = 8_192
CHARSETS = ("", "; charset=utf-8", "; charset=iso-8859-1", "; charset=utf-16", "; charset=windows-1252")


def _one(gateway: Any) -> Callable[[bytes], None]:
    import fuzz
    import gateway as g

    checked: set[bytes] = set()

    def play(data: bytes) -> None:
        chosen, body = (data[0], data[1:]) if data else (0, b"")
        port = (g.PMC, g.EMPRESA)[chosen % 2]
        headers = {"Content-Type": f"text/xml{CHARSETS[chosen // 2 % len(CHARSETS)]}"}
        wrong = fuzz.wrong_with(g.call(gateway.app, "POST", port, body, headers), checked)
        if wrong:
            raise AssertionError(wrong)

    return play


def _plant(corpus: Path) -> None:
    import gateway as g
    import mutaciones

    corpus.mkdir(parents=True, exist_ok=True)
    for number, (port, body) in enumerate(mutaciones.seeds()):
        (corpus / f"fixture-{number}").write_bytes(bytes([port == g.EMPRESA]) + body)


def _main() -> None:
    parser = argparse.ArgumentParser(description="The coverage-guided fuzzer.")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, default=Path("var/guiado"))
    said = parser.parse_args()
    import atheris

    with atheris.instrument_imports(include=["pmc_soap.soap", "pmc_soap.domain"]):
        import gateway as g

        from pmc_soap.wiring import borde  # noqa: F401 — the edge itself, which is imported only by who serves
    logging.disable(logging.CRITICAL)
    _plant(said.corpus)
    flags = [f"-max_total_time={said.seconds}", f"-max_len={BODY_MAX}", "-timeout=10", "-verbosity=0"]
    # the folder is left to the system: libFuzzer ends the process from within
    folder = Path(tempfile.mkdtemp())
    with g.gateway_on(g.make_template(folder), folder) as gateway:
        atheris.Setup([sys.argv[0], *flags, f"-artifact_prefix={said.corpus}/", str(said.corpus)], _one(gateway))
        atheris.Fuzz()


if __name__ == "__main__":
    _main()
