"""The guide of code of one's own: the connector of the examples."""

import csv
import sys

import gateway as g
import guias


def test_the_connector_of_the_examples_answers_and_imputes_once(living, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(g.ROOT / "examples")
    monkeypatch.delitem(sys.modules, "conector_propio", raising=False)
    (tmp_path / "deuda.csv").write_text(guias.block("conectores/python.md", "csv"), encoding="utf-8")
    with living("conectores/python.md", instead={"/var/lib/erp": str(tmp_path)}) as casa:
        casa.consult()
        id_aviso = casa.pay()
        casa.deliver_twice()
        id_reversa = casa.take_back()
        casa.deliver()
        assert (*guias.IMPUTED, None) == casa.entrega(id_aviso)
    with (tmp_path / "cobros.csv").open(encoding="utf-8", newline="") as file:
        cobros = [(row["id_aviso"], row["tipo"], row["importe"]) for row in csv.DictReader(file)]
    assert [(id_aviso, "PAGO", "18540.75"), (id_reversa, "REVERSA", "18540.75")] == cobros


def test_the_class_that_is_shown_is_that_of_the_examples():
    shown = guias.block("conectores/python.md", "python")
    assert shown in (g.ROOT / "examples" / "conector_propio.py").read_text(encoding="utf-8")
