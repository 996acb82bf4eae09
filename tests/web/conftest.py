"""A gateway for each test, on its own copy of the world."""

import gateway as g
import pytest


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return g.make_template(tmp_path_factory.mktemp("world"))


@pytest.fixture
def gateway(world, tmp_path):
    with g.gateway_on(world, tmp_path) as opened:
        yield opened
