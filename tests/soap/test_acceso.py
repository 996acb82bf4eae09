"""Who is let in: addresses and what proxies say of them, certificates, and how often a credential may be wrong."""

import itertools

import gateway as g
import pytest

from pmc_soap.domain.direcciones import Redes, behind_proxies, normalize, subscriber
from pmc_soap.operations.ports import Unavailable
from pmc_soap.soap import intentos
from pmc_soap.soap.acceso import Acceso, Frente, Llamador, Puerta
from pmc_soap.soap.credenciales import Credencial, Credenciales, Presented, hash_secret
from pmc_soap.soap.fallas import Causa, FallaSoap
from pmc_soap.soap.intentos import Intentos

RED, EMPRESA = "PagoMisCuentas", "Empresa"
RIGHT, WRONG = Presented(secreto="bien"), Presented(secreto="mal")
ISSUED = [Credencial(usuario="u", hash=hash_secret("bien"))]
NAMED = [Credencial.of_secret("u", "bien")]  # in the configuration, where it may be one that can be guessed
SUBJECT = "CN=pmc,O=Red"


class Reloj:
    def __init__(self):
        self.s = 1000.0

    def __call__(self):
        return self.s


@pytest.fixture
def reloj():
    return Reloj()


@pytest.fixture
def alerts():
    return []


@pytest.fixture
def make(reloj, alerts):
    """Make an Acceso whose network and empresa AGUA both have the secret «bien»."""

    def make(**said):
        said = {"empresas": {"AGUA": Puerta(), "LUZ1": Puerta()}, **said}
        alert = said.pop("alert", lambda *told: alerts.append(told))
        live = said.pop("live", NAMED)
        return Acceso(Credenciales(live, {"AGUA": live}), None, alert, intentos=Intentos(reloj), **said)

    return make


def causa(work, *args):
    """Give the cause of the refusal, or None where there is none."""
    try:
        work(*args)
    except FallaSoap as falla:
        return falla.causa
    return None


def shows(acceso, presented, direccion="10.0.0.1", port=RED, empresa="AGUA", certificado=None):
    return causa(acceso.authenticate, port, empresa, presented, Llamador(direccion, certificado))


# Where a request comes from -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("10.0.0.01", None),
        ("10.0.0.1:80", None),
        ("", None),
        ("unknown", None),
        ("１０.0.0.1", None),
    ],
)
def test_an_address_has_one_form(said, normal):
    assert normalize(said) == normal


@pytest.mark.parametrize(
    ("peer", "forwarded", "direccion"),
    [
        ("10.0.0.9", "200.1.1.1", "10.0.0.9"),  # no proxy of ours: what it says is its own
        ("127.0.0.1", "200.1.1.1", "200.1.1.1"),
        ("::ffff:127.0.0.1", "200.1.1.1", "200.1.1.1"),
        ("127.0.0.1", "1.1.1.1, 200.1.1.1", "200.1.1.1"),  # what stands to the left anybody could write
        ("127.0.0.1", "1.1.1.1, 200.1.1.1 , 172.16.0.1", "200.1.1.1"),
        ("127.0.0.1", "200.1.1.1,127.0.0.1,172.16.0.1", "200.1.1.1"),
        ("127.0.0.1", "172.16.0.2, 172.16.0.1", "172.16.0.2"),  # all are ours: one of them calls by itself
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "200.1.1.1, basura", "127.0.0.1"),
        ("127.0.0.1", "basura, 200.1.1.1", "200.1.1.1"),
        ("127.0.0.1", "200.1.1.1, " + "9" * 100_000, "127.0.0.1"),
        ("127.0.0.1", ",".join(["172.16.0.1"] * 50_000), "172.16.0.1"),
        ("", "200.1.1.1", "200.1.1.1"),
        ("", "", None),
        ("", "basura", None),
        (None, "200.1.1.1", None),  # a server that tells no peer may have been reached by anybody
        ("basura", "200.1.1.1", None),
    ],
)
def test_only_a_proxy_of_ours_is_believed_about_where_a_request_comes_from(make, peer, forwarded, direccion):
    acceso = make(frente=Frente(proxies=Redes(["127.0.0.1", "172.16.0.0/12"])))
    environ = {"HTTP_X_FORWARDED_FOR": forwarded, **({} if peer is None else {"REMOTE_ADDR": peer})}
    assert acceso.who(environ).direccion == direccion
    assert acceso.who({"HTTP_X_FORWARDED_FOR": forwarded}).direccion is None


