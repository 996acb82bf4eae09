"""The guide for integrators: each fragment is in the client that it names, and those that stand alone run as shown."""

import json
import re
import subprocess

import gateway as g
import pytest
import stacks

PAGE = (g.ROOT / "docs" / "integradores.md").read_text("utf-8")
_BLOCK = r"\]\(\.\./tests/interop/([\w/.]+)\)[^\n]*\n\n```\w+\n((?:(?!```).*\n)+)```\n"
SHOWN = re.findall(_BLOCK, PAGE)
ALONE = re.findall(_BLOCK + r"\nProbalo agregando al final `(.+)`\n", PAGE)


def test_each_block_of_the_guide_is_held_to_its_client():
    blocks = len(re.findall(r"^```\w+$", PAGE, re.MULTILINE))
    assert blocks == len(SHOWN) + 1  # the first only shows how to run a client


@pytest.mark.parametrize(("client", "fragment"), SHOWN, ids=[client for client, _ in SHOWN])
def test_a_fragment_of_the_guide_is_in_the_client_that_it_names(client, fragment):
    source = (stacks.HERE / client).read_text("utf-8")
    parts = fragment.strip("\n").split("\n\n")
    assert [] == [part for part in parts if part not in source]


@pytest.mark.parametrize(("client", "fragment", "last_line"), ALONE, ids=[client for client, *_ in ALONE])
def test_a_fragment_that_stands_alone_asks_what_is_owed(client, fragment, last_line, url, cliente, tmp_path):
    name, _, file = client.partition("/")
    if not stacks.is_installed(name):
        pytest.skip(f"{name} was not found: tests/interop/install.sh installs it")
    program = tmp_path / file
    program.write_text(f"{fragment}\n{last_line.replace('1000001', cliente)}\n", encoding="utf-8")
    *runner, _ = stacks.command(name, stacks.STACKS[name].run)
    asked = subprocess.run(  # noqa: S603 — our own command
        [*runner, str(program), url, "DEMO", stacks.TOKEN_RED, stacks.TOKEN_EMPRESA],
        capture_output=True,
        timeout=stacks.RUN_WITHIN_S,
        check=True,
    )
    deuda = json.loads(asked.stdout)
    assert ("00", ["18540.75"]) == (deuda["codigo"], [factura["importe"] for factura in deuda["facturas"]])
