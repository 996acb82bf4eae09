"""The published contract: two WSDLs and one XSD, written from the messages, committed, and served as committed.

Spyne's own WSDL is not served: it inlines copies of types, names parts and prefixes as no legacy stack expects, and
takes its address from whoever calls first (interop.md, edge.md §2). The text is the same on every Python.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

from pmc_soap.soap.messages.parts import Falla
from pmc_soap.soap.service import Empresa, PagoMisCuentas
from pmc_soap.soap.wsdl import COMMITTED_ADDRESS, Port, write_wsdl
from pmc_soap.soap.xsd import types_of, write_schema

XSD_FILE = "pmc.xsd"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_FOLDER = "contrato"

PORTS = (Port(PagoMisCuentas, "pagomiscuentas.wsdl"), Port(Empresa, "empresa.wsdl"))


def committed(file: str) -> bytes:
    """Read a file of the contract as it was committed (or packed with the installation)."""
    return (files("pmc_soap.soap") / _FOLDER / file).read_bytes()


def served(port: Port, public_url: str) -> bytes:
    """Give the committed WSDL with the address of this installation; a caller's Host never enters it."""
    address = escape((public_url or COMMITTED_ADDRESS).rstrip("/"), {'"': "&quot;"})
    return committed(port.file).replace(COMMITTED_ADDRESS.encode(), address.encode())


@cache
def written() -> dict[str, bytes]:
    """Write the whole contract from the messages: file name → bytes."""
    descriptors = [operation for port in PORTS for operation in port.operations]
    contract = {XSD_FILE: _HEAD + "\n".join(write_schema(descriptors)) + "\n"}
    for port in PORTS:
        contract[port.file] = _HEAD + "\n".join(write_wsdl(port)) + "\n"
    return {file: text.encode() for file, text in contract.items()}


def differences() -> list[str]:
    """Name the committed files that are not what the messages say; none at a healthy boot."""
    return [file for file, text in written().items() if committed(file) != text]


def write() -> list[Path]:
    """Write the contract where it is committed; only a source checkout can."""
    folder = Path(str(files("pmc_soap.soap") / _FOLDER)).resolve()
    paths = [folder / file for file in written()]
    for path in paths:
        path.write_bytes(written()[path.name])
    return paths


@cache
def operation_names() -> frozenset[str]:
    """Name every operation of both ports."""
    return frozenset(op.in_message.get_type_name() for port in PORTS for op in port.operations)


@cache
def element_names() -> frozenset[str]:
    """Name every element of the contract."""
    wrappers = [op.in_message for port in PORTS for op in port.operations] + [Falla]
    _, data = types_of(wrappers)
    return frozenset(name for message in [*wrappers, *data] for name in [message.get_type_name(), *message._type_info])  # noqa: SLF001