@pytest.mark.parametrize(
    ("peer", "verified", "subject", "certificado"),
    [
        ("", "SUCCESS", SUBJECT, SUBJECT),
        ("", "NONE", SUBJECT, None),
        ("", "FAILED:expired", SUBJECT, None),
        ("", "success", SUBJECT, None),
        ("", "SUCCESS,SUCCESS", SUBJECT, None),
        ("", None, SUBJECT, None),
        ("", "SUCCESS", "", None),
        ("127.0.0.1", "SUCCESS", SUBJECT, None),  # even a proxy of ours: a port can be reached by others
        ("10.0.0.9", "SUCCESS", SUBJECT, None),
        (None, "SUCCESS", SUBJECT, None),
    ],
)
def test_a_certificate_is_believed_only_over_a_unix_socket_and_only_verified(
    make, peer, verified, subject, certificado
):
    acceso = make(frente=Frente(proxies=Redes(["127.0.0.1"])))
    said = {"REMOTE_ADDR": peer, "HTTP_X_CLIENTE_VERIFICADO": verified, "HTTP_X_CLIENTE_CERTIFICADO": subject}
    assert acceso.who({k: v for k, v in said.items() if v is not None}).certificado == certificado


def test_the_headers_have_the_names_that_are_configured(make):
    acceso = make(frente=Frente(encabezado_certificado="X-SSL-DN", encabezado_verificado="X-SSL-Verify"))
    assert (
        acceso.who({"REMOTE_ADDR": "", "HTTP_X_SSL_DN": "CN=a", "HTTP_X_SSL_VERIFY": "SUCCESS"}).certificado == "CN=a"
    )


def test_an_address_is_in_a_network_whatever_its_family():
    redes = Redes(["200.16.0.0/24", "2800:1::/32", "10.0.0.7"])
    inside, outside = ["200.16.0.255", "2800:1:ffff::1", "10.0.0.7"], ["200.16.1.0", "2800:2::1", "10.0.0.8", None, "x"]
    assert [direccion in redes for direccion in inside] == [True] * 3
    assert [direccion in redes for direccion in outside] == [False] * 5
    assert "10.0.0.7" not in Redes([])


def test_a_subscriber_of_ipv6_is_one_whichever_of_his_addresses_he_takes():
    assert subscriber("2800:1:2:3::1") == subscriber("2800:1:2:3:ffff::9") != subscriber("2800:1:2:4::1")
    assert subscriber("10.0.0.1") != subscriber("10.0.0.2")


def test_no_header_of_whatever_length_keeps_more_than_it_must():
    assert behind_proxies("10.0.0.1", "x" * 10_000_000, Redes([])) == "10.0.0.1"


# The allow-list -----------------------------------------------------------------------------------------------------


def test_before_the_body_is_read_an_address_must_be_of_somebody_of_the_port(make):
    own = {"AGUA": Puerta(redes=Redes(["10.1.0.0/16"])), "LUZ1": Puerta(redes=Redes(["10.2.0.0/16"]))}
    acceso = make(network=Puerta(redes=Redes(["200.16.0.0/24"])), empresas=own)

    def enters(port, direccion):
        return causa(acceso.enter, port, Llamador(direccion))

    assert [enters(RED, d) for d in ("200.16.0.9", "10.1.0.1", None)] == [None, Causa.DIRECCION, Causa.DIRECCION]
    assert [enters(EMPRESA, d) for d in ("10.1.0.1", "10.2.0.1", "200.16.0.9")] == [None, None, Causa.DIRECCION]


