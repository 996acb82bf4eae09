"""What an operator types about the puente and about avisos, and what he reads."""

import json
import os
import pty
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import gateway as g
import pytest
from click.testing import CliRunner

from pmc_soap import wiring
from pmc_soap.cli import cli
from pmc_soap.config import load
from pmc_soap.domain.factura import ClaveFactura, Factura, MotivoBaja, TipoImporte, Vencimiento

PMC_SOAP = Path(sys.executable).parent / "pmc-soap"
BY_ANA = ("--motivo", "lo pidió el cliente", "--operador", "ana")


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    return g.make_template(tmp_path_factory.mktemp("operator"))


@pytest.fixture
def config(template, tmp_path):
    url = f"sqlite:///{shutil.copy(template, tmp_path / 'ledger.db')}"
    path = tmp_path / "pmc-soap.toml"
    path.write_text(f'mode = "homologacion"\ndb = "{url}"\n[empresas.DEMO]\nnombre = "Demo"\n', encoding="utf-8")
    return path


@pytest.fixture
def run(config):
    """Run a command as an operator does."""

    def run(*args, expected=0, typed=None):
        done = CliRunner().invoke(cli, ["--config", str(config), *args], input=typed)
        assert done.exit_code == expected, done.output
        return done

    return run


@pytest.fixture
def parked(run):
    """Name a pago that waits in the puente."""
    [pago] = json.loads(run("puente", "list", "--json").stdout)["pagos"]
    return pago["id_aviso"]


@contextmanager
def house(config):
    """The house of the configuration, on the day of its world."""
    with wiring.build(load(config, {}), g.FixedClock()) as built:
        yield built


def register(config, id_factura, **said):
    """Register a factura of the cliente whose pago waits."""
    clave = ClaveFactura(codigo_empresa="DEMO", id_cliente="2000004", id_factura=id_factura)
    due = (Vencimiento(fecha=g.TODAY, importe_centavos=0),)
    factura = Factura(clave=clave, vencimientos=due, mensaje_pantalla="CUOTA", mensaje_ticket="CUOTA", **said)
    with house(config) as built:
        built.facturas.register(factura)
    return clave


def withdraw(config, clave):
    """Withdraw a factura."""
    with house(config) as built:
        built.facturas.withdraw(clave, MotivoBaja.ANULADA)


def entregas(run, *args):
    return json.loads(run("avisos", "list", "--json", *args).stdout)["entregas"]


def test_the_puente_says_why_each_pago_waits_and_what_can_be_done(run):
    told = run("puente", "list").stdout
    for words in ("DEMO", "2000004", "la empresa no informó lo que se pagó", "imputarlo a la factura y el cliente"):
        assert words in told
    [pago] = json.loads(run("puente", "list", "--empresa", "DEMO", "--json").stdout)["pagos"]
    assert (pago["id_cliente"], pago["estado_aviso"]) == ("2000004", "DESCONOCIDA")
    assert run("puente", "list", "--empresa", "ORDE").stdout == "El puente está vacío: no hay pagos sin imputar.\n"


def test_a_pago_is_applied_once_and_then_owed(run, parked):
    told = run("puente", "apply", parked, "--cliente", "1000001", "--factura", "F-1000001-1", "--yes", *BY_ANA)
    assert "imputados a la factura F-1000001-1 del cliente 1000001." in told.stdout
    again = run("puente", "apply", parked, "--a-cuenta", *BY_ANA, expected=1)
    assert "ya se imputó, se devolvió o se reversó" in again.stderr
    assert parked in {row["id_aviso"] for row in entregas(run)}
    assert run("puente", "list").stdout.startswith("El puente está vacío")


def test_a_pago_is_applied_on_account(run, parked):
    assert "a cuenta del cliente 2000004." in run("puente", "apply", parked, "--a-cuenta", *BY_ANA).stdout


def test_a_pago_is_applied_to_its_own_factura_which_is_still_to_be_reported(run, parked):
    told = run("puente", "apply", parked, "--yes", *BY_ANA)
    assert "no está en la base, y el pago es de" in told.stderr
    assert "cuando la empresa la informe" in told.stderr
    assert "del cliente 2000004." in told.stdout


def test_both_verbs_of_the_puente_are_told_with_their_reason(run):
    told = run("puente", "list").stderr
    for verb in ("apply", "return"):
        assert f'pmc-soap puente {verb} ID_AVISO --motivo "…"' in told


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_is_odd_is_not_applied_where_nobody_can_be_asked(run, parked, options):
    told = run("puente", "apply", parked, *options, *BY_ANA, expected=1)
    assert (told.stdout, "del cliente 2000004 no está en la base" in told.stderr) == ("", True)
    assert "agregá --yes" in told.stderr
    assert parked in run("puente", "list", "--json").stdout


def test_a_pago_of_another_importe_is_told_with_what_was_due(run, parked):
    to = ("--cliente", "1000001", "--factura", "F-1000001-1")
    told = run("puente", "apply", parked, *to, *BY_ANA, expected=1).stderr
    assert "Ojo: la factura F-1000001-1 del cliente 1000001 era de $ " in told


