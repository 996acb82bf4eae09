"""A digest that is sent 64 times at once, to four processes on one database: one is let in."""

import base64
import hashlib
import secrets
import threading
from collections import Counter
from datetime import UTC, datetime

import gateway as g
import requests
from process import run, serving

RACERS, WORKERS = 64, 4
SECRETO = "un-secreto"
SECURITY = (
    '<soap:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/'
    'oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:UsernameToken><w:Username>red</w:Username>'
    '<w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0'
    '#PasswordDigest">{digest}</w:Password><w:Nonce>{nonce}</w:Nonce><u:Created xmlns:u="http://docs.oasis-open.org/'
    'wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">{created}</u:Created></w:UsernameToken></w:Security>'
    "</soap:Header>"
)
SETTINGS = """
mode = "homologacion"
db = "{db}"
[pagomiscuentas]
credenciales = [{{ usuario = "red", secreto = {{ archivo = "{secreto}" }} }}]
[empresas.1234]
nombre = "Club"
"""


def _signed():
    """Write a consulta with a digest of now."""
    nonce, created = secrets.token_bytes(16), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha1(nonce + created.encode() + SECRETO.encode()).digest()  # noqa: S324 — the standard's
    header = SECURITY.format(
        digest=base64.b64encode(digest).decode(), nonce=base64.b64encode(nonce).decode(), created=created
    )
    body = g.pedido("ConsultaDeuda", empresa="1234", token=None, IdCliente="1")
    return body.replace(b"<soap:Body>", f"{header}<soap:Body>".encode())


def _send(url, body, start, said):
    start.wait()
    answer = requests.post(url + g.PMC, body, headers=g.XML, timeout=60)
    read = g.Answer(answer.status_code, answer.headers, answer.content)
    said.append(read.codigo or read.falla)


def test_of_64_that_send_the_same_digest_at_once_one_is_let_in(tmp_path, base_url):
    (tmp_path / "secreto").write_text(SECRETO, encoding="utf-8")
    settings = tmp_path / "pmc-soap.toml"
    settings.write_text(SETTINGS.format(db=base_url, secreto=tmp_path / "secreto"), encoding="utf-8")
    assert run("--config", str(settings), "db", "migrate", cwd=tmp_path).returncode == 0
    args = ("--bind", "127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", str(RACERS))
    with serving("--config", str(settings), "serve", *args, cwd=tmp_path) as gateway:
        for _ in range(2):
            body, start, said = _signed(), threading.Barrier(RACERS), []
            racing = [threading.Thread(target=_send, args=(gateway.url, body, start, said)) for _ in range(RACERS)]
            for each in racing:
                each.start()
            for each in racing:
                each.join()
            counted = Counter(said)
            shed = counted.pop("PMC-9003", 0)  # where one process gets nearly all of them
            assert counted == {"03": 1, "PMC-2005": RACERS - 1 - shed}
            assert shed < RACERS // 2