def test_an_empresa_without_a_list_leaves_its_port_open_and_is_open_itself(make):
    acceso = make(empresas={"AGUA": Puerta(), "LUZ1": Puerta(redes=Redes(["10.2.0.0/16"]))})
    assert causa(acceso.enter, EMPRESA, Llamador("9.9.9.9")) is None
    assert shows(acceso, RIGHT, "9.9.9.9", EMPRESA) is None
    assert causa(make(empresas={}).enter, EMPRESA, Llamador("9.9.9.9")) is None


def test_who_calls_from_another_s_network_learns_of_it_only_with_a_right_credential(make):
    acceso = make(empresas={"AGUA": Puerta(redes=Redes(["10.1.0.0/16"])), "LUZ1": Puerta(redes=Redes(["10.2.0.0/16"]))})
    assert shows(acceso, WRONG, "10.2.0.1", EMPRESA) is Causa.CREDENCIAL
    assert shows(acceso, WRONG, "10.2.0.1", EMPRESA, "NADA") is Causa.CREDENCIAL
    assert shows(acceso, RIGHT, "10.2.0.1", EMPRESA) is Causa.DIRECCION
    assert shows(acceso, RIGHT, "10.1.0.1", EMPRESA) is None


# Certificates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificado", "expected"),
    [
        (SUBJECT, None),
        (None, Causa.SIN_CREDENCIAL),
        (SUBJECT.lower(), Causa.CREDENCIAL),
        (SUBJECT + ",C=AR", Causa.CREDENCIAL),
        ("CN=pmc", Causa.CREDENCIAL),
        ("O=Red,CN=pmc", Causa.CREDENCIAL),
        ("", Causa.CREDENCIAL),
    ],
)
def test_the_subject_of_a_certificate_opens_where_it_is_written_exactly(make, certificado, expected):
    acceso = make(network=Puerta(certificados=frozenset({SUBJECT})))
    assert shows(acceso, None, certificado=certificado) is expected
    assert shows(acceso, None, port=EMPRESA, certificado=SUBJECT) is Causa.CREDENCIAL


def test_a_certificate_does_not_heal_a_wrong_secret_nor_a_wrong_address(make):
    acceso = make(network=Puerta(certificados=frozenset({SUBJECT}), redes=Redes(["10.0.0.0/8"])))
    assert shows(acceso, WRONG, certificado=SUBJECT) is Causa.CREDENCIAL
    assert shows(acceso, RIGHT, certificado="CN=otro") is None
    assert shows(acceso, None, "9.9.9.9", certificado=SUBJECT) is Causa.DIRECCION


# How often ----------------------------------------------------------------------------------------------------------


def fail(acceso, times, **said):
    return [shows(acceso, WRONG, **said) for _ in range(times)]


def test_after_20_wrong_credentials_in_a_minute_the_next_is_not_looked_at_until_a_minute_has_passed(make, reloj):
    acceso = make()
    assert fail(acceso, 20) == [Causa.CREDENCIAL] * 20
    assert shows(acceso, RIGHT) is Causa.INTENTOS
    reloj.s += 59.9
    assert shows(acceso, RIGHT) is Causa.INTENTOS
    reloj.s += 0.1
    assert shows(acceso, RIGHT) is None


@pytest.mark.parametrize("port", [RED, EMPRESA])
def test_a_secret_that_we_issued_opens_whatever_others_showed_from_its_address(make, port):
    acceso = make(live=ISSUED)
    fail(acceso, 40, port=port)
    assert shows(acceso, WRONG, port=port) is Causa.INTENTOS
    assert shows(acceso, RIGHT, port=port) is None
    assert shows(acceso, WRONG, port=port) is Causa.CREDENCIAL  # now it is known


def test_waiting_is_not_made_longer_by_trying(make, reloj):
    acceso = make()
    fail(acceso, 20)
    reloj.s += 30
    assert fail(acceso, 100) == [Causa.INTENTOS] * 100
    reloj.s += 30
    assert fail(acceso, 1) == [Causa.CREDENCIAL]


