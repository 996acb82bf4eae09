"""pmc-soap credencial: a secret that is shown once opens its door, and the file is changed as a careful hand would."""

import os
import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from pmc_soap import cli, config
from pmc_soap.domain.calendario import local_day
from pmc_soap.soap.credenciales import Credencial, Credenciales, Presented, hash_secret

TODAY = local_day(datetime.now(UTC))
FILE = """\
# La pasarela del club
mode = "homologacion"   # todavía no cobramos

[empresas.1234]   # el club
nombre = "Club Ejemplo"
credenciales = [
    # la que usa el ERP
    { usuario = "1234", hash = "HASH" },  # desde marzo
]

[pagomiscuentas]
redes = ["200.16.0.0/24"]   # de su manual
"""
HASH = hash_secret("el de siempre")


@pytest.fixture
def archivo(tmp_path, monkeypatch):
    """A configuration with comments; PMC_… variables are not the test's."""
    for name in [name for name in os.environ if name.startswith("PMC_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "pmc-soap.toml"
    path.write_text(FILE.replace("HASH", HASH), encoding="utf-8")
    return path


def run(archivo, *args, answer=None):
    return CliRunner().invoke(cli.cli, ["--config", str(archivo), "credencial", *args], input=answer)


def admitted(archivo, secreto, codigo="1234"):
    """Tell whether a secret opens its door, as the file now stands."""
    settings = config.load(archivo)
    said = settings.pagomiscuentas if codigo is None else settings.empresas[codigo]
    live = [Credencial(usuario=one.usuario, hash=one.hash, hasta=one.hasta) for one in said.credenciales]
    return Credenciales(live, {}).admits_network(Presented(secreto=secreto))


def test_an_issued_secret_is_written_where_its_user_belongs_and_opens_that_door_alone(archivo):
    done = run(archivo, "issue", "--usuario", "pagomiscuentas", "--write", "--yes")
    assert done.exit_code == 0, done.output
    secreto = done.stdout.strip()
    assert "\n" not in secreto
    assert secreto not in done.stderr
    assert "sha256" not in done.output
    assert secreto not in archivo.read_text()
    assert (admitted(archivo, secreto, None), admitted(archivo, secreto)) == (True, False)
    assert "reload" in done.stderr


def test_every_comment_and_every_other_line_stays(archivo):
    before = archivo.read_text().splitlines()
    run(archivo, "issue", "--usuario", "1234", "--write", "--yes")
    run(archivo, "issue", "--usuario", "pagomiscuentas", "--write", "--yes")
    after = archivo.read_text().splitlines()
    assert [line for line in before if line not in after] == []
    assert len(after) == len(before) + 2


def test_a_file_is_as_private_after_the_change_as_before(archivo):
    archivo.chmod(0o640)
    run(archivo, "issue", "--usuario", "1234", "--write", "--yes")
    assert archivo.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in archivo.parent.iterdir()] == ["pmc-soap.toml"]


def test_a_link_to_the_file_stays_a_link(archivo, tmp_path):
    (tmp_path / "link.toml").symlink_to(archivo)
    assert run(tmp_path / "link.toml", "issue", "--usuario", "1234", "--write", "--yes").exit_code == 0
    assert (tmp_path / "link.toml").is_symlink()
    assert len(config.load(archivo).empresas["1234"].credenciales) == 2


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nothing_is_written_nor_shown_without_a_yes(archivo, answer):
    before = archivo.read_bytes()
    for args in (["issue", "--write"], ["rotate"], ["revoke"]):
        done = run(archivo, *args, "--usuario", "1234", answer=answer)
        assert (done.exit_code, done.stdout, archivo.read_bytes()) == (1, "", before)


def test_a_yes_is_enough(archivo):
    assert run(archivo, "rotate", "--usuario", "1234", answer="s\n").exit_code == 0


def test_a_rotated_secret_and_the_old_one_live_side_by_side_until_its_last_day(archivo):
    done = run(archivo, "rotate", "--usuario", "1234", "--dias", "3", "--yes")
    new = done.stdout.strip()
    assert admitted(archivo, new)
    assert admitted(archivo, "el de siempre")
    old, young = config.load(archivo).empresas["1234"].credenciales
    assert (old.hasta, young.hasta) == (TODAY + timedelta(days=3), None)
    assert "# desde marzo" in archivo.read_text()


def test_a_rotation_never_prolongs_an_old_secret_and_clears_those_that_ended(archivo):
    soon, past = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    text = archivo.read_text().replace(f'"{HASH}" }}', f'"{HASH}", hasta = {soon} }}')
    dead = f'    {{ usuario = "1234", hash = "{hash_secret("x")}", hasta = {past} }},\n]'
    archivo.write_text(text.replace("\n]\n", f"\n{dead}\n", 1))
    assert run(archivo, "rotate", "--usuario", "1234", "--yes").exit_code == 0
    assert [one.hasta for one in config.load(archivo).empresas["1234"].credenciales] == [soon, None]


def test_a_third_live_secret_is_refused(archivo):
    run(archivo, "rotate", "--usuario", "1234", "--yes")
    before = archivo.read_bytes()
    for args in (["rotate"], ["issue", "--write"]):
        done = run(archivo, *args, "--usuario", "1234", "--yes")
        assert (done.exit_code, done.stdout, archivo.read_bytes()) == (2, "", before)
        assert "ya tiene 2 secretos vivos" in done.stderr


def test_a_revoked_secret_opens_nothing_and_the_other_still_does(archivo):
    new = run(archivo, "rotate", "--usuario", "1234", "--yes").stdout.strip()
    listed = [line.split("\t") for line in run(archivo, "list").stdout.splitlines()]
    [old_prefix] = [prefix for *_, prefix, until in listed if until.startswith("hasta")]
    done = run(archivo, "revoke", "--usuario", "1234", "--hash-prefix", old_prefix, "--yes")
    assert done.exit_code == 0, done.output
    assert (admitted(archivo, new), admitted(archivo, "el de siempre")) == (True, False)


def test_without_a_prefix_all_of_a_user_are_revoked(archivo):
    run(archivo, "rotate", "--usuario", "1234", "--yes")
    assert run(archivo, "revoke", "--usuario", "1234", "--yes").exit_code == 0
    assert config.load(archivo).empresas["1234"].credenciales == []


def test_the_list_tells_apart_and_shows_no_hash(archivo):
    archivo.write_text(archivo.read_text() + 'certificados = ["CN=pmc"]\n')
    done = run(archivo, "list")
    digest = HASH.rpartition("$")[2]
    assert done.stdout.splitlines() == [
        "pagomiscuentas\tCN=pmc\tcertificado\tsiempre",
        f"1234\t1234\t{digest[:8]}\tsiempre",
    ]


def test_a_change_that_breaks_the_configuration_is_not_made(archivo):
    good = (
        archivo.read_text()
        .replace('"homologacion"', '"produccion"')
        .replace("mode", 'db = "postgresql+psycopg://x/y"\npublic_url = "https://x.example"\nmode', 1)
    )
    archivo.write_text(good + f'credenciales = [{{ usuario = "pagomiscuentas", hash = "{HASH}" }}]\n')
    before = archivo.read_bytes()
    done = run(archivo, "revoke", "--usuario", "pagomiscuentas", "--yes")
    assert (done.exit_code, archivo.read_bytes()) == (3, before)
    assert f"{archivo}: falta «pagomiscuentas.credenciales»" in done.stderr


def test_what_was_wrong_already_stops_nobody_from_mending_it_and_is_told(archivo):
    archivo.write_text(archivo.read_text().replace('"homologacion"', '"produccion"'))
    done = run(archivo, "issue", "--usuario", "pagomiscuentas", "--write", "--yes")
    assert done.exit_code == 0, done.output
    assert "todavía le falta" in done.stderr
    assert "pagomiscuentas.credenciales" not in done.stderr


def test_credentials_that_come_from_elsewhere_are_not_changed_here(archivo, monkeypatch):
    before = archivo.read_bytes()
    monkeypatch.setenv("PMC_EMPRESAS__1234__CREDENCIALES", f'[{{"usuario": "1234", "hash": "{HASH}"}}]')
    done = run(archivo, "rotate", "--usuario", "1234", "--yes")
    assert (done.exit_code, archivo.read_bytes()) == (3, before)
    assert "variable PMC_EMPRESAS__1234__CREDENCIALES: de ahí salen" in done.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["issue", "--usuario", "otro", "--write", "--yes"], "no se sabe de quién es «otro»"),
        (["rotate", "--usuario", "otro", "--yes"], "no tiene credenciales de «otro»"),
        (["revoke", "--usuario", "1234", "--hash-prefix", "zz", "--yes"], "empieza con «zz»"),
        (["issue", "--usuario", "a:b"], "dos puntos"),
    ],
)
def test_what_cannot_be_done_is_told(archivo, args, told):
    before = archivo.read_bytes()
    done = run(archivo, *args)
    assert (done.exit_code, archivo.read_bytes()) == (2, before)
    assert told in done.stderr


