"""Which characters come in: the charsets of old callers with their accents right, and no others (edge.md §2, row 5)."""

import codecs

import gateway as g
import pytest

MENSAJE = "Ñandú, pingüino, ¿año? ¡sí!"
UTF_16 = [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
EN_WINDOWS = "Ñandú “entre comillas” – 100 €"


@pytest.fixture(scope="module")
def shared(world, tmp_path_factory):
    with g.gateway_on(world, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


def eco(mensaje, declared=None):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return declaration + g.sobre(f'<Eco xmlns="{g.NS}"><Mensaje>{mensaje}</Mensaje></Eco>').decode()


def send(gateway, body, charset=None):
    return gateway.post(g.PMC, body, {"Content-Type": f"text/xml; charset={charset}" if charset else "text/xml"})


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8", "iso-8859-1", "ISO-8859-1", "windows-1252"])
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1"])
def test_the_charset_of_the_http_header_wins_over_the_declaration(shared, charset, declared):
    answer = send(shared, eco(MENSAJE, declared).encode(charset.strip('"')), charset)
    assert answer.said("Mensaje") == MENSAJE


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "ISO-8859-1", "windows-1252"])
def test_without_a_charset_in_the_header_the_declaration_counts(shared, declared):
    assert send(shared, eco(MENSAJE, declared).encode(declared)).said("Mensaje") == MENSAJE


def test_without_either_it_is_utf_8(shared):
    assert send(shared, eco(MENSAJE).encode()).said("Mensaje") == MENSAJE


def test_the_quotes_and_dashes_of_windows_arrive(shared):
    assert send(shared, eco(EN_WINDOWS).encode("cp1252"), "windows-1252").said("Mensaje") == EN_WINDOWS


@pytest.mark.parametrize(("bom", "encoding"), UTF_16)
@pytest.mark.parametrize("declared", [None, "utf-16", "utf-8"])
@pytest.mark.parametrize("charset", [None, "utf-16", "utf-8"])
def test_utf_16_with_a_bom_is_read_whatever_else_is_said(shared, bom, encoding, declared, charset):
    answer = send(shared, bom + eco(MENSAJE, declared).encode(encoding), charset)
    assert answer.said("Mensaje") == MENSAJE


@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1"])
def test_a_utf_8_bom_wins_over_the_charset(shared, charset):
    answer = send(shared, codecs.BOM_UTF8 + eco(MENSAJE, "utf-8").encode(), charset)
    assert answer.said("Mensaje") == MENSAJE


@pytest.mark.parametrize("blank", [b"\r\n", b"  \n\n"])
def test_blank_lines_before_the_document_are_skipped(shared, blank):
    assert send(shared, blank + eco(MENSAJE, "utf-8").encode()).said("Mensaje") == MENSAJE


def test_a_declaration_of_utf_16_in_single_bytes_is_an_old_clients_habit(shared):
    assert send(shared, eco(MENSAJE, "utf-16").encode()).said("Mensaje") == MENSAJE


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "utf-7", "utf-32", "shift_jis", "rot13", "hex", "ebcdic-cp-us", "x", "utf-8-sig"]
)
def test_any_other_charset_is_refused_before_anything_is_decoded(shared, charset):
    assert send(shared, eco("hola").encode(), charset).falla == "PMC-1010"
    assert send(shared, eco("hola", charset).encode()).falla == "PMC-1010"


@pytest.mark.parametrize("charset", ["utf-8", "us-ascii"])
def test_bytes_that_are_not_in_the_charset_are_no_xml(shared, charset):
    assert send(shared, eco(MENSAJE).encode("iso-8859-1"), charset).falla == "PMC-1001"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp037"])
def test_wide_bytes_without_a_word_on_them_get_a_fault_and_no_crash(shared, encoding):
    assert send(shared, eco("hola").encode(encoding)).falla in {None, "PMC-1001"}


UTF_7 = (
    '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a +AFsAPAAh-ENTITY b +ACI-x+ACIAPgBdAD4-'
    f'<soap:Envelope xmlns:soap="{g.ENVELOPE}"><soap:Body><Eco xmlns="{g.NS}"><Mensaje>hola</Mensaje></Eco>'
    "</soap:Body></soap:Envelope>"
)


@pytest.mark.parametrize("charset", [None, "utf-8"])
def test_a_doctype_hidden_in_utf_7_is_not_read(shared, charset):
    assert send(shared, UTF_7.encode(), charset).falla in {"PMC-1001", "PMC-1010"}


@pytest.mark.parametrize("parameter", ["charset*=utf-8''utf-8", "charset*=%00", "charset", "charset=", "charset=;;"])
def test_a_strange_charset_parameter_gets_an_answer(shared, parameter):
    answer = shared.post(g.PMC, eco("hola").encode(), {"Content-Type": f"text/xml; {parameter}"})
    assert answer.falla in {None, "PMC-1010"}
