"""Who may call what: every operation of each port, with every kind of caller and every way to show a credential."""

import base64
import hashlib
import re
import secrets
from datetime import UTC, date, datetime, timedelta

import gateway as g
import pytest

from pmc_soap import config
from pmc_soap.soap import credenciales
from pmc_soap.soap.credenciales import Credencial, Credenciales, Hoy, Presented, hash_secret, issue, read_basic

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
TEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
OPERATIONS = (*g.NETWORK_OPERATIONS, *g.EMPRESA_OPERATIONS)
CALLERS = {
    "the network": ("pagomiscuentas", "demo-pmc"),
    "the empresa": ("DEMO", "demo-empresa"),
    "another empresa": ("ORDE", "demo-orde"),
    "a stranger": ("DEMO", "demo-Empresa"),
    "nobody": None,
}
ADMITTED = {g.PMC: "the network", g.EMPRESA: "the empresa"}


CERTIFICATES = {"demo-pmc": "CN=red", "demo-empresa": "CN=erp,O=DEMO", "demo-orde": "CN=erp,O=ORDE"}


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    """A gateway behind a proxy's unix socket, where every caller may show all that there is to show."""
    folder = tmp_path_factory.mktemp("shared")

    def named(usuario, secreto):
        (folder / secreto).write_text(secreto, encoding="utf-8")
        credenciales = [{"usuario": usuario, "secreto": {"archivo": str(folder / secreto)}}]
        return {"credenciales": credenciales, "certificados": [CERTIFICATES[secreto]]}

    empresas = {codigo: dict(said) for codigo, said in g.SETTINGS["empresas"].items()}
    for codigo, secreto in (("DEMO", "demo-empresa"), ("ORDE", "demo-orde")):
        empresas[codigo] |= named(codigo, secreto)
    red = named("pagomiscuentas", "demo-pmc")
    with g.gateway_on(world, folder, {**g.SETTINGS, "pagomiscuentas": red, "empresas": empresas}) as opened:
        app = opened.app
        opened.app = lambda environ, start: app({**environ, "REMOTE_ADDR": ""}, start)
        yield opened


def by_token(operation, credential):
    return g.pedido(operation, token=credential[1] if credential else None, **g.VALID[operation]), g.XML


def by_basic(operation, credential):
    body = g.pedido(operation, token=None, **g.VALID[operation])
    return body, {**g.XML, "Authorization": basic(*credential)} if credential else g.XML


def by_username_token(operation, credential):
    body = g.pedido(operation, token=None, **g.VALID[operation])
    header = username_token(*credential) if credential else ""
    return body.replace(b"<soap:Body>", f"{header}<soap:Body>".encode()), g.XML


def by_digest(operation, credential):
    nonce, created = secrets.token_bytes(16), "2025-07-15T15:00:00Z"
    if credential is None:
        return by_username_token(operation, None)
    usuario, secreto = credential
    digest = hashlib.sha1(nonce + created.encode() + secreto.encode()).digest()  # noqa: S324 — the standard's
    said = (
        f"{base64.b64encode(digest).decode()}</w:Password><w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>"
        f'<u:Created xmlns:u="{WSU}">{created}</u:Created><w:Password>'
    )
    header = username_token(usuario, said, kind=f' Type="{TEXT.replace("Text", "Digest")}"')
    header = header.replace("<w:Password></w:Password>", "")
    body = g.pedido(operation, token=None, **g.VALID[operation])
    return body.replace(b"<soap:Body>", f"{header}<soap:Body>".encode()), g.XML


def by_certificate(operation, credential):
    body = g.pedido(operation, token=None, **g.VALID[operation])
    subject = CERTIFICATES.get(credential[1], "CN=nadie") if credential else ""
    verified = "SUCCESS" if credential else "NONE"
    return body, {**g.XML, "X-Cliente-Certificado": subject, "X-Cliente-Verificado": verified}


def basic(usuario, secreto):
    return f"Basic {base64.b64encode(f'{usuario}:{secreto}'.encode()).decode()}"


