"""Rules of the house that a machine can hold; the floor plan itself is `make check`'s."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "pmc_soap").rglob("*.py"))
LINES_MAX = 300


def test_no_module_is_longer_than_a_person_reads_at_once():
    assert [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > LINES_MAX] == []


def test_no_module_has_a_name_that_says_nothing():
    nothing = {"utils", "helpers", "common", "types", "exceptions", "base"}
    assert [path.name for path in MODULES if path.stem in nothing] == []


def test_every_module_says_what_it_is():
    silent = [path.name for path in MODULES if not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))]
    assert silent == []


def test_nothing_near_money_is_a_float():
    rooms = ("domain", "operations", "storage", "files", "client", "cli", "demo")
    near_money = [path for room in rooms for path in (ROOT / "pmc_soap" / room).rglob("*.py")]
    assert [path.name for path in near_money if "float(" in path.read_text(encoding="utf-8")] == []


def test_no_group_of_a_pattern_is_possessive():
    """Before 3.11.5 Python goes on in the middle of such a group where it failed: it has read XML that was none."""
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")
    assert [path.name for path in MODULES if possessive.search(path.read_text(encoding="utf-8"))] == []


def test_help_loads_no_library_that_serves():
    heavy = ("spyne", "sqlalchemy", "zeep", "lxml")
    code = f"import sys; import pmc_soap.cli; print([m for m in {heavy} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("document", ["README.md", "docs/add-a-field.md", "fixtures/README.md"])
def test_what_a_document_points_at_is_there(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    paths = re.findall(r"`(pmc_soap/[\w/.]+|docs/[\w/.]+)`", text)
    missing = [link for link in links if link and not (ROOT / document).parent.joinpath(link).exists()]
    assert missing + [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_that_the_readme_shows_exists():
    shown = set(re.findall(r"pmc-soap ([a-z]+(?: [a-z]+)?)", (ROOT / "README.md").read_text(encoding="utf-8")))
    commands = {
        " ".join(words.split()[:2])
        if words.split()[0] in {"simulate", "config", "credencial", "db", "facturas"}
        else words.split()[0]
        for words in shown
    }
    for command in sorted(commands):
        asked = subprocess.run(  # noqa: S603
            [Path(sys.executable).parent / "pmc-soap", *command.split(), "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.returncode == 0, command
