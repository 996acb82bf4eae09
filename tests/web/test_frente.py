"""Pages see who is behind our own proxies, as they say it; what anybody else says of himself is not believed."""

import pytest
from werkzeug.test import EnvironBuilder

from pmc_soap.domain.direcciones import Redes
from pmc_soap.web.frente import behind

PROXY, SOMEBODY, OTHER = "10.0.0.2", "200.16.0.7", "200.16.0.8"


def seen(peer, proto=None, forwarded=None, proxies=(PROXY,)):
    """Give the scheme and the address that a page sees."""
    told = []
    environ = EnvironBuilder(environ_overrides={"REMOTE_ADDR": peer}).get_environ()
    for name, value in (("HTTP_X_FORWARDED_PROTO", proto), ("HTTP_X_FORWARDED_FOR", forwarded)):
        if value is not None:
            environ[name] = value
    door = behind(lambda env, _: told.append((env["wsgi.url_scheme"], env["REMOTE_ADDR"])) or [], Redes(proxies))
    door(environ, None)
    return told[0]


@pytest.mark.parametrize("peer", ["", PROXY, f"::ffff:{PROXY}"])
def test_what_our_proxy_says_is_believed(peer):
    assert seen(peer, "https", SOMEBODY) == ("https", SOMEBODY)


def test_of_several_addresses_the_nearest_that_is_no_proxy_counts():
    assert seen("", "https", f"{OTHER}, {SOMEBODY}, {PROXY}") == ("https", SOMEBODY)


@pytest.mark.parametrize("proxies", [(PROXY,), ()])
def test_what_anybody_else_says_is_not(proxies):
    assert seen(OTHER, "https", SOMEBODY, proxies) == ("http", OTHER)


@pytest.mark.parametrize("proto", [None, "", "ftp", "https, http", "HTTPS"])
def test_a_scheme_that_is_none_changes_nothing(proto):
    assert seen("", proto, SOMEBODY) == ("http", SOMEBODY)


@pytest.mark.parametrize("forwarded", [None, "", "quién sabe", "1" * 100])
def test_a_proxy_that_says_no_address_leaves_its_own(forwarded):
    assert seen(PROXY, "https", forwarded) == ("https", PROXY)
    assert seen("", "https", forwarded) == ("https", "")
