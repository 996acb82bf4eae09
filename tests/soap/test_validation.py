"""The schema of a thread, and the one that every process makes first."""

import threading
import time

import pytest
from lxml import etree

from pmc_soap.soap import validation
from pmc_soap.soap.fallas import FallaSoap


def at_once(work):
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_schemas_are_made_one_at_a_time(monkeypatch):
    making, most_at_once = [], []

    def slow_schema(_):
        making.append(1)
        most_at_once.append(len(making))
        time.sleep(0.01)
        making.pop()
        return object()

    monkeypatch.setattr(validation.etree, "XMLSchema", slow_schema)
    at_once(validation._schema)  # noqa: SLF001
    assert most_at_once == [1] * 8


def test_each_thread_has_a_schema_of_its_own_and_keeps_it():
    seen = []

    def look():
        seen.append((validation._schema(), validation._schema()))  # noqa: SLF001

    at_once(look)
    assert all(one is again for one, again in seen)
    assert len({id(one) for one, _ in seen}) == len(seen)


def test_the_element_at_fault_is_named_only_if_it_is_of_the_contract():
    stranger = etree.fromstring('<Eco xmlns="urn:pmc-soap:v1"><Secreto>x</Secreto></Eco>')
    with pytest.raises(FallaSoap) as refused:
        validation.validate(stranger)
    assert refused.value.campo == "Mensaje"
