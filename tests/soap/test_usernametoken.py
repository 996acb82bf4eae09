"""The UsernameToken: its text and its digest, made by a library of the other side and by hand, once and in time."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta

import gateway as g
import pytest
import zeep
from lxml import etree
from zeep.wsse.username import UsernameToken

from pmc_soap.soap.credenciales import Credencial, Credenciales, Presented, Resumen, hash_secret
from pmc_soap.soap.usernametoken import NONCE_MAX, WSSE, WSU, read_username_token

PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#Password"
SECRETO = "un secreto, con ñ"
NONCE = b"0123456789abcdef"


def digest(nonce=NONCE, created="2025-07-15T15:00:00Z", secreto=SECRETO):
    return base64.b64encode(hashlib.sha1(nonce + created.encode() + secreto.encode()).digest()).decode()  # noqa: S324


def header(usuario="pagomiscuentas", nonce=NONCE, created="2025-07-15T15:00:00Z", password=None, secreto=SECRETO):
    """Write a digest's header; None leaves an element out."""
    said = digest(nonce or b"", created or "", secreto) if password is None else password
    parts = [
        f"<w:Username>{usuario}</w:Username>",
        f'<w:Password Type="{PROFILE}Digest">{said}</w:Password>',
        f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>" if nonce is not None else "",
        f'<u:Created xmlns:u="{WSU}">{created}</u:Created>' if created is not None else "",
    ]
    return f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken>{"".join(parts)}</w:UsernameToken></w:Security>'


def read(xml):
    return read_username_token(etree.fromstring(xml))


# Reading ------------------------------------------------------------------------------------------------------------


def test_a_digest_is_read_with_its_nonce_and_its_instant_as_written():
    presented = read(header())
    assert presented.usuario == "pagomiscuentas"
    assert (presented.resumen.nonce, presented.resumen.created) == (NONCE, "2025-07-15T15:00:00Z")
    assert presented.resumen.is_of(SECRETO)
    assert not presented.resumen.is_of(SECRETO + "x")


def test_a_base64_in_several_lines_is_read():
    broken = header().replace("<w:Nonce>MDEy", "<w:Nonce>\n  MD\n  Ey")
    assert read(broken).resumen.nonce == NONCE


@pytest.mark.parametrize("nonce", [b"", b"x" * (NONCE_MAX + 1)])
def test_a_nonce_that_is_none_or_too_long_is_none(nonce):
    assert read(header(nonce=nonce)).resumen.nonce == b""
    assert read(header(nonce=b"x" * NONCE_MAX)).resumen.nonce == b"x" * NONCE_MAX


@pytest.mark.parametrize("said", ["!!!", "ñ", "abc", "Á=="])
def test_what_is_no_base64_matches_nothing(said):
    presented = read(header(password=said))
    assert presented.resumen.digest == b""
    assert not presented.resumen.is_of(SECRETO)


@pytest.mark.parametrize(
    "xml",
    [
        f'<w:Security xmlns:w="{WSSE}"/>',
        f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken/></w:Security>',
        f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>x</w:Username></w:UsernameToken></w:Security>',
        header().replace("PasswordText", "x").replace("#PasswordDigest", "#PasswordOther"),
    ],
)
def test_what_holds_no_password_that_we_know_is_none(xml):
    assert read(xml) is None


def test_a_secret_and_a_digest_are_not_in_what_a_presented_shows_of_itself():
    shown = repr(read(header())) + repr(Presented(secreto=SECRETO)) + repr(Credencial.of_secret("x", SECRETO))
    assert SECRETO not in shown
    assert "0123456789abcdef" not in shown


def test_a_digest_opens_only_where_the_secret_itself_is_known():
    presented = Presented(usuario="x", resumen=Resumen(nonce=b"n", created="c", digest=b""))
    right = Presented(usuario="x", resumen=Resumen(nonce=b"n", created="c", digest=hashlib.sha1(b"ncs").digest()))  # noqa: S324
    empty = Presented(usuario="", resumen=Resumen(nonce=b"n", created="c", digest=hashlib.sha1(b"nc").digest()))  # noqa: S324
    named, hashed = Credencial.of_secret("x", "s"), Credencial(usuario="x", hash=hash_secret("s"))
    assert Credenciales([named], {}).admits_network(right)
    assert not Credenciales([hashed], {}).admits_network(right)
    assert not Credenciales([named, hashed], {}).admits_network(presented)
    assert not Credenciales([], {}).admits_network(empty)
    assert Credenciales([named], {}).admits_network(Presented(secreto="s"))


# Through the front door ---------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(world, tmp_path):
    """A gateway whose network's secret is named, so that its digests are taken; ORDE's is a hash."""
    (tmp_path / "secreto").write_text(SECRETO, encoding="utf-8")
    credenciales = [{"usuario": "pagomiscuentas", "secreto": {"archivo": str(tmp_path / "secreto")}}]
    settings = {**g.SETTINGS, "pagomiscuentas": {"credenciales": credenciales}}
    with g.gateway_on(world, tmp_path, settings) as opened:
        yield opened


