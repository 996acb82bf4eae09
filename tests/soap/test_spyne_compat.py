"""spyne 2.14.0 imports on every Python we support only if soap/spyne_compat.py was there first."""

import ast
import os
import subprocess
import sys

import pytest
from gateway import ROOT

COMPAT = "pmc_soap.soap.spyne_compat"
MODULES = sorted(p for p in (ROOT / "pmc_soap" / "soap").rglob("*.py") if p.name != "spyne_compat.py")
PYTHONS = os.environ.get("PMC_TEST_PYTHONS", "").split()


def imports(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_that_imports_spyne_imports_the_stand_ins_first(path):
    names = list(imports(path))
    spyne = [place for place, name in enumerate(names) if name.partition(".")[0] == "spyne"]
    assert not spyne or COMPAT in names[: spyne[0]]


@pytest.mark.parametrize("python", PYTHONS or [sys.executable])
def test_the_edge_imports_without_a_warning_on_each_python(python):
    done = subprocess.run(  # noqa: S603 — an interpreter that the environment names
        [python, "-W", "error", "-c", "import pmc_soap.soap.app"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_spyne_leaves_no_finder_behind_that_others_would_trip_over():
    import pmc_soap.soap.app  # noqa: F401 — for what its imports leave

    assert all(hasattr(finder, "find_spec") for finder in sys.meta_path)