def username_token(usuario, secreto, kind=f' Type="{TEXT}"', more=' soap:mustUnderstand="1"'):
    return (
        f'<soap:Header><w:Security xmlns:w="{WSSE}"{more}><w:UsernameToken><w:Username>{usuario}</w:Username>'
        f"<w:Password{kind}>{secreto}</w:Password></w:UsernameToken></w:Security></soap:Header>"
    )


WAYS = {
    "Token": by_token,
    "Basic": by_basic,
    "UsernameToken": by_username_token,
    "digest": by_digest,
    "certificate": by_certificate,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_is_for_its_port_s_caller_alone(shared, operation, caller, way):
    port = g.path_of(operation)
    answer = shared.post(port, *WAYS[way](operation, CALLERS[caller]))
    if caller == ADMITTED[port]:
        assert answer.codigo is not None
    elif caller == "nobody":
        assert (answer.status, answer.falla) == (401, "PMC-2001")
    else:
        assert (answer.status, answer.falla) == (500, "PMC-2002")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("claimed", ["DEMO", "ORDE", "AVIS", "INAC", "ZZZZ"])
@pytest.mark.parametrize("caller", CALLERS)
def test_at_their_port_each_empresa_is_reached_by_itself_alone(shared, caller, claimed, way):
    body, headers = WAYS[way]("ObtenerAvisos", CALLERS[caller])
    answer = shared.post(
        g.EMPRESA, body.replace(b">DEMO</CodigoEmpresa>", f">{claimed}</CodigoEmpresa>".encode()), headers
    )
    own = {"DEMO": "the empresa", "ORDE": "another empresa"}.get(claimed)
    expected = None if caller == own else "PMC-2001" if caller == "nobody" else "PMC-2002"
    assert answer.falla == expected


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_of_the_other_port_does_not_exist_even_for_its_caller(shared, operation):
    other = g.EMPRESA if g.path_of(operation) == g.PMC else g.PMC
    assert shared.post(other, g.pedido(operation, **g.VALID[operation])).falla == "PMC-1006"


@pytest.mark.parametrize("operation", g.EMPRESA_OPERATIONS)
@pytest.mark.parametrize("empresa", ["ORDE", "ZZZZ"])
def test_an_empresa_reaches_no_other_empresa_and_is_not_told_which_exist(shared, operation, empresa):
    body = g.pedido(operation, empresa=empresa, token="demo-empresa", **g.VALID[operation])
    assert shared.post(g.EMPRESA, body).falla == "PMC-2002"


@pytest.mark.parametrize("port", [g.PMC, g.EMPRESA])
@pytest.mark.parametrize("authorization", [None, basic("DEMO", "mal")])
def test_eco_asks_for_no_credential_and_minds_no_wrong_one(shared, port, authorization):
    headers = {**g.XML, "Authorization": authorization} if authorization else g.XML
    assert shared.post(port, g.pedido("Eco", Mensaje="hola"), headers).said("Mensaje") == "hola"


def test_the_network_may_ask_for_every_empresa(shared):
    codes = [shared.ask("ConsultaDeuda", empresa=e, IdCliente="1").codigo for e in ("DEMO", "ORDE", "INAC", "ZZZZ")]
    assert codes == ["03", "00", "20", "20"]


def test_a_wrong_token_is_not_healed_by_a_right_basic(shared):
    headers = {**g.XML, "Authorization": basic("pagomiscuentas", "demo-pmc")}
    assert shared.post(g.PMC, g.pedido("ConsultaDeuda", token="mal", IdCliente="1"), headers).falla == "PMC-2002"


def test_the_right_secret_with_another_user_is_refused(shared):
    body, _ = by_basic("ConsultaDeuda", None)
    headers = {**g.XML, "Authorization": basic("DEMO", "demo-pmc")}
    assert shared.post(g.PMC, body, headers).falla == "PMC-2002"


def test_a_username_token_without_a_type_is_text(shared):
    body = g.pedido("ConsultaDeuda", token=None, IdCliente="1000001").decode()
    header = username_token("pagomiscuentas", "demo-pmc", kind="", more="")
    assert shared.post(g.PMC, body.replace("<soap:Body>", f"{header}<soap:Body>").encode()).codigo is not None


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic ", "Basic !!!!", "Basic ñandú", "Basic aG9sYQ==", "Basic /////w==", "Bearer x", "basic"],
)
def test_what_is_no_basic_credential_counts_as_none(shared, authorization):
    assert read_basic(authorization) is None
    body = g.pedido("ConsultaDeuda", token=None, IdCliente="1")
    answer = shared.post(g.PMC, body, {**g.XML, "Authorization": authorization})
    assert (answer.status, answer.falla) == (401, "PMC-2001")


