"""What leaves the consola as a file: all rows, in flat memory, and written down who took it."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from flask import Response, abort, request

from pmc_soap.domain.acta import Accion, Acta
from pmc_soap.web.consola.acceso import usuario
from pmc_soap.web.consola.casa import Casa

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_PIECE = 64 * 1024


class Escribir(Protocol):
    """Writes a report to a file of bytes."""

    def __call__(self, formato: str) -> BinaryIO:
        """Give a file that holds it whole, at its beginning; it is nobody else's."""


def send(casa: Casa, nombre: str, escribir: Escribir, codigo_empresa: str = "") -> Response:
    """Send a report as the file that ?formato= asks for; the ledger is closed before the first byte leaves."""
    formato = request.args.get("formato", "xlsx")
    if formato not in MEDIA:
        abort(400)
    file = escribir(formato)
    casa.note(
        Acta(
            fecha_hora_utc=casa.clock.now(),
            operador=usuario().usuario,
            accion=Accion.EXPORTACION,
            codigo_empresa=codigo_empresa,
            motivo="",
            antes={},
            despues={"informe": f"{nombre}.{formato}"},
        )
    )
    return attachment(file, f"{nombre}.{formato}", MEDIA[formato])


def attachment(file: BinaryIO, name: str, media: str) -> Response:
    """Send a file of bytes under that name."""
    file.seek(0, 2)
    length = file.tell()
    file.seek(0)
    response = Response(_pieces(file), content_type=media)
    response.headers["Content-Length"] = str(length)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.call_on_close(file.close)
    return response


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
