"""Our contract's messages to an empresa's own system, written and read with zeep; whoever calls sends them himself.

The contract is the packaged one: that of the other side is never fetched. zeep is loaded at the first message, since
only who has such an empresa needs it; threads may share the messages.
"""

import logging
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from threading import Lock
from typing import Any

from lxml import etree

_NAMESPACE = "urn:pmc-soap:v1"
_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_BINDING = f"{{{_NAMESPACE}}}PagoMisCuentasBinding"
_WSDL = files("pmc_soap") / "soap" / "contrato" / "pagomiscuentas.wsdl"


class MensajesErp:
    """The requests and answers of pagomiscuentas.wsdl."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loaded: Any = None

    def write(self, operation: str, said: Mapping[str, object]) -> tuple[bytes, dict[str, str]]:
        """Write a request, and the HTTP headers that go with it; raises ValueError if the contract has no place."""
        from zeep.exceptions import Error  # noqa: PLC0415 — see above

        try:
            message = self._binding.get(operation).create(**{k: v for k, v in said.items() if v is not None})
        except (Error, TypeError) as error:
            raise ValueError(operation) from error
        body: bytes = etree.tostring(message.content, encoding="utf-8", xml_declaration=True)
        return body, {"Content-Type": "text/xml; charset=utf-8", **message.headers}

    def read(self, operation: str, cuerpo: bytes) -> dict[str, Any]:
        """Read an answer as plain dicts, or {"Fault": its faultcode}; raises ValueError if it is not ours."""
        from zeep.exceptions import Error  # noqa: PLC0415 — see above

        try:
            answer = _read(self._binding, operation, cuerpo)
        except (Error, etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
            raise ValueError(operation) from error
        if not isinstance(answer, dict):
            raise ValueError(operation)  # noqa: TRY004 — the answer's fault, not the caller's
        return answer

    @property
    def _binding(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load()
            return self._loaded


def _load() -> Any:
    import zeep  # noqa: PLC0415 — see above

    # It logs each value that it cannot read, and those are a cliente's.
    logging.getLogger("zeep.xsd.types.simple").setLevel(logging.CRITICAL)
    settings = zeep.Settings(
        strict=True, xml_huge_tree=False, forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    client = zeep.Client(BytesIO(_WSDL.read_bytes()), settings=settings)
    return client.wsdl.bindings[_BINDING]


def _read(binding: Any, operation: str, cuerpo: Any) -> Any:
    from zeep.helpers import serialize_object  # noqa: PLC0415 — see above
    from zeep.loader import parse_xml  # noqa: PLC0415

    envelope = parse_xml(cuerpo, None, settings=binding.wsdl.settings)
    [said] = envelope.findall(f"{_SOAP}Body/*")
    if said.tag == f"{_SOAP}Fault":
        # "soap:Client.Authentication" is a Client's
        return {"Fault": (said.findtext("faultcode") or "").strip().rpartition(":")[2].partition(".")[0]}
    if envelope.tag != f"{_SOAP}Envelope" or said.tag != f"{{{_NAMESPACE}}}{operation}Response":
        raise ValueError(operation)
    return serialize_object(binding.get(operation).process_reply(envelope), dict)
