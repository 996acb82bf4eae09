"""A connector of the empresa's own is loaded by its name, and says what is wrong with it when it is configured."""

import csv
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from fakes.examples import a_pago, kept

from pmc_soap.connectors import externo
from pmc_soap.connectors.externo import load, load_destino, load_sistema
from pmc_soap.domain.consulta import Busqueda, Consulta, SinRespuesta
from pmc_soap.domain.entrega import Comprobante, Envio, NoEntregado
from pmc_soap.domain.resultado import Resultado

EXAMPLES = Path(__file__).parents[2] / "examples"
PROPIO = "conector_propio:ConectorPropio"
MODULE = """
class Bueno:
    def __init__(self, direccion, *, clave="x"):
        self.said = (direccion, clave)
    def deliver(self, envio):
        ...
class Suelto:
    def __init__(self, **todo):
        self.todo = todo
class Roto:
    def __init__(self, clave):
        raise RuntimeError(clave)
def armar(direccion):
    return Bueno(direccion)
numero = 7
"""


@pytest.fixture(autouse=True)
def modules(tmp_path, monkeypatch):
    (tmp_path / "ajeno_bueno.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "ajeno_roto.py").write_text("raise RuntimeError('SECRETO')", encoding="utf-8")
    (tmp_path / "ajeno_incompleto.py").write_text("import biblioteca_que_no_hay", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(EXAMPLES)
    yield
    for name in [name for name in sys.modules if name.startswith(("ajeno_", "conector_propio"))]:
        del sys.modules[name]


def _envio(id_aviso="A1", **said):
    aviso = a_pago(**said)
    return Envio(codigo_empresa="AGUA", guardado=kept(aviso, id_aviso), aviso=aviso)


def _asking(**said):
    return Consulta(busqueda=Busqueda(codigo_empresa="AGUA", **said), id_mensaje="M1")


def test_a_class_or_a_function_is_called_with_its_options():
    assert load_destino("ajeno_bueno:Bueno", {"direccion": "a", "clave": "b"}).said == ("a", "b")
    assert load_destino("ajeno_bueno:armar", {"direccion": "a"}).said == ("a", "x")
    assert load("ajeno_bueno:Suelto", {"lo_que_sea": 1}).todo == {"lo_que_sea": 1}


def test_an_installed_connector_is_known_by_its_short_name(monkeypatch):
    installed = EntryPoint(name="bueno", value="ajeno_bueno:Bueno", group=externo.GROUP)
    monkeypatch.setattr(externo, "entry_points", EntryPoints([installed]).select)
    assert load_destino("bueno", {"direccion": "a"}).said == ("a", "x")
    with pytest.raises(ValueError, match="no hay ningún conector instalado que se llame «malo»"):
        load("malo", {})


@pytest.mark.parametrize(
    ("objeto", "opciones", "said"),
    [
        ("no_hay.tal:Clase", {}, "no se encuentra el módulo «no_hay» del conector «no_hay.tal:Clase»"),
        ("ajeno_incompleto:X", {}, "no se encuentra el módulo «biblioteca_que_no_hay»"),
        ("ajeno_roto:X", {}, r"el módulo «ajeno_roto» no se pudo importar \(RuntimeError\)"),
        ("ajeno_bueno:Malo", {}, "el módulo «ajeno_bueno» no tiene «Malo»"),
        ("ajeno_bueno:", {}, "no nombra un conector"),
        ("una cosa:otra cosa", {}, "no nombra un conector"),
        ("ajeno_bueno:numero", {}, "no es una clase ni una función"),
        ("ajeno_bueno:Bueno", {"direccion": "SECRETO", "calve": 1}, "no conoce estas opciones: calve"),
        ("ajeno_bueno:Bueno", {}, "necesita estas opciones: direccion"),
        ("ajeno_bueno:Roto", {"clave": "SECRETO"}, r"no se pudo armar \(RuntimeError\)"),
        ("nadie", {}, "no hay ningún conector instalado"),
    ],
)
def test_what_is_wrong_is_told_without_the_value_of_an_option(objeto, opciones, said):
    with pytest.raises(ValueError, match=said) as refused:
        load(objeto, opciones)
    assert "SECRETO" not in str(refused.value)


def test_a_connector_must_have_the_verb_that_it_is_asked_for():
    with pytest.raises(ValueError, match="no tiene el método «find_deuda»"):
        load_sistema("ajeno_bueno:Bueno", {"direccion": "a"})
    with pytest.raises(ValueError, match="no tiene el método «deliver»"):
        load_destino("ajeno_bueno:Suelto", {})


def test_the_example_answers_a_debt_from_its_file(tmp_path):
    sistema = load_sistema(PROPIO, {"carpeta": str(tmp_path)})
    with pytest.raises(SinRespuesta):
        sistema.find_deuda(_asking(id_cliente="7"), 4)
    lines = "id_cliente,id_factura,importe,vencimiento\n7,F1,1500.50,2026-03-20\n8,F2,10.00,2026-03-20\n"
    (tmp_path / "deuda.csv").write_text(lines, encoding="utf-8")
    (factura,) = sistema.find_deuda(_asking(id_cliente="7"), 4).facturas
    assert factura.vencimientos[0].importe_centavos == 150050
    assert [f.clave.id_cliente for f in sistema.find_deuda(_asking(id_factura="F2"), 4).facturas] == ["8"]
    assert sistema.find_deuda(_asking(id_cliente="9"), 4).resultado is Resultado.SIN_DEUDA


def test_the_example_imputes_each_aviso_once_also_from_many_threads(tmp_path):
    destino = load_destino(PROPIO, {"carpeta": str(tmp_path)})
    envios = [_envio(f"A{n % 10}", descripcion='una "coma", y un\nrenglón') for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(destino.deliver, envios)) == {Comprobante()}
    with (tmp_path / "cobros.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["id_aviso"] for row in rows) == [f"A{n}" for n in range(10)]
    assert {row["importe"] for row in rows} == {"1500.50"}


def test_the_example_says_that_it_could_not_write(tmp_path):
    destino = load_destino(PROPIO, {"carpeta": str(tmp_path / "no-hay")})
    with pytest.raises(NoEntregado, match=r"no se puede escribir cobros\.csv"):
        destino.deliver(_envio())