def test_a_secret_may_hold_colons_and_accents():
    assert read_basic(basic("DEMO", "a:ñ:")) == Presented(usuario="DEMO", secreto="a:ñ:")


# Secrets at rest ----------------------------------------------------------------------------------------------------


def test_two_secrets_live_side_by_side_while_one_replaces_the_other():
    old, new = (Credencial(usuario="DEMO", hash=hash_secret(secreto)) for secreto in ("old", "new"))
    both = Credenciales([], {"DEMO": [old, new]})
    assert [both.admits_empresa("DEMO", Presented(secreto=s)) for s in ("old", "new", "other")] == [True, True, False]
    after = Credenciales([], {"DEMO": [new]})
    assert [after.admits_empresa("DEMO", Presented(secreto=s)) for s in ("old", "new")] == [False, True]


def test_a_hash_has_its_own_salt_and_the_form_that_the_settings_ask_for():
    one, other = hash_secret("same"), hash_secret("same")
    assert one != other
    assert re.fullmatch(r"sha256\$[0-9a-f]{32}\$[0-9a-f]{64}", one)
    assert config.CredencialSettings(usuario="DEMO", hash=one).hash == one


def test_an_issued_secret_fits_the_token_of_the_contract():
    secretos = {issue() for _ in range(100)}
    assert len(secretos) == 100
    assert all(re.fullmatch("[A-Za-z0-9_-]{43,128}", secreto) for secreto in secretos)


@pytest.mark.parametrize("usuario", [None, "u"])
@pytest.mark.parametrize("live", [0, 1, 2, 3])
@pytest.mark.parametrize("secreto", ["s0", "s1", "s2", "wrong"])
def test_every_live_secret_is_compared_in_constant_time_whichever_matches(monkeypatch, live, secreto, usuario):
    compared = []
    real = credenciales.hmac.compare_digest
    monkeypatch.setattr(credenciales.hmac, "compare_digest", lambda a, b: compared.append(1) or real(a, b))
    known = Credenciales([Credencial(usuario="u", hash=hash_secret(f"s{n}")) for n in range(live)], {})
    admitted = known.admits_network(Presented(secreto=secreto, usuario=usuario))
    assert admitted == (secreto in [f"s{n}" for n in range(live)])
    each = 1 if usuario is None else 2  # the secret, and the user if one is said; also where there is nobody
    assert len(compared) == each * max(live, 1)


@pytest.mark.parametrize("secreto", ["", "00"])
def test_an_empty_secret_opens_nothing(secreto):
    assert not Credenciales([], {}).admits_network(Presented(secreto=secreto, usuario=""))
    assert not Credenciales([], {}).admits_empresa("", Presented(secreto=secreto))


def test_the_day_is_that_of_argentina_and_is_worked_out_once_a_minute(monkeypatch):
    asked, instant = [], [datetime(2026, 7, 1, 2, 58, 30, tzinfo=UTC)]
    real = credenciales.local_day
    monkeypatch.setattr(credenciales, "local_day", lambda now: asked.append(now) or real(now))
    hoy = Hoy(lambda: instant[0])
    days = []
    for seconds in (0, 29, 1, 59, 1, 24 * 3600):
        instant[0] += timedelta(seconds=seconds)
        days.append(hoy().isoformat())
    assert days == ["2026-06-30"] * 4 + ["2026-07-01", "2026-07-02"]
    assert len(asked) == 4


# An aviso that cannot be read ---------------------------------------------------------------------------------------

UNREADABLE = {
    "AvisoPago": {**g.VALID["AvisoPago"], "Importe": "1500,5"},
    "ReversaPago": {**g.VALID["ReversaPago"], "Importe": "1500,5"},
}


