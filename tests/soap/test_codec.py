"""Message → text → message. What is written keeps to the schema or is not written; a day is never moved."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import gateway as g
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pmc_soap.soap import words as w
from pmc_soap.soap.codec import CodecError, decode, encode
from pmc_soap.soap.contract import PORTS
from pmc_soap.soap.leaf import builtin_of
from pmc_soap.soap.messages import empresa, pagomiscuentas, parts

WRAPPERS = {
    message.get_type_name(): message.__orig__ or message
    for port in PORTS
    for operation in port.operations
    for message in (operation.in_message, operation.out_message)
} | {"Falla": parts.Falla}
NOON = datetime(2025, 7, 15, 15, 0, tzinfo=UTC)


# Round trip ---------------------------------------------------------------------------------------------------------

XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r&<>\"']"),
    max_size=20,
)

PRINTABLE = "".join(chr(c) for c in range(32, 127) if chr(c) not in "&<")


def leaf(word, *, optional):  # noqa: PLR0911 — one line for each builtin of the contract
    facets = word.Attributes
    match builtin_of(word):
        case "string" if facets.values:
            return st.sampled_from(sorted(facets.values))
        case "string" if facets.pattern and facets.min_len:
            return st.text(PRINTABLE, min_size=1, max_size=facets.max_len).map(str.strip).filter(bool)
        case "string" if facets.pattern:
            return st.from_regex(facets.pattern, fullmatch=True)
        case "string":
            return XML_TEXT.filter(bool) if optional else XML_TEXT
        case "decimal":
            return st.integers(0, int(facets.le * 100))
        case "int" | "long" as builtin:
            bound = 2**31 if builtin == "int" else 2**63
            return st.integers(int(max(facets.ge, -bound)), int(min(facets.le, bound - 1)))
        case "boolean":
            return st.booleans()
        case "date":
            return st.dates()
        case "dateTime":
            moments = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30))  # noqa: DTZ001 — the zone comes next
            return moments.map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC))


def dicts(message):
    """Give all that a message may say, as plain dicts."""
    required, optional = {}, {}
    for name, word in message._type_info.items():  # noqa: SLF001 — spyne's own table
        lowest, highest = int(word.Attributes.min_occurs), word.Attributes.max_occurs
        said = dicts(word.__orig__ or word) if hasattr(word, "_type_info") else leaf(word, optional=lowest == 0)
        if highest != 1:
            said = st.lists(said, min_size=lowest, max_size=min(3, int(min(highest, 3))))
        (required if lowest or highest != 1 else optional)[name] = said
    return st.fixed_dictionaries(required, optional=optional)


def build(message, said):
    fields = message._type_info  # noqa: SLF001 — spyne's own table
    return message(**dict.fromkeys(fields) | {name: value(fields[name], told) for name, told in said.items()})


def value(word, said):
    if not hasattr(word, "_type_info"):
        return said
    inner = word.__orig__ or word
    return [build(inner, one) for one in said] if isinstance(said, list) else build(inner, said)


def plain(message, told):
    """Give a message back as plain dicts."""
    found = {}
    for name, word in message._type_info.items():  # noqa: SLF001 — spyne's own table
        said = getattr(told, name)
        if said is not None:
            inner = word.__orig__ or word
            deep = hasattr(word, "_type_info")
            one = (lambda item, inner=inner: plain(inner, item)) if deep else (lambda item: item)
            found[name] = [one(item) for item in said] if isinstance(said, list) else one(said)
    return found


@pytest.mark.parametrize("name", WRAPPERS)
@settings(max_examples=8, deadline=None, database=None)
@given(data=st.data())
def test_what_is_written_keeps_to_the_schema_and_reads_back_the_same(name, data):
    message = WRAPPERS[name]
    said = data.draw(dicts(message))
    text = encode(message, name, build(message, said))
    g.schema().validate(text)
    assert plain(message, decode(message, etree.fromstring(text))) == said


# Facets on the way out ----------------------------------------------------------------------------------------------


def vencimiento(**said):
    return parts.Vencimiento(**{"Numero": 1, "Fecha": date(2025, 7, 15), "Importe": 100, **said})


def resultado(**said):
    good = {"Codigo": "00", "Descripcion": "x", "Severidad": 0, "Duplicado": False, "IdMensaje": "M", "FechaHora": NOON}
    return parts.Resultado(**{**good, **said})


def written(message, name):
    root = etree.fromstring(encode(type(message), "x", message))
    return root.findtext(f"{{{g.NS}}}{name}")


@pytest.mark.parametrize(
    ("centavos", "text"),
    [(0, "0.00"), (5, "0.05"), (150050, "1500.50"), (10**14 - 1, "999999999999.99")],
)
def test_an_importe_is_written_in_pesos_with_two_decimals(centavos, text):
    assert written(vencimiento(Importe=centavos), "Importe") == text


@pytest.mark.parametrize("importe", [-1, 10**14, 1.5, True, "1.00", Decimal("1.00"), Decimal("NaN")])
def test_an_importe_that_the_contract_does_not_allow_is_not_written(importe):
    with pytest.raises(CodecError) as broken:
        encode(parts.Vencimiento, "x", vencimiento(Importe=importe))
    assert broken.value.campo == "Importe"


BAD = [
    (vencimiento(Numero=0), "Numero"),
    (vencimiento(Numero=4), "Numero"),
    (vencimiento(Numero="1"), "Numero"),
    (vencimiento(Numero=1.5), "Numero"),
    (vencimiento(Numero=None), "Numero"),
    (vencimiento(Importe=1.5), "Importe"),
    (vencimiento(Importe="1.50"), "Importe"),
    (vencimiento(Fecha="2025-07-15"), "Fecha"),
    (vencimiento(Fecha=None), "Fecha"),
    (resultado(IdMensaje=""), "IdMensaje"),
    (resultado(IdMensaje="M" * 37), "IdMensaje"),
    (resultado(IdMensaje=" M"), "IdMensaje"),
    (resultado(IdMensaje="M&M"), "IdMensaje"),
    (resultado(IdMensaje="M<M"), "IdMensaje"),
    (resultado(IdMensaje="Ñ"), "IdMensaje"),
    (resultado(IdMensaje=5), "IdMensaje"),
    (resultado(Duplicado="no"), "Duplicado"),
    (resultado(FechaHora="2025-07-15T12:00:00"), "FechaHora"),
    (resultado(FechaHora=date(2025, 7, 15)), "FechaHora"),
    (resultado(Severidad=2**31), "Severidad"),
    (parts.Cabecera(CodigoEmpresa="demo", IdMensaje="M", FechaHora=NOON), "CodigoEmpresa"),
    (parts.Confirmacion(IdAviso="A", Estado="QUIZAS"), "Estado"),
    (parts.Vencimientos(Vencimiento=[]), "Vencimiento"),
    (parts.Vencimientos(Vencimiento=[vencimiento()] * 4), "Vencimiento"),
    (parts.Facturas(Factura=[None]), "Factura"),
    (pagomiscuentas.RespuestaConsultaDeuda(Resultado=None), "Resultado"),
]


@pytest.mark.parametrize(("message", "campo"), BAD, ids=lambda x: x if isinstance(x, str) else "")
def test_a_value_that_its_element_does_not_allow_is_not_written_and_the_element_is_named(message, campo):
    with pytest.raises(CodecError) as broken:
        encode(type(message), "x", message)
    assert broken.value.campo == campo


def test_a_list_without_items_is_an_empty_container():
    assert encode(parts.Facturas, "Facturas", parts.Facturas(Factura=[])) == f'<Facturas xmlns="{g.NS}"></Facturas>'


def test_an_optional_element_that_is_absent_is_left_out():
    assert "Campo" not in encode(parts.Falla, "Falla", parts.Falla(Codigo="x", IdPedido="x", QueHacer="x"))


# Text ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a & b", "<b>", "]]>", "a\r\nb", "\t", " x ", "'\"", "&amp;", "Ñ 中 😀"])
def test_free_text_comes_back_as_it_went(text):
    assert written(resultado(Descripcion=text), "Descripcion") == text


@pytest.mark.parametrize("character", ["\0", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_does_not_have_is_written_as_a_space(character):
    assert written(resultado(Descripcion=f"a{character}b"), "Descripcion") == "a b"


# Days and instants --------------------------------------------------------------------------------------------------


def read(name, text):
    fields = {"Numero": "1", "Fecha": "2025-07-15", "Importe": "1.00", name: text}
    inner = "".join(f"<{field}>{said}</{field}>" for field, said in fields.items())
    return getattr(decode(parts.Vencimiento, etree.fromstring(f'<x xmlns="{g.NS}">{inner}</x>')), name)


@pytest.mark.parametrize("text", ["2025-07-15", "2025-07-15Z", "2025-07-15-03:00", "2025-07-15+14:00", " 2025-07-15\n"])
def test_a_day_is_cut_from_its_offset_and_never_converted(text):
    assert read("Fecha", text) == date(2025, 7, 15)


@pytest.mark.parametrize("text", ["10000-01-01", "-2025-07-15", "12025-07-15"])
def test_a_day_beyond_the_calendar_is_refused_with_its_name(text):
    with pytest.raises(CodecError) as broken:
        read("Fecha", text)
    assert broken.value.campo == "Fecha"


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("1500.50", 150050),
        ("1500.5", 150050),
        ("+1500.50", 150050),
        (" 1500.50 ", 150050),
        (".5", 50),
        ("5.", 500),
        ("007", 700),
        ("-0.00", 0),
        ("0000000000000001.00", 100),
        ("999999999999.99", 10**14 - 1),
    ],
)
def test_an_importe_is_read_in_centavos_in_each_form_that_the_schema_admits(text, centavos):
    assert read("Importe", text) == centavos


def moment(text):
    cabecera = f"<CodigoEmpresa>DEMO</CodigoEmpresa><IdMensaje>M</IdMensaje><FechaHora>{text}</FechaHora>"
    return decode(parts.Cabecera, etree.fromstring(f'<x xmlns="{g.NS}">{cabecera}</x>')).FechaHora


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-15T12:00:00",
        "2025-07-15T12:00:00-03:00",
        "2025-07-15T15:00:00Z",
        "2025-07-15T15:00:00.000Z",
        "2025-07-15T20:30:00+05:30",
        " 2025-07-15T12:00:00 ",
    ],
)
def test_an_instant_has_an_offset_or_is_argentine(text):
    assert moment(text) == NOON


@pytest.mark.parametrize(
    "text", ["2025-07-15T24:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59"]
)
def test_an_instant_that_no_clock_shows_is_refused_with_its_name(text):
    with pytest.raises(CodecError) as broken:
        moment(text)
    assert broken.value.campo == "FechaHora"


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (NOON, "2025-07-15T12:00:00-03:00"),
        (NOON.astimezone(timezone(timedelta(hours=9))), "2025-07-15T12:00:00-03:00"),
        (NOON.replace(microsecond=999999), "2025-07-15T12:00:00-03:00"),
        (datetime(2025, 7, 15, 12, 0), "2025-07-15T12:00:00-03:00"),  # noqa: DTZ001 — naive is what it shows
        (datetime(2008, 1, 15, 12, 0, tzinfo=UTC), "2008-01-15T09:00:00-03:00"),
        (datetime(1900, 1, 1, 12, 0, tzinfo=UTC), "1900-01-01T09:00:00-03:00"),
    ],
)
def test_an_instant_goes_out_at_minus_three_whatever_its_own_offset_and_year(instant, text):
    assert written(resultado(FechaHora=instant), "FechaHora") == text


# What is left out ---------------------------------------------------------------------------------------------------


def test_an_optional_text_that_comes_empty_counts_as_absent(gateway):
    said = {**g.VALID["AltaFactura"], "NombreCliente": ""}
    assert gateway.ask("AltaFactura", **said).codigo == "00"
    assert gateway.ask("ConsultaDeuda", IdCliente=said["IdCliente"]).said("NombreCliente") is None


def test_a_required_text_may_come_empty():
    eco = etree.fromstring(f'<Eco xmlns="{g.NS}"><Mensaje/></Eco>')
    assert decode(pagomiscuentas.Eco, eco).Mensaje == ""


def test_comments_and_cdata_are_text(gateway):
    answer = gateway.ask("Eco", Mensaje="uno <!-- dos --><![CDATA[<tres>]]> cuatro")
    assert answer.said("Mensaje") == "uno <tres> cuatro"


def test_each_builtin_of_the_contract_is_known_by_name():
    assert builtin_of(w.Importe) == "decimal"
    assert builtin_of(empresa.AltaFactura._type_info["MensajePantalla"]) == "string"  # noqa: SLF001 — spyne's own table
