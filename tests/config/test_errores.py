"""What is wrong is told in Spanish with its key, what was meant and an example; pydantic's own words never get out."""

from datetime import date

import pytest
from tablas import HASH, MODE, WEBHOOK, empresa, holding, problems, with_destino, with_sistema

from pmc_soap.config import ConfigError, Settings, check, load
from pmc_soap.config.catalogo import claves

ALL = list(claves(Settings))
WRONG = ["", "\x00", "ftp://x", 10**30, -1, 1.5, True, [], [[]], {}, {"a": {"b": 1}}, {"archivo": 1}, date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"pubic_url": "https://x"}, "«pubic_url» no existe. ¿Quisiste decir «public_url»?"),
        ({"empresas": {"AGUA": {"nombre": "x", "servicio": []}}}, "¿Quisiste decir «servicios»?"),
        ({"empresas": {"AGUA": {"nombre": "x", "credencial": []}}}, "¿Quisiste decir «credenciales»?"),
        ({"pagomiscuentas": {"credencial": []}}, "¿Quisiste decir «credenciales»?"),
        (
            {"pagomiscuentas": {"credenciales": [{"usuari": "x", "usuario": "x", "hash": HASH}]}},
            "«pagomiscuentas.credenciales.0.usuari» no existe. ¿Quisiste decir «usuario»?",
        ),
        ({"qwertyuiop": 1}, "«qwertyuiop» no existe."),
        (empresa(codigos=[{"codigo": "1234", "asta": 1}]), "¿Quisiste decir «hasta»?"),
        (with_sistema("soap", tokn="x"), "«empresas.1234.sistema.tokn» no existe. ¿Quisiste decir «token»?"),
        (with_sistema("json", metdo="GET"), "«empresas.1234.sistema.metdo» no existe. ¿Quisiste decir «metodo»?"),
        (
            with_sistema("json", campos={"id_factura": "a", "importe": "b", "vencimiento": "c", "importe_minmo": "d"}),
            "«empresas.1234.sistema.campos.importe_minmo» no existe. ¿Quisiste decir «importe_minimo»?",
        ),
        (with_destino("amqp", colas="x"), "«empresas.1234.destinos.erp.colas» no existe. ¿Quisiste decir «cola»?"),
        (with_destino("soap", exchange="x"), "«empresas.1234.destinos.erp.exchange» no existe."),
        (with_destino("pull", hilos=2), "«empresas.1234.destinos.pull.hilos» no existe."),
    ],
)
def test_an_unknown_key_is_refused_and_the_near_one_is_named(said, problem):
    [told] = problems({**MODE, **said})
    assert told.endswith(problem)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"empresas": {"AGUA": {}}}, 'falta «empresas.AGUA.nombre». Por ejemplo: nombre = "Club Ejemplo"'),
        ({"mode": "prueba"}, "«mode» admite 'demostracion', 'homologacion' o 'produccion'."),
        ({"empresas": {"AGUA": {"nombre": "x", "servicios": ["TODO"]}}}, "«empresas.AGUA.servicios.0» admite"),
        ({"public_url": "http://[::1"}, "«public_url» tiene que ser una dirección http"),
        ({"public_url": "pmc.example"}, "«public_url» tiene que ser una dirección http"),
        ({"public_url": 'https://x"y'}, "«public_url» tiene que ser una dirección http"),
        ({"public_url": "https://x <y>"}, "«public_url» tiene que ser una dirección http"),
        ({"pagomiscuentas": {"credenciales": [{"usuario": "x", "hash": "demo"}]}}, "no tiene la forma esperada"),
        ({"empresas": {"AGUA": {"nombre": "x", "plazo_reversa_horas": 0}}}, "«empresas.AGUA.plazo_reversa_horas»"),
        ({"empresas": {"AGUA": {"nombre": "x", "ventana_duplicado_minutos": -1}}}, "ventana_duplicado_minutos"),
        ({"empresas": {"AGUA": {"nombre": "x", "activa": "quizás"}}}, "«empresas.AGUA.activa» no es válido"),
        ({"db": 5}, "«db» no es válido"),
        ({"empresas": []}, "«empresas» no es válido"),
        (empresa(gracia_dias=366), "«empresas.1234.gracia_dias» no es válido: tiene que ser 365 o menos."),
        (empresa(gracia_dias=True), "«empresas.1234.gracia_dias» no es válido: tiene que ser un número entero."),
        (empresa(plazo_consulta_ms=499), "tiene que ser 500 o más. Por ejemplo: plazo_consulta_ms = 3000"),
        (empresa(plazo_consulta_ms=10_001), "tiene que ser 10000 o menos"),
        (empresa(memoria_consulta_minutos=1441), "tiene que ser 1440 o menos"),
        (empresa(codigos_resultado={"5": "12"}), "«empresas.1234.codigos_resultado.5» no tiene la forma esperada"),
        (empresa(codigos_resultado={"05": "12345678901"}), "tiene que tener como mucho 10 caracteres"),
        (empresa(codigos=[{"codigo": "12"}]), "«empresas.1234.codigos.0.codigo» no tiene la forma esperada"),
        (empresa(codigos=[{"codigo": "1234", "hasta": "ayer"}]), "tiene que ser una fecha, AAAA-MM-DD"),
        (empresa(politica_consulta="NADA"), "admite 'SOLO_BASE', 'BASE_LUEGO_EMPRESA', 'EMPRESA_LUEGO_BASE' o 'AMBAS'"),
        (empresa(sistema={"url": "x"}), "falta «empresas.1234.sistema.tipo»: admite 'soap', 'json', 'sql' o 'python'."),
        (empresa(sistema={"tipo": "rest"}), "«empresas.1234.sistema.tipo» admite 'soap', 'json', 'sql' o 'python'."),
        (empresa(destinos={"erp": {}}), "falta «empresas.1234.destinos.erp.tipo»: admite 'soap', 'json', 'amqp'"),
        (
            empresa(destinos={"mi erp": {"tipo": "python", "objeto": "x"}}),
            "destinos.mi erp» no tiene la forma esperada",
        ),
        (with_sistema("soap", url="erp.example"), "sistema.url» tiene que ser una dirección http:// o https://"),
        (with_sistema("soap", url="http://[x"), "sistema.url» tiene que ser una dirección http:// o https://"),
        (with_sistema("soap", usuario="u"), "«empresas.1234.sistema.usuario» necesita «clave»."),
        (with_sistema("soap", clave="c"), "«empresas.1234.sistema.clave» necesita «usuario»."),
        (with_sistema("soap", ca="/no/esta.pem"), "sistema.ca» nombra un archivo que no existe"),
        (with_sistema("json", url="https://x/{cliente}"), "admite entre llaves solo {id_cliente}, {id_factura}"),
        (with_sistema("json", url="https://x/{id_cliente"), "admite entre llaves solo {id_cliente}, {id_factura}"),
        (with_sistema("json", cuerpo={"a": 1}), '«empresas.1234.sistema.cuerpo» necesita metodo = "POST".'),
        (with_sistema("json", lista="a["), "«empresas.1234.sistema.lista» no es una expresión JMESPath."),
        (with_sistema("json", formato_fecha="%d/%m"), "sistema.formato_fecha» tiene que decir día, mes y año"),
        (with_sistema("json", encabezados={"X Y": "1"}), "sistema.encabezados.X Y» no tiene la forma esperada"),
        (with_sistema("sql", consulta="DELETE FROM x"), "sistema.consulta» tiene que ser una consulta SELECT"),
        (with_sistema("sql", url="erp"), "sistema.url» tiene que ser una URL de SQLAlchemy"),
        (with_sistema("python", objeto="2x:"), "sistema.objeto» no tiene la forma esperada"),
        (with_destino("json", secreto="whsec_corto"), "destinos.erp.secreto» tiene que ser «whsec_»"),
        (with_destino("json", secreto=WEBHOOK.removeprefix("whsec_")), "destinos.erp.secreto» tiene que ser «whsec_»"),
        (with_destino("amqp", url="http://x"), "destinos.erp.url» tiene que ser una dirección amqp:// o amqps://"),
        (with_destino("soap", hilos=33), "«empresas.1234.destinos.erp.hilos» no es válido: tiene que ser 32 o menos."),
        (with_destino("soap", timeout_s=16), "tiene que ser 15 o menos"),
        (
            with_destino("soap", esperas_segundos=[]),
            "destinos.erp.esperas_segundos» no es válido: no puede estar vacía",
        ),
        (with_destino("soap", esperas_segundos=[-1]), "«empresas.1234.destinos.erp.esperas_segundos.0» no es válido"),
        (with_destino("soap", si_se_detiene="X"), "destinos.erp.si_se_detiene» admite 'ESPERA' o 'SALTEA'."),
        (with_destino("soap", clave_certificado=__file__), "destinos.erp.clave_certificado» necesita «certificado»."),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(said, problem):
    [told] = problems({**MODE, **said})
    assert problem in told


