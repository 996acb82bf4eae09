"""Takes the secrets out of a document before it is kept: what the element or the attribute is called decides.

It reads no XML: what is to be kept may be none. It masks too much rather than too little, and takes time that grows
with the length only. A document with a DTD could hide anything: nothing of it is kept.
"""

import re

MASK = "***"
CON_DTD = "(El documento traía una DTD: no se guardó.)"
_NAMES = "token|passw|pwd|clave|contrase|nonce|digest|secret|signature|authoriz|autoriz|credenc|credential|apikey"
_NAME = rf"[\w.:-]{{0,100}}?(?:{_NAMES})[\w.-]{{0,100}}"
_CONTAINER = r"(?![\w.-]{0,100}:?(?:UsernameToken|SecurityTokenReference)[\s/>])"  # what is in it has names of its own
_INSIDE = r"(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(?!</\1[\s>]).)*"
_FLAGS = re.IGNORECASE | re.DOTALL
_ELEMENT = re.compile(rf"<{_CONTAINER}({_NAME})(?:\s[^<>]*)?(?:(?<=/)>|(?<!/)>{_INSIDE})", _FLAGS)
_TEXT_OF_CONTAINER = re.compile(r"(<[\w.-]{0,100}:?UsernameToken(?:\s[^<>]*)?(?<!/)>)\s*[^<\s][^<]*", _FLAGS)
_ESCAPED = re.compile(rf"&lt;({_NAME})\b[^<&]{{0,1000}}&gt;(?:(?!&lt;/\1).)*", _FLAGS)
# an attribute, a member of JSON, a field of a form, a header
_SAID = re.compile(
    rf"((?:{_NAMES})[\w.-]{{0,40}}[\"']?\s{{0,20}}[=:]\s{{0,20}})"
    r"(?:\"[^\"<>]*\"?|'[^'<>]*'?|(?:basic|bearer|digest)\s[^\r\n<>]*|[^\s&<>\"',;]+)",
    _FLAGS,
)
_TOKEN = re.compile(rb"(Token(?:\s[^<>]*)?>\s*)[^\s<][^<]*")
_NOT_PLAIN = re.compile(rb"<!|Header|\0")
_DTD = re.compile("<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def without_secrets(document: bytes, charset: str | None = None) -> bytes:
    """Give a document in UTF-8 with every secret masked; never fails."""
    text = _decode(document, charset)
    if _DTD.search(text):
        return CON_DTD.encode()
    text = _ELEMENT.sub(lambda found: f"<{found[1]}/>" if found[0].endswith("/>") else f"<{found[1]}>{MASK}", text)
    text = _TEXT_OF_CONTAINER.sub(rf"\1{MASK}", text)
    text = _ESCAPED.sub(rf"&lt;\1&gt;{MASK}", text)
    return _SAID.sub(rf"\1{MASK}", text).encode("utf-8", "replace")


def without_token(document: bytes, charset: str | None = None) -> bytes:
    """Mask the Token of a request that keeps to the contract, which has no other place for a secret but a Header.

    It costs a tenth of without_secrets, and whatever is not plain is left to that.
    """
    if charset not in {None, "utf-8"} or _NOT_PLAIN.search(document):
        return without_secrets(document, charset)
    return _TOKEN.sub(rb"\1***", document)


def _decode(document: bytes, charset: str | None) -> str:
    """Read it as text; of what has two or four bytes a character, as much as is ASCII."""
    if b"\0" in document:
        return document.replace(b"\0", b"").decode("latin-1")
    try:
        return document.decode(charset or "utf-8", "replace")
    except LookupError:
        return document.decode("latin-1")