def test_a_user_of_two_callers_is_asked_for(archivo):
    archivo.write_text(archivo.read_text() + f'credenciales = [{{ usuario = "1234", hash = "{HASH}" }}]\n')
    assert "decí cuál con --de" in run(archivo, "rotate", "--usuario", "1234", "--yes").stderr
    assert run(archivo, "rotate", "--usuario", "1234", "--de", "pagomiscuentas", "--yes").exit_code == 0
    assert len(config.load(archivo).pagomiscuentas.credenciales) == 2


@pytest.mark.parametrize(
    "text",
    [
        '[[pagomiscuentas.credenciales]]\nusuario = "red"  # la red\nhash = "HASH"\n[empresas.1234]\nnombre = "x"\n',
        'pagomiscuentas.credenciales = [{ usuario = "red", hash = "HASH" }]\n',
        '\ufeff[pagomiscuentas]\r\ncredenciales = [{ usuario = "red", hash = "HASH" }]  # la red\r\n',
    ],
    ids=["tables", "dotted", "windows"],
)
def test_each_way_to_write_a_table_is_kept(archivo, text):
    archivo.write_bytes(text.replace("HASH", HASH).encode())
    done = run(archivo, "rotate", "--usuario", "red", "--yes")
    assert done.exit_code == 0, done.output
    written = archivo.read_bytes().decode()
    assert [
        one.usuario
        for one in config.check(
            {**tomllib.loads(written.removeprefix("\ufeff")), "mode": "homologacion"}
        ).pagomiscuentas.credenciales
    ] == ["red", "red"]
    assert re.findall("# la red", written) == re.findall("# la red", text)
    assert written.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in written) == ("\r\n" in text)