def test_a_pago_outside_of_the_range_of_its_factura_is_told_with_the_range(run, parked, config):
    register(config, "R-1", tipo_importe=TipoImporte.RANGO, importe_minimo_centavos=1, importe_maximo_centavos=2)
    told = run("puente", "apply", parked, "--factura", "R-1", *BY_ANA, expected=1).stderr
    assert "Ojo: la factura R-1 del cliente 2000004 admite de $ 0,01 a $ 0,02, y el pago es de $ " in told


def test_a_withdrawn_factura_is_told_before_it_is_paid(run, parked, config):
    withdraw(config, register(config, "B-1", tipo_importe=TipoImporte.ABIERTO))
    told = run("puente", "apply", parked, "--factura", "B-1", *BY_ANA, expected=1).stderr
    assert "Ojo: la factura B-1 del cliente 2000004 está dada de baja." in told
    assert "sigue dada de baja" in run("puente", "apply", parked, "--factura", "B-1", "--yes", *BY_ANA).stderr


def test_what_cannot_be_applied_is_refused_before_anything_is_asked(run, parked):
    told = run("puente", "apply", parked, "--factura", "NINGUNA", *BY_ANA, expected=1).stderr
    assert "Ojo" not in told


def test_what_was_applied_is_told_to_a_program(run, parked):
    done = json.loads(run("puente", "apply", parked, "--a-cuenta", "--json", *BY_ANA).stdout)
    assert (done["id_aviso"], done["id_cliente"], done["id_factura"]) == (parked, "2000004", None)


@pytest.mark.parametrize(("typed", "code"), [("n\n", 1), ("\n", 1), ("quizás\nSÍ\n", 0)])
def test_an_operator_at_a_terminal_is_asked_whether_he_means_it(run, config, parked, typed, code):
    theirs, ours = pty.openpty()
    os.write(theirs, typed.encode())
    command = [PMC_SOAP, "--config", config, "puente", "apply", parked, *BY_ANA]
    try:
        done = subprocess.run(command, stdin=ours, capture_output=True, text=True, check=False)  # noqa: S603 — our own
    finally:
        os.close(theirs)
        os.close(ours)
    assert (done.returncode, "¿Lo imputamos igual? [s/N]" in done.stderr) == (code, True), done.stderr
    assert (parked in run("puente", "list", "--json").stdout) is (code == 1)


@pytest.mark.parametrize(
    ("options", "expected", "words"),
    [
        (("--cliente", "1000004", "--factura", "F-1000004-1"), 1, "ya tiene un pago"),
        (("--factura", "NINGUNA"), 1, "no está en la base"),
        (("--factura", "F-1000001-1", "--a-cuenta"), 2, "elegí --factura o --a-cuenta"),
    ],
)
def test_what_cannot_be_applied_is_told_with_what_to_do(run, parked, options, expected, words):
    assert words in run("puente", "apply", parked, *options, *BY_ANA, expected=expected).stderr
    assert parked in run("puente", "list", "--json").stdout


def test_an_empresa_that_is_called_by_another_code_since_is_still_served(run, config, parked):
    codigos = "codigos = [{codigo = 'NUEV'}]"
    config.write_text(f"{config.read_text(encoding='utf-8')}{codigos}\n", encoding="utf-8")
    assert parked in run("puente", "list", "--empresa", "NUEV", "--json").stdout
    run("puente", "apply", parked, "--a-cuenta", *BY_ANA)
    assert "Listo: 6 avisos" in run("avisos", "recover", "NUEV", "--since", "2020-01-01", "--yes").stdout


def test_a_pago_is_given_back_with_a_reason(run, parked):
    assert "figura como devuelto" in run("puente", "return", parked, *BY_ANA).stdout
    assert parked not in run("puente", "list", "--json").stdout
    shown = json.loads(run("avisos", "show", parked, "--json").stdout)
    assert (shown["pago"]["estado"], shown["entregas"]) == ("DEVUELTO", [])
    assert [(acta["operador"], acta["accion"], acta["motivo"]) for acta in shown["actas"]] == [
        ("ana", "DEVOLVER", "lo pidió el cliente")
    ]


@pytest.mark.parametrize("act", [("puente", "apply"), ("puente", "return"), ("avisos", "stop")])
def test_an_act_without_a_reason_is_not_done(run, parked, act):
    run(*act, parked, expected=2)
    assert "decí por qué" in run(*act, parked, "--motivo", "  ", expected=2).stderr
    assert parked in run("puente", "list", "--json").stdout


def test_an_aviso_that_is_not_there_is_told(run):
    for command in (("puente", "apply"), ("puente", "return"), ("avisos", "resend"), ("avisos", "stop")):
        assert "no hay ningún aviso con ese id" in run(*command, "nunca", *BY_ANA, expected=1).stderr
    assert "no hay ningún aviso con ese id" in run("avisos", "show", "nunca", expected=1).stderr