def ask(gateway, security):
    body = g.pedido("ConsultaDeuda", token=None, IdCliente="1000001")
    head = f"<soap:Header>{security}</soap:Header><soap:Body>"
    return gateway.post(g.PMC, body.replace(b"<soap:Body>", head.encode()))


def test_a_digest_is_taken_once(gateway):
    assert ask(gateway, header()).codigo == "00"
    assert ask(gateway, header()).falla == "PMC-2005"
    assert ask(gateway, header(nonce=b"another")).codigo == "00"
    assert ask(gateway, header(created="2025-07-15T15:00:01Z")).codigo == "00"


@pytest.mark.parametrize(
    ("seconds", "codigo", "falla"),
    [(-301, None, "PMC-2005"), (-300, "00", None), (0, "00", None), (60, "00", None), (61, None, "PMC-2005")],
)
def test_a_digest_is_taken_from_300_seconds_before_to_60_after_its_instant(gateway, seconds, codigo, falla):
    created = (g.NOW + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = ask(gateway, header(created=created))
    assert (answer.codigo, answer.falla) == (codigo, falla)


@pytest.mark.parametrize(
    "created", ["2025-07-15T15:00:00.123Z", "2025-07-15T12:00:00-03:00", "2025-07-15T15:00:00", "20250715T150000Z"]
)
def test_an_instant_is_read_as_each_stack_writes_it(gateway, created):
    assert ask(gateway, header(created=created)).codigo == "00"


@pytest.mark.parametrize(
    "said",
    [{"created": None}, {"nonce": None}, {"nonce": b""}, {"created": "ayer"}, {"created": "0001-01-01T00:00:00+14:00"}],
)
def test_a_right_digest_that_could_be_used_again_is_refused_as_such(gateway, said):
    before = gateway.everything()
    assert ask(gateway, header(**said)).falla == "PMC-2005"
    assert gateway.everything() == before


@pytest.mark.parametrize(
    "said",
    [{"secreto": "otro"}, {"usuario": "otro"}, {"password": ""}, {"password": SECRETO}, {"secreto": "", "usuario": ""}],
)
def test_a_wrong_digest_is_a_wrong_credential_and_leaves_nothing(gateway, said):
    before = gateway.everything()
    assert ask(gateway, header(**said)).falla == "PMC-2002"
    assert gateway.everything() == before
    assert gateway.rows("nonce") == []
    assert ask(gateway, header()).codigo == "00"  # what was refused has used nothing up


def test_nothing_of_what_a_caller_said_is_kept_with_the_nonce(gateway):
    ask(gateway, header())
    [kept] = gateway.rows("nonce")
    assert re.fullmatch("[0-9a-f]{64}", kept["huella"])
    assert set(kept) == {"huella", "hasta_utc"}


def test_a_text_password_and_basic_work_with_a_named_secret_too(gateway):
    text = header(password=SECRETO).replace("#PasswordDigest", "#PasswordText")
    assert [ask(gateway, text).codigo for _ in range(2)] == ["00", "00"]
    basic = base64.b64encode(f"pagomiscuentas:{SECRETO}".encode()).decode()
    body = g.pedido("ConsultaDeuda", token=None, IdCliente="1000001")
    assert gateway.post(g.PMC, body, {**g.XML, "Authorization": f"Basic {basic}"}).codigo == "00"


def test_a_ledger_that_does_not_answer_lets_no_digest_in_and_says_that_it_may_be_sent_again(gateway):
    with gateway.house.ledger._base.consultas.begin() as connection:  # noqa: SLF001
        connection.exec_driver_sql("DROP TABLE nonce")
    assert ask(gateway, header()).falla == "PMC-9002"


@pytest.mark.parametrize("use_digest", [True, False])
def test_zeep_is_let_in_by_its_own_username_token(gateway, use_digest):
    gateway.clock.instant = datetime.now(UTC)
    with g.serving(gateway.app) as (host, port):
        client = zeep.Client(
            f"http://{host}:{port}{g.PMC}?wsdl", wsse=UsernameToken("pagomiscuentas", SECRETO, use_digest=use_digest)
        )
        service = client.create_service(next(iter(client.wsdl.bindings)), f"http://{host}:{port}{g.PMC}")
        cabecera = {"CodigoEmpresa": "DEMO", "IdMensaje": "M-1", "FechaHora": gateway.clock.instant}
        said = [service.ConsultaDeuda(Cabecera=cabecera, IdCliente="9") for _ in range(2)]
    assert [one.Resultado.Codigo for one in said] == ["03", "03"]
    assert len(gateway.rows("nonce")) == (2 if use_digest else 0)
