"""WS-I Basic Profile 1.1: our contract and our answers keep to it, and the checker that says so has teeth."""

import gateway as g
import pytest
from wsi import apart, bindings, descriptions, instances, messages
from wsi.plants import ANSWERS, BEHAVIOURS, WSDLS, XSDS, Deaf, an_answer
from wsi.subjects import Description, Message

from pmc_soap.soap.contract import PORTS, XSD_FILE, committed, served

FILES = (*(port.file for port in PORTS), XSD_FILE)
BESIDE = {file: committed(file) for file in FILES}
KINDS = (descriptions.RULES, bindings.RULES, messages.RULES, instances.RULES)


def broken_in(document):
    described = Description(document, BESIDE)
    return [*descriptions.RULES.violations(described), *bindings.RULES.violations(described)]


def numbers(found):
    return {numero for numero, _ in found}


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


# What is ours keeps the rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_the_contract_as_committed_breaks_no_rule(file):
    assert broken_in(committed(file)) == []


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.name)
def test_the_contract_as_served_breaks_no_rule(shared, port):
    answer = shared.request("GET", port.path, query="wsdl")
    assert answer.body == served(port, g.SETTINGS["public_url"])
    assert broken_in(answer.body) == []


@pytest.mark.parametrize("numero", instances.RULES)
def test_the_gateway_behaves_as_each_rule_asks(shared, numero):
    assert list(instances.RULES[numero].check(shared)) == []


@pytest.mark.parametrize("operation", [*g.VALID, None], ids=str)
def test_answers_and_faults_break_no_rule(gateway, operation):
    answer = gateway.ask(operation, **g.VALID[operation]) if operation else gateway.post(g.PMC, b"")
    assert messages.violations(answer) == []


# Each rule has teeth ------------------------------------------------------------------------------------------------


def test_every_rule_has_a_planted_violation_and_no_rule_is_both_here_and_apart():
    here = [numero for rules in KINDS for numero in rules]
    assert len(here) == len(set(here))
    assert set(here) == {*WSDLS, *XSDS, *ANSWERS, *BEHAVIOURS}
    elsewhere = " ".join(apart.NOT_APPLICABLE.values()).split()
    assert (set(elsewhere) & set(here), set(elsewhere) & set(apart.STATED)) == (set(), set())
    assert len(elsewhere) == len(set(elsewhere))


def test_every_rule_says_what_it_asks_for_in_a_sentence():
    assert [rule.numero for rules in KINDS for rule in rules.values() if not rule.says.endswith(".")] == []


@pytest.mark.parametrize(("numero", "file"), [*((n, PORTS[0].file) for n in WSDLS), *((n, XSD_FILE) for n in XSDS)])
def test_a_rule_of_descriptions_catches_what_breaks_it(numero, file):
    document = committed(file).decode()
    for old, new in (WSDLS if file != XSD_FILE else XSDS)[numero]:
        assert old in document
        document = document.replace(old, new, 1)
    assert numero in numbers(broken_in(document.encode()))


@pytest.mark.parametrize("numero", ANSWERS)
def test_a_rule_of_answers_catches_what_breaks_it(numero):
    assert messages.violations(an_answer()) == messages.violations(an_answer(fault=True)) == []
    assert numero in numbers(messages.violations(ANSWERS[numero]))


@pytest.mark.parametrize("numero", BEHAVIOURS)
def test_a_rule_of_instances_catches_what_breaks_it(numero):
    assert list(instances.RULES[numero].check(Deaf(BEHAVIOURS[numero]))) != []


def test_an_answer_that_breaks_a_rule_is_caught_wherever_it_is_asked_for():
    with pytest.raises(AssertionError, match="R1031"):
        g.check_soap(ANSWERS["R1031"])


# Where we differ ----------------------------------------------------------------------------------------------------


def test_where_we_differ_is_as_it_is_stated(shared):
    malformed = shared.post(g.PMC, b"", {**g.XML, "Content-Length": "x"})
    other_media = shared.post(g.PMC, g.pedido("Eco", Mensaje="hola"), {"Content-Type": "application/json"})
    assert {"R1113": malformed.status, "R1115": other_media.status} == {"R1113": 500, "R1115": 500}
    for file in (port.file for port in PORTS):
        assert b"<soap:header " in committed(file)
    assert shared.ask("ConsultaDeuda", IdCliente="1000001").status == 200  # without that header: R2738
    challenged = shared.post(g.PMC, g.pedido("ConsultaDeuda", token=None, IdCliente="1000001"))
    assert (challenged.status, numbers(messages.RULES.violations(Message(challenged)))) == (401, {"R1126"})
    told = an_answer(fault=True, status=401)  # without its challenge, it is no exception
    assert numbers(messages.violations(told)) == {"R1126"}
    told.headers["WWW-Authenticate"] = 'Basic realm="PagoMisCuentas"'
    assert messages.violations(told) == []
    assert set(apart.STATED) == {"R1113", "R1115", "R1125", "R1126", "R2738"}