def test_few_wrong_credentials_in_each_minute_keep_nobody_out(make, reloj):
    acceso = make()
    for _ in range(5):
        assert fail(acceso, 19) == [Causa.CREDENCIAL] * 19
        reloj.s += 60
    assert shows(acceso, RIGHT) is None


def test_one_is_kept_out_of_one_port_and_nobody_else_is(make):
    acceso = make()
    fail(acceso, 20)
    assert shows(acceso, RIGHT) is Causa.INTENTOS
    assert shows(acceso, RIGHT, "10.0.0.2") is None
    assert shows(acceso, RIGHT, port=EMPRESA) is None


def test_what_shows_nothing_is_no_attempt(make):
    acceso = make()
    assert {shows(acceso, None) for _ in range(30)} == {Causa.SIN_CREDENCIAL}
    assert shows(acceso, RIGHT) is None


@pytest.mark.parametrize("why", ["listed", "known", "without an address"])
def test_the_network_is_never_kept_out_by_what_others_do_from_its_address_and_somebody_is_told(
    make, reloj, alerts, why
):
    acceso = make(network=Puerta(redes=Redes(["10.0.0.0/8"])) if why == "listed" else Puerta())
    direccion = None if why == "without an address" else "10.0.0.1"
    if why == "known":
        assert shows(acceso, RIGHT, direccion) is None
        reloj.s += 24 * 3600 - 300
    for _ in range(4):
        assert fail(acceso, 100, direccion=direccion) == [Causa.CREDENCIAL] * 100
        assert shows(acceso, RIGHT if why != "known" else None, direccion) in {None, Causa.SIN_CREDENCIAL}
        reloj.s += 59
    assert shows(acceso, RIGHT, direccion) is None
    assert alerts == [("AGUA", "INTENTOS_SIN_BLOQUEAR")] * 2  # at 0 and at 118 seconds: at most one a minute


def test_who_was_right_more_than_a_day_ago_is_known_no_more(make, reloj):
    acceso = make()
    shows(acceso, RIGHT)
    reloj.s += 24 * 3600
    fail(acceso, 20)
    assert shows(acceso, RIGHT) is Causa.INTENTOS


def test_who_is_kept_out_is_told_of_once_a_minute_with_a_code_of_ours_alone(make, reloj, alerts):
    acceso = make()
    fail(acceso, 20, empresa="AGUA", port=EMPRESA, direccion="1.1.1.1")
    fail(acceso, 20, empresa="LUZ1", port=EMPRESA, direccion="1.1.1.2")
    fail(acceso, 20, empresa="<mal>")
    reloj.s += 60
    fail(acceso, 20, empresa="<mal>", port=EMPRESA)
    blocked = "INTENTOS_BLOQUEADOS"
    assert alerts == [("AGUA", blocked), ("", blocked), ("", blocked)]


def test_an_alert_that_cannot_be_written_changes_no_answer(make, caplog):
    def broken(*_):
        raise Unavailable("x")

    acceso = make(alert=broken)
    assert fail(acceso, 20) == [Causa.CREDENCIAL] * 20
    assert shows(acceso, RIGHT) is Causa.INTENTOS
    assert "INTENTOS_BLOQUEADOS" in caplog.text


def test_memory_is_bounded_and_strangers_push_out_nobody_who_was_right(make, monkeypatch):
    monkeypatch.setattr(intentos, "RECORDADOS_MAX", 100)
    acceso = make()
    shows(acceso, RIGHT, "10.0.0.1")
    for a, b in itertools.product(range(10), range(50)):
        shows(acceso, WRONG, f"11.0.{a}.{b}")
    known = acceso._intentos  # noqa: SLF001 — its memory is what is measured
    assert (len(known._cuentas), len(known._known)) == (100, 1)  # noqa: SLF001
    fail(acceso, 30)
    assert shows(acceso, RIGHT) is None


# Through the front door ---------------------------------------------------------------------------------------------