def test_what_is_owed_is_listed_oldest_first_and_narrowed(run):
    rows = entregas(run)
    assert [row["id_aviso"][-1] for row in rows] == ["1", "2", "3", "4", "5"]
    assert (rows[0]["destino"], rows[0]["estado"], rows[0]["importe"]) == ("pull", "PENDIENTE", "7000.00")
    assert "$ 7.000,00" in run("avisos", "list").stdout
    assert "Hay más" in run("avisos", "list", "--limit", "2").stderr
    assert entregas(run, "--estado", "DETENIDA") == []
    assert entregas(run, "--since", "2999-01-01") == []
    assert run("avisos", "list", "--empresa", "ORDE").stdout == "No hay avisos por entregar: está todo al día.\n"


def test_one_is_set_aside_sent_again_and_shown(run):
    first = entregas(run)[0]["id_aviso"]
    assert run("avisos", "stop", first, *BY_ANA).stdout.startswith("pull: detenido.")
    assert [row["id_aviso"] for row in entregas(run, "--estado", "DETENIDA")] == [first]
    assert (
        run("avisos", "resend", first, "--operador", "eva").stdout
        == "pull: la empresa lo recibe la próxima vez que pida sus avisos.\n"
    )
    told = run("avisos", "show", first).stdout
    assert "ana lo detuvo. lo pidió el cliente" in told
    assert "eva lo reenvió." in told
    assert "F-1000004-1" in told


def test_a_recovery_asks_first(run):
    asked = run("avisos", "recover", "DEMO", "--since", "2020-01-01", expected=1, typed="n\n")
    assert "¿Seguimos?" in asked.stderr
    told = run("avisos", "recover", "DEMO", "--since", "2020-01-01T08:30", typed="claro\nSí\n")
    assert "Listo: 5 avisos de 4 clientes se vuelven a entregar, en orden." in told.stdout
    again = run("avisos", "recover", "DEMO", "--since", "2999-01-01", "--yes")
    assert again.stdout.startswith("No había nada que recuperar")


def test_a_recovery_tells_what_it_left_out_and_how_to_bring_it_back(run):
    first = entregas(run)[0]["id_aviso"]
    run("avisos", "stop", first, *BY_ANA)
    told = run("avisos", "recover", "DEMO", "--since", "2020-01-01", "--yes")
    assert "Listo: 4 avisos" in told.stdout
    for words in ("Apartados por un operador, que siguen así: 1.", "avisos list --empresa DEMO --estado DETENIDA"):
        assert words in told.stderr
    assert "pmc-soap avisos resend ID_AVISO" in told.stderr
    counted = json.loads(run("avisos", "recover", "DEMO", "--since", "2020-01-01", "--yes", "--json").stdout)
    assert counted == {"entregas": 4, "clientes": counted["clientes"], "en_camino": 0, "apartadas": 1}
    [stopped] = entregas(run, "--estado", "DETENIDA")
    assert (stopped["id_aviso"], stopped["motivo"]) == (first, "lo pidió el cliente")


def test_a_recovery_of_only_what_was_set_aside_says_so(run):
    for row in entregas(run):
        run("avisos", "stop", row["id_aviso"], *BY_ANA)
    told = run("avisos", "recover", "DEMO", "--since", "2020-01-01", "--yes")
    assert told.stdout.startswith("No había nada que recuperar")
    assert "Apartados por un operador, que siguen así: 5." in told.stderr


def test_a_moment_is_asked_for_as_it_is_written(run):
    told = run("avisos", "recover", "DEMO", "--since", "ayer", "--yes", expected=2)
    assert "«ayer» no es un momento: se escribe AAAA-MM-DD" in told.stderr


def test_an_empresa_that_is_not_configured_is_told(run):
    for asks in ((), ("--yes",)):
        told = run("avisos", "recover", "ZZZZ", "--since", "2020-01-01", *asks, expected=1)
        assert ("no está en la configuración" in told.stderr, "¿Seguimos?" in told.stderr) == (True, False)


def test_a_destino_that_the_empresa_has_not_is_told_before_anything_is_asked(run):
    for asks in ((), ("--yes",)):
        told = run("avisos", "recover", "DEMO", "--since", "2020-01-01", "--destino", "erp", *asks, expected=1)
        assert told.stderr == "pmc-soap: DEMO no tiene un destino «erp». Tiene: pull.\n"


def test_the_command_itself_speaks_spanish_and_names_who_is_logged_in(config):
    def pmc_soap(*args):
        command = [PMC_SOAP, "--config", config, *args]
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own command

    listed = json.loads(pmc_soap("avisos", "list", "--json").stdout)["entregas"]
    done = pmc_soap("avisos", "resend", listed[0]["id_aviso"])
    assert (done.returncode, done.stdout) == (0, "pull: la empresa lo recibe la próxima vez que pida sus avisos.\n")
    shown = json.loads(pmc_soap("avisos", "show", listed[0]["id_aviso"], "--json").stdout)
    assert shown["actas"][0]["operador"] != ""
    assert "Falta" in pmc_soap("puente", "apply", "x").stderr
