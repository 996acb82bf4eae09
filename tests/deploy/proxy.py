"""The shipped nginx configuration in front of the real command: only its paths, its port and its name are ours."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gateway as g
import requests
import trustme

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NO_NGINX = "nginx not found: apt-get install nginx-light"
SHIPPED = g.ROOT / "deploy" / "nginx"
PMC_SOAP = str(Path(sys.executable).parent / "pmc-soap")
WITHIN_S = 30
TOKEN = "un-token-de-la-red"

_AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/pmc-soap.conf;
}}
"""


@dataclass(frozen=True)
class Certificates:
    """Those of one installation, as files: what the server shows, what the network shows, what a stranger shows."""

    folder: Path
    ca: trustme.CA
    subject: str

    @property
    def trusted(self) -> str:
        """Name the file of the authority that signed the server's."""
        return str(self.folder / "ca.pem")

    def client(self, name: str) -> tuple[str, str]:
        """Name the files of one of: red, empresa (both of our authority), extraño (of another)."""
        return str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")


def make_certificates(folder: Path) -> Certificates:
    """Make an authority for the server, one for the clients, and one that nobody knows."""
    ca, clients, other = trustme.CA(), trustme.CA(), trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    clients.cert_pem.write_to_path(folder / "clientes-ca.pem")
    _write(ca.issue_cert("127.0.0.1"), folder / "servidor")
    names = {"organization_name": "Red de Prueba, S.A.", "organization_unit_name": "Ñandú"}
    red = clients.issue_cert("red@pmc.example", common_name="pagomiscuentas", **names)
    for name, leaf in (
        ("red", red),
        ("empresa", clients.issue_cert("x@pmc.example", common_name="otra", **names)),
        ("extraño", other.issue_cert("red@pmc.example", common_name="pagomiscuentas", **names)),
    ):
        _write(leaf, folder / name)
    shown = subprocess.run(  # noqa: S603 — as the guide tells to find it out
        ["openssl", "x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in", str(folder / "red.pem")],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return Certificates(folder, ca, shown.stdout.strip().removeprefix("subject="))


def _write(leaf: trustme.LeafCert, path: Path) -> None:
    path.with_suffix(".pem").write_bytes(b"".join(part.bytes() for part in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(path.with_suffix(".key"))


@dataclass(frozen=True)
class Front:
    """A running nginx."""

    port: int
    folder: Path
    certificates: Certificates

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, client: str = ""
    ) -> g.Answer:
        """Send one request, with the certificate of a client if one is named."""
        answer = requests.request(
            method,
            f"https://127.0.0.1:{self.port}{path}",
            data=body,
            headers={**g.XML, **(headers or {})},
            verify=self.certificates.trusted,
            cert=self.certificates.client(client) if client else None,
            timeout=WITHIN_S,
        )
        return g.Answer(answer.status_code, answer.headers, answer.content)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None, client: str = "") -> g.Answer:
        """Send one SOAP request; whatever answers, the answer must be SOAP."""
        answer = self.request("POST", path, body, headers, client)
        g.check_soap(answer)
        return answer

    def has_logged(self, text: str) -> bool:
        """Tell whether it is in the log, which is written after the answer."""
        deadline = time.monotonic() + 5
        while text not in (self.folder / "pmc-soap.log").read_text():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def connect(self) -> ssl.SSLSocket:
        """Open a bare connection."""
        context = ssl.create_default_context(cafile=self.certificates.trusted)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=WITHIN_S)
        return context.wrap_socket(plain, server_hostname="127.0.0.1")


@contextmanager
def nginx(
    folder: Path, certificates: Certificates, unix: Path, edit: Mapping[str, str] | None = None
) -> Iterator[Front]:
    """Run nginx as it is shipped."""
    ours = {
        "listen 443 ssl;": "listen {address} ssl;",
        "    listen [::]:443 ssl;\n": "",
        "/etc/nginx/snippets": str(folder),
        "/var/log/nginx": str(folder),
        **(edit or {}),
    }
    shutil.copy(SHIPPED / "pmc-soap-fallas.conf", folder)
    with _nginx("pmc-soap.conf", folder, certificates, unix, ours) as front:
        yield front


@contextmanager
def nginx_of_the_consola(folder: Path, certificates: Certificates, unix: Path, network: str) -> Iterator[Front]:
    """Run the one for the consola as it is shipped, which lets that network in."""
    ours = {
        "listen 10.0.0.5:443 ssl;": "listen {address} ssl;",
        "allow 10.0.0.0/8;": f"allow {network};",
        "consola.pem": "servidor.pem",
        "consola.key": "servidor.key",
    }
    with _nginx("pmc-soap-consola.conf", folder, certificates, unix, ours) as front:
        yield front


@contextmanager
def _nginx(name: str, folder: Path, certificates: Certificates, unix: Path, edit: Mapping[str, str]) -> Iterator[Front]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {
        "unix:/run/pmc-soap/pmc-soap.sock": f"unix:{unix}",
        "/etc/pmc-soap/tls": str(certificates.folder),
        **{theirs: our.replace("{address}", f"127.0.0.1:{port}") for theirs, our in edit.items()},
    }
    shipped = (SHIPPED / name).read_text(encoding="utf-8")
    for theirs, our in ours.items():
        assert theirs in shipped, theirs
        shipped = shipped.replace(theirs, our)
    (folder / "pmc-soap.conf").write_text(shipped, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user), encoding="utf-8")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)  # noqa: S603
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)  # noqa: S603
    try:
        _wait(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close(), process, folder / "error.log")
        yield Front(port, folder, certificates)
    finally:
        process.terminate()
        process.wait(WITHIN_S)


@contextmanager
def behind(folder: Path, template: Path, said: str, *args: str) -> Iterator[Path]:
    """Run `pmc-soap serve` on a unix socket, with what is said of the network in its configuration; give the socket."""
    unix, database = folder / "pmc.sock", folder / "ledger.db"
    database.write_bytes(template.read_bytes())
    empresa = f'[{{ usuario = "1234", hash = "{g.hash_secret("un-token-de-la-empresa")}" }}]'
    (folder / "pmc-soap.toml").write_text(
        f'mode = "homologacion"\ndb = "sqlite:///{database}"\npublic_url = "https://pagos.ejemplo.com.ar"\n'
        f'[pagomiscuentas]\n{said}\n[empresas.1234]\nnombre = "Club"\ncredenciales = {empresa}\n',
        encoding="utf-8",
    )
    with (folder / "gateway.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 — our own command
            [PMC_SOAP, "--config", str(folder / "pmc-soap.toml"), "serve", "--bind", f"unix:{unix}", *args],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("PMC_")},
        )
        try:
            _wait(lambda: _connect_unix(unix), process, folder / "gateway.log")
            yield unix
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # how it ends is not what is tested
            process.wait()


def _connect_unix(unix: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        probe.connect(str(unix))
        probe.sendall(b"GET /soap/v1/empresa?wsdl HTTP/1.0\r\n\r\n")
        if not probe.recv(1):
            raise ConnectionError


def _wait(try_it: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            try_it()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(log.read_text())
