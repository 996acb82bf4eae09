"""The house of a guide, on a fresh ledger."""

import guias
import pytest


@pytest.fixture
def living(sqlite_template, tmp_path):
    """Put a house together as a page says."""

    def live(page, **said):
        return guias.living(page, sqlite_template, tmp_path, **said)

    return live