def from_(gateway, peer, path=g.PMC, headers=None, **said):
    """Send a request as a server tells of it: over a port from a peer, or with an empty one over a unix socket."""

    def app(environ, start_response):
        return gateway.app({**environ, "REMOTE_ADDR": peer}, start_response)

    body = g.pedido("ConsultaDeuda" if path == g.PMC else "ObtenerAvisos", **said)
    answer = g.call(app, "POST", path, body, {**g.XML, **(headers or {})})
    g.check_soap(answer)
    return answer


def opened(world, tmp_path, **said):
    empresas = {**g.SETTINGS["empresas"]}
    empresas["DEMO"] = {**empresas["DEMO"], "redes": ["10.5.0.0/16"], "certificados": ["CN=erp"]}
    red = {**g.SETTINGS["pagomiscuentas"], **said}
    return g.gateway_on(world, tmp_path, {**g.SETTINGS, "pagomiscuentas": red, "empresas": empresas})


FORGED = {"X-Cliente-Certificado": SUBJECT, "X-Cliente-Verificado": "SUCCESS", "X-Forwarded-For": "200.16.0.1"}


def test_forged_headers_of_a_proxy_open_nothing_from_a_port(world, tmp_path):
    with opened(world, tmp_path, certificados=[SUBJECT], redes=["200.16.0.0/24"]) as gateway:
        for peer in ("10.0.0.1", "127.0.0.1", "::1"):
            assert from_(gateway, peer, headers=FORGED, token=None, IdCliente="1000001").falla == "PMC-2003"
        assert from_(gateway, "", headers=FORGED, token=None, IdCliente="1000001").codigo == "00"
        assert from_(gateway, "", headers={**FORGED, "X-Forwarded-For": "9.9.9.9"}, token=None).falla == "PMC-2003"


def test_a_refused_address_is_told_before_its_body_is_read(world, tmp_path):
    with opened(world, tmp_path, redes=["200.16.0.0/24"]) as gateway:

        class Unreadable:
            def read(self, *_):
                raise AssertionError

            readline = readlines = __iter__ = read

        told = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": g.PMC,
            "REMOTE_ADDR": "9.9.9.9",
            "CONTENT_LENGTH": "100",
            "wsgi.input": Unreadable(),
        }
        body = b"".join(gateway.app(environ, lambda *said: told.append(said)))
    assert b"PMC-2003" in body


def test_what_an_empresa_shows_opens_its_own_data_from_its_own_networks(world, tmp_path):
    with opened(world, tmp_path) as gateway:

        def falla(peer, empresa="DEMO", **said):
            headers = {**FORGED, "X-Cliente-Certificado": "CN=erp", "X-Forwarded-For": peer} if said else {}
            asked = {"token": None} if said else {}
            return from_(gateway, "" if said else peer, g.EMPRESA, headers, empresa=empresa, **asked, Maximo=1).falla

        assert (falla("10.5.0.1"), falla("10.6.0.1")) == (None, "PMC-2003")
        assert (falla("10.5.0.1", by="certificate"), falla("10.6.0.1", by="certificate")) == (None, "PMC-2003")
        assert falla("10.5.0.1", empresa="ORDE", by="certificate") == "PMC-2002"


def test_attempts_are_alerted_in_the_ledger_under_the_empresa_s_own_code(world, tmp_path):
    empresas = {"DEMO": {**g.SETTINGS["empresas"]["DEMO"], "codigos": [{"codigo": "NUEV"}, {"codigo": "DEMO"}]}}
    with g.gateway_on(world, tmp_path, {**g.SETTINGS, "empresas": empresas}) as gateway:
        before = gateway.rows("alerta")
        asked = {"path": g.EMPRESA, "empresa": "NUEV", "token": "mal", "Maximo": 1}
        said = [from_(gateway, "9.9.9.9", **asked).falla for _ in range(22)]
        assert said == ["PMC-2002"] * 20 + ["PMC-2004"] * 2
        [alerta] = [row for row in gateway.rows("alerta") if row not in before]
    assert (alerta["codigo_empresa"], alerta["motivo"], alerta["id_aviso"]) == ("DEMO", "INTENTOS_BLOQUEADOS", None)