@pytest.mark.parametrize("clave", ALL, ids=lambda clave: f"{clave.tipo or ''}-{'.'.join(clave.path)}")
def test_whatever_stands_at_a_key_is_taken_or_refused_in_spanish_with_that_key(clave):
    for value in WRONG:
        said, path = holding(clave, value)
        try:
            check(said)
        except ConfigError as broken:
            for problem in broken.problems:
                assert path in problem or "falta" in problem or "carpeta de secretos" in problem, (value, problem)
                assert " valid " not in f" {problem.lower()} ", (value, problem)
                assert "Input" not in problem, (value, problem)
                assert not problem.endswith("no es válido."), (value, problem)


def test_no_problem_shows_a_secret():
    told = problems(
        {
            **with_destino("amqp", url="http://mi-secreto", cola=""),
            "pagomiscuentas": {"credenciales": [{"usuario": "x", "hash": "mi-secreto", "token": "otro"}]},
        }
    )
    told += problems(with_sistema("soap", token={"mi-secreto": "mi-secreto"}))
    told += problems(with_destino("json", secreto="whsec_mi-secreto"))
    told += problems(with_sistema("sql", url="mi-secreto"))
    assert len(told) == 7
    assert "mi-secreto" not in "".join(told)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = ", "línea 1, al final: el valor no se entiende: los textos van entre comillas."),
        (b"a = 1\na = 2", "línea 2, "),
        (b"a = 1\n[b]\nc = x", "línea 3, columna 5: el valor no se entiende"),
        (b"[a]\n[a]", "línea 2, columna 3: la tabla ya estaba escrita más arriba."),
        (b'a = "x', "falta cerrar las comillas."),
        (b'a = "x\nb = 1', "línea 1, columna 7: falta cerrar las comillas"),
        (b"a = [1, 2\nb = 3", "falta cerrar el corchete ]"),
        (b"\na = [1, 2\n\n", "línea 2, al final: falta cerrar el corchete ] de la lista."),
        (b"a = { b = 1", "falta cerrar la llave }."),
        (b"a 1", "línea 1, columna 3: falta el signo = después de la clave."),
        (b"a = 1 b = 2", "línea 1, columna 7: sobra algo al final de la línea."),
        (b"[a", "falta cerrar el corchete ] de la tabla."),
        (b"[[a]", "falta cerrar los corchetes ]] de la tabla."),
        (b"a = 2027-02-30", "esa fecha no existe."),
        (b'a = "\\x"', "una barra \\ se escribe doble"),
        (b"= 1", "eso no es una clave ni una [tabla]."),
        (b"a = " + b"9" * 5000, "está mal escrito."),
        (b"\xff\xfe", "no está escrito en UTF-8."),
    ],
)
def test_a_file_that_is_no_toml_is_told_in_one_spanish_line_with_its_place(tmp_path, content, problem):
    path = tmp_path / "rota.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as broken:
        load(path)
    [told] = broken.value.problems
    assert told.startswith(f"{path}: no se puede leer como TOML: ")
    assert problem in told
    assert "Expected" not in told
