import os

import pytest


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PMC_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def write(tmp_path):
    """Write a settings file."""

    def write(text):
        path = tmp_path / "pmc-soap.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