@pytest.mark.parametrize("operation", UNREADABLE)
def test_an_authentic_aviso_that_breaks_the_contract_is_kept_masked_and_the_operator_is_told(gateway, operation):
    before = gateway.rows("alerta")
    answer = gateway.ask(operation, **UNREADABLE[operation])
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", "Importe")
    [kept] = gateway.rows("aviso_ilegible")
    assert (kept["codigo_empresa"], kept["id_pedido"]) == ("DEMO", answer.said("IdPedido"))
    assert b"<Importe>1500,5</Importe>" in kept["cuerpo"]
    assert b"<Token>***</Token>" in kept["cuerpo"]
    assert b"demo-pmc" not in kept["cuerpo"]
    [alerta] = [row for row in gateway.rows("alerta") if row not in before]
    assert (alerta["codigo_empresa"], alerta["motivo"], alerta["id_aviso"]) == ("DEMO", "AVISO_ILEGIBLE", None)


@pytest.mark.parametrize("operation", UNREADABLE)
@pytest.mark.parametrize("token", ["mal", None, "demo-empresa"])
def test_a_stranger_s_aviso_is_not_kept(gateway, operation, token):
    before = gateway.everything()
    answer = gateway.ask(operation, token=token, **UNREADABLE[operation])
    assert answer.falla in {"PMC-2001", "PMC-2002"}
    assert gateway.everything() == before


def test_a_consulta_that_breaks_the_contract_is_not_kept(gateway):
    before = gateway.everything()
    assert gateway.ask("ConsultaDeuda", IdCliente="1" * 20).falla == "PMC-1008"
    assert gateway.everything() == before


@pytest.mark.parametrize("token", ['<Token xmlns="">demo-pmc</Token>', '<x:Token xmlns:x="urn:x">demo-pmc</x:Token>'])
def test_a_token_in_a_wrong_namespace_is_masked_as_well(gateway, token):
    body = g.pedido("AvisoPago", token=None, **UNREADABLE["AvisoPago"]).decode()
    headers = {**g.XML, "Authorization": basic("pagomiscuentas", "demo-pmc")}
    answer = gateway.post(g.PMC, body.replace("</Cabecera>", f"{token}</Cabecera>").encode(), headers)
    assert answer.falla == "PMC-1008"
    [kept] = gateway.rows("aviso_ilegible")
    assert b"demo-pmc" not in kept["cuerpo"]


def test_an_aviso_without_its_empresa_is_kept_for_nobody(gateway):
    body = g.pedido("AvisoPago", **g.VALID["AvisoPago"]).replace(b"<CodigoEmpresa>DEMO</CodigoEmpresa>", b"")
    assert gateway.post(g.PMC, body).falla == "PMC-1008"
    [kept] = gateway.rows("aviso_ilegible")
    assert kept["codigo_empresa"] == ""


def test_an_aviso_at_an_hour_that_only_xsd_knows_is_kept_too(gateway):
    answer = gateway.ask("AvisoPago", **{**g.VALID["AvisoPago"], "FechaHoraPago": "2025-07-15T24:00:00"})
    assert (answer.falla, answer.said("Campo")) == ("PMC-1008", "FechaHoraPago")
    assert len(gateway.rows("aviso_ilegible")) == 1


def test_while_a_secret_changes_both_are_admitted_until_the_last_day_of_the_old_one():
    today = [date(2026, 6, 30)]
    old = Credencial(usuario="DEMO", hash=hash_secret("old"), hasta=date(2026, 6, 30))
    new = Credencial(usuario="DEMO", hash=hash_secret("new"))
    live = Credenciales([old, new], {"DEMO": [old, new]}, lambda: today[0])

    def admitted(secreto):
        presented = Presented(secreto=secreto)
        return live.admits_network(presented), live.admits_empresa("DEMO", presented)

    assert (admitted("old"), admitted("new")) == ((True, True), (True, True))
    today[0] = date(2026, 7, 1)
    assert (admitted("old"), admitted("new")) == ((False, False), (True, True))
