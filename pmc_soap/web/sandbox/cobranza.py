"""The COB of today: what PMC would send of the pagos that were made here, for the consola to be conciliated with."""

from flask import Blueprint, Response, abort, request

from pmc_soap.web.sandbox.puertas import Sandbox

TEXTO = "text/plain; charset=us-ascii"


def add(pages: Blueprint, sandbox: Sandbox) -> None:
    """Add the file."""

    @pages.get("/cob")
    def cobranza_bajar() -> Response:
        if sandbox.cobranza is None:
            abort(404)
        nombre, data = sandbox.cobranza(request.args.get("sorpresas") == "1")
        return Response(data, content_type=TEXTO, headers={"Content-Disposition": f'attachment; filename="{nombre}"'})
