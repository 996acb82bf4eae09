"""What is kept of a document holds no secret, however it was written; and it can always be shown."""

import gateway as g
import pytest

from pmc_soap.soap.presentacion import present
from pmc_soap.soap.secretos import CON_DTD, without_secrets, without_token

S = "s3cr3t-Xq7"
WRITTEN = {
    "plain": f"<Token>{S}</Token>",
    "a prefix and attributes": f"<a:Token x='{S}'>{S}</a:Token>",
    "CDATA": f"<Token><![CDATA[{S}</Token>{S}]]></Token>",
    "a comment in it": f"<Token>s<!-- </Token> -->{S}</Token>",
    "a comment": f"<!-- <Token>{S}</Token> -->",
    "WS-Security": f"<w:UsernameToken><w:Username>u</w:Username><w:Password T='x'>{S}</w:Password>"
    f"<w:Nonce>{S}</w:Nonce></w:UsernameToken>",
    "no child of UsernameToken": f"<UsernameToken> {S}</UsernameToken>",
    "a certificate": f"<BinarySecurityToken>{S}</BinarySecurityToken>",
    "cut off": f"<Token>{S}",
    "an attribute": f"<x token='{S}'/>",
    "an attribute of an empty element": f"<Token value='{S}'/>",
    "an attribute that looks like an end": f"<token a='>{S}'>{S}</token>",
    "JSON": f'{{"token": "{S}", "b": 1}}',
    "a form": f"token={S}&b=1",
    "headers": f"Authorization: Basic {S}\r\nb: 1",
    "XML as text": f"<x>&lt;Token&gt;{S}&lt;/Token&gt;</x>",
    "a child of it": f"<Token><x>{S}</x></Token>",
    "a word of people": f"<clave>{S}</clave><Contraseña>{S}</Contraseña>",
    "an entity": f"<!DOCTYPE a [<!ENTITY e '{S}'>]><Token>&e;</Token>",
}


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("written", WRITTEN)
def test_no_secret_is_kept(written, charset):
    document = f"<a>{WRITTEN[written]}<b>what is none</b></a>".encode(charset)
    assert S.encode() not in without_secrets(document)
    assert S.encode() not in without_secrets(document, charset)


@pytest.mark.parametrize("written", ["plain", "CDATA", "a comment in it"])
def test_no_way_to_write_a_good_request_has_its_token_kept(written):
    header = f"<s:Header><w:Password>{S}</w:Password></s:Header>"
    assert S.encode() not in without_token(f"<a>{header if written == 'plain' else ''}{WRITTEN[written]}</a>".encode())


@pytest.mark.parametrize("written", set(WRITTEN) - {"cut off", "an entity", "JSON", "a form", "headers"})
def test_what_is_no_secret_stays(written):
    assert b"<b>what is none</b>" in without_secrets(f"<a>{WRITTEN[written]}<b>what is none</b></a>".encode())


def test_nothing_is_kept_of_a_document_with_a_dtd():
    assert without_secrets(WRITTEN["an entity"].encode()) == CON_DTD.encode()


def test_the_token_of_a_good_request_is_masked_and_all_else_is_as_it_was():
    for operation, said in g.VALID.items():
        if operation != "Eco":
            masked = without_token(g.pedido(operation, token=S, **said))
            assert masked == g.pedido(operation, token="***", **said)
            assert without_secrets(g.pedido(operation, token=S, **said)) == masked


def test_a_document_is_shown_with_indents_and_names_only_to_who_may_see_them():
    document = b"<a><NombreCliente>Ana</NombreCliente><p:CuitCliente>20553616825</p:CuitCliente><n/><b>1 &lt; 2</b></a>"
    assert present(document, con_datos_personales=True).splitlines() == [
        "<a>",
        "  <NombreCliente>Ana</NombreCliente>",
        "  <p:CuitCliente>20553616825</p:CuitCliente>",
        "  <n/>",
        "  <b>1 &lt; 2</b>",
        "</a>",
    ]
    masked = present(document, con_datos_personales=False)
    assert "Ana" not in masked
    assert "20553616825" not in masked
    assert "<NombreCliente>***</NombreCliente>" in masked


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\xff\xfe\x00<",
        b"no XML & more",
        b"</a></a></a>",
        b"<" * 9_000,
        b"<!--" * 9_000,
        b"<a>" * 9_000,
        b"<a\n<b",
    ],
)
def test_whatever_was_kept_can_be_shown(garbage):
    for con_datos_personales in (True, False):
        shown = present(without_secrets(garbage), con_datos_personales=con_datos_personales)
        assert "\x00" not in shown
    assert present(b"no XML", con_datos_personales=False) == "no XML"
